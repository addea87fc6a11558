// Default usage plans: amzn/selling-partner-api-models, the "Usage Plan" of each operation. Calls a second, and calls at once.
import type { CallRate } from '../../channel.ts'

export const operations = {
  searchOrders: { ratePerSecond: 0.0056, burst: 20 },
  getOrder: { ratePerSecond: 0.5, burst: 30 },
  confirmShipment: { ratePerSecond: 2, burst: 10 },
  patchListingsItem: { ratePerSecond: 5, burst: 5 },
  getListingsItem: { ratePerSecond: 5, burst: 10 },
  searchListingsItems: { ratePerSecond: 5, burst: 5 },
  createFeedDocument: { ratePerSecond: 0.5, burst: 15 },
  createFeed: { ratePerSecond: 0.0083, burst: 15 },
  getFeed: { ratePerSecond: 2, burst: 15 },
  getFeedDocument: { ratePerSecond: 0.0222, burst: 10 },
  getMarketplaceParticipations: { ratePerSecond: 0.016, burst: 15 },
} as const satisfies Record<string, CallRate>

export type Operation = keyof typeof operations
