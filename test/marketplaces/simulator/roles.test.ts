import { afterAll, beforeAll, expect, test } from 'vitest'
import { ago, errorOf, type SellerAccess, simulate, type Simulated, US } from './simulated.ts'

let simulated: Simulated
beforeAll(async () => {
  simulated = await simulate()
})
afterAll(() => simulated.stop())

const denied = { code: 'Unauthorized', message: 'Access to requested resource is denied.' }
/** The status of one call of each kind; a denial must be the opaque one. */
async function statuses(access: SellerAccess): Promise<Record<string, number>> {
  const { http, base, orders, listings, feeds } = await simulated.apis(access)
  const answers = {
    searchOrders: await orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(600) }),
    getOrder: await orders.getOrder({ orderId: '111-0000000-0000000' }),
    getListingsItem: await listings.getListingsItem({ sellerId: access.sellerId, sku: 'HK-MUG-2', marketplaceIds: [US] }),
    searchListingsItems: await listings.searchListingsItems({ sellerId: access.sellerId, marketplaceIds: [US] }),
    createFeedDocument: await feeds.createFeedDocument({ body: { contentType: 'application/json' } }),
    participations: await http.get(`${base}/sellers/v1/marketplaceParticipations`),
  }
  for (const { status, data } of Object.values(answers)) if (status === 403) expect(errorOf(data)).toEqual(denied)
  return Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]))
}
const everything = {
  searchOrders: 200,
  getOrder: 404,
  getListingsItem: 200,
  searchListingsItems: 200,
  createFeedDocument: 201,
  participations: 200,
}

test('each role opens its own operations, and may be given and taken while running', async () => {
  const access = await simulated.seller({ roles: { orders: false } })
  const set = (roles: object) => simulated.control('PATCH', `/sellers/${access.sellerId}`, { roles })
  expect(await statuses(access)).toEqual({ ...everything, searchOrders: 403, getOrder: 403 })
  await set({ orders: true, listings: false })
  expect(await statuses(access)).toEqual({ ...everything, getListingsItem: 403, searchListingsItems: 403, createFeedDocument: 403 })
  await set({ listings: true, insights: false })
  expect(await statuses(access)).toEqual({ ...everything, participations: 403 })
  await set({ insights: true })
  expect(await statuses(access)).toEqual(everything)
})

test('without personal data an order comes with an empty address, no buyer and no gift message', async () => {
  const access = await simulated.seller({ roles: { personalData: false } })
  const { orderId } = await simulated.order(access, {
    items: [{ sellerSku: 'HK-MUG-2', quantity: 1, giftOption: { giftMessage: 'Happy birthday!', giftWrapLevel: 'Classic' } }],
  })
  const { orders } = await simulated.apis(access)
  const read = async () => (await orders.getOrder({ orderId, includedData: ['RECIPIENT', 'BUYER', 'FULFILLMENT'] })).data.order
  const bare = await read()
  expect([bare.recipient, bare.buyer]).toEqual([{ deliveryAddress: {} }, undefined])
  expect(bare.orderItems[0]!.fulfillment?.packing?.giftOption).toEqual({ giftWrapLevel: 'Classic' })
  await simulated.control('PATCH', `/sellers/${access.sellerId}`, { roles: { personalData: true } })
  const full = await read()
  expect(full.recipient?.deliveryAddress?.name).toBeTruthy()
  expect(full.buyer?.buyerName).toBeTruthy()
  expect(full.orderItems[0]!.fulfillment?.packing?.giftOption).toEqual({ giftMessage: 'Happy birthday!', giftWrapLevel: 'Classic' })
})
