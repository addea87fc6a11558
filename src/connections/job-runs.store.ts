import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { type List, oneOf } from '../db/list.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { JobKind, JobTrigger } from '../jobs/cadences.ts'
import type { PageRequest } from '../kit/page.ts'

export type JobRunStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED'

export interface JobRunRow {
  id: string
  customerId: string
  connectionId: string
  kind: JobKind
  status: JobRunStatus
  trigger: JobTrigger
  /** Of a QUEUED one: when it was asked for. */
  startedAt: Date
  finishedAt: Date | null
  windowFrom: Date | null
  windowTo: Date | null
  calls: number
  found: number
  imported: number
  updated: number
  unchanged: number
  skipped: number
  failed: number
  sent: number
  accepted: number
  rejected: number
  errorCode: string | null
  errorMessage: string | null
}

const columnNames = [
  'id', 'customer_id', 'connection_id', 'kind', 'status', 'trigger', 'started_at', 'finished_at', 'window_from', 'window_to', 'calls', 'found',
  'imported', 'updated', 'unchanged', 'skipped', 'failed', 'sent', 'accepted', 'rejected', 'error_code', 'error_message',
]
const columns = columnNames.join(', ')
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('jobRunsById', `SELECT ${columns} FROM job_runs WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const jobRunById = defineLoader<JobRunRow>('jobRunById', async (scope, ids) =>
  byKey(await rows<JobRunRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id),
)

const watched = statement('jobRunsWatched', `SELECT ${columns} FROM job_runs WHERE id = ANY($1::uuid[])`)
/** Of any customers: each was asked for by someone who may see it, which was looked at then. */
export function jobRunsWatched(on: Queryable, ids: readonly string[]): Promise<JobRunRow[]> {
  return rows<JobRunRow>(on, watched, [ids])
}

// One short index scan for each connection and kind, however long the history is.
const latest = statement(
  'latestJobRuns',
  `SELECT ${columnNames.map((name) => `run.${name}`).join(', ')}
   FROM unnest($2::uuid[]) AS wanted (connection_id) CROSS JOIN unnest(enum_range(NULL::job_kind)) AS kinds (kind)
   CROSS JOIN LATERAL (
     SELECT * FROM job_runs WHERE ${scoped} AND connection_id = wanted.connection_id AND kind = kinds.kind AND status <> 'QUEUED'
     ORDER BY started_at DESC, id DESC LIMIT 1
   ) AS run`,
)
/** The last run of each kind of a connection, running or finished. */
export const latestJobRunsOfConnection = defineLoader<Partial<Record<JobKind, JobRunRow>>>('latestJobRunsOfConnection', async (scope, ids) => {
  const found = new Map<string, Partial<Record<JobKind, JobRunRow>>>()
  for (const row of await rows<JobRunRow>(scope.db.pool, latest, [scope.tenant, ids])) {
    found.set(row.connectionId, { ...found.get(row.connectionId), [row.kind]: row })
  }
  return found
})

export interface JobRunsWanted {
  connectionIds: readonly string[] | null
  kinds: readonly JobKind[] | null
  statuses: readonly JobRunStatus[] | null
}

export type JobRunOrder = 'STARTED_DESC'

export const jobRunsList: List<JobRunsWanted, JobRunOrder> = {
  name: 'jobRuns',
  table: 'job_runs',
  columns,
  tenant: 'customer_id',
  sorts: { STARTED_DESC: { key: 'started_at', kind: 'instant', descending: true } },
  conditions: {
    statuses: {
      holds: (n, wanted) => `status = ANY(${n}::text[]::job_run_status[])${wanted.includes('SUCCEEDED') ? '' : " AND status <> 'SUCCEEDED'"}`,
      gather: (wanted) => (wanted.includes('SUCCEEDED') ? 0 : 10_000),
      through: 'status, started_at, id',
    },
    kinds: { holds: (n, wanted) => oneOf('kind', `${n}::text[]::job_kind[]`, wanted), prunes: true },
    connectionIds: { holds: (n, wanted) => oneOf('connection_id', `${n}::uuid[]`, wanted) },
  },
  spread: { connectionIds: (n, wanted) => oneOf('id', `${n}::uuid[]`, wanted) },
}

/** The newest first. */
export const jobRunsPage = (scope: Scope, page: PageRequest, wanted: JobRunsWanted): Promise<(JobRunRow & { keys: string[] })[]> =>
  readPage(scope, jobRunsList, page, 'STARTED_DESC', wanted)

export const jobRunsCount = (scope: Scope, wanted: JobRunsWanted): Promise<number> => countRows(scope, jobRunsList, 'STARTED_DESC', wanted)

// The update changes nothing: it is how an INSERT answers with the row that was there first.
const queue = statement(
  'queueJobRun',
  `INSERT INTO job_runs (customer_id, connection_id, kind, status, trigger) VALUES ($1, $2, $3, 'QUEUED', 'MANUAL')
   ON CONFLICT (connection_id, kind) WHERE status = 'QUEUED' DO UPDATE SET trigger = job_runs.trigger RETURNING ${columns}`,
)
/** A run that waits for a worker, or the one that waits already. */
export async function queueJobRun(tx: Tx, { customerId, connectionId, kind }: Pick<JobRunRow, 'customerId' | 'connectionId' | 'kind'>): Promise<JobRunRow> {
  return (await one<JobRunRow>(tx, queue, [customerId, connectionId, kind]))!
}

const dropQueued = statement(
  'dropQueuedJobRuns',
  `UPDATE job_runs SET status = 'FAILED', finished_at = now(), error_code = 'DISCONNECTED', error_message = 'The connection was disconnected before the run began.'
   WHERE ${scoped} AND connection_id = $2 AND status = 'QUEUED'`,
)
/** Ends what waits for a worker on a connection that no worker will serve again. */
export async function dropQueuedRuns(tx: Tx, scope: Scope, connectionId: string): Promise<void> {
  await run(tx, dropQueued, [scope.tenant, connectionId])
}
