import type { Scope } from '../auth/scope.ts'
import { groupBy } from '../auth/scope.ts'
import type { Refusal } from '../kit/errors.ts'
import type { Money } from '../kit/money.ts'
import { chargesOfOrders } from '../orders/orders.store.ts'
import { sumCharges } from '../orders/charges.ts'
import type { Carriers } from './carriers.ts'
import { type OrderToClose, readForShipping } from './load-orders.ts'
import { planShipAndClose, type PlannedOrder, refuseCall, type ShipAndCloseInput } from './plan.ts'

export interface PreviewedOrder extends PlannedOrder<OrderToClose> {
  /** All charges, those that the order bears already included. */
  totalCharges: Money | null
}

/** What shipAndClose would do with the same input now: the same plan, and nothing written. */
export async function previewShipAndClose(scope: Scope, carriers: Carriers, input: ShipAndCloseInput): Promise<{ results: PreviewedOrder[] } | { refusals: Refusal[] }> {
  const now = scope.clock()
  const refusals = refuseCall(input, now)
  if (refusals.length > 0) return { refusals }
  const loaded = await readForShipping(scope, input)
  const ids = [...loaded.orders.keys()]
  const borne = groupBy(await chargesOfOrders(scope, scope.db.pool, ids), ids, (charge) => charge.orderId)
  const results = planShipAndClose(input, loaded, carriers).map((plan): PreviewedOrder => {
    const existing = plan.order === null ? [] : borne.get(plan.order.id)!.map(({ amount, currency }) => ({ amount, currencyCode: currency }))
    return { ...plan, totalCharges: sumCharges([...existing, ...plan.charges.map(({ amount }) => amount)], plan.order?.currency ?? null) }
  })
  return { results }
}
