// Cadence rows are the truth of what is due: claimed set-wise, held by a lock with a heartbeat, fenced by a token.
import type { Queryable } from '../db/sql.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import { type Tx, transaction } from '../db/transaction.ts'
import type pg from 'pg'

export const jobKinds = ['IMPORT_ORDERS', 'SWEEP_ORDERS', 'SEND_TRACKING', 'CONFIRM_TRACKING', 'SYNC_INVENTORY'] as const
export type JobKind = (typeof jobKinds)[number]
export type JobTrigger = 'CADENCE' | 'MANUAL' | 'RETRY'

/** How long a lock holds without a heartbeat: a killed worker's run is retaken after this. */
export const LOCK_SECONDS = 30

/** A due run that this worker holds. */
export interface Claim {
  connectionId: string
  customerId: string
  kind: JobKind
  runId: string
  token: string
  trigger: JobTrigger
  everySeconds: number
  /** When it fell due; a run that was asked for meanwhile moves the row's away from it. */
  nextRunAt: Date
}

/** This worker's lock has passed to another: whatever it was about to write must not be. */
export class LockLost extends Error {
  constructor(claim: Pick<Claim, 'kind' | 'connectionId'>) {
    super(`${claim.kind} of ${claim.connectionId} is held by another worker now`)
    this.name = 'LockLost'
  }
}

interface Due {
  connectionId: string
  customerId: string
  everySeconds: number
  nextRunAt: Date
  lostRunId: string | null
}

const selectDue = statement(
  'selectDueCadences',
  `SELECT connection_id, customer_id, every_seconds, next_run_at, run_id AS lost_run_id FROM cadences
   WHERE kind = $1::job_kind AND enabled AND next_run_at <= now() AND (locked_until IS NULL OR locked_until < now())
   ORDER BY next_run_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
)
const failLost = statement(
  'failLostRuns',
  `UPDATE job_runs SET status = 'FAILED', finished_at = now(), error_code = 'WORKER_LOST', error_message = 'The worker stopped in the middle; the run was started again.'
   WHERE id = ANY($1::uuid[]) AND status = 'RUNNING'`,
)
const hold = statement(
  'holdCadences',
  `WITH due AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::bool[]) AS due (connection_id, customer_id, lost)),
   queued AS (
     UPDATE job_runs AS job SET status = 'RUNNING', started_at = now() FROM due
     WHERE job.connection_id = due.connection_id AND job.kind = $1::job_kind AND job.status = 'QUEUED' RETURNING job.id, job.connection_id, job.trigger
   ),
   fresh AS (
     INSERT INTO job_runs (customer_id, connection_id, kind, status, trigger)
     SELECT customer_id, connection_id, $1::job_kind, 'RUNNING', CASE WHEN lost THEN 'RETRY' ELSE 'CADENCE' END::job_trigger FROM due
     WHERE connection_id NOT IN (SELECT connection_id FROM queued) RETURNING id, connection_id, trigger
   ),
   started AS (SELECT * FROM queued UNION ALL SELECT * FROM fresh)
   UPDATE cadences SET run_id = started.id, token = gen_random_uuid(), locked_until = now() + make_interval(secs => $5)
   FROM started WHERE cadences.connection_id = started.connection_id AND cadences.kind = $1::job_kind
   RETURNING cadences.connection_id, cadences.customer_id, cadences.kind, cadences.run_id, cadences.token, started.trigger, every_seconds, next_run_at`,
)

/** Takes up to `room` due cadences of a kind, each with its run. Two workers never get the same one. */
export async function claimDue(pool: pg.Pool, kind: JobKind, room: number): Promise<Claim[]> {
  if (room < 1) return []
  return transaction(pool, async (tx) => {
    const due = await rows<Due>(tx, selectDue, [kind, room])
    if (due.length === 0) return []
    const lost = due.flatMap((one) => one.lostRunId ?? [])
    if (lost.length > 0) await run(tx, failLost, [lost])
    return rows<Claim>(tx, hold, [
      kind, due.map((one) => one.connectionId), due.map((one) => one.customerId), due.map((one) => one.lostRunId !== null), LOCK_SECONDS,
    ])
  })
}

const check = statement('fenceCadence', 'SELECT 1 FROM cadences WHERE connection_id = $1 AND kind = $2::job_kind AND token = $3 FOR SHARE')
/** First in each transaction of a run: holds the row until the commit, so that no other worker can take it in between. */
export async function fence(tx: Tx, claim: Claim): Promise<void> {
  if ((await rows(tx, check, [claim.connectionId, claim.kind, claim.token])).length === 0) throw new LockLost(claim)
}

const beat = statement(
  'heartbeatCadences',
  `UPDATE cadences SET locked_until = now() + make_interval(secs => $4)
   FROM unnest($1::uuid[], $2::job_kind[], $3::uuid[]) AS held (connection_id, kind, token)
   WHERE cadences.connection_id = held.connection_id AND cadences.kind = held.kind AND cadences.token = held.token RETURNING held.token`,
)
/** Keeps the locks; returns the tokens that still hold. */
export async function heartbeat(on: Queryable, claims: readonly Claim[]): Promise<Set<string>> {
  const kept = await rows<{ token: string }>(on, beat, [claims.map((one) => one.connectionId), claims.map((one) => one.kind), claims.map((one) => one.token), LOCK_SECONDS])
  return new Set(kept.map((row) => row.token))
}

// A row whose next_run_at moved meanwhile was asked for during the run: it stays due. Else the next one keeps the phase.
const release = statement(
  'releaseCadence',
  `UPDATE cadences SET run_id = NULL, token = NULL, locked_until = NULL, next_run_at = CASE
     WHEN next_run_at <> $4 THEN next_run_at
     WHEN $5::float8 IS NOT NULL THEN least(now() + make_interval(secs => $5), now() + make_interval(secs => every_seconds))
     ELSE next_run_at + make_interval(secs => every_seconds * greatest(1, ceil(extract(epoch FROM now() - next_run_at) / every_seconds))) END
   WHERE connection_id = $1 AND kind = $2::job_kind AND token = $3`,
)
/** Lets go of a cadence; `retryInSeconds` brings a failed one back sooner. False where another worker has it already. */
export async function releaseCadence(tx: Tx, claim: Claim, retryInSeconds: number | null): Promise<boolean> {
  return (await run(tx, release, [claim.connectionId, claim.kind, claim.token, claim.nextRunAt, retryInSeconds])) > 0
}

// While a run is on, its row still says when that one fell due: moving it away lets the cadence fall due again after the run.
const pull = statement(
  'pullCadences',
  `UPDATE cadences SET next_run_at = $3 WHERE connection_id = ANY($1::uuid[]) AND kind = $2::job_kind AND
     (next_run_at > $3 OR next_run_at <= (SELECT started_at FROM job_runs WHERE id = run_id))`,
)
/** Makes the cadences of these connections due at `at`, unless they are sooner; one that runs now falls due again then. */
export async function pullCadences(on: Queryable, connectionIds: readonly string[], kind: JobKind, at: Date): Promise<void> {
  await run(on, pull, [[...new Set(connectionIds)].sort(), kind, at])
}

const left = statement('whereCadenceLeftOff', 'SELECT left_off FROM cadences WHERE connection_id = $1 AND kind = $2::job_kind')
/** What the last run of that kind left for the next to take up; null where it finished. */
export async function whereLeftOff(on: Queryable, connectionId: string, kind: JobKind): Promise<string | null> {
  return (await one<{ leftOff: string | null }>(on, left, [connectionId, kind]))?.leftOff ?? null
}

const leave = statement('leaveCadenceOff', 'UPDATE cadences SET left_off = $3 WHERE connection_id = $1 AND kind = $2::job_kind AND left_off IS DISTINCT FROM $3')
/** Under the fence of the run that holds it. */
export async function leaveOff(tx: Tx, connectionId: string, kind: JobKind, where: string | null): Promise<void> {
  await run(tx, leave, [connectionId, kind, where])
}
