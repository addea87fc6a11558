import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { roleNames } from '../auth/permissions.ts'
import type { RoleName } from '../auth/scope.ts'
import { pageTypeOf } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { TokenRow } from './api-tokens.store.ts'

export const Role = enumOf('Role', roleNames, 'What somebody may do; docs/permissions.md has the whole table.', {
  ADMIN: 'Everything, access and the audit log included.',
  OPERATOR: 'The work of the warehouse: everything but access and the audit log.',
  CUSTOMER: 'A merchant: sees their own, asks for connections, authorizes them, chooses who is told.',
  VIEWER: 'Sees, and changes nothing; buyers are redacted.',
})

@ObjectType({ simpleResolvers: true, description: 'Who asks.' })
export class Viewer {
  @Field(() => String, { description: 'As histories show them.' })
  name!: string

  @Field(() => Role, { description: 'What they may do.' })
  role!: RoleName
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A bearer token. The token itself is shown once, when it is made, and kept as a hash.' })
export class ApiToken {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'Whose it is: what histories show.' })
  name!: string

  @Field(() => Role, { description: 'What it may do.' })
  role!: RoleName

  @Field(() => String, { description: 'Its first characters, to tell tokens apart by.' })
  prefix!: string

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date

  @Field(() => String, { nullable: true, description: 'Who made it.' })
  createdBy!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was used last, to the minute; null where it never was.' })
  lastUsedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null: never.' })
  expiresAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked.' })
  revokedAt!: Date | null
}

export const ApiTokenPage = pageTypeOf(ApiToken, 'ApiToken')

@InputType()
export class CreateApiTokenInput {
  @Field(() => String, { description: 'Whose it is: what histories show. 1 to 100 characters.' })
  name!: string

  @Field(() => Role, { description: 'What it may do.' })
  role!: RoleName

  @Field(() => [ID], { nullable: true, description: "Whose rows alone it shows: a CUSTOMER's must be given, a VIEWER's may. Everybody's if left out." })
  customerIds?: string[] | null

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself. Never if left out.' })
  expiresAt?: Date | null
}

@ObjectType({ simpleResolvers: true })
export class CreateApiTokenPayload {
  @Field(() => ApiToken, { nullable: true, description: 'What was made.' })
  apiToken!: TokenRow | null

  @Field(() => String, { nullable: true, description: 'The token, shown this once.' })
  token!: string | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@InputType()
export class RevokeApiTokenInput {
  @Field(() => ID)
  id!: string
}

@ObjectType({ simpleResolvers: true })
export class RevokeApiTokenPayload {
  @Field(() => ApiToken, { nullable: true, description: 'What was revoked: no request, socket or stream goes on with it.' })
  apiToken!: TokenRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
