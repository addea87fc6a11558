import type { State } from './state.ts'
import { iso } from './clock.ts'
import { faultKinds } from './faults.ts'
import { operations } from './quota.ts'

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export const page = (
  title: string,
  content: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem } td { padding: .2rem 1rem .2rem 0; vertical-align: top }
</style></head><body><h1>${title}</h1>${content}</body></html>`

const amazon = [
  ['POST /auth/o2/token', 'Login with Amazon: refresh_token, authorization_code, client_credentials'],
  ['GET /apps/authorize/consent', "Seller Central's consent page, which hands out authorization codes"],
  ['GET /orders/2026-01-01/orders', 'searchOrders'],
  ['GET /orders/2026-01-01/orders/{orderId}', 'getOrder'],
  ['POST /orders/v0/orders/{orderId}/shipmentConfirmation', 'confirmShipment'],
  ['PATCH, GET /listings/2021-08-01/items/{sellerId}/{sku}', 'patchListingsItem, getListingsItem'],
]
const control = [
  [
    'POST /_simulator/orders',
    '{sellerId, marketplaceId, status, items: [{sellerSku, quantity, unitPrice}], count, ageSeconds, shipBy, address, fulfilledBy, shippingService}',
  ],
  ['GET /_simulator/orders', '?sellerId=&status=&limit='],
  ['GET /_simulator/orders/{id}', 'the order, and every shipment confirmation received'],
  ['PATCH /_simulator/orders/{id}', '{status, address, cancelRequest, items: [{orderItemId or sellerSku, quantity, cancelled}]}'],
  ['GET, POST /_simulator/sellers', '{sellerId, name, marketplaces: [id], skus, quotas, buying}'],
  ['POST /_simulator/sellers/{id}/authorization-code', 'a code as the consent page would give it'],
  [
    'GET, POST, DELETE /_simulator/faults',
    `{operation, kind, rate or times, afterCalls, sellerId}; operations ${operations.join(', ')} or *; kinds ${faultKinds.join(', ')}`,
  ],
  ['DELETE /_simulator/faults/{id}', ''],
  ['GET, POST /_simulator/clock', '{advanceSeconds}'],
  ['GET /_simulator/calls', '?operation=&sellerId=&since='],
  ['POST /_simulator/buying', '{everyMs} or {everyMs: null}'],
  ['POST /_simulator/reset', 'begins anew'],
]

const table = (rows: string[][]): string =>
  `<table>${rows.map(([route = '', words = '']) => `<tr><td><code>${escapeHtml(route)}</code></td><td>${escapeHtml(words)}</td></tr>`).join('')}</table>`

/** What is here, for a person. */
export function frontPage(state: State, buying: { readonly everyMs: number | null }): string {
  const sellers = [...state.sellers.values()].map((seller) => [seller.sellerId, `${seller.name}: ${seller.marketplaceIds.join(', ')}`])
  const standing = `${state.orders.size} orders, ${state.sellers.size} sellers; its clock says ${iso(state.clock.now())}; ${buying.everyMs === null ? 'nobody is buying' : `somebody buys every ${buying.everyMs} ms`}.`
  return page(
    'An offline Amazon',
    `<p>${standing}</p><h2>What Amazon answers</h2>${table(amazon)}<h2>What drives it</h2>${table(control)}<h2>Sellers</h2>${table(sellers)}`,
  )
}
