import fc from 'fast-check'
import type { MarketplaceAddress, MarketplaceOrder, MarketplaceOrderLine, MarketplaceStatus } from '../../src/marketplaces/channel.ts'
import type { ImportPolicy, Mappings } from '../../src/orders/plan-import.ts'

export const noon = new Date('2026-11-20T12:00:00Z')
export const address: MarketplaceAddress = {
  name: 'Ann', company: null, line1: '1 Main Street', line2: null, line3: null, city: 'Reno', region: 'NV', postalCode: '89501', countryCode: 'US', phone: null,
}
export const line = (changes: Partial<MarketplaceOrderLine> = {}): MarketplaceOrderLine => ({
  itemId: '1', sellerSku: 'MUG', title: 'A mug', quantity: 2, quantityShipped: 0, quantityCancelled: 0, unitPrice: '12.50', gift: null, ...changes,
})
export const marketplaceOrder = (changes: Partial<MarketplaceOrder> = {}): MarketplaceOrder => ({
  number: '111-0000001-0000001', status: 'UNSHIPPED', marketplaceStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT', purchasedAt: noon, updatedAt: noon, shipBy: null, deliverBy: null, shippingService: 'STANDARD',
  cancelRequested: false, cancelReason: null, shipTo: address, currencyCode: 'USD', lines: [line()], packages: [], ...changes,
})
export const found = (order: MarketplaceOrder) => ({ order, recorded: '{}' })

export const policy: ImportPolicy = { importFrom: new Date('2026-11-01T00:00:00Z'), unknownSku: 'FAIL', unknownShippingService: 'ACCEPT' }
export const mappings: Mappings = {
  skus: new Map([['MUG', { warehouseSku: 'W-MUG', unitsPerItem: 1 }], ['PACK', { warehouseSku: 'W-MUG', unitsPerItem: 6 }]]),
  shippingServices: new Map([['EXPEDITED', { carrier: 'UPS', scac: 'UPSN', service: '2nd Day Air' }]]),
}

export const anyStatus = fc.constantFrom<MarketplaceStatus>('PENDING', 'UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED', 'UNFULFILLABLE')
export const anyLine = fc.record({
  itemId: fc.constantFrom('1', '2', '3'), sellerSku: fc.constantFrom('MUG', 'PACK', 'GHOST', '', null), quantity: fc.integer({ min: 0, max: 9 }), quantityShipped: fc.integer({ min: 0, max: 12 }), quantityCancelled: fc.integer({ min: 0, max: 12 }),
  gift: fc.constantFrom(null, { wrapping: 'Red', message: null }, { wrapping: null, message: 'Yours' }),
}).map(line)
export const anyOrder = fc.record({
  status: anyStatus, fulfilledBy: fc.constantFrom<MarketplaceOrder['fulfilledBy']>('MERCHANT', 'MARKETPLACE'), lines: fc.uniqueArray(anyLine, { maxLength: 3, selector: (one) => one.itemId }),
  cancelRequested: fc.boolean(), currencyCode: fc.constantFrom('USD', 'JPY', 'XXQ', null), shipTo: fc.constantFrom(address, { ...address, line1: null }, { ...address, countryCode: null }, null),
  shippingService: fc.constantFrom('STANDARD', 'EXPEDITED', null), purchasedAt: fc.constantFrom(noon, new Date('2026-10-01T00:00:00Z')), updatedAt: fc.constantFrom(noon, new Date('2026-11-21T00:00:00Z')),
}).map(marketplaceOrder)
