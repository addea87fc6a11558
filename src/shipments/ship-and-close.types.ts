import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, MoneyType, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { Money } from '../kit/money.ts'
import { Charge, ChargeApplication, ChargeInput, Order, Routing, RoutingInput } from '../orders/order.types.ts'
import type { ChargeApplication as Application } from '../orders/charges.ts'
import type { ShipAndCloseInput as Call } from './plan.ts'
import { Shipment, WeightInput } from './shipment.types.ts'

export const BatchErrorPolicy = enumOf('BatchErrorPolicy', ['SKIP_FAILED', 'ABORT_ALL'], 'What becomes of the other orders where one is refused.', {
  SKIP_FAILED: 'Orders that are refused stay as they are; the others close.',
  ABORT_ALL: 'If one order is refused, none closes.',
})
export const IncompleteRoutingPolicy = enumOf(
  'IncompleteRoutingPolicy',
  ['REFUSE', 'CLOSE_WITHOUT_TRACKING'],
  'The marketplace rejects an update without carrier, SCAC and service, and needs a tracking number to mark the order complete.',
  {
    REFUSE: 'An order whose routing lacks one of them is refused.',
    CLOSE_WITHOUT_TRACKING: 'It closes all the same; where something is missing, the marketplace is told nothing (NOT_SENT).',
  },
)

@InputType({ description: 'How much of a line goes into the package.' })
export class PackageLineInput {
  @Field(() => ID)
  orderLineId!: string

  @Field(() => Int, { description: 'Items, as the marketplace counts them.' })
  quantity!: number
}

@InputType({ description: 'What goes into one package.' })
export class PackageInput {
  @Field(() => String, { nullable: true, description: "A single package may leave it to the routing; of several, each needs its own." })
  trackingNumber?: string | null

  @Field(() => WeightInput, { nullable: true, description: 'With its packing.' })
  weight?: WeightInput | null

  @Field(() => [PackageLineInput], { description: 'Lines of the order, each once.' })
  lines!: PackageLineInput[]
}

@InputType({ description: 'One order to ship.' })
export class ShipAndCloseOrderInput {
  @Field(() => ID)
  orderId!: string

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null

  @Field(() => RoutingInput, { nullable: true, description: "Before the call's own, field by field." })
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

  @Field(() => ChargeApplication, { nullable: true, defaultValue: 'SEPARATELY', description: 'SEPARATELY if left out.' })
  applyCharges?: Application | null

  @Field(() => BatchErrorPolicy, { nullable: true, defaultValue: 'SKIP_FAILED', description: 'SKIP_FAILED if left out.' })
  onError?: Call['onError'] | null

  @Field(() => IncompleteRoutingPolicy, { nullable: true, defaultValue: 'REFUSE', description: 'REFUSE if left out.' })
  incompleteRouting?: Call['incompleteRouting'] | null

  @Field(() => DateTime, { nullable: true, description: 'When the parcels left; now if left out.' })
  shippedAt?: Date | null
}

@ObjectType({ simpleResolvers: true, description: 'What became of one order.' })
export class ShipAndCloseResult {
  @Field(() => ID, { description: 'As it was given.' })
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
  @Field(() => [ShipAndCloseResult], { description: 'One for each order, in the order given.' })
  results!: ShipAndCloseResult[]

  @Field(() => Int, { description: 'How many orders are closed now.' })
  closed!: number

  @Field(() => Int, { description: 'How many were refused.' })
  failed!: number

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true, description: 'A charge that ship-and-close would add.' })
export class PlannedCharge {
  @Field(() => String, { description: 'As given.' })
  code!: string

  @Field(() => String, { nullable: true, description: 'As given.' })
  description!: string | null

  @Field(() => MoneyType, { description: "This order's share, to the cent." })
  amount!: Money
}

@ObjectType({ simpleResolvers: true, description: 'What a call would do with one order.' })
export class ShipAndClosePreviewResult {
  @Field(() => ID, { description: 'As it was given.' })
  orderId!: string

  orderUuid!: string | null

  @Field(() => Order, { nullable: true, description: 'As it is now; null where there is none.' })
  order?: Order | null

  @Field(() => Boolean, { description: 'False also where a part of it stays open.' })
  wouldClose!: boolean

  @Field(() => Routing, { description: 'How it would travel, all sources put together.' })
  routing!: Routing

  @Field(() => [PlannedCharge], { description: 'What it would be charged.' })
  additionalCharges!: PlannedCharge[]

  @Field(() => MoneyType, { nullable: true, description: "All charges in the order's currency, those that it bears already included." })
  totalCharges!: Money | null

  @Field(() => [UserError])
  userErrors!: Refusal[]

  @Field(() => [UserError], { description: 'What may be a slip and would stop nothing.' })
  warnings!: Refusal[]

  @Field(() => String, { nullable: true, description: 'As the marketplace would be sent it.' })
  marketplaceCarrierCode!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'What a call would do.' })
export class ShipAndClosePreview {
  @Field(() => [ShipAndClosePreviewResult], { description: 'One for each order, in the order given.' })
  results!: ShipAndClosePreviewResult[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
