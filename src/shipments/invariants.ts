import type { Invariant } from '../db/invariants.ts'
import { wholeSince } from '../events/keep-events.ts'

export const shipmentInvariants: readonly Invariant[] = [
  {
    broken: 'lines whose packages hold more than was shipped of them',
    sql: `SELECT line.id::text FROM order_lines AS line LEFT JOIN (SELECT order_line_id AS id, sum(quantity) AS packed FROM shipment_lines GROUP BY 1) AS packed USING (id) WHERE line.quantity_shipped < packed`,
  },
  {
    broken: 'packages without exactly one event of their leaving',
    sql: `SELECT shipments.id::text FROM shipments LEFT JOIN (SELECT shipment_id AS id, count(*) FILTER (WHERE type = 'ORDER_SHIPPED') AS left FROM events WHERE shipment_id IS NOT NULL GROUP BY 1) AS told USING (id) WHERE coalesce(told.left, 0) <> 1 AND (told.left > 1 OR shipments.shipped_at > ${wholeSince})`,
  },
  {
    broken: 'packages whose tracking is accepted without an instant and an event of it',
    sql: `SELECT shipments.id::text FROM shipments WHERE tracking_status = 'ACCEPTED' AND (tracking_accepted_at IS NULL OR (tracking_accepted_at > ${wholeSince} AND id NOT IN (SELECT shipment_id FROM events WHERE type = 'TRACKING_ACCEPTED' AND shipment_id IS NOT NULL)))`,
  },
]
