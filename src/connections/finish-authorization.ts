import { type Actor, load, type ScopeFor } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import type { Database } from '../db/client.ts'
import type { Clock } from '../kit/clock.ts'
import { ChannelError } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { askMarketplace } from './ask-marketplace.ts'
import type { AuthorizationOutcome } from './authorization-outcome.ts'
import { callbackUrl } from './begin-authorization.ts'
import { merchantMayBe, unusable, whyNot } from './connection.ts'
import { connectionById } from './connections.store.ts'
import { useConsent } from './consents.store.ts'
import { keepAuthorization, otherMerchant } from './keep-authorization.ts'
import { claimedMerchants } from './surveys.store.ts'

/** States are 43 characters: what is longer was never one. */
const LONGEST_STATE = 100

export interface AuthorizationProcess {
  db: Database
  clock: Clock
  channels: Channels
  sealer: Sealer
  publicUrl: () => string
  scopeFor: ScopeFor
  /** Whether who began it may still do so. */
  isActorGood: (actor: Actor) => Promise<boolean>
}

/**
 * Finishes a consent with what the marketplace sent the seller back with. The state names connection and viewer, and is used up
 * first: whatever follows, it is good for nothing more. Acts as the viewer who began it, where that token is still good.
 */
export async function finishAuthorization(
  { db, clock, channels, sealer, publicUrl, scopeFor, isActorGood }: AuthorizationProcess,
  channelCode: string,
  answer: Readonly<Record<string, string>>,
  requestId: string,
): Promise<AuthorizationOutcome & { actorId?: string }> {
  const state = answer['state'] ?? ''
  if (state === '' || state.length > LONGEST_STATE) return { kind: 'stateInvalid' }
  const consent = await useConsent(db.pool, channelCode, state, clock())
  if (typeof consent === 'string') return { kind: ({ unknown: 'stateInvalid', used: 'stateUsed', expired: 'stateExpired' } as const)[consent] }

  const { actor, connectionId } = consent
  const scope = scopeFor(actor, requestId, { action: 'finishAuthorization' })
  const outcome = await finish()
  scope.log.info({ connectionId, outcome: outcome.kind }, 'authorization finished')
  return { ...outcome, actorId: actor.id }

  async function finish(): Promise<AuthorizationOutcome> {
    if (!(await isActorGood(actor))) return { kind: 'notAllowed', because: 'who began it has no access any more' }
    const connection = await load(scope, connectionById, connectionId)
    const because = connection === null ? 'the connection is not there any more' : whyNot('beginAuthorization', connection.status)
    if (connection === null || because !== null) return { kind: 'notAllowed', because: because ?? '' }
    // RFC 6749, 4.1.2.1: what every consent page adds instead of a code.
    if (answer['error'] !== undefined) return { kind: 'denied' }

    const channel = channels.get(connection.channel)
    const { marketplaceId } = connection
    const grant = await askMarketplace(scope, (signal) => channel.grantOfConsent(marketplaceId, answer, callbackUrl(publicUrl(), channel.code), signal))
    if (grant instanceof ChannelError) return grant.kind === 'rejected' ? { kind: 'codeRefused', because: grant.message } : { kind: 'marketplaceUnavailable' }
    const { merchantId, credentials } = grant
    const claimed = { ...connection, claimedMerchantId: (await claimedMerchants(db.pool, scope, [connectionId])).get(connectionId) ?? null }
    if (!merchantMayBe(claimed, merchantId)) return { kind: 'otherAccount', because: otherMerchant(claimed) }

    const test = await askMarketplace(scope, (signal) => channel.testAccount({ connectionId, authorizationId: null, marketplaceId, merchantId, credentials }, signal))
    if (test instanceof ChannelError) return { kind: 'marketplaceUnavailable' }
    const failed = unusable(test.checks, true)
    if (failed.length > 0) return { kind: 'checksFailed', because: failed.map(({ message }) => message) }

    const kept = await keepAuthorization(scope, sealer, connection, grant, test)
    if ('connection' in kept) return { kind: 'done', connection: kept.connection.name }
    const [refused] = kept.refusals
    if (refused?.code === 'TAKEN') return { kind: 'taken' }
    return { kind: refused?.code === 'CREDENTIALS_REJECTED' ? 'otherAccount' : 'notAllowed', because: refused?.message ?? '' }
  }
}
