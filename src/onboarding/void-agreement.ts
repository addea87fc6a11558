import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { ProviderError } from '../agreements/provider.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import type { Agreeing } from './agreeing.ts'
import { agreementById } from './agreements.store.ts'
import { withdrawAgreement } from './withdraw-agreement.ts'

const LONGEST_REASON = 200

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
  try {
    const status = await withdrawAgreement(scope, process, agreement.id, { reason, summary: `withdrawn by ${scope.actor.name}` })
    if (status !== 'VOIDED') return { refusals: [refusal('NOT_ALLOWED', status === 'SIGNED' ? 'the agreement was signed meanwhile' : 'the signer declined the agreement meanwhile', 'connectionId')] }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { refusals: [refusal('SIGNATURE_PROVIDER_UNAVAILABLE', error.message, 'connectionId')] }
  }
  return { connection: await loadExisting(scope, connectionById, uuid) }
}
