import type { Scope } from '../auth/scope.ts'
import { run, statement } from '../db/sql.ts'
import { appendEvents } from '../events/append.ts'
import { Refused } from '../kit/errors.ts'
import { changeOrders, type OrdersResult } from '../orders/change-orders.ts'
import { refuseUnlessOpen } from '../orders/order.ts'
import type { Carriers } from './carriers.ts'
import { mergeRouting, refuseMalformed, type RoutingField, routingFields, type RoutingInput } from './routing.ts'

const store = statement(
  'updateRoutings',
  `UPDATE orders SET carrier = r.carrier, scac = r.scac, service = r.service, tracking_number = r."trackingNumber", bill_of_lading = r."billOfLading",
     load_number = r."loadNumber", trailer_number = r."trailerNumber", seal_number = r."sealNumber", version = version + 1, updated_at = now()
   FROM jsonb_to_recordset($2) AS r (id uuid, carrier text, scac text, service text, "trackingNumber" text, "billOfLading" text, "loadNumber" text, "trailerNumber" text, "sealNumber" text)
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND orders.id = r.id`,
)

/** Sets the stored routing of open orders: fields left out stay, blank ones are cleared. All of the orders, or none. */
export function updateRouting(scope: Scope, carriers: Carriers, input: { orderIds: readonly string[]; routing: RoutingInput }): Promise<OrdersResult> {
  const given = routingFields.filter((field) => input.routing[field] !== undefined)
  return changeOrders(scope, input.orderIds, (order, ...field) => refuseUnlessOpen(order, order.number, ...field), async (tx, orders) => {
    const merged = orders.map((order) => {
      const kept = Object.fromEntries(routingFields.filter((field) => !given.includes(field)).map((field) => [field, order[field]])) as Partial<Record<RoutingField, string | null>>
      return { order, merged: mergeRouting(carriers, { routing: input.routing, path: ['routing'] }, { routing: kept, path: ['routing'] }) }
    })
    // The same input may fit one order's stored carrier and not another's: told once each, at the field.
    const refusals = merged.flatMap(({ merged: one }) => refuseMalformed(one, ['routing']))
    const told = [...new Map(refusals.map((one) => [`${one.code} ${one.field?.join('.')} ${one.message}`, one])).values()]
    if (told.length > 0) throw new Refused(...told)
    await run(tx, store, [scope.tenant, JSON.stringify(merged.map(({ order, merged: { routing } }) => ({ id: order.id, ...routing })))])
    await appendEvents(tx, orders.map(({ id, number, customerId, connectionId }) => ({
      type: 'ORDER_UPDATED', orderId: id, customerId, connectionId, summary: `The routing of order ${number} was changed by ${scope.actor.name}.`,
    })))
  })
}
