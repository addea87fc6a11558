import type { Scope } from '../auth/scope.ts'
import { ChannelError } from '../marketplaces/channel.ts'
import { type ListingRow, listingsToTell } from './listings.store.ts'
import { recordTold, toTellOf } from './record-told.ts'
import { behindNow, fenced, type SyncRun } from './sync-run.ts'

/** Read few at a time: a call waits for its budget, and stock moves meanwhile. */
const AT_ONCE = 20

/**
 * Tells up to `most` SKUs that are behind, one call each. What was told stays recorded, whatever happens next.
 * @throws ChannelError of any kind but `rejected`
 */
export async function pushFew(scope: Scope, run: SyncRun, most: number): Promise<void> {
  let after: string | null = null
  for (let left = most; left > 0; ) {
    const limit = Math.min(left, AT_ONCE)
    const behind: ListingRow[] = await listingsToTell(scope, behindNow(scope, run, after, limit))
    for (const listing of behind) await push(scope, run, listing)
    if (behind.length < limit) return
    left -= behind.length
    after = behind.at(-1)!.sellerSku
  }
}

async function push(scope: Scope, run: SyncRun, listing: ListingRow): Promise<void> {
  const told = toTellOf(listing)
  const { sellerSku, quantity } = told
  const refusal = await run.channel.setQuantity(run.account, { sellerSku, quantity }, run.signal).then(() => null, refusalOf)
  if (refusal !== null) scope.log.info({ sellerSku, quantity, code: refusal.code }, refusal.message)
  const at = scope.clock()
  await fenced(scope, run, (tx) => refusal === null
    ? recordTold(tx, run, { taken: [told], refused: [], at }, { sent: 1 })
    : recordTold(tx, run, { taken: [], refused: [{ ...told, message: refusal.advice?.words ?? refusal.message }], at }, { rejected: 1 }))
}

function refusalOf(error: unknown): ChannelError {
  if (error instanceof ChannelError && error.kind === 'rejected') return error
  throw error
}
