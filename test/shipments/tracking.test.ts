import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Scope } from '../../src/auth/scope.ts'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { writeCredentials } from '../../src/marketplaces/amazon/credentials.ts'
import { createAmazonChannel } from '../../src/marketplaces/amazon/index.ts'
import { type Simulator, startSimulator } from '../../src/marketplaces/amazon/simulator/server.ts'
import { type Channel, type ChannelAccount, ChannelError } from '../../src/marketplaces/channel.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { toId } from '../../src/kit/ids.ts'
import { confirmTracking } from '../../src/shipments/confirm-tracking.ts'
import { correctTracking, retryTracking } from '../../src/shipments/correct-tracking.ts'
import { sendTracking } from '../../src/shipments/send-tracking.ts'
import { shipAndClose } from '../../src/shipments/ship-and-close.ts'
import type { TrackingRun } from '../../src/shipments/tracking-run.ts'
import { createStage, type Stage, US } from '../connections/stage.ts'
import { callOver, type GivenOrder, stock, type StoredOrder, storeOrders } from './stored-orders.ts'

interface Seller { sellerId: string; credentials: { clientId: string; clientSecret: string; refreshToken: string } }
interface AtAmazon { orderId: string; orderItems: { orderItemId: string }[] }
interface Confirmation { applied: boolean; body: { packageDetail: { packageReferenceId: string; trackingNumber: string; carrierCode: string; orderItems: object[] } } }

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
    account = { connectionId: connection.id, marketplaceId: US, merchantId: seller.sellerId, credentials: writeCredentials(seller.credentials) }
    channel = createAmazonChannel({
      endpoints: { NORTH_AMERICA: simulator.url, EUROPE: simulator.url, FAR_EAST: simulator.url }, tokenUrl: `${simulator.url}/auth/o2/token`,
      clientId: seller.credentials.clientId, clientSecret: seller.credentials.clientSecret, clock: systemClock, log: createLog('silent'), metrics: new Metrics(),
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
  const run = (changes: Partial<TrackingRun> = {}): TrackingRun => ({ channel, account, connectionId: connection.id, fence: async () => {}, signal: new AbortController().signal, budget: 100, ...changes })
  const received = async (number: string): Promise<Confirmation[]> => (await control<{ confirmations: Confirmation[] }>('GET', `/orders/${number}`)).confirmations

  /** Orders bought at the marketplace, stored here, and closed. */
  async function closed(given: GivenOrder[] = [{}]): Promise<StoredOrder[]> {
    const { orders } = await control<{ orders: AtAmazon[] }>('POST', '/orders', { sellerId: seller.sellerId, marketplaceId: US, items: [{ sellerSku: 'MUG', quantity: 2 }], count: given.length })
    const stored = await storeOrders(scope, connection, orders.map(({ orderId, orderItems }, index) => ({
      ...given[index], number: orderId, lines: [{ sku: 'MUG', quantity: 2, itemId: orderItems[0]!.orderItemId }],
    })))
    expect(await shipAndClose(scope, callOver(stored))).toMatchObject({ closed: given.length })
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
    expect(await correctTracking(scope, { shipmentId, routing: { trackingNumber: 'A B' } })).toMatchObject({ refusals: [{ code: 'TRACKING_NUMBER_MALFORMED', field: ['routing', 'trackingNumber'] }] })
    expect(await correctTracking(scope, { shipmentId, routing: { trackingNumber: '1Z879E930346834440' } })).toMatchObject({ shipment: { trackingRevision: 2, trackingStatus: 'PENDING', packageNumber: 1 } })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 1 })
    later(31)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 1 })
    // Corrected once more after it was accepted: the old number at the marketplace proves nothing.
    await correctTracking(scope, { shipmentId, routing: { trackingNumber: '1Z410E7W0392751591' } })
    expect(await sendTracking(scope, run())).toMatchObject({ sent: 1 })
    expect((await received(order!.number)).filter(({ applied }) => applied).map(({ body }) => [body.packageDetail.packageReferenceId, body.packageDetail.trackingNumber])).toEqual([
      ['1', '1Z879E930346834440'], ['1', '1Z410E7W0392751591'],
    ])
    later(31)
    expect(await confirmTracking(scope, run())).toMatchObject({ accepted: 1 })
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
    expect(await stage.sql('SELECT tracking_status, tracking_message FROM shipments WHERE order_id = $1', order!.id)).toMatchObject([
      { tracking_status: 'REJECTED', tracking_message: expect.stringContaining('PackageToUpdateNotFound') },
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
        await correctTracking(scope, { shipmentId: toId('Shipment', id), routing: { trackingNumber: '1Z879E930346834440' } })
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
