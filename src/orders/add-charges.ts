import type { Scope } from '../auth/scope.ts'
import { rows, run, statement } from '../db/sql.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { changeOrders } from './change-orders.ts'
import { type ChargeApplication, type ChargeInput, planCharges, refuseCharges, refuseCurrency } from './charges.ts'
import { refuseUnlessOpen } from './order.ts'
import type { ChargeRow, OrderRow } from './orders.store.ts'

const insert = statement(
  'insertManualCharges',
  `INSERT INTO charges (customer_id, order_id, kind, code, description, amount, currency, added_by)
   SELECT "customerId", "orderId", 'MANUAL', code, description, amount, currency, $2
   FROM ROWS FROM (jsonb_to_recordset($1) AS ("customerId" uuid, "orderId" uuid, code text, description text, amount numeric, currency text)) WITH ORDINALITY AS c
   ORDER BY ordinality RETURNING id, order_id, kind, code, description, amount, currency, added_at, added_by`,
)
const touch = statement('touchOrders', `UPDATE orders SET version = version + 1, updated_at = now() WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])`)

/** Charges open orders by hand, the full amount each or divided over all of them in the order given. All of them, or none. */
export async function addCharges(
  scope: Scope,
  input: { orderIds: readonly string[]; charges: readonly ChargeInput[]; applyCharges: ChargeApplication },
): Promise<{ charges: ChargeRow[]; orders: OrderRow[] } | { refusals: Refusal[] }> {
  const refusals = input.charges.length === 0 ? [refusal('REQUIRED', 'give at least one charge', 'charges')] : refuseCharges(input.charges)
  if (refusals.length > 0) return { refusals }
  let added: ChargeRow[] = []
  const result = await changeOrders(scope, input.orderIds, (order, ...field) => refuseUnlessOpen(order, order.number, ...field), async (tx, orders) => {
    const mismatched = orders.flatMap((order) => refuseCurrency(input.charges, order.currency, order.number))
    if (mismatched.length > 0) throw new Refused(...mismatched)
    const planned = planCharges(input.charges, input.applyCharges, orders.length)
    const records = orders.flatMap(({ id, customerId }, index) =>
      planned[index]!.map(({ code, description, amount }) => ({ customerId, orderId: id, code, description, amount: amount.amount, currency: amount.currencyCode })),
    )
    added = await rows<ChargeRow>(tx, insert, [JSON.stringify(records), scope.actor.name])
    await run(tx, touch, [scope.tenant, orders.map((order) => order.id)])
    await appendEvents(tx, orders.map(({ id, number, customerId, connectionId }) => ({
      type: 'ORDER_UPDATED', orderId: id, customerId, connectionId, summary: `Order ${number} was charged by ${scope.actor.name}: ${input.charges.map((one) => one.code.trim()).join(', ')}.`,
    })))
  })
  return 'refusals' in result ? result : { charges: added, orders: result.orders }
}
