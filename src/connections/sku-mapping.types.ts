import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ForwardPageArguments, pageTypeOf } from '../graphql/page.types.ts'
import { Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { SkuMappingRow } from './sku-mappings.store.ts'

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A seller SKU of a connection and what it is in the warehouse.' })
export class SkuMapping {
  @Field(() => ID)
  id!: string

  @Field(() => String)
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

@InputType()
export class SkuMappingInput {
  @Field(() => String)
  sellerSku!: string

  @Field(() => String)
  warehouseSku!: string

  @Field(() => Int, { nullable: true, defaultValue: 1 })
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
  @Field(() => [SkuMapping])
  mappings!: SkuMappingRow[]

  @Field(() => Int, { description: 'Import failures that these mappings would resolve.' })
  unblocks!: number

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
