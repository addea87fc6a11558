// The control API: state, faults and time on demand. JSON; what is wrong with a request is said in words, {error}.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Buying } from './buying.ts'
import { parseIso } from './call.ts'
import { iso } from './clock.ts'
import { changeOrder, createOrders, listOrders, showOrder } from './control-orders.ts'
import { createSellerOf, showSeller } from './control-sellers.ts'
import type { Served } from './door.ts'
import { faultInput } from './faults.ts'
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
type Control = (state: State, request: FastifyRequest<{ Params: { id: string }; Body: string | undefined; Querystring: unknown }>) => object

export function serveControl(app: FastifyInstance, served: Served, buying: Buying, reset: () => void): void {
  const on = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, answer: Control) =>
    app.route<{ Params: { id: string }; Body: string | undefined; Querystring: unknown }>({
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
  on('POST', '/sellers/:id/authorization-code', (state, { params }) => {
    const seller = state.sellers.get(params.id)
    if (seller === undefined) throw new Unfit(404, `there is no seller ${params.id}`)
    return { code: state.login.issueCode(seller, state.clock.now()) }
  })

  on('GET', '/faults', (state) => ({ faults: state.faults.list() }))
  on('POST', '/faults', (state, { body }) => {
    const input = fitBody(faultInput, body)
    if (input.sellerId !== undefined && !state.sellers.has(input.sellerId))
      throw new Unfit(400, `sellerId: there is no seller ${input.sellerId}`)
    return { id: state.faults.add(input).id }
  })
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
