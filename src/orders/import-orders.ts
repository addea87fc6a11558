import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { run as runStatement, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { leaveOff, whereLeftOff } from '../jobs/cadences.ts'
import { setWindow } from '../jobs/runs.store.ts'
import { days, minutes, seconds, shifted } from '../kit/clock.ts'
import { type Channel, type ChannelAccount, ChannelError } from '../marketplaces/channel.ts'
import type { ImportContext, StoredReceipt } from './import-context.ts'
import { afterFailure, readProgress, type SearchProgress, writeProgress } from './search-progress.ts'
import { storeFoundOrders } from './store-found-orders.ts'

/** Each window begins this much before the last one's end: what the marketplace shows late is seen again. */
export const OVERLAP = minutes(10)
const SWEEP = days(7)

const advance = statement('advanceImportedTo', 'UPDATE connections SET imported_to = greatest(imported_to, $2) WHERE id = $1')

/** A run's window begins where the last one ended; a sweep's a week ago, and it moves no cursor back. */
export type ImportWindow = 'SINCE_LAST' | 'SWEEP'
const kindOf = { SINCE_LAST: 'IMPORT_ORDERS', SWEEP: 'SWEEP_ORDERS' } as const

export interface ImportOutcome extends StoredReceipt {
  /** When the search goes on, where the call budget did not reach for all pages; null where all were read. */
  nextAt: Date | null
}

/**
 * One window of a connection: from its cursor, less an overlap, to what the marketplace calls complete. The cursor moves only
 * once all pages are stored. A run that ends before that leaves its place behind, and the next one of its kind goes on from there.
 * @throws ChannelError, LockLost
 */
export async function importOrders(
  scope: Scope,
  from: { channel: Channel; account: ChannelAccount; signal: AbortSignal },
  context: ImportContext & { runId: string },
  window: ImportWindow,
): Promise<ImportOutcome> {
  const { connection, runId } = context
  const kind = kindOf[window]
  const begins = window === 'SWEEP' ? shifted(scope.clock(), -SWEEP) : shifted(connection.importedTo ?? connection.importFrom, -OVERLAP)
  let left = readProgress(await whereLeftOff(scope.db.pool, connection.id, kind), begins)
  const updatedFrom = left === null ? begins : new Date(left.updatedFrom)
  await changing(scope, async (tx) => {
    await context.fence(tx)
    await setWindow(tx, runId, updatedFrom, null)
    await tell(tx, context, 'IMPORT_STARTED', `${connection.name}: an import of orders ${left === null ? 'started' : 'went on where it was'}.`)
  })
  const total: StoredReceipt = { found: 0, imported: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  let windowTo: Date | null = null
  let nextAt: Date | null = null
  try {
    for await (const page of from.channel.searchOrders(from.account, { updatedFrom, goOn: left?.goOn ?? null, signal: from.signal })) {
      windowTo ??= page.windowTo
      if (page.orders.length > 0) {
        const stored = await storeFoundOrders(scope, page.orders, context)
        for (const key of Object.keys(total) as (keyof StoredReceipt)[]) total[key] += stored[key]
      }
      left = page.next === null ? null : { updatedFrom: updatedFrom.toISOString(), goOn: page.next, failures: 0 }
      if (left !== null) await leave(left)
    }
  } catch (error) {
    if (!(error instanceof ChannelError) || left === null) throw error
    const after = afterFailure(left, error)
    if (after !== left) await leave(after)
    if (error.kind !== 'throttled') throw error
    nextAt = shifted(scope.clock(), Math.max(seconds(1), error.retryAfterMs ?? 0))
  }
  const complete = nextAt === null
  await changing(scope, async (tx) => {
    await context.fence(tx)
    if (complete) await leaveOff(tx, connection.id, kind, null)
    if (complete && windowTo !== null) {
      await setWindow(tx, runId, null, windowTo)
      await runStatement(tx, advance, [connection.id, windowTo])
    }
    await tell(tx, context, 'IMPORT_FINISHED', `${connection.name}: ${words(total)}${complete ? '' : '; the call budget is used up, and the import goes on when it has filled'}.`)
  })
  return { ...total, nextAt }

  function leave(where: SearchProgress | null): Promise<void> {
    return changing(scope, async (tx) => {
      await context.fence(tx)
      await leaveOff(tx, connection.id, kind, writeProgress(where))
    })
  }
}

/** For the transaction that records a failed run. */
export async function tellImportFailed(tx: Tx, context: Pick<ImportContext, 'connection'> & { runId: string }, message: string): Promise<void> {
  await tell(tx, context, 'IMPORT_FAILED', `${context.connection.name}: the import of orders failed: ${message}`)
}

async function tell(tx: Tx, { connection, runId }: Pick<ImportContext, 'connection'> & { runId: string }, type: 'IMPORT_STARTED' | 'IMPORT_FINISHED' | 'IMPORT_FAILED', summary: string): Promise<void> {
  await appendEvents(tx, [{ type, customerId: connection.customerId, connectionId: connection.id, jobRunId: runId, summary }])
}

function words({ found, imported, updated, skipped, failed }: StoredReceipt): string {
  if (found === 0) return 'no order has changed'
  return `${found} orders found, of which ${imported} imported, ${updated} updated, ${skipped} skipped, ${failed} failed`
}
