import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ConnectionStatus as Status, SupportedAction as Action } from './connection.ts'
import type { ConnectionRow } from './connections.store.ts'

export const ConnectionStatus = enumOf('ConnectionStatus', ['ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION', 'DISCONNECTED'], 'Where a connection stands.', {
  ONBOARDING: 'Asked for, and not yet live: `supportedActions` says what is missing.',
  LIVE: 'Its jobs run.',
  PAUSED: 'Stopped by a person until it is resumed.',
  DISCONNECTED: 'Ended, its credentials destroyed; its orders stay.',
  NEEDS_ATTENTION: 'Stopped until a person sets right what `statusReason` says, and resumes it.',
})
export const ConnectionOrder = enumOf('ConnectionOrder', ['NAME_ASC', 'CREATED_DESC'], 'How connections are sorted.', {
  NAME_ASC: 'By name.',
  CREATED_DESC: 'The last asked for first.',
})

@ObjectType({ simpleResolvers: true, description: "What can be done with it now, and if not, why not: a button's state needs no rules of its own." })
export class SupportedAction implements Action {
  @Field(() => String, { description: 'Such as `goLive` of a connection, `shipAndClose` or `hold` of an order.' })
  action!: string

  @Field(() => Boolean, { description: 'Whether it would be taken now.' })
  allowed!: boolean

  @Field(() => String, { nullable: true, description: 'Why not, for people; null where it is allowed.' })
  reason!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: "One customer's account on one marketplace, feeding one warehouse." })
export class Connection {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'What people call it.' })
  name!: string

  @Field(() => String, { nullable: true, description: "Amazon's Merchant ID. Never a secret; the credentials themselves are never readable." })
  merchantId!: string | null

  @Field(() => ConnectionStatus, { description: 'Where it stands.' })
  status!: Status

  @Field(() => String, { nullable: true, description: 'Why it stands so, for people.' })
  statusReason!: string | null

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date

  @Field(() => Int)
  version!: number
}

export const ConnectionPage = pageTypeOf(Connection, 'Connection')

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class ConnectionFilter {
  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => [ID], { nullable: true, description: "The marketplaces' own ids." })
  marketplaceIds?: string[] | null

  @Field(() => [ConnectionStatus], { nullable: true, description: 'Any of these.' })
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

  @Field(() => String, { description: 'Why, shown as `statusReason`.' })
  reason!: string
}

@ObjectType({ simpleResolvers: true })
export class ConnectionPayload {
  @Field(() => Connection, { nullable: true, description: 'As it is now; null where it was refused.' })
  connection!: ConnectionRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

export const connectionPayload = (result: { connection: ConnectionRow } | { refusals: Refusal[] }): ConnectionPayload =>
  'refusals' in result ? { connection: null, userErrors: result.refusals } : { connection: result.connection, userErrors: [] }
