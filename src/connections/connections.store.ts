import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { beginsWith } from '../db/prefix.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { choosing, one, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'
import type { AccountCheck } from '../marketplaces/channel.ts'
import type { ConnectionStatus } from './connection.ts'
import type { StoredSettings } from './settings.ts'

export interface ConnectionRow extends StoredSettings {
  id: string
  customerId: string
  warehouseId: string
  name: string
  channel: string
  marketplaceId: string
  /** Once the seller has authorized; a survey's word for it stands in its survey. */
  merchantId: string | null
  authorizationId: string | null
  status: ConnectionStatus
  statusReason: string | null
  /** When its account was last tested, and what each check said. */
  testedAt: Date | null
  checks: AccountCheck[] | null
  testedBy: string | null
  liveAt: Date | null
  liveBy: string | null
  /** What the merchant agrees to; null until one was made. */
  agreementId: string | null
  /** Everything that the marketplace changed up to here is stored; null before the first import. */
  importedTo: Date | null
  createdAt: Date
  version: number
}

const columns = `id, customer_id, warehouse_id, name, channel, marketplace_id, merchant_id, authorization_id, status, status_reason, tested_at, tested_by, checks, live_at, live_by, agreement_id,
  import_orders, send_tracking_immediately, inventory_sync, import_from, unknown_sku, unknown_shipping_service,
  inventory_buffer, inventory_percent, turnaround_hours, imported_to, created_at, version`
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = choosing('connectionsById', columns, ['id'], (chosen) => `SELECT ${chosen} FROM connections WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const connectionById = defineLoader<ConnectionRow>('connectionById', async (scope, ids, takes) =>
  byKey(await rows<ConnectionRow>(scope.db.pool, byId(takes), [scope.tenant, ids]), (row) => row.id),
)

/** One that a foreign key promises, as it stands for the transaction. */
export const connectionIn = async (tx: Tx, scope: Scope, id: string): Promise<ConnectionRow> => (await rows<ConnectionRow>(tx, byId(null), [scope.tenant, [id]]))[0]!

const lockOfCustomer = statement('lockCustomer', 'SELECT 1 FROM customers WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND id = $2 FOR NO KEY UPDATE')
/** First in a transaction that goes by what connections a customer has, or by what they share: one at a time. */
export async function lockCustomer(tx: Tx, scope: Scope, customerId: string): Promise<void> {
  await run(tx, lockOfCustomer, [scope.tenant, customerId])
}

// Cadences first, as a run does that holds its cadence while it moves the connection's cursor: no circle. NO KEY: whoever adds rows
// that refer to the connection does not wait.
const lockCadences = statement(
  'lockCadences',
  `SELECT 1 FROM cadences WHERE ${scoped} AND connection_id = ANY($2::uuid[]) ORDER BY connection_id, kind FOR NO KEY UPDATE`,
)
const lock = statement('lockConnections', `SELECT ${columns} FROM connections WHERE ${scoped} AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`)
/** The connections as they are until the transaction ends, by id; those that the viewer has not are left out. */
export async function lockConnections(tx: Tx, scope: Scope, ids: readonly string[]): Promise<ConnectionRow[]> {
  await run(tx, lockCadences, [scope.tenant, ids])
  return rows(tx, lock, [scope.tenant, ids])
}

/** The connection as it is until the transaction ends; null where the viewer has no such one. */
export async function lockConnection(tx: Tx, scope: Scope, id: string): Promise<ConnectionRow | null> {
  return (await lockConnections(tx, scope, [id]))[0] ?? null
}

const ofChannel = statement(
  'connectionIdsOfChannel',
  `SELECT id FROM connections WHERE ${scoped} AND customer_id = $2 AND channel = $3 AND status <> 'DISCONNECTED'`,
)
/** Ids of a customer's connections of a channel that are not disconnected. */
export async function connectionIdsOfChannel(tx: Tx, scope: Scope, { customerId, channel }: Pick<ConnectionRow, 'customerId' | 'channel'>): Promise<string[]> {
  return (await rows<{ id: string }>(tx, ofChannel, [scope.tenant, customerId, channel])).map(({ id }) => id)
}

export interface ConnectionsWanted {
  customerIds: readonly string[] | null
  marketplaceIds: readonly string[] | null
  statuses: readonly ConnectionStatus[] | null
  /** What the name or the merchant ID begins with. */
  search: string | null
}

export type ConnectionOrder = 'NAME_ASC' | 'CREATED_DESC'

export const connectionsList: List<ConnectionsWanted, ConnectionOrder> = {
  name: 'connections',
  table: 'connections',
  columns,
  tenant: 'customer_id',
  gatherTenant: { atMost: 1000, through: 'customer_id' },
  sorts: { NAME_ASC: { key: 'name', kind: 'text', descending: false }, CREATED_DESC: { key: 'created_at', kind: 'instant', descending: true } },
  conditions: {
    search: {
      holds: (n) => `(${beginsWith('name', n)} OR ${beginsWith('merchant_id', n)})`,
      gather: () => 1000,
      finds: (n, within) => ['name', 'merchant_id'].map((column) => `SELECT id FROM connections WHERE ${beginsWith(column, n)} AND ${column} IS NOT NULL AND ${within}`),
    },
    customerIds: { holds: (n) => `customer_id = ANY(${n}::uuid[])`, gather: () => 1000, through: 'customer_id' },
    marketplaceIds: { holds: (n) => `marketplace_id = ANY(${n}::text[])` },
    statuses: { holds: (n) => `status = ANY(${n}::text[]::connection_status[])` },
  },
}

export const connectionsPage = (scope: Scope, page: PageRequest, order: ConnectionOrder, wanted: ConnectionsWanted): Promise<(ConnectionRow & { keys: string[] })[]> =>
  readPage(scope, connectionsList, page, order, wanted)

export const connectionsCount = (scope: Scope, order: ConnectionOrder, wanted: ConnectionsWanted): Promise<number> => countRows(scope, connectionsList, order, wanted)

export type NewConnection = Pick<ConnectionRow, 'customerId' | 'warehouseId' | 'name' | 'channel' | 'marketplaceId' | 'merchantId'> & {
  status: 'ONBOARDING' | 'LIVE'
} & Partial<StoredSettings>

const insert = statement(
  'insertConnection',
  `INSERT INTO connections (customer_id, warehouse_id, name, channel, marketplace_id, merchant_id, status, live_at, import_orders,
     send_tracking_immediately, inventory_sync, import_from, unknown_sku, unknown_shipping_service, inventory_buffer, inventory_percent, turnaround_hours)
   VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7 = 'LIVE'::connection_status THEN now() END, coalesce($8, true), coalesce($9, false), coalesce($10, false), coalesce($11, now()),
     coalesce($12::unmapped_policy, 'FAIL'), coalesce($13::unmapped_policy, 'ACCEPT'), coalesce($14, 0), coalesce($15, 100), coalesce($16, 48))
   RETURNING ${columns}`,
)
/** What is left out has the contract's default. */
export async function insertConnection(tx: Tx, connection: NewConnection): Promise<ConnectionRow> {
  const { customerId, warehouseId, name, channel, marketplaceId, merchantId, status } = connection
  const row = await one<ConnectionRow>(tx, insert, [
    customerId, warehouseId, name, channel, marketplaceId, merchantId, status, connection.importOrders, connection.sendTrackingImmediately,
    connection.inventorySync, connection.importFrom, connection.unknownSku, connection.unknownShippingService, connection.inventoryBuffer, connection.inventoryPercent, connection.turnaroundHours,
  ])
  return row!
}

/** Those that stand on the connection itself. */
export const settings = ['importOrders', 'sendTrackingImmediately', 'inventorySync', 'importFrom', 'unknownSku', 'unknownShippingService', 'inventoryBuffer', 'inventoryPercent', 'turnaroundHours'] as const

const update = statement(
  'updateConnection',
  `UPDATE connections SET import_orders = $3, send_tracking_immediately = $4, inventory_sync = $5, import_from = $6, unknown_sku = $7,
     unknown_shipping_service = $8, inventory_buffer = $9, inventory_percent = $10, turnaround_hours = $11, version = version + 1
   WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
export async function updateSettings(tx: Tx, scope: Scope, id: string, values: StoredSettings): Promise<ConnectionRow> {
  return (await one<ConnectionRow>(tx, update, [scope.tenant, id, ...settings.map((key) => values[key])]))!
}

const setStatus = statement(
  'setConnectionStatus',
  `UPDATE connections SET status = $3, status_reason = $4, live_at = CASE WHEN $3::connection_status = 'LIVE' THEN coalesce(live_at, now()) ELSE live_at END,
     live_by = CASE WHEN $3::connection_status = 'LIVE' AND live_at IS NULL THEN $5 ELSE live_by END,
     version = version + 1 WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** The first time that it is LIVE is kept as `liveAt`. */
export async function updateStatus(tx: Tx, scope: Scope, id: string, status: ConnectionStatus, reason: string | null): Promise<ConnectionRow> {
  return (await one<ConnectionRow>(tx, setStatus, [scope.tenant, id, status, reason, scope.actor.name]))!
}

const setAuthorization = statement(
  'setConnectionAuthorization',
  `UPDATE connections SET authorization_id = $3, merchant_id = $4, version = version + 1 WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** @throws the database's 23505 where another connection has the same marketplace and merchant */
export async function updateAuthorization(tx: Tx, scope: Scope, id: string, authorizationId: string, merchantId: string): Promise<ConnectionRow> {
  return (await one<ConnectionRow>(tx, setAuthorization, [scope.tenant, id, authorizationId, merchantId]))!
}

const end = statement(
  'endConnection',
  `UPDATE connections SET status = 'DISCONNECTED', status_reason = NULL, authorization_id = NULL, version = version + 1 WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** Its merchant ID stays, as what it was. */
export async function endConnection(tx: Tx, scope: Scope, id: string): Promise<ConnectionRow> {
  return (await one<ConnectionRow>(tx, end, [scope.tenant, id]))!
}

const setTest = statement(
  'setConnectionTest',
  `UPDATE connections SET tested_at = now(), tested_by = $5, checks = $3, version = version + $4::int WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** What a test of its account said; `told`: whether it is a change to be told. */
export async function updateTest(tx: Tx, scope: Scope, id: string, checks: readonly AccountCheck[], told: boolean): Promise<ConnectionRow> {
  return (await one<ConnectionRow>(tx, setTest, [scope.tenant, id, JSON.stringify(checks), told ? 1 : 0, scope.actor.name]))!
}

/** Whether an error says that another connection has that marketplace and merchant. */
export const isMerchantTaken = (error: unknown): boolean => {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  return code === '23505' && constraint === 'connections_marketplace_id_merchant_id_key'
}
