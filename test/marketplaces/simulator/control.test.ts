import type { Order } from '@sp-api-sdk/orders-api-2026-01-01'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CallLog } from '../../../src/marketplaces/amazon/simulator/call-log.ts'
import { type SellerAccess, simulate, type Simulated, US } from './simulated.ts'

let simulated: Simulated
let access: SellerAccess
beforeAll(async () => {
  simulated = await simulate()
  access = await simulated.seller()
})
afterAll(() => simulated.stop())

test('bad input is refused in words, and nothing is made', async () => {
  const words = async (method: string, path: string, body: unknown, status = 400) => {
    const answer = await simulated.control<{ error: string }>(method, path, body)
    expect([answer.status, Object.keys(answer.body)]).toEqual([status, ['error']])
    return answer.body.error
  }
  const { sellerId } = access
  expect(await words('POST', '/orders', '{')).toBe('the body is not JSON')
  expect(await words('POST', '/orders', {})).toContain('sellerId')
  expect(await words('POST', '/orders', { sellerId: 'nobody' })).toContain('there is no seller nobody')
  expect(await words('POST', '/orders', { sellerId, marketplaceId: 'A1F83G8C2ARO7P' })).toContain('does not sell on')
  expect(await words('POST', '/orders', { sellerId, count: 5001 })).toContain('count')
  expect(await words('POST', '/orders', { sellerId, count: 0 })).toContain('count')
  expect(await words('POST', '/orders', { sellerId, status: 'Shipped' })).toContain('status')
  expect(await words('POST', '/orders', { sellerId, colour: 'red' })).toContain('colour')
  expect(await words('POST', '/orders', { sellerId, items: [{ sellerSku: 'A', quantity: 0 }] })).toContain('items.0.quantity')
  expect(await words('POST', '/orders', { sellerId, items: [{ sellerSku: 'A', quantity: 1, unitPrice: 'free' }] })).toContain(
    'items.0.unitPrice',
  )
  expect(await words('POST', '/orders', { sellerId, items: [{ sellerSku: 'A', quantity: 1, unitPrice: '1.999' }] })).toContain(
    'more decimals than USD',
  )
  expect(await words('POST', '/orders', { sellerId, status: 'PARTIALLY_SHIPPED', items: [{ sellerSku: 'A', quantity: 1 }] })).toContain(
    'PARTIALLY_SHIPPED',
  )
  expect(await words('POST', '/orders', { sellerId, shipBy: 'soon' })).toContain('shipBy')
  expect(await words('POST', '/sellers', { marketplaces: ['X'] })).toContain('marketplaces.0')
  expect(await words('POST', '/sellers', { marketplaces: [] })).toContain('marketplaces')
  expect(await words('POST', '/sellers', { marketplaces: [US], sellerId }, 409)).toContain('already')
  expect(await words('POST', '/faults', { operation: 'token', kind: 'fire' })).toContain('must be one of latency')
  expect(await words('POST', '/faults', { operation: 'mail', kind: 'error' })).toContain('operation')
  expect(await words('POST', '/faults', { operation: 'token', kind: 'reject' })).toContain(
    'reject can befall confirmShipment, patchListingsItem, createFeed or *, not token',
  )
  expect(await words('POST', '/faults', { operation: 'token', kind: 'latency' })).toContain('latencyMs')
  expect(await words('POST', '/faults', { operation: 'token', kind: 'error', rate: 2 })).toContain('rate')
  expect(await words('POST', '/faults', { operation: 'token', kind: 'error', sellerId: 'nobody' })).toContain('there is no seller')
  expect(await words('POST', '/faults', { operation: 'getOrder', kind: ['error', 'omit'] })).toContain('omit can befall searchOrders or *')
  expect(await words('POST', '/faults', { operation: '*', kind: [] })).toContain('kind')
  expect(await words('DELETE', '/faults/none', undefined, 404)).toContain('there is no fault')
  expect(await words('POST', '/clock', { advanceSeconds: -1 })).toContain('advanceSeconds')
  expect(await words('POST', '/buying', { everyMs: 0 })).toContain('everyMs')
  expect(await words('GET', '/calls?since=yesterday', undefined)).toContain('since')
  expect(await words('GET', '/orders/111-0000000-0000000', undefined, 404)).toContain('there is no order')
  expect(await words('PATCH', '/orders/111-0000000-0000000', { status: 'SHIPPED' }, 404)).toContain('there is no order')
  expect(await words('PATCH', `/sellers/${sellerId}`, {})).toContain('nothing to change')
  expect(await words('PATCH', `/sellers/${sellerId}`, { roles: { everything: true } })).toContain('roles')
  expect(await words('PATCH', `/sellers/${sellerId}`, { participations: { A1F83G8C2ARO7P: {} } })).toContain('does not sell on')
  expect(await words('PATCH', '/sellers/ANOBODY', { suspended: true }, 404)).toContain('there is no seller')
  expect(await words('PATCH', `/sellers/${sellerId}/listings/NONE`, { quantity: 1 }, 404)).toContain('has no listing NONE')
  expect(await words('PATCH', `/sellers/${sellerId}/listings/HK-MUG-2`, { marketplaceId: US })).toContain('nothing to change')
  expect(await words('POST', `/sellers/${sellerId}/listings`, { sellerSku: 'HK-MUG-2' }, 409)).toContain('listed already')
  expect(await words('POST', '/application', { clientSecrets: [] })).toContain('clientSecrets')
  expect(await words('DELETE', `/sellers/${sellerId}/authorizations?refreshToken=none`, undefined, 404)).toContain('no such authorization')
  expect(await words('POST', '/feeds', { queueSeconds: -1 })).toContain('queueSeconds')
  expect(await words('GET', '/feeds/1', undefined, 404)).toContain('there is no feed')
  expect(await words('GET', '/nothing', undefined, 404)).toContain('not part of the control API')
  expect((await simulated.control<{ total: number }>('GET', '/orders')).body.total).toBe(0)
})

test('orders to measure: thousands at once, each with its own number', async () => {
  const { sellerId } = await simulated.seller()
  const address = { name: 'Ada', city: 'Salem', countryCode: 'US' }
  const items = [
    { sellerSku: 'NEW-SKU', quantity: 2, unitPrice: '4.50' },
    { sellerSku: null, quantity: 1 },
  ]
  const started = performance.now()
  const { body } = await simulated.control<{ orders: Order[] }>('POST', '/orders', {
    sellerId,
    count: 5000,
    items,
    address,
    shipBy: '2026-03-05T17:00:00Z',
    shippingService: 'NEXT_DAY',
    ageSeconds: 60,
  })
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(new Set(body.orders.map((order) => order.orderId)).size).toBe(5000)
  expect(body.orders.every((order) => /^\d{3}-\d{7}-\d{7}$/.test(order.orderId))).toBe(true)
  expect(body.orders[0]).toMatchObject({
    createdTime: '2026-03-02T09:59:00.000Z',
    recipient: { deliveryAddress: address },
    fulfillment: { fulfillmentServiceLevel: 'NEXT_DAY', shipByWindow: { latestDateTime: '2026-03-05T17:00:00.000Z' } },
    orderItems: [
      { quantityOrdered: 2, product: { sellerSku: 'NEW-SKU', price: { unitPrice: { amount: '4.50', currencyCode: 'USD' } } } },
      { quantityOrdered: 1 },
    ],
  })
  const listed = await simulated.control<{ orders: Order[]; total: number }>(
    'GET',
    `/orders?sellerId=${sellerId}&status=UNSHIPPED&limit=10`,
  )
  expect([listed.body.total, listed.body.orders.length]).toEqual([5000, 10])
})

test('invented items do not run out; where there is nothing to sell at all, nothing is made', async () => {
  const poor = await simulated.seller({ skus: [{ sellerSku: 'ONE', quantity: 1 }] })
  const made = await simulated.control<{ orders: Order[] }>('POST', '/orders', { sellerId: poor.sellerId, count: 50 })
  expect(made.body.orders.flatMap((order) => order.orderItems.map((item) => item.product.sellerSku))).toEqual(Array(50).fill('ONE'))
  const none = await simulated.control<{ error: string }>('POST', '/orders', { sellerId: poor.sellerId, count: 5, fulfilledBy: 'AMAZON' })
  expect([none.status, none.body.error]).toEqual([400, expect.stringContaining('nothing to sell')])
  expect((await simulated.control<{ total: number }>('GET', `/orders?sellerId=${poor.sellerId}`)).body.total).toBe(50)
})

test('a change shows at once and moves lastUpdatedTime; what cannot be is refused', async () => {
  const { orderId, lastUpdatedTime, orderItems } = await simulated.order(access, {
    status: 'PENDING',
    items: [{ sellerSku: 'HK-MUG-2', quantity: 3 }],
  })
  const change = async (body: object) =>
    (await simulated.control<{ order: Order; error: string }>('PATCH', `/orders/${orderId}`, body)).body
  await simulated.advance(30)
  const paid = (await change({ status: 'UNSHIPPED' })).order
  expect(paid.fulfillment?.fulfillmentStatus).toBe('UNSHIPPED')
  expect(Date.parse(paid.lastUpdatedTime) - Date.parse(lastUpdatedTime)).toBe(30_000)
  expect((await change({ address: { city: 'Elsewhere' } })).order.recipient?.deliveryAddress).toEqual({ city: 'Elsewhere' })
  expect((await change({ address: null })).order.recipient).toBeUndefined()
  expect((await change({ cancelRequest: { reason: 'Too slow' } })).order.orderItems[0]!.cancellation?.cancellationRequest).toEqual({
    requester: 'BUYER',
    cancelReason: 'Too slow',
  })
  expect((await change({ cancelRequest: false })).order.orderItems[0]!.cancellation).toBeUndefined()
  const shrunk = (await change({ items: [{ orderItemId: orderItems[0]!.orderItemId, cancelled: 1 }] })).order
  expect(shrunk.orderItems[0]).toMatchObject({ quantityOrdered: 3, fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 2 } })
  expect((await change({})).error).toContain('nothing to change')
  expect((await change({ items: [{ sellerSku: 'NONE', quantity: 1 }] })).error).toContain('no item NONE')
  expect((await change({ items: [{ sellerSku: 'HK-MUG-2', cancelled: 3 }] })).error).toContain('cancel the order by its status')
  expect((await change({ status: 'SHIPPED' })).order.packages).toHaveLength(1)
  expect((await change({ status: 'CANCELLED' })).error).toContain('SHIPPED cannot become CANCELLED')
  expect((await change({ items: [{ sellerSku: 'HK-MUG-2', quantity: 2 }] })).error).toContain('are shipped')
})

test('calls are told by operation, seller and time', async () => {
  const { sellerId } = access
  const { orders } = await simulated.apis(access)
  await simulated.advance(60)
  const { body } = await simulated.control<{ now: string }>('GET', '/clock')
  await orders.getOrder({ orderId: '111-0000000-0000000' })
  expect((await simulated.calls(`?operation=getOrder&sellerId=${sellerId}&since=${body.now}`)).calls).toEqual([
    {
      at: body.now,
      operation: 'getOrder',
      sellerId,
      subject: '111-0000000-0000000',
      status: 404,
      durationMs: expect.any(Number),
      requestId: expect.any(String),
      faults: [],
    },
  ])
  expect((await simulated.calls(`?since=${new Date(Date.parse(body.now) + 1).toISOString()}`)).calls).toEqual([])
})

test('an order changes outside: shipped in part, then in full; not to be fulfilled, and then after all', async () => {
  const { orderId } = await simulated.order(access, { items: [{ sellerSku: 'HK-MUG-2', quantity: 3 }] })
  const statusAfter = async (status: string) =>
    (await simulated.control<{ order: Order }>('PATCH', `/orders/${orderId}`, { status })).body.order.fulfillment?.fulfillmentStatus
  expect(await statusAfter('UNFULFILLABLE')).toBe('UNFULFILLABLE')
  expect(await statusAfter('UNSHIPPED')).toBe('UNSHIPPED')
  expect(await statusAfter('PARTIALLY_SHIPPED')).toBe('PARTIALLY_SHIPPED')
  expect(await statusAfter('SHIPPED')).toBe('SHIPPED')
  const { order } = (await simulated.control<{ order: Order }>('GET', `/orders/${orderId}`)).body
  expect(order.packages?.map((one) => one.packageItems?.[0]?.quantity)).toEqual([1, 2])
  expect(order.orderItems[0]!.fulfillment).toMatchObject({ quantityFulfilled: 3, quantityUnfulfilled: 0 })
})

test('listings are listed, added and changed; a refused one takes no patch', async () => {
  const seller = await simulated.seller({ skus: [{ sellerSku: 'A B/C', quantity: 4 }] })
  const path = `/sellers/${seller.sellerId}/listings`
  expect((await simulated.control('POST', path, { sellerSku: 'MORE', unitPrice: '3.10', quantity: 7 })).status).toBe(200)
  const changed = await simulated.control('PATCH', `${path}/${encodeURIComponent('A B/C')}`, {
    quantity: 9,
    fulfilledBy: 'AMAZON',
    refusal: { message: 'Restricted product.' },
  })
  expect(changed.body).toMatchObject({ listings: [{ sellerSku: 'A B/C', quantity: 9, fulfilledBy: 'AMAZON' }] })
  expect((await simulated.control('GET', path)).body).toMatchObject({
    listings: [
      { sellerSku: 'A B/C', refusal: { code: '90220', message: 'Restricted product.' } },
      { sellerSku: 'MORE', price: { amount: '3.10', currencyCode: 'USD' }, quantity: 7, refusal: null },
    ],
  })
  const { listings } = await simulated.apis(seller)
  const patched = await listings.patchListingsItem({
    sellerId: seller.sellerId,
    sku: 'A B/C',
    marketplaceIds: [US],
    body: {
      productType: 'PRODUCT',
      patches: [{ op: 'merge', path: '/attributes/fulfillment_availability', value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 1 }] }],
    },
  })
  expect(patched.data).toMatchObject({ status: 'INVALID', issues: [{ code: '90220', message: 'Restricted product.' }] })
})

test('the call log keeps the newest 20,000 and the counts of all', () => {
  const log = new CallLog()
  const call = { at: '', operation: 'getOrder', sellerId: null, subject: null, status: 200, durationMs: 1, faults: [] } as const
  for (let nth = 0; nth < 20_010; nth++) log.add({ ...call, faults: [], requestId: String(nth) })
  const kept = log.list(() => true)
  expect([kept.length, kept[0]?.requestId, kept.at(-1)?.requestId, log.counts.getOrder]).toEqual([20_000, '10', '20009', 20_010])
})

test('the front page lists it all; a reset begins anew', async () => {
  const page = await (await fetch(simulated.url)).text()
  for (const part of ['searchOrders', 'createFeed', '/_simulator/faults', 'duplicate-page', 'omit', '/_simulator/quotas', access.sellerId]) expect(page).toContain(part)
  await simulated.control('POST', '/reset')
  expect((await simulated.control<{ sellers: object[] }>('GET', '/sellers')).body.sellers).toHaveLength(2)
  expect((await simulated.control<{ total: number }>('GET', '/orders')).body.total).toBe(0)
  expect((await simulated.control('GET', '/clock')).body).toEqual({ now: '2026-03-02T10:00:00.000Z' })
})
