import type { Clock } from '../../kit/clock.ts'
import type { Log } from '../../observability/log.ts'
import type { Metrics } from '../../observability/metrics.ts'
import { type BudgetLedger, type Channel, type ChannelAccount, ChannelError, type Marketplace, type MarketplaceRegion } from '../channel.ts'
import { testAccount } from './account-test.ts'
import { type Application, consentUrl, grantOfConsent, grantOfCopy } from './authorization.ts'
import { amazonCarrierCode } from './carriers.ts'
import { Documents } from './documents.ts'
import { bulk, readSubmission, submitQuantities } from './feeds.ts'
import { setQuantity } from './inventory.ts'
import { readListings } from './listings.ts'
import { getOrder, searchOrders } from './orders.ts'
import { readRecordedOrder } from './read-order.ts'
import { confirmShipment } from './shipments.ts'
import { amazonMarketplaces, defaultLegacyDeveloperAccounts, type LegacyDeveloperAccounts } from './sites.ts'
import { SpApiClient } from './sp-api/client.ts'
import { MemoryLedger } from './sp-api/memory-ledger.ts'
import type { RetryPolicy } from './sp-api/retry.ts'

export interface AmazonChannelOptions {
  /** Base URL of the Selling Partner API of each region. */
  endpoints: Record<MarketplaceRegion, string>
  /** Login with Amazon, e.g. https://api.amazon.com/auth/o2/token */
  tokenUrl: string
  application: Application
  /** Base URL of a marketplace's consent page; its Seller Central unless told. */
  sellerPortal?: (marketplace: Marketplace) => string
  /** Where calls are counted; by this process alone unless told. */
  ledger?: BudgetLedger
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
  /** How long a call waits for its authorization's budget; 60 s. */
  quotaWaitMs?: number
  retry?: Partial<RetryPolicy>
}

const defaultRetry: RetryPolicy = { attempts: 5, deadlineMs: 90_000, backoffMs: 500, longestBackoffMs: 20_000 }

/** Amazon's Selling Partner API: Orders v2026-01-01, confirmShipment of Orders v0, Listings Items v2021-08-01, Feeds v2021-06-30. */
export function createAmazonChannel(options: AmazonChannelOptions): Channel {
  const { clock, application, sellerPortal = ({ sellerPortalUrl }) => sellerPortalUrl, ledger = new MemoryLedger() } = options
  const { developerName = '3PL Central', legacyDeveloperAccounts = {}, timeoutMs = 30_000, quotaWaitMs = 60_000 } = options
  const retry = { ...defaultRetry, ...options.retry }
  const client = new SpApiClient({ ...options, ...application, ledger, timeoutMs, quotaWaitMs, retry })
  const feeds = { client, documents: new Documents({ ...options, timeoutMs, retry }) }
  const accounts = { ...defaultLegacyDeveloperAccounts, ...legacyDeveloperAccounts }
  const marketplaces = amazonMarketplaces(developerName, accounts, application.applicationId !== null)
  const byId = new Map(marketplaces.map((marketplace) => [marketplace.id, marketplace]))
  const marketplaceOf = ({ marketplaceId }: Pick<ChannelAccount, 'marketplaceId'>): Marketplace => {
    const marketplace = byId.get(marketplaceId)
    if (marketplace === undefined) throw new ChannelError('rejected', 'the account names no marketplace of Amazon')
    return marketplace
  }
  return {
    code: 'amazon',
    marketplaces,
    consentUrl: (marketplaceId, to) => consentUrl(application, sellerPortal(marketplaceOf({ marketplaceId })), to),
    async grantOfConsent(marketplaceId, answer, redirectUrl, signal) {
      marketplaceOf({ marketplaceId })
      return grantOfConsent(client, clock, answer, redirectUrl, signal)
    },
    grantOfCopy: (copied) => grantOfCopy(clock, copied),
    testAccount: async (account, signal) => testAccount({ client, clock, account, marketplace: marketplaceOf(account), signal }, byId),
    secretExpiresAt: application.secretExpiresAt,
    async *searchOrders(account, { updatedFrom, goOn = null, signal }) {
      yield* searchOrders(client, clock, { account, marketplace: marketplaceOf(account), updatedFrom, goOn, signal })
    },
    getOrder: async (account, number, signal, turn) => getOrder(client, account, marketplaceOf(account), number, signal, turn),
    readRecorded: ({ marketplaceId }, number, recorded) => readRecordedOrder(number, recorded, marketplaceId),
    confirmShipment: async (account, confirmation, signal) =>
      confirmShipment(client, account, marketplaceOf(account), confirmation, signal),
    setQuantity: async (account, listing, signal) => setQuantity(client, account, marketplaceOf(account), listing, signal),
    submitQuantities: async (account, listings, signal) => submitQuantities(feeds, account, marketplaceOf(account), listings, signal),
    readSubmission: async (account, reference, signal, sellerSkus) =>
      readSubmission(feeds, account, marketplaceOf(account), reference, sellerSkus, signal),
    bulk,
    readListings: async (account, sellerSkus, signal) => readListings(client, account, marketplaceOf(account), sellerSkus, signal),
    carrierCode: (carrier) => amazonCarrierCode(carrier, options.carrierCodes),
    calls: (connectionId) => client.calls(connectionId),
  }
}
