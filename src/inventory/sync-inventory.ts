import type { Scope } from '../auth/scope.ts'
import { transaction } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import type { NewEvent } from '../events/catalogue.ts'
import { type Claim, fence } from '../jobs/cadences.ts'
import { addToReceipt } from '../jobs/runs.store.ts'
import { type Channel, type ChannelAccount, ChannelError } from '../marketplaces/channel.ts'
import { toldQuantity } from './level.ts'
import { type ListingRow, listingsBehind, recordRefused, recordTaken } from './listings.store.ts'

/** Read few at a time: a call waits for its budget, and stock moves meanwhile. */
const AT_ONCE = 20

/**
 * Tells the marketplace the quantity of each mapped SKU of the account's connection where it has another one, or none yet. SKUs
 * whose item the warehouse never knew are left alone: no stock record says nothing of stock. What was told stays recorded, and
 * counted in the run's receipt, whatever happens next.
 * @throws ChannelError of any kind but `rejected`; LockLost where another worker has the run.
 */
export async function syncInventory(
  scope: Scope,
  channel: Channel,
  account: ChannelAccount,
  { claim, signal }: { claim: Claim; signal: AbortSignal },
): Promise<{ sent: number; rejected: number }> {
  const total = { sent: 0, rejected: 0 }
  let after: string | null = null
  for (;;) {
    const behind: ListingRow[] = await listingsBehind(scope, account.connectionId, after, AT_ONCE)
    for (const listing of behind) {
      const taken = await tell(scope, channel, account, listing, claim, signal)
      total.sent += taken ? 1 : 0
      total.rejected += taken ? 0 : 1
    }
    if (behind.length < AT_ONCE) return total
    after = behind.at(-1)!.sellerSku
  }
}

async function tell(scope: Scope, channel: Channel, account: ChannelAccount, listing: ListingRow, claim: Claim, signal: AbortSignal): Promise<boolean> {
  const { sellerSku, customerId, connectionId, inventoryItemId } = listing
  const quantity = toldQuantity(listing, listing)
  const refusal = await channel.setQuantity(account, { sellerSku, quantity }, signal).then(() => null, refusalOf)
  const event = { customerId, connectionId, inventoryItemId, jobRunId: claim.runId, quantity }
  await transaction(scope.db.pool, async (tx) => {
    await fence(tx, claim)
    if (refusal === null) {
      await recordTaken(tx, listing, quantity)
      await appendEvents(tx, [{ ...event, type: 'INVENTORY_PUSHED', summary: `${sellerSku}: the marketplace was told ${quantity}` }])
    } else {
      await recordRefused(tx, listing, refusal.message)
      await appendEvents(tx, refusedAlike(listing, refusal) ? [] : [rejection(event, sellerSku, refusal)])
    }
    await addToReceipt(tx, claim.runId, refusal === null ? { sent: 1 } : { rejected: 1 })
  })
  return refusal === null
}

function refusalOf(error: unknown): ChannelError {
  if (error instanceof ChannelError && error.kind === 'rejected') return error
  throw error
}

// Each run tries a refused listing again, as it may have been mended over there; that it was not is no news.
const refusedAlike = (listing: ListingRow, refusal: ChannelError): boolean => listing.recordedStatus === 'REJECTED' && listing.message === refusal.message

const rejection = (event: Omit<NewEvent, 'type' | 'summary'>, sellerSku: string, refusal: ChannelError): NewEvent => ({
  ...event,
  type: 'INVENTORY_REJECTED',
  summary: `${sellerSku}: the marketplace refused ${event.quantity}: ${refusal.message}`,
})
