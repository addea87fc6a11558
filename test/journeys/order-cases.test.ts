// What becomes of a marketplace's order in every case that it can be in, or come to.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Sealer } from '../../src/auth/seal.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { toId } from '../../src/kit/ids.ts'
import { currencyDigits } from '../../src/kit/money.ts'
import { createAmazonChannel } from '../../src/marketplaces/amazon/index.ts'
import { demoApplication } from '../../src/marketplaces/amazon/simulator/demo-sellers.ts'
import type { Channel } from '../../src/marketplaces/channel.ts'
import { Channels } from '../../src/marketplaces/registry.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { importOrder as importFresh } from '../../src/orders/import-order.ts'
import { ImportFailuresDocument, MapSkusDocument, RetryImportsDocument, ShipAndCloseDocument, TraceOrderDocument } from '../generated/graphql.ts'
import { addsUp, countOf, type Merchant, routing, type SoldOrder, type Stage, startStage, type Told, typesOf } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

const trace = async ({ connectionId }: Merchant, number: string) => (await stage.graphql(TraceOrderDocument, { connectionId, number })).orderTrace
const change = ({ orderId }: SoldOrder, body: Record<string, unknown>): Promise<unknown> => stage.simulator.control(`orders/${orderId}`, 'PATCH', body)
const fault = ({ sellerId }: Merchant, operation: string, kind: string, more: Record<string, unknown> = {}): Promise<unknown> =>
  stage.simulator.control('faults', 'POST', { operation, sellerId, kind, ...more })
const failures = async ({ connectionId }: Merchant) => (await stage.graphql(ImportFailuresDocument, { filter: { connectionIds: [connectionId] } })).importFailures.nodes
/** What changed at the marketplace is shown two minutes later. */
async function poll(merchant: Merchant) {
  await stage.pass(130)
  return stage.run(merchant, 'IMPORT_ORDERS')
}
async function close(merchant: Merchant, { orderId }: SoldOrder, more: Record<string, unknown> = {}) {
  const { id } = await stage.order(merchant, orderId)
  return (await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), routing, orders: [{ orderId: id, ...more }] } })).shipAndClose
}
interface Imported { importOrder: { trace: { state: string; skipReason: string | null; order: { status: string } | null; failure: { code: string } | null } | null; userErrors: { code: string; message: string; field: string[] | null }[] } }
const importOrder = async ({ connectionId }: Pick<Merchant, 'connectionId'>, number: string) =>
  (await stage.graphql<Imported>('mutation ($input: ImportOrderInput!) { importOrder(input: $input) { trace { state skipReason order { status } failure { code } } userErrors { code message field } } }', { input: { connectionId, number } })).importOrder
const retry = async (input: { failureIds?: string[]; connectionId?: string }) => (await stage.graphql(RetryImportsDocument, { input })).retryImports
const summariesOf = (told: readonly Told[], type: string): string[] => told.filter((event) => event.type === type).map((event) => event.summary)

test.concurrent('a request to cancel is withdrawn: the parcel goes again, and both are told', async () => {
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  await change(sold!, { cancelRequest: { reason: 'Too late' } })
  expect(await poll(merchant)).toMatchObject({ updated: 1 })
  expect(await close(merchant, sold!)).toMatchObject({ closed: 0, results: [{ userErrors: [{ code: 'CANCEL_REQUESTED' }] }] })
  await change(sold!, { cancelRequest: false })
  expect(await poll(merchant)).toMatchObject({ updated: 1 })
  expect(await close(merchant, sold!)).toMatchObject({ closed: 1 })
  const told = await stage.told(merchant)
  expect(summariesOf(told, 'ORDER_CANCEL_REQUESTED')).toHaveLength(1)
  expect(summariesOf(told, 'ORDER_UPDATED')).toEqual([expect.stringContaining('withdrew')])
})

test.concurrent('quantities go down, one line to nothing: what is allocated follows, and the rest is shipped', async () => {
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant, { items: [{ sellerSku: 'MUG', quantity: 5 }, { sellerSku: 'PACK', quantity: 3 }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  expect(await stage.levels(merchant)).toEqual({ MUG: [1000, 5], PACK: [1000, 3] })
  await change(sold!, { items: [{ sellerSku: 'MUG', quantity: 2 }, { sellerSku: 'PACK', cancelled: 3 }] })
  expect(await poll(merchant)).toMatchObject({ updated: 1 })
  expect(await stage.levels(merchant)).toEqual({ MUG: [1000, 2], PACK: [1000, 0] })
  expect(await stage.order(merchant, sold!.orderId)).toMatchObject({ status: 'OPEN', units: 5, lines: [{ quantity: 2, quantityCancelled: 0 }, { quantity: 3, quantityCancelled: 3 }] })
  expect(await close(merchant, sold!)).toMatchObject({ closed: 1, results: [{ shipments: [{ lines: [{ quantity: 2 }] }] }] })
  expect(await stage.levels(merchant)).toEqual({ MUG: [998, 0], PACK: [1000, 0] })
})

test.concurrent('partly shipped before it was seen: the rest is ours, and only that is allocated; wholly shipped, it is not ours', async () => {
  const merchant = await stage.merchant()
  const [partly] = await stage.buy(merchant, { status: 'PARTIALLY_SHIPPED', items: [{ sellerSku: 'MUG', quantity: 4 }] })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ imported: 1 })
  expect(await stage.order(merchant, partly!.orderId)).toMatchObject({ marketplaceStatus: 'PARTIALLY_SHIPPED', lines: [{ quantity: 4, quantityShipped: 1 }] })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 3] })
  expect(await close(merchant, partly!)).toMatchObject({ closed: 1, results: [{ shipments: [{ lines: [{ quantity: 3 }] }] }] })
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ sent: 1, rejected: 0 })
  await stage.pass(60)
  expect(await stage.run(merchant, 'CONFIRM_TRACKING')).toMatchObject({ accepted: 1 })
})

test.concurrent('shipped by someone else after it was imported: held, so that nothing goes twice, until a person says so', async () => {
  const merchant = await stage.merchant()
  const [whole, part] = await stage.buy(merchant, { count: 2, items: [{ sellerSku: 'MUG', quantity: 3 }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await change(whole!, { status: 'SHIPPED' })
  await change(part!, { status: 'PARTIALLY_SHIPPED' })
  expect(await poll(merchant)).toMatchObject({ updated: 2 })
  for (const one of [whole!, part!]) {
    expect(await stage.order(merchant, one.orderId)).toMatchObject({ status: 'OPEN', holds: [{ reason: 'OTHER' }] })
    expect(await close(merchant, one)).toMatchObject({ closed: 0, results: [{ userErrors: [{ code: 'ORDER_ON_HOLD' }] }] })
  }
  expect(summariesOf(await stage.told(merchant), 'ORDER_UPDATED')).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('outside of the warehouse')))
})

test.concurrent('cancelled after it was closed: the order stays as it is, and the contradiction is told once', async () => {
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  await close(merchant, sold!)
  const closed = await stage.order(merchant, sold!.orderId)
  await change(sold!, { status: 'CANCELLED' })
  expect(await poll(merchant)).toMatchObject({ updated: 1 })
  expect(await poll(merchant)).toMatchObject({ updated: 0 })
  expect(await stage.order(merchant, sold!.orderId)).toEqual({ ...closed, marketplaceStatus: 'CANCELLED' })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [998, 0] })
  expect(summariesOf(await stage.told(merchant), 'ORDER_UPDATED')).toEqual([expect.stringContaining('cancelled it after it was closed')])
  // And the marketplace, told of the parcel all the same, refuses it with words that say what to do.
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ rejected: 1 })
  const { orderByNumber } = await stage.graphql<{ orderByNumber: { shipments: { tracking: object }[] } }>(
    'query ($connectionId: ID!, $number: String!) { orderByNumber(connectionId: $connectionId, number: $number) { shipments { tracking { status code message field marketplaceMessage } } } }',
    { connectionId: merchant.connectionId, number: sold!.orderId },
  )
  expect(orderByNumber.shipments).toEqual([{ tracking: {
    status: 'REJECTED', code: 'ORDER_CANCELLED', field: null, message: expect.stringContaining('Look at the order in Seller Central'), marketplaceMessage: expect.stringContaining('The order is cancelled.'),
  } }])
})

test.concurrent('what Amazon ships itself, or cannot, never comes; of a seller who does both, the merchant\'s own does', async () => {
  const merchant = await stage.merchant()
  const [byAmazon] = await stage.buy(merchant, { fulfilledBy: 'AMAZON' })
  const [own] = await stage.buy(merchant)
  const [impossible] = await stage.buy(merchant, { status: 'UNFULFILLABLE' })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ found: 3, imported: 1, skipped: 2 })
  expect(await trace(merchant, byAmazon!.orderId)).toMatchObject({ state: 'SKIPPED', skipReason: 'FULFILLED_BY_MARKETPLACE' })
  expect(await trace(merchant, impossible!.orderId)).toMatchObject({ state: 'SKIPPED', skipReason: 'UNFULFILLABLE', marketplaceStatus: 'UNFULFILLABLE' })
  expect(await trace(merchant, own!.orderId)).toMatchObject({ state: 'IMPORTED' })
  await change(impossible!, { status: 'UNSHIPPED' })
  expect(await poll(merchant)).toMatchObject({ imported: 1 })
  expect(await trace(merchant, impossible!.orderId)).toMatchObject({ state: 'IMPORTED', skipReason: null })
})

test.concurrent('a gift shows on its line, and nowhere else; removed with what is personal, it shows no more', async () => {
  const merchant = await stage.merchant()
  const giftOption = { giftMessage: 'Many happy returns, Zephyrine', giftWrapLevel: 'Classic' }
  const [sold] = await stage.buy(merchant, { items: [{ sellerSku: 'MUG', quantity: 1, giftOption }, { sellerSku: 'PACK', quantity: 1 }] })
  await stage.buy(merchant, { count: 3, items: [{ sellerSku: 'MUG', quantity: 1, giftOption: { giftWrapLevel: 'Premium' } }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  interface Answer { orders: { nodes: { number: string; lines: { sellerSku: string; gift: object | null }[] }[] } }
  const gifts = async () => {
    const { orders } = await stage.graphql<Answer>('query ($filter: OrderFilter) { orders(filter: $filter) { nodes { number lines { sellerSku gift { wrapping message } } } } }', { filter: { connectionIds: [merchant.connectionId] } })
    return Object.fromEntries(orders.nodes.map((order) => [order.number, order.lines.map((line) => line.gift)]))
  }
  const shown = await gifts()
  expect(shown[sold!.orderId]).toEqual([{ wrapping: 'Classic', message: 'Many happy returns, Zephyrine' }, null])
  expect(Object.values(shown).filter((lines) => lines.length === 1)).toEqual(Array.from({ length: 3 }, () => [{ wrapping: 'Premium', message: null }]))
  expect(JSON.stringify(await stage.told(merchant))).not.toContain('Zephyrine')
  expect(JSON.stringify(stage.logged)).not.toContain('Zephyrine')
  await stage.db.pool.query(`UPDATE order_recipients SET redacted_at = now() WHERE customer_id = (SELECT customer_id FROM connections WHERE id = $1)`, [merchant.uuid])
  expect(Object.values(await gifts()).flat().every((gift) => gift === null)).toBe(true)
})

test.concurrent('an order that Amazon shows late comes with the next poll, and one that its window left out with the sweep', async () => {
  const merchant = await stage.merchant()
  await fault(merchant, 'searchOrders', 'late', { delaySeconds: 240, times: 1 })
  const [late] = await stage.buy(merchant)
  const [missed] = await stage.buy(merchant, { ageSeconds: 3600 })
  await fault(merchant, 'searchOrders', 'omit', { orderId: missed!.orderId, times: 1 })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', found: 0 })
  await stage.pass(250)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ found: 1, imported: 1 })
  expect(await trace(merchant, late!.orderId)).toMatchObject({ state: 'IMPORTED' })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ imported: 0 })
  expect(await trace(merchant, missed!.orderId)).toMatchObject({ state: 'NEVER_SEEN' })
  const swept = await stage.run(merchant, 'SWEEP_ORDERS')
  expect(swept).toMatchObject({ kind: 'SWEEP_ORDERS', status: 'SUCCEEDED', found: 2, imported: 1, unchanged: 1 })
  expect(await trace(merchant, missed!.orderId)).toMatchObject({ state: 'IMPORTED', lastRun: { id: swept.id } })
  expect(await stage.run(merchant, 'SWEEP_ORDERS')).toMatchObject({ found: 2, imported: 0, unchanged: 2 })
})

test.concurrent('a page that comes twice within a window is stored once, and the receipt says so', async () => {
  const merchant = await stage.merchant()
  await stage.buy(merchant, { count: 130 })
  await fault(merchant, 'searchOrders', 'duplicate-page', { times: 1 })
  const run = await stage.run(merchant, 'IMPORT_ORDERS')
  expect([run.status, run.imported, addsUp(run)]).toEqual(['SUCCEEDED', 130, true])
  expect(run.unchanged).toBeGreaterThan(0)
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 260] })
  expect(countOf(typesOf(await stage.told(merchant)))).toMatchObject({ ORDER_IMPORTED: 130 })
})

test.concurrent('an order that cannot be read is quarantined and the others come; once it can be read, it comes as well', async () => {
  const merchant = await stage.merchant()
  const [broken, other] = await stage.buy(merchant, { count: 2 })
  await fault(merchant, 'searchOrders', 'malformed', { part: 'order', orderId: broken!.orderId, times: 1 })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', found: 2, imported: 1, failed: 1 })
  expect(await failures(merchant)).toMatchObject([{ number: broken!.orderId, code: 'MARKETPLACE_DATA_INVALID', state: 'OPEN' }])
  expect(await trace(merchant, broken!.orderId)).toMatchObject({ state: 'FAILED' })
  expect(await retry({ connectionId: merchant.connectionId })).toMatchObject({ resolved: [], stillFailing: [{ code: 'MARKETPLACE_DATA_INVALID' }] })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ imported: 1, unchanged: 1, failed: 0 })
  expect(await failures(merchant)).toMatchObject([{ state: 'RESOLVED' }])
  // The same of one that is here already: it stays, and what failed is over with the next look.
  await change(other!, { items: [{ sellerSku: 'MUG', quantity: 4 }] })
  await fault(merchant, 'searchOrders', 'malformed', { part: 'order', orderId: other!.orderId, times: 1 })
  expect(await poll(merchant)).toMatchObject({ status: 'SUCCEEDED', failed: 1 })
  expect(await trace(merchant, other!.orderId)).toMatchObject({ state: 'IMPORTED', failure: { state: 'OPEN' } })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ updated: 1, failed: 0 })
  expect(await trace(merchant, other!.orderId)).toMatchObject({ state: 'IMPORTED', failure: { state: 'RESOLVED' } })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 6] })
  expect(summariesOf(await stage.told(merchant), 'ORDER_IMPORT_RECOVERED')).toHaveLength(2)
})

test.concurrent('an order that the database cannot hold is quarantined alone', async () => {
  const merchant = await stage.merchant()
  const [before] = await stage.buy(merchant)
  const [endless] = await stage.buy(merchant, { items: [{ sellerSku: 'MUG', quantity: 999_999, unitPrice: '999999999999' }] })
  const [after] = await stage.buy(merchant)
  const run = await stage.run(merchant, 'IMPORT_ORDERS')
  expect(run).toMatchObject({ status: 'SUCCEEDED', found: 3, imported: 2, failed: 1 })
  expect(await failures(merchant)).toMatchObject([{ number: endless!.orderId, code: 'INTERNAL', state: 'OPEN' }])
  for (const one of [before!, after!]) expect(await trace(merchant, one.orderId)).toMatchObject({ state: 'IMPORTED' })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', unchanged: 2, failed: 1 })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 4] })
})

test.concurrent('an item without seller SKU fails its order; once its listing has one, a fresh read brings it, and what was recorded does not', async () => {
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant, { items: [{ sellerSku: 'MUG', quantity: 1 }, { sellerSku: null, quantity: 2 }] })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', failed: 1 })
  expect(await failures(merchant)).toMatchObject([{ code: 'ITEM_WITHOUT_SKU', message: expect.stringContaining(sold!.orderItems[1]!.orderItemId) }])
  expect(await retry({ connectionId: merchant.connectionId })).toMatchObject({ resolved: [], stillFailing: [{ code: 'ITEM_WITHOUT_SKU' }] })
  expect(await importOrder(merchant, sold!.orderId)).toMatchObject({ trace: { state: 'FAILED', failure: { code: 'ITEM_WITHOUT_SKU' } } })
  const url = stage.simulator.url
  const amazon = createAmazonChannel({
    endpoints: { NORTH_AMERICA: url, EUROPE: url, FAR_EAST: url }, tokenUrl: `${url}/auth/o2/token`, clock: systemClock, log: createLog('silent'), metrics: new Metrics(),
    application: { ...demoApplication, clientSecrets: [demoApplication.clientSecret], secretExpiresAt: null, draft: false },
  })
  // The simulator's orders keep the SKUs that they were bought with: the marketplace as it is after the seller has added one.
  const mended: Channel = {
    ...amazon,
    async getOrder(...given) {
      const found = await amazon.getOrder(...given)
      if (found?.order == null) return found
      return { ...found, order: { ...found.order, lines: found.order.lines.map((line) => ({ ...line, sellerSku: line.sellerSku ?? 'PACK' })) } }
    },
  }
  const { connectionId } = merchant
  expect(await importFresh(stage.scope, { channels: new Channels([mended]), sealer: new Sealer(stage.key) }, { connectionId, number: sold!.orderId })).toMatchObject({ number: sold!.orderId })
  expect(await trace(merchant, sold!.orderId)).toMatchObject({ state: 'IMPORTED', failure: { state: 'RESOLVED' } })
  expect(await stage.levels(merchant)).toEqual({ MUG: [1000, 1], PACK: [1000, 2] })
})

test.concurrent('one order by its number: live, unknown, Amazon\'s to ship, failing, and older than the import begins', async () => {
  const merchant = await stage.merchant({ unmapped: ['GHOST'] })
  const [live] = await stage.buy(merchant)
  const [byAmazon] = await stage.buy(merchant, { fulfilledBy: 'AMAZON' })
  const [failing] = await stage.buy(merchant, { items: [{ sellerSku: 'GHOST', quantity: 1 }] })
  const [old] = await stage.buy(merchant, { ageSeconds: 40 * 86_400 })
  const [oldFailing] = await stage.buy(merchant, { ageSeconds: 40 * 86_400, items: [{ sellerSku: 'GHOST', quantity: 1 }] })
  expect(await importOrder(merchant, ` ${live!.orderId} `)).toMatchObject({ trace: { state: 'IMPORTED', order: { status: 'OPEN' } }, userErrors: [] })
  expect(await importOrder(merchant, live!.orderId)).toMatchObject({ trace: { state: 'IMPORTED' } })
  expect(await importOrder(merchant, '902-1111111-1111111')).toMatchObject({ trace: null, userErrors: [{ code: 'NOT_FOUND', field: ['number'] }] })
  expect(await importOrder(merchant, 'not a number')).toMatchObject({ trace: null, userErrors: [{ code: 'NOT_FOUND' }] })
  expect(await importOrder(merchant, ' ')).toMatchObject({ trace: null, userErrors: [{ code: 'REQUIRED', field: ['number'] }] })
  expect(await importOrder(merchant, byAmazon!.orderId)).toMatchObject({ trace: { state: 'SKIPPED', skipReason: 'FULFILLED_BY_MARKETPLACE', order: null }, userErrors: [] })
  expect(await importOrder(merchant, failing!.orderId)).toMatchObject({ trace: { state: 'FAILED', failure: { code: 'SKU_UNMAPPED' } }, userErrors: [] })
  expect(await importOrder(merchant, old!.orderId)).toMatchObject({ trace: { state: 'IMPORTED', order: { status: 'OPEN' } }, userErrors: [] })
  expect(await importOrder(merchant, oldFailing!.orderId)).toMatchObject({ trace: { state: 'FAILED', failure: { code: 'SKU_UNMAPPED' } } })
  // A poll that meets the old ones again neither forgets the one nor gives up the other.
  for (const one of [old!, oldFailing!]) await change(one, { cancelRequest: true })
  expect(await poll(merchant)).toMatchObject({ status: 'SUCCEEDED', imported: 0, failed: 2 })
  expect(await trace(merchant, oldFailing!.orderId)).toMatchObject({ state: 'FAILED', failure: { state: 'OPEN' } })
  await stage.graphql(MapSkusDocument, { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'GHOST', warehouseSku: 'MUG', unitsPerItem: 1 }] } })
  expect((await retry({ connectionId: merchant.connectionId })).resolved).toHaveLength(2)
  expect(await trace(merchant, oldFailing!.orderId)).toMatchObject({ state: 'IMPORTED' })
  await fault(merchant, 'getOrder', 'malformed', { part: 'answer' })
  expect(await importOrder(merchant, live!.orderId)).toMatchObject({ trace: null, userErrors: [{ code: 'MARKETPLACE_UNAVAILABLE' }] })
})

test.concurrent('what no mapping knows: fails and is forecast, or comes as it is; a pack of six takes six', async () => {
  const strict = await stage.merchant({ unmapped: ['GHOST'], settings: { unknownSku: 'FAIL', unknownShippingService: 'FAIL' } })
  const [sold] = await stage.buy(strict, { shippingService: 'EXPEDITED', items: [{ sellerSku: 'MUG', quantity: 1 }] })
  const [ghost] = await stage.buy(strict, { shippingService: 'EXPEDITED', items: [{ sellerSku: 'GHOST', quantity: 2 }] })
  await stage.buy(strict, { shippingService: 'NEXT_DAY' })
  expect(await stage.run(strict, 'IMPORT_ORDERS')).toMatchObject({ found: 3, imported: 0, failed: 3 })
  expect((await failures(strict)).map(({ code }) => code).sort()).toEqual(['SHIPPING_SERVICE_UNMAPPED', 'SHIPPING_SERVICE_UNMAPPED', 'SKU_UNMAPPED'])
  interface Mapped { mapShippingServices: { unblocks: number; userErrors: object[] } }
  const { mapShippingServices } = await stage.graphql<Mapped>('mutation ($input: MapShippingServicesInput!) { mapShippingServices(input: $input) { unblocks userErrors { code field } } }', {
    input: { connectionId: strict.connectionId, mappings: [{ marketplaceService: 'EXPEDITED', carrier: 'ups', scac: 'UPSN', service: '2nd Day Air' }] },
  })
  expect(mapShippingServices).toEqual({ unblocks: 1, userErrors: [] })
  const { mapSkus } = await stage.graphql(MapSkusDocument, { input: { connectionId: strict.connectionId, mappings: [{ sellerSku: 'GHOST', warehouseSku: 'PACK', unitsPerItem: 6 }] } })
  expect(mapSkus).toMatchObject({ unblocks: 1 })
  const { resolved, stillFailing } = await retry({ connectionId: strict.connectionId })
  expect([resolved.map((one) => one.order?.number).sort(), stillFailing.map((one) => one.code)]).toEqual([[sold!.orderId, ghost!.orderId].sort(), ['SHIPPING_SERVICE_UNMAPPED']])
  expect(await stage.levels(strict)).toEqual({ MUG: [1000, 1], PACK: [1000, 12] })
  const { orderByNumber } = await stage.graphql<{ orderByNumber: { routing: object } }>(
    'query ($connectionId: ID!, $number: String!) { orderByNumber(connectionId: $connectionId, number: $number) { routing { carrier scac service } } }', { connectionId: strict.connectionId, number: sold!.orderId },
  )
  expect(orderByNumber.routing).toEqual({ carrier: 'UPS', scac: 'UPSN', service: '2nd Day Air' })

  const lenient = await stage.merchant({ unmapped: ['GHOST'], settings: { unknownSku: 'ACCEPT', unknownShippingService: 'ACCEPT' } })
  const [unknown] = await stage.buy(lenient, { shippingService: 'NEXT_DAY', items: [{ sellerSku: 'GHOST', quantity: 2 }] })
  expect(await stage.run(lenient, 'IMPORT_ORDERS')).toMatchObject({ imported: 1, failed: 0 })
  expect(await stage.order(lenient, unknown!.orderId)).toMatchObject({ lines: [{ sellerSku: 'GHOST', warehouseSku: 'GHOST' }] })
  expect(await stage.levels(lenient)).toMatchObject({ GHOST: [0, 2] })
  expect(await close(lenient, unknown!)).toMatchObject({ closed: 0, results: [{ userErrors: [{ code: 'STOCK_SHORT' }] }] })
})

test.concurrent('every marketplace in its own currency, to its last minor unit: totals, charges by rule and divided ones', async () => {
  const { marketplaces } = await stage.graphql<{ marketplaces: { id: string; currencyCode: string }[] }>('{ marketplaces { id currencyCode } }')
  expect(marketplaces).toHaveLength(23)
  await Promise.all(marketplaces.map(async ({ id: marketplaceId, currencyCode }) => {
    const digits = currencyDigits(currencyCode)
    const exact = (minor: number): string => (digits === 0 ? String(minor) : (minor / 10 ** digits).toFixed(digits))
    const merchant = await stage.merchant({ marketplaceId, currency: currencyCode, unitPrice: exact(1250), chargeRules: [{ code: 'PICK', amount: exact(35), basis: 'UNIT' }] })
    const sold = await stage.buy(merchant, { count: 3, items: [{ sellerSku: 'MUG', quantity: 2, unitPrice: exact(1250) }] })
    expect([currencyCode, await stage.run(merchant, 'IMPORT_ORDERS')]).toMatchObject([currencyCode, { status: 'SUCCEEDED', found: 3, imported: 3 }])
    const orders = await Promise.all(sold.map((one) => stage.order(merchant, one.orderId)))
    interface Answer { shipAndClosePreview: { results: { order: { total: object }; additionalCharges: { amount: { amount: string } }[]; totalCharges: object }[]; userErrors: { code: string }[] } }
    const preview = async (amount: string) => (await stage.graphql<Answer>(
      'query ($input: ShipAndCloseInput!) { shipAndClosePreview(input: $input) { userErrors { code } results { order { total { amount currencyCode } } additionalCharges { amount { amount } } totalCharges { amount currencyCode } } } }',
      { input: { idempotencyKey: randomUUID(), routing, applyCharges: 'DIVIDED_EVENLY', charges: [{ code: 'FREIGHT', amount: { amount, currencyCode } }], orders: orders.map((order) => ({ orderId: order.id })) } },
    )).shipAndClosePreview
    const { results } = await preview(exact(100))
    expect(results.map((one) => one.order.total)).toEqual(sold.map(() => ({ amount: exact(2500), currencyCode })))
    expect(results.map((one) => one.additionalCharges[0]!.amount.amount)).toEqual([exact(34), exact(33), exact(33)])
    expect(results.map((one) => one.totalCharges)).toEqual([104, 103, 103].map((minor) => ({ amount: exact(minor), currencyCode })))
    expect((await preview(`1.${'0'.repeat(digits)}1`)).userErrors).toEqual([{ code: 'AMOUNT_INVALID' }])
  }))
}, 60_000)

test.concurrent('without an authorization that holds, goods leave and their tracking waits; with a new one it is sent', async () => {
  const merchant = await stage.merchant()
  const [first, second] = await stage.buy(merchant, { count: 2 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await close(merchant, first!)
  const { id } = (await fault(merchant, '*', 'revoked')) as { id: string }
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ status: 'FAILED', errorCode: 'UNAUTHORIZED', sent: 0 })
  expect(await stage.connection(merchant)).toMatchObject({ status: 'NEEDS_ATTENTION' })
  expect(await importOrder(merchant, second!.orderId)).toMatchObject({ trace: null, userErrors: [{ code: 'CREDENTIALS_REJECTED', field: ['connectionId'] }] })
  expect(await close(merchant, second!)).toMatchObject({ closed: 1, results: [{ shipments: [{ tracking: { status: 'PENDING' } }] }] })
  await stage.simulator.control(`faults/${id}`, 'DELETE')
  await stage.graphql('mutation ($input: ConnectionIdInput!) { resumeConnection(input: $input) { userErrors { code } } }', { input: { connectionId: merchant.connectionId } })
  await stage.pass(60) // the one that was refused is tried again after 30 s
  await stage.run(merchant, 'SEND_TRACKING')
  for (const one of [first!, second!]) expect((await stage.order(merchant, one.orderId)).shipments).toMatchObject([{ tracking: { status: 'UNCONFIRMED' } }])
})

test.concurrent('disconnected: what is open can be shipped, nothing is told or asked any more, and nothing is imported', async () => {
  const merchant = await stage.merchant({ unmapped: ['GHOST'] })
  const [waiting, open] = await stage.buy(merchant, { count: 2 })
  const [ghost] = await stage.buy(merchant, { items: [{ sellerSku: 'GHOST', quantity: 1 }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await close(merchant, waiting!)
  const { disconnectConnection } = await stage.graphql<{ disconnectConnection: { connection: object; userErrors: object[] } }>(
    'mutation ($input: ConnectionIdInput!) { disconnectConnection(input: $input) { connection { status } userErrors { code } } }', { input: { connectionId: merchant.connectionId } },
  )
  expect(disconnectConnection).toEqual({ connection: { status: 'DISCONNECTED' }, userErrors: [] })
  const notSent = { tracking: { status: 'NOT_SENT', code: 'CONNECTION_DISCONNECTED', message: expect.stringContaining('by hand') } }
  expect((await stage.order(merchant, waiting!.orderId)).shipments).toMatchObject([notSent])
  expect(await close(merchant, open!)).toMatchObject({ closed: 1, results: [{ warnings: [{ code: 'CONNECTION_NOT_READY' }], shipments: [notSent] }] })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [996, 0] })
  expect(await importOrder(merchant, ghost!.orderId)).toMatchObject({ trace: null, userErrors: [{ code: 'CONNECTION_NOT_READY', field: ['connectionId'] }] })
  const [failure] = await failures(merchant)
  expect(await retry({ connectionId: merchant.connectionId })).toMatchObject({ resolved: [], userErrors: [{ code: 'CONNECTION_NOT_READY', field: ['connectionId'] }] })
  expect(await retry({ failureIds: [failure!.id] })).toMatchObject({ userErrors: [{ code: 'CONNECTION_NOT_READY', field: ['failureIds', '0'] }] })
  expect(await importOrder({ connectionId: toId('Connection', randomUUID()) }, ghost!.orderId)).toMatchObject({ userErrors: [{ code: 'NOT_FOUND', field: ['connectionId'] }] })
})
