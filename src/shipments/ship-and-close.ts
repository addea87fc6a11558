import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import type { NewEvent } from '../events/catalogue.ts'
import { moveStock, type StockMove } from '../inventory/stock.store.ts'
import { pullCadences } from '../jobs/cadences.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import type { Carriers } from './carriers.ts'
import { lockForShipping, type OrderToClose } from './load-orders.ts'
import { planShipAndClose, type PlannedOrder, refuseCall, type ShipAndCloseInput } from './plan.ts'
import { type RecordedOrder, recordShipping } from './record-shipping.ts'
import { beginCall, type CallOutcome, finishCall, inputSha256, type OrderOutcome } from './ship-and-close-calls.store.ts'

/**
 * Records what left the building, charges it, closes the orders, takes the stock and queues the tracking updates: one transaction of
 * a few statements for 1 to 500 orders. The same key and input again is answered with the first call's outcome and changes nothing;
 * made at the same time, the second waits for the first. A call refused as such does not use its key up.
 */
export async function shipAndClose(scope: Scope, carriers: Carriers, input: ShipAndCloseInput): Promise<CallOutcome | { refusals: Refusal[] }> {
  const refusals = refuseCall(input, scope.clock())
  if (refusals.length > 0) return { refusals }
  const key = input.idempotencyKey.trim()
  const sha256 = inputSha256(input)
  try {
    const { outcome, toTell } = await changing(scope, async (tx) => {
      const earlier = await beginCall(scope, tx, key, sha256)
      if (earlier !== null) {
        if (!earlier.inputSha256.equals(sha256)) throw new Refused(refusal('IDEMPOTENCY_KEY_REUSED', 'this key was used with other input', 'idempotencyKey'))
        return { outcome: earlier.result, toTell: [] }
      }
      const done = await close(scope, tx, carriers, input)
      await finishCall(scope, tx, key, done.outcome)
      return done
    })
    await tellAtOnce(scope, toTell)
    return outcome
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}

async function close(scope: Scope, tx: Tx, carriers: Carriers, input: ShipAndCloseInput): Promise<{ outcome: CallOutcome; toTell: string[] }> {
  const now = scope.clock()
  const plans = planShipAndClose(input, await lockForShipping(scope, tx, input), carriers)
  const shipping = plans.filter((plan) => plan.refusals.length === 0 && plan.packages.length > 0)
  if (shipping.length === 0) return { outcome: outcomeOf(plans, []), toTell: [] }
  const recorded = await recordShipping(scope, tx, shipping, { now, shippedAt: input.shippedAt ?? now })
  await moveStock(tx, recorded.flatMap((one) => movesOf(scope, one)))
  await appendEvents(tx, recorded.flatMap((one) => eventsOf(scope, carriers, one)))
  return { outcome: outcomeOf(plans, recorded), toTell: recorded.filter(({ plan }) => plan.packages.some((one) => one.notSent === null)).map(({ order }) => order.row.connectionId) }
}

function outcomeOf(plans: readonly PlannedOrder<OrderToClose>[], recorded: readonly RecordedOrder[]): CallOutcome {
  const done = new Map(recorded.map((one) => [one.plan, one]))
  const results = plans.map((plan): OrderOutcome => ({
    orderId: plan.orderId, order: plan.order?.id ?? null, userErrors: plan.refusals, warnings: plan.warnings,
    shipments: done.get(plan)?.shipments.map(({ id }) => id) ?? [], charges: done.get(plan)?.chargeIds ?? [],
  }))
  return { results, closed: recorded.filter(({ plan }) => plan.closes).length, failed: plans.filter((plan) => plan.refusals.length > 0).length }
}

function movesOf(scope: Scope, { plan, order: { id, number, row } }: RecordedOrder): StockMove[] {
  return plan.takes.map(({ inventoryItemId, units }) => ({
    kind: 'SHIPMENT', inventoryItemId, customerId: row.customerId, quantity: units, orderId: id, reference: number, by: scope.actor.name,
  }))
}

function eventsOf(scope: Scope, carriers: Carriers, { plan, order: { id, number, row }, shipments }: RecordedOrder): NewEvent[] {
  const about = { customerId: row.customerId, connectionId: row.connectionId, orderId: id }
  const overridden = plan.overridesCancelRequest ? ` ${scope.actor.name} overrode the buyer's request to cancel.` : ''
  const by = plan.routing.carrier === null ? '' : ` by ${carriers.nameOf(plan.routing.carrier)}`
  return [
    ...shipments.map(({ id: shipmentId, planned }): NewEvent => ({
      ...about, type: 'ORDER_SHIPPED', shipmentId, summary: `Package ${planned.number} of order ${number} was shipped${by}.${overridden}`,
    })),
    ...(plan.closes ? [{ ...about, type: 'ORDER_CLOSED' as const, summary: `Order ${number} was closed by ${scope.actor.name}.${overridden}` }] : []),
  ]
}

const immediate = statement(
  'connectionsToTellAtOnce',
  'SELECT id FROM connections WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[]) AND send_tracking_immediately',
)
/** After the commit: a worker that wakes sees the shipments, and no cadence is locked meanwhile. Should this be lost, the cadence comes all the same. */
export async function tellAtOnce(scope: Scope, connectionIds: readonly string[]): Promise<void> {
  if (connectionIds.length === 0) return
  const found = await rows<{ id: string }>(scope.db.pool, immediate, [scope.tenant, [...new Set(connectionIds)]])
  if (found.length > 0) await pullCadences(scope.db.pool, found.map(({ id }) => id), 'SEND_TRACKING', scope.clock())
}
