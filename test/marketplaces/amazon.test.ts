import { systemClock } from '../../src/kit/clock.ts'
import { writeCredentials } from '../../src/marketplaces/amazon/credentials.ts'
import { createAmazonChannel } from '../../src/marketplaces/amazon/index.ts'
import { startSimulator } from '../../src/marketplaces/amazon/simulator/server.ts'
import type { ChannelAccount } from '../../src/marketplaces/channel.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { type ChannelHarness, describeChannel, type FaultKind, type FaultyOperation, type NewOrders } from './describe-channel.ts'

const US = 'ATVPDKIKX0DER'
const attempts = 4

const operations: Record<FaultyOperation, string> = {
  searchOrders: 'searchOrders',
  getOrder: 'getOrder',
  confirmShipment: 'confirmShipment',
  setQuantity: 'patchListingsItem',
  getQuantity: 'getListingsItem',
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
    marketplaceId: US,
    merchantId: sellerId,
    credentials: writeCredentials(credentials),
  })
  const channel = createAmazonChannel({
    endpoints: { NORTH_AMERICA: simulator.url, EUROPE: simulator.url, FAR_EAST: simulator.url },
    tokenUrl: `${simulator.url}/auth/o2/token`,
    clientId: seller.credentials.clientId,
    clientSecret: seller.credentials.clientSecret,
    clock: systemClock,
    log: createLog('silent'),
    metrics: new Metrics(),
    timeoutMs: 5000,
    quotaWaitMs: 1500,
    retry: { attempts, backoffMs: 10, longestBackoffMs: 50 },
  })
  return {
    channel,
    account: accountOf(seller),
    scarceAccount: accountOf(scarce),
    secrets: [seller.credentials.clientSecret, seller.credentials.refreshToken, scarce.credentials.refreshToken, 'Atza|', 'Atzr|'],
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
