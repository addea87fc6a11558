import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { LARGEST_BATCH } from '../orders/change-orders.ts'
import { ordersById } from '../orders/orders.store.ts'
import type { Carriers } from './carriers.ts'
import { lockDisconnected } from './disconnected.ts'
import { refuseBeforePurchase, refuseFuture } from './plan.ts'
import { mergeRouting, refuseIncomplete, refuseMalformed, type RoutingInput } from './routing.ts'
import { tellAtOnce } from './ship-and-close.ts'
import { lockShipments, type ShipmentRow, shipmentsById } from './shipments.store.ts'
import { editTracking, setToResend } from './tracking.store.ts'

const DISCONNECTED = 'the connection is disconnected: the marketplace is told of nothing any more'

/**
 * Corrects the routing of a shipment and when it left, whatever became of its tracking update, and queues it again: the same package
 * at the marketplace, edited. What is left out stays. Refuses a routing that is malformed or not complete, and any correction for a
 * connection that was disconnected.
 */
export function correctTracking(
  scope: Scope,
  carriers: Carriers,
  input: { shipmentId: string; routing: RoutingInput; shippedAt?: Date | null },
): Promise<{ shipment: ShipmentRow } | { refusals: Refusal[] }> {
  return refusing(async () => {
    const id = uuidOf('Shipment', input.shipmentId)
    if (id === null) throw new Refused(refusal('INVALID', 'not the id of a shipment', 'shipmentId'))
    const shipment = await changing(scope, async (tx) => {
      const disconnected = await lockConnectionsOf(scope, tx, [id])
      const stored = (await lockShipments(scope, tx, [id])).get(id)
      if (stored === undefined) throw new Refused(refusal('NOT_FOUND', 'no such shipment', 'shipmentId'))
      if (disconnected.has(stored.connectionId)) throw new Refused(refusal('CONNECTION_NOT_READY', DISCONNECTED, 'shipmentId'))
      const merged = mergeRouting(carriers, { routing: input.routing, path: ['routing'] }, { routing: stored, path: ['routing'] })
      const refusals = [...refuseIncomplete(merged.routing, ['routing']), ...refuseMalformed(merged, ['routing']), ...(await refuseShippedAt(scope, tx, stored, input.shippedAt ?? null))]
      if (refusals.length > 0) throw new Refused(...refusals)
      const edited = await editTracking(scope, tx, { ...stored, ...merged.routing, shippedAt: input.shippedAt ?? stored.shippedAt }, scope.clock())
      await tellOf(scope, tx, [edited], (number, row) => `${scope.actor.name} corrected the tracking of package ${row.packageNumber} of order ${number}.`)
      return edited
    })
    await tellAtOnce(scope, [shipment.connectionId])
    return { shipment }
  })
}

/** Queues rejected tracking updates again as they are: all of them, or none. */
export function retryTracking(scope: Scope, input: { shipmentIds: readonly string[] }): Promise<{ shipments: ShipmentRow[] } | { refusals: Refusal[] }> {
  return refusing(async () => {
    const { shipmentIds } = input
    if (shipmentIds.length === 0) throw new Refused(refusal('REQUIRED', 'name at least one shipment', 'shipmentIds'))
    if (shipmentIds.length > LARGEST_BATCH) throw new Refused(refusal('TOO_MANY', `at most ${LARGEST_BATCH} shipments in one call`, 'shipmentIds'))
    const uuids = shipmentIds.map((id) => uuidOf('Shipment', id))
    const malformed = uuids.flatMap((uuid, index) => (uuid === null ? [refusal('INVALID', 'not the id of a shipment', 'shipmentIds', index)] : []))
    if (malformed.length > 0) throw new Refused(...malformed)
    const ids = [...new Set(uuids as string[])]
    const shipments = await changing(scope, async (tx) => {
      const disconnected = await lockConnectionsOf(scope, tx, ids)
      const locked = await lockShipments(scope, tx, ids)
      const refusals = uuids.flatMap((uuid, index) => {
        const found = locked.get(uuid!)
        if (found === undefined) return [refusal('NOT_FOUND', 'no such shipment', 'shipmentIds', index)]
        if (disconnected.has(found.connectionId)) return [refusal('CONNECTION_NOT_READY', DISCONNECTED, 'shipmentIds', index)]
        return found.trackingStatus === 'REJECTED' ? [] : [refusal('NOT_ALLOWED', `its tracking is ${found.trackingStatus}, not REJECTED`, 'shipmentIds', index)]
      })
      if (refusals.length > 0) throw new Refused(...refusals)
      await setToResend(scope, tx, ids, scope.clock())
      await tellOf(scope, tx, [...locked.values()], (number, row) => `${scope.actor.name} let the tracking of package ${row.packageNumber} of order ${number} be sent again.`)
      const after = new Map((await shipmentsById(scope, tx, ids)).map((row) => [row.id, row]))
      return ids.map((id) => after.get(id)!)
    })
    await tellAtOnce(scope, shipments.map((shipment) => shipment.connectionId))
    return { shipments }
  })
}

async function refuseShippedAt(scope: Scope, tx: Tx, { orderId }: ShipmentRow, shippedAt: Date | null): Promise<Refusal[]> {
  if (shippedAt === null) return []
  const orders = await ordersById(scope, tx, [orderId])
  return [...refuseFuture(shippedAt, scope.clock()), ...orders.flatMap((order) => refuseBeforePurchase(shippedAt, order))]
}

/** Before their shipments, as a disconnection locks them too; a shipment never changes its connection. Answers which are disconnected. */
async function lockConnectionsOf(scope: Scope, tx: Tx, shipmentIds: readonly string[]): Promise<Set<string>> {
  const found = await shipmentsById(scope, tx, shipmentIds)
  return lockDisconnected(scope, tx, [...new Set(found.map((row) => row.connectionId))])
}

async function tellOf(scope: Scope, tx: Tx, shipments: readonly ShipmentRow[], summary: (number: string, row: ShipmentRow) => string): Promise<void> {
  const numbers = new Map((await ordersById(scope, tx, [...new Set(shipments.map((row) => row.orderId))])).map((order) => [order.id, order.number]))
  await appendEvents(tx, shipments.map((row) => ({
    type: 'ORDER_UPDATED', customerId: row.customerId, connectionId: row.connectionId, orderId: row.orderId, summary: summary(numbers.get(row.orderId)!, row),
  })))
}

async function refusing<T>(work: () => Promise<T>): Promise<T | { refusals: Refusal[] }> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}
