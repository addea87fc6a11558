import type { Scope } from '../auth/scope.ts'
import { run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { notSentWords } from './plan.ts'

const end = statement(
  'endTracking',
  `UPDATE shipments SET tracking_status = CASE WHEN tracking_status = 'PENDING' THEN 'NOT_SENT' ELSE tracking_status END::tracking_status,
     tracking_next_attempt_at = NULL, tracking_code = 'CONNECTION_DISCONNECTED', tracking_field = NULL, tracking_marketplace_message = NULL,
     tracking_message = CASE WHEN tracking_status = 'PENDING' THEN $3 ELSE 'The connection was disconnected before the marketplace could be asked whether it shows this package.' END
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2 AND tracking_status IN ('PENDING', 'UNCONFIRMED')`,
)

/**
 * For the transaction that disconnects a connection, once it has locked it: what waits to be sent is NOT_SENT, and what was sent is
 * looked for no more.
 */
export async function endTracking(scope: Scope, tx: Tx, connectionId: string): Promise<void> {
  await run(tx, end, [scope.tenant, connectionId, notSentWords.CONNECTION_DISCONNECTED])
}
