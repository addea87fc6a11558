import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { PageArguments, pageTypeOf } from '../graphql/page.types.ts'
import { DateTime, Decimal } from '../graphql/scalars.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import { TrackingStatus } from '../orders/order-inputs.types.ts'
import { OrderLine, RoutingInput } from '../orders/order.types.ts'
import { type Weight as PackageWeight, type WeightUnit as Unit, weightUnits } from './packages.ts'
import type { ShipmentOrder as Order, ShipmentRow, TrackingStatus as Status } from './shipments.store.ts'

export const WeightUnit = enumOf('WeightUnit', weightUnits, 'What a weight is counted in.', {
  GRAM: 'g',
  KILOGRAM: 'kg, 1000 g.',
  OUNCE: 'oz, a sixteenth of a pound.',
  POUND: 'lb, avoirdupois.',
})
export const ShipmentOrder = enumOf('ShipmentOrder', ['SHIPPED_DESC', 'SHIPPED_ASC'], 'How packages are sorted.', {
  SHIPPED_DESC: 'The last shipped first.',
  SHIPPED_ASC: 'The first shipped first.',
})

@ObjectType({ simpleResolvers: true, description: 'What a package weighs.' })
export class Weight implements PackageWeight {
  @Field(() => Decimal, { description: 'Exact.' })
  value!: string

  @Field(() => WeightUnit, { description: 'What it is counted in.' })
  unit!: Unit
}

@InputType({ description: 'What a package weighs, with its packing.' })
export class WeightInput implements PackageWeight {
  @Field(() => Decimal, { description: 'Above 0, with at most 4 decimals.' })
  value!: string

  @Field(() => WeightUnit, { description: 'What it is counted in.' })
  unit!: Unit
}

/** Its source is a ShipmentRow, and its fields stand in the resolver. */
@ObjectType({ simpleResolvers: true, description: 'What the marketplace was told of a package, and what it said.' })
export class TrackingUpdate {
  @Field(() => Int, { description: 'How often it was sent.' })
  attempts!: number
}

@ObjectType({ simpleResolvers: true, description: "How much of an order's line lies in a package." })
export class ShipmentLine {
  orderLineId!: string

  @Field(() => OrderLine, { description: 'The line.' })
  orderLine?: OrderLine

  @Field(() => Int, { description: 'Items, as the marketplace counts them.' })
  quantity!: number
}

/** Its source is a ShipmentRow. */
@ObjectType({ implements: Node, simpleResolvers: true, description: 'One package of an order.' })
export class Shipment {
  @Field(() => ID)
  id!: string

  @Field(() => DateTime, { description: 'When it left.' })
  shippedAt!: Date

  @Field(() => String, { description: 'Who recorded it.' })
  shippedBy!: string
}
export interface Shipment extends Omit<ShipmentRow, 'weight'> {}

export const ShipmentPage = pageTypeOf(Shipment, 'Shipment')

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class ShipmentFilter {
  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => [TrackingStatus], { nullable: true, description: 'Any of these.' })
  trackingStatuses?: Status[] | null

  @Field(() => String, { nullable: true, description: 'A prefix; case is ignored.' })
  trackingNumber?: string | null

  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  shippedFrom?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  shippedBefore?: Date | null
}

@ArgsType()
export class ShipmentsArguments extends PageArguments {
  @Field(() => ShipmentFilter, { nullable: true })
  filter?: ShipmentFilter | null

  @Field(() => ShipmentOrder, { nullable: true, description: 'SHIPPED_DESC if left out.' })
  orderBy?: Order | null
}

@InputType()
export class CorrectTrackingInput {
  @Field(() => ID)
  shipmentId!: string

  @Field(() => RoutingInput, { description: 'What is left out stays as it is.' })
  routing!: RoutingInput

  @Field(() => DateTime, { nullable: true, description: 'When the carrier took the parcel; stays as it is if left out.' })
  shippedAt?: Date | null
}

@InputType()
export class ShipmentIdsInput {
  @Field(() => [ID], { description: '1 to 500.' })
  shipmentIds!: string[]
}

@ObjectType({ simpleResolvers: true })
export class ShipmentPayload {
  @Field(() => Shipment, { nullable: true, description: 'As it is now; null where it was refused.' })
  shipment!: ShipmentRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true })
export class ShipmentsPayload {
  @Field(() => [Shipment], { description: 'As they are now; empty where any of them was refused.' })
  shipments!: ShipmentRow[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
