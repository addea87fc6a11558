import type { Invariant } from '../db/invariants.ts'
import { wholeSince } from '../events/keep-events.ts'

/** Of each order, in units of stock. What was shipped of it elsewhere before it was imported is in no package of ours, and was never allocated. */
const units = `SELECT order_id AS id, sum((quantity - quantity_cancelled - quantity_shipped + coalesce(packed, 0)) * units_per_item) AS wanted, sum(coalesce(packed, 0) * units_per_item) AS shipped,
  bool_or(quantity - quantity_cancelled > quantity_shipped) AS open, bool_or(quantity_shipped + quantity_cancelled > quantity) AS over
  FROM order_lines AS line LEFT JOIN (SELECT order_line_id AS id, sum(quantity) AS packed FROM shipment_lines GROUP BY 1) AS packed USING (id) GROUP BY 1`
const moved = `SELECT order_id AS id, coalesce(sum(quantity) FILTER (WHERE kind IN ('ALLOCATION', 'RELEASE')), 0) AS allocated, coalesce(-sum(quantity) FILTER (WHERE kind = 'SHIPMENT'), 0) AS left
  FROM inventory_movements WHERE order_id IS NOT NULL GROUP BY 1`

export const orderInvariants: readonly Invariant[] = [
  { broken: 'marketplace orders that are here more than once', sql: 'SELECT min(id::text) FROM orders GROUP BY connection_id, number HAVING count(*) > 1' },
  { broken: 'closed orders with items that are still open', sql: `SELECT orders.id::text FROM orders JOIN (${units}) AS units USING (id) WHERE status = 'CLOSED' AND units.open` },
  { broken: 'open orders with nothing left to ship', sql: `SELECT orders.id::text FROM orders JOIN (${units}) AS units USING (id) WHERE status = 'OPEN' AND NOT units.open` },
  { broken: 'orders of which more was shipped and cancelled than was bought', sql: `SELECT id::text FROM (${units}) AS units WHERE over` },
  {
    broken: 'orders whose units were not allocated just once',
    sql: `SELECT units.id::text FROM (${units}) AS units LEFT JOIN (${moved}) AS moved USING (id) WHERE units.wanted <> coalesce(moved.allocated, 0)`,
  },
  {
    broken: 'orders whose units did not leave the shelf just once',
    sql: `SELECT units.id::text FROM (${units}) AS units LEFT JOIN (${moved}) AS moved USING (id) WHERE units.shipped <> coalesce(moved.left, 0)`,
  },
  {
    broken: 'orders without exactly one event of their import',
    sql: `SELECT orders.id::text FROM orders LEFT JOIN (SELECT order_id AS id, count(*) FILTER (WHERE type = 'ORDER_IMPORTED') AS imported FROM events WHERE order_id IS NOT NULL GROUP BY 1) AS told USING (id) WHERE coalesce(imported, 0) <> 1 AND (imported > 1 OR imported_at > ${wholeSince})`,
  },
  { broken: 'orders on hold without a hold, or the other way round', sql: 'SELECT orders.id::text FROM orders LEFT JOIN (SELECT DISTINCT order_id AS id FROM order_holds) AS held USING (id) WHERE on_hold <> (held.id IS NOT NULL)' },
  {
    broken: 'sightings of imported orders that are not here',
    sql: `SELECT number FROM sightings AS seen WHERE state = 'IMPORTED' AND NOT EXISTS (SELECT FROM orders WHERE orders.connection_id = seen.connection_id AND orders.number = seen.number)`,
  },
  {
    // One that is here may fail to be read again later.
    broken: 'open import failures of orders that have come since',
    sql: `SELECT failure.id::text FROM import_failures AS failure JOIN orders USING (connection_id, number) WHERE failure.state = 'OPEN' AND failure.last_failed_at <= orders.imported_at`,
  },
  { broken: 'receipts of imports that do not add up', sql: 'SELECT id::text FROM job_runs WHERE found <> imported + updated + unchanged + skipped + failed' },
]
