// The operations of Amazon that are simulated, by path.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accessDenied, type Answer, invalidInput, loginRefused, notFound } from './answer.ts'
import type { Call } from './call.ts'
import { type Served, serve } from './door.ts'
import { createFeed, createFeedDocument, getFeed, getFeedDocument } from './feeds.ts'
import { isGood } from './lwa.ts'
import { getListingsItem, patchListingsItem, searchListingsItems } from './listings.ts'
import { marketplaceOf, type Region, regions } from './marketplaces.ts'
import { getOrder, searchOrders } from './orders.ts'
import { getMarketplaceParticipations } from './participations.ts'
import type { SellerOperation } from './quota.ts'
import type { Role, Seller } from './seller.ts'
import { confirmShipment } from './shipments.ts'
import type { State } from './state.ts'

interface Route {
  operation: SellerOperation
  method: 'GET' | 'POST' | 'PATCH'
  url: string
  /** The path parameter that tells what the call is about. */
  subject: string | null
  /** Without it the call is denied. */
  role: Role
  work: (call: Call) => Answer
}

const orders = '/orders/2026-01-01/orders'
const items = '/listings/2021-08-01/items/:sellerId'
const feeds = '/feeds/2021-06-30'

const routes: Route[] = [
  { operation: 'searchOrders', method: 'GET', url: orders, subject: null, role: 'orders', work: searchOrders },
  { operation: 'getOrder', method: 'GET', url: `${orders}/:orderId`, subject: 'orderId', role: 'orders', work: getOrder },
  {
    operation: 'confirmShipment',
    method: 'POST',
    url: '/orders/v0/orders/:orderId/shipmentConfirmation',
    subject: 'orderId',
    role: 'orders',
    work: confirmShipment,
  },
  { operation: 'patchListingsItem', method: 'PATCH', url: `${items}/:sku`, subject: 'sku', role: 'listings', work: patchListingsItem },
  { operation: 'getListingsItem', method: 'GET', url: `${items}/:sku`, subject: 'sku', role: 'listings', work: getListingsItem },
  { operation: 'searchListingsItems', method: 'GET', url: items, subject: null, role: 'listings', work: searchListingsItems },
  { operation: 'createFeedDocument', method: 'POST', url: `${feeds}/documents`, subject: null, role: 'listings', work: createFeedDocument },
  { operation: 'createFeed', method: 'POST', url: `${feeds}/feeds`, subject: null, role: 'listings', work: createFeed },
  { operation: 'getFeed', method: 'GET', url: `${feeds}/feeds/:feedId`, subject: 'feedId', role: 'listings', work: getFeed },
  {
    operation: 'getFeedDocument',
    method: 'GET',
    url: `${feeds}/documents/:feedDocumentId`,
    subject: 'feedDocumentId',
    role: 'listings',
    work: getFeedDocument,
  },
  {
    operation: 'getMarketplaceParticipations',
    method: 'GET',
    url: '/sellers/v1/marketplaceParticipations',
    subject: null,
    role: 'insights',
    work: getMarketplaceParticipations,
  },
]

/** The bases that everything is served under: all of Amazon at once, and each region's host. */
const bases: readonly (Region | null)[] = [null, ...regions]

export function serveOperations(app: FastifyInstance, served: Served): void {
  for (const region of bases) for (const route of routes) serveRoute(app, served, region, route)
  serveToken(app, served)
}

function serveRoute(app: FastifyInstance, served: Served, region: Region | null, { operation, method, url, subject, role, work }: Route): void {
  app.route<{ Params: Record<string, string>; Body: string | undefined }>({
    method,
    url: region === null ? url : `/${region}${url}`,
    // A HEAD beside each GET would be an operation that Amazon does not have.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { state } = served
      const { params, body = '' } = request
      const { seller, token, refusal } = callerOf(state, request, region, role)
      await serve(served, reply, {
        operation,
        seller,
        subject: subject === null ? null : (params[subject] ?? null),
        body,
        refusal,
        token,
        work: (fired) =>
          seller === null
            ? accessDenied()
            : work({
                state,
                seller,
                marketplaceIds: servedBy(region, seller),
                origin: `${request.protocol}://${request.host}`,
                now: state.settle(),
                path: params,
                query: new URL(request.url, 'http://simulator').searchParams,
                body,
                fired,
              }),
      })
      return reply
    },
  })
}

const servedBy = (region: Region | null, { marketplaceIds }: Seller): string[] =>
  marketplaceIds.filter((id) => region === null || marketplaceOf(id).region === region)

function serveToken(app: FastifyInstance, served: Served): void {
  app.post<{ Body: string | undefined }>('/auth/o2/token', async (request, reply) => {
    const { state } = served
    const form = new URLSearchParams(request.body ?? '')
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
    const seller = isForm ? state.login.sellerOf(form) : null
    await serve(served, reply, {
      operation: 'token',
      seller,
      subject: null,
      body: '',
      token: null,
      refusal: isForm ? null : loginRefused(400, 'invalid_request', 'The request must be application/x-www-form-urlencoded'),
      work: () => state.login.trade(form, basicOf(request.headers.authorization), state.settle()),
    })
    return reply
  })
}

/** A path of Amazon's that is not simulated. */
export async function serveUnknown(served: Served, reply: FastifyReply): Promise<FastifyReply> {
  const answer = notFound('The simulator has no such operation.')
  await serve(served, reply, {
    operation: 'unknown',
    seller: null,
    subject: null,
    body: '',
    token: null,
    refusal: answer,
    work: () => answer,
  })
  return reply
}

function basicOf(authorization: string | undefined): { id: string; secret: string } | null {
  if (authorization?.startsWith('Basic ') !== true) return null
  const [id = '', secret = ''] = Buffer.from(authorization.slice(6), 'base64').toString().split(':')
  return { id, secret }
}

/** Whose token the call bears, and why it is refused if it is. */
function callerOf(
  state: State,
  request: FastifyRequest,
  region: Region | null,
  role: Role,
): { seller: Seller | null; token: string | null; refusal: Answer | null } {
  const header = request.headers['x-amz-access-token']
  const token = typeof header === 'string' ? header : null
  const grant = token === null ? undefined : state.login.grantOf(token)
  const authorization = grant?.authorization ?? null
  const seller = authorization?.seller ?? null
  const now = state.clock.now()
  const refuse = (refusal: Answer) => ({ seller, token, refusal })
  if (grant === undefined || authorization === null || seller === null || !isGood(authorization, now)) return refuse(accessDenied())
  if (grant.expiresAt <= now) return refuse(accessDenied('The access token you provided has expired.'))
  const agent = request.headers['user-agent']
  if (agent === undefined || agent.trim() === '' || agent.length > 500)
    return refuse(invalidInput('The User-Agent header is required, of at most 500 characters.'))
  // A missing role and a foreign region look alike, as they do at Amazon.
  if (!seller.roles.has(role) || servedBy(region, seller).length === 0) return refuse(accessDenied())
  return { seller, token, refusal: null }
}
