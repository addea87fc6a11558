// Cadence rows are the truth of what is due: claimed set-wise, held by a lock with a heartbeat, fenced by a token.
import type { Queryable } from '../db/sql.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import { type Tx, transaction } from '../db/transaction.ts'
import type pg from 'pg'

export const jobKinds = ['IMPORT_ORDERS', 'SWEEP_ORDERS', 'SEND_TRACKING', 'CONFIRM_TRACKING', 'SYNC_INVENTORY'] as const
export type JobKind = (typeof jobKinds)[number]
export const isJobKind = (word: string): word is JobKind => (jobKinds as readonly string[]).includes(word)
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

/** SQL: where in its interval a cadence falls due, from 0 up to 1: always the same for a connection and kind, and evenly spread, so that ten thousand of them never fall due together. */
export const phaseOf = (connectionId: string, kind: string): string => `((hashtextextended(${connectionId}::text || ' ' || ${kind}::text, 0) & 2147483647) / 2147483648::float8)`

/**
 * SQL: the first time after `instant` at which a cadence regularly falls due. It keeps to its phase whatever happened meanwhile, so that those which a long
 * failure or a backlog has brought together part again.
 */
export const slotAfter = (instant: string, every = 'every_seconds', phase = phaseOf('cadences.connection_id', 'cadences.kind')): string =>
  `to_timestamp((floor(extract(epoch FROM ${instant})::float8 / ${every} - ${phase}) + 1 + ${phase}) * ${every})`

/** SQL: a kind that is paused for the whole gateway; `kind` bears its table's name. What is paused for one connection is not enabled there. */
export const pausedEverywhere = (kind: string): string => `EXISTS (SELECT FROM job_pauses AS pause WHERE pause.connection_id IS NULL AND pause.kind = ${kind})`

/** The advisory lock that each claim shares, and that whoever pauses the gateway has alone: once that is kept, no run begins that had not seen it. */
export const PAUSING = 72707371

interface Due {
  connectionId: string
  customerId: string
  lostRunId: string | null
  /** False where somebody is pausing the gateway at this moment. */
  admitted: boolean
}

const due = statement(
  'kindsDue',
  `SELECT kind FROM unnest(enum_range(NULL::job_kind)) AS kinds (kind)
   WHERE EXISTS (SELECT FROM cadences WHERE cadences.kind = kinds.kind AND enabled AND next_run_at <= now() AND (locked_until IS NULL OR locked_until < now())) AND NOT ${pausedEverywhere('kinds.kind')}`,
)
/** Of which kinds anything is due: most looks find nothing, and begin no transaction. */
export const kindsDue = async (on: Queryable): Promise<JobKind[]> => (await rows<{ kind: JobKind }>(on, due)).map(({ kind }) => kind)

// The longest due first, whichever connection's it is: who has much to do stands last again after each run.
const selectDue = statement(
  'selectDueCadences',
  `SELECT connection_id, customer_id, run_id AS lost_run_id, (SELECT pg_try_advisory_xact_lock_shared(${PAUSING})) AS admitted FROM cadences
   WHERE kind = $1::job_kind AND enabled AND next_run_at <= now() AND (locked_until IS NULL OR locked_until < now()) AND NOT ${pausedEverywhere('$1::job_kind')}
   ORDER BY next_run_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
)
const failLost = statement(
  'failLostRuns',
  `UPDATE job_runs SET status = 'FAILED', finished_at = now(), error_code = 'WORKER_LOST', error_message = 'The worker stopped in the middle; the run was started again.'
   WHERE id = ANY($1::uuid[]) AND status = 'RUNNING'`,
)
const hold = statement(
  'holdCadences',
  `WITH due AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::bool[]) AS due (connection_id, customer_id, lost) WHERE NOT ${pausedEverywhere('$1::job_kind')}),
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
    if (due.length === 0 || due.some(({ admitted }) => !admitted)) return []
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

// What a run's own transaction holds by its fence is passed over until the next beat: nobody can take it meanwhile, and a run that waits for somebody keeps no other from its heartbeat.
const beat = statement(
  'heartbeatCadences',
  `WITH free AS (
     SELECT cadences.connection_id, cadences.kind FROM cadences
     JOIN unnest($1::uuid[], $2::job_kind[], $3::uuid[]) AS held (connection_id, kind, token) USING (connection_id, kind, token) ORDER BY connection_id, kind FOR NO KEY UPDATE OF cadences SKIP LOCKED
   ), beaten AS (
     UPDATE cadences SET locked_until = now() + make_interval(secs => $4) FROM free WHERE cadences.connection_id = free.connection_id AND cadences.kind = free.kind
   )
   SELECT token FROM cadences JOIN unnest($1::uuid[], $2::job_kind[], $3::uuid[]) AS held (connection_id, kind, token) USING (connection_id, kind, token)`,
)
/** Keeps the locks; returns the tokens that still hold. */
export async function heartbeat(on: Queryable, claims: readonly Claim[]): Promise<Set<string>> {
  const kept = await rows<{ token: string }>(on, beat, [claims.map((one) => one.connectionId), claims.map((one) => one.kind), claims.map((one) => one.token), LOCK_SECONDS])
  return new Set(kept.map((row) => row.token))
}

/** How a run ended. */
export interface RunEnd {
  claim: Claim
  /** Calls of the marketplace that its receipt does not count yet. */
  calls: number
  /** Null where it succeeded; `retryInSeconds` brings a failed one back sooner. */
  failure: { code: string; message: string; retryInSeconds: number | null } | null
}

// A row whose next_run_at moved meanwhile was asked for during the run: it stays due. Else it comes at its phase again, a third to four thirds of its interval
// from now: nobody's run, early or late, is followed by another at once.
const end = statement(
  'endRuns',
  `WITH ended AS (
     SELECT ended.* FROM cadences
     JOIN unnest($1::uuid[], $2::job_kind[], $3::uuid[], $4::timestamptz[], $5::float8[], $6::uuid[], $7::int[], $8::text[], $9::text[])
       AS ended (connection_id, kind, token, was_due, retry, run, calls, code, message) USING (connection_id, kind, token) ORDER BY connection_id, kind FOR NO KEY UPDATE OF cadences
   ),
   released AS (
     UPDATE cadences SET run_id = NULL, token = NULL, locked_until = NULL, next_run_at = CASE
       WHEN next_run_at <> was_due THEN next_run_at
       WHEN retry IS NOT NULL THEN now() + make_interval(secs => least(retry, every_seconds))
       ELSE ${slotAfter("now() + make_interval(secs => every_seconds / 3.0)")} END
     FROM ended WHERE cadences.connection_id = ended.connection_id AND cadences.kind = ended.kind RETURNING cadences.connection_id, cadences.kind
   )
   UPDATE job_runs SET status = CASE WHEN code IS NULL THEN 'SUCCEEDED' ELSE 'FAILED' END::job_run_status, finished_at = now(), error_code = code, error_message = message, calls = job_runs.calls + ended.calls
   FROM ended JOIN released USING (connection_id, kind) WHERE job_runs.id = ended.run AND status = 'RUNNING' RETURNING ended.token`,
)
/** Lets go of the cadences and closes the receipts; the tokens of those that this worker still held. What another worker has by now is left alone. */
export async function endRuns(on: Queryable, ends: readonly RunEnd[]): Promise<Set<string>> {
  const ended = await rows<{ token: string }>(on, end, [
    ends.map(({ claim }) => claim.connectionId), ends.map(({ claim }) => claim.kind), ends.map(({ claim }) => claim.token), ends.map(({ claim }) => claim.nextRunAt),
    ends.map(({ failure }) => failure?.retryInSeconds ?? null), ends.map(({ claim }) => claim.runId), ends.map(({ calls }) => calls), ends.map(({ failure }) => failure?.code ?? null), ends.map(({ failure }) => failure?.message ?? null),
  ])
  return new Set(ended.map(({ token }) => token))
}

// While a run is on, its row still says when that one fell due: moving it away lets the cadence fall due again after the run.
const pull = statement(
  'pullCadences',
  `WITH wanted AS (SELECT connection_id FROM cadences WHERE connection_id = ANY($1::uuid[]) AND kind = $2::job_kind ORDER BY connection_id FOR NO KEY UPDATE)
   UPDATE cadences SET next_run_at = greatest($3, now()) FROM wanted WHERE cadences.connection_id = wanted.connection_id AND kind = $2::job_kind AND
     (next_run_at > $3 OR next_run_at <= (SELECT started_at FROM job_runs WHERE id = run_id))`,
)
/** Makes the cadences of these connections due at `at`, and at once where that is past, unless they are sooner; one that runs now falls due again then. It never stands before what is due already. */
export async function pullCadences(on: Queryable, connectionIds: readonly string[], kind: JobKind, at: Date): Promise<void> {
  await run(on, pull, [connectionIds, kind, at])
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

const settle = statement(
  'settleLostRuns',
  `WITH lost AS (
     SELECT connection_id, kind, run_id FROM cadences WHERE token IS NOT NULL AND locked_until < now() AND (NOT enabled OR ${pausedEverywhere('cadences.kind')}) FOR NO KEY UPDATE SKIP LOCKED
   ),
   freed AS (
     UPDATE cadences SET run_id = NULL, token = NULL, locked_until = NULL FROM lost WHERE cadences.connection_id = lost.connection_id AND cadences.kind = lost.kind
   )
   UPDATE job_runs SET status = 'FAILED', finished_at = now(), error_code = 'WORKER_LOST', error_message = 'The worker stopped in the middle.' FROM lost WHERE job_runs.id = lost.run_id AND status = 'RUNNING'`,
)
/** Closes the receipts of killed workers' runs that nobody will retake, as what they did is paused or turned off meanwhile: who waits for the last run to end does not wait for ever. */
export async function settleLostRuns(on: Queryable): Promise<void> {
  await run(on, settle)
}

export interface KindLag {
  kind: JobKind
  /** How many are due and wait for a worker. */
  due: number
  /** For how long the first of them has waited; 0 where none does. */
  seconds: number
  /** For the whole gateway. */
  paused: boolean
}

const lags = statement(
  'lagOfJobs',
  `SELECT kind, ${pausedEverywhere('kinds.kind')} AS paused, coalesce(late.due, 0) AS due, coalesce(late.seconds, 0) AS seconds FROM unnest(enum_range(NULL::job_kind)) AS kinds (kind)
   LEFT JOIN LATERAL (
     SELECT count(*)::int AS due, greatest(extract(epoch FROM now() - min(next_run_at)), 0)::float8 AS seconds FROM cadences
     WHERE cadences.kind = kinds.kind AND enabled AND next_run_at <= now() AND (locked_until IS NULL OR locked_until < now()) AND NOT ${pausedEverywhere('kinds.kind')}
   ) AS late ON true`,
)
/** Of each kind what is due, not claimed and not paused; for the operator's metrics, so of no one tenant. */
export const lagOfJobs = (on: Queryable): Promise<KindLag[]> => rows(on, lags)
