import { afterAll, beforeAll, expect, test } from 'vitest'
import { ago, errorOf, simulate, type Simulated, US } from './simulated.ts'

let simulated: Simulated
beforeAll(async () => {
  simulated = await simulate()
})
afterAll(() => simulated.stop())

test("a made seller has Amazon's default: 20 searches, then one in three minutes, told by the header", async () => {
  const access = await simulated.seller({ quotas: undefined })
  const { orders } = await simulated.apis(access)
  const search = () => orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(600) })
  for (let nth = 0; nth < 20; nth++) expect((await search()).status).toBe(200)
  const over = await search()
  expect(over.status).toBe(429)
  expect(over.headers['x-amzn-ratelimit-limit']).toBe('0.0056')
  expect(errorOf(over.data).code).toBe('QuotaExceeded')
  await simulated.advance(178)
  expect((await search()).status).toBe(429)
  await simulated.advance(1)
  expect((await search()).status).toBe(200)
  expect((await search()).status).toBe(429)
})

test('each seller and each operation has its own bucket', async () => {
  const access = await simulated.seller({ quotas: { getOrder: { rate: 1, burst: 1 } } })
  const other = await simulated.apis(await simulated.seller({ quotas: { getOrder: { rate: 1, burst: 1 } } }))
  const { orders } = await simulated.apis(access)
  const { orderId } = await simulated.order(access)
  expect((await orders.getOrder({ orderId })).status).toBe(200)
  expect((await orders.getOrder({ orderId })).status).toBe(429)
  expect((await orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(600) })).status).toBe(200)
  expect((await other.orders.getOrder({ orderId })).status).toBe(404)
  const { body } = await simulated.control<{ sellers: { sellerId: string; quotas: Record<string, object> }[] }>('GET', '/sellers')
  const shown = body.sellers.find((seller) => seller.sellerId === access.sellerId)
  expect(shown?.quotas).toMatchObject({
    getOrder: { rate: 1, burst: 1, available: 0 },
    confirmShipment: { rate: 2, burst: 10, available: 10 },
  })
})

test("the demonstration's sellers are allowed more", async () => {
  const { body } = await simulated.control<{ sellers: { quotas: Record<string, object> }[] }>('GET', '/sellers')
  expect(body.sellers[0]!.quotas).toMatchObject({
    searchOrders: { rate: 1, burst: 20 },
    getOrder: { rate: 10, burst: 60 },
    confirmShipment: { rate: 20, burst: 100 },
  })
})

test('the report tells of each seller and operation how many calls came, and how many its own bucket refused', async () => {
  await simulated.control('POST', '/reset')
  const access = await simulated.seller({ quotas: { getOrder: { rate: 1, burst: 2 } } })
  const { orders } = await simulated.apis(access)
  const orderId = '111-0000000-0000000'
  for (let nth = 0; nth < 3; nth++) await orders.getOrder({ orderId })
  await simulated.control('POST', '/faults', { operation: 'searchOrders', kind: 'throttle', times: 1 })
  const search = { marketplaceIds: [US], lastUpdatedAfter: ago(600) }
  expect([(await orders.searchOrders(search)).status, (await orders.searchOrders(search)).status]).toEqual([429, 200])
  const report = async () => (await simulated.control('GET', `/quotas?sellerId=${access.sellerId}`)).body
  const { sellerId } = access
  expect(await report()).toEqual({
    quotas: [
      { sellerId, operation: 'searchOrders', calls: 2, overQuota: 0 },
      { sellerId, operation: 'getOrder', calls: 3, overQuota: 1 },
      { sellerId, operation: 'token', calls: 1, overQuota: 0 },
    ],
    calls: 6,
    overQuota: 1,
  })
  await simulated.control('PATCH', `/sellers/${sellerId}`, { quotas: { getOrder: { rate: 1, burst: 5 } } })
  expect((await orders.getOrder({ orderId })).status).toBe(404)
  await simulated.control('DELETE', '/calls')
  expect(await report()).toEqual({ quotas: [], calls: 0, overQuota: 0 })
  expect((await simulated.calls()).calls).toEqual([])
})

test('every operation has a quota of its own, which "unlimited" and "demo" set too', async () => {
  const names = async (quotas: unknown) => (await simulated.seller({ quotas })).quotas
  const usual = await names(undefined)
  expect(usual).toMatchObject({
    searchListingsItems: { rate: 5, burst: 5 },
    createFeedDocument: { rate: 0.5, burst: 15 },
    createFeed: { rate: 0.0083, burst: 15 },
    getFeed: { rate: 2, burst: 15 },
    getFeedDocument: { rate: 0.0222, burst: 10 },
    getMarketplaceParticipations: { rate: 0.016, burst: 15 },
  })
  const operations = Object.keys(usual)
  const [demo, unlimited] = [await names('demo'), await names('unlimited')]
  for (const name of operations) {
    expect([name, demo[name]!.rate > usual[name]!.rate]).toEqual([name, true])
    expect([name, unlimited[name]!.burst]).toEqual([name, 1_000_000])
  }
})
