// The operations of Amazon that are simulated, by path.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accessDenied, type Answer, invalidInput, loginRefused, notFound } from './answer.ts'
import type { Call } from './call.ts'
import { type Served, serve } from './door.ts'
import { getListingsItem, patchListingsItem } from './listings.ts'
import { getOrder, searchOrders } from './orders.ts'
import type { SellerOperation } from './quota.ts'
import type { Seller } from './seller.ts'
import { confirmShipment } from './shipments.ts'
import type { State } from './state.ts'

interface Route {
  operation: SellerOperation
  method: 'GET' | 'POST' | 'PATCH'
  url: string
  /** The path parameter that tells what the call is about. */
  subject: string | null
  work: (call: Call) => Answer
}

const routes: Route[] = [
  { operation: 'searchOrders', method: 'GET', url: '/orders/2026-01-01/orders', subject: null, work: searchOrders },
  { operation: 'getOrder', method: 'GET', url: '/orders/2026-01-01/orders/:orderId', subject: 'orderId', work: getOrder },
  {
    operation: 'confirmShipment',
    method: 'POST',
    url: '/orders/v0/orders/:orderId/shipmentConfirmation',
    subject: 'orderId',
    work: confirmShipment,
  },
  {
    operation: 'patchListingsItem',
    method: 'PATCH',
    url: '/listings/2021-08-01/items/:sellerId/:sku',
    subject: 'sku',
    work: patchListingsItem,
  },
  { operation: 'getListingsItem', method: 'GET', url: '/listings/2021-08-01/items/:sellerId/:sku', subject: 'sku', work: getListingsItem },
]

export function serveOperations(app: FastifyInstance, served: Served): void {
  for (const { operation, method, url, subject, work } of routes) {
    app.route<{ Params: Record<string, string>; Body: string | undefined }>({
      method,
      url,
      // A HEAD beside each GET would be an operation that Amazon does not have.
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const { state } = served
        const { params, body = '' } = request
        const { seller, token, refusal } = callerOf(state, request)
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
  app.post<{ Body: string | undefined }>('/auth/o2/token', async (request, reply) => {
    const { state } = served
    const form = new URLSearchParams(request.body ?? '')
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
    const seller = isForm ? state.login.sellerOf(form, state.sellers.values()) : null
    await serve(served, reply, {
      operation: 'token',
      seller,
      subject: null,
      body: '',
      token: null,
      refusal: isForm ? null : loginRefused(400, 'invalid_request', 'The request must be application/x-www-form-urlencoded'),
      work: () => state.login.trade(form, basicOf(request.headers.authorization), seller, state.settle()),
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
function callerOf(state: State, request: FastifyRequest): { seller: Seller | null; token: string | null; refusal: Answer | null } {
  const header = request.headers['x-amz-access-token']
  const token = typeof header === 'string' ? header : null
  const grant = token === null ? undefined : state.login.grantOf(token)
  const seller = grant?.seller ?? null
  const refuse = (refusal: Answer) => ({ seller, token, refusal })
  if (grant === undefined || seller === null) return refuse(accessDenied())
  if (grant.expiresAt <= state.clock.now()) return refuse(accessDenied('The access token you provided has expired.'))
  const agent = request.headers['user-agent']
  if (agent === undefined || agent.trim() === '' || agent.length > 500)
    return refuse(invalidInput('The User-Agent header is required, of at most 500 characters.'))
  return { seller, token, refusal: null }
}
