// How a connection fares: each of these is one statement for all connections of a page.
import { byKey, defineLoader, groupBy } from '../auth/scope.ts'
import { one, type Queryable, rows, statement } from '../db/sql.ts'

const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

export interface Backlog {
  openImportFailures: number
  /** Tracking updates not yet read back from the marketplace. */
  pendingTracking: number
  rejectedTracking: number
}

// Each count is answered by the partial index of just those rows, without the rows: it is the connection that is scoped.
const counts = statement(
  'backlogOfConnections',
  `SELECT connection.id,
     (SELECT count(*)::int FROM import_failures WHERE connection_id = connection.id AND state = 'OPEN') AS open_import_failures,
     (SELECT count(*)::int FROM shipments WHERE connection_id = connection.id AND tracking_status = 'PENDING')
       + (SELECT count(*)::int FROM shipments WHERE connection_id = connection.id AND tracking_status = 'UNCONFIRMED') AS pending_tracking,
     (SELECT count(*)::int FROM shipments WHERE connection_id = connection.id AND tracking_status = 'REJECTED') AS rejected_tracking
   FROM connections AS connection WHERE ${scoped} AND connection.id = ANY($2::uuid[])`,
)
export const backlogOfConnection = defineLoader<Backlog>('backlogOfConnection', async (scope, ids) =>
  byKey(await rows<Backlog & { id: string }>(scope.db.pool, counts, [scope.tenant, ids]), (row) => row.id),
)

// The date alone: what is sealed beside it is read by authorizations.ts and nobody else.
const expiries = statement(
  'authorizationExpiries',
  `SELECT connection.id AS connection_id, expires_at FROM connections AS connection JOIN authorizations ON authorizations.id = authorization_id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.id = ANY($2::uuid[])`,
)
export const authorizationExpiryOfConnection = defineLoader<Date | null>('authorizationExpiryOfConnection', async (scope, ids) => {
  const found = await rows<{ connectionId: string; expiresAt: Date | null }>(scope.db.pool, expiries, [scope.tenant, ids])
  return new Map(found.map((row) => [row.connectionId, row.expiresAt]))
})

export interface QuotaRow {
  connectionId: string
  operation: string
  ratePerSecond: number
  burst: number
  available: number
  throttledUntil: Date | null
}

const callsLeft = `CASE WHEN throttled_until > now() THEN 0
  ELSE floor(least(burst, available + rate_per_second * greatest(0, extract(epoch FROM now() - observed_at)))) END::float8`
const quotas = statement(
  'quotasOfConnections',
  `SELECT connection.id AS connection_id, operation, rate_per_second, burst, throttled_until,
     ${callsLeft} AS available
   FROM connections AS connection JOIN quotas ON quotas.authorization_id = connection.authorization_id
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.id = ANY($2::uuid[]) ORDER BY operation`,
)
export const quotasOfConnection = defineLoader<QuotaRow[]>('quotasOfConnection', async (scope, ids) =>
  groupBy(await rows<QuotaRow>(scope.db.pool, quotas, [scope.tenant, ids]), ids, (row) => row.connectionId),
)

const lags = statement(
  'importLags',
  `SELECT id AS connection, extract(epoch FROM now() - imported_to)::float8 AS seconds, every_seconds
   FROM connections JOIN cadences ON connection_id = connections.id AND kind = 'IMPORT_ORDERS' WHERE status = 'LIVE' AND import_orders AND imported_to IS NOT NULL`,
)
/** Of every live connection that imports, and how often it does; for the operator's metrics, so of no one tenant. */
export const importLags = (on: Queryable): Promise<{ connection: string; seconds: number; everySeconds: number }[]> => rows(on, lags)

const statuses = statement('connectionStatuses', 'SELECT status, count(*)::int AS count FROM connections GROUP BY status')
/** How many connections have each status; for the operator's metrics, as what follows. */
export const connectionStatuses = (on: Queryable): Promise<{ status: string; count: number }[]> => rows(on, statuses)

const waiting = statement(
  'backlogOfAll',
  `SELECT (SELECT count(*)::int FROM import_failures WHERE state = 'OPEN') AS failures,
     (SELECT count(*)::int FROM shipments WHERE tracking_status = 'PENDING') AS pending,
     (SELECT count(*)::int FROM shipments WHERE tracking_status = 'UNCONFIRMED') AS unconfirmed,
     (SELECT count(*)::int FROM shipments WHERE tracking_status = 'REJECTED') AS rejected`,
)
/** What waits for the marketplaces or for people, on all connections. */
export const wholeBacklog = async (on: Queryable) => (await one<{ failures: number; pending: number; unconfirmed: number; rejected: number }>(on, waiting))!

const scarcest = statement('scarcestBudgets', `SELECT operation, min(${callsLeft}) AS left FROM quotas GROUP BY operation ORDER BY operation`)
/** Of each operation, over all authorizations; for the operator's metrics. */
export const scarcestBudgets = (on: Queryable): Promise<{ operation: string; left: number }[]> => rows(on, scarcest)
