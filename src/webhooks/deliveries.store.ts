// What each webhook was told, as people see it.
import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'

export interface DeliveryRow {
  id: string
  customerId: string
  webhookId: string
  eventId: string
  status: 'PENDING' | 'SENT' | 'FAILED'
  attempts: number
  lastStatusCode: number | null
  error: string | null
  again: boolean
  nextAttemptAt: Date | null
  createdAt: Date
  deliveredAt: Date | null
}

const columns = 'id, customer_id, webhook_id, event_id::text, status, attempts, last_status_code, error, again, next_attempt_at, created_at, delivered_at'
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('webhookDeliveriesById', `SELECT ${columns} FROM webhook_deliveries WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const webhookDeliveryById = defineLoader<DeliveryRow>('webhookDeliveryById', async (scope, ids) => byKey(await rows<DeliveryRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id))

export interface WebhookDeliveriesWanted {
  webhookId: string
}
export const webhookDeliveriesList: List<WebhookDeliveriesWanted, 'CREATED_DESC'> = {
  name: 'webhookDeliveries',
  table: 'webhook_deliveries',
  columns,
  tenant: 'customer_id',
  sorts: { CREATED_DESC: { key: 'created_at', kind: 'instant', descending: true } },
  conditions: { webhookId: { holds: (n) => `webhook_id = ${n}::uuid`, parent: true } },
}
export const webhookDeliveriesPage = (scope: Scope, page: PageRequest, wanted: WebhookDeliveriesWanted): Promise<(DeliveryRow & { keys: string[] })[]> => readPage(scope, webhookDeliveriesList, page, 'CREATED_DESC', wanted)
export const webhookDeliveriesCount = (scope: Scope, wanted: WebhookDeliveriesWanted): Promise<number> => countRows(scope, webhookDeliveriesList, 'CREATED_DESC', wanted)

const lock = statement('lockWebhookDelivery', `SELECT ${columns} FROM webhook_deliveries WHERE ${scoped} AND id = $2 FOR UPDATE`)
export const lockWebhookDelivery = (tx: Tx, scope: Scope, id: string): Promise<DeliveryRow | null> => one(tx, lock, [scope.tenant, id])

const again = statement('redeliver', `UPDATE webhook_deliveries SET status = 'PENDING', again = true, token = NULL, next_attempt_at = $3 WHERE ${scoped} AND id = $2 RETURNING ${columns}`)
export const askAgain = async (tx: Tx, scope: Scope, id: string): Promise<DeliveryRow> => (await one<DeliveryRow>(tx, again, [scope.tenant, id, scope.clock()]))!

const remove = statement(
  'removeWebhookDeliveries',
  `DELETE FROM webhook_deliveries WHERE id IN (
     SELECT old.id FROM webhooks CROSS JOIN LATERAL (
       SELECT id FROM webhook_deliveries WHERE webhook_id = webhooks.id AND created_at < $1 AND status <> 'PENDING' ORDER BY created_at, id LIMIT $2
     ) AS old LIMIT $2
   )`,
)
/** Up to so many that are older. */
export const removeDeliveriesBefore = (on: Queryable, before: Date, most: number): Promise<number> => run(on, remove, [before, most])
