import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { MemoryLedger } from '../../src/marketplaces/amazon/sp-api/memory-ledger.ts'
import { type BudgetLedger, ChannelError, type OrderPage, type ShipmentConfirmation } from '../../src/marketplaces/channel.ts'
import { type Asked, grant, json, type Reply, type Script, type ScriptedAmazon, scriptedAmazon } from './scripted-amazon.ts'

const signal = new AbortController().signal
let amazon: ScriptedAmazon
afterEach(() => amazon.stop())

const order = {
  orderId: '111-1111111-1111111',
  createdTime: '2026-01-01T00:00:00Z',
  lastUpdatedTime: '2026-01-01T00:00:00Z',
  salesChannel: { channelName: 'AMAZON' },
  fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT' },
  orderItems: [{ orderItemId: '1', quantityOrdered: 1, product: {} }],
}
const another = { ...order, orderId: '111-1111111-2222222' }
const get = (): Promise<unknown> => amazon.channel.getOrder(amazon.account, order.orderId, signal)
const confirmation: ShipmentConfirmation = {
  orderNumber: order.orderId,
  packageReference: '1',
  carrier: 'Pigeon Post',
  carrierCode: 'Other',
  service: 'Air',
  trackingNumber: 'T-1',
  shippedAt: new Date(0),
  shipBy: null,
  lines: [{ itemId: '1', quantity: 1 }],
}
const confirm = (): Promise<void> => amazon.channel.confirmShipment(amazon.account, confirmation, signal)

async function search(from = new Date(0)): Promise<OrderPage[]> {
  const pages: OrderPage[] = []
  for await (const page of amazon.channel.searchOrders(amazon.account, { updatedFrom: from, signal })) pages.push(page)
  return pages
}
async function failure(call: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await call.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(ChannelError)
  return error as ChannelError
}
/** A refusal that quotes what it was asked. */
const echo: Script = ({ headers: { 'x-amz-access-token': token } }) =>
  json({ errors: [{ code: `X ${token}`, message: `bad token ${token}`, details: 'Jane Roe, 1 Main St' }] }, 400)
/** Answers in turn; the last one for ever. */
const inTurn = (...scripts: Script[]): Script => (asked, number) => scripts[Math.min(number, scripts.length) - 1]!(asked, number)

describe('requests', () => {
  it('asks for one marketplace and leaves the end of the window to Amazon', async () => {
    const page = (more: object): Script => () => json({ orders: [order], lastUpdatedBefore: '2026-01-01T10:00:00Z', ...more })
    amazon = await scriptedAmazon(inTurn(page({ pagination: { nextToken: 'next' } }), page({ lastUpdatedBefore: '2026-01-01T11:00:00Z' })))
    const pages = await search(new Date('2026-01-01T09:00:00Z'))
    expect(pages.map((one) => one.windowTo.toISOString())).toEqual(['2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z'])
    const params = amazon.asked.map(({ url }) => Object.fromEntries(url.searchParams))
    expect(params[0]).toEqual({
      lastUpdatedAfter: '2026-01-01T09:00:00.000Z',
      marketplaceIds: 'ATVPDKIKX0DER',
      maxResultsPerPage: '100',
      includedData: 'FULFILLMENT,RECIPIENT,CANCELLATION,PACKAGES',
    })
    expect(params[1]).toEqual({ ...params[0], paginationToken: 'next' })
    const [first] = amazon.asked
    expect(first?.headers).toMatchObject({ 'x-amz-access-token': 'Atza|access', 'user-agent': expect.stringMatching(/^Cartage\//) })
  })

  it('ends the window two minutes ago by its own clock where Amazon does not tell', async () => {
    amazon = await scriptedAmazon(() => json({ orders: [] }), { clock: () => new Date('2026-01-01T10:00:00Z') })
    expect((await search())[0]?.windowTo.toISOString()).toBe('2026-01-01T09:58:00.000Z')
  })

  it('sends a package reference as text, an ISO date, and the name of an unlisted carrier', async () => {
    amazon = await scriptedAmazon(() => ({ status: 204 }))
    await confirm()
    expect(JSON.parse(amazon.asked[0]!.body)).toEqual({
      marketplaceId: 'ATVPDKIKX0DER',
      packageDetail: {
        packageReferenceId: '1',
        carrierCode: 'Other',
        carrierName: 'Pigeon Post',
        shippingMethod: 'Air',
        trackingNumber: 'T-1',
        shipDate: '1970-01-01T00:00:00.000Z',
        orderItems: [{ orderItemId: '1', quantity: 1 }],
      },
    })
  })
})

describe('pages', () => {
  const first: Script = () => json({ orders: [order], pagination: { nextToken: 'first' }, lastUpdatedBefore: '2026-01-01T10:00:00Z' })
  const refused: Script = () => json({ errors: [{ code: 'InvalidInput', message: 'The token has expired.' }] }, 400)

  it('begins again, once, where a page token is no longer taken', async () => {
    amazon = await scriptedAmazon(inTurn(first, refused, () => json({ orders: [order, another], lastUpdatedBefore: '2026-01-01T12:00:00Z' })))
    const pages = await search()
    expect(pages.map((page) => [page.orders.length, page.windowTo.getUTCHours()])).toEqual([[1, 10], [2, 12]])
    await amazon.stop()
    amazon = await scriptedAmazon((asked, number) => (asked.url.searchParams.has('paginationToken') ? refused : first)(asked, number))
    expect(await failure(search())).toMatchObject({ kind: 'rejected', httpStatus: 400 })
    expect(amazon.asked).toHaveLength(4)
  })

  it.each([
    ['a list', []],
    ['no orders', { payload: {} }],
    ['orders that are no list', { orders: { order } }],
  ])('refuses %s as no page', async (_name, body) => {
    amazon = await scriptedAmazon(() => json(body))
    expect((await failure(search())).kind).toBe('invalid-answer')
    expect(amazon.asked).toHaveLength(1)
  })

  it('does not follow a page that names itself as the next', async () => {
    amazon = await scriptedAmazon(first)
    expect((await failure(search())).kind).toBe('invalid-answer')
  })
})

describe('tokens', () => {
  it('shares one request among concurrent calls, and renews in the last minute of its life', async () => {
    let now = Date.UTC(2026, 0, 1)
    amazon = await scriptedAmazon(() => json({ order }), { clock: () => new Date(now) })
    await Promise.all([get(), get(), get(), get()])
    now += 58 * 60_000
    await get()
    expect(amazon.tokensAsked).toHaveLength(1)
    now += 90_000
    await get()
    expect(amazon.tokensAsked).toHaveLength(2)
    expect(Object.fromEntries(new URLSearchParams(amazon.tokensAsked[0]!.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'Atzr|the-refresh-token',
      client_id: 'the-client',
      client_secret: 'the-client-secret',
    })
  })

  it('renews a refused token once for all calls that bore it, then lets the refusal stand', async () => {
    const current = (asked: Asked): boolean => asked.headers['x-amz-access-token'] === 'Atza|2'
    const expired = json({ errors: [{ code: 'Unauthorized', message: 'Expired.' }] }, 403)
    const tokens: Script = (_asked, number) => grant(`Atza|${number}`)
    amazon = await scriptedAmazon((asked) => (current(asked) ? json({ order }) : expired), { tokens })
    await Promise.all([get(), get(), get()])
    expect(amazon.tokensAsked).toHaveLength(2)
    await amazon.stop()
    amazon = await scriptedAmazon(() => json({ errors: [{ code: 'Unauthorized', message: 'Access denied.' }] }, 403))
    expect(await failure(confirm())).toMatchObject({ kind: 'unauthorized', code: 'Unauthorized', requestId: 'request-2', notSent: true })
    expect(amazon.asked).toHaveLength(2)
  })

  it.each(['invalid_grant', 'invalid_client'])('takes %s as credentials refused, without trying again', async (error) => {
    const tokens: Script = () => json({ error, error_description: 'Not Atzr|the-refresh-token' }, 400)
    amazon = await scriptedAmazon(() => json({ order }), { tokens })
    const refusal = await failure(get())
    expect(refusal).toMatchObject({ kind: 'unauthorized', code: error, notSent: true, message: `token: ${error}: Not [redacted]` })
    expect([amazon.tokensAsked.length, amazon.asked.length]).toEqual([1, 0])
  })

  it('gets over a token endpoint that fails for a moment', async () => {
    amazon = await scriptedAmazon(() => json({ order }), { tokens: inTurn(() => 'cut', () => json({}, 503), () => grant()) })
    await expect(get()).resolves.toMatchObject({ order: { number: order.orderId } })
  })

  it('asks for readable credentials', async () => {
    amazon = await scriptedAmazon(() => json({ order }))
    for (const credentials of ['', 'Atzr|bare', '{}', '{"refreshToken":""}', '[1]']) {
      const error = await failure(amazon.channel.getOrder({ ...amazon.account, credentials }, order.orderId, signal))
      expect(error.kind).toBe('unauthorized')
      expect(inspect(error)).not.toContain('Atzr|bare')
    }
  })
})

describe('failures', () => {
  it('waits as long as Amazon asks', async () => {
    amazon = await scriptedAmazon(inTurn(() => json({}, 429, { 'retry-after': '1' }), () => json({ order })))
    const startedAt = performance.now()
    await get()
    expect(performance.now() - startedAt).toBeGreaterThan(990)
  })

  it('reads half an answer as a passing fault', async () => {
    amazon = await scriptedAmazon(inTurn(() => ({ status: 200, body: '{"order":{"orderId":"11' }), () => json({ order })))
    await expect(get()).resolves.toMatchObject({ order: { number: order.orderId } })
    await amazon.stop()
    amazon = await scriptedAmazon(() => ({ status: 200, body: '<html>' }))
    expect((await failure(get())).kind).toBe('invalid-answer')
    expect(amazon.asked).toHaveLength(3)
  })

  it('tells a time-out as uncertain', async () => {
    amazon = await scriptedAmazon(() => new Promise(() => undefined))
    expect(await failure(confirm())).toMatchObject({ kind: 'unavailable', code: 'ETIMEDOUT', notSent: false })
  })

  it('knows that nothing was sent where no connection came about', async () => {
    amazon = await scriptedAmazon(() => ({ status: 204 }))
    await confirm()
    await amazon.stop()
    // Until the kept-alive connection is seen to be closed, a call on it could have gone out.
    await sleep(50)
    expect(await failure(confirm())).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED', notSent: true })
  })

  it('is uncertain about a package that Amazon says it cannot find to update', async () => {
    amazon = await scriptedAmazon(() => json({ errors: [{ code: 'InvalidInput', message: 'PackageToUpdateNotFound' }] }, 400))
    expect(await failure(confirm())).toMatchObject({ kind: 'rejected', notSent: false })
  })

  it('follows no redirect, as the token would follow too', async () => {
    const redirect: Reply = { status: 302, headers: { location: '/elsewhere' } }
    amazon = await scriptedAmazon((asked) => (asked.url.pathname === '/elsewhere' ? json({ order }) : redirect))
    expect((await failure(get())).kind).toBe('invalid-answer')
    expect(amazon.asked.every(({ url }) => url.pathname !== '/elsewhere')).toBe(true)
  })

  it.each<[string, Script, Script]>([
    ['a cut connection', () => 'cut', () => grant()],
    ['a cut token request', () => json({ order }), () => 'cut'],
    ['a refusal that quotes the token', echo, () => grant()],
    [
      'a refusal of the token that quotes the secret',
      () => json({ order }),
      ({ body }) => json({ error: 'invalid_client', error_description: body + decodeURIComponent(body) }, 401),
    ],
    ['a failing server', () => ({ status: 500, body: 'Jane Roe' }), () => grant()],
    ['a time-out', () => new Promise(() => undefined), () => grant()],
  ])('shows nothing of the request after %s', async (_name, script, tokens) => {
    amazon = await scriptedAmazon(script, { tokens })
    const error = await failure(confirm())
    expect(error.cause).toBeUndefined()
    const seen = [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), error.stack].join()
    const secrets = ['Atza|', 'Atzr|', 'the-refresh-token', 'the-client-secret', 'T-1', 'Jane', 'Main St', 'access-token']
    for (const secret of secrets) expect(seen).not.toContain(secret)
  })
})

describe('many calls at once', () => {
  it('raise no alarm about the listeners of the one signal they share', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    amazon = await scriptedAmazon(() => json({ order }), { timeoutMs: 30_000 }) // a second try of each would be over the budget
    const run = new AbortController()
    await Promise.all(Array.from({ length: 25 }, () => amazon.channel.getOrder(amazon.account, order.orderId, run.signal)))
    await sleep(10)
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    expect(getEventListeners(run.signal, 'abort')).toEqual([])
  })
})

describe('what is told', () => {
  it('counts every call by operation and outcome', async () => {
    amazon = await scriptedAmazon(inTurn(() => json({}, 500), () => 'cut', () => json({ order })))
    await get()
    expect(amazon.channel.calls('connection')).toBe(3)
    const { values } = await amazon.metrics.marketplaceCalls.get()
    const counts = Object.fromEntries(values.map(({ labels, value }) => [`${labels.operation} ${labels.outcome}`, value]))
    expect(counts).toEqual({ 'token 200': 1, 'getOrder 500': 1, 'getOrder ECONNRESET': 1, 'getOrder 200': 1 })
  })

  it('logs every call by its facts, and nothing that it bore', async () => {
    amazon = await scriptedAmazon(inTurn(echo, () => json({ order })))
    await failure(confirm())
    await get()
    const lines = amazon.logged.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toMatchObject([
      { level: 20, operation: 'token', outcome: '200', connectionId: null },
      { level: 40, operation: 'confirmShipment', outcome: '400', connectionId: 'connection', requestId: 'request-1' },
      { level: 20, operation: 'getOrder', outcome: '200', connectionId: 'connection', requestId: 'request-2' },
    ])
    expect(lines.every((line) => typeof line.durationMs === 'number')).toBe(true)
    const secrets = ['Atz', 'the-refresh-token', 'the-client', 'T-1', 'Jane', order.orderId]
    for (const secret of secrets) expect(amazon.logged.join()).not.toContain(secret)
  })

  it('tells how the budget stands, and that a call was over it', async () => {
    const told = { 'x-amzn-ratelimit-limit': '3.5' }
    amazon = await scriptedAmazon(inTurn(() => json({ order }, 200, told), () => json({}, 429, { 'retry-after': '9' })), { retry: { attempts: 1 } })
    await get()
    await failure(get())
    await failure(get())
    const lines = amazon.logged.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.operation === 'getOrder')
    expect(lines).toMatchObject([
      { outcome: '200', requestId: 'request-1', callsLeft: 28, ratePerSecond: 3.5, waitedMs: expect.any(Number) },
      { outcome: '429', requestId: 'request-2', callsLeft: 27, retryAfterMs: 9000 },
      { outcome: 'over-budget', requestId: null, retryAfterMs: expect.any(Number) },
    ])
  })

  it('goes by the rate that Amazon tells', async () => {
    const ledger = new MemoryLedger()
    amazon = await scriptedAmazon(() => json({ order }, 200, { 'x-amzn-ratelimit-limit': '100' }), { ledger })
    await get()
    const rest = { ratePerSecond: 0.5, burst: 30 }
    const now = Date.now()
    while ((await ledger.take('authorization', 'getOrder', rest, now)).waitMs === 0);
    expect((await ledger.take('authorization', 'getOrder', rest, now)).waitMs).toBeLessThanOrEqual(10)
  })
})

describe('a ledger that is away', () => {
  it('fails the call before it is made, unless it comes back', async () => {
    const there = new MemoryLedger()
    let fails = 1
    const away = (): never => {
      throw Object.assign(new Error('no'), { code: '57P01' })
    }
    const ledger: BudgetLedger = {
      take: async (...asked) => (fails-- > 0 ? away() : there.take(...asked)),
      adjust: async () => away(),
      drain: async () => away(),
    }
    amazon = await scriptedAmazon(() => json({ order }, 200, { 'x-amzn-ratelimit-limit': '2' }), { ledger })
    await expect(get()).resolves.toMatchObject({ order: { number: order.orderId } })
    fails = Number.POSITIVE_INFINITY
    expect(await failure(confirm())).toMatchObject({ kind: 'unavailable', code: '57P01', notSent: true })
    expect(amazon.asked).toHaveLength(1)
  })
})
