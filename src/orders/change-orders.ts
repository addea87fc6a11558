// What the verbs over a few orders share: 1 to 500 ids, all of them good or nothing happens.
import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { lockOrders, type OrderRow, ordersById } from './orders.store.ts'

export const LARGEST_BATCH = 500

export type OrdersResult = { orders: OrderRow[] } | { refusals: Refusal[] }

/**
 * Locks the orders, asks `refuse` of each, and does `work` with all of them in one transaction; any refusal undoes it.
 * The orders come back as they are afterwards, in the order given.
 */
export async function changeOrders(
  scope: Scope,
  orderIds: readonly string[],
  refuse: (order: OrderRow, ...field: string[]) => Refusal | null,
  work: (tx: Tx, orders: OrderRow[]) => Promise<void>,
): Promise<OrdersResult> {
  if (orderIds.length === 0) return { refusals: [refusal('REQUIRED', 'name at least one order', 'orderIds')] }
  if (orderIds.length > LARGEST_BATCH) return { refusals: [refusal('TOO_MANY', `at most ${LARGEST_BATCH} orders in one call`, 'orderIds')] }
  const uuids = orderIds.map((id) => uuidOf('Order', id))
  const malformed = uuids.flatMap((uuid, index) => (uuid === null ? [refusal('INVALID', 'not the id of an order', 'orderIds', index)] : []))
  if (malformed.length > 0) return { refusals: malformed }
  const ids = [...new Set(uuids as string[])]
  try {
    return await changing(scope, async (tx) => {
      const locked = await lockOrders(scope, tx, ids)
      const refusals = uuids.flatMap((uuid, index) => {
        const order = locked.get(uuid!)
        const field = ['orderIds', String(index)]
        return order === undefined ? [refusal('NOT_FOUND', 'no such order', ...field)] : (refuse(order, ...field) ?? [])
      })
      if (refusals.length > 0) throw new Refused(...refusals)
      await work(tx, ids.map((id) => locked.get(id)!))
      const after = new Map((await ordersById(scope, tx, ids)).map((order) => [order.id, order]))
      return { orders: ids.map((id) => after.get(id)!) }
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}
