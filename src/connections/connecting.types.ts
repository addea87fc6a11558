import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { URLScalar } from '../graphql/scalars.ts'
import { UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { AccountCheck } from '../marketplaces/channel.ts'
import { Connection } from './connection.types.ts'
import type { ConnectionRow } from './connections.store.ts'

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
