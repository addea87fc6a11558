import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { type LoadedOrder, type OrderToShip, planShipAndClose, refuseCall, type ShipAndCloseInput } from '../../src/shipments/plan.ts'
import { noRouting } from '../../src/shipments/routing.ts'

const now = new Date('2026-11-23T12:00:00Z')
const routing = { carrier: 'UPS', scac: 'UPSN', service: 'Ground', trackingNumber: '1Z5R89390357567127' }
const order = (id: string, changes: Partial<LoadedOrder> = {}): LoadedOrder => ({
  id, number: `N-${id}`, status: 'OPEN', onHold: false, cancelRequested: false, version: 1, currency: 'USD', purchasedAt: new Date('2026-11-20T00:00:00Z'), disconnected: false, routing: noRouting,
  lines: [{ id: `${id}-1`, open: 2, inventoryItemId: 'mug', unitsPerItem: 1 }, { id: `${id}-2`, open: 1, inventoryItemId: 'pack', unitsPerItem: 6 }], lastPackageNumber: 0, ...changes,
})
const ship = (uuid: string | null, changes: Partial<OrderToShip> = {}): OrderToShip => ({ orderId: `ord_${uuid}`, uuid, expectedVersion: null, routing: null, packages: null, overrideCancelRequest: false, ...changes })
const call = (orders: OrderToShip[], changes: Partial<ShipAndCloseInput> = {}): ShipAndCloseInput => ({
  idempotencyKey: 'key', orders, routing, charges: [], applyCharges: 'SEPARATELY', onError: 'SKIP_FAILED', incompleteRouting: 'REFUSE', shippedAt: null, ...changes,
})
const plenty = new Map([['mug', 1000], ['pack', 6000]])
function plan(input: ShipAndCloseInput, orders: LoadedOrder[], stock: ReadonlyMap<string, number> = plenty) {
  return planShipAndClose(input, { orders: new Map(orders.map((one) => [one.id, one])), stock }, builtIn.carriers)
}
const codes = (refusals: { code: string; field?: string[] }[]): string[] => refusals.map(({ code, field }) => `${code} ${field?.join('.')}`)
const refused = (wanted: Partial<OrderToShip>, state: Partial<LoadedOrder> = {}, input: Partial<ShipAndCloseInput> = {}): string[] =>
  codes(plan(call([ship('a', wanted)], input), [order('a', state)])[0]!.refusals)

describe('the plan of a ship-and-close call', () => {
  it('ships everything open in one package and closes', () => {
    const [only] = plan(call([ship('a')]), [order('a', { lastPackageNumber: 2 })])
    expect(only).toMatchObject({ closes: true, refusals: [], warnings: [], takes: [{ inventoryItemId: 'mug', units: 2 }, { inventoryItemId: 'pack', units: 6 }] })
    expect(only!.packages).toMatchObject([{ number: 3, notSent: null, routing, lines: [{ orderLineId: 'a-1', quantity: 2 }, { orderLineId: 'a-2', quantity: 1 }] }])
  })

  it('never ships more than is open, and closes exactly when nothing is left', () => {
    const packages = fc.array(fc.array(fc.record({ orderLineId: fc.constantFrom('a-1', 'a-2', 'a-3'), quantity: fc.integer({ min: -1, max: 4 }) }), { maxLength: 3 }), { maxLength: 3 })
    fc.assert(fc.property(packages, (given) => {
      const wanted = given.map((lines, index) => ({ lines, trackingNumber: `T${index}` }))
      const lines = [{ id: 'a-1', open: 3, inventoryItemId: 'mug', unitsPerItem: 2 }, { id: 'a-2', open: 2, inventoryItemId: 'mug', unitsPerItem: 1 }]
      const [only] = plan(call([ship('a', { packages: wanted })]), [order('a', { lines })])
      const shipped = (id: string): number => only!.packages.flatMap((one) => one.lines).reduce((sum, line) => sum + (line.orderLineId === id ? line.quantity : 0), 0)
      const sound = given.length > 0 && given.every((one) => one.length > 0 && one.every(({ orderLineId, quantity }) => quantity > 0 && orderLineId !== 'a-3') && new Set(one.map((line) => line.orderLineId)).size === one.length)
        && lines.every(({ id, open }) => given.flat().reduce((sum, line) => sum + (line.orderLineId === id ? line.quantity : 0), 0) <= open)
      expect(only!.refusals.length === 0).toBe(sound)
      for (const { id, open } of lines) expect(shipped(id)).toBeLessThanOrEqual(open)
      expect(only!.closes).toBe(sound && lines.every(({ id, open }) => shipped(id) === open))
      expect(only!.takes.reduce((sum, { units }) => sum + units, 0)).toBe(shipped('a-1') * 2 + shipped('a-2'))
    }))
  })

  it.each([
    [{}, { status: 'CLOSED' }, ['ORDER_CLOSED orders.0.orderId']],
    [{}, { status: 'CANCELLED' }, ['ORDER_CANCELLED orders.0.orderId']],
    [{}, { onHold: true }, ['ORDER_ON_HOLD orders.0.orderId']],
    [{}, { cancelRequested: true }, ['CANCEL_REQUESTED orders.0.overrideCancelRequest']],
    [{ overrideCancelRequest: true }, { cancelRequested: true }, []],
    [{ expectedVersion: 1 }, { version: 2 }, ['VERSION_CONFLICT orders.0.expectedVersion']],
    [{ expectedVersion: 2 }, { version: 2 }, []],
    [{}, { currency: 'EUR' }, []],
    [{ packages: [] }, {}, ['REQUIRED orders.0.packages']],
    [{ packages: [{ lines: [] }] }, {}, ['REQUIRED orders.0.packages.0.lines']],
    [{ packages: [{ lines: [{ orderLineId: 'b-1', quantity: 1 }] }] }, {}, ['NOT_FOUND orders.0.packages.0.lines.0.orderLineId']],
    [{ packages: [{ lines: [{ orderLineId: null, quantity: 1 }] }] }, {}, ['NOT_FOUND orders.0.packages.0.lines.0.orderLineId']],
    [{ packages: [{ lines: [{ orderLineId: 'a-1', quantity: 0 }] }] }, {}, ['INVALID orders.0.packages.0.lines.0.quantity']],
    [{ packages: [{ lines: [{ orderLineId: 'a-1', quantity: 3 }] }] }, {}, ['QUANTITY_EXCEEDS_OPEN orders.0.packages.0.lines.0.quantity']],
    [{ packages: [{ lines: [{ orderLineId: 'a-1', quantity: 1 }, { orderLineId: 'a-1', quantity: 1 }] }] }, {}, ['INVALID orders.0.packages.0.lines.1.orderLineId']],
    [{ packages: [{ weight: { value: '0', unit: 'POUND' }, lines: [{ orderLineId: 'a-1', quantity: 1 }] }] }, {}, ['INVALID orders.0.packages.0.weight.value']],
    [{ packages: [{ trackingNumber: 'A B', lines: [{ orderLineId: 'a-1', quantity: 1 }] }] }, {}, ['TRACKING_NUMBER_MALFORMED orders.0.packages.0.trackingNumber']],
    [{}, { lines: [] }, ['QUANTITY_EXCEEDS_OPEN orders.0.orderId']],
    [{}, { purchasedAt: new Date('2026-11-23T12:00:01Z') }, []],
  ] as [Partial<OrderToShip>, Partial<LoadedOrder>, string[]][])('%j of %j: %j', (wanted, state, expected) => {
    expect(refused(wanted, state)).toEqual(expected)
  })

  it('warns of a tracking number that stands at several packages, unless it was given for the whole call', () => {
    const number = (trackingNumber: string): Partial<OrderToShip> => ({ routing: { trackingNumber } })
    const warned = (wanted: OrderToShip[]): string[] => plan(call(wanted), ['a', 'b', 'c'].map((id) => order(id))).flatMap(({ warnings }) => warnings.filter(({ code }) => code === 'TRACKING_NUMBER_REPEATED').map(({ field, message }) => `${field!.join('.')}: ${message}`))
    expect(warned([ship('a'), ship('b'), ship('c')])).toEqual([])
    expect(warned([ship('a', number('1Z5R89390357567127')), ship('b'), ship('c', number('1z5r89390357567127'))])).toEqual([
      'orders.0.routing.trackingNumber: 1Z5R89390357567127 is the tracking number of order N-c as well',
      'orders.2.routing.trackingNumber: 1z5r89390357567127 is the tracking number of order N-a as well',
    ])
    expect(warned([ship('a', { packages: [{ trackingNumber: 'T1', lines: [{ orderLineId: 'a-1', quantity: 1 }] }, { trackingNumber: 'T1', lines: [{ orderLineId: 'a-1', quantity: 1 }] }] })])).toEqual([
      'orders.0.packages.0.trackingNumber: T1 is the tracking number of another package of order N-a as well',
      'orders.0.packages.1.trackingNumber: T1 is the tracking number of another package of order N-a as well',
    ])
  })

  it('refuses a day before the order was bought, where one is given', () => {
    const bought = { purchasedAt: new Date('2026-11-23T11:00:00Z') }
    expect(refused({}, bought, { shippedAt: new Date('2026-11-23T10:59:59Z') })).toEqual(['INVALID shippedAt'])
    expect(refused({}, bought, { shippedAt: new Date('2026-11-23T11:00:00Z') })).toEqual([])
  })

  it('of several packages each needs a tracking number of its own; one alone may leave it to the routing', () => {
    const one = { lines: [{ orderLineId: 'a-1', quantity: 1 }] }
    expect(refused({ packages: [one] })).toEqual([])
    expect(refused({ packages: [{ ...one, trackingNumber: 'T1' }, one] })).toEqual(['TRACKING_NUMBER_REQUIRED orders.0.packages.1.trackingNumber'])
    expect(refused({ packages: [{ ...one, trackingNumber: 'T1' }, { ...one, trackingNumber: 'T2' }] })).toEqual([])
  })

  it('without complete routing: refused, or closed without tracking; what is malformed is refused either way', () => {
    expect(refused({}, {}, { routing: { carrier: 'UPS' } })).toEqual(['SCAC_REQUIRED orders.0.routing.scac', 'SERVICE_REQUIRED orders.0.routing.service', 'TRACKING_NUMBER_REQUIRED orders.0.routing.trackingNumber'])
    const [bare] = plan(call([ship('a')], { routing: null, incompleteRouting: 'CLOSE_WITHOUT_TRACKING' }), [order('a')])
    expect(bare).toMatchObject({ closes: true, refusals: [], packages: [{ notSent: 'ROUTING_INCOMPLETE' }] })
    expect(refused({}, {}, { routing: { carrier: 'UPS', scac: 'FDEG' }, incompleteRouting: 'CLOSE_WITHOUT_TRACKING' })).toEqual(['SCAC_MISMATCH routing.scac'])
  })

  it('a disconnected connection keeps no goods from leaving: the marketplace is told of nothing, which is a warning', () => {
    const [only] = plan(call([ship('a')]), [order('a', { disconnected: true })])
    expect(only).toMatchObject({ closes: true, refusals: [], packages: [{ notSent: 'CONNECTION_DISCONNECTED' }] })
    expect(codes(only!.warnings)).toEqual(['CONNECTION_NOT_READY orders.0.orderId'])
  })

  it("fills the routing up from the order's own", () => {
    const stored = { ...noRouting, carrier: 'FEDEX', scac: 'FDEG', service: 'Ground', trackingNumber: '986578788855', loadNumber: 'L1' }
    const [only] = plan(call([ship('a', { routing: { service: '2Day' } })], { routing: null }), [order('a', { routing: stored })])
    expect(only).toMatchObject({ refusals: [], routing: { ...stored, service: '2Day' } })
  })

  it('counts the stock that orders before it take, and not that of refused ones', () => {
    const stock = new Map([['mug', 4], ['pack', 12]])
    const plans = plan(call(['a', 'b', 'c', 'd'].map((id) => ship(id))), [order('a'), order('b', { onHold: true }), order('c'), order('d')], stock)
    expect(plans.map((one) => codes(one.refusals))).toEqual([[], ['ORDER_ON_HOLD orders.1.orderId'], [], ['STOCK_SHORT orders.3.orderId']])
  })

  it('divides a charge over the orders that go through', () => {
    const charges = [{ code: 'FREIGHT', amount: { amount: '10.00', currencyCode: 'USD' } }]
    const orders = [order('a'), order('b', { status: 'CLOSED' }), order('c'), order('d', { currency: 'EUR' }), order('e', { currency: null })]
    const plans = plan(call(['a', 'b', 'c', 'd', 'e'].map((id) => ship(id)), { charges, applyCharges: 'DIVIDED_EVENLY' }), orders)
    expect(plans.map((one) => one.charges[0]?.amount.amount)).toEqual(['3.34', undefined, '3.33', undefined, '3.33'])
    expect(codes(plans[3]!.refusals)).toEqual(['CURRENCY_MISMATCH charges.0.amount.currencyCode'])
  })

  it('ABORT_ALL: one refusal, and nothing ships, closes or is charged', () => {
    const charges = [{ code: 'FREIGHT', amount: { amount: '10.00', currencyCode: 'USD' } }]
    const plans = plan(call(['a', 'b', 'zzz'].map((id) => ship(id)), { charges, onError: 'ABORT_ALL' }), [order('a'), order('b')])
    expect(plans.map(({ closes, packages, charges: borne, refusals }) => [closes, packages.length, borne.length, codes(refusals)])).toEqual([
      [false, 0, 0, []], [false, 0, 0, []], [false, 0, 0, ['NOT_FOUND orders.2.orderId']],
    ])
  })

  it('refuses a call that makes no sense as such', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => ship(String(index)))
    const whole = (changes: Partial<ShipAndCloseInput>): string[] => codes(refuseCall(call([ship('a')], changes), now))
    expect(whole({})).toEqual([])
    expect(whole({ orders: many(500) })).toEqual([])
    expect(whole({ orders: many(501) })).toEqual(['TOO_MANY orders'])
    expect(whole({ orders: [] })).toEqual(['REQUIRED orders'])
    expect(whole({ orders: [ship('a'), ship('b'), ship('a')] })).toEqual(['INVALID orders.2.orderId'])
    expect(whole({ idempotencyKey: ' ' })).toEqual(['REQUIRED idempotencyKey'])
    expect(whole({ idempotencyKey: 'x'.repeat(201) })).toEqual(['INVALID idempotencyKey'])
    expect(whole({ shippedAt: new Date(now.getTime() + 5 * 60_000) })).toEqual([])
    expect(whole({ shippedAt: new Date(now.getTime() + 5 * 60_000 + 1) })).toEqual(['INVALID shippedAt'])
    expect(whole({ charges: [{ code: 'X', amount: { amount: '0', currencyCode: 'USD' } }] })).toEqual(['AMOUNT_INVALID charges.0.amount.amount'])
  })
})
