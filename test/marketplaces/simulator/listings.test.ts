import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf, type SellerAccess, simulate, type Simulated, US } from './simulated.ts'

let simulated: Simulated
let access: SellerAccess
let apis: Awaited<ReturnType<Simulated['apis']>>
beforeAll(async () => {
  simulated = await simulate()
  access = await simulated.seller({
    skus: [
      { sellerSku: 'A/1 b', quantity: 10 },
      { sellerSku: 'B', quantity: 10 },
      { sellerSku: 'FBA', fulfilledBy: 'AMAZON' },
    ],
  })
  apis = await simulated.apis(access)
})
afterAll(() => simulated.stop())

type Op = 'add' | 'replace' | 'merge' | 'delete'
const patch = (sku: string, value: object, op: Op = 'merge', path = '/attributes/fulfillment_availability', mode?: 'VALIDATION_PREVIEW') =>
  apis.listings.patchListingsItem({
    sellerId: access.sellerId,
    sku,
    marketplaceIds: [US],
    body: { productType: 'PRODUCT', patches: [{ op, path, value: [value] }] },
    ...(mode && { mode }),
  })
const quantity = async (sku: string) => {
  const { data } = await apis.listings.getListingsItem({
    sellerId: access.sellerId,
    sku,
    marketplaceIds: [US],
    includedData: ['fulfillmentAvailability', 'issues'],
  })
  return data.fulfillmentAvailability?.[0]?.quantity
}

test('merge and replace set the quantity; a SKU may hold a slash', async () => {
  const accepted = await patch('A/1 b', { fulfillment_channel_code: 'DEFAULT', quantity: 3 })
  expect([accepted.status, accepted.data]).toMatchObject([200, { sku: 'A/1 b', status: 'ACCEPTED', issues: [] }])
  expect(accepted.data.submissionId).toMatch(/^[0-9a-f]{32}$/)
  expect(await quantity('A/1 b')).toBe(3)
  await patch('A/1 b', { fulfillment_channel_code: 'DEFAULT', quantity: 0 }, 'replace')
  expect(await quantity('A/1 b')).toBe(0)
})

test('replace drops the terms that it does not restate, merge keeps them', async () => {
  const terms = async () => {
    const { data } = await apis.listings.getListingsItem({
      sellerId: access.sellerId,
      sku: 'B',
      marketplaceIds: [US],
      includedData: ['attributes'],
    })
    return (data.attributes as { fulfillment_availability: [object] }).fulfillment_availability[0]
  }
  await patch('B', { fulfillment_channel_code: 'DEFAULT', quantity: 8, lead_time_to_ship_max_days: 4 }, 'replace')
  await patch('B', { fulfillment_channel_code: 'DEFAULT', quantity: 9 })
  expect(await terms()).toEqual({ fulfillment_channel_code: 'DEFAULT', quantity: 9, lead_time_to_ship_max_days: 4 })
  await patch('B', { fulfillment_channel_code: 'DEFAULT', quantity: 10 }, 'replace')
  expect(await terms()).toEqual({ fulfillment_channel_code: 'DEFAULT', quantity: 10 })
})

test('INVALID with 200, and nothing changed', async () => {
  const code = async (...args: Parameters<typeof patch>) => {
    const { status, data } = await patch(...args)
    expect([status, data.status]).toEqual([200, 'INVALID'])
    expect(data.issues?.[0]).toMatchObject({ severity: 'ERROR', message: expect.any(String) })
    return data.issues?.[0]?.code
  }
  const good = { fulfillment_channel_code: 'DEFAULT', quantity: 1 }
  expect(await code('NONE', good)).toBe('8541')
  expect(await code('B', { ...good, fulfillment_channel_code: 'AMAZON_NA' })).toBe('4000001')
  expect(await code('B', good, 'merge', '/attributes/fulfillmentAvailability')).toBe('90000900')
  expect(await code('B', { fulfillmentChannelCode: 'DEFAULT', quantity: 1 })).toBe('90000900')
  expect(await code('B', { quantity: 1 })).toBe('90220')
  expect(await code('B', { ...good, quantity: -1 })).toBe('90244')
  expect(await code('B', { ...good, quantity: 1.5 })).toBe('90244')
  expect(await quantity('B')).toBe(10)
})

test("a preview changes nothing; what is no patch is a 400; another seller's path is denied", async () => {
  const preview = await patch('B', { fulfillment_channel_code: 'DEFAULT', quantity: 1 }, 'merge', undefined, 'VALIDATION_PREVIEW')
  expect(preview.data.status).toBe('VALID')
  expect(await quantity('B')).toBe(10)
  const url = `${simulated.url}/listings/2021-08-01/items/${access.sellerId}/B?marketplaceIds=${US}`
  expect((await apis.http.patch(url, { patches: [] })).status).toBe(400)
  expect((await apis.http.patch(url, 'not json')).status).toBe(400)
  expect((await apis.http.patch(url.replace(access.sellerId, 'ASOMEBODY'), {})).status).toBe(403)
  const unknown = await apis.http.get(url.replace('/B?', '/NONE?'))
  expect([unknown.status, errorOf(unknown.data).code]).toEqual([404, 'NOT_FOUND'])
})

test("a patch of what Amazon fulfills puts a second channel beside Amazon's, until it is deleted", async () => {
  const channels = async () => {
    const { data } = await apis.listings.getListingsItem({
      sellerId: access.sellerId,
      sku: 'FBA',
      marketplaceIds: [US],
      includedData: ['fulfillmentAvailability'],
    })
    return data.fulfillmentAvailability
  }
  expect(await channels()).toEqual([{ fulfillmentChannelCode: 'AMAZON_NA' }])
  expect((await patch('FBA', { fulfillment_channel_code: 'DEFAULT', quantity: 5 })).data.status).toBe('ACCEPTED')
  expect(await channels()).toEqual([{ fulfillmentChannelCode: 'AMAZON_NA' }, { fulfillmentChannelCode: 'DEFAULT', quantity: 5 }])
  const { body } = await simulated.control<{ seller: SellerAccess }>('GET', `/sellers/${access.sellerId}`)
  expect(body.seller.listings.map((one) => one.strayQuantity)).toEqual([null, null, 5])
  expect((await patch('FBA', { fulfillment_channel_code: 'DEFAULT' }, 'delete')).data.status).toBe('ACCEPTED')
  expect(await channels()).toEqual([{ fulfillmentChannelCode: 'AMAZON_NA' }])
})

test('a search by SKU tells of those that are listed, with their stock', async () => {
  const { data } = await apis.listings.searchListingsItems({
    sellerId: access.sellerId,
    marketplaceIds: [US],
    identifiers: ['B', 'NONE', 'FBA'],
    identifiersType: 'SKU',
    includedData: ['summaries', 'fulfillmentAvailability', 'issues'],
  })
  expect(data).toMatchObject({
    numberOfResults: 2,
    items: [
      { sku: 'B', summaries: [{ marketplaceId: US }], fulfillmentAvailability: [{ fulfillmentChannelCode: 'DEFAULT', quantity: 10 }], issues: [] },
      { sku: 'FBA', fulfillmentAvailability: [{ fulfillmentChannelCode: 'AMAZON_NA' }] },
    ],
  })
  expect(data.pagination).toBeUndefined()
})

test('a search without identifiers pages through all listings, each once', async () => {
  const skus = Array.from({ length: 45 }, (_, index) => ({ sellerSku: `SKU-${index}` }))
  const seller = await simulated.seller({ skus })
  const { listings } = await simulated.apis(seller)
  const seen: string[] = []
  const sizes: number[] = []
  let pageToken: string | undefined
  do {
    const { data } = await listings.searchListingsItems({
      sellerId: seller.sellerId,
      marketplaceIds: [US],
      pageSize: 20,
      ...(pageToken !== undefined && { pageToken }),
    })
    expect(data.numberOfResults).toBe(45)
    seen.push(...data.items.map((item) => item.sku))
    sizes.push(data.items.length)
    pageToken = data.pagination?.nextToken
  } while (pageToken !== undefined)
  expect(sizes).toEqual([20, 20, 5])
  expect(seen).toEqual(skus.map((one) => one.sellerSku))
})

test('searches that Amazon refuses', async () => {
  const url = `${simulated.url}/listings/2021-08-01/items/${access.sellerId}?marketplaceIds=${US}`
  const refusal = async (query: string) => {
    const answer = await apis.http.get(`${url}&${query}`)
    expect(answer.status).toBe(400)
    return errorOf(answer.data).message
  }
  const many = Array.from({ length: 21 }, (_, index) => `S${index}`).join(',')
  expect(await refusal(`identifiersType=SKU&identifiers=${many}`)).toContain('at most 20')
  expect(await refusal('identifiers=A')).toContain('go together')
  expect(await refusal('identifiersType=SKU')).toContain('go together')
  expect(await refusal('identifiersType=EAN&identifiers=1')).toContain('SKU or ASIN')
  expect(await refusal('pageSize=21')).toContain('pageSize')
  expect(await refusal('pageToken=forged')).toContain('pageToken')
  expect(await refusal('includedData=stock')).toContain('includedData')
  expect(await refusal('withStatus=BUYABLE')).toContain('withStatus')
  expect((await apis.http.get(url.replace(access.sellerId, 'ASOMEBODY'))).status).toBe(403)
})

test('buying takes from the listing, cancelling and shrinking give back', async () => {
  const before = (await quantity('B'))!
  const { orderId } = await simulated.order(access, { items: [{ sellerSku: 'B', quantity: 4 }] })
  expect(await quantity('B')).toBe(before - 4)
  await simulated.control('PATCH', `/orders/${orderId}`, { items: [{ sellerSku: 'B', quantity: 3 }] })
  expect(await quantity('B')).toBe(before - 3)
  await simulated.control('PATCH', `/orders/${orderId}`, { status: 'CANCELLED' })
  expect(await quantity('B')).toBe(before)
})
