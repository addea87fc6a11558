import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ForwardPageArguments, pageTypeOf } from '../graphql/page.types.ts'
import { Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { SkuMappingRow } from './sku-mappings.store.ts'

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A seller SKU of a connection and what it is in the warehouse.' })
export class SkuMapping {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'As the marketplace has it.' })
  sellerSku!: string

  @Field(() => String)
  warehouseSku!: string

  @Field(() => Int, { description: 'Warehouse units in one item sold: a pack of 6 takes 6.' })
  unitsPerItem!: number
}

export const SkuMappingPage = pageTypeOf(SkuMapping, 'SkuMapping')

@ArgsType()
export class SkuMappingsArguments extends ForwardPageArguments {
  @Field(() => String, { nullable: true, description: 'A prefix of the seller or warehouse SKU.' })
  search?: string | null
}

@InputType({ description: 'What a seller SKU is in the warehouse.' })
export class SkuMappingInput {
  @Field(() => String, { description: 'As the marketplace has it.' })
  sellerSku!: string

  @Field(() => String, { description: 'As the warehouse has it.' })
  warehouseSku!: string

  @Field(() => Int, { nullable: true, defaultValue: 1, description: 'Warehouse units in one item sold: a pack of 6 takes 6. 1 if left out.' })
  unitsPerItem?: number | null
}

@InputType()
export class MapSkusInput {
  @Field(() => ID)
  connectionId!: string

  @Field(() => [SkuMappingInput], { description: '1 to 500.' })
  mappings!: SkuMappingInput[]
}

@ObjectType({ simpleResolvers: true })
export class MapSkusPayload {
  @Field(() => [SkuMapping], { description: 'Those that were given; empty where any of them was refused.' })
  mappings!: SkuMappingRow[]

  @Field(() => Int, { description: 'Import failures that these mappings would resolve.' })
  unblocks!: number

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
