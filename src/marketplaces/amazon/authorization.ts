// developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
import type { Clock } from '../../kit/clock.ts'
import { days, shifted } from '../../kit/clock.ts'
import { ChannelError, type Grant } from '../channel.ts'
import { writeCredentials } from './credentials.ts'
import type { SpApiClient } from './sp-api/client.ts'

/** The application as it is registered at Amazon. */
export interface Application {
  clientId: string
  /** The newest first; an older one serves until Amazon knows the new one. */
  clientSecrets: readonly [string, ...string[]]
  /** When the newest secret ends; null where nobody said. */
  secretExpiresAt: Date | null
  /** For consent pages; null: sellers copy their credentials by hand. */
  applicationId: string | null
  /** Not yet published: consent pages are asked for its draft. */
  draft: boolean
}

/** An authorization of a public application ends a year after it was given; Amazon tells of no other end. */
const life = days(365)
/** Also called merchant token; letters and digits, as Seller Central shows it. */
const merchantIdForm = /^[A-Z0-9]{5,30}$/

/** `portal`: base URL of the marketplace's Seller Central. */
export function consentUrl(application: Application, portal: string, { state, redirectUrl }: { state: string; redirectUrl: string }): string | null {
  if (application.applicationId === null) return null
  const url = new URL(`${portal.replace(/\/+$/, '')}/apps/authorize/consent`)
  const query = { application_id: application.applicationId, state, redirect_uri: redirectUrl, ...(application.draft && { version: 'beta' }) }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

export async function grantOfConsent(
  client: SpApiClient,
  clock: Clock,
  answer: Readonly<Record<string, string>>,
  redirectUrl: string,
  signal: AbortSignal,
): Promise<Grant> {
  const merchantId = answer.selling_partner_id?.trim() ?? ''
  const code = answer.spapi_oauth_code?.trim() ?? ''
  if (merchantId === '' || code === '') throw noConsent('Amazon sent no consent back: the seller did not confirm it. Start the authorization again, and confirm it.')
  if (!merchantIdForm.test(merchantId)) throw noConsent('What Amazon sent back names no Merchant ID. Start the authorization again.')
  const { refreshToken } = await redeemed(client, code, redirectUrl, signal)
  if (refreshToken === null) throw new ChannelError('invalid-answer', 'token: the answer to the consent holds no refresh token')
  return { merchantId, credentials: writeCredentials({ refreshToken }), expiresAt: shifted(clock(), life) }
}

export const grantOfCopy = (clock: Clock, { merchantId, token }: { merchantId: string; token: string }): Grant => ({
  merchantId: merchantId.trim(),
  credentials: writeCredentials({ refreshToken: token.trim() }),
  expiresAt: shifted(clock(), life),
})

async function redeemed(client: SpApiClient, code: string, redirectUrl: string, signal: AbortSignal): Promise<{ refreshToken: string | null }> {
  try {
    return await client.redeem(code, redirectUrl, signal)
  } catch (error) {
    // An application that Amazon does not know is not the seller's to mend.
    if (!(error instanceof ChannelError) || error.kind !== 'unauthorized' || error.code === 'invalid_client') throw error
    const words =
      error.code === 'invalid_grant'
        ? 'Amazon does not take this consent: it was used already, is older than 5 minutes, or was given to another application or address. Start the authorization again.'
        : error.message
    const { httpStatus, requestId } = error
    throw new ChannelError('rejected', words, { code: error.code, httpStatus, requestId })
  }
}

const noConsent = (words: string): ChannelError => new ChannelError('rejected', words, { code: 'NoConsent' })
