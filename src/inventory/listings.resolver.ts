import { Int, Resolver } from 'type-graphql'
import { Connection } from '../connections/connection.types.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { InventoryItem } from './inventory.types.ts'
import { explainQuantity, type QuantityStep as Step, toldQuantity } from './level.ts'
import { listingMessage, listingStatus, type ListingStatus as Status } from './listing.ts'
import { InventoryListing, ListingStatus, QuantityStep } from './listing.types.ts'
import { type ListingRow, listingsOfItem } from './listings.store.ts'
import type { ItemRow } from './stock.store.ts'

@Resolver(() => InventoryListing)
export class InventoryListingsResolver {
  @Joined<ListingRow, ConnectionRow>(() => Connection, connectionById, 'connectionId', { description: 'The connection that is told.' })
  declare connection: ConnectionRow

  @Derived<ListingRow>(() => Int, null, (listing) => toldQuantity(listing, listing), { description: 'Items of the listing: packs, where it sells packs. Where EXCLUDED, what it would be told.' })
  declare quantity: number

  @Derived<ListingRow>(() => [QuantityStep], null, (listing) => explainQuantity(listing, listing), { description: 'From what is on hand to `quantity`.' })
  declare explanation: Step[]

  @Derived<ListingRow, 'readQuantity'>(() => Int, ['readQuantity'], ({ readQuantity }) => readQuantity, { nullable: true, description: 'What the marketplace was last read to offer; less than it took, where it sold some since.' })
  declare confirmedQuantity: number | null

  @Derived<ListingRow, 'readAt'>(() => Date, ['readAt'], ({ readAt }) => readAt, { nullable: true, description: 'When that was read.' })
  declare confirmedAt: Date | null

  @Derived<ListingRow>(() => ListingStatus, null, (listing) => listingStatus(toldQuantity(listing, listing), listing), { description: 'Whether the marketplace has what it should.' })
  declare status: Status

  @Derived<ListingRow>(() => String, null, (listing) => listingMessage(toldQuantity(listing, listing), listing), {
    nullable: true, description: 'Why it is EXCLUDED or REJECTED, or what else keeps it from being in step.',
  })
  declare message: string | null
}

@Resolver(() => InventoryItem)
export class ItemListingsResolver {
  @Joined<ItemRow, ListingRow[]>(() => [InventoryListing], listingsOfItem, 'id', { description: 'One for each seller SKU that is mapped to this item on a connection that the warehouse feeds.' })
  declare listings: ListingRow[]
}
