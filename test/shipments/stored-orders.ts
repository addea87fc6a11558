import { randomUUID } from 'node:crypto'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import type { Scope } from '../../src/auth/scope.ts'
import { transaction } from '../../src/db/transaction.ts'
import { ensureItems, itemKey, moveStock } from '../../src/inventory/stock.store.ts'
import type { ChargeInput } from '../../src/orders/charges.ts'
import type { OrderToShip, ShipAndCloseInput } from '../../src/shipments/plan.ts'

export interface StoredLine {
  id: string
  itemId: string
  sku: string
  quantity: number
}
export interface StoredOrder {
  id: string
  number: string
  lines: StoredLine[]
}
export interface GivenOrder {
  number?: string
  currency?: string | null
  cancelRequested?: boolean
  shipBy?: Date
  lines?: { sku: string; quantity: number; itemId?: string; unitsPerItem?: number }[]
}

let made = 0

/** Puts stock on the shelf of the connection's warehouse. */
export async function stock(scope: Scope, connection: ConnectionRow, levels: Record<string, number>): Promise<void> {
  const { customerId, warehouseId } = connection
  await transaction(scope.db.pool, async (tx) => {
    const items = await ensureItems(tx, scope, Object.keys(levels).map((sku) => ({ customerId, warehouseId, sku, title: null })))
    await moveStock(tx, Object.entries(levels).map(([sku, quantity]) => ({ inventoryItemId: items.get(itemKey({ customerId, warehouseId, sku }))!.id, customerId, kind: 'RECEIPT', quantity, by: 'test' })))
  })
}

/** Open orders as an import leaves them: stored, and their units allocated. One transaction for all. */
export async function storeOrders(scope: Scope, connection: ConnectionRow, given: readonly GivenOrder[]): Promise<StoredOrder[]> {
  const { id: connectionId, customerId, warehouseId, marketplaceId } = connection
  const orders = given.map(({ number, currency, cancelRequested, shipBy, lines }) => ({
    id: randomUUID(), number: number ?? `111-${String(++made).padStart(7, '0')}-0000001`, currency: currency === undefined ? 'USD' : currency, cancelRequested: cancelRequested ?? false, shipBy: shipBy ?? null,
    lines: (lines ?? [{ sku: 'MUG', quantity: 2 }]).map((line, index) => ({ id: randomUUID(), itemId: `item-${index + 1}`, unitsPerItem: 1, ...line })),
  }))
  await transaction(scope.db.pool, async (tx) => {
    const skus = [...new Set(orders.flatMap((order) => order.lines.map((line) => line.sku)))]
    const items = await ensureItems(tx, scope, skus.map((sku) => ({ customerId, warehouseId, sku, title: null })))
    const item = (sku: string): string => items.get(itemKey({ customerId, warehouseId, sku }))!.id
    await tx.query(
      `INSERT INTO orders (id, customer_id, connection_id, warehouse_id, marketplace_id, number, marketplace_status, marketplace_updated_at, cancel_requested, purchased_at, ship_by, currency, units)
       SELECT id, $2, $3, $4, $5, number, 'UNSHIPPED', now(), "cancelRequested", now() - interval '1 hour', "shipBy", currency, 1
       FROM jsonb_to_recordset($1) AS planned (id uuid, number text, currency text, "cancelRequested" bool, "shipBy" timestamptz)`,
      [JSON.stringify(orders), customerId, connectionId, warehouseId, marketplaceId],
    )
    await tx.query(`INSERT INTO order_recipients (order_id, customer_id, country_code) SELECT unnest($1::uuid[]), $2, 'US'`, [orders.map(({ id }) => id), customerId])
    const lines = orders.flatMap((order) => order.lines.map((line, index) => ({ ...line, order: order.id, number: index + 1, item: item(line.sku) })))
    await tx.query(
      `INSERT INTO order_lines (id, customer_id, order_id, line_number, item_id, seller_sku, warehouse_sku, units_per_item, quantity, inventory_item_id)
       SELECT id, $2, "order", number, "itemId", sku, sku, "unitsPerItem", quantity, item
       FROM jsonb_to_recordset($1) AS line (id uuid, "order" uuid, number int, "itemId" text, sku text, "unitsPerItem" int, quantity int, item uuid)`,
      [JSON.stringify(lines), customerId],
    )
    await moveStock(tx, lines.map((line) => ({ inventoryItemId: line.item, customerId, kind: 'ALLOCATION', quantity: line.quantity * line.unitsPerItem, orderId: line.order, by: 'test' })))
  })
  return orders
}

export const routing = { carrier: 'UPS', scac: 'UPSN', service: 'Ground', trackingNumber: '1Z5R89390357567127' }

export const charge = (amount: string, currencyCode = 'USD'): ChargeInput => ({ code: 'HANDLING', description: null, amount: { amount, currencyCode } })

/** A call over these orders, each whole, by one shared routing, under a key of its own. */
export function callOver(orders: readonly (Pick<StoredOrder, 'id'> & Partial<OrderToShip>)[], changes: Partial<ShipAndCloseInput> = {}): ShipAndCloseInput {
  return {
    idempotencyKey: randomUUID(), routing, charges: [], applyCharges: 'SEPARATELY', onError: 'SKIP_FAILED', incompleteRouting: 'REFUSE', shippedAt: null,
    orders: orders.map(({ id, expectedVersion, routing: own, packages, overrideCancelRequest }) => ({
      orderId: id, uuid: id, expectedVersion: expectedVersion ?? null, routing: own ?? null, packages: packages ?? null, overrideCancelRequest: overrideCancelRequest ?? false,
    })),
    ...changes,
  }
}
