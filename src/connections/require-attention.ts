import { one, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { deriveCadences } from './cadences.store.ts'
import { transitions } from './connection.ts'

const mark = statement(
  'requireAttention',
  `UPDATE connections SET status = $3::connection_status, status_reason = $4, version = version + 1
   WHERE id = $1 AND status::text = ANY($2) RETURNING customer_id, name`,
)

/**
 * Stops a live connection that only a person can set right, such as one whose credentials the marketplace refuses, until it is
 * resumed. Does nothing to one that is not live, so the second of two runs that find out adds no second event.
 * @param reason for people; shown as `statusReason`
 */
export async function requireAttention(tx: Tx, connectionId: string, reason: string): Promise<void> {
  const { from, to } = transitions.requireAttention
  const marked = await one<{ customerId: string; name: string }>(tx, mark, [connectionId, from, to, reason])
  if (marked === null) return
  await deriveCadences(tx, [connectionId])
  const told = { connectionId, customerId: marked.customerId, summary: `${marked.name} needs attention: ${reason}` }
  await appendEvents(tx, [{ type: 'CONNECTION_CHANGED', ...told }, { type: 'CONNECTION_NEEDS_ATTENTION', ...told }])
}
