import type { Scope } from '../auth/scope.ts'
import { run, statement } from '../db/sql.ts'
import { appendEvents } from '../events/append.ts'
import { moveStock, type StockMove } from '../inventory/stock.store.ts'
import { refusal } from '../kit/errors.ts'
import { changeOrders, type OrdersResult } from './change-orders.ts'
import { openItems, refuseUnlessOpen } from './order.ts'
import { linesOfOrders } from './orders.store.ts'

const cancelLines = statement(
  'cancelOpenLines',
  `UPDATE order_lines SET quantity_cancelled = quantity - quantity_shipped
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND order_id = ANY($2::uuid[]) AND quantity_cancelled < quantity - quantity_shipped`,
)
const endOrders = statement(
  'endOrders',
  `UPDATE orders SET status = CASE WHEN id = ANY($3::uuid[]) THEN 'CLOSED' ELSE 'CANCELLED' END::order_status, closed_at = now(), version = version + 1, updated_at = now()
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])`,
)

/**
 * Cancels in the warehouse what is still open, and gives its allocation back. An order of which a part has shipped is closed
 * instead. The marketplace is not told: sellers cancel there.
 */
export async function cancelOrders(scope: Scope, input: { orderIds: readonly string[]; reason: string }): Promise<OrdersResult> {
  const reason = input.reason.trim()
  if (reason === '') return { refusals: [refusal('REQUIRED', 'say why', 'reason')] }
  return changeOrders(scope, input.orderIds, (order, ...field) => refuseUnlessOpen(order, order.number, ...field), async (tx, orders) => {
    const ids = orders.map((order) => order.id)
    const lines = await linesOfOrders(scope, tx, ids)
    const partly = new Set(lines.filter((line) => line.quantityShipped > 0).map((line) => line.orderId))
    const customers = new Map(orders.map((order) => [order.id, order.customerId]))
    const moves = lines.filter((line) => openItems(line) > 0).map(
      (line): StockMove => ({
        kind: 'RELEASE', inventoryItemId: line.inventoryItemId, customerId: customers.get(line.orderId)!, orderId: line.orderId,
        quantity: openItems(line) * line.unitsPerItem, reason, by: scope.actor.name,
      }),
    )
    await run(tx, cancelLines, [scope.tenant, ids])
    await run(tx, endOrders, [scope.tenant, ids, [...partly]])
    await moveStock(tx, moves)
    await appendEvents(tx, orders.map(({ id, number, customerId, connectionId }) => ({
      type: partly.has(id) ? 'ORDER_CLOSED' : 'ORDER_CANCELLED', orderId: id, customerId, connectionId, summary: `Order ${number} was cancelled by ${scope.actor.name}${partly.has(id) ? ', as far as it had not shipped' : ''}.`,
    })))
  })
}
