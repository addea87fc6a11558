import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { ProviderError } from '../agreements/provider.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { transaction } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { seconds } from '../kit/clock.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { type Agreeing, remoteOf } from './agreeing.ts'
import { agreementById, connectionsOfAgreement, markEnded } from './agreements.store.ts'

const LONGEST_REASON = 200
const PATIENCE_MS = seconds(30)

/** Withdraws an agreement that is not signed yet, for every connection that it was made for. Refuses NOT_ALLOWED for one that is signed or has ended. */
export async function voidAgreement(scope: Scope, process: Agreeing, input: { connectionId: string; reason: string }): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  const reason = input.reason.trim()
  if (reason === '') return { refusals: [refusal('REQUIRED', 'reason must not be blank', 'reason')] }
  if (reason.length > LONGEST_REASON) return { refusals: [refusal('INVALID', `reason must have at most ${LONGEST_REASON} characters`, 'reason')] }
  const uuid = uuidOf('Connection', input.connectionId)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
  const connection = await load(scope, connectionById, uuid)
  if (connection === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
  const agreement = connection.agreementId === null ? null : await agreementById(scope.db.pool, scope, connection.agreementId)
  if (agreement === null || !['NOT_SENT', 'SENT'].includes(agreement.status)) return { refusals: [refusal('NOT_ALLOWED', 'no agreement waits for a signature', 'connectionId')] }
  const provider = remoteOf(process, agreement.provider)
  if (provider !== null && agreement.reference !== null) {
    try {
      await provider.voidAgreement(agreement.reference, reason, AbortSignal.timeout(PATIENCE_MS))
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      return { refusals: [refusal('SIGNATURE_PROVIDER_UNAVAILABLE', error.message, 'connectionId')] }
    }
  }
  const voided = await transaction(scope.db.pool, async (tx) => {
    if (!(await markEnded(tx, scope, agreement.id, 'VOIDED', reason, scope.clock()))) return false
    const connections = await connectionsOfAgreement(tx, scope, agreement.id)
    await appendEvents(tx, connections.map(({ id: connectionId, customerId, name }) => ({ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name}: the agreement was withdrawn by ${scope.actor.name}` })))
    return true
  })
  return voided ? { connection: await loadExisting(scope, connectionById, uuid) } : { refusals: [refusal('NOT_ALLOWED', 'the agreement was signed meanwhile', 'connectionId')] }
}
