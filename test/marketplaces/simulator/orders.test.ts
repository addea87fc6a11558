import { afterAll, beforeAll, expect, test } from 'vitest'
import { ago, errorOf, type SellerAccess, simulate, type Simulated, US } from './simulated.ts'

let simulated: Simulated
let access: SellerAccess
let apis: Awaited<ReturnType<Simulated['apis']>>
beforeAll(async () => {
  simulated = await simulate()
})
afterAll(() => simulated.stop())

const fresh = async () => {
  await simulated.control('POST', '/reset')
  access = await simulated.seller()
  apis = await simulated.apis(access)
}
const search = (query: object = {}) => apis.orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(3600), ...query })
const refusal = async (query: object) => {
  const answer = await search(query)
  expect(answer.status).toBe(400)
  return errorOf(answer.data).message
}

test('an order is shown two minutes after its change, with the window that was searched', async () => {
  await fresh()
  const { orderId } = await simulated.order(access)
  const early = await search()
  expect(early.data).toEqual({ orders: [], lastUpdatedBefore: ago(120) })
  await simulated.advance(119)
  expect((await search()).data.orders).toEqual([])
  await simulated.advance(1)
  expect((await search()).data.orders.map((order) => order.orderId)).toEqual([orderId])
  expect((await apis.orders.getOrder({ orderId })).data.order.orderId).toBe(orderId)
})

test('parts of an order come by includedData', async () => {
  await fresh()
  const { orderId } = await simulated.order(access, { status: 'SHIPPED', items: [{ sellerSku: null, quantity: 2, unitPrice: '3.50' }] })
  const bare = (await apis.orders.getOrder({ orderId })).data.order
  expect(Object.keys(bare).sort()).toEqual(['createdTime', 'lastUpdatedTime', 'orderId', 'orderItems', 'salesChannel'])
  expect(Object.keys(bare.orderItems[0]!).sort()).toEqual(['orderItemId', 'product', 'quantityOrdered'])
  expect(bare.orderItems[0]!.product.sellerSku).toBeUndefined()
  const all = (
    await apis.orders.getOrder({ orderId, includedData: ['FULFILLMENT', 'RECIPIENT', 'PACKAGES', 'BUYER', 'PROCEEDS', 'CANCELLATION'] })
  ).data.order
  expect(all.fulfillment).toMatchObject({ fulfillmentStatus: 'SHIPPED', fulfilledBy: 'MERCHANT' })
  expect(all.recipient?.deliveryAddress?.countryCode).toBe('US')
  expect(all.packages).toHaveLength(1)
  expect(all.proceeds?.grandTotal).toEqual({ amount: '7.00', currencyCode: 'USD' })
  expect(all.orderItems[0]!.fulfillment).toEqual({ quantityFulfilled: 2, quantityUnfulfilled: 0 })
})

test('a pending order tells neither address nor price', async () => {
  await fresh()
  const { orderId } = await simulated.order(access, { status: 'PENDING' })
  const { order } = (await apis.orders.getOrder({ orderId, includedData: ['FULFILLMENT', 'RECIPIENT', 'BUYER', 'PROCEEDS'] })).data
  expect(order.recipient).toBeUndefined()
  expect(order.orderItems[0]!.product.price).toBeUndefined()
})

test('windows that Amazon refuses', async () => {
  await fresh()
  expect(await refusal({ lastUpdatedAfter: undefined })).toContain('Exactly one of')
  expect(await refusal({ createdAfter: ago(3600) })).toContain('Exactly one of')
  expect(await refusal({ createdBefore: ago(300) })).toContain('createdBefore must not be provided')
  expect(await refusal({ lastUpdatedBefore: ago(119) })).toContain('two minutes')
  expect(await refusal({ lastUpdatedBefore: ago(3601) })).toContain('equal to or after')
  expect(await refusal({ lastUpdatedAfter: 'yesterday' })).toContain('ISO 8601')
  expect(await refusal({ marketplaceIds: [] })).toContain('marketplaceIds')
  expect(await refusal({ maxResultsPerPage: 0 })).toContain('maxResultsPerPage')
  expect(await refusal({ maxResultsPerPage: 101 })).toContain('maxResultsPerPage')
  expect(await refusal({ fulfillmentStatuses: ['CANCELED'] })).toContain('fulfillmentStatuses')
  expect(await refusal({ includedData: ['ADDRESS'] })).toContain('includedData')
  expect((await search({ lastUpdatedBefore: ago(120) })).status).toBe(200)
  expect((await search({ marketplaceIds: ['A1F83G8C2ARO7P'] })).status).toBe(403)
})

test('filters by status and fulfiller, lists comma-separated or repeated', async () => {
  await fresh()
  const made = { ageSeconds: 600 }
  const unshipped = await simulated.order(access, made)
  const cancelled = await simulated.order(access, { ...made, status: 'CANCELLED' })
  const amazon = await simulated.order(access, { ...made, fulfilledBy: 'AMAZON' })
  const ids = async (query: string) => {
    const answer = await apis.http.get<{ orders: { orderId: string }[] }>(
      `${simulated.url}/orders/2026-01-01/orders?marketplaceIds=${US}&createdAfter=${ago(3600)}&${query}`,
    )
    return answer.data.orders.map((order) => order.orderId)
  }
  expect(await ids('fulfilledBy=MERCHANT')).toEqual([unshipped.orderId, cancelled.orderId])
  expect(await ids('fulfilledBy=AMAZON,MERCHANT&fulfillmentStatuses=UNSHIPPED&fulfillmentStatuses=CANCELLED')).toEqual([
    unshipped.orderId,
    cancelled.orderId,
    amazon.orderId,
  ])
  expect(await ids('fulfillmentStatuses=CANCELLED')).toEqual([cancelled.orderId])
})

test('pages hold still while orders change: none skipped, none doubled, a changed one moves to the next window', async () => {
  await fresh()
  await simulated.control('POST', '/orders', { sellerId: access.sellerId, count: 250, ageSeconds: 900 })
  const first = await search({ maxResultsPerPage: 100 })
  const [behind, ahead] = [
    first.data.orders[10]!.orderId,
    (await search({ maxResultsPerPage: 100, paginationToken: first.data.pagination?.nextToken })).data.orders[5]!.orderId,
  ]
  await simulated.advance(1)
  await simulated.control('PATCH', `/orders/${behind}`, { cancelRequest: true })
  await simulated.control('PATCH', `/orders/${ahead}`, { status: 'CANCELLED' })
  await simulated.control('POST', '/orders', { sellerId: access.sellerId, count: 5 })
  await simulated.advance(600)
  const seen = first.data.orders.map((order) => order.orderId)
  let token = first.data.pagination?.nextToken
  for (let page = 0; token !== undefined; page++) {
    expect(page).toBeLessThan(5)
    const { data } = await search({ maxResultsPerPage: 100, paginationToken: token })
    expect(data.lastUpdatedBefore).toBe(first.data.lastUpdatedBefore)
    seen.push(...data.orders.map((order) => order.orderId))
    token = data.pagination?.nextToken
  }
  expect(seen).toHaveLength(249)
  expect(new Set(seen).size).toBe(249)
  expect(seen).not.toContain(ahead)
  const next = await search({ lastUpdatedAfter: first.data.lastUpdatedBefore })
  expect(next.data.orders.map((order) => order.orderId)).toEqual(expect.arrayContaining([behind, ahead]))
  expect(next.data.orders).toHaveLength(7)
  const times = next.data.orders.map((order) => order.lastUpdatedTime)
  expect(times).toEqual([...times].sort())
})

test('a page token lives 24 hours and bears no other filter', async () => {
  await fresh()
  await simulated.control('POST', '/orders', { sellerId: access.sellerId, count: 3, ageSeconds: 900 })
  const { data } = await search({ maxResultsPerPage: 1 })
  const paginationToken = data.pagination!.nextToken
  expect(await refusal({ paginationToken, fulfilledBy: ['MERCHANT'] })).toContain('paginationToken')
  expect(await refusal({ paginationToken, lastUpdatedAfter: ago(3599) })).toContain('paginationToken')
  expect(await refusal({ paginationToken: 'forged' })).toContain('invalid or has expired')
  // The model lets these two change from page to page.
  expect((await search({ paginationToken, maxResultsPerPage: 2, includedData: ['FULFILLMENT'] })).data.orders).toHaveLength(2)
  await simulated.advance(24 * 3600)
  apis = await simulated.apis(access)
  expect((await search({ paginationToken, maxResultsPerPage: 1 })).status).toBe(200)
  await simulated.advance(1)
  expect(await refusal({ paginationToken })).toContain('invalid or has expired')
})

test('orders of others and unknown ones are not found; a malformed id is refused', async () => {
  await fresh()
  const other = await simulated.seller()
  const { orderId } = await simulated.order(other)
  expect((await apis.orders.getOrder({ orderId })).status).toBe(404)
  expect((await apis.orders.getOrder({ orderId: '111-0000000-0000000' })).status).toBe(404)
  expect((await apis.orders.getOrder({ orderId: '42' })).status).toBe(400)
})

test('a gift shows in the packing of its item', async () => {
  await fresh()
  const { orderId } = await simulated.order(access, {
    items: [
      { sellerSku: 'HK-MUG-2', quantity: 1, giftOption: { giftMessage: 'Happy birthday!' } },
      { sellerSku: 'ST-PEN-5', quantity: 1 },
    ],
  })
  const { order } = (await apis.orders.getOrder({ orderId, includedData: ['FULFILLMENT'] })).data
  expect(order.orderItems.map((item) => item.fulfillment?.packing)).toEqual([{ giftOption: { giftMessage: 'Happy birthday!' } }, undefined])
})
