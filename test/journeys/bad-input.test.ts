// Every slip that the contract promises to refuse: the exact code and field path, and nothing changed anywhere.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toId } from '../../src/kit/ids.ts'
import {
  CancelOrdersDocument, EventsDocument, FindOrdersDocument, FollowEventsDocument, HoldOrdersDocument, NodeByIdDocument, PauseConnectionDocument, ReceiveStockDocument, ShipAndCloseDocument,
  type ShipAndCloseInput, type ShipAndCloseOrderInput,
} from '../generated/graphql.ts'
import { GraphqlFailure } from '../support/gateway.ts'
import { fingerprint, type Merchant, routing, type Stage, startStage } from './stage.ts'

let stage: Stage
let merchant: Merchant
const ids: Record<'open' | 'closed' | 'held' | 'cancelled' | 'cancelRequested' | 'line', string> = { open: '', closed: '', held: '', cancelled: '', cancelRequested: '', line: '' }
const usedKey = randomUUID()

beforeAll(async () => {
  stage = await startStage()
  merchant = await stage.merchant()
  const sold = await stage.buy(merchant, { count: 5 })
  await stage.simulator.control(`orders/${sold[4]!.orderId}`, 'PATCH', { cancelRequest: true })
  await stage.pass(130)
  await stage.run(merchant, 'IMPORT_ORDERS')
  const orders = await Promise.all(sold.map(({ orderId }) => stage.order(merchant, orderId)))
  Object.assign(ids, { open: orders[0]!.id, line: orders[0]!.lines[0]!.id, closed: orders[1]!.id, held: orders[2]!.id, cancelled: orders[3]!.id, cancelRequested: orders[4]!.id })
  await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: usedKey, routing, orders: [{ orderId: ids.closed }] } })
  await stage.graphql(HoldOrdersDocument, { input: { orderIds: [ids.held], reason: 'OPERATOR' } })
  await stage.graphql(CancelOrdersDocument, { input: { orderIds: [ids.cancelled], reason: 'gone' } })
})
afterAll(() => stage.stop())

const at = (path: string): string[] => path.split('.')
/** The kept results of calls are all that a refused order may leave. */
const unchanged = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = await fingerprint(stage, 'ship_and_close_calls', 'quotas')
  const result = await work()
  expect(await fingerprint(stage, 'ship_and_close_calls', 'quotas')).toEqual(before)
  return result
}
const call = (order: Partial<ShipAndCloseOrderInput> = {}, more: Partial<ShipAndCloseInput> = {}): ShipAndCloseInput => ({ idempotencyKey: randomUUID(), routing, orders: [{ orderId: ids.open, ...order }], ...more })
const charge = (amount: string, currencyCode = 'USD'): Partial<ShipAndCloseInput> => ({ charges: [{ code: 'PALLET', amount: { amount, currencyCode } }] })
const packing = (quantity: number): Partial<ShipAndCloseOrderInput> => ({ packages: [{ lines: [{ orderLineId: ids.line, quantity }] }] })
const unknown = toId('Order', '01890a5d-ac96-774b-bcce-b302099a8057')

test.each<[name: string, input: () => ShipAndCloseInput, code: string, field: string]>([
  ['blank carrier', () => call({}, { routing: { ...routing, carrier: '  ' } }), 'CARRIER_REQUIRED', 'orders.0.routing.carrier'],
  ['blank SCAC', () => call({}, { routing: { ...routing, scac: '' } }), 'SCAC_REQUIRED', 'orders.0.routing.scac'],
  ['blank service', () => call({}, { routing: { ...routing, service: ' ' } }), 'SERVICE_REQUIRED', 'orders.0.routing.service'],
  ['blank tracking number', () => call({}, { routing: { ...routing, trackingNumber: '' } }), 'TRACKING_NUMBER_REQUIRED', 'orders.0.routing.trackingNumber'],
  ['a SCAC of another carrier', () => call({}, { routing: { ...routing, scac: 'FDEG' } }), 'SCAC_MISMATCH', 'routing.scac'],
  ['a tracking number that no carrier writes', () => call({ routing: { trackingNumber: '1Z#' } }), 'TRACKING_NUMBER_MALFORMED', 'orders.0.routing.trackingNumber'],
  ['unknown order', () => call({ orderId: unknown }), 'NOT_FOUND', 'orders.0.orderId'],
  ['malformed id', () => call({ orderId: 'ord_x' }), 'INVALID', 'orders.0.orderId'],
  ["another type's id", () => call({ orderId: merchant.connectionId }), 'INVALID', 'orders.0.orderId'],
  ['charge in another currency', () => call({}, charge('1.00', 'EUR')), 'CURRENCY_MISMATCH', 'charges.0.amount.currencyCode'],
  ['quantity beyond what is open', () => call(packing(3)), 'QUANTITY_EXCEEDS_OPEN', 'orders.0.packages.0.lines.0.quantity'],
  ['quantity 0', () => call(packing(0)), 'INVALID', 'orders.0.packages.0.lines.0.quantity'],
  ['closed order', () => call({ orderId: ids.closed }), 'ORDER_CLOSED', 'orders.0.orderId'],
  ['held order', () => call({ orderId: ids.held }), 'ORDER_ON_HOLD', 'orders.0.orderId'],
  ['cancelled order', () => call({ orderId: ids.cancelled }), 'ORDER_CANCELLED', 'orders.0.orderId'],
  ['cancel-requested order', () => call({ orderId: ids.cancelRequested }), 'CANCEL_REQUESTED', 'orders.0.overrideCancelRequest'],
  ['stale expectedVersion', () => call({ expectedVersion: 99 }), 'VERSION_CONFLICT', 'orders.0.expectedVersion'],
])('an order is refused: %s', async (_name, input, code, field) => {
  const { shipAndClose } = await unchanged(() => stage.graphql(ShipAndCloseDocument, { input: input() }))
  expect(shipAndClose).toMatchObject({ closed: 0, failed: 1, userErrors: [], results: [{ shipments: [], charges: [] }] })
  expect(shipAndClose.results[0]!.userErrors).toEqual([{ code, field: at(field), message: expect.any(String) }])
})

test.each<[name: string, input: () => ShipAndCloseInput, code: string, field: string]>([
  ['501 orders', () => call({}, { orders: Array.from({ length: 501 }, () => ({ orderId: ids.open })) }), 'TOO_MANY', 'orders'],
  ['no order', () => call({}, { orders: [] }), 'REQUIRED', 'orders'],
  ['an order twice', () => call({}, { orders: [{ orderId: ids.open }, { orderId: ids.open }] }), 'INVALID', 'orders.1.orderId'],
  ['charge of 0', () => call({}, charge('0')), 'AMOUNT_INVALID', 'charges.0.amount.amount'],
  ['charge below 0', () => call({}, charge('-1.00')), 'AMOUNT_INVALID', 'charges.0.amount.amount'],
  ['charge finer than a cent', () => call({}, charge('0.001')), 'AMOUNT_INVALID', 'charges.0.amount.amount'],
  ['charge in no currency', () => call({}, charge('1', 'XXQ')), 'INVALID', 'charges.0.amount.currencyCode'],
  ['a reused idempotency key with other input', () => call({}, { idempotencyKey: usedKey }), 'IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'],
  ['blank idempotency key', () => call({}, { idempotencyKey: ' ' }), 'REQUIRED', 'idempotencyKey'],
])('a call is refused: %s', async (_name, input, code, field) => {
  const { shipAndClose } = await unchanged(() => stage.graphql(ShipAndCloseDocument, { input: input() }))
  expect(shipAndClose).toEqual({ closed: 0, failed: 0, results: [], userErrors: [{ code, field: at(field), message: expect.any(String) }] })
})

test.each<[name: string, attempt: () => Promise<{ userErrors: { code: string; field?: string[] | null }[] }>, code: string, field: string]>([
  ['hold: unknown order', async () => (await stage.graphql(HoldOrdersDocument, { input: { orderIds: [ids.open, unknown], reason: 'OTHER' } })).holdOrders, 'NOT_FOUND', 'orderIds.1'],
  ['hold: malformed id', async () => (await stage.graphql(HoldOrdersDocument, { input: { orderIds: ['nothing'], reason: 'OTHER' } })).holdOrders, 'INVALID', 'orderIds.0'],
  ['hold: 501 orders', async () => (await stage.graphql(HoldOrdersDocument, { input: { orderIds: Array.from({ length: 501 }, () => ids.open), reason: 'OTHER' } })).holdOrders, 'TOO_MANY', 'orderIds'],
  ['cancel: a closed order among open ones', async () => (await stage.graphql(CancelOrdersDocument, { input: { orderIds: [ids.open, ids.closed], reason: 'gone' } })).cancelOrders, 'ORDER_CLOSED', 'orderIds.1'],
  ['cancel: no reason', async () => (await stage.graphql(CancelOrdersDocument, { input: { orderIds: [ids.open], reason: ' ' } })).cancelOrders, 'REQUIRED', 'reason'],
  ['pause: no reason', async () => (await stage.graphql(PauseConnectionDocument, { input: { connectionId: merchant.connectionId, reason: '' } })).pauseConnection, 'REQUIRED', 'reason'],
  ['receive: quantity 0', async () => (await stage.graphql(ReceiveStockDocument, { input: { customerId: merchant.customerId, warehouseId: merchant.warehouseId, items: [{ sku: 'MUG', quantity: 0 }] } })).receiveInventory, 'INVALID', 'items.0.quantity'],
])('refused as a whole: %s', async (_name, attempt, code, field) => {
  expect((await unchanged(attempt)).userErrors).toEqual([{ code, field: at(field) }])
})

test.each<[name: string, attempt: () => Promise<unknown>, field: string]>([
  ['malformed id', () => stage.graphql(NodeByIdDocument, { id: 'ord_1' }), 'id'],
  ['first: 0', () => stage.graphql(FindOrdersDocument, { first: 0 }), 'first'],
  ['first: 101', () => stage.graphql(FindOrdersDocument, { first: 101 }), 'first'],
  ['malformed cursor', () => stage.graphql(FindOrdersDocument, { after: 'bm90aGluZw' }), 'after'],
  ['malformed event cursor', () => stage.graphql(EventsDocument, { after: 'bm90aGluZw' }), 'after'],
  ['malformed event cursor of a subscription', () => stage.subscribe(FollowEventsDocument, { after: 'bm90aGluZw' }).next(), 'after'],
  ['malformed id in a filter', () => stage.graphql(FindOrdersDocument, { filter: { connectionIds: [merchant.connectionId, 'x'] } }), 'filter.connectionIds.1'],
])('a query is refused: %s', async (_name, attempt, field) => {
  const failure: unknown = await unchanged(() => attempt().catch((error: unknown) => error))
  const errors = failure instanceof GraphqlFailure ? failure.errors : (failure as readonly unknown[])
  expect(errors).toMatchObject([{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT', field: at(field), requestId: expect.any(String) } }])
  expect(JSON.stringify(errors)).not.toMatch(/stack|SELECT|node_modules/)
})

test.each([
  ['that is not JSON', '{"query":', 400, 'BAD_REQUEST'],
  ['over 1 MiB', JSON.stringify({ query: '{ __typename }', variables: { pad: 'x'.repeat(1024 * 1024) } }), 413, 'PAYLOAD_TOO_LARGE'],
])('a body %s is refused, with a requestId that the log has too', async (_name, body, status, code) => {
  const response = await unchanged(() => fetch(stage.url, { method: 'POST', headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' }, body }))
  const { errors: [error] } = (await response.json()) as { errors: [{ extensions: { code: string; requestId: string } }] }
  expect([response.status, error.extensions.code]).toEqual([status, code])
  expect(stage.logged.some((line) => line['requestId'] === error.extensions.requestId)).toBe(true)
})
