import type { Scope } from '../auth/scope.ts'
import { shifted } from '../kit/clock.ts'
import { recordRead, recordTaken } from './listing-records.store.ts'
import { NOT_LISTED } from './listing.ts'
import { listingsToAsk, listingsToReadBack, type ListingRow } from './listings.store.ts'
import { recordTold, toTellOf } from './record-told.ts'
import { behindNow, fenced, type SyncRun } from './sync-run.ts'
import { ASK_AGAIN_AFTER, LESS_IS_LEFT_FOR, READ_BACK_AFTER } from './sync-times.ts'

/** Recorded at a time: what was read stays, should the budget end or the worker die. */
const AT_ONCE = 200
/** Of those that were told or not looked at for long, a run: a sample, as each page of answers is a call. */
const SAMPLE = 100

/**
 * Before a SKU is first told, and weekly from then on: who ships it? What the marketplace ships itself must never be told a quantity,
 * which would make it the merchant's to ship.
 * @throws ChannelError of any kind
 */
export async function askWhoShips(scope: Scope, run: SyncRun): Promise<void> {
  let after: string | null = null
  for (;;) {
    const asked: ListingRow[] = await listingsToAsk(scope, behindNow(scope, run, after, AT_ONCE))
    await readAndRecord(scope, run, asked)
    if (asked.length < AT_ONCE) return
    after = asked.at(-1)!.sellerSku
  }
}

/**
 * Looks at what the marketplace made of what it was told: taken is not applied. What strays (listing.ts) is behind again.
 * @throws ChannelError of any kind
 */
export async function readBack(scope: Scope, run: SyncRun): Promise<void> {
  const now = scope.clock()
  const told = await listingsToReadBack(scope, run.claim.connectionId, {
    toldBy: shifted(now, -READ_BACK_AFTER), lessBy: shifted(now, -LESS_IS_LEFT_FOR), readBy: shifted(now, -ASK_AGAIN_AFTER), limit: SAMPLE,
  })
  for (let start = 0; start < told.length; start += AT_ONCE) await readAndRecord(scope, run, told.slice(start, start + AT_ONCE))
}

/** A quantity that the marketplace has already counts as taken: it need not be told. */
async function readAndRecord(scope: Scope, run: SyncRun, listings: readonly ListingRow[]): Promise<void> {
  if (listings.length === 0) return
  const offered = await run.channel.readListings(run.account, listings.map(({ sellerSku }) => sellerSku), run.signal)
  const bySku = new Map(offered.map((one) => [one.sellerSku, one]))
  const now = scope.clock()
  const readings = listings.map(({ sellerSku }) => {
    const { fulfilledBy = null, quantity = null } = bySku.get(sellerSku) ?? {}
    return { sellerSku, fulfilledBy, quantity: fulfilledBy === 'MERCHANT' ? quantity : null }
  })
  const inStep = listings.map((listing) => ({ listing, told: toTellOf(listing) })).filter(({ listing, told }) => {
    const { fulfilledBy, quantity } = bySku.get(told.sellerSku) ?? {}
    return fulfilledBy === 'MERCHANT' && quantity === told.quantity && listing.pushedQuantity !== told.quantity
  })
  const unlisted = listings.filter(({ sellerSku }) => !bySku.has(sellerSku)).map((listing) => ({ ...toTellOf(listing), message: NOT_LISTED }))
  await fenced(scope, run, async (tx) => {
    await recordRead(tx, run.claim, readings, now)
    await recordTaken(tx, run.claim, inStep.map(({ told }) => told), now)
    await recordTold(tx, run, { taken: [], refused: unlisted, at: now }, { rejected: unlisted.length })
  })
}
