// Default usage plans: amzn/selling-partner-api-models, the "Usage Plan" of each operation. Calls a second, and calls at once.
export const operations = {
  searchOrders: { ratePerSecond: 0.0056, burst: 20 },
  getOrder: { ratePerSecond: 0.5, burst: 30 },
  confirmShipment: { ratePerSecond: 2, burst: 10 },
  patchListingsItem: { ratePerSecond: 5, burst: 5 },
  getListingsItem: { ratePerSecond: 5, burst: 10 },
} as const

export type Operation = keyof typeof operations
