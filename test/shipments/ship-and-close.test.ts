import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import type { Scope } from '../../src/auth/scope.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import type { ShipAndCloseInput } from '../../src/shipments/plan.ts'
import { previewShipAndClose } from '../../src/shipments/preview-ship-and-close.ts'
import { shipAndClose } from '../../src/shipments/ship-and-close.ts'
import type { CallOutcome } from '../../src/shipments/ship-and-close-calls.store.ts'
import { createStage, type Stage } from '../connections/stage.ts'
import { callOver, charge, routing, stock, storeOrders } from './stored-orders.ts'

describe('ship and close', () => {
  let stage: Stage
  let scope: Scope
  let connection: ConnectionRow
  beforeAll(async () => {
    stage = await createStage()
    scope = stage.scope
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    connection = await stage.connection()
    await stock(scope, connection, { MUG: 1000, PACK: 6000 })
  })

  async function ship(input: ShipAndCloseInput, as: Scope = scope): Promise<CallOutcome> {
    const outcome = await shipAndClose(as, builtIn.carriers, input)
    if ('refusals' in outcome) throw new Error(JSON.stringify(outcome.refusals))
    return outcome
  }
  const codesOf = (outcome: CallOutcome): string[][] => outcome.results.map(({ userErrors }) => userErrors.map(({ code }) => code))
  async function levels(): Promise<Record<string, [number, number]>> {
    const rows = await stage.sql<{ sku: string; on_hand: number; allocated: number }>('SELECT sku, on_hand, allocated FROM inventory_items WHERE customer_id = $1', connection.customerId)
    return Object.fromEntries(rows.map(({ sku, on_hand, allocated }) => [sku, [on_hand, allocated]]))
  }
  const counts = async (): Promise<Record<string, number>> => (await stage.sql<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM shipments WHERE customer_id = $1) AS shipments, (SELECT count(*)::int FROM charges WHERE customer_id = $1) AS charges,
       (SELECT count(*)::int FROM orders WHERE customer_id = $1 AND status = 'CLOSED') AS closed, (SELECT count(*)::int FROM events WHERE customer_id = $1 AND type LIKE 'ORDER%') AS events`,
    connection.customerId,
  ))[0]!

  it('closes, charges, takes the stock, queues the tracking and tells, all of it together', async () => {
    const [order] = await storeOrders(scope, connection, [{ lines: [{ sku: 'MUG', quantity: 2 }, { sku: 'PACK', quantity: 1, unitsPerItem: 6 }] }])
    const outcome = await ship(callOver([order!], { charges: [charge('2.50')] }))
    expect(outcome).toMatchObject({ closed: 1, failed: 0, results: [{ order: order!.id, userErrors: [], warnings: [], shipments: [expect.any(String)], charges: [expect.any(String)] }] })
    expect(await levels()).toEqual({ MUG: [998, 0], PACK: [5994, 0] })
    expect(await stage.sql('SELECT status, version, carrier, tracking_number, closed_at IS NOT NULL AS closed FROM orders WHERE id = $1', order!.id)).toEqual([
      { status: 'CLOSED', version: 2, carrier: 'UPS', tracking_number: routing.trackingNumber, closed: true },
    ])
    expect(await stage.sql('SELECT package_number, tracking_status, tracking_attempts, shipped_by, tracking_next_attempt_at <= now() AS due FROM shipments WHERE order_id = $1', order!.id)).toEqual([
      { package_number: 1, tracking_status: 'PENDING', tracking_attempts: 0, shipped_by: 'Ada', due: true },
    ])
    expect(await stage.sql('SELECT kind, amount, currency, added_by FROM charges WHERE order_id = $1', order!.id)).toEqual([{ kind: 'ADDITIONAL', amount: '2.5000', currency: 'USD', added_by: 'Ada' }])
    expect(await stage.sql('SELECT kind, quantity FROM inventory_movements WHERE order_id = $1 ORDER BY at, quantity', order!.id)).toEqual(
      expect.arrayContaining([{ kind: 'SHIPMENT', quantity: -2 }, { kind: 'SHIPMENT', quantity: -6 }]),
    )
    expect((await stage.events(connection.id)).map(({ type }) => type)).toEqual(['ORDER_SHIPPED', 'ORDER_CLOSED'])
  })

  it('with a clock that is behind the marketplace\'s, sends nothing that left before it was bought', async () => {
    const [order] = await storeOrders(scope, connection, [{}])
    const behind: Scope = { ...scope, clock: () => new Date(Date.now() - 2 * 3_600_000) }
    expect(await ship(callOver([order!]), behind)).toMatchObject({ closed: 1 })
    expect(await stage.sql('SELECT shipped_at = purchased_at AS same FROM shipments JOIN orders ON orders.id = order_id WHERE order_id = $1', order!.id)).toEqual([{ same: true }])
  })

  it('does 500 orders in as many statements as one', async () => {
    const orders = await storeOrders(scope, connection, Array.from({ length: 500 }, () => ({ lines: [{ sku: 'MUG', quantity: 1 }, { sku: 'PACK', quantity: 1 }] })))
    const counted = async (input: ShipAndCloseInput): Promise<number> => {
      let statements = 0
      const { pool } = scope.db
      const connect = async () => {
        const client = await pool.connect()
        return new Proxy(client, {
          get(target, key) {
            if (key === 'query') statements++
            const value: unknown = Reflect.get(target, key)
            return typeof value === 'function' ? value.bind(target) : value
          },
        })
      }
      // The transaction's alone: the pool's own query() is for what comes after it.
      const counting = new Proxy(pool, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key)
          return key === 'connect' ? connect : typeof value === 'function' ? value.bind(target) : value
        },
      })
      const outcome = await ship(input, { ...scope, db: { ...scope.db, pool: counting } })
      expect(outcome.failed).toBe(0)
      return statements
    }
    const few = await counted(callOver(orders.slice(0, 1), { charges: [charge('0.01')] }))
    const many = await counted(callOver(orders.slice(1), { charges: [charge('100.00')], applyCharges: 'DIVIDED_EVENLY' }))
    expect(many).toBe(few)
    expect(many).toBeLessThanOrEqual(12) // BEGIN and COMMIT among them
    expect(await levels()).toEqual({ MUG: [500, 0], PACK: [5500, 0] })
    expect(await stage.sql('SELECT sum(amount) AS sum, count(*)::int AS count, max(amount) - min(amount) AS spread FROM charges WHERE customer_id = $1 AND amount > 0.01', connection.customerId)).toEqual([
      { sum: '100.0000', count: 499, spread: '0.0100' },
    ])
  })

  it('skips refused orders, or with ABORT_ALL changes nothing at all', async () => {
    const orders = await storeOrders(scope, connection, [{}, { cancelRequested: true }, {}])
    const stranger = { id: '01890a5d-ac96-774b-bcce-b302099a8057' }
    const before = await levels()
    const aborted = await ship(callOver([...orders, stranger], { onError: 'ABORT_ALL', charges: [charge('1')] }))
    expect(aborted).toMatchObject({ closed: 0, failed: 2 })
    expect(codesOf(aborted)).toEqual([[], ['CANCEL_REQUESTED'], [], ['NOT_FOUND']])
    expect([await levels(), await counts()]).toEqual([before, { shipments: 0, charges: 0, closed: 0, events: 0 }])
    const skipped = await ship(callOver([...orders, stranger], { charges: [charge('1.01')], applyCharges: 'DIVIDED_EVENLY' }))
    expect(skipped).toMatchObject({ closed: 2, failed: 2 })
    expect(await stage.sql('SELECT amount FROM charges WHERE customer_id = $1 ORDER BY amount', connection.customerId)).toEqual([{ amount: '0.5000' }, { amount: '0.5100' }])
    expect(await counts()).toEqual({ shipments: 2, charges: 2, closed: 2, events: 4 })
  })

  it('does not see the orders of other customers', async () => {
    const orders = await storeOrders(scope, connection, [{}])
    const elsewhere: Scope = { ...scope, tenant: [(await stage.customer()).id] }
    expect(codesOf(await ship(callOver(orders), elsewhere))).toEqual([['NOT_FOUND']])
    expect(await counts()).toMatchObject({ closed: 0 })
  })

  it('ships a part, then the rest: closed only then, and no tracking number is used twice', async () => {
    const [order] = await storeOrders(scope, connection, [{ lines: [{ sku: 'MUG', quantity: 3 }] }])
    const part = { trackingNumber: 'PART1', weight: { value: '1.5', unit: 'POUND' as const }, lines: [{ orderLineId: order!.lines[0]!.id, quantity: 1 }] }
    expect(await ship(callOver([{ ...order!, packages: [part] }]))).toMatchObject({ closed: 0, failed: 0 })
    expect(await levels()).toMatchObject({ MUG: [999, 2] })
    expect(await stage.sql('SELECT status, tracking_number, carrier, version FROM orders WHERE id = $1', order!.id)).toEqual([{ status: 'OPEN', tracking_number: null, carrier: 'UPS', version: 2 }])
    const rest = await ship(callOver([{ ...order!, expectedVersion: 2 }]))
    expect(rest).toMatchObject({ closed: 1 })
    expect(await levels()).toMatchObject({ MUG: [997, 0] })
    expect(await stage.sql('SELECT package_number, tracking_number, weight, weight_unit FROM shipments WHERE order_id = $1 ORDER BY 1', order!.id)).toEqual([
      { package_number: 1, tracking_number: 'PART1', weight: '1.5000', weight_unit: 'POUND' }, { package_number: 2, tracking_number: routing.trackingNumber, weight: null, weight_unit: null },
    ])
    expect(codesOf(await ship(callOver([order!])))).toEqual([['ORDER_CLOSED']])
  })

  it('runs short of stock in the middle of a call: the first ones close, the others stay as they were', async () => {
    const orders = await storeOrders(scope, connection, Array.from({ length: 4 }, () => ({ lines: [{ sku: 'RARE', quantity: 2 }] })))
    await stock(scope, connection, { RARE: 5 })
    expect(codesOf(await ship(callOver(orders)))).toEqual([[], [], ['STOCK_SHORT'], ['STOCK_SHORT']])
    expect(await levels()).toMatchObject({ RARE: [1, 4] })
  })

  it('records who overrode a request to cancel', async () => {
    const [order] = await storeOrders(scope, connection, [{ cancelRequested: true }])
    await ship(callOver([{ ...order!, overrideCancelRequest: true }]))
    expect((await stage.events(connection.id)).map(({ summary }) => summary)).toEqual([
      expect.stringContaining("Ada overrode the buyer's request to cancel"), expect.stringContaining("Ada overrode the buyer's request to cancel"),
    ])
  })

  it('closes without tracking when told so, and queues none', async () => {
    const [order] = await storeOrders(scope, connection, [{}])
    expect(await ship(callOver([order!], { routing: null, incompleteRouting: 'CLOSE_WITHOUT_TRACKING' }))).toMatchObject({ closed: 1 })
    expect(await stage.sql('SELECT tracking_status, tracking_next_attempt_at FROM shipments WHERE order_id = $1', order!.id)).toEqual([{ tracking_status: 'NOT_SENT', tracking_next_attempt_at: null }])
  })

  it('sends at once where the connection is set so, and leaves the cadence alone elsewhere', async () => {
    const hasty = await stage.connection({ sendTrackingImmediately: true }, { cadenceSeconds: { SEND_TRACKING: 3600 } })
    await stage.sql(`UPDATE cadences SET next_run_at = now() + interval '1 hour' WHERE kind = 'SEND_TRACKING'`)
    for (const one of [connection, hasty]) {
      await stock(scope, one, { MUG: 10 })
      await ship(callOver(await storeOrders(scope, one, [{}])))
    }
    expect((await stage.cadences(hasty.id)).SEND_TRACKING.dueIn).toBeLessThanOrEqual(0)
    expect((await stage.cadences(connection.id)).SEND_TRACKING.dueIn).toBeGreaterThan(3000)
  })

  describe('under an idempotency key', () => {
    it('answers the same call as the first time and changes nothing more', async () => {
      const orders = await storeOrders(scope, connection, [{}, { cancelRequested: true }])
      const input = callOver(orders, { charges: [charge('1')], shippedAt: new Date(Date.now() - 1000) })
      const first = await ship(input)
      const [before, shelf] = [await counts(), await levels()]
      expect(await ship(structuredClone(input))).toEqual(first)
      expect([await counts(), await levels()]).toEqual([before, shelf])
      expect(await shipAndClose(scope, builtIn.carriers, { ...input, charges: [charge('2')] })).toEqual({ refusals: [expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] })] })
      expect(await ship(input, { ...scope, actor: { ...scope.actor, id: 'someone else' } })).not.toEqual(first)
    })

    it('made twice at once: the second waits and answers the same', async () => {
      const orders = await storeOrders(scope, connection, Array.from({ length: 50 }, () => ({})))
      const input = callOver(orders, { charges: [charge('1')] })
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => ship(input)))
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
      expect(outcomes[0]!.closed).toBe(50)
      expect(await counts()).toEqual({ shipments: 50, charges: 50, closed: 50, events: 100 })
    })

    it('a call refused as such does not use it up', async () => {
      const orders = await storeOrders(scope, connection, [{}])
      const input = callOver(orders)
      expect(await shipAndClose(scope, builtIn.carriers, { ...input, charges: [charge('0')] })).toEqual({ refusals: [expect.objectContaining({ code: 'AMOUNT_INVALID' })] })
      expect(await ship(input)).toMatchObject({ closed: 1 })
    })
  })

  it('several calls over the same orders close each of them once', async () => {
    const orders = await storeOrders(scope, connection, Array.from({ length: 40 }, () => ({})))
    const shuffled = [orders, [...orders].reverse(), orders.slice(10), orders.slice(0, 30)]
    const outcomes = await Promise.all(shuffled.map((some) => ship(callOver(some, { charges: [charge('1')] }))))
    expect(outcomes.reduce((sum, { closed }) => sum + closed, 0)).toBe(40)
    expect(outcomes.flatMap(codesOf).flat().every((code) => code === 'ORDER_CLOSED')).toBe(true)
    expect(await counts()).toEqual({ shipments: 40, charges: 40, closed: 40, events: 80 })
    expect(await levels()).toMatchObject({ MUG: [920, 0] })
  })

  it('is foretold by its preview to the cent, which changes nothing', async () => {
    const orders = await storeOrders(scope, connection, [{}, { cancelRequested: true }, {}, {}])
    await ship(callOver([], { ...callOver([orders[3]!]), charges: [charge('9.99')] }))
    const input = callOver(orders.slice(0, 3), { charges: [charge('1.01')], applyCharges: 'DIVIDED_EVENLY' })
    const before = [await counts(), await levels()]
    const preview = await previewShipAndClose(scope, builtIn.carriers, input)
    if ('refusals' in preview) throw new Error('refused')
    expect([await counts(), await levels()]).toEqual(before)
    expect(preview.results.map(({ closes, totalCharges }) => [closes, totalCharges?.amount])).toEqual([[true, '0.51'], [false, undefined], [true, '0.50']])
    const done = await ship(input)
    expect(done.results.map(({ userErrors, warnings }) => ({ userErrors, warnings }))).toEqual(preview.results.map(({ refusals, warnings }) => ({ userErrors: refusals, warnings })))
    expect(await stage.sql('SELECT amount FROM charges WHERE order_id = ANY($1::uuid[]) ORDER BY amount DESC', input.orders.map(({ uuid }) => uuid))).toEqual([{ amount: '0.5100' }, { amount: '0.5000' }])
  })
})
