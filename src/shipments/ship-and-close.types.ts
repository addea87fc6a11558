import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, MoneyType, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { Money } from '../kit/money.ts'
import { Charge, ChargeApplication, ChargeInput, Order, Routing, RoutingInput } from '../orders/order.types.ts'
import type { ChargeApplication as Application } from '../orders/charges.ts'
import type { ShipAndCloseInput as Call } from './plan.ts'
import { Shipment, WeightInput } from './shipment.types.ts'

export const BatchErrorPolicy = enumOf('BatchErrorPolicy', ['SKIP_FAILED', 'ABORT_ALL'], undefined, {
  SKIP_FAILED: 'Orders that are refused stay as they are; the others close.',
  ABORT_ALL: 'If one order is refused, none closes.',
})
export const IncompleteRoutingPolicy = enumOf(
  'IncompleteRoutingPolicy',
  ['REFUSE', 'CLOSE_WITHOUT_TRACKING'],
  'The marketplace rejects an update without carrier, SCAC and service, and needs a tracking number to mark the order complete.',
)

@InputType()
export class PackageLineInput {
  @Field(() => ID)
  orderLineId!: string

  @Field(() => Int, { description: 'Items, as the marketplace counts them.' })
  quantity!: number
}

@InputType()
export class PackageInput {
  @Field(() => String, { nullable: true, description: "A single package may leave it to the routing; of several, each needs its own." })
  trackingNumber?: string | null

  @Field(() => WeightInput, { nullable: true })
  weight?: WeightInput | null

  @Field(() => [PackageLineInput])
  lines!: PackageLineInput[]
}

@InputType()
export class ShipAndCloseOrderInput {
  @Field(() => ID)
  orderId!: string

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null

  @Field(() => RoutingInput, { nullable: true })
  routing?: RoutingInput | null

  @Field(() => [PackageInput], {
    nullable: true,
    description: 'Left out: everything still open, in one package. Given: one package each; what is not listed stays open and the order is not closed.',
  })
  packages?: PackageInput[] | null

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: "Ships although the buyer has asked to cancel; recorded with the viewer's name." })
  overrideCancelRequest?: boolean | null
}

@InputType()
export class ShipAndCloseInput {
  @Field(() => String, { description: "Repeating a call with the same key and input returns the first call's result and changes nothing more." })
  idempotencyKey!: string

  @Field(() => [ShipAndCloseOrderInput], { description: '1 to 500.' })
  orders!: ShipAndCloseOrderInput[]

  @Field(() => RoutingInput, {
    nullable: true,
    description: "For every order that does not bring its own; its fields fill the ones left out there, and an order's stored routing fills the rest.",
  })
  routing?: RoutingInput | null

  @Field(() => [ChargeInput], { nullable: true, description: 'In addition to all automatic and manual charges that the orders already bear.' })
  charges?: ChargeInput[] | null

  @Field(() => ChargeApplication, { nullable: true, defaultValue: 'SEPARATELY' })
  applyCharges?: Application | null

  @Field(() => BatchErrorPolicy, { nullable: true, defaultValue: 'SKIP_FAILED' })
  onError?: Call['onError'] | null

  @Field(() => IncompleteRoutingPolicy, { nullable: true, defaultValue: 'REFUSE' })
  incompleteRouting?: Call['incompleteRouting'] | null

  @Field(() => DateTime, { nullable: true, description: 'When the parcels left; now if left out.' })
  shippedAt?: Date | null
}

@ObjectType({ simpleResolvers: true })
export class ShipAndCloseResult {
  @Field(() => ID)
  orderId!: string

  orderUuid!: string | null
  shipmentUuids!: string[]
  chargeUuids!: string[]

  @Field(() => Order, { nullable: true, description: 'As it is now.' })
  order?: Order | null

  @Field(() => [Shipment], { description: 'Those that this call made.' })
  shipments?: Shipment[]

  @Field(() => [Charge], { description: 'Those that this call added.' })
  charges?: Charge[]

  @Field(() => [UserError])
  userErrors!: Refusal[]

  @Field(() => [UserError], { description: 'What may be a slip and stopped nothing.' })
  warnings!: Refusal[]
}

@ObjectType({ simpleResolvers: true })
export class ShipAndClosePayload {
  @Field(() => [ShipAndCloseResult])
  results!: ShipAndCloseResult[]

  @Field(() => Int)
  closed!: number

  @Field(() => Int)
  failed!: number

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true })
export class PlannedCharge {
  @Field(() => String)
  code!: string

  @Field(() => String, { nullable: true })
  description!: string | null

  @Field(() => MoneyType)
  amount!: Money
}

@ObjectType({ simpleResolvers: true })
export class ShipAndClosePreviewResult {
  @Field(() => ID)
  orderId!: string

  orderUuid!: string | null

  @Field(() => Order, { nullable: true })
  order?: Order | null

  @Field(() => Boolean, { description: 'False also where a part of it stays open.' })
  wouldClose!: boolean

  @Field(() => Routing)
  routing!: Routing

  @Field(() => [PlannedCharge])
  additionalCharges!: PlannedCharge[]

  @Field(() => MoneyType, { nullable: true, description: "All charges in the order's currency, those that it bears already included." })
  totalCharges!: Money | null

  @Field(() => [UserError])
  userErrors!: Refusal[]

  @Field(() => [UserError])
  warnings!: Refusal[]

  @Field(() => String, { nullable: true, description: 'As the marketplace would be sent it.' })
  marketplaceCarrierCode!: string | null
}

@ObjectType({ simpleResolvers: true })
export class ShipAndClosePreview {
  @Field(() => [ShipAndClosePreviewResult])
  results!: ShipAndClosePreviewResult[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
