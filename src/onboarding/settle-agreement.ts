import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { sha256 } from '../agreements/document.ts'
import { appendEvents } from '../events/append.ts'
import { seconds } from '../kit/clock.ts'
import { type Agreeing, asSigned, remoteOf } from './agreeing.ts'
import { agreementById, connectionsOfAgreement, lockAgreement, markEnded, markSigned } from './agreements.store.ts'
import { tellSigned } from './tell-signed.ts'

const PATIENCE_MS = seconds(30)

/**
 * Asks the provider what has become of an agreement, and keeps it, once: whoever asks again changes nothing. @throws ProviderError
 */
export async function settleAgreement(scope: Scope, process: Agreeing, id: string): Promise<void> {
  const agreement = await agreementById(scope.db.pool, scope, id)
  const provider = agreement === null ? null : remoteOf(process, agreement.provider)
  if (agreement?.status !== 'SENT' || agreement.reference === null || provider === null) return
  const outcome = await provider.outcomeOf(agreement.reference, AbortSignal.timeout(PATIENCE_MS))
  if (outcome.status === 'SENT') return
  const sealed = outcome.status === 'SIGNED' ? await process.sealer.seal(Buffer.from(outcome.document).toString('base64'), asSigned(id)) : ''
  await changing(scope, async (tx) => {
    await lockAgreement(tx, scope, id)
    if (outcome.status === 'SIGNED') {
      const kept = await markSigned(tx, scope, id, { at: outcome.at, sha256: sha256(outcome.document), sealed, signature: null, consent: null, from: null, with: null })
      if (kept) await tellSigned(tx, scope, process, agreement)
      return
    }
    if (!(await markEnded(tx, scope, id, outcome.status, outcome.reason, outcome.at))) return
    const what = outcome.status === 'DECLINED' ? 'the signer declined the agreement' : 'the agreement was voided'
    const connections = await connectionsOfAgreement(tx, scope, id)
    await appendEvents(tx, connections.map(({ id: connectionId, customerId, name }) => ({ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name}: ${what}` })))
  })
}
