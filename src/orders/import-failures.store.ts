import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { type List, oneOf } from '../db/list.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { one, rows, statement } from '../db/sql.ts'
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

export type FailureOrder = 'LAST_FAILED_DESC'

export const importFailuresList: List<FailuresWanted, FailureOrder> = {
  name: 'importFailures',
  table: 'import_failures',
  columns,
  tenant: 'customer_id',
  sorts: { LAST_FAILED_DESC: { key: 'last_failed_at', kind: 'instant', descending: true } },
  conditions: {
    states: {
      holds: (n, wanted) => (wanted.includes('RESOLVED') ? `state = ANY(${n}::import_failure_state[])` : `${oneOf('state', `${n}::import_failure_state[]`, wanted)} AND state <> 'RESOLVED'`),
      gather: (wanted) => (wanted.includes('RESOLVED') ? 0 : 10_000),
      through: 'state, last_failed_at, id',
    },
    codes: { holds: (n, wanted) => oneOf('code', `${n}::import_failure_code[]`, wanted) },
    connectionIds: { holds: (n, wanted) => oneOf('connection_id', `${n}::uuid[]`, wanted) },
  },
  spread: { connectionIds: (n, wanted) => oneOf('id', `${n}::uuid[]`, wanted) },
}

/** The latest first. */
export const importFailuresPage = (scope: Scope, page: PageRequest, wanted: FailuresWanted): Promise<(ImportFailureRow & { keys: string[] })[]> =>
  readPage(scope, importFailuresList, page, 'LAST_FAILED_DESC', wanted)

export const importFailuresCount = (scope: Scope, wanted: FailuresWanted): Promise<number> => countRows(scope, importFailuresList, 'LAST_FAILED_DESC', wanted)

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

const dismiss = statement('dismissFailures', `UPDATE import_failures SET state = 'DISMISSED', detail = $3, recorded = NULL WHERE ${ofTenant} AND id = ANY($2::uuid[]) AND state = 'OPEN' RETURNING id`)
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
