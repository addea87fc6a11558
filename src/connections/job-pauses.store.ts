// What is paused: a kind of job of one connection, or of the whole gateway. jobs/cadences.ts asks for the latter at each claim; the former are not enabled.
import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { type JobKind, PAUSING } from '../jobs/cadences.ts'
import type { PageRequest } from '../kit/page.ts'
import type { ConnectionRow } from './connections.store.ts'

export interface JobPauseRow {
  id: string
  /** Null: of the whole gateway. */
  connectionId: string | null
  kind: JobKind
  reason: string
  pausedAt: Date
  pausedBy: string
}

const columns = 'id, connection_id, kind, reason, paused_at, paused_by'
/** What is paused for all is everybody's to see. */
const visible = '($1::uuid[] IS NULL OR customer_id IS NULL OR customer_id = ANY($1))'

const byId = statement('jobPausesById', `SELECT ${columns} FROM job_pauses WHERE ${visible} AND id = ANY($2::uuid[])`)
export const jobPauseById = defineLoader<JobPauseRow>('jobPauseById', async (scope, ids) => byKey(await rows<JobPauseRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id))

const ofConnections = statement(
  'jobPausesOfConnections',
  `SELECT ${columns} FROM job_pauses WHERE ${visible} AND (connection_id IS NULL OR connection_id = ANY($2::uuid[])) ORDER BY kind, connection_id NULLS FIRST`,
)
/** All that keeps a connection's jobs from running, that of the whole gateway too. */
export const jobPausesOfConnection = defineLoader<JobPauseRow[]>('jobPausesOfConnection', async (scope, ids) => {
  const found = await rows<JobPauseRow>(scope.db.pool, ofConnections, [scope.tenant, ids])
  const own = groupBy(found, ids, ({ connectionId }) => connectionId ?? '')
  return new Map(ids.map((id) => [id, [...found.filter(({ connectionId }) => connectionId === null), ...own.get(id)!]]))
})

const everywhere = statement('jobPausesEverywhere', `SELECT ${columns} FROM job_pauses WHERE ${visible} AND connection_id IS NULL ORDER BY kind`)
/** Those of the whole gateway. */
export const pausesEverywhere = (on: Queryable, scope: Scope): Promise<JobPauseRow[]> => rows(on, everywhere, [scope.tenant])

const of = statement('jobPauseOf', `SELECT ${columns} FROM job_pauses WHERE ${visible} AND (connection_id IS NULL OR connection_id = $2) AND kind = $3::job_kind ORDER BY connection_id NULLS FIRST LIMIT 1`)
/** What keeps this kind of a connection's jobs from running; null where nothing does. */
export async function pauseOf(tx: Tx, scope: Scope, connectionId: string, kind: JobKind): Promise<JobPauseRow | null> {
  return (await rows<JobPauseRow>(tx, of, [scope.tenant, connectionId, kind]))[0] ?? null
}

export interface JobPausesWanted {
  connectionIds: readonly string[] | null
  kinds: readonly JobKind[] | null
  /** Of the whole gateway, or of connections. */
  everywhere: boolean | null
}

export const jobPausesList: List<JobPausesWanted, 'PAUSED_DESC'> = {
  name: 'jobPauses',
  table: 'job_pauses',
  columns,
  // As `visible` has it.
  tenant: 'coalesce(customer_id, ($1::uuid[])[1])',
  sorts: { PAUSED_DESC: { key: 'paused_at', kind: 'instant', descending: true } },
  conditions: {
    everywhere: { holds: (n) => `(connection_id IS NULL) = ${n}::bool` },
    connectionIds: { holds: (n) => `connection_id = ANY(${n}::uuid[])` },
    kinds: { holds: (n) => `kind = ANY(${n}::text[]::job_kind[])` },
  },
}
export const jobPausesPage = (scope: Scope, page: PageRequest, wanted: JobPausesWanted): Promise<(JobPauseRow & { keys: string[] })[]> =>
  readPage(scope, jobPausesList, page, 'PAUSED_DESC', wanted)
export const jobPausesCount = (scope: Scope, wanted: JobPausesWanted): Promise<number> => countRows(scope, jobPausesList, 'PAUSED_DESC', wanted)

const insert = statement(
  'pauseJobs',
  `INSERT INTO job_pauses (customer_id, connection_id, kind, reason, paused_by)
   SELECT connection.customer_id, connection.id, kind, $4, $5 FROM connections AS connection CROSS JOIN unnest($3::text[]::job_kind[]) AS kind
   WHERE ($1::uuid[] IS NULL OR connection.customer_id = ANY($1)) AND connection.id = ANY($2::uuid[])
   ON CONFLICT (connection_id, kind) DO NOTHING RETURNING ${columns}`,
)
/** Pauses these kinds of these connections, and answers with what was not paused before; deriveCadences then stops them. */
export function pauseKinds(tx: Tx, scope: Scope, connectionIds: readonly string[], kinds: readonly JobKind[], reason: string): Promise<JobPauseRow[]> {
  return rows(tx, insert, [scope.tenant, connectionIds, kinds, reason, scope.actor.name])
}

const remove = statement('resumeJobs', `DELETE FROM job_pauses WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = ANY($2::uuid[]) AND kind = ANY($3::text[]::job_kind[]) RETURNING ${columns}`)
/** Ends the pauses of these kinds of these connections, and answers with those that there were. */
export function resumeKinds(tx: Tx, scope: Scope, connectionIds: readonly string[], kinds: readonly JobKind[]): Promise<JobPauseRow[]> {
  return rows(tx, remove, [scope.tenant, connectionIds, kinds])
}

const pausing = statement('pausingJobs', `SELECT pg_advisory_xact_lock(${PAUSING})`)
const insertEverywhere = statement(
  'pauseJobsEverywhere',
  `INSERT INTO job_pauses (kind, reason, paused_by) SELECT kind, $2, $3 FROM unnest($1::text[]::job_kind[]) AS kind ON CONFLICT (kind) WHERE connection_id IS NULL DO NOTHING RETURNING ${columns}`,
)
/** Pauses these kinds of the whole gateway: once that is kept, no run of them begins. Answers with what was not paused before. */
export async function pauseKindsEverywhere(tx: Tx, scope: Scope, kinds: readonly JobKind[], reason: string): Promise<JobPauseRow[]> {
  await run(tx, pausing)
  return rows(tx, insertEverywhere, [kinds, reason, scope.actor.name])
}

const removeEverywhere = statement('resumeJobsEverywhere', `DELETE FROM job_pauses WHERE $1::uuid[] IS NULL AND connection_id IS NULL AND kind = ANY($2::text[]::job_kind[]) RETURNING ${columns}`)
/** Ends the pauses of these kinds of the whole gateway, and answers with those that there were. */
export function resumeKindsEverywhere(tx: Tx, scope: Scope, kinds: readonly JobKind[]): Promise<JobPauseRow[]> {
  return rows(tx, removeEverywhere, [scope.tenant, kinds])
}

const stopped = statement(
  'connectionsWithKinds',
  `SELECT id, customer_id, name FROM connections WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1))
     AND EXISTS (SELECT FROM cadences WHERE connection_id = connections.id AND enabled AND kind = ANY($2::text[]::job_kind[])) ORDER BY id`,
)
/** The connections of which any of these kinds of jobs runs by itself. */
export function connectionsWithKinds(tx: Tx, scope: Scope, kinds: readonly JobKind[]): Promise<Pick<ConnectionRow, 'id' | 'customerId' | 'name'>[]> {
  return rows(tx, stopped, [scope.tenant, kinds])
}
