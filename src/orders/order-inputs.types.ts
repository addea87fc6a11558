import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { PageArguments } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { OrdersOrder } from './find-orders.ts'
import { Charge, ChargeApplication, ChargeInput, HoldReason, Order, OrderStatus, RoutingInput } from './order.types.ts'
import type { HoldReason as Hold, OrderStatus as Status } from './order.ts'

export const OrderOrder = enumOf('OrderOrder', ['IMPORTED_DESC', 'IMPORTED_ASC', 'PURCHASED_DESC', 'PURCHASED_ASC', 'SHIP_BY_ASC'])
export const TrackingStatus = enumOf(
  'TrackingStatus',
  ['PENDING', 'UNCONFIRMED', 'ACCEPTED', 'REJECTED', 'NOT_SENT'],
  'PENDING: waits for the next tracking update. UNCONFIRMED: sent, not yet read back. ACCEPTED: read back from the marketplace. REJECTED: a person must correct it. NOT_SENT: closed without tracking.',
)
export type TrackingStatusName = keyof typeof TrackingStatus

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class OrderFilter {
  @Field(() => String, { nullable: true, description: 'A prefix of an order number, SKU, tracking number or recipient; case is ignored.' })
  search?: string | null

  @Field(() => [OrderStatus], { nullable: true })
  statuses?: Status[] | null

  @Field(() => Boolean, { nullable: true })
  onHold?: boolean | null

  @Field(() => Boolean, { nullable: true })
  cancelRequested?: boolean | null

  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  warehouseIds?: string[] | null

  @Field(() => [ID], { nullable: true, description: "The marketplaces' own ids." })
  marketplaceIds?: string[] | null

  @Field(() => [TrackingStatus], { nullable: true })
  trackingStatuses?: TrackingStatusName[] | null

  @Field(() => String, { nullable: true, description: "A seller's or the warehouse's SKU, whole; case is ignored." })
  sku?: string | null

  @Field(() => DateTime, { nullable: true })
  purchasedFrom?: Date | null

  @Field(() => DateTime, { nullable: true })
  purchasedBefore?: Date | null

  @Field(() => DateTime, { nullable: true })
  importedFrom?: Date | null

  @Field(() => DateTime, { nullable: true })
  importedBefore?: Date | null

  @Field(() => DateTime, { nullable: true })
  shipByBefore?: Date | null
}

@ArgsType()
export class OrdersArguments extends PageArguments {
  @Field(() => OrderFilter, { nullable: true })
  filter?: OrderFilter | null

  @Field(() => OrderOrder, { nullable: true, description: 'IMPORTED_DESC if left out.' })
  orderBy?: OrdersOrder | null
}

@InputType()
export class OrderIdsInput {
  @Field(() => [ID], { description: '1 to 500.' })
  orderIds!: string[]
}

@InputType()
export class HoldOrdersInput extends OrderIdsInput {
  @Field(() => HoldReason)
  reason!: Hold

  @Field(() => String, { nullable: true })
  note?: string | null
}

@InputType()
export class CancelOrdersInput extends OrderIdsInput {
  @Field(() => String)
  reason!: string
}

@ObjectType({ simpleResolvers: true })
export class OrdersPayload {
  @Field(() => [Order], { description: 'The orders as they are now; empty where any of them was refused.' })
  orders!: Order[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@InputType()
export class UpdateRoutingInput extends OrderIdsInput {
  @Field(() => RoutingInput, { description: 'Fields left out stay; blank or null ones are cleared.' })
  routing!: RoutingInput
}

@InputType()
export class AddChargesInput extends OrderIdsInput {
  @Field(() => [ChargeInput])
  charges!: ChargeInput[]

  @Field(() => ChargeApplication, { nullable: true, defaultValue: 'SEPARATELY' })
  applyCharges?: keyof typeof ChargeApplication | null
}

@ObjectType({ simpleResolvers: true })
export class AddChargesPayload {
  @Field(() => [Charge], { description: 'Those that were added.' })
  charges!: Charge[]

  @Field(() => [Order])
  orders!: Order[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
