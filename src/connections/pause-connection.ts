import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { deriveCadences } from './cadences.store.ts'
import { transitions, whyNot } from './connection.ts'
import { type ConnectionRow, updateStatus } from './connections.store.ts'
import { withConnection } from './with-connection.ts'

/** Stops every cadence of a connection until it is resumed. A run under way ends as it would. */
export async function pauseConnection(scope: Scope, input: { connectionId: string; reason: string }): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  const reason = input.reason.trim()
  if (reason === '') return { refusals: [refusal('REQUIRED', 'reason must not be blank', 'reason')] }
  return withConnection(scope, input.connectionId, async (tx, before) => {
    const because = whyNot('pause', before.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    const connection = await updateStatus(tx, scope, before.id, transitions.pause.to, reason)
    await deriveCadences(tx, [connection.id])
    const { id: connectionId, customerId, name } = connection
    await appendEvents(tx, [{ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name} was paused by ${scope.actor.name}` }])
    return { connection }
  })
}
