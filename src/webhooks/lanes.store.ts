// A lane: what one webhook is to be told, in order, by one worker at a time.
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { EventType } from '../events/catalogue.ts'
import type { Position } from '../events/read.ts'

/** What has come on a connection: of which types. */
export interface Come {
  connectionId: string
  types: readonly EventType[]
}

const wake = statement(
  'wakeWebhooks',
  `UPDATE webhooks SET wakes = wakes + 1, next_attempt_at = coalesce(next_attempt_at, $2)
   FROM json_to_recordset($1) AS come ("connectionId" uuid, types json)
   WHERE active AND connection_id = "connectionId" AND topics && ARRAY(SELECT json_array_elements_text(types))`,
)
/** Something has come for those who listen to it. */
export const wakeWebhooks = (tx: Tx, come: readonly Come[], now: Date): Promise<number> => run(tx, wake, [JSON.stringify(come), now])

export interface Lane {
  id: string
  customerId: string
  connectionId: string
  url: string
  topics: EventType[]
  secret: string
  previousSecret: string | null
  previousSecretUntil: Date | null
  xid: string
  eventId: string
  attempts: number
  failingSince: Date | null
  wakes: string
  /** Proves the claim: who has lost it writes nothing. */
  token: string
}

const claim = statement(
  'claimLanes',
  `UPDATE webhooks SET token = gen_random_uuid(), locked_until = $2::timestamptz + make_interval(secs => $3)
   WHERE id IN (
     SELECT id FROM webhooks WHERE active AND next_attempt_at <= $2 AND (locked_until IS NULL OR locked_until < $2)
     ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
   ) RETURNING id, customer_id, connection_id, url, topics, secret, previous_secret, previous_secret_until, xid::text, event_id::text, attempts, failing_since, wakes::text, token`,
)
export const claimLanes = (on: Queryable, most: number, now: Date, seconds: number): Promise<Lane[]> => rows(on, claim, [most, now, seconds])

export interface Told {
  eventId: string
  statusCode: number
}

const recordTold = statement(
  'recordTold',
  `WITH lane AS (
     UPDATE webhooks SET xid = $3::xid8, event_id = $4::bigint, attempts = 0, failing_since = NULL, locked_until = $5::timestamptz + make_interval(secs => $6)
     WHERE id = $1 AND token = $2 RETURNING id, customer_id
   ), told AS (
     INSERT INTO webhook_deliveries (customer_id, webhook_id, event_id, status, attempts, last_status_code, created_at, delivered_at)
     SELECT customer_id, id, event_id, 'SENT', 1, status_code, $5, $5
     FROM lane CROSS JOIN ROWS FROM (unnest($7::bigint[]), unnest($8::int[])) WITH ORDINALITY AS one (event_id, status_code, n) ORDER BY n
     ON CONFLICT (webhook_id, event_id) DO UPDATE SET status = 'SENT', attempts = webhook_deliveries.attempts + 1, last_status_code = excluded.last_status_code,
       delivered_at = excluded.delivered_at, error = NULL, next_attempt_at = NULL, again = false, token = NULL
   ) SELECT FROM lane`,
)
/** These were told, and everything up to a place. The claim goes on; false where it is lost. */
export async function recordDelivered(on: Queryable, { id, token }: Lane, place: Position, told: readonly Told[], now: Date, seconds: number): Promise<boolean> {
  return (await rows(on, recordTold, [id, token, place.xid, place.id, now, seconds, told.map(({ eventId }) => eventId), told.map(({ statusCode }) => statusCode)])).length > 0
}

export interface FailedTry {
  eventId: string
  statusCode: number | null
  error: string
}

const fail = statement(
  'failLane',
  `UPDATE webhooks SET attempts = attempts + 1, failing_since = coalesce(failing_since, $3), next_attempt_at = $4, token = NULL, locked_until = NULL,
     active = $5::text IS NULL, disabled_reason = $5
   WHERE id = $1 AND token = $2`,
)
const failedTry = statement(
  'recordFailedTry',
  `INSERT INTO webhook_deliveries (customer_id, webhook_id, event_id, status, attempts, last_status_code, error, next_attempt_at, created_at)
   VALUES ($1, $2, $3::bigint, $4::delivery_status, 1, $5, $6, $7, $8)
   ON CONFLICT (webhook_id, event_id) DO UPDATE SET status = excluded.status, attempts = webhook_deliveries.attempts + 1, last_status_code = excluded.last_status_code,
     error = excluded.error, next_attempt_at = excluded.next_attempt_at, again = false, token = NULL`,
)
/** The next event was not taken. It is tried again then; null: the webhook is stopped, for `reason`. The claim ends; false where it was lost. */
export async function recordFailed(tx: Tx, { id, customerId, token }: Lane, { eventId, statusCode, error }: FailedTry, now: Date, next: { retryAt: Date } | { reason: string }): Promise<boolean> {
  const [retryAt, reason] = 'reason' in next ? [null, next.reason] : [next.retryAt, null]
  if ((await run(tx, fail, [id, token, now, retryAt, reason])) === 0) return false
  await run(tx, failedTry, [customerId, id, eventId, retryAt === null ? 'FAILED' : 'PENDING', statusCode, error, retryAt, now])
  return true
}

const end = statement(
  'endLane',
  `UPDATE webhooks SET token = NULL, locked_until = NULL, next_attempt_at = CASE WHEN $3 AND wakes = $4::bigint THEN NULL ELSE $5::timestamptz END WHERE id = $1 AND token = $2`,
)
/** The claim ends. `whole`: all was told that had come when the lane was claimed. */
export const endLane = (on: Queryable, { id, token, wakes }: Lane, whole: boolean, now: Date): Promise<number> => run(on, end, [id, token, whole, wakes, now])

/** A delivery that somebody asked for again. */
export interface Again extends Pick<Lane, 'url' | 'secret' | 'previousSecret' | 'previousSecretUntil'> {
  id: string
  webhookId: string
  eventId: string
  token: string
}
const claimAgain = statement(
  'claimRedeliveries',
  `UPDATE webhook_deliveries AS delivery SET token = gen_random_uuid(), next_attempt_at = $2::timestamptz + make_interval(secs => $3) FROM webhooks AS webhook
   WHERE webhook.id = delivery.webhook_id AND delivery.id IN (
     SELECT id FROM webhook_deliveries WHERE again AND next_attempt_at <= $2 ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
   ) RETURNING delivery.id, webhook_id, delivery.event_id::text, delivery.token, url, secret, previous_secret, previous_secret_until`,
)
/** Up to so many; one whose worker dies is due again after that. */
export const claimRedeliveries = (on: Queryable, most: number, now: Date, seconds: number): Promise<Again[]> => rows(on, claimAgain, [most, now, seconds])

const settleAgain = statement(
  'settleRedelivery',
  `UPDATE webhook_deliveries SET status = (CASE WHEN $3 THEN 'SENT' ELSE 'FAILED' END)::delivery_status, attempts = attempts + 1, last_status_code = $4, error = $5,
     again = false, token = NULL, next_attempt_at = NULL, delivered_at = CASE WHEN $3 THEN $6 ELSE delivered_at END
   WHERE id = $1 AND token = $2`,
)
export const settleRedelivery = (on: Queryable, { id, token }: Again, { taken, statusCode, error }: { taken: boolean; statusCode: number | null; error: string | null }, now: Date): Promise<number> =>
  run(on, settleAgain, [id, token, taken, statusCode, error, now])

const nameOf = statement('connectionOfLane', 'SELECT name FROM connections WHERE id = $1')
export const connectionName = async (on: Queryable, { connectionId }: Lane): Promise<string> => (await one<{ name: string }>(on, nameOf, [connectionId]))!.name

const waiting = statement('waitingWebhooks', `SELECT count(*) FILTER (WHERE active AND failing_since IS NOT NULL)::int AS failing, count(*) FILTER (WHERE NOT active)::int AS stopped FROM webhooks`)
/** How many webhooks fail, and how many get nothing more. */
export const failingWebhooks = async (on: Queryable): Promise<{ failing: number; stopped: number }> => (await one<{ failing: number; stopped: number }>(on, waiting))!

export const placeOfLane = ({ xid, eventId }: Lane): Position => ({ xid, id: eventId })
