// Reads what the plan of a ship-and-close call needs to know: a few statements, however many orders.
import type { Scope } from '../auth/scope.ts'
import { type Queryable, rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { lockItems } from '../inventory/stock.store.ts'
import { openItems } from '../orders/order.ts'
import { linesOfOrders } from '../orders/orders.store.ts'
import type { OpenLine } from './packages.ts'
import type { LoadedOrder, ShipAndCloseInput } from './plan.ts'
import type { Routing } from './routing.ts'
import { disconnectedOf, lockDisconnected } from './disconnected.ts'

/** Of an order's columns only those that count here: a call may lock 500 of them. */
interface Row extends Routing, Omit<LoadedOrder, 'routing' | 'lines' | 'lastPackageNumber' | 'disconnected'> {
  customerId: string
  connectionId: string
  marketplaceId: string
}

export interface OrderToClose extends LoadedOrder {
  row: Row
  lines: readonly OpenLine[]
}

const select = `SELECT id, customer_id, connection_id, marketplace_id, number, status, on_hold, cancel_requested, version, currency, purchased_at,
    carrier, scac, service, tracking_number, bill_of_lading, load_number, trailer_number, seal_number
  FROM orders WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])`
const read = statement('ordersToPreview', select)
const lock = statement('lockOrdersToShip', `${select} ORDER BY id FOR UPDATE`)

export interface Loaded {
  orders: Map<string, OrderToClose>
  /** Units on hand by inventory item. */
  stock: Map<string, number>
}

/** Locked until the transaction ends: orders in the order of their ids, then the stock of their lines. */
export async function lockForShipping(scope: Scope, tx: Tx, input: ShipAndCloseInput): Promise<Loaded> {
  const found = await rows<Row>(tx, lock, [scope.tenant, idsOf(input)])
  const orders = await withLines(scope, tx, found, await lockDisconnected(scope, tx, connectionsOf(found)))
  const levels = await lockItems(tx, itemsOf(orders))
  return { orders, stock: new Map([...levels].map(([id, { onHand }]) => [id, onHand])) }
}

const onHand = statement('stockOnHand', 'SELECT id, on_hand FROM inventory_items WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])')
/** As they are now, for a preview. */
export async function readForShipping(scope: Scope, input: ShipAndCloseInput): Promise<Loaded> {
  const { pool } = scope.db
  const found = await rows<Row>(pool, read, [scope.tenant, idsOf(input)])
  const orders = await withLines(scope, pool, found, await disconnectedOf(scope, pool, connectionsOf(found)))
  const levels = await rows<{ id: string; onHand: number }>(pool, onHand, [scope.tenant, itemsOf(orders)])
  return { orders, stock: new Map(levels.map((level) => [level.id, level.onHand])) }
}

const idsOf = (input: ShipAndCloseInput): string[] => input.orders.flatMap(({ uuid }) => uuid ?? [])
const connectionsOf = (found: readonly Row[]): string[] => [...new Set(found.map((row) => row.connectionId))]
const itemsOf = (orders: ReadonlyMap<string, OrderToClose>): string[] => [...new Set([...orders.values()].flatMap(({ lines }) => lines.map((line) => line.inventoryItemId)))]

const packages = statement(
  'lastPackageNumbers',
  'SELECT order_id, max(package_number) AS last FROM shipments WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND order_id = ANY($2::uuid[]) GROUP BY order_id',
)
async function withLines(scope: Scope, on: Queryable, found: readonly Row[], disconnected: ReadonlySet<string>): Promise<Map<string, OrderToClose>> {
  const ids = found.map((order) => order.id)
  const lines = new Map<string, OpenLine[]>(ids.map((id) => [id, []]))
  for (const line of await linesOfOrders(scope, on, ids)) {
    lines.get(line.orderId)!.push({ id: line.id, open: openItems(line), inventoryItemId: line.inventoryItemId, unitsPerItem: line.unitsPerItem })
  }
  const last = new Map((await rows<{ orderId: string; last: number }>(on, packages, [scope.tenant, ids])).map((row) => [row.orderId, row.last]))
  return new Map(found.map((row) => [row.id, {
    id: row.id, number: row.number, status: row.status, onHold: row.onHold, cancelRequested: row.cancelRequested, version: row.version,
    currency: row.currency, purchasedAt: row.purchasedAt, disconnected: disconnected.has(row.connectionId), routing: row, lines: lines.get(row.id)!, lastPackageNumber: last.get(row.id) ?? 0, row,
  }]))
}
