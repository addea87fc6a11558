import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql'
import { loadExisting, type Scope } from '../auth/scope.ts'
import { Connection } from '../connections/connection.types.ts'
import { UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { Carriers } from './carriers.ts'
import { mapShippingServices, type ShippingServiceMappingRow, shippingServiceMappingsOfConnection } from './map-shipping-services.ts'

@ObjectType({ simpleResolvers: true, description: 'How the warehouse ships what a marketplace calls a shipping service.' })
export class ShippingServiceMapping {
  @Field(() => String, { description: "As the order's `shippingService` has it." })
  marketplaceService!: string

  @Field(() => String, { description: 'A code of `carriers`, or the name of another carrier.' })
  carrier!: string

  @Field(() => String, { description: 'Standard Carrier Alpha Code.' })
  scac!: string

  @Field(() => String, { description: "The carrier's service, such as Ground." })
  service!: string
}

@InputType({ description: 'How the warehouse ships what a marketplace calls a shipping service.' })
export class ShippingServiceMappingInput {
  @Field(() => String, { description: "As the order's `shippingService` has it." })
  marketplaceService!: string

  @Field(() => String, { description: 'A code of `carriers`, or the name of another carrier.' })
  carrier!: string

  @Field(() => String, { description: 'Standard Carrier Alpha Code: 2 to 4 letters.' })
  scac!: string

  @Field(() => String, { description: "The carrier's service, such as Ground." })
  service!: string
}

@InputType()
export class MapShippingServicesInput {
  @Field(() => ID)
  connectionId!: string

  @Field(() => [ShippingServiceMappingInput], { description: '1 to 200.' })
  mappings!: ShippingServiceMappingInput[]
}

@ObjectType({ simpleResolvers: true })
export class MapShippingServicesPayload {
  @Field(() => [ShippingServiceMapping], { description: 'Those that were given; empty where any of them was refused.' })
  mappings!: ShippingServiceMapping[]

  @Field(() => Int, { description: 'Import failures that these mappings would resolve.' })
  unblocks!: number

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@Resolver(() => Connection)
export class ShippingServicesResolver {
  readonly #carriers: Carriers

  constructor(carriers: Carriers) {
    this.#carriers = carriers
  }

  @Mutation(() => MapShippingServicesPayload, { description: "Says how a marketplace's shipping services are shipped: imported orders bear that routing." })
  async mapShippingServices(@Arg('input', () => MapShippingServicesInput) input: MapShippingServicesInput, @Ctx() scope: Scope): Promise<MapShippingServicesPayload> {
    const result = await mapShippingServices(scope, this.#carriers, input)
    return 'refusals' in result ? { mappings: [], unblocks: 0, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @FieldResolver(() => [ShippingServiceMapping], { description: "How the marketplace's shipping services are shipped." })
  shippingServiceMappings(@Root() connection: Connection, @Ctx() scope: Scope): Promise<ShippingServiceMappingRow[]> {
    return loadExisting(scope, shippingServiceMappingsOfConnection, connection.id)
  }
}
