// Consents under way: a seller was sent to the marketplace with a state, of which only the hash is kept.
import { createHash } from 'node:crypto'
import type { Actor, RoleName, Scope } from '../auth/scope.ts'
import { one, type Queryable, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { ConnectionRow } from './connections.store.ts'

const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest()

const insert = statement(
  'insertConsent',
  'INSERT INTO consents (state_hash, connection_id, customer_id, actor_id, actor_name, actor_role, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
)
export async function insertConsent(tx: Tx, scope: Scope, connection: Pick<ConnectionRow, 'id' | 'customerId'>, state: string, expiresAt: Date): Promise<void> {
  const { id, name, role } = scope.actor
  await run(tx, insert, [hashOf(state), connection.id, connection.customerId, id, name, role, scope.clock(), expiresAt])
}

export interface UsedConsent {
  connectionId: string
  /** Who began it; they act for the connection's customer alone. */
  actor: Actor
}

const use = statement(
  'useConsent',
  `UPDATE consents SET used_at = $3 FROM connections AS connection
   WHERE state_hash = $1 AND connection.id = consents.connection_id AND connection.channel = $2 AND used_at IS NULL AND expires_at > $3
   RETURNING consents.connection_id, consents.customer_id, actor_id, actor_name, actor_role`,
)
const look = statement(
  'lookForConsent',
  'SELECT used_at FROM consents JOIN connections AS connection ON connection.id = consents.connection_id WHERE state_hash = $1 AND connection.channel = $2',
)
/**
 * Uses a state up, whoever brings it: it is the key itself, so of no tenant. Of two who bring it at the same instant one gets it.
 * Otherwise why it is of no use.
 */
export async function useConsent(on: Queryable, channel: string, state: string, now: Date): Promise<UsedConsent | 'unknown' | 'used' | 'expired'> {
  const used = await one<{ connectionId: string; customerId: string; actorId: string; actorName: string; actorRole: RoleName }>(on, use, [hashOf(state), channel, now])
  if (used !== null) return { connectionId: used.connectionId, actor: { id: used.actorId, name: used.actorName, role: used.actorRole, customerIds: [used.customerId] } }
  const left = await one<{ usedAt: Date | null }>(on, look, [hashOf(state), channel])
  return left === null ? 'unknown' : left.usedAt === null ? 'expired' : 'used'
}

const voidAll = statement('voidConsents', 'DELETE FROM consents WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2')
/** No consent that was begun for this connection can be finished any more. */
export async function voidConsents(tx: Tx, scope: Scope, connectionId: string): Promise<void> {
  await run(tx, voidAll, [scope.tenant, connectionId])
}

const remove = statement('removeConsentsBefore', 'DELETE FROM consents WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND expires_at < $2')
/** Those that were over before an instant, used or not; how many. */
export function removeConsentsBefore(scope: Scope, before: Date): Promise<number> {
  return run(scope.db.pool, remove, [scope.tenant, before])
}
