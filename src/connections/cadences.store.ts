// A connection's cadence rows: made, switched and timed here; jobs/cadences.ts claims and runs what is due.
import { defineLoader, type Scope } from '../auth/scope.ts'
import { rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { type JobKind, pausedEverywhere, phaseOf, slotAfter } from '../jobs/cadences.ts'
import type { ConnectionRow } from './connections.store.ts'

export interface CadenceRow {
  connectionId: string
  kind: JobKind
  everySeconds: number
  /** Whether it runs at present. */
  enabled: boolean
  nextRunAt: Date
}

const insertRows = statement(
  'insertCadences',
  `INSERT INTO cadences (connection_id, customer_id, kind, every_seconds, enabled, next_run_at)
   SELECT $1::uuid, $2::uuid, kind, every, false, CASE WHEN $4 THEN now() ELSE ${slotAfter('now()', 'every', phaseOf('$1::uuid', 'kind'))} END
   FROM jsonb_to_recordset($3) AS cadence (kind job_kind, every int)`,
)
/** `every` in seconds; all due at once where asked for, else each at its phase. They run once deriveCadences has enabled them. */
export async function insertCadences(tx: Tx, connection: ConnectionRow, cadences: readonly { kind: JobKind; every: number }[], dueNow: boolean): Promise<void> {
  await run(tx, insertRows, [connection.id, connection.customerId, JSON.stringify(cadences), dueNow])
}

const derive = statement(
  'deriveCadences',
  `UPDATE cadences AS cadence SET enabled = derived.enabled
   FROM (SELECT cadence.connection_id, cadence.kind, connection.status = 'LIVE'
           AND NOT EXISTS (SELECT FROM job_pauses AS pause WHERE pause.connection_id = connection.id AND pause.kind = cadence.kind) AND CASE
           WHEN cadence.kind IN ('IMPORT_ORDERS', 'SWEEP_ORDERS') THEN connection.import_orders
           WHEN cadence.kind = 'SYNC_INVENTORY' THEN connection.inventory_sync
           ELSE true END AS enabled
         FROM cadences AS cadence JOIN connections AS connection ON connection.id = cadence.connection_id
         WHERE cadence.connection_id = ANY($1::uuid[])) AS derived
   WHERE cadence.connection_id = derived.connection_id AND cadence.kind = derived.kind AND cadence.enabled <> derived.enabled`,
)
/** The one rule of which cadences run: those of a live connection that its settings ask for and nobody has paused. After every write of any of these. */
export async function deriveCadences(tx: Tx, connectionIds: readonly string[]): Promise<void> {
  await run(tx, derive, [connectionIds])
}

const setEvery = statement(
  'setCadenceSeconds',
  `UPDATE cadences SET every_seconds = $3::int, next_run_at = least(next_run_at, ${slotAfter('now()', '$3::int')}) WHERE connection_id = $1 AND kind = $2`,
)
/** A shorter interval counts from now, a longer one from the run that is already due. Those of many connections that are set at one stroke do not fall due together. */
export async function setCadenceSeconds(tx: Tx, connectionId: string, kind: JobKind, everySeconds: number): Promise<void> {
  await run(tx, setEvery, [connectionId, kind, everySeconds])
}

const dueNow = statement(
  'makeCadencesDue',
  `UPDATE cadences SET next_run_at = now() + random() * $3::float8 * interval '1 second'
   WHERE connection_id = $1 AND ($2::text[] IS NULL OR kind::text = ANY($2)) AND enabled`,
)
/**
 * Lets enabled cadences (of these kinds, or all) fall due within so many seconds, 0 for at once; how many there were. It moves also
 * one that is due already: a run under way tells by it that another was asked for.
 */
export function makeCadencesDue(tx: Tx, connectionId: string, kinds: readonly JobKind[] | null, withinSeconds: number): Promise<number> {
  return run(tx, dueNow, [connectionId, kinds, withinSeconds])
}

const secondsOf = statement('cadenceSecondsOf', 'SELECT kind, every_seconds FROM cadences WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2')
export async function cadenceSecondsOf(tx: Tx, scope: Scope, connectionId: string): Promise<Record<JobKind, number>> {
  const found = await rows<Pick<CadenceRow, 'kind' | 'everySeconds'>>(tx, secondsOf, [scope.tenant, connectionId])
  return Object.fromEntries(found.map((row) => [row.kind, row.everySeconds])) as Record<JobKind, number>
}

const ofConnections = statement(
  'cadencesOfConnections',
  `SELECT connection_id, kind, every_seconds, enabled AND NOT ${pausedEverywhere('cadences.kind')} AS enabled, next_run_at FROM cadences WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = ANY($2::uuid[])`,
)
export const cadencesOfConnection = defineLoader<Record<JobKind, CadenceRow>>('cadencesOfConnection', async (scope, ids) => {
  const found = new Map<string, Record<JobKind, CadenceRow>>()
  for (const row of await rows<CadenceRow>(scope.db.pool, ofConnections, [scope.tenant, ids])) {
    found.set(row.connectionId, { ...found.get(row.connectionId), [row.kind]: row } as Record<JobKind, CadenceRow>)
  }
  return found
})
