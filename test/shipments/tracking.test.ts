import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Scope } from '../../src/auth/scope.ts'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { transaction } from '../../src/db/transaction.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { writeCredentials } from '../../src/marketplaces/amazon/credentials.ts'
import { createAmazonChannel } from '../../src/marketplaces/amazon/index.ts'
import { type Simulator, startSimulator } from '../../src/marketplaces/amazon/simulator/server.ts'
import { type Advice, type Channel, type ChannelAccount, ChannelError } from '../../src/marketplaces/channel.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { toId } from '../../src/kit/ids.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { confirmTracking } from '../../src/shipments/confirm-tracking.ts'
import { correctTracking, retryTracking } from '../../src/shipments/correct-tracking.ts'
import { endTracking } from '../../src/shipments/end-tracking.ts'
import { sendTracking } from '../../src/shipments/send-tracking.ts'
import { shipAndClose } from '../../src/shipments/ship-and-close.ts'
import type { TrackingRun } from '../../src/shipments/tracking-run.ts'
import { createStage, type Stage, US } from '../connections/stage.ts'
import { callOver, type GivenOrder, stock, type StoredOrder, storeOrders } from './stored-orders.ts'

interface Seller { sellerId: string; credentials: { clientId: string; clientSecret: string; refreshToken: string } }
interface AtAmazon { orderId: string; orderItems: { orderItemId: string }[] }
interface Confirmation { applied: boolean; body: { packageDetail: { packageReferenceId: string; trackingNumber: string; carrierCode: string; orderItems: object[] } } }

const { carriers } = builtIn

describe('tracking', () => {
  let stage: Stage
  let scope: Scope
  let simulator: Simulator
  let seller: Seller
  let connection: ConnectionRow
  let account: ChannelAccount
  let channel: Channel
  let now: Date
  beforeAll(async () => {
    stage = await createStage()
    simulator = await startSimulator({ host: '127.0.0.1', port: 0, buying: null })
    scope = { ...stage.scope, clock: () => now }
  })
  afterAll(async () => {
    await simulator.stop()
    await stage.close()
  })
  beforeEach(async () => {
    now = new Date()
    await control('DELETE', '/faults')
    seller = (await control<{ seller: Seller }>('POST', '/sellers', { marketplaces: [US], skus: [{ sellerSku: 'MUG', quantity: 1000 }], quotas: 'unlimited' })).seller
    connection = await stage.connection({ merchantId: seller.sellerId })
    account = { connectionId: connection.id, authorizationId: connection.id, marketplaceId: US, merchantId: seller.sellerId, credentials: writeCredentials(seller.credentials) }
    channel = createAmazonChannel({
      endpoints: { NORTH_AMERICA: simulator.url, EUROPE: simulator.url, FAR_EAST: simulator.url }, tokenUrl: `${simulator.url}/auth/o2/token`,
      application: { clientId: seller.credentials.clientId, clientSecrets: [seller.credentials.clientSecret], secretExpiresAt: null, applicationId: null, draft: false }, clock: systemClock, log: createLog('silent'), metrics: new Metrics(),
      retry: { attempts: 2, backoffMs: 5, longestBackoffMs: 10 },
    })
    await stock(scope, connection, { MUG: 1000 })
  })

  async function control<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${simulator.url}/_simulator${path}`, { method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return (await response.json()) as T
  }
  const later = (seconds: number): void => void (now = new Date(now.getTime() + seconds * 1000))
  const run = (changes: Partial<TrackingRun> = {}): TrackingRun => ({ channel, carriers, account, connectionId: connection.id, fence: async () => {}, signal: new AbortController().signal, budget: 100, ...changes })
  const received = async (number: string): Promise<Confirmation[]> => (await control<{ confirmations: Confirmation[] }>('GET', `/orders/${number}`)).confirmations

  /** Orders bought at the marketplace, stored here, and closed. */
  async function closed(given: GivenOrder[] = [{}]): Promise<StoredOrder[]> {
    const { orders } = await control<{ orders: AtAmazon[] }>('POST', '/orders', { sellerId: seller.sellerId, marketplaceId: US, items: [{ sellerSku: 'MUG', quantity: 2 }], count: given.length })
    const stored = await storeOrders(scope, connection, orders.map(({ orderId, orderItems }, index) => ({
      ...given[index], number: orderId, lines: [{ sku: 'MUG', quantity: 2, itemId: orderItems[0]!.orderItemId }],
    })))
    expect(await shipAndClose(scope, carriers, callOver(stored))).toMatchObject({ closed: given.length })
    return stored
  }
  interface State { id: string; status: string; attempts: number; revision: number; code: string | null; sent: boolean; dueIn: number | null }
  const stateOf = async ({ id }: StoredOrder): Promise<State> => (await stage.sql<State>(
    `SELECT id, tracking_status AS status, tracking_attempts AS attempts, tracking_revision AS revision, tracking_code AS code, tracking_sent_at IS NOT NULL AS sent,
       round(extract(epoch FROM tracking_next_attempt_at - $2))::float8 AS "dueIn" FROM shipments WHERE order_id = $1`, id, now,
  ))[0]!
  const trackingEvents = async (): Promise<string[]> => (await stage.events(connection.id)).map(({ type }) => type).filter((type) => type.startsWith('TRACKING'))

  it('is sent, read back and only then accepted; the read-back is woken', async () => {
    const [order] = await closed()
    await stage.sql(`UPDATE cadences SET next_run_at = now() + interval '1 hour' WHERE connection_id = $1`, connection.id)
    expect(await sendTracking(scope, run())).toEqual({ sent: 1, rejected: 0, left: 0, nextAt: null })
    expect(await stateOf(order!)).toMatchObject({ status: 'UNCONFIRMED', attempts: 1, sent: true, dueIn: 10 })
    expect((await stage.cadences(connection.id)).CONFIRM_TRACKING.dueIn).toBeLessThanOrEqual(30)
    expect(await received(order!.number)).toMatchObject([{ applied: true, body: { packageDetail: { packageReferenceId: '1', carrierCode: 'UPS', orderItems: [{ orderItemId: order!.lines[0]!.itemId, quantity: 2 }] } } }])
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 0, left: 0 })
    later(31)
    expect(await confirmTracking(scope, run())).toEqual({ accepted: 1, rejected: 0, left: 0, nextAt: null })
    expect(await stateOf(order!)).toMatchObject({ status: 'ACCEPTED', dueIn: null })
    expect(await trackingEvents()).toEqual(['TRACKING_ACCEPTED'])
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 0 })
    expect(await received(order!.number)).toHaveLength(1)
  })

  it('the nearest ship-by goes first, within the budget; two runs at once send each once', async () => {
    const orders = await closed([{}, { shipBy: new Date('2027-01-02') }, { shipBy: new Date('2027-01-01') }, {}, {}, {}])
    expect(await sendTracking(scope, run({ budget: 1 }))).toMatchObject({ sent: 1, left: 5 })
    expect(await stateOf(orders[2]!)).toMatchObject({ status: 'UNCONFIRMED' })
    const receipts = await Promise.all([sendTracking(scope, run()), sendTracking(scope, run()), sendTracking(scope, run())])
    expect(receipts.reduce((sum, { sent }) => sum + sent, 0)).toBe(5)
    for (const { number } of orders) expect(await received(number)).toHaveLength(1)
  })

  it('a refusal comes back with its reason; corrected, it is an edit of the same package', async () => {
    const [order] = await closed()
    await control('POST', '/faults', { operation: 'confirmShipment', kind: 'reject', times: 1, message: 'Not today.' })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 0, rejected: 1 })
    const refused = await stateOf(order!)
    expect(refused).toMatchObject({ status: 'REJECTED', code: expect.any(String), dueIn: null })
    expect(await trackingEvents()).toEqual(['TRACKING_REJECTED'])
    const shipmentId = toId('Shipment', refused.id)
    expect(await correctTracking(scope, carriers, { shipmentId, routing: { trackingNumber: 'A B' } })).toMatchObject({ refusals: [{ code: 'TRACKING_NUMBER_MALFORMED', field: ['routing', 'trackingNumber'] }] })
    expect(await correctTracking(scope, carriers, { shipmentId, routing: { trackingNumber: '1Z879E930346834440' } })).toMatchObject({ shipment: { trackingRevision: 2, trackingStatus: 'PENDING', packageNumber: 1 } })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 1 })
    later(31)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 1 })
    // Corrected once more after it was accepted: the old number at the marketplace proves nothing.
    await correctTracking(scope, carriers, { shipmentId, routing: { trackingNumber: '1Z410E7W0392751591' } })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 1 })
    expect((await received(order!.number)).filter(({ applied }) => applied).map(({ body }) => [body.packageDetail.packageReferenceId, body.packageDetail.trackingNumber])).toEqual([
      ['1', '1Z879E930346834440'], ['1', '1Z410E7W0392751591'],
    ])
    later(31)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 1 })
  })

  it('a refusal that the channel has advice for says what to mend and where, and keeps the marketplace\'s words', async () => {
    const advised = (field: Advice['field'], notSent: boolean): Channel => ({
      ...channel,
      confirmShipment: () => Promise.reject(new ChannelError('rejected', 'confirmShipment: 400: carrierX', { code: 'InvalidInput', notSent, advice: { code: 'CARRIER_UNKNOWN', field, words: 'Choose another carrier.' } })),
    })
    const shown = async ({ id }: StoredOrder): Promise<unknown> =>
      (await stage.ask<{ order: { shipments: { tracking: object }[] } }>('query ($id: ID!) { order(id: $id) { shipments { tracking { status code message field marketplaceMessage } } } }', { id: toId('Order', id) })).order.shipments[0]!.tracking
    const told = { code: 'CARRIER_UNKNOWN', message: 'Choose another carrier.', marketplaceMessage: 'confirmShipment: 400: carrierX' }
    const [carrier, date, lines, unknown] = await closed([{}, {}, {}, {}])
    for (const field of ['carrier', 'shippedAt', 'lines'] as const) await sendTracking(scope, run({ channel: advised(field, true), budget: 1 }))
    const fields = await Promise.all([carrier!, date!, lines!, unknown!].map(shown))
    expect(fields.slice(0, 4)).toEqual(expect.arrayContaining([
      { status: 'REJECTED', ...told, field: ['routing', 'carrier'] }, { status: 'REJECTED', ...told, field: ['shippedAt'] }, { status: 'REJECTED', ...told, field: null },
      { status: 'PENDING', code: null, message: null, field: null, marketplaceMessage: null },
    ]))
    expect((await stage.events(connection.id)).filter(({ type }) => type === 'TRACKING_REJECTED').map(({ summary }) => summary)).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^The marketplace refused the tracking of package 1 of order .*: Choose another carrier\.$/)),
    )
    // Unknown at first, and rejected once the read-back shows nothing: the advice is the same.
    await sendTracking(scope, run({ channel: advised('trackingNumber', false) }))
    later(121)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 0, rejected: 1 })
    const after = await Promise.all([carrier!, date!, lines!, unknown!].map(shown))
    expect(after).toContainEqual({ status: 'REJECTED', ...told, field: ['routing', 'trackingNumber'] })
    const [{ id }] = await stage.sql<{ id: string }>("SELECT id FROM shipments WHERE connection_id = $1 AND tracking_field = 'shippedAt'", connection.id) as [{ id: string }]
    const correct = (shippedAt: Date) => correctTracking(scope, carriers, { shipmentId: toId('Shipment', id), routing: {}, shippedAt })
    expect(await correct(new Date(now.getTime() + 3_600_000))).toMatchObject({ refusals: [{ code: 'INVALID', field: ['shippedAt'] }] })
    expect(await correct(new Date('2020-01-01'))).toMatchObject({ refusals: [{ code: 'INVALID', field: ['shippedAt'] }] })
    const corrected = new Date(now.getTime() - 60_000)
    expect(await correct(corrected)).toMatchObject({ shipment: { trackingStatus: 'PENDING', trackingRevision: 2, shippedAt: corrected, trackingField: null, trackingMarketplaceMessage: null } })
  })

  it('the marketplace is told each order\'s ship-by, for the sending and for the read-back', async () => {
    const shipBy = new Date('2027-01-01T00:00:00Z')
    await closed([{ shipBy }, {}])
    const seen: unknown[] = []
    const asked: Channel = {
      ...channel,
      confirmShipment: (to, confirmation, signal) => (seen.push(confirmation.shipBy), channel.confirmShipment(to, confirmation, signal)),
      getOrder: (to, number, signal, turn) => (seen.push(turn?.shipBy), channel.getOrder(to, number, signal)),
    }
    await sendTracking(scope, run({ channel: asked }))
    later(31)
    expect(await confirmTracking(scope, run({ channel: asked }))).toMatchObject({ accepted: 2 })
    expect(seen).toEqual([shipBy, null, shipBy, null])
  })

  it('a used-up budget ends a run softly: what is left waits until the marketplace hears again, and is asked for no sooner', async () => {
    await closed([{}, {}, {}])
    let calls = 0
    const full = (): Promise<never> => (calls++, Promise.reject(new ChannelError('throttled', 'slow down', { retryAfterMs: 90_000 })))
    const throttled: Channel = { ...channel, confirmShipment: full, getOrder: full }
    expect(await sendTracking(scope, run({ channel: throttled }))).toEqual({ sent: 0, rejected: 0, left: 2, nextAt: new Date(now.getTime() + 90_000) })
    later(90)
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 3, left: 0 })
    later(31)
    expect(await confirmTracking(scope, run({ channel: throttled }))).toEqual({ accepted: 0, rejected: 0, left: 3, nextAt: new Date(now.getTime() + 90_000) })
    expect(calls).toBe(2)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 3, left: 0 })
  })

  it('looks as often as the budget has calls, then comes back rather than wait for each', async () => {
    await control('PATCH', `/sellers/${seller.sellerId}`, { quotas: { confirmShipment: { rate: 1000, burst: 1000 }, getOrder: { rate: 0.5, burst: 30 } } })
    await closed(Array.from({ length: 35 }, () => ({})))
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 35 })
    later(31)
    const { accepted, left, nextAt } = await confirmTracking(scope, run())
    expect(accepted).toBeGreaterThan(20)
    expect(left).toBe(35 - accepted)
    expect(left).toBeGreaterThan(0)
    expect(nextAt).toEqual(new Date(now.getTime() + 30_000))
  })

  it('a disconnected connection: goods leave and the marketplace is not told; what waited is not sent, and nothing can be corrected', async () => {
    const [waiting, sent, open] = await closed([{}, {}]).then(([one, two]) => storeOrders(scope, connection, [{}]).then(([three]) => [one!, two!, three!] as const))
    await sendTracking(scope, run({ budget: 1 }))
    await transaction(scope.db.pool, async (tx) => {
      await tx.query(`UPDATE connections SET status = 'DISCONNECTED' WHERE id = $1`, [connection.id])
      await endTracking(scope, tx, connection.id)
    })
    expect(await shipAndClose(scope, carriers, callOver([open]))).toMatchObject({ closed: 1, results: [{ userErrors: [], warnings: [{ code: 'CONNECTION_NOT_READY' }] }] })
    expect(await stateOf(open)).toMatchObject({ status: 'NOT_SENT', code: 'CONNECTION_DISCONNECTED', dueIn: null })
    const others = await Promise.all([waiting, sent].map(stateOf))
    expect(others.map(({ status, dueIn }) => [status, dueIn]).sort()).toEqual([['NOT_SENT', null], ['UNCONFIRMED', null]])
    expect(await stage.sql('SELECT DISTINCT on_hand, allocated FROM inventory_items WHERE customer_id = $1', connection.customerId)).toMatchObject([{ on_hand: 994 }])
    const shipmentId = toId('Shipment', (await stateOf(open)).id)
    expect(await correctTracking(scope, carriers, { shipmentId, routing: { trackingNumber: 'NEW1' } })).toMatchObject({ refusals: [{ code: 'CONNECTION_NOT_READY', field: ['shipmentId'] }] })
    expect(await retryTracking(scope, { shipmentIds: [shipmentId] })).toMatchObject({ refusals: [{ code: 'CONNECTION_NOT_READY', field: ['shipmentIds', '0'] }] })
    expect(await sendTracking(scope, run())).toEqual({ sent: 0, rejected: 0, left: 0, nextAt: null })
    expect(await confirmTracking(scope, run())).toEqual({ accepted: 0, rejected: 0, left: 0, nextAt: null })
  })

  it('a refused one is sent again unchanged when asked, and only then', async () => {
    const [order] = await closed()
    const { id } = await stateOf(order!)
    const shipmentIds = [toId('Shipment', id)]
    expect(await retryTracking(scope, { shipmentIds })).toMatchObject({ refusals: [{ code: 'NOT_ALLOWED', field: ['shipmentIds', '0'] }] })
    await control('POST', '/faults', { operation: 'confirmShipment', kind: 'reject', times: 1, message: 'Not today.' })
    await sendTracking(scope, run())
    expect(await retryTracking(scope, { shipmentIds })).toMatchObject({ shipments: [{ trackingStatus: 'PENDING', trackingRevision: 1 }] })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 1 })
    expect(await retryTracking(scope, { shipmentIds: ['ship_nonsense', shipmentIds[0]!] })).toMatchObject({ refusals: [{ code: 'INVALID', field: ['shipmentIds', '0'] }] })
  })

  it('a refusal that leaves open whether the package is there is settled by a read-back', async () => {
    const [order] = await closed()
    await control('POST', '/faults', { operation: 'confirmShipment', kind: 'reject', times: 1 })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 0, rejected: 0 })
    expect(await stateOf(order!)).toMatchObject({ status: 'UNCONFIRMED', sent: false })
    later(121)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 0, rejected: 1 })
    expect(await stage.sql('SELECT tracking_status, tracking_code, tracking_marketplace_message FROM shipments WHERE order_id = $1', order!.id)).toMatchObject([
      { tracking_status: 'REJECTED', tracking_code: 'ALREADY_SHIPPED', tracking_marketplace_message: expect.stringContaining('PackageToUpdateNotFound') },
    ])
  })

  it('a worker that dies between its intent and the answer: read back where it arrived, sent again where it did not', async () => {
    const [arrived, lost] = await closed([{}, {}])
    const dying = (arrives: boolean): Channel => ({
      ...channel,
      async confirmShipment(...given) {
        if (arrives) await channel.confirmShipment(...given)
        throw new Error('killed')
      },
    })
    await expect(sendTracking(scope, run({ channel: dying(true), budget: 1 }))).rejects.toThrow('killed')
    await expect(sendTracking(scope, run({ channel: dying(false), budget: 1 }))).rejects.toThrow('killed')
    for (const order of [arrived!, lost!]) expect(await stateOf(order)).toMatchObject({ status: 'UNCONFIRMED', sent: false, dueIn: 120 })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 0 })
    later(121)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 1 })
    const states = await Promise.all([arrived!, lost!].map(stateOf))
    expect(states.map(({ status }) => status).sort()).toEqual(['ACCEPTED', 'PENDING'])
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 1 })
    later(31)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 1 })
    for (const { number } of [arrived!, lost!]) expect((await received(number)).filter(({ applied }) => applied)).toHaveLength(1)
  })

  it('a throttled one waits as long as it is told, and an answer cut off is looked for', async () => {
    const [order] = await closed()
    const failing = (why: ChannelError): Channel => ({ ...channel, confirmShipment: () => Promise.reject(why) })
    expect(await sendTracking(scope, run({ channel: failing(new ChannelError('throttled', 'slow down', { retryAfterMs: 90_000 })) }))).toMatchObject({ sent: 0, left: 0, nextAt: new Date(now.getTime() + 90_000) })
    expect(await stateOf(order!)).toMatchObject({ status: 'PENDING', attempts: 1, dueIn: 90 })
    later(90)
    await control('POST', '/faults', { operation: 'confirmShipment', kind: 'reset-after', times: 2 })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 0 })
    expect(await stateOf(order!)).toMatchObject({ status: 'UNCONFIRMED', sent: false, attempts: 2 })
    later(121)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 1 })
  })

  it('credentials that were refused end the run, and nothing is lost', async () => {
    const [first, second] = await closed([{}, {}])
    const refused = { ...channel, confirmShipment: () => Promise.reject(new ChannelError('unauthorized', 'renew')) }
    await expect(sendTracking(scope, run({ channel: refused }))).rejects.toMatchObject({ kind: 'unauthorized' })
    for (const order of [first!, second!]) expect(await stateOf(order)).toMatchObject({ status: 'PENDING' })
    later(60)
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 2 })
  })

  it('an edit while it is being sent wins over the answer', async () => {
    const [order] = await closed()
    const { id } = await stateOf(order!)
    const edited: Channel = {
      ...channel,
      async confirmShipment(...given) {
        await channel.confirmShipment(...given)
        await correctTracking(scope, carriers, { shipmentId: toId('Shipment', id), routing: { trackingNumber: '1Z879E930346834440' } })
      },
    }
    await sendTracking(scope, run({ channel: edited, budget: 1 }))
    expect(await stateOf(order!)).toMatchObject({ status: 'PENDING', revision: 2, sent: false })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 1 })
  })

  it('what the marketplace took and does not show is looked for ever more rarely, and rejected after a day', async () => {
    const [order] = await closed()
    await sendTracking(scope, run())
    const blind: Channel = { ...channel, getOrder: () => Promise.resolve(null) }
    const waits: (number | null)[] = []
    for (let looks = 0; looks < 9; looks++) {
      later((await stateOf(order!)).dueIn!)
      await confirmTracking(scope, run({ channel: blind }))
      waits.push((await stateOf(order!)).dueIn)
    }
    expect(waits).toEqual([30, 40, 80, 160, 320, 640, 1280, 1800, 1800])
    later(24 * 3600)
    expect(await confirmTracking(scope, run({ channel: blind }))).toMatchObject({ accepted: 0, rejected: 1 })
    expect(await stateOf(order!)).toMatchObject({ status: 'REJECTED', code: 'NOT_CONFIRMED' })
    expect(await trackingEvents()).toEqual(['TRACKING_REJECTED'])
    expect(await received(order!.number)).toHaveLength(1)
  })

  it('a worker that has lost its lock writes nothing', async () => {
    const [order] = await closed()
    await expect(sendTracking(scope, run({ fence: () => Promise.reject(new Error('lock lost')) }))).rejects.toThrow('lock lost')
    expect(await stateOf(order!)).toMatchObject({ status: 'PENDING', attempts: 0 })
    expect(await received(order!.number)).toHaveLength(0)
  })
})
