import { afterEach, describe, expect, it } from 'vitest'
import { type BudgetLedger, ChannelError, type OrderPage, type ShipmentConfirmation } from '../../src/marketplaces/channel.ts'
import { json, type Reply, type Script, type ScriptedAmazon, scriptedAmazon } from './scripted-amazon.ts'

const signal = new AbortController().signal
let amazon: ScriptedAmazon
afterEach(() => amazon.stop())

const order = (place: number, more: object = {}): object => ({
  orderId: `111-1111111-${String(place).padStart(7, '0')}`,
  createdTime: '2026-01-01T00:00:00Z',
  lastUpdatedTime: '2026-01-01T00:00:00Z',
  salesChannel: { channelName: 'AMAZON', marketplaceId: 'ATVPDKIKX0DER' },
  fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT' },
  orderItems: [{ orderItemId: '1', quantityOrdered: 1, product: {} }],
  ...more,
})
const page = (orders: object[], nextToken: string | null = null): Reply =>
  json({ orders, lastUpdatedBefore: '2026-01-01T10:00:00Z', ...(nextToken !== null && { pagination: { nextToken } }) })
const refused = (message: string): Reply => json({ errors: [{ code: 'InvalidInput', message }] }, 400)
const tokenOf: (one: Parameters<Script>[0]) => string | null = ({ url }) => url.searchParams.get('paginationToken')

async function search(pages: OrderPage[] = []): Promise<OrderPage[]> {
  for await (const one of amazon.channel.searchOrders(amazon.account, { updatedFrom: new Date(0), signal })) pages.push(one)
  return pages
}
const placesOf = (pages: OrderPage[]): number[][] =>
  pages.map(({ orders }) => orders.map((one) => Number((one.order === null ? one.number : one.order.number).slice(-7))))
const confirm = (changes: Partial<ShipmentConfirmation> = {}): Promise<void> =>
  amazon.channel.confirmShipment(amazon.account, {
    orderNumber: '111-1111111-0000001', packageReference: '1', carrier: 'UPS', carrierCode: 'UPS', service: 'Ground', trackingNumber: 'T-1',
    shippedAt: new Date(0), shipBy: null, lines: [{ itemId: '1', quantity: 1 }], ...changes,
  }, signal)
async function failure(call: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await call.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(ChannelError)
  return error as ChannelError
}

describe('a search', () => {
  it('begins again where a page token expires in the middle, and follows the new tokens', async () => {
    let expired = false
    amazon = await scriptedAmazon((one) => {
      const token = tokenOf(one)
      if (token === null) return page([order(1)], expired ? 'second again' : 'second')
      if (token === 'second') {
        expired = true
        return refused('The paginationToken is invalid or has expired.')
      }
      return page([order(2)])
    })
    expect(placesOf(await search())).toEqual([[1], [1], [2]])
  })

  it('that goes on where another left it begins again where its token has ended meanwhile, in the same window', async () => {
    amazon = await scriptedAmazon((one) => (tokenOf(one) === null ? page([order(1)], 'second') : page([order(2)])))
    const { value: first } = await amazon.channel.searchOrders(amazon.account, { updatedFrom: new Date(1000), signal })[Symbol.asyncIterator]().next() as { value: OrderPage }
    await amazon.stop()
    amazon = await scriptedAmazon((one) => (tokenOf(one) === 'second' ? refused('The paginationToken is invalid or has expired.') : page([order(1)], tokenOf(one) === null ? 'new' : null)))
    const pages: OrderPage[] = []
    for await (const one of amazon.channel.searchOrders(amazon.account, { updatedFrom: new Date(), goOn: first.next, signal })) pages.push(one)
    expect(placesOf(pages)).toEqual([[1], [1]])
    expect(amazon.asked.map((one) => [tokenOf(one), one.url.searchParams.get('lastUpdatedAfter')])).toEqual(['second', null, 'new'].map((token) => [token, new Date(1000).toISOString()]))
  })

  it('does not begin again for ever: a token refused twice ends it, and what was read before stands', async () => {
    amazon = await scriptedAmazon((one) => (tokenOf(one) === null ? page([order(1)], 'second') : refused('expired')))
    const read: OrderPage[] = []
    expect(await failure(search(read))).toMatchObject({ kind: 'rejected', httpStatus: 400 })
    expect(placesOf(read)).toEqual([[1], [1]])
    expect(amazon.asked).toHaveLength(4)
  })

  it('does not begin again for another failure', async () => {
    amazon = await scriptedAmazon((one) => (tokenOf(one) === null ? page([order(1)], 'second') : json({}, 403)))
    expect((await failure(search())).kind).toBe('unauthorized')
    expect(amazon.asked.filter((one) => tokenOf(one) === null)).toHaveLength(1)
  })

  it('gets over a page that comes twice, be it under the same token', async () => {
    let again = true
    amazon = await scriptedAmazon((one) => {
      if (tokenOf(one) === null) return page([order(1)], 'second')
      const repeated = again
      again = false
      return page([order(2)], repeated ? 'second' : null)
    })
    expect(placesOf(await search())).toEqual([[1], [2], [2]])
  })

  it('forgets the pages that came twice where it begins again', async () => {
    const script = ['second', 'second', 'second', 'refused', 'second', 'second', null]
    amazon = await scriptedAmazon(() => {
      const next = script.shift() ?? null
      return next === 'refused' ? refused('expired') : page([order(1)], next)
    })
    expect(await search()).toHaveLength(6)
  })

  it('is not led round in a circle', async () => {
    amazon = await scriptedAmazon((one) => page([order(1)], tokenOf(one) === 'a' ? 'b' : 'a'))
    expect((await failure(search())).kind).toBe('invalid-answer')
    expect(amazon.asked.length).toBeLessThan(12)
  })

  it('finds an order that stands twice in an answer once, as it was last, and as it can be read', async () => {
    const late = { lastUpdatedTime: '2026-01-01T05:00:00Z', fulfillment: { fulfillmentStatus: 'CANCELLED', fulfilledBy: 'MERCHANT' } }
    const unreadable = { orderItems: 'none' }
    amazon = await scriptedAmazon(() => page([
      order(1), order(1, late), order(1),
      order(2, late), order(2),
      order(3, unreadable), order(3),
      order(4), order(4, unreadable),
      order(5, unreadable), order(5, unreadable),
    ]))
    const [one] = await search()
    expect(one?.orders.map((found) => found.order?.status ?? found.order)).toEqual(['CANCELLED', 'CANCELLED', 'UNSHIPPED', 'UNSHIPPED', null])
    expect(placesOf([one!])).toEqual([[1, 2, 3, 4, 5]])
  })

  it('quarantines orders that are none, and finds the others', async () => {
    amazon = await scriptedAmazon(() => json({ orders: [null, 7, 'order', [], {}, order(1), order(2, { fulfillment: {} }), order(3)], lastUpdatedBefore: null }))
    const [one] = await search()
    expect(one?.orders.filter((found) => found.order !== null)).toHaveLength(2)
    const unread = one?.orders.flatMap((found) => (found.order === null ? [found] : [])) ?? []
    expect(unread).toHaveLength(6)
    expect(new Set(unread.map((found) => found.number)).size).toBe(6)
    expect(unread.at(-1)).toMatchObject({ number: '111-1111111-0000002', problem: expect.stringContaining('fulfillment') })
  })

  it.each(['Invalid includedData: FULFILLMENT', 'FULFILLMENT is not a valid value'])('says so where Amazon does not serve the status: %s', async (message) => {
    amazon = await scriptedAmazon(() => refused(message))
    expect(await failure(search())).toMatchObject({ kind: 'rejected', httpStatus: 400, advice: { code: 'ORDER_DATA_NOT_SERVED' } })
    const one = amazon.channel.getOrder(amazon.account, '111-1111111-0000001', signal)
    expect(await failure(one)).toMatchObject({ kind: 'rejected', advice: { code: 'ORDER_DATA_NOT_SERVED' } })
  })
})

describe('where the budget is scarce', () => {
  /** One call every 40 ms. */
  function slowLedger(): BudgetLedger {
    let next = Date.now() + 40
    return {
      take: (_authorizationId, _operation, _rate, now) => {
        const waitMs = Math.max(0, next - now)
        if (waitMs === 0) next = now + 40
        return Promise.resolve({ waitMs, left: 0 })
      },
      adjust: () => Promise.resolve(),
      drain: () => Promise.resolve(),
    }
  }
  const due = [null, new Date('2026-03-02'), new Date('2026-03-01'), new Date('2026-03-03')]
  const inTurn = [2, 1, 3, 0]

  it('the order that must go out first is asked for first', async () => {
    amazon = await scriptedAmazon(({ url }) => json({ order: order(Number(url.pathname.slice(-7))) }), { ledger: slowLedger(), quotaWaitMs: 60_000 })
    await Promise.all(due.map((shipBy, place) => amazon.channel.getOrder(amazon.account, `111-1111111-000000${place}`, signal, { shipBy })))
    expect(amazon.asked.map(({ url }) => Number(url.pathname.slice(-7)))).toEqual(inTurn)
  })

  it('the shipment that must go out first is confirmed first', async () => {
    amazon = await scriptedAmazon(() => ({ status: 204 }), { ledger: slowLedger(), quotaWaitMs: 60_000 })
    await Promise.all(due.map((shipBy, place) => confirm({ shipBy, trackingNumber: String(place) })))
    const sent = amazon.asked.map(({ body }) => JSON.parse(body) as { packageDetail: { trackingNumber: string } })
    expect(sent.map((one) => Number(one.packageDetail.trackingNumber))).toEqual(inTurn)
  })
})

describe('a confirmation that is refused', () => {
  it.each<[string, Reply, object]>([
    ['for its tracking number', refused('The tracking ID T-1 for UPS does not match the expected format for the carrier.'),
      { kind: 'rejected', notSent: true, advice: { code: 'TRACKING_NUMBER_REFUSED', field: 'trackingNumber' } }],
    ['as shipped already', refused('order already fulfilled. errorMetric=PackageToUpdateNotFound'),
      { kind: 'rejected', notSent: false, advice: { code: 'ALREADY_SHIPPED', field: null } }],
    ['for an unknown order', json({ errors: [{ code: 'NotFound', message: 'no' }] }, 404), { kind: 'rejected', advice: { code: 'ORDER_NOT_FOUND' } }],
    ['for want of a role', json({ errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.' }] }, 403),
      { kind: 'unauthorized', advice: { code: 'ACCESS_DENIED' } }],
  ])('%s comes with advice', async (_name, reply, expected) => {
    amazon = await scriptedAmazon(() => reply)
    expect(await failure(confirm())).toMatchObject(expected)
  })

  it('is not advised on where Amazon failed', async () => {
    amazon = await scriptedAmazon(() => json({ errors: [{ code: 'InternalFailure', message: 'tracking' }] }, 500))
    expect(await failure(confirm())).toMatchObject({ kind: 'unavailable', advice: null })
  })
})
