import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shifted } from '../../src/kit/clock.ts'
import type { MarketplaceOrder } from '../../src/marketplaces/channel.ts'
import { openItems } from '../../src/orders/order.ts'
import type { LineRow, OrderRow, RecipientRow } from '../../src/orders/orders.store.ts'
import { type ExistingOrder, planUpdate } from '../../src/orders/plan-update.ts'
import { address, anyOrder, line, mappings, marketplaceOrder, noon, policy } from './marketplace-orders.ts'

const lineRow = (changes: Partial<LineRow> = {}): LineRow => ({
  id: 'line-1', orderId: 'order', lineNumber: 1, itemId: '1', sellerSku: 'MUG', warehouseSku: 'W-MUG', unitsPerItem: 1, title: null, quantity: 2, quantityShipped: 0, quantityCancelled: 0, unitPrice: null, currency: 'USD',
  inventoryItemId: 'item', ...changes,
})
const existing = (changes: Partial<OrderRow> = {}, lines: LineRow[] = [lineRow()], recipient: Partial<RecipientRow> = {}): ExistingOrder => ({
  order: {
    id: 'order', customerId: 'c', connectionId: 'n', warehouseId: 'w', marketplaceId: 'm', number: '111-0000001-0000001', status: 'OPEN', marketplaceStatus: 'UNSHIPPED', marketplaceUpdatedAt: noon, cancelRequested: false, onHold: false,
    purchasedAt: noon, importedAt: noon, updatedAt: noon, closedAt: null, shipBy: null, deliverBy: null, shippingService: null, currency: 'USD', total: null, units: 2, version: 1,
    carrier: null, scac: null, service: null, trackingNumber: null, billOfLading: null, loadNumber: null, trailerNumber: null, sealNumber: null, ...changes,
  },
  lines,
  recipient: { ...address, countryCode: 'US', orderId: 'order', gifts: null, redactedAt: null, ...recipient },
})
const later = (changes: Partial<MarketplaceOrder> = {}): MarketplaceOrder => marketplaceOrder({ updatedAt: shifted(noon, 1000), ...changes })
const update = (changes: Partial<MarketplaceOrder>, of = existing()) => planUpdate(of, later(changes), mappings, policy)!

test('a sight that is no newer changes nothing, whatever it says', () => {
  expect(planUpdate(existing(), marketplaceOrder({ status: 'CANCELLED' }), mappings, policy)).toBeNull()
})

test('a newer sight of the same says nothing new', () => {
  expect(update({})).toMatchObject({ ends: null, recipient: null, lineChanges: [], newLines: [], changes: [], newCancelRequest: false, hold: null, gifts: undefined })
})

test('address, quantity, a new line, a request to cancel and its withdrawal', () => {
  expect(update({ shipTo: { ...address, line1: '2 New Street' } })).toMatchObject({ recipient: { line1: '2 New Street' }, changes: ['the delivery address changed'] })
  expect(update({ lines: [line({ quantity: 5 })] })).toMatchObject({ lineChanges: [{ quantity: 5, opens: 3 }] })
  expect(update({ lines: [line(), line({ itemId: '2', sellerSku: 'PACK', quantity: 1 })] })).toMatchObject({ newLines: [{ itemId: '2', unitsPerItem: 6 }] })
  expect(update({ cancelRequested: true })).toMatchObject({ newCancelRequest: true, cancelRequested: true })
  expect(update({ cancelRequested: true }, existing({ cancelRequested: true }))).toMatchObject({ newCancelRequest: false, changes: [] })
  expect(update({}, existing({ cancelRequested: true }))).toMatchObject({ cancelRequested: false, changes: ['the buyer withdrew the request to cancel'] })
})

test('no personal data stands in what is told, and what was redacted stays so', () => {
  expect(JSON.stringify(update({ shipTo: { ...address, name: 'Bob', line1: '9 Secret Road' } }).changes)).not.toMatch(/Bob|Secret/)
  expect(update({ shipTo: { ...address, name: 'Bob' } }, existing({}, [lineRow()], { redactedAt: noon }))).toMatchObject({ recipient: null, changes: [] })
  expect(update({ shipTo: null })).toMatchObject({ recipient: null })
})

test('an address that changes after the close is told, and stored nowhere, while the parcel may still be here', () => {
  const moved = { shipTo: { ...address, line1: '9 Secret Road' } }
  const closed = existing({ status: 'CLOSED' })
  expect(update(moved, closed)).toMatchObject({ recipient: null, ends: null, changes: [expect.stringMatching(/address changed after it was closed/)] })
  expect(JSON.stringify(update(moved, closed))).not.toContain('Secret')
  expect(update({ ...moved, status: 'PARTIALLY_SHIPPED' }, closed).changes).toHaveLength(1)
  for (const unmoved of [update({}, closed), update({ ...moved, status: 'SHIPPED' }, closed), update(moved, existing({ status: 'CANCELLED' })), update(moved, existing({ status: 'CLOSED' }, [lineRow()], { redactedAt: noon }))]) {
    expect(unmoved.changes).toEqual([])
  }
})

test('cancelled: ends, as closed where a part of it has shipped, and all that was open is given back', () => {
  expect(update({ status: 'CANCELLED' })).toMatchObject({ ends: 'CANCELLED', lineChanges: [{ quantityCancelled: 2, opens: -2 }] })
  expect(update({ status: 'CANCELLED' }, existing({}, [lineRow({ quantityShipped: 1 })]))).toMatchObject({ ends: 'CLOSED', lineChanges: [{ quantityCancelled: 1, opens: -1 }] })
  expect(update({ lines: [] })).toMatchObject({ ends: 'CANCELLED', lineChanges: [{ opens: -2 }] })
  expect(update({ lines: [line({ itemId: '2', quantityCancelled: 2 })] })).toMatchObject({ ends: 'CANCELLED' })
})

test('shipped by someone else: held, not shipped twice', () => {
  expect(update({ lines: [line({ quantityShipped: 2 })] })).toMatchObject({ hold: expect.stringContaining('outside of the warehouse'), ends: null })
  expect(update({ lines: [line({ quantityShipped: 1 })] }, existing({}, [lineRow({ quantityShipped: 1 })]))).toMatchObject({ hold: null })
})

test('a quantity of none is a cancellation: a line never counts less than what it was, or what has left', () => {
  expect(update({ lines: [line({ quantity: 0 })] })).toMatchObject({ ends: 'CANCELLED', lineChanges: [{ quantity: 2, quantityCancelled: 2, opens: -2 }] })
  expect(update({ lines: [line({ quantity: 0 })] }, existing({}, [lineRow({ quantityShipped: 1 })]))).toMatchObject({ ends: 'CLOSED', lineChanges: [{ quantity: 1, quantityCancelled: 0, opens: -1 }] })
})

test('an item is added that a new order would fail for: held, and told, whatever becomes of it', () => {
  expect(update({ lines: [line(), line({ itemId: '2', sellerSku: 'GHOST' })] })).toMatchObject({ newLines: [{ sellerSku: 'GHOST' }], hold: expect.stringContaining('GHOST') })
  expect(planUpdate(existing(), later({ lines: [line(), line({ itemId: '2', sellerSku: 'GHOST' })] }), mappings, { unknownSku: 'ACCEPT' })).toMatchObject({ newLines: [{ sellerSku: 'GHOST' }], hold: null })
  expect(update({ lines: [line(), line({ itemId: '2', sellerSku: ' ' })] })).toMatchObject({ newLines: [], hold: expect.stringContaining('no seller SKU'), changes: [expect.stringContaining('item 2')] })
  expect(update({ lines: [line(), line({ itemId: '2', sellerSku: 'PACK' }), line({ itemId: '2', sellerSku: 'PACK' })] })).toMatchObject({ newLines: [{ unitsPerItem: 6 }], hold: null })
})

test('a gift that changed is stored, and nothing of it is told; what is kept from us, or was redacted, stays', () => {
  const gift = { wrapping: 'Red', message: 'From Ann' }
  const given = (gifts: RecipientRow['gifts'], recipient: Partial<RecipientRow> = {}) => existing({}, [lineRow()], { gifts, ...recipient })
  const wanted = (after: typeof gift | null, of: ExistingOrder, changes: Partial<MarketplaceOrder> = {}) => update({ lines: [line({ gift: after })], ...changes }, of).gifts
  expect(wanted(gift, given(null))).toEqual({ 1: gift })
  expect(wanted(gift, given({ 1: gift }))).toBeUndefined()
  expect(wanted({ ...gift, message: 'From Bob' }, given({ 1: gift }))).toEqual({ 1: { wrapping: 'Red', message: 'From Bob' } })
  expect(wanted(null, given({ 1: gift }))).toBeNull()
  expect(wanted(gift, given(null, { redactedAt: noon }))).toBeUndefined()
  expect(wanted(null, given({ 1: gift }), { shipTo: null })).toBeUndefined()
  expect(update({ lines: [line({ gift })] }, given(null)).changes).toEqual(['what is a gift changed'])
})

test('one that has ended never changes: only what contradicts it is told', () => {
  fc.assert(fc.property(anyOrder, fc.constantFrom('CLOSED' as const, 'CANCELLED' as const), (seen, status) => {
    const plan = planUpdate(existing({ status }), seen, mappings, policy)
    if (plan !== null) expect(plan).toMatchObject({ ends: null, recipient: null, lineChanges: [], newLines: [] })
  }))
  expect(update({ status: 'CANCELLED', marketplaceStatus: 'CANCELLED' }, existing({ status: 'CLOSED' })).changes).toHaveLength(1)
  expect(update({ status: 'CANCELLED', marketplaceStatus: 'CANCELLED' }, existing({ status: 'CANCELLED' })).changes).toEqual([])
})

test('whatever comes: open never falls below 0, what has left the building stays, and the order ends exactly where nothing is open', () => {
  const shipped = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
  fc.assert(fc.property(anyOrder, shipped, (seen, [one, two]) => {
    const lines = [lineRow({ quantityShipped: one }), lineRow({ id: 'line-2', itemId: '2', lineNumber: 2, quantity: 3, quantityShipped: two })]
    const plan = planUpdate(existing({}, lines), seen, mappings, policy)
    if (plan === null) return
    const after = lines.map((row) => {
      const change = plan.lineChanges.find((each) => each.line === row)
      const now = { ...row, ...(change === undefined ? {} : { quantity: change.quantity, quantityCancelled: change.quantityCancelled }) }
      expect(openItems(now)).toBeGreaterThanOrEqual(0)
      expect(now.quantity).toBeGreaterThan(0)
      expect(openItems(now) - openItems(row)).toBe(change?.opens ?? 0)
      return now
    })
    const open = [...after, ...plan.newLines].reduce((sum, each) => sum + openItems(each), 0)
    expect(plan.ends !== null).toBe(open === 0)
    if (plan.ends === 'CANCELLED') expect([...after, ...plan.newLines].every((each) => each.quantityShipped === 0)).toBe(true)
  }))
})
