import { Field, Int, ObjectType } from 'type-graphql'
import { enumOf } from '../graphql/shared.types.ts'
import type { QuantityStep as Step } from './level.ts'

export const ListingStatus = enumOf('ListingStatus', ['NEVER_PUSHED', 'IN_STEP', 'BEHIND', 'REJECTED', 'EXCLUDED'], undefined, {
  BEHIND: 'The marketplace has another quantity than it should; the next sync tells it.',
  REJECTED: 'The marketplace refused the last quantity that it was told; `message` says why.',
  EXCLUDED: 'The marketplace is told nothing: a rule says so, or it ships the SKU itself. What it offers stays as it is.',
})

@ObjectType({ simpleResolvers: true, description: 'One line of a sum: `result` is what is left after `change`.' })
export class QuantityStep implements Step {
  @Field(() => String)
  label!: string

  @Field(() => Int)
  change!: number

  @Field(() => Int)
  result!: number
}

@ObjectType({ simpleResolvers: true, description: 'The stock as one connection is told it, and how the number came about.' })
export class InventoryListing {
  @Field(() => String)
  sellerSku!: string

  @Field(() => Int, { nullable: true, description: 'What the marketplace last took.' })
  pushedQuantity!: number | null

  @Field(() => Date, { nullable: true })
  pushedAt!: Date | null
}
