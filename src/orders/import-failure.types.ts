import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { JobRun } from '../connections/job-run.types.ts'
import { pageTypeOf } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import { importFailureCodes, type ImportFailureCode as Code, importFailureStates, type ImportFailureState as State, skipReasons, type SkipReason as Skip } from './import-codes.ts'
import type { ImportFailureRow } from './import-failures.store.ts'
import { Order } from './order.types.ts'

export const ImportFailureState = enumOf('ImportFailureState', importFailureStates, 'Where a failed import stands.', {
  OPEN: 'It waits for a person.',
  RESOLVED: 'Imported after all.',
  DISMISSED: 'Set aside by a person.',
})
export const ImportFailureCode = enumOf('ImportFailureCode', importFailureCodes, 'Why an order could not be imported.', {
  SKU_UNMAPPED: 'A SKU has no mapping: `mapSkus`, then `retryImports`.',
  SHIPPING_SERVICE_UNMAPPED: 'Its shipping service has no mapping: `mapShippingServices`, then `retryImports`.',
  ADDRESS_MISSING: 'It came without an address.',
  ADDRESS_INVALID: 'Nothing can be sent to its address.',
  ITEM_WITHOUT_SKU: 'An item bears no SKU: the seller gives it one, then `importOrder`.',
  CURRENCY_UNKNOWN: 'Its currency is not known to ISO 4217.',
  MARKETPLACE_DATA_INVALID: 'What the marketplace sent cannot be read.',
  INTERNAL: 'A fault of ours: the log tells more.',
})
export const SkipReason = enumOf('SkipReason', skipReasons, 'Why a sighted order is not for the warehouse, or not yet.', {
  PAYMENT_PENDING: 'Its payment is not confirmed yet: an import takes it once it is.',
  FULFILLED_BY_MARKETPLACE: 'The marketplace ships it itself.',
  ALREADY_SHIPPED: 'It had been shipped when it was first seen.',
  CANCELLED: 'It had been cancelled when it was first seen.',
  BEFORE_IMPORT_FROM: "Bought before the connection's `importFrom`.",
  UNFULFILLABLE: 'The marketplace says that it cannot be fulfilled.',
})
export const OrderTraceState = enumOf('OrderTraceState', ['IMPORTED', 'SKIPPED', 'FAILED', 'NEVER_SEEN'], 'What became of a marketplace order.', {
  IMPORTED: 'It is an order here.',
  SKIPPED: 'Seen, and not for the warehouse, or not yet: `skipReason`.',
  FAILED: 'Seen, and could not be imported: `failure`.',
  NEVER_SEEN: 'No run has seen it; `importOrder` fetches it now.',
})

/** Its source is an ImportFailureRow. */
@ObjectType({ implements: Node, simpleResolvers: true, description: 'An order that could not be imported; it waits, quarantined, until mended or dismissed. It never stops other orders.' })
export class ImportFailure {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: "The marketplace's order number." })
  number!: string

  @Field(() => ImportFailureState, { description: 'Where it stands.' })
  state!: State

  @Field(() => ImportFailureCode, { description: 'Why, for programs.' })
  code!: Code

  @Field(() => String, { description: 'Why, for people.' })
  message!: string

  @Field(() => String, { nullable: true, description: 'How it is mended; of a dismissed one, the note of who dismissed it.' })
  detail!: string | null

  @Field(() => DateTime, { description: 'When it failed first.' })
  firstFailedAt!: Date

  @Field(() => DateTime, { description: 'When it failed last.' })
  lastFailedAt!: Date

  @Field(() => Int, { description: 'How often its import was tried.' })
  attempts!: number
}
export interface ImportFailure extends ImportFailureRow {}

export const ImportFailurePage = pageTypeOf(ImportFailure, 'ImportFailure')

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class ImportFailureFilter {
  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [ImportFailureState], { nullable: true, description: 'Any of these.' })
  states?: State[] | null

  @Field(() => [ImportFailureCode], { nullable: true, description: 'Any of these.' })
  codes?: Code[] | null
}

@InputType({ description: 'The failures named, or the open ones of a connection and codes; at most 500 a call.' })
export class RetryImportsInput {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => [ID], { nullable: true, description: 'At most 500.' })
  failureIds?: string[] | null

  @Field(() => [ImportFailureCode], { nullable: true, description: 'Any of these.' })
  codes?: Code[] | null
}

@InputType()
export class DismissImportFailuresInput {
  @Field(() => [ID], { description: '1 to 500.' })
  failureIds!: string[]

  @Field(() => String, { description: 'Why, for whoever looks at them later.' })
  note!: string
}

@ObjectType({ simpleResolvers: true })
export class RetryImportsPayload {
  @Field(() => [ImportFailure], { description: 'Imported now.' })
  resolved!: ImportFailure[]

  @Field(() => [ImportFailure], { description: 'Tried, and still waiting.' })
  stillFailing!: ImportFailure[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true })
export class DismissImportFailuresPayload {
  @Field(() => [ImportFailure], { description: 'As they are now; empty where any of them was refused.' })
  dismissed!: ImportFailure[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true, description: 'Where a marketplace order is, also one that was skipped, has failed, or was never seen.' })
export class OrderTrace {
  @Field(() => OrderTraceState, { description: 'What became of it.' })
  state!: 'IMPORTED' | 'SKIPPED' | 'FAILED' | 'NEVER_SEEN'

  @Field(() => Order, { nullable: true, description: 'Where IMPORTED, the order.' })
  order!: Order | null

  @Field(() => ImportFailure, { nullable: true, description: 'Where FAILED, why.' })
  failure!: ImportFailure | null

  @Field(() => SkipReason, { nullable: true, description: 'Where SKIPPED, why.' })
  skipReason!: Skip | null

  @Field(() => String, { nullable: true, description: "The marketplace's own view when last seen." })
  marketplaceStatus!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When a run saw it first.' })
  firstSeenAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When a run saw it last.' })
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
  @Field(() => OrderTrace, { nullable: true, description: 'Where the order is now; null where it was refused.' })
  trace!: OrderTrace | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
