import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MarketplaceOrder } from '../../src/marketplaces/channel.ts'
import { automaticCharges, type AutomaticRule } from '../../src/orders/automatic-charges.ts'
import { openItems, orderActions, orderStatuses, supportedActions, transitions } from '../../src/orders/order.ts'
import { planNewOrder } from '../../src/orders/plan-import.ts'
import { address, anyOrder, found, line, mappings, marketplaceOrder, policy } from './marketplace-orders.ts'

const plan = (changes: Partial<MarketplaceOrder>, by = policy) => planNewOrder(found(marketplaceOrder(changes)), by, mappings)

test.each<[name: string, changes: Partial<MarketplaceOrder>, reason: string]>([
  ['not paid', { status: 'PENDING' }, 'PAYMENT_PENDING'], ['of the marketplace to ship', { fulfilledBy: 'MARKETPLACE' }, 'FULFILLED_BY_MARKETPLACE'], ['shipped', { status: 'SHIPPED' }, 'ALREADY_SHIPPED'],
  ['cancelled', { status: 'CANCELLED' }, 'CANCELLED'], ['unfulfillable', { status: 'UNFULFILLABLE' }, 'UNFULFILLABLE'], ['bought before the import begins', { purchasedAt: new Date('2026-10-31T23:59:59Z') }, 'BEFORE_IMPORT_FROM'],
  ['wholly shipped by its lines', { lines: [line({ quantityShipped: 2 })] }, 'ALREADY_SHIPPED'], ['wholly cancelled by its lines', { lines: [line({ quantityCancelled: 2 })] }, 'CANCELLED'],
  ["the marketplace's to ship, and not paid", { fulfilledBy: 'MARKETPLACE', status: 'PENDING' }, 'FULFILLED_BY_MARKETPLACE'],
])('skipped: %s', (_name, changes, reason) => expect(plan(changes)).toEqual({ outcome: 'skip', reason }))

test.each<[name: string, changes: Partial<MarketplaceOrder>, code: string]>([
  ['an unknown SKU', { lines: [line({ sellerSku: 'GHOST' })] }, 'SKU_UNMAPPED'], ['no SKU', { lines: [line({ sellerSku: ' ' })] }, 'ITEM_WITHOUT_SKU'], ['no lines', { lines: [] }, 'MARKETPLACE_DATA_INVALID'],
  ['no address', { shipTo: null }, 'ADDRESS_MISSING'], ['an address without a street', { shipTo: { ...address, line1: ' ' } }, 'ADDRESS_MISSING'], ['an address without a country', { shipTo: { ...address, countryCode: null } }, 'ADDRESS_INVALID'],
  ['no such currency', { currencyCode: 'XXQ' }, 'CURRENCY_UNKNOWN'],
])('fails: %s', (_name, changes, code) => expect(plan(changes)).toMatchObject({ outcome: 'fail', code }))

test('what no mapping knows fails or comes as it is, as the connection is set', () => {
  expect(plan({ lines: [line({ sellerSku: 'GHOST' })] }, { ...policy, unknownSku: 'ACCEPT' })).toMatchObject({ outcome: 'create', lines: [{ warehouseSku: 'GHOST', unitsPerItem: 1 }] })
  expect(plan({}, { ...policy, unknownShippingService: 'FAIL' })).toMatchObject({ outcome: 'fail', code: 'SHIPPING_SERVICE_UNMAPPED' })
  expect(plan({ shippingService: 'EXPEDITED' })).toMatchObject({ outcome: 'create', routing: { carrier: 'UPS', scac: 'UPSN' } })
  expect(plan({ lines: [line({ sellerSku: 'PACK' })] })).toMatchObject({ lines: [{ warehouseSku: 'W-MUG', unitsPerItem: 6 }] })
})

test('gifts are kept by the line that they are, apart from the lines', () => {
  const gift = { wrapping: null, message: 'From Ann' }
  const planned = plan({ lines: [line(), line({ itemId: '2', gift })] })
  expect(planned).toMatchObject({ outcome: 'create', gifts: { 2: gift } })
  expect(planned.outcome === 'create' && planned.lines.some((one) => 'gift' in one)).toBe(false)
  expect(plan({})).toMatchObject({ gifts: null })
})

test('whatever comes: only paid orders of the merchant are created, and each with something open and nothing below 0', () => {
  fc.assert(fc.property(anyOrder, (order) => {
    const result = planNewOrder(found(order), policy, mappings)
    if (result.outcome !== 'create') return
    expect(['UNSHIPPED', 'PARTIALLY_SHIPPED']).toContain(order.status)
    expect(order.fulfilledBy).toBe('MERCHANT')
    expect(order.purchasedAt >= policy.importFrom).toBe(true)
    for (const one of result.lines) {
      expect(openItems(one)).toBeGreaterThanOrEqual(0)
      expect([one.quantity > 0, one.quantityShipped >= 0, one.quantityCancelled >= 0]).toEqual([true, true, true])
    }
    expect(result.lines.some((one) => openItems(one) > 0)).toBe(true)
  }))
})

test('automatic charges: once, per open line, per open item; other currencies do not apply', () => {
  const rule = (basis: AutomaticRule['basis'], amount: string, currency = 'USD'): AutomaticRule => ({ id: basis, code: basis, description: null, amount, currency, basis })
  const rules = [rule('ORDER', '2.50'), rule('LINE', '0.10'), rule('UNIT', '0.35'), rule('ORDER', '100', 'JPY')]
  const amounts = (lines: { open: number }[], currency: string | null = 'USD') => automaticCharges({ currency, lines }, rules).map(({ code, amount, currency: of }) => `${code} ${amount} ${of}`)
  expect(amounts([{ open: 2 }, { open: 1 }, { open: 0 }])).toEqual(['ORDER 2.50 USD', 'LINE 0.20 USD', 'UNIT 1.05 USD'])
  expect(amounts([{ open: 1 }], 'JPY')).toEqual(['ORDER 100 JPY'])
  expect(amounts([{ open: 0 }])).toEqual(['ORDER 2.50 USD'])
  fc.assert(fc.property(fc.array(fc.record({ open: fc.integer({ min: 0, max: 1000 }) })), fc.integer({ min: 1, max: 99_999 }), (lines, cents) => {
    const units = lines.reduce((sum, one) => sum + one.open, 0)
    const [charge] = automaticCharges({ currency: 'USD', lines }, [rule('UNIT', (cents / 100).toFixed(2))])
    expect(charge === undefined ? 0 : Math.round(Number(charge.amount) * 100)).toBe(cents * units)
  }))
})

test('an order that has ended never changes, and each action says why not where, and only where, it may not', () => {
  expect([transitions.CLOSED, transitions.CANCELLED]).toEqual([[], []])
  for (const status of orderStatuses) {
    for (const [onHold, cancelRequested] of [[false, false], [true, false], [false, true], [true, true]] as const) {
      const actions = supportedActions({ status, onHold, cancelRequested }, 'OPERATOR')
      expect(actions.map((one) => one.action)).toEqual(orderActions)
      for (const one of actions) expect(one.allowed).toBe(one.reason === null)
      if (status !== 'OPEN') expect(actions.some((one) => one.allowed)).toBe(false)
    }
  }
})
