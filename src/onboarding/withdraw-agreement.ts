import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { ProviderError } from '../agreements/provider.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import { type Agreeing, BUILT_IN, remoteOf } from './agreeing.ts'
import { agreementById, agreementLeftBy, connectionsOfAgreement, markEnded, markSent } from './agreements.store.ts'
import type { AgreementStatus } from './onboarding.ts'
import { settleAgreement } from './settle-agreement.ts'

const PATIENCE_MS = seconds(30)
const disconnected = { reason: 'the connection was disconnected', summary: 'withdrawn with its connection' }

interface Because {
  /** For people, at the agreement. */
  reason: string
  /** In the event, after "the agreement was". */
  summary: string
}

/**
 * Ends an agreement that is not signed yet, at its provider first: one that was signed or declined there meanwhile is kept as that.
 * @returns what it is then
 * @throws ProviderError
 */
export async function withdrawAgreement(scope: Scope, process: Agreeing, id: string, because: Because): Promise<AgreementStatus> {
  const agreement = (await agreementById(scope.db.pool, scope, id))!
  const provider = remoteOf(process, agreement.provider)
  if (provider !== null) {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    // What was handed over without our having been told is there all the same.
    const reference = agreement.reference ?? (await provider.referenceOf(id, signal))
    if (reference !== null && !(await provider.voidAgreement(reference, because.reason, signal))) {
      await changing(scope, (tx) => markSent(tx, scope, id, reference))
      await settleAgreement(scope, process, id)
    }
  }
  await changing(scope, (tx) => end(tx, scope, id, because))
  return (await agreementById(scope.db.pool, scope, id))!.status
}

/** In the transaction that ends a connection: ends its agreement too, where it is signed here and no other connection is left under it. */
export async function endAgreementWith(scope: Scope, tx: Tx, connectionId: string): Promise<void> {
  const left = await agreementLeftBy(tx, scope, connectionId)
  if (left?.provider === BUILT_IN) await end(tx, scope, left.id, disconnected)
}

/** Likewise where it is signed elsewhere, once the connection has ended. A provider that cannot be asked now is asked by the chores. */
export async function withdrawAgreementOf(scope: Scope, process: Agreeing, connectionId: string): Promise<void> {
  const left = await agreementLeftBy(scope.db.pool, scope, connectionId)
  if (left !== null) await withdrawLeft(scope, process, left.id)
}

/** False where the provider cannot be asked now. */
export async function withdrawLeft(scope: Scope, process: Agreeing, id: string): Promise<boolean> {
  try {
    await withdrawAgreement(scope, process, id, disconnected)
    return true
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    scope.log.warn({ causes: causes(error), agreement: id }, 'the agreement of a connection that has ended cannot be withdrawn now')
    return error.kind !== 'unavailable'
  }
}

async function end(tx: Tx, scope: Scope, id: string, { reason, summary }: Because): Promise<void> {
  if (!(await markEnded(tx, scope, id, 'VOIDED', reason, scope.clock()))) return
  const connections = await connectionsOfAgreement(tx, scope, id)
  await appendEvents(tx, connections.map(({ id: connectionId, customerId, name }) => ({ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name}: the agreement was ${summary}` })))
}
