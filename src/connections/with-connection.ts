import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { type ConnectionRow, lockConnection } from './connections.store.ts'

/**
 * Runs `work` in a transaction that holds the connection which an input means by `connectionId`. Refuses INVALID where that is no
 * id, NOT_FOUND where the viewer has no such connection, and whatever `work` throws as Refused, which undoes it.
 */
export async function withConnection<T>(scope: Scope, connectionId: string, work: (tx: Tx, connection: ConnectionRow) => Promise<T>): Promise<T | { refusals: Refusal[] }> {
  const uuid = uuidOf('Connection', connectionId)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
  try {
    return await changing(scope, async (tx) => {
      const connection = await lockConnection(tx, scope, uuid)
      if (connection === null) throw new Refused(refusal('NOT_FOUND', 'no such connection', 'connectionId'))
      return work(tx, connection)
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}
