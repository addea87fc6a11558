import type { Scope } from '../auth/scope.ts'
import { type Queryable, rows, type Statement, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'

const select = `SELECT id, status = 'DISCONNECTED' AS gone FROM connections WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])`
const read = statement('disconnectedConnections', select)
const lock = statement('lockDisconnectedConnections', `${select} ORDER BY id FOR SHARE`)

/** Those of these connections that are disconnected: the marketplace hears nothing of their orders any more. */
export function disconnectedOf(scope: Scope, on: Queryable, connectionIds: readonly string[]): Promise<Set<string>> {
  return gone(scope, on, read, connectionIds)
}

/** As they stay until the transaction ends: what it queues for the marketplace, a disconnection that comes later finds. */
export function lockDisconnected(scope: Scope, tx: Tx, connectionIds: readonly string[]): Promise<Set<string>> {
  return gone(scope, tx, lock, connectionIds)
}

async function gone(scope: Scope, on: Queryable, what: Statement, connectionIds: readonly string[]): Promise<Set<string>> {
  if (connectionIds.length === 0) return new Set()
  const found = await rows<{ id: string; gone: boolean }>(on, what, [scope.tenant, connectionIds])
  return new Set(found.flatMap((row) => (row.gone ? row.id : [])))
}
