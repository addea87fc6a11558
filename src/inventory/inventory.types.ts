import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ListingStatus as Status } from './listing.ts'
import { ListingStatus } from './listing.types.ts'
import type { ItemRow, MovementKind as Kind } from './stock.store.ts'

export const MovementKind = enumOf('MovementKind', ['RECEIPT', 'ADJUSTMENT', 'ALLOCATION', 'RELEASE', 'SHIPMENT'], 'What moves stock.', {
  RECEIPT: 'It came in.',
  ADJUSTMENT: 'A person set it right.',
  ALLOCATION: 'An imported open order keeps it.',
  RELEASE: 'A cancellation gives an allocation back.',
  SHIPMENT: 'It left the building: taken from what is on hand and allocated.',
})
export const InventoryOrder = enumOf('InventoryOrder', ['SKU_ASC', 'AVAILABLE_ASC', 'UPDATED_DESC'], 'How items are sorted.', {
  SKU_ASC: 'By SKU.',
  AVAILABLE_ASC: 'The scarcest first.',
  UPDATED_DESC: 'The last moved first.',
})

@ObjectType({ implements: Node, simpleResolvers: true, description: "A customer's stock of one SKU in one warehouse, in whole units." })
export class InventoryItem {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'As the warehouse has it; unique to customer and warehouse.' })
  sku!: string

  @Field(() => String, { nullable: true, description: 'What it is, for people.' })
  title!: string | null

  @Field(() => Int, { description: 'What lies in the warehouse, of whatever state.' })
  onHand!: number

  @Field(() => Int, { description: 'What lies there and may not be sold.' })
  onHold!: number

  @Field(() => Int, { description: 'Kept for open orders.' })
  allocated!: number

  @Field(() => Date, { description: 'When a level last changed.' })
  updatedAt!: Date

  @Field(() => Int)
  version!: number
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A change of stock. The levels of an item are the sum of its movements.' })
export class InventoryMovement {
  @Field(() => ID)
  id!: string

  @Field(() => MovementKind, { description: 'What moved it.' })
  kind!: Kind

  @Field(() => Int, { description: 'Signed: what it adds (RECEIPT, ALLOCATION) or takes (RELEASE, SHIPMENT); an ADJUSTMENT does either.' })
  quantity!: number

  @Field(() => String, { nullable: true, description: 'Why, of an adjustment.' })
  reason!: string | null

  @Field(() => String, { nullable: true, description: "A receipt's reference." })
  reference!: string | null

  @Field(() => Date, { description: 'When it was recorded.' })
  at!: Date

  @Field(() => String, { description: 'Who recorded it: a person, or a job.' })
  by!: string
}

export const InventoryItemPage = pageTypeOf(InventoryItem, 'InventoryItem')
export const InventoryMovementPage = pageTypeOf(InventoryMovement, 'InventoryMovement')

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class InventoryFilter {
  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  warehouseIds?: string[] | null

  @Field(() => String, { nullable: true, description: 'A prefix of the SKU.' })
  search?: string | null

  @Field(() => [ListingStatus], { nullable: true, description: 'Items with a listing in one of these states.' })
  listingStatuses?: Status[] | null

  @Field(() => Int, { nullable: true, description: 'Items of which fewer are available.' })
  belowAvailable?: number | null
}

@InputType({ description: 'So much of one SKU.' })
export class StockInput {
  @Field(() => String, { description: 'As the warehouse has it.' })
  sku!: string

  @Field(() => String, { nullable: true, description: "Replaces the item's, if given." })
  title?: string | null

  @Field(() => Int, { description: '1 or more.' })
  quantity!: number
}

@InputType()
export class ReceiveInventoryInput {
  @Field(() => ID)
  customerId!: string

  @Field(() => ID)
  warehouseId!: string

  @Field(() => String, { nullable: true, description: "What the movements bear: a delivery's number." })
  reference?: string | null

  @Field(() => [StockInput], { description: '1 to 500, each SKU once.' })
  items!: StockInput[]
}

@InputType()
export class AdjustInventoryInput {
  @Field(() => ID)
  inventoryItemId!: string

  @Field(() => Int, { description: 'Signed; what is on hand never falls below 0.' })
  change!: number

  @Field(() => String, { description: 'Why, for whoever reads the movements.' })
  reason!: string

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null
}

@InputType({ description: 'What is left out stays as it is; null clears it: the settings of the connection hold.' })
export class SetInventoryRuleInput {
  @Field(() => ID)
  inventoryItemId!: string

  @Field(() => ID)
  connectionId!: string

  @Field(() => Int, { nullable: true, description: 'Units kept back, 0 to 1000000.' })
  buffer?: number | null

  @Field(() => Int, { nullable: true, description: 'Of what is left after the buffer, 0 to 100.' })
  percent?: number | null

  @Field(() => Int, { nullable: true, description: 'Items of the listing (packs, where it sells packs) that it offers at most, 0 to 1000000.' })
  maximum?: number | null

  @Field(() => Boolean, { nullable: true, description: 'The marketplace is told nothing; what it offers stays as it is.' })
  excluded?: boolean | null
}

@ObjectType({ simpleResolvers: true })
export class InventoryItemsPayload {
  @Field(() => [InventoryItem], { description: 'As they are now; empty where anything was refused.' })
  items!: ItemRow[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
