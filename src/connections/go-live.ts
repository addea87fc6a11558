import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { agreedAt } from './agreed.store.ts'
import { authorizedAt } from './authorizations.ts'
import { deriveCadences, makeCadencesDue } from './cadences.store.ts'
import { transitions, waitingFor, whyNot } from './connection.ts'
import { type ConnectionRow, updateStatus } from './connections.store.ts'
import { withConnection } from './with-connection.ts'

/**
 * Sets a connection that was being set up to work: its cadences run from here on, and its first import at once. Refuses
 * CONNECTION_NOT_READY with each thing that is missing.
 */
export function goLive(scope: Scope, { agreementNeeded }: { agreementNeeded: boolean }, input: { connectionId: string }): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  return withConnection(scope, input.connectionId, async (tx, before) => {
    const because = whyNot('goLive', before.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    const missing = waitingFor({ ...before, authorizedAt: await authorizedAt(tx, scope, before.id), agreed: !agreementNeeded || (await agreedAt(tx, scope, before.id)) !== null })
    if (missing.length > 0) throw new Refused(...missing.map((words) => refusal('CONNECTION_NOT_READY', words, 'connectionId')))
    const connection = await updateStatus(tx, scope, before.id, transitions.goLive.to, null)
    await deriveCadences(tx, [connection.id])
    await makeCadencesDue(tx, connection.id, ['IMPORT_ORDERS'], 0)
    const { id: connectionId, customerId, name } = connection
    await appendEvents(tx, [{ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name} was set live by ${scope.actor.name}` }])
    return { connection }
  })
}
