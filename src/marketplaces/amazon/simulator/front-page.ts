import type { State } from './state.ts'
import { iso } from './clock.ts'
import { faultKinds } from './faults.ts'
import { operations } from './quota.ts'
import { roles } from './seller.ts'

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export const page = (
  title: string,
  content: string,
  className = 'wide',
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${title}</title><style>
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --quiet: light-dark(#57606a, #9198a1) }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem 0; padding: 0 1rem; color: light-dark(#1b1f24, #e6edf3); background: light-dark(#fff, #161b22) }
td { padding: .2rem 1rem .2rem 0; vertical-align: top }
.wide { max-width: 70rem; margin: 0 auto } .consent { max-width: 36rem; margin: 10vh auto 0 } .consent button { font: inherit; width: 100%; text-align: left; padding: .8rem 1rem; margin: 0 0 .6rem; border: 1px solid var(--line); border-radius: .4rem;
  color: inherit; background: transparent; cursor: pointer } .consent button:hover, .consent button:focus-visible { border-color: #0969da; outline: 1px solid #0969da } .consent small { display: block; color: var(--quiet) }
.consent .cancel { width: auto; margin-top: .8rem }
</style></head><body><main class="${className}"><h1>${title}</h1>${content}</main></body></html>`

const amazon = [
  ['POST /auth/o2/token', 'Login with Amazon: refresh_token, authorization_code, client_credentials'],
  ['GET /apps/authorize/consent', "Seller Central's consent page, which hands out authorization codes"],
  ['GET /sellers/v1/marketplaceParticipations', 'getMarketplaceParticipations'],
  ['GET /orders/2026-01-01/orders', 'searchOrders'],
  ['GET /orders/2026-01-01/orders/{orderId}', 'getOrder'],
  ['POST /orders/v0/orders/{orderId}/shipmentConfirmation', 'confirmShipment'],
  ['GET /listings/2021-08-01/items/{sellerId}', 'searchListingsItems'],
  ['PATCH, GET /listings/2021-08-01/items/{sellerId}/{sku}', 'patchListingsItem, getListingsItem'],
  ['POST /feeds/2021-06-30/documents', 'createFeedDocument; then PUT to its url'],
  ['POST /feeds/2021-06-30/feeds', 'createFeed: JSON_LISTINGS_FEED'],
  ['GET /feeds/2021-06-30/feeds/{feedId}', 'getFeed'],
  ['GET /feeds/2021-06-30/documents/{feedDocumentId}', 'getFeedDocument; then GET its url'],
]
const control = [
  [
    'POST /_simulator/orders',
    '{sellerId, marketplaceId, status, items: [{sellerSku, quantity, unitPrice, title, giftOption}], count, ageSeconds, shipBy, address, fulfilledBy, shippingService, programs}',
  ],
  ['GET /_simulator/orders', '?sellerId=&status=&limit='],
  ['GET /_simulator/orders/{id}', 'the order, and the last 100 shipment confirmations received'],
  ['PATCH /_simulator/orders/{id}', '{status, address, cancelRequest, items: [{orderItemId or sellerSku, quantity, cancelled}]}'],
  ['GET, POST /_simulator/sellers', `{sellerId, name, marketplaces: [id], skus, quotas, roles: {${roles.join(', ')}}, buying}`],
  ['GET, PATCH /_simulator/sellers/{id}', '{name, roles, suspended, participations: {marketplaceId: {isParticipating, hasSuspendedListings}}, quotas, buying}'],
  ['GET, POST /_simulator/sellers/{id}/listings', '{sellerSku, marketplaceId, title, unitPrice, quantity, fulfilledBy}'],
  ['PATCH /_simulator/sellers/{id}/listings/{sku}', '{marketplaceId, quantity, fulfilledBy, title, unitPrice, refusal: {code, message} or null}'],
  ['POST /_simulator/sellers/{id}/authorization-code', 'a code as the consent page would give it: {redirectUri}'],
  ['GET, DELETE /_simulator/sellers/{id}/authorizations', 'refresh tokens; DELETE revokes all, or ?refreshToken='],
  ['GET, POST /_simulator/application', '{clientSecrets: ["new", {secret, expiresAt}], draft, redirectUris}'],
  ['GET, POST /_simulator/feeds', 'feeds; {queueSeconds, processingSeconds, gzip} for those that come'],
  ['GET /_simulator/feeds/{id}', 'the feed and its report'],
  [
    'GET, POST, DELETE /_simulator/faults',
    `{operation, kind, rate or times, afterCalls, sellerId, seed}; operations ${operations.join(', ')} or *; kinds ${faultKinds.join(', ')}, a list of them, or *`,
  ],
  ['DELETE /_simulator/faults/{id}', ''],
  ['GET, POST /_simulator/clock', '{advanceSeconds}'],
  ['GET, DELETE /_simulator/calls', '?operation=&sellerId=&since=; DELETE also begins the counts of /_simulator/quotas anew'],
  ['GET /_simulator/quotas', '?sellerId=; calls of each operation, and how many were over its quota'],
  ['GET, POST /_simulator/buying', '{everyMs} or {everyMs: null}'],
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
    `<p>${standing}</p><h2>What Amazon answers</h2><p>Under <code>/na</code>, <code>/eu</code> and <code>/fe</code> too, as that region's host.</p>${table(amazon)}<h2>What drives it</h2>${table(control)}<h2>Sellers</h2>${table(sellers)}`,
  )
}
