import { randomBytes } from 'node:crypto'
import type { Scope } from '../auth/scope.ts'
import { minutes, shifted } from '../kit/clock.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import type { Channel } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { noConsentPage, whyNot } from './connection.ts'
import { insertConsent } from './consents.store.ts'
import { withConnection } from './with-connection.ts'

/** How long the seller has on the marketplace's pages. */
const GOOD_FOR = minutes(30)

/** Where a channel's marketplaces send sellers back to. */
export const callbackUrl = (publicUrl: string, channel: string): string => `${publicUrl}/authorize/${channel}/callback`

/** Whether the application is configured for the consent page of a marketplace: of no state and no way back, that page's URL is asked for. */
export const hasConsentPage = (channel: Channel, marketplaceId: string): boolean => channel.consentUrl(marketplaceId, { state: 'none', redirectUrl: 'http://localhost' }) !== null

/**
 * The marketplace's consent page, for the seller to open. What comes back from there is good once, until `expiresAt`, for this
 * connection, in the name of who began it. Refuses NOT_ALLOWED where the application is not configured for consent pages.
 */
export function beginAuthorization(
  scope: Scope,
  { channels, publicUrl }: { channels: Channels; publicUrl: () => string },
  input: { connectionId: string },
): Promise<{ authorizationUrl: string; expiresAt: Date } | { refusals: Refusal[] }> {
  return withConnection(scope, input.connectionId, async (tx, connection) => {
    const because = whyNot('beginAuthorization', connection.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    const state = randomBytes(32).toString('base64url')
    const redirectUrl = callbackUrl(publicUrl(), connection.channel)
    const authorizationUrl = channels.get(connection.channel).consentUrl(connection.marketplaceId, { state, redirectUrl })
    if (authorizationUrl === null) throw new Refused(refusal('NOT_ALLOWED', noConsentPage, 'connectionId'))
    const expiresAt = shifted(scope.clock(), GOOD_FOR)
    await insertConsent(tx, scope, connection, state, expiresAt)
    return { authorizationUrl, expiresAt }
  })
}
