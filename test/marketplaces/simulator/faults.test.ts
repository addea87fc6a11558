import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ago, errorOf, type SellerAccess, simulate, type Simulated, US } from './simulated.ts'

let simulated: Simulated
let access: SellerAccess
let apis: Awaited<ReturnType<Simulated['apis']>>
beforeAll(async () => {
  simulated = await simulate()
})
afterAll(() => simulated.stop())
beforeEach(async () => {
  await simulated.control('POST', '/reset')
  access = await simulated.seller()
  apis = await simulated.apis(access)
})

const fault = async (fault: object) => {
  const { status, body } = await simulated.control<{ id: string }>('POST', '/faults', { times: 1, ...fault })
  expect([status, body]).toEqual([200, { id: expect.any(String) }])
  return body.id
}
const search = (query: object = {}) => apis.orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(3600), ...query })
const confirm = (order: { orderId: string; orderItems: { orderItemId: string; quantityOrdered: number }[] }) =>
  apis.shipments.confirmShipment({
    orderId: order.orderId,
    payload: {
      marketplaceId: US,
      packageDetail: {
        packageReferenceId: '1',
        carrierCode: 'UPS',
        trackingNumber: '1Z999AA10123456784',
        shipDate: '2026-03-02T10:00:00Z',
        orderItems: order.orderItems.map(({ orderItemId, quantityOrdered }) => ({ orderItemId, quantity: quantityOrdered })),
      },
    },
  })
const packages = async (orderId: string) => (await apis.orders.getOrder({ orderId, includedData: ['PACKAGES'] })).data.order.packages ?? []

test('latency holds the answer back', async () => {
  await fault({ operation: 'searchOrders', kind: 'latency', latencyMs: 120 })
  const started = performance.now()
  expect((await search()).status).toBe(200)
  expect(performance.now() - started).toBeGreaterThan(115)
})

test('throttle comes with the rate header, or without', async () => {
  await fault({ operation: 'searchOrders', kind: 'throttle' })
  const told = await search()
  expect([told.status, errorOf(told.data).code, told.headers['x-amzn-ratelimit-limit']]).toEqual([429, 'QuotaExceeded', '1000000'])
  await fault({ operation: 'searchOrders', kind: 'throttle-without-header' })
  const untold = await search()
  expect([untold.status, untold.headers['x-amzn-ratelimit-limit']]).toEqual([429, undefined])
})

test('error: 500, or as told', async () => {
  await fault({ operation: '*', kind: 'error' })
  const failed = await search()
  expect([failed.status, errorOf(failed.data).code]).toEqual([500, 'InternalFailure'])
  await fault({ operation: 'searchOrders', kind: 'error', status: 503 })
  expect((await search()).status).toBe(503)
})

test('reset does nothing, reset-after does the work: neither answers', async () => {
  const order = await simulated.order(access)
  await fault({ operation: 'confirmShipment', kind: 'reset' })
  await expect(confirm(order)).rejects.toThrow(/ECONNRESET|socket hang up/)
  expect(await packages(order.orderId)).toEqual([])
  await fault({ operation: 'confirmShipment', kind: 'reset-after' })
  await expect(confirm(order)).rejects.toThrow(/ECONNRESET|socket hang up/)
  expect(await packages(order.orderId)).toHaveLength(1)
  const { body } = await simulated.control<{ confirmations: object[] }>('GET', `/orders/${order.orderId}`)
  expect(body.confirmations).toMatchObject([
    { status: 0, applied: false },
    { status: 0, applied: true },
  ])
  expect((await simulated.calls('?operation=confirmShipment')).calls).toMatchObject([
    { status: 0, faults: ['reset'], subject: order.orderId },
    { status: 0, faults: ['reset-after'] },
  ])
})

test('truncated: the body ends too early', async () => {
  await simulated.order(access, { ageSeconds: 600 })
  await fault({ operation: 'searchOrders', kind: 'truncated' })
  await expect(search()).rejects.toThrow(/aborted|ECONNRESET|hang up/)
  expect((await search()).data.orders).toHaveLength(1)
})

test('malformed: one order without items, or another shape altogether', async () => {
  await simulated.control('POST', '/orders', { sellerId: access.sellerId, count: 3, ageSeconds: 600 })
  const second = (await search()).data.orders[1]!.orderId
  await fault({ operation: 'searchOrders', kind: 'malformed', orderId: second })
  expect((await search()).data.orders.map((order) => 'orderItems' in order)).toEqual([true, false, true])
  await fault({ operation: 'searchOrders', kind: 'malformed', part: 'answer' })
  expect((await search()).data).toEqual({ payload: {} })
  await fault({ operation: 'getOrder', kind: 'malformed' })
  expect('orderItems' in (await apis.orders.getOrder({ orderId: second })).data.order).toBe(false)
})

test('expired-token: the same token stays refused, a new one works', async () => {
  await fault({ operation: 'searchOrders', kind: 'expired-token' })
  for (let nth = 0; nth < 2; nth++) {
    const refused = await search()
    expect([refused.status, errorOf(refused.data).details]).toEqual([403, 'The access token you provided has expired.'])
  }
  apis = await simulated.apis(access)
  expect((await search()).status).toBe(200)
})

test('revoked: no token for the grant, and no call with a token of before; other sellers go on', async () => {
  const other = await simulated.apis(await simulated.seller())
  await fault({ operation: '*', kind: 'revoked', sellerId: access.sellerId, times: undefined })
  expect((await search()).status).toBe(403)
  const { clientId, clientSecret, refreshToken } = access.credentials
  const answer = await simulated.token({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    client_secret: clientSecret,
  })
  expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, 'invalid_grant'])
  expect((await other.orders.searchOrders({ marketplaceIds: [US], lastUpdatedAfter: ago(600) })).status).toBe(200)
})

test('missing-role: denied, though the token is good', async () => {
  await fault({ operation: 'searchOrders', kind: 'missing-role' })
  const refused = await search()
  expect([refused.status, errorOf(refused.data).details]).toEqual([403, undefined])
  expect((await search()).status).toBe(200)
})

test('reject: a confirmation with a reason, a patch INVALID with 200', async () => {
  const order = await simulated.order(access)
  await fault({ operation: 'confirmShipment', kind: 'reject', message: 'The carrier is not known.' })
  const refused = await confirm(order)
  expect([refused.status, errorOf(refused.data)]).toEqual([400, { code: 'InvalidInput', message: 'The carrier is not known.' }])
  expect((await confirm(order)).status).toBe(204)
  await fault({ operation: 'patchListingsItem', kind: 'reject' })
  const patched = await apis.listings.patchListingsItem({
    sellerId: access.sellerId,
    sku: 'HK-MUG-2',
    marketplaceIds: [US],
    body: {
      productType: 'PRODUCT',
      patches: [
        { op: 'merge', path: '/attributes/fulfillment_availability', value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 5 }] },
      ],
    },
  })
  expect([patched.status, patched.data.status]).toEqual([200, 'INVALID'])
})

test('late: an order without change of its times, a package with its effect', async () => {
  await fault({ operation: 'searchOrders', kind: 'late', delaySeconds: 600 })
  const late = await simulated.order(access, { ageSeconds: 300 })
  const punctual = await simulated.order(access, { ageSeconds: 300 })
  expect((await search()).data.orders.map((order) => order.orderId)).toEqual([punctual.orderId])
  expect((await apis.orders.getOrder({ orderId: late.orderId })).status).toBe(404)
  await simulated.advance(600)
  expect((await search()).data.orders).toMatchObject([
    { orderId: late.orderId, lastUpdatedTime: late.lastUpdatedTime },
    { orderId: punctual.orderId },
  ])

  await fault({ operation: 'confirmShipment', kind: 'late', delaySeconds: 60 })
  expect((await confirm(punctual)).status).toBe(204)
  expect(await packages(punctual.orderId)).toEqual([])
  await simulated.advance(60)
  expect(await packages(punctual.orderId)).toHaveLength(1)
})

test('duplicate-page: the page comes twice', async () => {
  await simulated.control('POST', '/orders', { sellerId: access.sellerId, count: 4, ageSeconds: 600 })
  await fault({ operation: 'searchOrders', kind: 'duplicate-page' })
  const first = (await search({ maxResultsPerPage: 2 })).data
  const second = (await search({ maxResultsPerPage: 2, paginationToken: first.pagination!.nextToken })).data
  const third = (await search({ maxResultsPerPage: 2, paginationToken: second.pagination!.nextToken })).data
  expect(second.orders).toEqual(first.orders)
  expect(third.orders).not.toEqual(first.orders)
  expect(third.pagination).toBeUndefined()
})

test('omit: the window is answered without a chosen order until the fault is gone, or without one of the page', async () => {
  await simulated.control('POST', '/orders', { sellerId: access.sellerId, count: 5, ageSeconds: 600 })
  const ids = async (query: object = {}) => {
    const { data } = await search(query)
    return { ids: data.orders.map((order) => order.orderId), token: data.pagination?.nextToken }
  }
  const { ids: all } = await ids()
  const chosen = all[3]!
  const id = await fault({ operation: 'searchOrders', kind: 'omit', orderId: chosen, times: undefined })
  expect((await ids()).ids).toEqual(all.filter((one) => one !== chosen))
  const first = await ids({ maxResultsPerPage: 2 })
  const second = await ids({ maxResultsPerPage: 2, paginationToken: first.token })
  const third = await ids({ maxResultsPerPage: 2, paginationToken: second.token })
  expect([first.ids, second.ids, third.ids]).toEqual([all.slice(0, 2), all.slice(2, 3), all.slice(4)])
  expect((await apis.orders.getOrder({ orderId: chosen })).status).toBe(200)
  await simulated.control('DELETE', `/faults/${id}`)
  expect((await ids()).ids).toEqual(all)
  await fault({ operation: 'searchOrders', kind: 'omit' })
  expect((await search({ lastUpdatedAfter: ago(300) })).data.orders).toEqual([])
  expect((await ids()).ids).toHaveLength(4)
  expect((await ids()).ids).toEqual(all)
  expect((await simulated.calls('?operation=searchOrders')).calls.at(-2)?.faults).toEqual(['omit'])
})

test('expired-page-token: the next page is refused, the first ones never', async () => {
  await simulated.control('POST', '/orders', { sellerId: access.sellerId, count: 3, ageSeconds: 600 })
  await fault({ operation: 'searchOrders', kind: 'expired-page-token' })
  const first = await search({ maxResultsPerPage: 1 })
  const paginationToken = first.data.pagination!.nextToken
  const refused = await search({ maxResultsPerPage: 1, paginationToken })
  expect([refused.status, errorOf(refused.data).message]).toEqual([400, 'The paginationToken is invalid or has expired.'])
  expect((await search({ maxResultsPerPage: 1, paginationToken })).status).toBe(200)
})

test('a mix: one fault of each kind that fits, or of those named', async () => {
  const { body } = await simulated.control<{ ids: string[] }>('POST', '/faults', { operation: 'createFeed', kind: '*', rate: 0.05 })
  const kinds = async () => (await simulated.control<{ faults: { kind: string; rate: number }[] }>('GET', '/faults')).body.faults
  expect(body.ids).toHaveLength((await kinds()).length)
  expect((await kinds()).map((one) => one.kind)).toEqual(expect.arrayContaining(['latency', 'error', 'late', 'reject', 'fatal', 'cancelled']))
  expect((await kinds()).map((one) => one.kind)).not.toContain('omit')
  expect((await kinds()).every((one) => one.rate === 0.05)).toBe(true)
  await simulated.control('DELETE', '/faults')
  await simulated.control('POST', '/faults', { operation: '*', kind: ['error', 'throttle'], rate: 0.1 })
  expect((await kinds()).map((one) => one.kind)).toEqual(['error', 'throttle'])
  await simulated.control('DELETE', '/faults')
  await simulated.control('POST', '/faults', { operation: '*', kind: '*', except: ['revoked', 'missing-role'], rate: 0.05 })
  expect((await kinds()).map((one) => one.kind)).toContain('omit')
  expect((await kinds()).map((one) => one.kind)).not.toContain('revoked')
})

test('the same seed strikes the same calls, whatever other operations are called between; another seed strikes others', async () => {
  const story = async (seed: number, between: boolean) => {
    await simulated.control('DELETE', '/faults')
    await simulated.control('POST', '/faults', { operation: '*', kind: ['error', 'throttle', 'missing-role'], rate: 0.2, seed })
    const statuses: number[] = []
    for (let nth = 0; nth < 60; nth++) {
      if (between) await apis.orders.getOrder({ orderId: '111-0000000-0000000' })
      statuses.push((await search()).status)
    }
    return statuses
  }
  const first = await story(7, false)
  expect(new Set(first)).toEqual(new Set([200, 403, 429, 500]))
  expect(await story(7, true)).toEqual(first)
  expect(await story(8, false)).not.toEqual(first)
})

test('times, afterCalls and rate say which calls fail; a deleted fault fails none', async () => {
  await fault({ operation: 'searchOrders', kind: 'error', times: 2, afterCalls: 1 })
  const statuses = async (count: number) => {
    const all: number[] = []
    for (let nth = 0; nth < count; nth++) all.push((await search()).status)
    return all
  }
  expect(await statuses(5)).toEqual([200, 500, 500, 200, 200])
  await fault({ operation: 'searchOrders', kind: 'error', times: undefined, rate: 0.5 })
  const failed = (await statuses(100)).filter((status) => status === 500).length
  expect(failed).toBeGreaterThan(25)
  expect(failed).toBeLessThan(75)
  await simulated.control('DELETE', '/faults')
  const id = await fault({ operation: 'searchOrders', kind: 'error' })
  expect((await simulated.control('DELETE', `/faults/${id}`)).status).toBe(200)
  expect((await simulated.control('DELETE', `/faults/${id}`)).status).toBe(404)
  expect(await statuses(10)).toEqual(Array(10).fill(200))
})
