// Token buckets per seller and operation, on the simulator's clock.
// Default rates: the usage plans in the models (amzn/selling-partner-api-models).

export interface Rate {
  /** Calls a second. */
  rate: number
  burst: number
}

export const amazonRates = {
  searchOrders: { rate: 0.0056, burst: 20 },
  getOrder: { rate: 0.5, burst: 30 },
  confirmShipment: { rate: 2, burst: 10 },
  patchListingsItem: { rate: 5, burst: 5 },
  getListingsItem: { rate: 5, burst: 10 },
  searchListingsItems: { rate: 5, burst: 5 },
  createFeedDocument: { rate: 0.5, burst: 15 },
  createFeed: { rate: 0.0083, burst: 15 },
  getFeed: { rate: 2, burst: 15 },
  getFeedDocument: { rate: 0.0222, burst: 10 },
  getMarketplaceParticipations: { rate: 0.016, burst: 15 },
} as const satisfies Record<string, Rate>

/** An operation of the Selling Partner API, which each seller has a quota of. */
export type SellerOperation = keyof typeof amazonRates
export const sellerOperations = Object.keys(amazonRates) as [SellerOperation, ...SellerOperation[]]
/** What the presigned URLs of feed documents serve: no quota there. */
export const storageOperations = ['uploadFeedDocument', 'downloadFeedDocument'] as const
export type StorageOperation = (typeof storageOperations)[number]
export type Operation = SellerOperation | StorageOperation | 'token'
export const operations: readonly [Operation, ...Operation[]] = [...sellerOperations, ...storageOperations, 'token']

export type Rates = Record<SellerOperation, Rate>

/** What the demonstration's sellers are allowed, so that a newcomer need not wait three minutes between searches. */
export const demoRates: Rates = {
  searchOrders: { rate: 1, burst: 20 },
  getOrder: { rate: 10, burst: 60 },
  confirmShipment: { rate: 20, burst: 100 },
  patchListingsItem: { rate: 20, burst: 100 },
  getListingsItem: { rate: 20, burst: 100 },
  searchListingsItems: { rate: 20, burst: 100 },
  createFeedDocument: { rate: 5, burst: 15 },
  createFeed: { rate: 1, burst: 15 },
  getFeed: { rate: 10, burst: 60 },
  getFeedDocument: { rate: 1, burst: 10 },
  getMarketplaceParticipations: { rate: 1, burst: 15 },
}

export class Bucket {
  readonly rate: number
  readonly burst: number
  #tokens: number
  #at: number

  constructor({ rate, burst }: Rate, now: number) {
    this.rate = rate
    this.burst = burst
    this.#tokens = burst
    this.#at = now
  }

  available(now: number): number {
    this.#tokens = Math.min(this.burst, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.rate)
    this.#at = now
    return this.#tokens
  }

  /** False where the call is over the quota. */
  take(now: number): boolean {
    // Many small refills must not lose a token to rounding.
    if (this.available(now) < 1 - 1e-9) return false
    this.#tokens -= 1
    return true
  }
}

export type Buckets = Record<SellerOperation, Bucket>

export const createBuckets = (rates: Rates, now: number): Buckets =>
  Object.fromEntries(sellerOperations.map((operation) => [operation, new Bucket(rates[operation], now)])) as Buckets

export const hasQuota = (operation: Operation | 'unknown'): operation is SellerOperation => operation in amazonRates

/** Calls of one seller's operation since the start. */
export interface Usage {
  calls: number
  /** Those that the bucket itself refused, with 429; what a fault throttles is not among them. */
  overQuota: number
}
export type Usages = Partial<Record<Operation, Usage>>
