import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { PageArguments } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { OrdersOrder } from './find-orders.ts'
import { Charge, ChargeApplication, ChargeInput, HoldReason, Order, OrderStatus, RoutingInput } from './order.types.ts'
import type { HoldReason as Hold, OrderStatus as Status } from './order.ts'

export const OrderOrder = enumOf('OrderOrder', ['IMPORTED_DESC', 'IMPORTED_ASC', 'PURCHASED_DESC', 'PURCHASED_ASC', 'SHIP_BY_ASC'], 'How orders are sorted.', {
  IMPORTED_DESC: 'The last imported first.',
  IMPORTED_ASC: 'The first imported first.',
  PURCHASED_DESC: 'The last bought first.',
  PURCHASED_ASC: 'The first bought first.',
  SHIP_BY_ASC: 'The most urgent first; those without a promise last.',
})
export const TrackingStatus = enumOf(
  'TrackingStatus',
  ['PENDING', 'UNCONFIRMED', 'ACCEPTED', 'REJECTED', 'NOT_SENT'],
  'What the marketplace knows of a package.',
  {
    PENDING: 'It waits for the next tracking update.',
    UNCONFIRMED: 'Sent, not yet read back.',
    ACCEPTED: 'Read back from the marketplace.',
    REJECTED: 'Refused: a person must correct it.',
    NOT_SENT: 'Closed without tracking, or its connection is no more.',
  },
)
export type TrackingStatusName = keyof typeof TrackingStatus

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class OrderFilter {
  @Field(() => String, { nullable: true, description: 'What an order number, a reference (bill of lading, load number), a SKU, a tracking number or a recipient\'s name begins with; case is ignored.' })
  search?: string | null

  @Field(() => [OrderStatus], { nullable: true, description: 'Any of these.' })
  statuses?: Status[] | null

  @Field(() => Boolean, { nullable: true, description: 'Whether it waits for a release.' })
  onHold?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Whether the buyer has asked to cancel.' })
  cancelRequested?: boolean | null

  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  warehouseIds?: string[] | null

  @Field(() => [ID], { nullable: true, description: "The marketplaces' own ids." })
  marketplaceIds?: string[] | null

  @Field(() => [TrackingStatus], { nullable: true, description: 'Orders with a package in any of these.' })
  trackingStatuses?: TrackingStatusName[] | null

  @Field(() => String, { nullable: true, description: "A seller's or the warehouse's SKU, whole; case is ignored." })
  sku?: string | null

  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  purchasedFrom?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  purchasedBefore?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  importedFrom?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  importedBefore?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Those that must have left before then.' })
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
  @Field(() => HoldReason, { description: 'Why they wait.' })
  reason!: Hold

  @Field(() => String, { nullable: true, description: 'What should be known before they are released.' })
  note?: string | null
}

@InputType()
export class CancelOrdersInput extends OrderIdsInput {
  @Field(() => String, { description: 'Why, for whoever reads the history.' })
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
  @Field(() => [ChargeInput], { description: '1 to 50.' })
  charges!: ChargeInput[]

  @Field(() => ChargeApplication, { nullable: true, defaultValue: 'SEPARATELY', description: 'SEPARATELY if left out.' })
  applyCharges?: keyof typeof ChargeApplication | null
}

@ObjectType({ simpleResolvers: true })
export class AddChargesPayload {
  @Field(() => [Charge], { description: 'Those that were added.' })
  charges!: Charge[]

  @Field(() => [Order], { description: 'As they are now; empty where any of them was refused.' })
  orders!: Order[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
