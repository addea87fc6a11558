import { changing } from '../auth/changing.ts'
import { load, type Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { jobKinds } from '../jobs/cadences.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { removeUnusedAuthorizations } from './authorizations.ts'
import { deriveCadences } from './cadences.store.ts'
import { whyNot } from './connection.ts'
import { connectionById, type ConnectionRow, endConnection, lockConnection, lockCustomer } from './connections.store.ts'
import { voidConsents } from './consents.store.ts'
import { resumeKinds } from './job-pauses.store.ts'
import { dropQueuedRuns } from './job-runs.store.ts'

/** What else ends with a connection. */
export interface Disconnecting {
  /** In the transaction that ends it. */
  within(scope: Scope, tx: Tx, connectionId: string): Promise<void>
  /** Once that is kept, what others must be asked for. Where they cannot be now, it is done later, by itself. */
  after(scope: Scope, connectionId: string): Promise<void>
}

/**
 * Ends a connection: its cadences stop, consents under way are void, and its credentials are destroyed unless another connection
 * shares them. Orders, failures and the like stay. The same seller can be connected anew.
 */
export async function disconnectConnection(
  scope: Scope,
  disconnecting: Disconnecting,
  input: { connectionId: string },
): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  const id = uuidOf('Connection', input.connectionId)
  if (id === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
  const found = await load(scope, connectionById, id)
  if (found === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
  try {
    const ended = await changing(scope, async (tx) => {
      await lockCustomer(tx, scope, found.customerId)
      const before = await lockConnection(tx, scope, id)
      const because = before === null ? 'the connection is not there any more' : whyNot('disconnect', before.status)
      if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
      const connection = await endConnection(tx, scope, id)
      await deriveCadences(tx, [id])
      await dropQueuedRuns(tx, scope, id)
      await resumeKinds(tx, scope, [id], jobKinds) // nothing of it is paused any more: it has ended
      await voidConsents(tx, scope, id)
      await disconnecting.within(scope, tx, id)
      await removeUnusedAuthorizations(tx, scope, connection.customerId)
      const { customerId, name } = connection
      await appendEvents(tx, [{ type: 'CONNECTION_CHANGED', connectionId: id, customerId, summary: `${name} was disconnected by ${scope.actor.name}` }])
      return { connection }
    })
    await disconnecting.after(scope, id)
    return ended
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}
