import { Arg, Query, Resolver } from 'type-graphql'
import type { Marketplace as MarketplaceFacts, MarketplaceRegion as Region } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { Marketplace, MarketplaceRegion } from './marketplace.types.ts'

@Resolver(() => Marketplace)
export class MarketplacesResolver {
  readonly #channels: Channels

  constructor(channels: Channels) {
    this.#channels = channels
  }

  @Query(() => [Marketplace], { description: 'Every marketplace that a connection can be made to, with what its seller must hand over.' })
  marketplaces(
    @Arg('channel', () => String, { nullable: true, description: 'Those of this channel alone, e.g. "amazon".' }) channel: string | null,
    @Arg('region', () => MarketplaceRegion, { nullable: true, description: 'Those of this region alone.' }) region: Region | null,
  ): MarketplaceFacts[] {
    return this.#channels.marketplaces().filter((one) => (channel == null || one.channel === channel) && (region == null || one.region === region))
  }
}
