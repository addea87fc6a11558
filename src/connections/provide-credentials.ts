import { load, type Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { ChannelError } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { askMarketplace } from './ask-marketplace.ts'
import { merchantMayBe, unusable, whyNot } from './connection.ts'
import { connectionById, type ConnectionRow } from './connections.store.ts'
import { keepAuthorization, otherMerchant } from './keep-authorization.ts'
import { LONGEST_MERCHANT_ID } from './survey.ts'
import { claimedMerchants } from './surveys.store.ts'

const LONGEST_TOKEN = 4096

/**
 * Stores credentials that the seller copied by hand, once the marketplace took them: the token, for this marketplace and this
 * seller. Refuses CREDENTIALS_REJECTED with the words of each check that failed, and MARKETPLACE_UNAVAILABLE where it cannot be asked.
 */
export async function provideCredentials(
  scope: Scope,
  { channels, sealer }: { channels: Channels; sealer: Sealer },
  input: { connectionId: string; merchantId: string; refreshToken: string },
): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  const copied = { merchantId: input.merchantId.trim(), token: input.refreshToken.trim() }
  const malformed = [...refuseText('merchantId', copied.merchantId, LONGEST_MERCHANT_ID), ...refuseText('refreshToken', copied.token, LONGEST_TOKEN)]
  if (malformed.length > 0) return { refusals: malformed }
  const id = uuidOf('Connection', input.connectionId)
  if (id === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
  const connection = await load(scope, connectionById, id)
  if (connection === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
  const because = whyNot('provideCredentials', connection.status)
  if (because !== null) return { refusals: [refusal('NOT_ALLOWED', because, 'connectionId')] }
  const claimed = { ...connection, claimedMerchantId: (await claimedMerchants(scope.db.pool, scope, [id])).get(id) ?? null }
  if (!merchantMayBe(claimed, copied.merchantId)) return { refusals: [refusal('CREDENTIALS_REJECTED', otherMerchant(claimed), 'merchantId')] }

  const channel = channels.get(connection.channel)
  const grant = channel.grantOfCopy(copied)
  const { merchantId, credentials } = grant
  const account = { connectionId: id, authorizationId: null, marketplaceId: connection.marketplaceId, merchantId, credentials }
  const test = await askMarketplace(scope, (signal) => channel.testAccount(account, signal))
  if (test instanceof ChannelError) return { refusals: [refusal('MARKETPLACE_UNAVAILABLE', `the marketplace does not answer now: ${test.message}`, 'connectionId')] }
  const failed = unusable(test.checks, false)
  if (failed.length > 0) {
    // With a token that serves the marketplace it is the merchant ID that does not fit; without one, that was not even looked at.
    const field = failed.every(({ name }) => name === 'SELLER') ? 'merchantId' : 'refreshToken'
    return { refusals: failed.map(({ message }) => refusal('CREDENTIALS_REJECTED', message, field)) }
  }
  return keepAuthorization(scope, sealer, connection, grant, test)
}

function refuseText(field: string, text: string, longest: number): Refusal[] {
  if (text === '') return [refusal('REQUIRED', `${field} must not be blank`, field)]
  return text.length > longest ? [refusal('INVALID', `${field} must have at most ${longest} characters`, field)] : []
}
