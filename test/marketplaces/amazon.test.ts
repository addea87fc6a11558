import { systemClock } from '../../src/kit/clock.ts'
import { writeCredentials } from '../../src/marketplaces/amazon/credentials.ts'
import { createAmazonChannel } from '../../src/marketplaces/amazon/index.ts'
import { demoApplication } from '../../src/marketplaces/amazon/simulator/demo-sellers.ts'
import { startSimulator } from '../../src/marketplaces/amazon/simulator/server.ts'
import type { ChannelAccount } from '../../src/marketplaces/channel.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { type ChannelHarness, describeChannel, type FaultKind, type FaultyOperation, type Newcomer, type NewOrders, type Right } from './describe-channel.ts'

const US = 'ATVPDKIKX0DER'
const CA = 'A2EUQ1WTGCTBG2'
const BR = 'A2Q3Y263D00KWC'
const DE = 'A1PA6795UKMFR9'
const attempts = 4

const roles: Record<Right, string> = { orders: 'orders', personalData: 'personalData', listings: 'listings', marketplaces: 'insights' }

const operations: Record<FaultyOperation, string> = {
  searchOrders: 'searchOrders',
  getOrder: 'getOrder',
  confirmShipment: 'confirmShipment',
  setQuantity: 'patchListingsItem',
  readListings: 'searchListingsItems',
  submitQuantities: 'createFeed',
  readSubmission: 'getFeed',
  '*': '*',
}
const faults: Record<FaultKind, object> = {
  throttle: { kind: 'throttle' },
  'throttle-silently': { kind: 'throttle-without-header' },
  error: { kind: 'error', status: 503 },
  reset: { kind: 'reset' },
  'reset-after': { kind: 'reset-after' },
  truncated: { kind: 'truncated' },
  slow: { kind: 'latency', latencyMs: 10_000 },
  'malformed-order': { kind: 'malformed', part: 'order' },
  'malformed-answer': { kind: 'malformed', part: 'answer' },
  expired: { kind: 'expired-token' },
  revoked: { kind: 'revoked' },
  refused: { kind: 'reject' },
  'given-up': { kind: 'fatal' },
}

interface Seller {
  sellerId: string
  credentials: { clientId: string; clientSecret: string; refreshToken: string }
}

interface Received {
  body: { packageDetail: { packageReferenceId: string } }
  applied: boolean
}

async function startAmazon(): Promise<ChannelHarness> {
  const simulator = await startSimulator({ host: '127.0.0.1', port: 0, buying: null })
  async function control<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${simulator.url}/_simulator${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return (await response.json()) as T
  }
  const skus = [
    { sellerSku: 'MUG', quantity: 100_000 },
    { sellerSku: 'POSTER', quantity: 100_000 },
    { sellerSku: 'LAMP-FBA', fulfilledBy: 'AMAZON' },
  ]
  const { seller } = await control<{ seller: Seller }>('POST', '/sellers', { marketplaces: [US], skus, quotas: 'unlimited' })
  const { seller: scarce } = await control<{ seller: Seller }>('POST', '/sellers', { marketplaces: [US], skus })
  const accountOf = ({ sellerId, credentials }: Seller): ChannelAccount => ({
    connectionId: `connection-of-${sellerId}`,
    authorizationId: `authorization-of-${sellerId}`,
    marketplaceId: US,
    merchantId: sellerId,
    credentials: writeCredentials(credentials),
  })
  const channel = createAmazonChannel({
    endpoints: { NORTH_AMERICA: `${simulator.url}/na`, EUROPE: `${simulator.url}/eu`, FAR_EAST: `${simulator.url}/fe` },
    tokenUrl: `${simulator.url}/auth/o2/token`,
    application: { ...demoApplication, clientSecrets: [demoApplication.clientSecret], secretExpiresAt: null, draft: false },
    sellerPortal: () => simulator.url,
    clock: systemClock,
    log: createLog('silent'),
    metrics: new Metrics(),
    timeoutMs: 5000,
    quotaWaitMs: 1500,
    retry: { attempts, backoffMs: 10, longestBackoffMs: 50 },
  })
  async function newcomer(): Promise<Newcomer> {
    const { seller: made } = await control<{ seller: Seller }>('POST', '/sellers', { marketplaces: [US, CA], skus, quotas: 'unlimited' })
    const { sellerId, credentials } = made
    return {
      merchantId: sellerId,
      token: credentials.refreshToken,
      async consent(url, confirms = true) {
        const page = new URL(url)
        page.searchParams.set(confirms ? 'seller' : 'deny', sellerId)
        const response = await fetch(page, { redirect: 'manual' })
        const back = response.headers.get('location')
        if (back === null) throw new Error(`the consent page led nowhere: ${await response.text()}`)
        return Object.fromEntries(new URL(back).searchParams)
      },
      withdraw: async (right) => void (await control('PATCH', `/sellers/${sellerId}`, { roles: { [roles[right]]: false } })),
      revoke: async () => void (await control('DELETE', `/sellers/${sellerId}/authorizations`)),
      sell: async () => void (await control('POST', '/orders', { sellerId, marketplaceId: US, status: 'UNSHIPPED' })),
    }
  }
  return {
    channel,
    newcomer,
    sites: { sold: [US, CA], unsold: BR, abroad: DE },
    account: accountOf(seller),
    scarceAccount: accountOf(scarce),
    secrets: [demoApplication.clientSecret, seller.credentials.refreshToken, scarce.credentials.refreshToken, 'Atza|', 'Atzr|'],
    merchantSku: 'MUG',
    marketplaceSku: 'LAMP-FBA',
    showsAfterSeconds: 120,
    attempts,
    async createOrders({ fulfilledBy, ...orders }: NewOrders) {
      const shipper = fulfilledBy === 'MARKETPLACE' ? 'AMAZON' : 'MERCHANT'
      const wanted = { ...orders, sellerId: seller.sellerId, marketplaceId: US, fulfilledBy: shipper }
      const created = await control<{ orders: { orderId: string }[] }>('POST', '/orders', wanted)
      return created.orders.map((order) => order.orderId)
    },
    async patchOrder(number, { status, cancelRequest }) {
      const change = { ...(status && { status }), ...(cancelRequest && { cancelRequest: { reason: cancelRequest } }) }
      await control('PATCH', `/orders/${number}`, change)
    },
    async confirmations(number) {
      const { confirmations } = await control<{ confirmations: Received[] }>('GET', `/orders/${number}`)
      return confirmations.map(({ body, applied }) => ({ reference: body.packageDetail.packageReferenceId, accepted: applied }))
    },
    now: async () => new Date((await control<{ now: string }>('GET', '/clock')).now),
    advance: async (advanceSeconds) => void (await control('POST', '/clock', { advanceSeconds })),
    async fault(operation, kind, times) {
      await control('POST', '/faults', { operation: operations[operation], ...faults[kind], ...(times && { times }) })
    },
    clearFaults: async () => void (await control('DELETE', '/faults')),
    stop: () => simulator.stop(),
  }
}

describeChannel('amazon', startAmazon)
