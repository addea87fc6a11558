import { z } from 'zod'
import type { Clock } from '../../kit/clock.ts'
import { days, shifted } from '../../kit/clock.ts'
import { type AccountTest, type ChannelAccount, ChannelError, type Marketplace } from '../channel.ts'
import { type AccountFindings, covers, judged, type Participation, type Refused } from './account-findings.ts'
import { problemOf } from './order-answer.ts'
import type { SpApiClient } from './sp-api/client.ts'

/** Reading what is not there needs the same rights as reading what is. */
const NO_SUCH_SKU = 'CARTAGE-ACCOUNT-TEST'
/** Amazon shows the personal data of orders for at least so long. */
const recent = days(30)
/** Enough to find one that bears an address, which not every kind of order does. */
const ordersSeen = 10

interface Tried {
  client: SpApiClient
  clock: Clock
  account: ChannelAccount
  marketplace: Marketplace
  signal: AbortSignal
}

/**
 * Tries an account out by reading alone: a new access token, where the account sells, an order or two, a listing that is not there.
 * @throws ChannelError where Amazon could not be asked, so that nothing is known
 */
export async function testAccount(tried: Tried, known: ReadonlyMap<string, Marketplace>): Promise<AccountTest> {
  return judged(await findings(tried), tried.marketplace, known)
}

async function findings(tried: Tried): Promise<AccountFindings> {
  const { client, account, marketplace, signal } = tried
  const nothing = { participations: null, listings: null, orders: null }
  try {
    await client.authenticate(account, signal)
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'unauthorized') return { ...nothing, token: { code: error.code } }
    throw error
  }
  const participations = await unlessRefused(() => readParticipations(tried))
  // Beyond its marketplaces every call is refused, which would tell nothing of the rest.
  if (Array.isArray(participations) && !covers(participations, marketplace.id)) return { ...nothing, token: 'given', participations }
  const listings = await unlessRefused(() => readNoListing(tried))
  return { token: 'given', participations, listings, orders: await unlessRefused(() => readSomeOrders(tried)) }
}

async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | Refused> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'unauthorized') return { refused: 'denied' }
    if (error instanceof ChannelError && error.kind === 'rejected') return { refused: 'rejected', words: `Amazon refuses the call: ${error.message}` }
    throw error
  }
}

// amzn/selling-partner-api-models, models/sellers-api-model
const participationsAnswer = z.object({
  payload: z.array(
    z.object({
      marketplace: z.object({ id: z.string() }),
      participation: z.object({ isParticipating: z.boolean(), hasSuspendedListings: z.boolean().catch(false) }),
    }),
  ),
})

async function readParticipations({ client, account, marketplace: { region }, signal }: Tried): Promise<Participation[]> {
  const { body } = await client.call({
    operation: 'getMarketplaceParticipations',
    account,
    region,
    signal,
    send: (apis, options) => apis.http.get(`${apis.basePath}/sellers/v1/marketplaceParticipations`, options),
  })
  const parsed = participationsAnswer.safeParse(body)
  if (!parsed.success) throw new ChannelError('invalid-answer', `getMarketplaceParticipations: ${problemOf(parsed.error)}`)
  return parsed.data.payload.map(({ marketplace, participation }) => ({
    marketplaceId: marketplace.id,
    participating: participation.isParticipating,
    suspended: participation.hasSuspendedListings,
  }))
}

async function readNoListing({ client, account, marketplace, signal }: Tried): Promise<'open'> {
  try {
    await client.call({
      operation: 'getListingsItem',
      account,
      region: marketplace.region,
      signal,
      send: (apis, options) =>
        apis.listings.getListingsItem({ sellerId: account.merchantId, sku: NO_SUCH_SKU, marketplaceIds: [marketplace.id] }, options),
    })
  } catch (error) {
    if (!(error instanceof ChannelError) || error.httpStatus !== 404) throw error
  }
  return 'open'
}

const someOrders = z.object({ orders: z.array(z.unknown()) })
const street = z.string().trim().min(1)
const withStreet = z.object({
  recipient: z.object({
    deliveryAddress: z.union([z.object({ addressLine1: street }), z.object({ addressLine2: street }), z.object({ addressLine3: street })]),
  }),
})

async function readSomeOrders({ client, clock, account, marketplace, signal }: Tried): Promise<{ seen: number; withStreet: number }> {
  const { body } = await client.call({
    operation: 'searchOrders',
    account,
    region: marketplace.region,
    signal,
    send: (apis, options) =>
      apis.orders.searchOrders(
        {
          createdAfter: shifted(clock(), -recent).toISOString(),
          marketplaceIds: [marketplace.id],
          fulfillmentStatuses: ['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED'],
          fulfilledBy: ['MERCHANT'],
          maxResultsPerPage: ordersSeen,
          includedData: ['FULFILLMENT', 'RECIPIENT'],
        },
        options,
      ),
  })
  const parsed = someOrders.safeParse(body)
  if (!parsed.success) throw new ChannelError('invalid-answer', `searchOrders: ${problemOf(parsed.error)}`)
  const { orders } = parsed.data
  return { seen: orders.length, withStreet: orders.filter((order) => withStreet.safeParse(order).success).length }
}
