// 500 orders of 2 or 3 lines, with one charge divided over them: in one call, as a job would and as somebody's, which the audit log notes
// row by row; by hand-written set SQL that leaves the same rows; and order by order through the same verb.
import type pg from 'pg'
import type { Scope } from '../src/auth/scope.ts'
import { createConnection } from '../src/connections/create-connection.ts'
import type { ConnectionRow } from '../src/connections/connections.store.ts'
import { createCustomer } from '../src/customers/create-customer.ts'
import { createWarehouse } from '../src/customers/create-warehouse.ts'
import { transaction } from '../src/db/transaction.ts'
import { builtIn } from '../src/shipments/carriers-file.ts'
import { shipAndClose } from '../src/shipments/ship-and-close.ts'
import type { ShipAndCloseInput } from '../src/shipments/plan.ts'
import { callOver, charge, routing, stock, type StoredOrder, storeOrders } from '../test/shipments/stored-orders.ts'
import { compare, onFreshDatabase } from './compare.ts'

const ORDERS = 500
const ROUNDS = 7

await onFreshDatabase(async (scope) => {
  const { pool } = scope.db
  const customer = await createCustomer(scope, { name: 'Bench' })
  const warehouse = await createWarehouse(scope, { name: 'Bench', code: 'BENCH', timeZone: 'UTC', address: { line1: '1', city: 'Reno', countryCode: 'US' } })
  if ('refusals' in customer || 'refusals' in warehouse) throw new Error('refused')
  const connection: ConnectionRow = await transaction(pool, (tx) => createConnection(tx, {
    customerId: customer.customer.id, warehouseId: warehouse.warehouse.id, name: 'Bench', channel: 'amazon', marketplaceId: 'ATVPDKIKX0DER', merchantId: 'BENCH', status: 'LIVE',
  }))
  const skus = Array.from({ length: 200 }, (_, index) => `SKU-${index}`)
  await stock(scope, connection, Object.fromEntries(skus.map((sku) => [sku, 10_000_000])))

  let orders: StoredOrder[] = []
  const prepare = async (): Promise<void> => {
    orders = await storeOrders(scope, connection, Array.from({ length: ORDERS }, (_, order) => ({
      lines: Array.from({ length: 2 + (order % 2) }, (_, line) => ({ sku: skus[(order * 3 + line * 7) % skus.length]!, quantity: 1 + line })),
    })))
    await pool.query('ANALYZE')
  }
  const close = async (input: ShipAndCloseInput, by = scope): Promise<void> => {
    const outcome = await shipAndClose(by, builtIn.carriers, input)
    if ('refusals' in outcome || outcome.failed > 0) throw new Error(JSON.stringify(outcome))
  }

  // The contenders must do the same, or their times say nothing.
  const left: object[] = []
  for (const once of [() => inOneCall(), () => byHand(pool, orders)]) {
    await prepare()
    const before = await countRows(pool)
    await once()
    const after = await countRows(pool)
    left.push(Object.fromEntries(Object.entries(after).map(([table, count]) => [table, count - before[table]!])))
  }
  if (JSON.stringify(left[0]) !== JSON.stringify(left[1])) throw new Error(`they do not do the same: ${JSON.stringify(left)}`)
  console.log(`rows written by either: ${JSON.stringify(left[0])}`)

  await compare(`ship and close, ${ORDERS} orders`, [
    { name: 'one call', prepare, turn: () => inOneCall() },
    { name: 'one call, audited', prepare, turn: () => inOneCall({ ...scope, action: 'shipAndClose' }) },
    { name: 'hand-written set SQL', prepare, turn: () => byHand(pool, orders) },
    {
      name: 'order by order', prepare,
      turn: async () => {
        for (const order of orders) await close(callOver([order], { charges: [charge('0.20')] }))
      },
    },
  ], ROUNDS, [
    { of: 'one call', than: 'hand-written set SQL', atMost: 1.5 },
    { of: 'one call, audited', than: 'one call', atMost: 2 },
    { of: 'order by order', than: 'one call', atLeast: 20 },
  ])

  function inOneCall(by?: Scope): Promise<void> {
    return close(callOver(orders, { charges: [charge('100.00')], applyCharges: 'DIVIDED_EVENLY' }), by)
  }
})

async function countRows(pool: pg.Pool): Promise<Record<string, number>> {
  const tables = ['shipments', 'shipment_lines', 'charges', 'inventory_movements', 'events', 'ship_and_close_calls']
  const counts = [...tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`), `(SELECT count(*)::int FROM orders WHERE status = 'CLOSED') AS closed`]
  return (await pool.query<Record<string, number>>(`SELECT ${counts.join(', ')}`)).rows[0]!
}

/** Nothing is asked, planned or refused here: only what must be written is, straight from table to table. */
async function byHand(pool: pg.Pool, orders: readonly StoredOrder[]): Promise<void> {
  const ids = orders.map((order) => order.id)
  await transaction(pool, async (tx) => {
    const query = (name: string, text: string, values: unknown[]) => tx.query({ name, text, values })
    await query('handCall', `INSERT INTO ship_and_close_calls (actor, key, input_sha256, result) VALUES ('bench', $1, '\\x00', $2)`, [ids[0], JSON.stringify({ orders: ids })])
    await query('handLock', 'SELECT id FROM orders WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [ids])
    await query('handItems', 'SELECT id FROM inventory_items WHERE id IN (SELECT inventory_item_id FROM order_lines WHERE order_id = ANY($1::uuid[])) ORDER BY id FOR NO KEY UPDATE', [ids])
    await query(
      'handShipments',
      `WITH shipped AS (
         INSERT INTO shipments (customer_id, order_id, connection_id, package_number, carrier, scac, service, tracking_number, shipped_at, shipped_by, tracking_status, tracking_next_attempt_at)
         SELECT customer_id, id, connection_id, 1, $2, $3, $4, $5, now(), 'Bench', 'PENDING', now() FROM orders WHERE id = ANY($1::uuid[]) RETURNING id, order_id, customer_id, connection_id
       ), told AS (
         INSERT INTO events (type, customer_id, connection_id, order_id, shipment_id, summary)
         SELECT 'ORDER_SHIPPED', customer_id, connection_id, order_id, id, 'Package 1 was shipped.' FROM shipped
       )
       INSERT INTO shipment_lines (shipment_id, order_line_id, customer_id, quantity)
       SELECT shipped.id, line.id, line.customer_id, line.quantity FROM shipped JOIN order_lines AS line ON line.order_id = shipped.order_id`,
      [ids, routing.carrier, routing.scac, routing.service, routing.trackingNumber],
    )
    await query(
      'handMovements',
      `INSERT INTO inventory_movements (customer_id, inventory_item_id, kind, quantity, order_id, by)
       SELECT customer_id, inventory_item_id, 'SHIPMENT', -sum(quantity * units_per_item), order_id, 'Bench' FROM order_lines WHERE order_id = ANY($1::uuid[]) GROUP BY 1, 2, order_id`,
      [ids],
    )
    await query(
      'handStock',
      `UPDATE inventory_items AS item SET on_hand = on_hand - taken.units, allocated = allocated - taken.units, version = version + 1, updated_at = now()
       FROM (SELECT inventory_item_id, sum(quantity * units_per_item) AS units FROM order_lines WHERE order_id = ANY($1::uuid[]) GROUP BY 1) AS taken WHERE item.id = taken.inventory_item_id`,
      [ids],
    )
    await query('handLines', 'UPDATE order_lines SET quantity_shipped = quantity WHERE order_id = ANY($1::uuid[])', [ids])
    await query(
      'handCharges',
      `INSERT INTO charges (customer_id, order_id, kind, code, amount, currency, added_by)
       SELECT customer_id, id, 'ADDITIONAL', 'HANDLING', 0.20, 'USD', 'Bench' FROM orders WHERE id = ANY($1::uuid[])`,
      [ids],
    )
    await query(
      'handOrders',
      `WITH closed AS (
         UPDATE orders SET status = 'CLOSED', closed_at = now(), carrier = $2, scac = $3, service = $4, tracking_number = $5, version = version + 1, updated_at = now()
         WHERE id = ANY($1::uuid[]) RETURNING id, customer_id, connection_id
       )
       INSERT INTO events (type, customer_id, connection_id, order_id, summary) SELECT 'ORDER_CLOSED', customer_id, connection_id, id, 'The order was closed.' FROM closed`,
      [ids, routing.carrier, routing.scac, routing.service, routing.trackingNumber],
    )
  })
}
