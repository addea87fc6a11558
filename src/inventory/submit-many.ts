import type { Scope } from '../auth/scope.ts'
import { addToReceipt } from '../jobs/runs.store.ts'
import { type ListingRow, listingsToTell } from './listings.store.ts'
import { toTellOf } from './record-told.ts'
import { insertSubmission } from './submissions.store.ts'
import { behindNow, fenced, type SyncRun } from './sync-run.ts'

/**
 * Tells every SKU that is behind, in as few submissions as hold them; settleSubmissions learns later what became of them. A worker
 * that dies between the call and the row costs a second submission of the same or newer quantities: they are absolute.
 * @throws ChannelError of any kind
 */
export async function submitMany(scope: Scope, run: SyncRun): Promise<void> {
  const { most } = run.channel.bulk
  let after: string | null = null
  for (;;) {
    const behind: ListingRow[] = await listingsToTell(scope, behindNow(scope, run, after, most))
    if (behind.length === 0) return
    const told = behind.map(toTellOf)
    const reference = await run.channel.submitQuantities(run.account, told.map(({ sellerSku, quantity }) => ({ sellerSku, quantity })), run.signal)
    await fenced(scope, run, async (tx) => {
      await insertSubmission(tx, run.claim, reference, told, scope.clock())
      await addToReceipt(tx, run.claim.runId, { sent: told.length })
    })
    if (behind.length < most) return
    after = behind.at(-1)!.sellerSku
  }
}
