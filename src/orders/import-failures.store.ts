import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { one, rows, type Statement, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'
import type { ImportFailureCode, ImportFailureState } from './import-codes.ts'

export interface ImportFailureRow {
  id: string
  customerId: string
  connectionId: string
  number: string
  state: ImportFailureState
  code: ImportFailureCode
  message: string
  detail: string | null
  sellerSkus: string[]
  firstFailedAt: Date
  lastFailedAt: Date
  attempts: number
  orderId: string | null
}

const columns = 'id, customer_id, connection_id, number, state, code, message, detail, seller_skus, first_failed_at, last_failed_at, attempts, order_id'
const ofTenant = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('importFailuresById', `SELECT ${columns} FROM import_failures WHERE ${ofTenant} AND id = ANY($2::uuid[])`)
export const importFailureById = defineLoader<ImportFailureRow>('importFailureById', async (scope, ids) =>
  byKey(await rows<ImportFailureRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id),
)

export interface FailuresWanted {
  connectionIds: readonly string[] | null
  states: readonly ImportFailureState[] | null
  codes: readonly ImportFailureCode[] | null
}

const wanted = `${ofTenant} AND ($2::uuid[] IS NULL OR connection_id = ANY($2)) AND ($3::import_failure_state[] IS NULL OR state = ANY($3))
  AND ($4::import_failure_code[] IS NULL OR code = ANY($4))`
const pageStatement = (backwards: boolean): Statement =>
  statement(
    `importFailuresPage${backwards ? 'Back' : ''}`,
    `SELECT ${columns}, ARRAY[last_failed_at::text, id::text] AS keys FROM import_failures
     WHERE ${wanted} AND ($5::timestamptz IS NULL OR (last_failed_at, id) ${backwards ? '>' : '<'} ($5, $6::uuid))
     ORDER BY last_failed_at ${backwards ? 'ASC' : 'DESC'}, id ${backwards ? 'ASC' : 'DESC'} LIMIT $7`,
  )
/** The latest first. */
export function importFailuresPage(scope: Scope, page: PageRequest, { connectionIds, states, codes }: FailuresWanted): Promise<(ImportFailureRow & { keys: string[] })[]> {
  return rows(scope.db.pool, pageStatement(page.backwards), [scope.tenant, connectionIds, states, codes, page.from?.[0] ?? null, page.from?.[1] ?? null, page.limit + 1])
}

const count = statement('importFailuresCount', `SELECT count(*)::int AS count FROM import_failures WHERE ${wanted}`)
export async function importFailuresCount(scope: Scope, { connectionIds, states, codes }: FailuresWanted): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, count, [scope.tenant, connectionIds, states, codes]))!.count
}

const open = statement(
  'openFailuresToRetry',
  `SELECT ${columns}, recorded FROM import_failures
   WHERE ${ofTenant} AND state = 'OPEN' AND recorded IS NOT NULL AND ($2::uuid IS NULL OR connection_id = $2) AND ($3::uuid[] IS NULL OR id = ANY($3))
     AND ($4::import_failure_code[] IS NULL OR code = ANY($4)) ORDER BY first_failed_at, id LIMIT $5`,
)
/** Open failures with what was recorded of them, the oldest first. */
export function openFailures(
  scope: Scope,
  which: { connectionId: string | null; failureIds: readonly string[] | null; codes: readonly ImportFailureCode[] | null },
  limit: number,
): Promise<(ImportFailureRow & { recorded: string })[]> {
  return rows(scope.db.pool, open, [scope.tenant, which.connectionId, which.failureIds, which.codes, limit])
}

const dismiss = statement('dismissFailures', `UPDATE import_failures SET state = 'DISMISSED', detail = $3 WHERE ${ofTenant} AND id = ANY($2::uuid[]) AND state = 'OPEN' RETURNING id`)
export async function dismissFailures(scope: Scope, tx: Tx, ids: readonly string[], note: string): Promise<string[]> {
  return (await rows<{ id: string }>(tx, dismiss, [scope.tenant, ids, note])).map((row) => row.id)
}

const ofNumber = statement('importFailureByNumber', `SELECT ${columns} FROM import_failures WHERE ${ofTenant} AND connection_id = $2 AND number = $3`)
export function importFailureByNumber(scope: Scope, connectionId: string, number: string): Promise<ImportFailureRow | null> {
  return one(scope.db.pool, ofNumber, [scope.tenant, connectionId, number])
}

export interface SightingRow {
  state: 'IMPORTED' | 'SKIPPED' | 'FAILED'
  skipReason: string | null
  marketplaceStatus: string | null
  firstSeenAt: Date
  lastSeenAt: Date
  runId: string | null
}
const sighting = statement(
  'sightingByNumber',
  `SELECT state, skip_reason, marketplace_status, first_seen_at, last_seen_at, run_id FROM sightings WHERE ${ofTenant} AND connection_id = $2 AND number = $3`,
)
export function sightingByNumber(scope: Scope, connectionId: string, number: string): Promise<SightingRow | null> {
  return one(scope.db.pool, sighting, [scope.tenant, connectionId, number])
}
