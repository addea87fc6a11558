import type { Scope } from '../auth/scope.ts'
import { run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { HoldReason } from './order.ts'

const place = statement(
  'placeHolds',
  `WITH placed AS (
     INSERT INTO order_holds (order_id, customer_id, reason, note, placed_by)
     SELECT id, customer_id, $3::hold_reason, $4, $5 FROM orders WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[]) ORDER BY id
     ON CONFLICT (order_id, reason) DO UPDATE SET note = excluded.note, placed_by = excluded.placed_by, placed_at = now() RETURNING order_id
   )
   UPDATE orders SET on_hold = true, version = version + 1, updated_at = now() FROM placed WHERE id = placed.order_id`,
)
/** Holds the orders; a hold for the same reason is renewed. */
export async function placeHolds(scope: Scope, tx: Tx, orderIds: readonly string[], hold: { reason: HoldReason; note: string | null }): Promise<void> {
  if (orderIds.length > 0) await run(tx, place, [scope.tenant, orderIds, hold.reason, hold.note, scope.actor.name])
}

const lift = statement(
  'liftHolds',
  `WITH lifted AS (DELETE FROM order_holds WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND order_id = ANY($2::uuid[]) RETURNING order_id)
   UPDATE orders SET on_hold = false, version = version + 1, updated_at = now() WHERE id IN (SELECT order_id FROM lifted)`,
)
export async function liftHolds(scope: Scope, tx: Tx, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length > 0) await run(tx, lift, [scope.tenant, orderIds])
}
