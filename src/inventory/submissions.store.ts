// Submissions that the marketplace has not worked through yet. A row goes when its outcome is recorded.
import type { Scope } from '../auth/scope.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { Owner } from './listing-records.store.ts'
import type { Told } from './record-told.ts'

export interface SubmissionRow {
  id: string
  /** The marketplace's own id of it. */
  reference: string
  submittedAt: Date
}

const open = statement(
  'openSubmissions',
  'SELECT id, reference, submitted_at FROM inventory_submissions WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2 ORDER BY submitted_at, id',
)
/** The oldest first. */
export function openSubmissions(scope: Scope, connectionId: string): Promise<SubmissionRow[]> {
  return rows(scope.db.pool, open, [scope.tenant, connectionId])
}

const insert = statement('insertSubmission', 'INSERT INTO inventory_submissions (connection_id, customer_id, reference, quantities, submitted_at) VALUES ($1, $2, $3, $4, $5)')
export async function insertSubmission(tx: Tx, { connectionId, customerId }: Owner, reference: string, told: readonly Told[], at: Date): Promise<void> {
  await run(tx, insert, [connectionId, customerId, reference, JSON.stringify(told), at])
}

const contents = statement('submittedQuantities', 'SELECT quantities FROM inventory_submissions WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = $2')
/** What it told. */
export async function submittedQuantities(scope: Scope, id: string): Promise<Told[]> {
  return (await one<{ quantities: Told[] }>(scope.db.pool, contents, [scope.tenant, id]))?.quantities ?? []
}

const remove = statement('removeSubmission', 'DELETE FROM inventory_submissions WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = $2')
/** False where it is gone already. */
export async function removeSubmission(tx: Tx, scope: Scope, id: string): Promise<boolean> {
  return (await run(tx, remove, [scope.tenant, id])) > 0
}
