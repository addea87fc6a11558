import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { DateTime } from '../graphql/scalars.ts'
import { enumOf, MoneyInput, MoneyType, Node } from '../graphql/shared.types.ts'
import type { Money } from '../kit/money.ts'
import { type HoldReason as Hold, holdReasons, orderStatuses } from './order.ts'
import type { ChargeRow, HoldRow, LineRow, OrderRow } from './orders.store.ts'

export const OrderStatus = enumOf('OrderStatus', orderStatuses)
export const HoldReason = enumOf('HoldReason', holdReasons)
export const ChargeKind = enumOf('ChargeKind', ['AUTOMATIC', 'MANUAL', 'ADDITIONAL'], undefined, {
  AUTOMATIC: "By the customer's rules, at import.",
  MANUAL: 'Added to an order by hand.',
  ADDITIONAL: 'Added at ship-and-close.',
})
export const ChargeApplication = enumOf(
  'ChargeApplication',
  ['SEPARATELY', 'DIVIDED_EVENLY'],
  'SEPARATELY: each order bears the full amount. DIVIDED_EVENLY: the amount is divided over all orders, to the cent, nothing lost.',
)

@ObjectType({ simpleResolvers: true, description: 'How a parcel travels.' })
export class Routing {
  @Field(() => String, { nullable: true })
  carrier!: string | null

  @Field(() => String, { nullable: true, description: 'Standard Carrier Alpha Code.' })
  scac!: string | null

  @Field(() => String, { nullable: true })
  service!: string | null

  @Field(() => String, { nullable: true })
  trackingNumber!: string | null

  @Field(() => String, { nullable: true })
  billOfLading!: string | null

  @Field(() => String, { nullable: true })
  loadNumber!: string | null

  @Field(() => String, { nullable: true })
  trailerNumber!: string | null

  @Field(() => String, { nullable: true })
  sealNumber!: string | null
}

@InputType()
export class RoutingInput {
  @Field(() => String, { nullable: true, description: 'A code or name of `carriers`, or the name of another carrier.' })
  carrier?: string | null

  @Field(() => String, { nullable: true, description: 'Standard Carrier Alpha Code: 2 to 4 letters.' })
  scac?: string | null

  @Field(() => String, { nullable: true })
  service?: string | null

  @Field(() => String, { nullable: true })
  trackingNumber?: string | null

  @Field(() => String, { nullable: true })
  billOfLading?: string | null

  @Field(() => String, { nullable: true })
  loadNumber?: string | null

  @Field(() => String, { nullable: true })
  trailerNumber?: string | null

  @Field(() => String, { nullable: true })
  sealNumber?: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true })
export class Charge {
  @Field(() => ID)
  id!: string

  @Field(() => ChargeKind)
  kind!: ChargeRow['kind']

  @Field(() => String)
  code!: string

  @Field(() => String, { nullable: true })
  description!: string | null

  @Field(() => MoneyType)
  amount!: Money

  @Field(() => DateTime)
  addedAt!: Date

  @Field(() => String)
  addedBy!: string
}

@InputType()
export class ChargeInput {
  @Field(() => String)
  code!: string

  @Field(() => String, { nullable: true })
  description?: string | null

  @Field(() => MoneyInput)
  amount!: MoneyInput
}

@ObjectType({ simpleResolvers: true })
export class OrderHold implements HoldRow {
  orderId!: string

  @Field(() => HoldReason)
  reason!: Hold

  @Field(() => String, { nullable: true })
  note!: string | null

  @Field(() => DateTime)
  placedAt!: Date

  @Field(() => String)
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
@ObjectType({ simpleResolvers: true })
export class OrderLine {
  @Field(() => ID)
  id!: string

  @Field(() => Int)
  lineNumber!: number

  @Field(() => String)
  sellerSku!: string

  @Field(() => String)
  warehouseSku!: string

  @Field(() => String, { nullable: true })
  title!: string | null

  @Field(() => Int, { description: 'Items sold, as the marketplace counts them.' })
  quantity!: number

  @Field(() => Int)
  quantityShipped!: number

  @Field(() => Int)
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

  @Field(() => OrderStatus)
  status!: OrderRow['status']

  @Field(() => String, { description: "The marketplace's own view when last read." })
  marketplaceStatus!: string

  @Field(() => Boolean)
  cancelRequested!: boolean

  @Field(() => DateTime)
  purchasedAt!: Date

  @Field(() => DateTime)
  importedAt!: Date

  @Field(() => DateTime)
  updatedAt!: Date

  @Field(() => DateTime, { nullable: true })
  closedAt!: Date | null

  @Field(() => DateTime, { nullable: true })
  shipBy!: Date | null

  @Field(() => DateTime, { nullable: true })
  deliverBy!: Date | null

  @Field(() => String, { nullable: true })
  shippingService!: string | null

  @Field(() => Int, { description: 'Items sold, over all lines.' })
  units!: number

  @Field(() => Int, { description: 'Grows with every change; hand it back as `expectedVersion`.' })
  version!: number
}
export interface Order extends Omit<OrderRow, 'total'> {}

export const OrderPage = pageTypeOf(Order, 'Order')
