import { run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { NewEvent } from './catalogue.ts'

const insert = statement(
  'appendEvents',
  `INSERT INTO events (type, customer_id, connection_id, order_id, job_run_id, import_failure_id, shipment_id, inventory_item_id, quantity, summary)
   SELECT type, "customerId", "connectionId", "orderId", "jobRunId", "importFailureId", "shipmentId", "inventoryItemId", quantity, summary
   FROM ROWS FROM (json_to_recordset($1) AS (type text, "customerId" uuid, "connectionId" uuid, "orderId" uuid, "jobRunId" uuid,
     "importFailureId" uuid, "shipmentId" uuid, "inventoryItemId" uuid, quantity int, summary text)) WITH ORDINALITY AS event
   ORDER BY ordinality`,
)

/** Appends to the log in the caller's transaction, in the order given: state and its events commit together. */
export async function appendEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await run(tx, insert, [JSON.stringify(events)])
}
