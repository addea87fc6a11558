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
