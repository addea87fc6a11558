import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { deriveCadences, makeCadencesDue } from './cadences.store.ts'
import { transitions, whyNot } from './connection.ts'
import { type ConnectionRow, updateStatus } from './connections.store.ts'
import { withConnection } from './with-connection.ts'

/** Many connections may be resumed at one stroke, after the marketplace was down: their runs start a little apart. */
const SPREAD_SECONDS = 5

/** Sets a paused connection, or one that needed attention, to work again; its cadences fall due at once. */
export function resumeConnection(scope: Scope, input: { connectionId: string }): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  return withConnection(scope, input.connectionId, async (tx, before) => {
    const because = whyNot('resume', before.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    const connection = await updateStatus(tx, scope, before.id, transitions.resume.to, null)
    await deriveCadences(tx, [connection.id])
    await makeCadencesDue(tx, connection.id, null, SPREAD_SECONDS)
    const { id: connectionId, customerId, name } = connection
    await appendEvents(tx, [{ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name} was resumed by ${scope.actor.name}` }])
    return { connection }
  })
}
