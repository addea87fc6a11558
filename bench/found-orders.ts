import type { FoundOrder } from '../src/marketplaces/channel.ts'

const SKUS = 200

/** The nth paid order that a marketplace shows, of two or three lines. */
export function found(n: number): FoundOrder {
  const number = `${String(100 + (n % 900))}-${String(n).padStart(7, '0')}-0000001`
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1000)
  return {
    recorded: '',
    order: {
      number, status: 'UNSHIPPED', marketplaceStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT', purchasedAt: at, updatedAt: at, shipBy: at, deliverBy: at, shippingService: 'Standard',
      cancelRequested: false, cancelReason: null, currencyCode: 'USD', packages: [],
      shipTo: { name: `Buyer ${n}`, company: null, line1: `${n} Main Street`, line2: null, line3: null, city: 'Springfield', region: 'IL', postalCode: '62701', countryCode: 'US', phone: '555 0100' },
      lines: Array.from({ length: 2 + (n % 2) }, (_, line) => ({
        itemId: `${n}${line}`, sellerSku: `SKU-${(n * 3 + line * 7) % SKUS}`, title: 'A thing that is sold', quantity: 1 + line, quantityShipped: 0, quantityCancelled: 0, unitPrice: '12.50', gift: null,
      })),
    },
  }
}
