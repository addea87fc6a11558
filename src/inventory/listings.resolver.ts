import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { loadExisting, type Scope } from '../auth/scope.ts'
import { Connection } from '../connections/connection.types.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { InventoryItem } from './inventory.types.ts'
import { explainQuantity, type QuantityStep as Step, toldQuantity } from './level.ts'
import { listingMessage, listingStatus, type ListingStatus as Status } from './listing.ts'
import { InventoryListing, ListingStatus, QuantityStep } from './listing.types.ts'
import { type ListingRow, listingsOfItem } from './listings.store.ts'
import type { ItemRow } from './stock.store.ts'

@Resolver(() => InventoryListing)
export class InventoryListingsResolver {
  @FieldResolver(() => Connection)
  async connection(@Root() listing: ListingRow, @Ctx() scope: Scope): Promise<ConnectionRow> {
    return loadExisting(scope, connectionById, listing.connectionId)
  }

  @FieldResolver(() => Int, { description: 'Items of the listing: packs, where it sells packs. Where EXCLUDED, what it would be told.' })
  quantity(@Root() listing: ListingRow): number {
    return toldQuantity(listing, listing)
  }

  @FieldResolver(() => [QuantityStep], { description: 'From what is on hand to `quantity`.' })
  explanation(@Root() listing: ListingRow): Step[] {
    return explainQuantity(listing, listing)
  }

  @FieldResolver(() => Int, { nullable: true, description: 'What the marketplace was last read to offer; less than it took, where it sold some since.' })
  confirmedQuantity(@Root() listing: ListingRow): number | null {
    return listing.readQuantity
  }

  @FieldResolver(() => Date, { nullable: true, description: 'When that was read.' })
  confirmedAt(@Root() listing: ListingRow): Date | null {
    return listing.readAt
  }

  @FieldResolver(() => ListingStatus)
  status(@Root() listing: ListingRow): Status {
    return listingStatus(toldQuantity(listing, listing), listing)
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why it is EXCLUDED or REJECTED, or what else keeps it from being in step.' })
  message(@Root() listing: ListingRow): string | null {
    return listingMessage(toldQuantity(listing, listing), listing)
  }
}

@Resolver(() => InventoryItem)
export class ItemListingsResolver {
  @FieldResolver(() => [InventoryListing], { description: 'One for each seller SKU that is mapped to this item on a connection that the warehouse feeds.' })
  async listings(@Root() item: ItemRow, @Ctx() scope: Scope): Promise<ListingRow[]> {
    return loadExisting(scope, listingsOfItem, item.id)
  }
}
