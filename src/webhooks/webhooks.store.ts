import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { EventType } from '../events/catalogue.ts'
import type { Position } from '../events/read.ts'

export interface WebhookRow {
  id: string
  customerId: string
  connectionId: string
  url: string
  topics: EventType[]
  active: boolean
  disabledReason: string | null
  createdAt: Date
  /** Where it has got to in the log. */
  xid: string
  eventId: string
  nextAttemptAt: Date | null
  failingSince: Date | null
  previousSecretUntil: Date | null
}

const columns = 'id, customer_id, connection_id, url, topics, active, disabled_reason, created_at, xid::text, event_id::text, next_attempt_at, failing_since, previous_secret_until'
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('webhooksById', `SELECT ${columns} FROM webhooks WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const webhookById = defineLoader<WebhookRow>('webhookById', async (scope, ids) => byKey(await rows<WebhookRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id))

const ofConnection = statement('webhooksOfConnections', `SELECT ${columns} FROM webhooks WHERE ${scoped} AND connection_id = ANY($2::uuid[]) ORDER BY created_at, id`)
export const webhooksOfConnection = defineLoader<WebhookRow[]>('webhooksOfConnection', async (scope, ids) =>
  groupBy(await rows<WebhookRow>(scope.db.pool, ofConnection, [scope.tenant, ids]), ids, (row) => row.connectionId),
)

const count = statement('countWebhooks', `SELECT count(*)::int AS count FROM webhooks WHERE ${scoped} AND connection_id = $2`)
export const countWebhooks = async (tx: Tx, scope: Scope, connectionId: string): Promise<number> => (await one<{ count: number }>(tx, count, [scope.tenant, connectionId]))!.count

export interface NewWebhook {
  id: string
  url: string
  topics: readonly EventType[]
  /** Sealed. */
  secret: string
  /** What came before is not told. */
  place: Position
}

const insert = statement(
  'insertWebhook',
  `INSERT INTO webhooks (id, customer_id, connection_id, url, topics, secret, xid, event_id, created_at, next_attempt_at)
   SELECT $3, customer_id, id, $4, $5, $6, $7::xid8, $8::bigint, $9, $9 FROM connections WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** It is looked at once in any case: what wakes it may not have begun to follow the log. */
export const insertWebhook = async (tx: Tx, scope: Scope, connectionId: string, { id, url, topics, secret, place }: NewWebhook): Promise<WebhookRow> =>
  (await one<WebhookRow>(tx, insert, [scope.tenant, connectionId, id, url, topics, secret, place.xid, place.id, scope.clock()]))!

// Whoever tells it meanwhile loses its claim, as the target may be another now: what it has told and not recorded is told again.
const unclaimed = 'token = NULL, locked_until = NULL'
const tellNow = (active: string): string => `attempts = 0, failing_since = NULL, next_attempt_at = CASE WHEN ${active} THEN $3::timestamptz END`

// What it had failed at may not be told at all by now; where it is, its row says so again.
const giveUpTry = statement('giveUpWebhookTry', `UPDATE webhook_deliveries SET status = 'FAILED', next_attempt_at = NULL WHERE ${scoped} AND webhook_id = $2 AND status = 'PENDING' AND NOT again`)

const update = statement(
  'updateWebhook',
  `UPDATE webhooks SET ${unclaimed}, ${tellNow('$6')}, url = $4, topics = $5, active = $6, disabled_reason = CASE WHEN $6 THEN NULL ELSE coalesce(disabled_reason, 'turned off') END
   WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** One that was stopped goes on where it was. */
export async function updateWebhook(tx: Tx, scope: Scope, id: string, { url, topics, active }: { url: string; topics: readonly EventType[]; active: boolean }): Promise<WebhookRow | null> {
  const webhook = await one<WebhookRow>(tx, update, [scope.tenant, id, scope.clock(), url, topics, active])
  await run(tx, giveUpTry, [scope.tenant, id])
  return webhook
}

const remove = statement(
  'removeWebhook',
  `WITH gone AS (DELETE FROM webhooks WHERE ${scoped} AND id = $2 RETURNING ${columns}), theirs AS (DELETE FROM webhook_deliveries WHERE webhook_id IN (SELECT id FROM gone)) SELECT * FROM gone`,
)
export const deleteWebhook = (tx: Tx, scope: Scope, id: string): Promise<WebhookRow | null> => one(tx, remove, [scope.tenant, id])

const replay = statement('replayWebhook', `UPDATE webhooks SET ${unclaimed}, ${tellNow('active')}, xid = $4::xid8, event_id = $5::bigint WHERE ${scoped} AND id = $2 RETURNING ${columns}`)
export async function moveWebhook(tx: Tx, scope: Scope, id: string, { xid, id: eventId }: Position): Promise<WebhookRow | null> {
  const webhook = await one<WebhookRow>(tx, replay, [scope.tenant, id, scope.clock(), xid, eventId])
  await run(tx, giveUpTry, [scope.tenant, id])
  return webhook
}

const rotate = statement(
  'rotateWebhookSecret',
  `UPDATE webhooks SET ${unclaimed}, previous_secret = CASE WHEN $5::timestamptz > $3 THEN secret END, previous_secret_until = CASE WHEN $5 > $3 THEN $5 END, secret = $4
   WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** `until`: messages are signed with the one before, too. */
export const replaceSecret = (tx: Tx, scope: Scope, id: string, sealed: string, until: Date): Promise<WebhookRow | null> => one(tx, rotate, [scope.tenant, id, scope.clock(), sealed, until])

const lock = statement('lockWebhook', `SELECT ${columns} FROM webhooks WHERE ${scoped} AND id = $2 FOR UPDATE`)
/** Before its deliveries, as whoever tells it does. */
export const lockWebhook = (tx: Tx, scope: Scope, id: string): Promise<WebhookRow | null> => one(tx, lock, [scope.tenant, id])

const hurry = statement('hurryWebhook', `UPDATE webhooks SET next_attempt_at = $3 WHERE ${scoped} AND id = $2 AND active AND next_attempt_at > $3`)
/** Tries one that waits after a failure now. */
export const hurryWebhook = (tx: Tx, scope: Scope, id: string): Promise<number> => run(tx, hurry, [scope.tenant, id, scope.clock()])
