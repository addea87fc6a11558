// Buyers' personal data: where it stands, and until when. Names, addresses, phones and gift messages are in order_recipients and nowhere else; what
// was recorded of orders that could not be imported has them too, sealed.
import type { Scope } from '../auth/scope.ts'
import { one, rows, run, statement } from '../db/sql.ts'

/** So long after an order was to be shipped it counts as delivered, where the marketplace names no day. */
const TRANSIT = `interval '14 days'`
const ofTenant = (table: string): string => `($1::uuid[] IS NULL OR ${table}.customer_id = ANY($1))`

/** SQL: when an order is delivered at the latest; the last of its packages may have left even later. */
const delivered = `greatest(coalesce(orders.deliver_by, coalesce(orders.ship_by, orders.purchased_at) + ${TRANSIT}), (SELECT max(shipped_at) FROM shipments WHERE order_id = orders.id))`
/** $2 is the instant before which whatever was delivered is due. */
const orderIsDue = `${delivered} < $2`
const failureIsDue = `import_failures.first_failed_at + ${TRANSIT} < $2`

const redact = statement(
  'redactRecipients',
  `WITH seen AS (
     SELECT order_id FROM order_recipients WHERE redacted_at IS NULL AND ${ofTenant('order_recipients')} AND ($4::uuid IS NULL OR order_id > $4) ORDER BY order_id LIMIT $5
   ), gone AS (
     UPDATE order_recipients AS recipient SET name = NULL, company = NULL, line1 = NULL, line2 = NULL, line3 = NULL, city = NULL, region = NULL, postal_code = NULL, phone = NULL, gifts = NULL, redacted_at = $3
     FROM orders WHERE recipient.order_id IN (SELECT order_id FROM seen) AND orders.id = recipient.order_id AND ${orderIsDue} RETURNING 1
   ) SELECT (SELECT order_id FROM seen ORDER BY order_id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM seen) AS seen, (SELECT count(*)::int FROM gone) AS gone`,
)
/** Looks at up to so many recipients after one, in the order of their ids, and empties those that are due. */
export async function redactRecipients(scope: Scope, before: Date, after: string | null, most: number): Promise<{ last: string | null; seen: number; gone: number }> {
  return (await one<{ last: string | null; seen: number; gone: number }>(scope.db.pool, redact, [scope.tenant, before, scope.clock(), after, most]))!
}

const forget = statement(
  'forgetRecorded',
  `UPDATE import_failures SET recorded = NULL, state = CASE WHEN state = 'OPEN' THEN 'DISMISSED' ELSE state END, detail = CASE WHEN state = 'OPEN' THEN $3 ELSE detail END
   WHERE ${ofTenant('import_failures')} AND recorded IS NOT NULL AND ${failureIsDue}`,
)
/** Removes what was recorded of old failures; those that were still open end with it. */
export const forgetRecorded = (scope: Scope, before: Date, why: string): Promise<number> => run(scope.db.pool, forget, [scope.tenant, before, why])

export interface Kept {
  place: string
  /** Rows with personal data, and how many of them are older than they may be. */
  kept: number
  overdue: number
  removed: number
}
const report = statement(
  'personalDataKept',
  `SELECT 'order_recipients' AS place, count(*) FILTER (WHERE redacted_at IS NULL)::int AS kept, count(*) FILTER (WHERE redacted_at IS NULL AND ${orderIsDue})::int AS overdue, count(*) FILTER (WHERE redacted_at IS NOT NULL)::int AS removed
     FROM order_recipients JOIN orders ON orders.id = order_id WHERE ${ofTenant('order_recipients')}
   UNION ALL
   SELECT 'import_failures.recorded', count(recorded)::int, count(*) FILTER (WHERE recorded IS NOT NULL AND ${failureIsDue})::int, count(*) FILTER (WHERE recorded IS NULL)::int
     FROM import_failures WHERE ${ofTenant('import_failures')}`,
)
export const personalDataKept = (scope: Scope, before: Date): Promise<Kept[]> => rows(scope.db.pool, report, [scope.tenant, before])
