import { afterAll, beforeAll, expect, test } from 'vitest'
import { ago, errorOf, JP, type SellerAccess, simulate, type Simulated, UK, US } from './simulated.ts'

let simulated: Simulated
let american: SellerAccess
let both: SellerAccess
beforeAll(async () => {
  simulated = await simulate()
  american = await simulated.seller()
  both = await simulated.seller({ name: 'Two Shores', marketplaces: [US, UK] })
})
afterAll(() => simulated.stop())

const denied = { code: 'Unauthorized', message: 'Access to requested resource is denied.' }
const participations = async (access: SellerAccess, region?: 'na' | 'eu' | 'fe') => {
  const { http, base } = await simulated.apis(access, region)
  return http.get<{ payload: { marketplace: { id: string } }[] }>(`${base}/sellers/v1/marketplaceParticipations`)
}

test("a seller is denied at the host of a region where it does not sell, with Amazon's opaque 403", async () => {
  for (const region of ['eu', 'fe'] as const) {
    const { orders } = await simulated.apis(american, region)
    const answer = await orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(600) })
    expect([answer.status, errorOf(answer.data)]).toEqual([403, denied])
  }
  const { orders } = await simulated.apis(american, 'na')
  expect((await orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(600) })).status).toBe(200)
})

test("a marketplace, an order and a listing of another region are not that host's", async () => {
  const eu = await simulated.apis(both, 'eu')
  const na = await simulated.apis(both, 'na')
  const search = { lastUpdatedAfter: ago(600) }
  expect((await eu.orders.searchOrders({ ...search, marketplaceIds: [UK] })).status).toBe(200)
  const mixed = await eu.orders.searchOrders({ ...search, marketplaceIds: [UK, US] })
  expect([mixed.status, errorOf(mixed.data)]).toEqual([403, denied])
  const { orderId } = await simulated.order(both)
  expect((await na.orders.getOrder({ orderId })).status).toBe(200)
  expect((await eu.orders.getOrder({ orderId })).status).toBe(404)
  const listing = { sellerId: both.sellerId, sku: 'HK-MUG-2' }
  expect((await eu.listings.getListingsItem({ ...listing, marketplaceIds: [UK] })).status).toBe(200)
  expect((await eu.listings.getListingsItem({ ...listing, marketplaceIds: [US] })).status).toBe(403)
  const all = await simulated.apis(both)
  expect((await all.orders.searchOrders({ ...search, marketplaceIds: [UK, US] })).status).toBe(200)
})

test('participations are told in the words of the Sellers API, by a region host only its own', async () => {
  expect((await participations(both, 'eu')).data).toEqual({
    payload: [
      {
        marketplace: {
          id: UK,
          name: 'Amazon.co.uk',
          countryCode: 'GB',
          defaultCurrencyCode: 'GBP',
          defaultLanguageCode: 'en_GB',
          domainName: 'www.amazon.co.uk',
        },
        participation: { isParticipating: true, hasSuspendedListings: false },
        storeName: 'Two Shores',
      },
    ],
  })
  expect((await participations(both)).data.payload.map((one) => one.marketplace.id)).toEqual([US, UK])
  expect((await participations(both, 'fe')).status).toBe(403)
})

test('a participation that ended and suspended listings are told', async () => {
  const seller = await simulated.seller({ marketplaces: [US, JP] })
  const told = async () => (await participations(seller)).data.payload.map((one) => ('participation' in one ? one.participation : null))
  await simulated.control('PATCH', `/sellers/${seller.sellerId}`, { participations: { [JP]: { isParticipating: false } } })
  expect(await told()).toEqual([
    { isParticipating: true, hasSuspendedListings: false },
    { isParticipating: false, hasSuspendedListings: false },
  ])
  await simulated.control('PATCH', `/sellers/${seller.sellerId}`, { suspended: true })
  expect(await told()).toEqual([
    { isParticipating: true, hasSuspendedListings: true },
    { isParticipating: false, hasSuspendedListings: true },
  ])
})

test('what Amazon fulfills is told by the region', async () => {
  const seller = await simulated.seller({ marketplaces: [US, UK, JP], skus: [{ sellerSku: 'FBA', unitPrice: '10', fulfilledBy: 'AMAZON' }] })
  const { listings } = await simulated.apis(seller)
  const codes: (string | undefined)[] = []
  for (const id of [US, UK, JP]) {
    const { data } = await listings.getListingsItem({
      sellerId: seller.sellerId,
      sku: 'FBA',
      marketplaceIds: [id],
      includedData: ['fulfillmentAvailability'],
    })
    codes.push(data.fulfillmentAvailability?.[0]?.fulfillmentChannelCode)
  }
  expect(codes).toEqual(['AMAZON_NA', 'AMAZON_EU', 'AMAZON_FE'])
})
