import { run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'

/** What a run adds to its receipt. found = imported + updated + unchanged + skipped + failed: the database insists. */
export interface Receipt {
  calls?: number
  found?: number
  imported?: number
  updated?: number
  unchanged?: number
  skipped?: number
  failed?: number
  sent?: number
  accepted?: number
  rejected?: number
}

const add = statement(
  'addToReceipt',
  `UPDATE job_runs SET calls = calls + $2, found = found + $3, imported = imported + $4, updated = updated + $5, unchanged = unchanged + $6,
     skipped = skipped + $7, failed = failed + $8, sent = sent + $9, accepted = accepted + $10, rejected = rejected + $11 WHERE id = $1`,
)
/** In the transaction of the work that it counts. */
export async function addToReceipt(tx: Tx, runId: string, by: Receipt): Promise<void> {
  await run(tx, add, [
    runId, by.calls ?? 0, by.found ?? 0, by.imported ?? 0, by.updated ?? 0, by.unchanged ?? 0, by.skipped ?? 0, by.failed ?? 0, by.sent ?? 0, by.accepted ?? 0, by.rejected ?? 0,
  ])
}

const window = statement('setRunWindow', 'UPDATE job_runs SET window_from = coalesce($2, window_from), window_to = coalesce($3, window_to) WHERE id = $1')
export async function setWindow(tx: Tx, runId: string, from: Date | null, to: Date | null): Promise<void> {
  await run(tx, window, [runId, from, to])
}
