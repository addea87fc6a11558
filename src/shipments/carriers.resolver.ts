import { Field, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql'
import type { Channels } from '../marketplaces/registry.ts'
import type { Carrier as Row, Carriers } from './carriers.ts'

@ObjectType({ simpleResolvers: true, description: 'Who moves parcels, and how it is known to others.' })
export class Carrier {
  @Field(() => String, { description: 'What `RoutingInput.carrier` takes, such as UPS.' })
  code!: string

  @Field(() => String, { description: 'As people call it.' })
  name!: string

  @Field(() => [String], { description: 'Standard Carrier Alpha Codes, the usual one first. Empty: none is known, any of 2 to 4 letters is taken.' })
  scacs!: readonly string[]

  @Field(() => [String], { description: 'The usual ones, to choose from; others are taken as well.' })
  services!: readonly string[]
}

@Resolver(() => Carrier)
export class CarriersResolver {
  readonly #channels: Channels
  readonly #carriers: Carriers

  constructor(at: { channels: Channels; carriers: Carriers }) {
    this.#channels = at.channels
    this.#carriers = at.carriers
  }

  @Query(() => [Carrier], { description: 'The carriers whose SCACs and tracking numbers are checked. Another one may be named all the same.' })
  carriers(): readonly Row[] {
    return this.#carriers.all
  }

  @FieldResolver(() => String, { description: 'As Amazon is sent it.' })
  amazonCarrierCode(@Root() carrier: Row): string {
    return this.#channels.get('amazon').carrierCode(carrier.code)
  }
}
