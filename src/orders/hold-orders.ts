import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import { changeOrders, type OrdersResult } from './change-orders.ts'
import { liftHolds, placeHolds } from './holds.store.ts'
import { type HoldReason, refuseUnlessOpen } from './order.ts'

/** Keeps open orders from being shipped until they are released. */
export function holdOrders(scope: Scope, input: { orderIds: readonly string[]; reason: HoldReason; note?: string | null }): Promise<OrdersResult> {
  return changeOrders(scope, input.orderIds, (order, ...field) => refuseUnlessOpen(order, order.number, ...field), async (tx, orders) => {
    await placeHolds(scope, tx, orders.map((order) => order.id), { reason: input.reason, note: input.note?.trim() || null })
    await appendEvents(tx, orders.map(({ id, number, customerId, connectionId }) => ({
      type: 'ORDER_HELD', orderId: id, customerId, connectionId, summary: `Order ${number} was put on hold by ${scope.actor.name} (${input.reason}).`,
    })))
  })
}

/** Lifts every hold of open orders; one without a hold stays as it is. */
export function releaseOrders(scope: Scope, input: { orderIds: readonly string[] }): Promise<OrdersResult> {
  return changeOrders(scope, input.orderIds, (order, ...field) => refuseUnlessOpen(order, order.number, ...field), async (tx, orders) => {
    const held = orders.filter((order) => order.onHold)
    await liftHolds(scope, tx, held.map((order) => order.id))
    await appendEvents(tx, held.map(({ id, number, customerId, connectionId }) => ({
      type: 'ORDER_RELEASED', orderId: id, customerId, connectionId, summary: `Order ${number} was released by ${scope.actor.name}.`,
    })))
  })
}
