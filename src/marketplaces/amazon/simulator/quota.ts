// Token buckets per seller and operation, on the simulator's clock.
// Default rates: the usage plans in the models (amzn/selling-partner-api-models).

export const sellerOperations = ['searchOrders', 'getOrder', 'confirmShipment', 'patchListingsItem', 'getListingsItem'] as const
export type SellerOperation = (typeof sellerOperations)[number]
export const operations = [...sellerOperations, 'token'] as const
export type Operation = (typeof operations)[number]

export interface Rate {
  /** Calls a second. */
  rate: number
  burst: number
}
export type Rates = Record<SellerOperation, Rate>

export const amazonRates: Rates = {
  searchOrders: { rate: 0.0056, burst: 20 },
  getOrder: { rate: 0.5, burst: 30 },
  confirmShipment: { rate: 2, burst: 10 },
  patchListingsItem: { rate: 5, burst: 5 },
  getListingsItem: { rate: 5, burst: 10 },
}

/** What the demonstration's sellers are allowed, so that a newcomer need not wait three minutes between searches. */
export const demoRates: Rates = {
  searchOrders: { rate: 1, burst: 20 },
  getOrder: { rate: 10, burst: 60 },
  confirmShipment: { rate: 20, burst: 100 },
  patchListingsItem: { rate: 20, burst: 100 },
  getListingsItem: { rate: 20, burst: 100 },
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

export const createBuckets = (rates: Rates, now: number): Buckets => ({
  searchOrders: new Bucket(rates.searchOrders, now),
  getOrder: new Bucket(rates.getOrder, now),
  confirmShipment: new Bucket(rates.confirmShipment, now),
  patchListingsItem: new Bucket(rates.patchListingsItem, now),
  getListingsItem: new Bucket(rates.getListingsItem, now),
})
