// Writes a plan: one statement for all tables of its own, whatever the number of orders. The caller's transaction adds stock and events.
import type { Scope } from '../auth/scope.ts'
import { run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { newUuid } from '../kit/ids.ts'
import type { OrderToClose } from './load-orders.ts'
import { notSentWords, type PlannedOrder, type PlannedPackage } from './plan.ts'

export interface RecordedOrder {
  plan: PlannedOrder<OrderToClose>
  order: OrderToClose
  shipments: { id: string; planned: PlannedPackage }[]
  chargeIds: string[]
}

const record = statement(
  'recordShipping',
  `WITH shipped AS (
     INSERT INTO shipments (id, customer_id, order_id, connection_id, package_number, carrier, scac, service, tracking_number, bill_of_lading,
       load_number, trailer_number, seal_number, weight, weight_unit, shipped_at, shipped_by, tracking_status, tracking_next_attempt_at, tracking_code, tracking_message)
     SELECT id, customer, "order", connection, number, carrier, scac, service, "trackingNumber", "billOfLading", "loadNumber", "trailerNumber", "sealNumber",
       weight, unit, "shippedAt", $7, CASE WHEN "notSent" IS NULL THEN 'PENDING' ELSE 'NOT_SENT' END::tracking_status, CASE WHEN "notSent" IS NULL THEN $6::timestamptz END, "notSent", message
     FROM json_to_recordset($2) AS planned (id uuid, customer uuid, "order" uuid, connection uuid, number int, carrier text, scac text, service text,
       "trackingNumber" text, "billOfLading" text, "loadNumber" text, "trailerNumber" text, "sealNumber" text, weight numeric, unit weight_unit, "shippedAt" timestamptz, "notSent" text, message text)
   ), packed AS (
     INSERT INTO shipment_lines (shipment_id, order_line_id, customer_id, quantity)
     SELECT shipment, line, customer, quantity FROM json_to_recordset($3) AS planned (shipment uuid, line uuid, customer uuid, quantity int)
   ), lines AS (
     UPDATE order_lines SET quantity_shipped = quantity_shipped + sum.quantity
     FROM (SELECT line, sum(quantity)::int AS quantity FROM json_to_recordset($3) AS planned (line uuid, quantity int) GROUP BY line) AS sum
     WHERE order_lines.id = sum.line AND ($1::uuid[] IS NULL OR customer_id = ANY($1))
   ), charged AS (
     INSERT INTO charges (id, customer_id, order_id, kind, code, description, amount, currency, added_by)
     SELECT id, customer, "order", 'ADDITIONAL', code, description, amount, currency, $7
     FROM json_to_recordset($4) AS planned (id uuid, customer uuid, "order" uuid, code text, description text, amount numeric, currency text)
   )
   UPDATE orders SET carrier = planned.carrier, scac = planned.scac, service = planned.service, tracking_number = planned."trackingNumber",
     bill_of_lading = planned."billOfLading", load_number = planned."loadNumber", trailer_number = planned."trailerNumber", seal_number = planned."sealNumber",
     status = CASE WHEN closes THEN 'CLOSED' ELSE orders.status END::order_status, closed_at = CASE WHEN closes THEN $6::timestamptz END,
     version = version + 1, updated_at = now()
   FROM json_to_recordset($5) AS planned (id uuid, closes bool, carrier text, scac text, service text, "trackingNumber" text, "billOfLading" text,
     "loadNumber" text, "trailerNumber" text, "sealNumber" text)
   WHERE orders.id = planned.id AND ($1::uuid[] IS NULL OR customer_id = ANY($1))`,
)

/**
 * Records every plan of an order that ships. `now` closes orders and makes tracking due; `shippedAt` is when the parcels left, but never before
 * their order was bought, whatever our clock says: marketplaces refuse that.
 */
export async function recordShipping(scope: Scope, tx: Tx, plans: readonly PlannedOrder<OrderToClose>[], at: { now: Date; shippedAt: Date }): Promise<RecordedOrder[]> {
  const recorded = plans.map((plan): RecordedOrder => ({
    plan, order: plan.order!, shipments: plan.packages.map((planned) => ({ id: newUuid(), planned })), chargeIds: plan.charges.map(() => newUuid()),
  }))
  const shipments = recorded.flatMap(({ order: { id, row }, shipments: packed }) => packed.map(({ id: shipment, planned }) => ({
    ...planned.routing, id: shipment, customer: row.customerId, order: id, connection: row.connectionId, number: planned.number,
    weight: planned.weight?.value ?? null, unit: planned.weight?.unit ?? null,
    shippedAt: row.purchasedAt > at.shippedAt ? row.purchasedAt : at.shippedAt, notSent: planned.notSent, message: planned.notSent && notSentWords[planned.notSent],
  })))
  const lines = recorded.flatMap(({ order: { row }, shipments: packed }) => packed.flatMap(({ id: shipment, planned }) =>
    planned.lines.map(({ orderLineId, quantity }) => ({ shipment, line: orderLineId, customer: row.customerId, quantity })),
  ))
  const charges = recorded.flatMap(({ plan, order: { id, row }, chargeIds }) => plan.charges.map(({ code, description, amount }, index) => ({
    id: chargeIds[index], customer: row.customerId, order: id, code, description, amount: amount.amount, currency: amount.currencyCode,
  })))
  // A tracking number is used up: an order that stays open must not offer it for its next package.
  const orders = recorded.map(({ plan: { routing, closes }, order: { id } }) => ({ ...routing, trackingNumber: closes ? routing.trackingNumber : null, id, closes }))
  await run(tx, record, [
    scope.tenant, JSON.stringify(shipments), JSON.stringify(lines), JSON.stringify(charges), JSON.stringify(orders), at.now, scope.actor.name,
  ])
  return recorded
}
