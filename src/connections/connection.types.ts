import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ConnectionStatus as Status, SupportedAction as Action } from './connection.ts'
import type { ConnectionRow } from './connections.store.ts'

export const ConnectionStatus = enumOf('ConnectionStatus', ['ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION', 'DISCONNECTED'], undefined, {
  NEEDS_ATTENTION: 'Stopped until a person sets right what `statusReason` says, and resumes it.',
})
export const ConnectionOrder = enumOf('ConnectionOrder', ['NAME_ASC', 'CREATED_DESC'])

@ObjectType({ simpleResolvers: true, description: "What can be done with it now, and if not, why not: a button's state needs no rules of its own." })
export class SupportedAction implements Action {
  @Field(() => String)
  action!: string

  @Field(() => Boolean)
  allowed!: boolean

  @Field(() => String, { nullable: true })
  reason!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: "One customer's account on one marketplace, feeding one warehouse." })
export class Connection {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => String, { nullable: true, description: "Amazon's Merchant ID. Never a secret; the credentials themselves are never readable." })
  merchantId!: string | null

  @Field(() => ConnectionStatus)
  status!: Status

  @Field(() => String, { nullable: true })
  statusReason!: string | null

  @Field(() => Date)
  createdAt!: Date

  @Field(() => Int)
  version!: number
}

export const ConnectionPage = pageTypeOf(Connection, 'Connection')

@InputType()
export class ConnectionFilter {
  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  marketplaceIds?: string[] | null

  @Field(() => [ConnectionStatus], { nullable: true })
  statuses?: Status[] | null

  @Field(() => String, { nullable: true, description: 'A prefix of the name or Merchant ID.' })
  search?: string | null
}

@InputType()
export class ConnectionIdInput {
  @Field(() => ID)
  connectionId!: string
}

@InputType()
export class PauseConnectionInput {
  @Field(() => ID)
  connectionId!: string

  @Field(() => String)
  reason!: string
}

@ObjectType({ simpleResolvers: true })
export class ConnectionPayload {
  @Field(() => Connection, { nullable: true })
  connection!: ConnectionRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

export const connectionPayload = (result: { connection: ConnectionRow } | { refusals: Refusal[] }): ConnectionPayload =>
  'refusals' in result ? { connection: null, userErrors: result.refusals } : { connection: result.connection, userErrors: [] }
