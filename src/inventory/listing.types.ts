import { Field, Int, ObjectType } from 'type-graphql'
import { enumOf } from '../graphql/shared.types.ts'
import type { QuantityStep as Step } from './level.ts'

export const ListingStatus = enumOf('ListingStatus', ['NEVER_PUSHED', 'IN_STEP', 'BEHIND', 'REJECTED', 'EXCLUDED'], 'Whether the marketplace has the quantity that it should.', {
  NEVER_PUSHED: 'It was told nothing yet.',
  IN_STEP: 'It has the quantity that it should.',
  BEHIND: 'The marketplace has another quantity than it should; the next sync tells it.',
  REJECTED: 'The marketplace refused the last quantity that it was told; `message` says why.',
  EXCLUDED: 'The marketplace is told nothing: a rule says so, or it ships the SKU itself. What it offers stays as it is.',
})

@ObjectType({ simpleResolvers: true, description: 'One line of a sum: `result` is what is left after `change`.' })
export class QuantityStep implements Step {
  @Field(() => String, { description: 'What it is, for people.' })
  label!: string

  @Field(() => Int, { description: 'What it adds, or takes where below 0.' })
  change!: number

  @Field(() => Int, { description: 'What is left after it.' })
  result!: number
}

@ObjectType({ simpleResolvers: true, description: 'The stock as one connection is told it, and how the number came about.' })
export class InventoryListing {
  @Field(() => String)
  sellerSku!: string

  @Field(() => Int, { nullable: true, description: 'What the marketplace last took.' })
  pushedQuantity!: number | null

  @Field(() => Date, { nullable: true, description: 'When it took that.' })
  pushedAt!: Date | null
}
