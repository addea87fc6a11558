import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'
import type { ConnectionStatus } from './connection.ts'
import type { StoredSettings } from './settings.ts'

export interface ConnectionRow extends StoredSettings {
  id: string
  customerId: string
  warehouseId: string
  name: string
  channel: string
  marketplaceId: string
  merchantId: string | null
  status: ConnectionStatus
  statusReason: string | null
  /** Everything that the marketplace changed up to here is stored; null before the first import. */
  importedTo: Date | null
  createdAt: Date
  version: number
}

const columns = `id, customer_id, warehouse_id, name, channel, marketplace_id, merchant_id, status, status_reason,
  import_orders, send_tracking_immediately, inventory_sync, import_from, unknown_sku, unknown_shipping_service,
  inventory_buffer, inventory_percent, imported_to, created_at, version`
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('connectionsById', `SELECT ${columns} FROM connections WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const connectionById = defineLoader<ConnectionRow>('connectionById', async (scope, ids) =>
  byKey(await rows<ConnectionRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id),
)

// Cadences first, as a run does that holds its cadence while it moves the connection's cursor: no circle. NO KEY: whoever adds rows
// that refer to the connection does not wait.
const lockCadences = statement('lockCadences', `SELECT 1 FROM cadences WHERE ${scoped} AND connection_id = $2 ORDER BY kind FOR NO KEY UPDATE`)
const lock = statement('lockConnection', `SELECT ${columns} FROM connections WHERE ${scoped} AND id = $2 FOR NO KEY UPDATE`)
/** The connection as it is until the transaction ends; null where the viewer has no such one. */
export async function lockConnection(tx: Tx, scope: Scope, id: string): Promise<ConnectionRow | null> {
  await run(tx, lockCadences, [scope.tenant, id])
  return one(tx, lock, [scope.tenant, id])
}

export interface ConnectionsWanted {
  customerIds: readonly string[] | null
  marketplaceIds: readonly string[] | null
  statuses: readonly ConnectionStatus[] | null
  /** A LIKE pattern in upper case. */
  search: string | null
}

export type ConnectionOrder = 'NAME_ASC' | 'CREATED_DESC'

const wantedRows = `${scoped} AND ($2::uuid[] IS NULL OR customer_id = ANY($2)) AND ($3::text[] IS NULL OR marketplace_id = ANY($3))
  AND ($4::text[] IS NULL OR status::text = ANY($4)) AND ($5::text IS NULL OR upper(name) LIKE $5 OR upper(merchant_id) LIKE $5)`
const wantedValues = (scope: Scope, { customerIds, marketplaceIds, statuses, search }: ConnectionsWanted): unknown[] => [scope.tenant, customerIds, marketplaceIds, statuses, search]

const orders = {
  NAME_ASC: { column: 'name', type: 'text', descending: false },
  CREATED_DESC: { column: 'created_at', type: 'timestamptz', descending: true },
} as const

export function connectionsPage(scope: Scope, page: PageRequest, order: ConnectionOrder, wanted: ConnectionsWanted): Promise<(ConnectionRow & { keys: string[] })[]> {
  const { column, type, descending } = orders[order]
  const [comparison, direction] = descending === page.backwards ? ['>', 'ASC'] : ['<', 'DESC']
  const what = statement(
    `connectionsPage${order}${direction}`,
    `SELECT ${columns}, ARRAY[${column}::text, id::text] AS keys FROM connections
     WHERE ${wantedRows} AND ($6::${type} IS NULL OR (${column}, id) ${comparison} ($6, $7::uuid))
     ORDER BY ${column} ${direction}, id ${direction} LIMIT $8`,
  )
  return rows(scope.db.pool, what, [...wantedValues(scope, wanted), page.from?.[0] ?? null, page.from?.[1] ?? null, page.limit + 1])
}

const count = statement('connectionsCount', `SELECT count(*)::int AS count FROM connections WHERE ${wantedRows}`)
export async function connectionsCount(scope: Scope, wanted: ConnectionsWanted): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, count, wantedValues(scope, wanted)))!.count
}

export type NewConnection = Pick<ConnectionRow, 'customerId' | 'warehouseId' | 'name' | 'channel' | 'marketplaceId' | 'merchantId'> & {
  status: 'ONBOARDING' | 'LIVE'
} & Partial<StoredSettings>

const insert = statement(
  'insertConnection',
  `INSERT INTO connections (customer_id, warehouse_id, name, channel, marketplace_id, merchant_id, status, import_orders,
     send_tracking_immediately, inventory_sync, import_from, unknown_sku, unknown_shipping_service, inventory_buffer, inventory_percent)
   VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, true), coalesce($9, false), coalesce($10, false), coalesce($11, now()),
     coalesce($12::unmapped_policy, 'FAIL'), coalesce($13::unmapped_policy, 'ACCEPT'), coalesce($14, 0), coalesce($15, 100))
   RETURNING ${columns}`,
)
/** What is left out has the contract's default. */
export async function insertConnection(tx: Tx, connection: NewConnection): Promise<ConnectionRow> {
  const { customerId, warehouseId, name, channel, marketplaceId, merchantId, status } = connection
  const row = await one<ConnectionRow>(tx, insert, [
    customerId, warehouseId, name, channel, marketplaceId, merchantId, status, connection.importOrders, connection.sendTrackingImmediately,
    connection.inventorySync, connection.importFrom, connection.unknownSku, connection.unknownShippingService, connection.inventoryBuffer, connection.inventoryPercent,
  ])
  return row!
}

const settings = ['importOrders', 'sendTrackingImmediately', 'inventorySync', 'importFrom', 'unknownSku', 'unknownShippingService', 'inventoryBuffer', 'inventoryPercent'] as const

const update = statement(
  'updateConnection',
  `UPDATE connections SET import_orders = $3, send_tracking_immediately = $4, inventory_sync = $5, import_from = $6, unknown_sku = $7,
     unknown_shipping_service = $8, inventory_buffer = $9, inventory_percent = $10, version = version + 1
   WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
export async function updateSettings(tx: Tx, scope: Scope, id: string, values: StoredSettings): Promise<ConnectionRow> {
  return (await one<ConnectionRow>(tx, update, [scope.tenant, id, ...settings.map((key) => values[key])]))!
}

const setStatus = statement(
  'setConnectionStatus',
  `UPDATE connections SET status = $3, status_reason = $4, version = version + 1 WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
export async function updateStatus(tx: Tx, scope: Scope, id: string, status: ConnectionStatus, reason: string | null): Promise<ConnectionRow> {
  return (await one<ConnectionRow>(tx, setStatus, [scope.tenant, id, status, reason]))!
}
