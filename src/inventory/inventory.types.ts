import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ListingStatus as Status } from './listing.ts'
import { ListingStatus } from './listing.types.ts'
import type { ItemRow, MovementKind as Kind } from './stock.store.ts'

export const MovementKind = enumOf('MovementKind', ['RECEIPT', 'ADJUSTMENT', 'ALLOCATION', 'RELEASE', 'SHIPMENT'], undefined, {
  ALLOCATION: 'An imported open order keeps it.',
  RELEASE: 'A cancellation gives an allocation back.',
  SHIPMENT: 'It left the building: taken from what is on hand and allocated.',
})
export const InventoryOrder = enumOf('InventoryOrder', ['SKU_ASC', 'AVAILABLE_ASC', 'UPDATED_DESC'])

@ObjectType({ implements: Node, simpleResolvers: true, description: "A customer's stock of one SKU in one warehouse, in whole units." })
export class InventoryItem {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  sku!: string

  @Field(() => String, { nullable: true })
  title!: string | null

  @Field(() => Int)
  onHand!: number

  @Field(() => Int)
  onHold!: number

  @Field(() => Int, { description: 'Kept for open orders.' })
  allocated!: number

  @Field(() => Date)
  updatedAt!: Date

  @Field(() => Int)
  version!: number
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A change of stock. The levels of an item are the sum of its movements.' })
export class InventoryMovement {
  @Field(() => ID)
  id!: string

  @Field(() => MovementKind)
  kind!: Kind

  @Field(() => Int, { description: 'Signed: what it adds (RECEIPT, ALLOCATION) or takes (RELEASE, SHIPMENT); an ADJUSTMENT does either.' })
  quantity!: number

  @Field(() => String, { nullable: true })
  reason!: string | null

  @Field(() => String, { nullable: true })
  reference!: string | null

  @Field(() => Date)
  at!: Date

  @Field(() => String)
  by!: string
}

export const InventoryItemPage = pageTypeOf(InventoryItem, 'InventoryItem')
export const InventoryMovementPage = pageTypeOf(InventoryMovement, 'InventoryMovement')

@InputType()
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

@InputType()
export class StockInput {
  @Field(() => String)
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

  @Field(() => String, { nullable: true })
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

  @Field(() => String)
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
  @Field(() => [InventoryItem])
  items!: ItemRow[]

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
