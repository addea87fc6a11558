import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { EmailAddress, URLScalar } from '../graphql/scalars.ts'
import { UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { AccountCheck } from '../marketplaces/channel.ts'
import { Connection } from './connection.types.ts'
import type { ConnectionRow } from './connections.store.ts'

@InputType({ description: 'The integration survey.' })
export class RequestConnectionsInput {
  @Field(() => ID, { description: 'The merchant whose connections they are.' })
  customerId!: string

  @Field(() => ID, { description: 'The warehouse that ships their orders.' })
  warehouseId!: string

  @Field(() => [ID], { description: "The marketplaces' own identifiers, e.g. ATVPDKIKX0DER: 1 to 50, each once." })
  marketplaceIds!: string[]

  @Field(() => String, { description: 'Whom to ask at the merchant.' })
  contactName!: string

  @Field(() => EmailAddress, { description: "That person's address." })
  contactEmail!: string

  @Field(() => String, { nullable: true, description: "The merchant's seller account, as they give it: then no other can be authorized. Left out, the authorization tells it." })
  merchantId?: string | null

  @Field(() => Int, { nullable: true, description: 'Of all the marketplaces together; 0 or more.' })
  expectedOrdersPerDay?: number | null

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Whether the marketplace is told what is in stock.' })
  inventorySync?: boolean | null

  @Field(() => Date, { nullable: true, description: 'Orders bought before this instant are skipped: now if left out, at most two years ago.' })
  importFrom?: Date | null

  @Field(() => String, { nullable: true, description: 'Whatever else the warehouse should know; at most 4000 characters.' })
  notes?: string | null
}

@ObjectType({ simpleResolvers: true })
export class RequestConnectionsPayload {
  @Field(() => [Connection], { description: 'One for each marketplace asked for, in that order; none where anything was refused.' })
  connections!: ConnectionRow[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@InputType()
export class BeginAuthorizationInput {
  @Field(() => ID, { description: 'One that is not disconnected.' })
  connectionId!: string
}

@ObjectType({ simpleResolvers: true })
export class BeginAuthorizationPayload {
  @Field(() => URLScalar, { nullable: true, description: 'For the seller to open, signed in as the account that is to be connected. Good once.' })
  authorizationUrl!: string | null

  @Field(() => Date, { nullable: true, description: 'Until then the seller must have consented.' })
  expiresAt!: Date | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@InputType()
export class ProvideCredentialsInput {
  @Field(() => ID, { description: 'One that is not disconnected.' })
  connectionId!: string

  @Field(() => String, { description: "The seller's own identifier, which Amazon calls Merchant ID or merchant token." })
  merchantId!: string

  @Field(() => String, { description: 'Kept encrypted, and shown to nobody again.' })
  refreshToken!: string
}

@ObjectType({ simpleResolvers: true, description: "One thing that a test of a connection's account looked at." })
export class ConnectionCheck implements AccountCheck {
  @Field(() => String, {
    description: 'TOKEN, MARKETPLACE and SELLER: without them it is no account to use. ORDERS_ROLE, PERSONAL_DATA_ROLE, LISTINGS_ROLE: rights that the jobs need.',
  })
  name!: AccountCheck['name']

  @Field(() => Boolean, { description: 'False also where it could not be looked at, as an earlier one failed.' })
  passed!: boolean

  @Field(() => String, { description: 'For people: what was found and, where it failed, what to do.' })
  message!: string
}

@ObjectType({ simpleResolvers: true })
export class TestConnectionPayload {
  @Field(() => Connection, { nullable: true, description: 'As it is now; null where it was refused.' })
  connection!: ConnectionRow | null

  @Field(() => [ConnectionCheck], { description: 'Each check once, passed or not; none where it could not be tested.' })
  checks!: AccountCheck[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
