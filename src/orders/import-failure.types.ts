import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { JobRun } from '../connections/job-run.types.ts'
import { pageTypeOf } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import { importFailureCodes, type ImportFailureCode as Code, importFailureStates, type ImportFailureState as State, skipReasons, type SkipReason as Skip } from './import-codes.ts'
import type { ImportFailureRow } from './import-failures.store.ts'
import { Order } from './order.types.ts'

export const ImportFailureState = enumOf('ImportFailureState', importFailureStates)
export const ImportFailureCode = enumOf('ImportFailureCode', importFailureCodes)
export const SkipReason = enumOf('SkipReason', skipReasons)
export const OrderTraceState = enumOf('OrderTraceState', ['IMPORTED', 'SKIPPED', 'FAILED', 'NEVER_SEEN'])

/** Its source is an ImportFailureRow. */
@ObjectType({ implements: Node, simpleResolvers: true, description: 'An order that could not be imported; it waits, quarantined, until mended or dismissed. It never stops other orders.' })
export class ImportFailure {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: "The marketplace's order number." })
  number!: string

  @Field(() => ImportFailureState)
  state!: State

  @Field(() => ImportFailureCode)
  code!: Code

  @Field(() => String)
  message!: string

  @Field(() => String, { nullable: true, description: 'How it is mended; of a dismissed one, the note of who dismissed it.' })
  detail!: string | null

  @Field(() => DateTime)
  firstFailedAt!: Date

  @Field(() => DateTime)
  lastFailedAt!: Date

  @Field(() => Int)
  attempts!: number
}
export interface ImportFailure extends ImportFailureRow {}

export const ImportFailurePage = pageTypeOf(ImportFailure, 'ImportFailure')

@InputType()
export class ImportFailureFilter {
  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [ImportFailureState], { nullable: true })
  states?: State[] | null

  @Field(() => [ImportFailureCode], { nullable: true })
  codes?: Code[] | null
}

@InputType({ description: 'The failures named, or the open ones of a connection and codes; at most 500 a call.' })
export class RetryImportsInput {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => [ID], { nullable: true })
  failureIds?: string[] | null

  @Field(() => [ImportFailureCode], { nullable: true })
  codes?: Code[] | null
}

@InputType()
export class DismissImportFailuresInput {
  @Field(() => [ID])
  failureIds!: string[]

  @Field(() => String)
  note!: string
}

@ObjectType({ simpleResolvers: true })
export class RetryImportsPayload {
  @Field(() => [ImportFailure])
  resolved!: ImportFailure[]

  @Field(() => [ImportFailure])
  stillFailing!: ImportFailure[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true })
export class DismissImportFailuresPayload {
  @Field(() => [ImportFailure])
  dismissed!: ImportFailure[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true, description: 'Where a marketplace order is, also one that was skipped, has failed, or was never seen.' })
export class OrderTrace {
  @Field(() => OrderTraceState)
  state!: 'IMPORTED' | 'SKIPPED' | 'FAILED' | 'NEVER_SEEN'

  @Field(() => Order, { nullable: true })
  order!: Order | null

  @Field(() => ImportFailure, { nullable: true })
  failure!: ImportFailure | null

  @Field(() => SkipReason, { nullable: true })
  skipReason!: Skip | null

  @Field(() => String, { nullable: true })
  marketplaceStatus!: string | null

  @Field(() => DateTime, { nullable: true })
  firstSeenAt!: Date | null

  @Field(() => DateTime, { nullable: true })
  lastSeenAt!: Date | null

  @Field(() => JobRun, { nullable: true, description: 'The run that saw it last.' })
  lastRun!: JobRun | null
}

@InputType()
export class ImportOrderInput {
  @Field(() => ID)
  connectionId!: string

  @Field(() => String, { description: "The marketplace's order number." })
  number!: string
}

@ObjectType({ simpleResolvers: true })
export class ImportOrderPayload {
  @Field(() => OrderTrace, { nullable: true })
  trace!: OrderTrace | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
