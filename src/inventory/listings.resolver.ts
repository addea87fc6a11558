import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { loadExisting, type Scope } from '../auth/scope.ts'
import { Connection } from '../connections/connection.types.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { InventoryItem } from './inventory.types.ts'
import { explainQuantity, listingStatus, type ListingStatus as Status, type QuantityStep as Step, toldQuantity } from './level.ts'
import { InventoryListing, ListingStatus, QuantityStep } from './listing.types.ts'
import { type ListingRow, listingsOfItem } from './listings.store.ts'
import type { ItemRow } from './stock.store.ts'

const statusOf = (listing: ListingRow): Status => listingStatus(toldQuantity(listing, listing), listing.pushedQuantity, listing.recordedStatus === 'REJECTED')

@Resolver(() => InventoryListing)
export class InventoryListingsResolver {
  @FieldResolver(() => Connection)
  async connection(@Root() listing: ListingRow, @Ctx() scope: Scope): Promise<ConnectionRow> {
    return loadExisting(scope, connectionById, listing.connectionId)
  }

  @FieldResolver(() => Int, { description: 'Items of the listing: packs, where it sells packs.' })
  quantity(@Root() listing: ListingRow): number {
    return toldQuantity(listing, listing)
  }

  @FieldResolver(() => [QuantityStep], { description: 'From what is on hand to `quantity`.' })
  explanation(@Root() listing: ListingRow): Step[] {
    return explainQuantity(listing, listing)
  }

  @FieldResolver(() => ListingStatus)
  status(@Root() listing: ListingRow): Status {
    return statusOf(listing)
  }

  @FieldResolver(() => String, { nullable: true })
  message(@Root() listing: ListingRow): string | null {
    return statusOf(listing) === 'REJECTED' ? listing.message : null
  }
}

@Resolver(() => InventoryItem)
export class ItemListingsResolver {
  @FieldResolver(() => [InventoryListing], { description: 'One for each seller SKU that is mapped to this item on a connection that the warehouse feeds.' })
  async listings(@Root() item: ItemRow, @Ctx() scope: Scope): Promise<ListingRow[]> {
    return loadExisting(scope, listingsOfItem, item.id)
  }
}
