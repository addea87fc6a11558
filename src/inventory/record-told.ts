import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import type { NewEvent } from '../events/catalogue.ts'
import { addToReceipt, type Receipt } from '../jobs/runs.store.ts'
import { toldQuantity } from './level.ts'
import { recordRefused, recordTaken } from './listing-records.store.ts'
import type { ListingRow } from './listings.store.ts'
import type { SyncRun } from './sync-run.ts'

/** What a marketplace was told of a SKU, and the item whose stock that is. */
export interface Told {
  sellerSku: string
  inventoryItemId: string
  quantity: number
}

/** What it is to be told, by its stock as it was read. Stock moves on meanwhile: only this number is what was told. */
export const toTellOf = (listing: ListingRow): Told => ({
  sellerSku: listing.sellerSku, inventoryItemId: listing.inventoryItemId, quantity: toldQuantity(listing, listing),
})

export interface Outcome {
  taken: readonly Told[]
  refused: readonly (Told & { message: string })[]
  at: Date
}

/** In the run's transaction: what became of each SKU, with its events, and `count` for the receipt. */
export async function recordTold(tx: Tx, { claim }: SyncRun, { taken, refused, at }: Outcome, count: Receipt): Promise<void> {
  await recordTaken(tx, claim, taken, at)
  const news = await recordRefused(tx, claim, refused, at)
  const event = (type: NewEvent['type'], { inventoryItemId, quantity }: Told, summary: string): NewEvent => ({
    type, customerId: claim.customerId, connectionId: claim.connectionId, jobRunId: claim.runId, inventoryItemId, quantity, summary,
  })
  await appendEvents(tx, [
    ...taken.map((one) => event('INVENTORY_PUSHED', one, `${one.sellerSku}: the marketplace was told ${one.quantity}`)),
    ...refused
      .filter(({ sellerSku }) => news.has(sellerSku))
      .map((one) => event('INVENTORY_REJECTED', one, `${one.sellerSku}: the marketplace refused ${one.quantity}: ${one.message}`)),
  ])
  await addToReceipt(tx, claim.runId, count)
}
