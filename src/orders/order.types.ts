import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, MoneyInput, MoneyType, Node } from '../graphql/shared.types.ts'
import type { Money } from '../kit/money.ts'
import { type HoldReason as Hold, holdReasons, orderStatuses } from './order.ts'
import type { ChargeRow, HoldRow, LineRow, OrderRow } from './orders.store.ts'

export const OrderStatus = enumOf('OrderStatus', orderStatuses, 'Where an order stands in the warehouse.', {
  OPEN: 'To be shipped, wholly or in part.',
  CLOSED: 'Shipped. It never changes again, but for its tracking.',
  CANCELLED: 'Not to be shipped any more.',
})
export const HoldReason = enumOf('HoldReason', holdReasons, 'Why an order waits.', {
  OPERATOR: 'Somebody in the warehouse wants it so.',
  CANCEL_REQUESTED: 'The buyer has asked to cancel.',
  ADDRESS: 'Its address wants looking at.',
  STOCK: 'What it needs is not there.',
  OTHER: 'As its note says.',
})
export const ChargeKind = enumOf('ChargeKind', ['AUTOMATIC', 'MANUAL', 'ADDITIONAL'], 'How a charge came about.', {
  AUTOMATIC: "By the customer's rules, at import.",
  MANUAL: 'Added to an order by hand.',
  ADDITIONAL: 'Added at ship-and-close.',
})
export const ChargeApplication = enumOf(
  'ChargeApplication',
  ['SEPARATELY', 'DIVIDED_EVENLY'],
  'What several orders bear of one charge.',
  {
    SEPARATELY: 'Each order bears the full amount.',
    DIVIDED_EVENLY: 'The amount is divided over all orders, to the cent, nothing lost.',
  },
)

@ObjectType({ simpleResolvers: true, description: 'How a parcel travels.' })
export class Routing {
  @Field(() => String, { nullable: true, description: 'A code of `carriers`, or the name of another carrier.' })
  carrier!: string | null

  @Field(() => String, { nullable: true, description: 'Standard Carrier Alpha Code.' })
  scac!: string | null

  @Field(() => String, { nullable: true, description: 'Such as Ground.' })
  service!: string | null

  @Field(() => String, { nullable: true, description: "The carrier's number of the parcel." })
  trackingNumber!: string | null

  @Field(() => String, { nullable: true, description: "The freight paper's number." })
  billOfLading!: string | null

  @Field(() => String, { nullable: true, description: 'The load that it goes with.' })
  loadNumber!: string | null

  @Field(() => String, { nullable: true, description: 'The trailer that it goes in.' })
  trailerNumber!: string | null

  @Field(() => String, { nullable: true, description: "Of the trailer's seal." })
  sealNumber!: string | null
}

@InputType({ description: 'How a parcel travels.' })
export class RoutingInput {
  @Field(() => String, { nullable: true, description: 'A code or name of `carriers`, or the name of another carrier.' })
  carrier?: string | null

  @Field(() => String, { nullable: true, description: 'Standard Carrier Alpha Code: 2 to 4 letters.' })
  scac?: string | null

  @Field(() => String, { nullable: true, description: 'Such as Ground.' })
  service?: string | null

  @Field(() => String, { nullable: true, description: "The carrier's number of the parcel." })
  trackingNumber?: string | null

  @Field(() => String, { nullable: true, description: "The freight paper's number." })
  billOfLading?: string | null

  @Field(() => String, { nullable: true, description: 'The load that it goes with.' })
  loadNumber?: string | null

  @Field(() => String, { nullable: true, description: 'The trailer that it goes in.' })
  trailerNumber?: string | null

  @Field(() => String, { nullable: true, description: "Of the trailer's seal." })
  sealNumber?: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'What an order bears beside its items.' })
export class Charge {
  @Field(() => ID)
  id!: string

  @Field(() => ChargeKind, { description: 'How it came about.' })
  kind!: ChargeRow['kind']

  @Field(() => String, { description: 'What it is for, for programs: PALLET.' })
  code!: string

  @Field(() => String, { nullable: true, description: 'What it is for, for people.' })
  description!: string | null

  @Field(() => MoneyType, { description: 'In its own currency.' })
  amount!: Money

  @Field(() => DateTime, { description: 'When it was added.' })
  addedAt!: Date

  @Field(() => String, { description: 'Who added it: a person, or the import.' })
  addedBy!: string
}

@InputType({ description: 'A charge to add.' })
export class ChargeInput {
  @Field(() => String, { description: 'What it is for, for programs: PALLET.' })
  code!: string

  @Field(() => String, { nullable: true, description: 'What it is for, for people.' })
  description?: string | null

  @Field(() => MoneyInput, { description: 'Above 0, with no more decimals than its currency has.' })
  amount!: MoneyInput
}

@ObjectType({ simpleResolvers: true, description: 'One reason for which an order waits.' })
export class OrderHold implements HoldRow {
  orderId!: string

  @Field(() => HoldReason, { description: 'Why.' })
  reason!: Hold

  @Field(() => String, { nullable: true, description: 'What should be known before it is released.' })
  note!: string | null

  @Field(() => DateTime, { description: 'Since when.' })
  placedAt!: Date

  @Field(() => String, { description: 'By whom: a person, or the import.' })
  placedBy!: string
}

@ObjectType({ simpleResolvers: true, description: 'A gift, as the buyer wants it.' })
export class Gift {
  @Field(() => String, { nullable: true, description: "The marketplace's name of the wrapping; null where none was chosen." })
  wrapping!: string | null

  @Field(() => String, { nullable: true, description: 'The words to go with it.' })
  message!: string | null
}

/** Its source is a LineRow: the resolver turns ids and prices into the contract's forms. */
@ObjectType({ simpleResolvers: true, description: 'One SKU of an order.' })
export class OrderLine {
  @Field(() => ID)
  id!: string

  @Field(() => Int, { description: 'From 1.' })
  lineNumber!: number

  @Field(() => String)
  sellerSku!: string

  @Field(() => String)
  warehouseSku!: string

  @Field(() => String, { nullable: true, description: 'As the marketplace shows it.' })
  title!: string | null

  @Field(() => Int, { description: 'Items sold, as the marketplace counts them.' })
  quantity!: number

  @Field(() => Int, { description: 'Of those, what has left.' })
  quantityShipped!: number

  @Field(() => Int, { description: 'Of those, what is not to be shipped any more.' })
  quantityCancelled!: number
}
export interface OrderLine extends Omit<LineRow, 'unitPrice'> {}

/** Its source is an OrderRow. */
@ObjectType({ implements: Node, simpleResolvers: true, description: "A marketplace's order to ship." })
export class Order {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: "The marketplace's order number, e.g. 902-3159896-1390916." })
  number!: string

  @Field(() => OrderStatus, { description: 'Where it stands in the warehouse.' })
  status!: OrderRow['status']

  @Field(() => String, { description: "The marketplace's own view when last read." })
  marketplaceStatus!: string

  @Field(() => Boolean, { description: 'The buyer has asked to cancel: shipAndClose refuses it unless told to override.' })
  cancelRequested!: boolean

  @Field(() => DateTime, { description: 'When it was bought.' })
  purchasedAt!: Date

  @Field(() => DateTime, { description: 'When it came in.' })
  importedAt!: Date

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it was shipped whole.' })
  closedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: "When it must have left, by the marketplace's promise." })
  shipBy!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'What the buyer was promised.' })
  deliverBy!: Date | null

  @Field(() => String, { nullable: true, description: "What the buyer chose, in the marketplace's words." })
  shippingService!: string | null

  @Field(() => Int, { description: 'Items sold, over all lines.' })
  units!: number

  @Field(() => Int, { description: 'Grows with every change; hand it back as `expectedVersion`.' })
  version!: number
}
export interface Order extends Omit<OrderRow, 'total'> {}

export const OrderPage = pageTypeOf(Order, 'Order')
