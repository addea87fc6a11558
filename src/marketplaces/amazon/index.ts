import type { Clock } from '../../kit/clock.ts'
import type { Log } from '../../observability/log.ts'
import type { Metrics } from '../../observability/metrics.ts'
import { type Channel, type ChannelAccount, ChannelError, type Marketplace, type MarketplaceRegion } from '../channel.ts'
import { amazonCarrierCode } from './carriers.ts'
import { getQuantity, setQuantity } from './inventory.ts'
import { getOrder, searchOrders } from './orders.ts'
import { readRecordedOrder } from './read-order.ts'
import { confirmShipment } from './shipments.ts'
import { amazonMarketplaces, defaultLegacyDeveloperAccounts, type LegacyDeveloperAccounts } from './sites.ts'
import { SpApiClient } from './sp-api/client.ts'
import type { RetryPolicy } from './sp-api/retry.ts'

export interface AmazonChannelOptions {
  /** Base URL of the Selling Partner API of each region. */
  endpoints: Record<MarketplaceRegion, string>
  /** Login with Amazon, e.g. https://api.amazon.com/auth/o2/token */
  tokenUrl: string
  clientId: string
  clientSecret: string
  /** The name under which sellers find the application. */
  developerName?: string
  legacyDeveloperAccounts?: LegacyDeveloperAccounts
  /** Our carrier code -> Amazon's, in place of the built-in table. */
  carrierCodes?: Record<string, string>
  clock: Clock
  log: Log
  metrics: Metrics
  /** Of one HTTP exchange; 30 s. */
  timeoutMs?: number
  /** How long a call waits for its connection's budget; 60 s. */
  quotaWaitMs?: number
  retry?: Partial<RetryPolicy>
}

const defaultRetry: RetryPolicy = { attempts: 5, deadlineMs: 90_000, backoffMs: 500, longestBackoffMs: 20_000 }

/** Amazon's Selling Partner API: Orders v2026-01-01, confirmShipment of Orders v0, Listings Items v2021-08-01. */
export function createAmazonChannel(options: AmazonChannelOptions): Channel {
  const { clock, developerName = '3PL Central', legacyDeveloperAccounts = {}, timeoutMs = 30_000, quotaWaitMs = 60_000 } = options
  const client = new SpApiClient({ ...options, timeoutMs, quotaWaitMs, retry: { ...defaultRetry, ...options.retry } })
  const marketplaces = amazonMarketplaces(developerName, { ...defaultLegacyDeveloperAccounts, ...legacyDeveloperAccounts })
  const byId = new Map(marketplaces.map((marketplace) => [marketplace.id, marketplace]))
  const marketplaceOf = (account: ChannelAccount): Marketplace => {
    const marketplace = byId.get(account.marketplaceId)
    if (marketplace === undefined) throw new ChannelError('rejected', 'the account names no marketplace of Amazon')
    return marketplace
  }
  return {
    code: 'amazon',
    marketplaces,
    async *searchOrders(account, { updatedFrom, signal }) {
      yield* searchOrders(client, clock, { account, marketplace: marketplaceOf(account), updatedFrom, signal })
    },
    getOrder: async (account, number, signal) => getOrder(client, account, marketplaceOf(account), number, signal),
    readRecorded: ({ marketplaceId }, number, recorded) => readRecordedOrder(number, recorded, marketplaceId),
    confirmShipment: async (account, confirmation, signal) =>
      confirmShipment(client, account, marketplaceOf(account), confirmation, signal),
    setQuantity: async (account, listing, signal) => setQuantity(client, account, marketplaceOf(account), listing, signal),
    getQuantity: async (account, sellerSku, signal) => getQuantity(client, account, marketplaceOf(account), sellerSku, signal),
    carrierCode: (carrier) => amazonCarrierCode(carrier, options.carrierCodes),
    quotas: (connectionId) => client.quotas.read(connectionId),
    calls: (connectionId) => client.calls(connectionId),
  }
}
