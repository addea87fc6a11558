// What the verbs over some connections share: 1 to 500 ids, all of them good or nothing happens.
import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { requireAll } from '../kit/ids.ts'
import { type ConnectionAction, whyNot } from './connection.ts'
import { type ConnectionRow, lockConnections } from './connections.store.ts'

const LARGEST_BATCH = 500

/** Locks the connections, refuses where `action` may not be done with one of them, and does `work` with all in one transaction; any refusal undoes it. */
export async function withConnections<T>(
  scope: Scope, connectionIds: readonly string[], action: ConnectionAction, work: (tx: Tx, connections: ConnectionRow[]) => Promise<T>,
): Promise<T | { refusals: Refusal[] }> {
  if (connectionIds.length === 0) return { refusals: [refusal('REQUIRED', 'name at least one connection', 'connectionIds')] }
  if (connectionIds.length > LARGEST_BATCH) return { refusals: [refusal('TOO_MANY', `at most ${LARGEST_BATCH} connections in one call`, 'connectionIds')] }
  const { uuids, refusals: malformed } = requireAll('Connection', connectionIds, 'connectionIds')
  if (malformed.length > 0) return { refusals: malformed }
  try {
    return await changing(scope, async (tx) => {
      const locked = await lockConnections(tx, scope, [...new Set(uuids)])
      const refusals = uuids.flatMap((uuid, index) => {
        const connection = locked.find(({ id }) => id === uuid)
        if (connection === undefined) return [refusal('NOT_FOUND', 'no such connection', 'connectionIds', index)]
        const because = whyNot(action, connection.status)
        return because === null ? [] : [refusal('NOT_ALLOWED', because, 'connectionIds', index)]
      })
      if (refusals.length > 0) throw new Refused(...refusals)
      return work(tx, locked)
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}
