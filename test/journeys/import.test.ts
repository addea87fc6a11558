import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ImportFailuresDocument, MapSkusDocument, RetryImportsDocument, ShipAndCloseDocument, TraceOrderDocument } from '../generated/graphql.ts'
import { addsUp, countOf, fingerprint, type Merchant, routing, type SoldOrder, type Stage, startStage, typesOf } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

const trace = async ({ connectionId }: Merchant, number: string) => (await stage.graphql(TraceOrderDocument, { connectionId, number })).orderTrace
const rows = async ({ uuid }: Merchant): Promise<{ orders: number; lines: number; charges: number; importedTo: Date | null }> =>
  (await stage.db.pool.query(
    `SELECT (SELECT count(*)::int FROM orders WHERE connection_id = $1) AS orders,
       (SELECT count(*)::int FROM order_lines JOIN orders ON orders.id = order_id WHERE connection_id = $1) AS lines,
       (SELECT count(*)::int FROM charges JOIN orders ON orders.id = order_id WHERE connection_id = $1) AS charges,
       (SELECT imported_to FROM connections WHERE id = $1) AS "importedTo"`, [uuid])).rows[0]
const change = ({ orderId }: SoldOrder, body: Record<string, unknown>): Promise<unknown> => stage.simulator.control(`orders/${orderId}`, 'PATCH', body)
const close = async (merchant: Merchant, { orderId: number }: SoldOrder, more: { overrideCancelRequest?: boolean } = {}) => {
  const { id } = await stage.order(merchant, number)
  return (await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), routing, orders: [{ orderId: id, ...more }] } })).shipAndClose
}

test('the same window twice changes nothing and tells nothing but that it ran', async () => {
  const merchant = await stage.merchant({ unmapped: ['GHOST'], chargeRules: [{ code: 'HANDLING', amount: '1', basis: 'ORDER' }] })
  await stage.buy(merchant, { count: 5 })
  await stage.buy(merchant, { status: 'PENDING' })
  await stage.buy(merchant, { items: [{ sellerSku: 'GHOST', quantity: 1 }] })
  const first = await stage.run(merchant, 'IMPORT_ORDERS')
  expect(first).toMatchObject({ found: 7, imported: 5, skipped: 1, failed: 1 })
  const volatile = ['connections', 'job_runs', 'cadences', 'quotas', 'sightings', 'import_failures', 'events', 'audit_entries']
  const [before, told] = [await fingerprint(stage, ...volatile), await stage.told(merchant)]
  const second = await stage.run(merchant, 'IMPORT_ORDERS')
  const swept = await stage.run(merchant, 'SWEEP_ORDERS')
  for (const run of [second, swept]) expect(run).toMatchObject({ status: 'SUCCEEDED', found: 7, imported: 0, updated: 0, unchanged: 5, skipped: 1, failed: 1 })
  expect([first, second, swept].every(addsUp)).toBe(true)
  expect(await fingerprint(stage, ...volatile)).toEqual(before)
  expect(typesOf(await stage.told(merchant, told.at(-1)!.cursor))).toEqual(['IMPORT_STARTED', 'IMPORT_FINISHED', 'IMPORT_STARTED', 'IMPORT_FINISHED'])
  expect((await stage.graphql(ImportFailuresDocument, { filter: { connectionIds: [merchant.connectionId] } })).importFailures.nodes).toMatchObject([{ attempts: 3, state: 'OPEN' }])
})

test.concurrent('a page fails in the middle: the cursor stays, and the next run stores all of it once', async () => {
  const merchant = await stage.merchant({ chargeRules: [{ code: 'HANDLING', amount: '1', basis: 'ORDER' }] })
  await stage.buy(merchant, { count: 250 })
  await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', sellerId: merchant.sellerId, kind: 'malformed', part: 'answer', afterCalls: 1, times: 1 })
  const failed = await stage.run(merchant, 'IMPORT_ORDERS')
  expect(failed).toMatchObject({ status: 'FAILED', errorCode: 'INVALID_ANSWER', found: 100, imported: 100 })
  expect(await rows(merchant)).toEqual({ orders: 100, lines: 100, charges: 100, importedTo: null })
  const next = await stage.run(merchant, 'IMPORT_ORDERS')
  expect(next).toMatchObject({ status: 'SUCCEEDED', found: 250, imported: 150, unchanged: 100, calls: 3 })
  expect(await rows(merchant)).toEqual({ orders: 250, lines: 250, charges: 250, importedTo: new Date(next.windowTo!) })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 500] })
  expect(countOf(typesOf(await stage.told(merchant)))).toEqual({ IMPORT_STARTED: 2, IMPORT_FAILED: 1, IMPORT_FINISHED: 1, ORDER_IMPORTED: 250 })
})

test.concurrent('in a storm of 429 everything is imported in the end, and no other connection waits', async () => {
  const [stormy, calm] = [await stage.merchant(), await stage.merchant()]
  await stage.buy(stormy, { count: 120 })
  await stage.buy(calm, { count: 120 })
  await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', sellerId: stormy.sellerId, kind: 'throttle', times: 4 })
  const [waits, passes] = [await stage.queueRun(stormy, 'IMPORT_ORDERS'), await stage.queueRun(calm, 'IMPORT_ORDERS')]
  const other = await stage.ended(passes)
  expect(other).toMatchObject({ status: 'SUCCEEDED', imported: 120, calls: 2 })
  const first = await stage.ended(waits)
  if (first.status === 'FAILED') expect(await stage.run(stormy, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED' })
  expect(await rows(stormy)).toMatchObject({ orders: 120, lines: 120 })
  const { calls } = await stage.simulator.control<{ calls: { status: number }[] }>(`calls?operation=searchOrders&sellerId=${stormy.sellerId}`)
  expect(calls.filter((call) => call.status === 429)).toHaveLength(4)
})

test.concurrent('cancelled between import and close: refused, and its stock is free again', async () => {
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 2] })
  await change(sold!, { status: 'CANCELLED' })
  await stage.pass(130)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ updated: 1 })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 0] })
  expect(await close(merchant, sold!)).toMatchObject({ closed: 0, failed: 1, results: [{ order: { status: 'CANCELLED' }, shipments: [], userErrors: [{ code: 'ORDER_CANCELLED', field: ['orders', '0', 'orderId'] }] }] })
  expect(typesOf(await stage.told(merchant)).filter((type) => type === 'ORDER_CANCELLED')).toHaveLength(1)
})

test.concurrent("a buyer's request to cancel stops the parcel unless it is overridden by name", async () => {
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  await change(sold!, { cancelRequest: true })
  await stage.pass(130)
  await stage.run(merchant, 'IMPORT_ORDERS')
  expect((await stage.order(merchant, sold!.orderId)).cancelRequested).toBe(true)
  expect(await close(merchant, sold!)).toMatchObject({ closed: 0, results: [{ userErrors: [{ code: 'CANCEL_REQUESTED', field: ['orders', '0', 'overrideCancelRequest'] }] }] })
  expect(await close(merchant, sold!, { overrideCancelRequest: true })).toMatchObject({ closed: 1 })
  const told = await stage.told(merchant)
  expect(told.find((event) => event.type === 'ORDER_CLOSED')?.summary).toMatch(/test overrode the buyer's request to cancel/)
  expect(typesOf(told).filter((type) => type === 'ORDER_CANCEL_REQUESTED')).toHaveLength(1)
})

test.concurrent('a pending order comes once it is paid; what is not for the warehouse is traced, and never comes', async () => {
  const merchant = await stage.merchant()
  const [pending] = await stage.buy(merchant, { status: 'PENDING' })
  const [byAmazon] = await stage.buy(merchant, { fulfilledBy: 'AMAZON' })
  const [shipped] = await stage.buy(merchant, { status: 'SHIPPED' })
  const [cancelled] = await stage.buy(merchant, { status: 'CANCELLED' })
  const [old] = await stage.buy(merchant, { ageSeconds: 86_400 + 3600 })
  // Bought before the first window and changed within it.
  await change(old!, { address: { name: 'Ann', addressLine1: '1 Late Street', city: 'Reno', countryCode: 'US' } })
  await stage.pass(130)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ found: 5, imported: 0, skipped: 5 })
  const reasons = [[pending, 'PAYMENT_PENDING'], [byAmazon, 'FULFILLED_BY_MARKETPLACE'], [shipped, 'ALREADY_SHIPPED'], [cancelled, 'CANCELLED'], [old, 'BEFORE_IMPORT_FROM']] as const
  for (const [one, skipReason] of reasons) expect(await trace(merchant, one!.orderId)).toMatchObject({ state: 'SKIPPED', skipReason, order: null, lastRun: { id: expect.any(String) } })
  expect(await trace(merchant, '999-0000000-0000000')).toMatchObject({ state: 'NEVER_SEEN', skipReason: null })
  await change(pending!, { status: 'UNSHIPPED' })
  await stage.pass(130)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ imported: 1 })
  expect(await trace(merchant, pending!.orderId)).toMatchObject({ state: 'IMPORTED', skipReason: null, order: { id: (await stage.order(merchant, pending!.orderId)).id } })
  expect(await rows(merchant)).toMatchObject({ orders: 1 })
})

test.concurrent('an unmapped SKU fails its own order alone; mapped and retried, it comes from what was recorded', async () => {
  const merchant = await stage.merchant({ unmapped: ['GHOST'] })
  const [ghost] = await stage.buy(merchant, { items: [{ sellerSku: 'GHOST', quantity: 2 }] })
  await stage.buy(merchant)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', found: 2, imported: 1, failed: 1 })
  const filter = { connectionIds: [merchant.connectionId] }
  const [failure] = (await stage.graphql(ImportFailuresDocument, { filter })).importFailures.nodes
  expect(failure).toMatchObject({ number: ghost!.orderId, code: 'SKU_UNMAPPED', state: 'OPEN' })
  expect(await trace(merchant, ghost!.orderId)).toMatchObject({ state: 'FAILED', failure: { id: failure!.id } })
  const retry = async () => (await stage.graphql(RetryImportsDocument, { input: { failureIds: [failure!.id] } })).retryImports
  expect(await retry()).toMatchObject({ resolved: [], stillFailing: [{ id: failure!.id, code: 'SKU_UNMAPPED' }] })
  const { mapSkus } = await stage.graphql(MapSkusDocument, { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'GHOST', warehouseSku: 'PACK', unitsPerItem: 6 }] } })
  expect(mapSkus).toMatchObject({ unblocks: 1, userErrors: [] })
  expect(await retry()).toMatchObject({ resolved: [{ id: failure!.id, state: 'RESOLVED', order: { number: ghost!.orderId } }], stillFailing: [] })
  expect(await stage.levels(merchant)).toMatchObject({ PACK: [1000, 12] })
  expect(countOf(typesOf(await stage.told(merchant)))).toMatchObject({ ORDER_IMPORT_FAILED: 1, ORDER_IMPORT_RECOVERED: 1, ORDER_IMPORTED: 2 })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ found: 2, unchanged: 2 })
})

test.concurrent('a later change updates an open order; of a closed one it is told, and leaves it as it is', async () => {
  const merchant = await stage.merchant()
  const [open, closed] = await stage.buy(merchant, { count: 2, items: [{ sellerSku: 'MUG', quantity: 3 }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  expect(await close(merchant, closed!)).toMatchObject({ closed: 1 })
  const [before, wasClosed] = [await stage.order(merchant, open!.orderId), await stage.order(merchant, closed!.orderId)]
  const address = { name: 'Ann Other', addressLine1: '2 New Street', city: 'Austin', stateOrRegion: 'TX', postalCode: '73301', countryCode: 'US' }
  for (const one of [open!, closed!]) await change(one, { address, items: [{ sellerSku: 'MUG', quantity: 5 }] })
  await stage.pass(130)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ updated: 2, unchanged: 0 })
  const after = await stage.order(merchant, open!.orderId)
  expect(after).toMatchObject({ status: 'OPEN', units: 5, version: before.version + 1, shipTo: { name: 'Ann Other', line1: '2 New Street', city: 'Austin' }, lines: [{ quantity: 5 }] })
  expect(await stage.order(merchant, closed!.orderId)).toEqual(wasClosed)
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [997, 5] })
  await change(open!, { items: [{ sellerSku: 'MUG', cancelled: 4 }] })
  await stage.pass(130)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ updated: 1 })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [997, 1] })
  const told = await stage.told(merchant)
  expect(typesOf(told).filter((type) => type === 'ORDER_UPDATED')).toHaveLength(3)
  expect(told.map(({ summary }) => summary)).toContain(`Order ${closed!.orderId}: the delivery address changed after it was closed, and the parcel bears the old one.`)
  expect(JSON.stringify(told)).not.toMatch(/Ann Other|New Street/)
})
