import { run, statement } from '../db/sql.ts'
import { type Tx, transaction } from '../db/transaction.ts'
import type { Scope } from './scope.ts'

/** Who changes something, as the audit log's triggers read it. */
export interface Author {
  id: string
  name: string
  role?: string
  address?: string | null
  requestId?: string
  /** What they do: a mutation's name, or what else changes something by hand. */
  action: string
}

/** As `transaction`. What somebody changes within it is in the audit log as theirs; a job's changes are in the event log and in its receipt. */
export function changing<T>({ db, actor, address = null, requestId, action }: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return action === undefined ? transaction(db.pool, work) : transaction(db.pool, work, by({ id: actor.id, name: actor.name, role: actor.role, address, requestId, action }))
}

/** The settings of a transaction in which an author changes something. */
export const by = (author: Author): Record<string, string> => ({ 'cartage.change': JSON.stringify(author) })

const note = statement(
  'noteChange',
  `INSERT INTO audit_entries (actor_id, actor_name, role, address, request_id, action, change, record, subject_type, subject_id, customer_id, after)
   VALUES ($1, $2, $3, $4, $5, $6, 'CHANGED', $7, $7, $8, $9, $10)`,
)
/** For a table that no trigger watches, as jobs write to it by the thousand: an object that somebody changed, and what it became. */
export async function noteChange(tx: Tx, { actor, address = null, requestId, action }: Scope, of: { type: string; id: string; customerId: string }, after: Record<string, unknown>): Promise<void> {
  if (action !== undefined) await run(tx, note, [actor.id, actor.name, actor.role, address, requestId, action, of.type, of.id, of.customerId, JSON.stringify(after)])
}
