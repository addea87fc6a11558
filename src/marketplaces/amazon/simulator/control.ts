// The control API: state, faults and time on demand. JSON; what is wrong with a request is said in words, {error}.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Buying } from './buying.ts'
import { iso } from './clock.ts'
import { changeOrder, createOrders, listOrders, showOrder } from './control-orders.ts'
import { changeApplication, giveCode, listAuthorizations, revoke, showApplication } from './control-login.ts'
import { changeSeller, createSellerOf, listQuotas, sellerOf, showSeller } from './control-sellers.ts'
import type { Served } from './door.ts'
import { changeFeeds, listFeeds, showFeed } from './control-feeds.ts'
import { addFaults } from './control-faults.ts'
import { addListing, changeListing, listListings } from './control-listings.ts'
import { parseIso } from './parse.ts'
import { operations } from './quota.ts'
import type { State } from './state.ts'
import { fit, fitBody, Unfit } from './unfit.ts'

const TEN_YEARS = 315_360_000
const clockInput = z.strictObject({ advanceSeconds: z.number().min(0).max(TEN_YEARS) })
const buyingInput = z.strictObject({ everyMs: z.int().min(10).max(86_400_000).nullable() })
const callsQuery = z.strictObject({
  operation: z.enum([...operations, 'unknown']).optional(),
  sellerId: z.string().optional(),
  since: z
    .string()
    .transform(
      (text, context) => parseIso(text) ?? context.addIssue({ code: 'custom', message: 'must be an ISO 8601 date-time' }) ?? z.NEVER,
    )
    .optional(),
})

/** Answers of the control API by method and path; each sees the state with everything due settled. */
type Control = (state: State, request: FastifyRequest<{ Params: { id: string; sku: string }; Body: string | undefined; Querystring: unknown }>) => object

export function serveControl(app: FastifyInstance, served: Served, buying: Buying, reset: () => void): void {
  const on = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, answer: Control) =>
    app.route<{ Params: { id: string; sku: string }; Body: string | undefined; Querystring: unknown }>({
      method,
      url: `/_simulator${path}`,
      handler: async (request) => {
        served.state.settle()
        return answer(served.state, request)
      },
    })

  on('POST', '/orders', (state, { body }) => createOrders(state, body))
  on('GET', '/orders', (state, { query }) => listOrders(state, query))
  on('GET', '/orders/:id', (state, { params }) => showOrder(state, params.id))
  on('PATCH', '/orders/:id', (state, { params, body }) => changeOrder(state, params.id, body))

  on('GET', '/sellers', (state) => ({ sellers: [...state.sellers.values()].map((seller) => showSeller(state, seller)) }))
  on('POST', '/sellers', (state, { body }) => ({ seller: showSeller(state, createSellerOf(state, body)) }))
  on('GET', '/sellers/:id', (state, { params }) => ({ seller: showSeller(state, sellerOf(state, params.id)) }))
  on('PATCH', '/sellers/:id', (state, { params, body }) => ({ seller: showSeller(state, changeSeller(state, params.id, body)) }))
  on('GET', '/sellers/:id/listings', (state, { params }) => listListings(state, params.id))
  on('POST', '/sellers/:id/listings', (state, { params, body }) => addListing(state, params.id, body))
  on('PATCH', '/sellers/:id/listings/:sku', (state, { params, body }) => changeListing(state, params.id, params.sku, body))
  on('POST', '/sellers/:id/authorization-code', (state, { params, body }) => giveCode(state, params.id, body))
  on('GET', '/sellers/:id/authorizations', (state, { params }) => listAuthorizations(state, params.id))
  on('DELETE', '/sellers/:id/authorizations', (state, { params, query }) => revoke(state, params.id, query))
  on('GET', '/application', (state) => showApplication(state))
  on('POST', '/application', (state, { body }) => changeApplication(state, body))

  on('GET', '/faults', (state) => ({ faults: state.faults.list() }))
  on('POST', '/faults', (state, { body }) => addFaults(state, body))
  on('DELETE', '/faults', (state) => {
    state.faults.clear()
    return { faults: [] }
  })
  on('DELETE', '/faults/:id', (state, { params }) => {
    if (!state.faults.remove(params.id)) throw new Unfit(404, `there is no fault ${params.id}`)
    return { faults: state.faults.list() }
  })

  on('GET', '/clock', (state) => ({ now: iso(state.clock.now()) }))
  on('POST', '/clock', (state, { body }) => {
    state.clock.advance(fitBody(clockInput, body).advanceSeconds)
    return { now: iso(state.settle()) }
  })
  on('GET', '/calls', (state, { query }) => {
    const { operation, sellerId, since } = fit(callsQuery, query)
    const from = since === undefined ? '' : iso(since)
    const calls = state.calls.list(
      (call) => (operation ?? call.operation) === call.operation && (sellerId ?? call.sellerId) === call.sellerId && call.at >= from,
    )
    return { calls, counts: state.calls.counts }
  })
  on('DELETE', '/calls', (state) => {
    state.calls.clear()
    for (const seller of state.sellers.values()) seller.usage = {}
    return { calls: [], counts: {} }
  })
  on('GET', '/quotas', (state, { query }) => listQuotas(state, query))
  on('GET', '/feeds', (state, { query }) => listFeeds(state, query))
  on('GET', '/feeds/:id', (state, { params }) => showFeed(state, params.id))
  on('POST', '/feeds', (state, { body }) => changeFeeds(state, body))
  on('GET', '/buying', () => ({ everyMs: buying.everyMs }))
  on('POST', '/buying', (_state, { body }) => {
    buying.set(fitBody(buyingInput, body).everyMs)
    return { everyMs: buying.everyMs }
  })
  on('POST', '/reset', () => {
    reset()
    return { now: iso(served.state.clock.now()) }
  })
}
