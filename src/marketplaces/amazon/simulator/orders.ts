// searchOrders and getOrder of Orders 2026-01-01.
// https://developer-docs.amazon.com/sp-api/docs/orders-api; amzn/selling-partner-api-models, models/orders-api-model
import type {
  FulfillmentStatus,
  GetOrderResponse,
  SearchOrdersFulfilledByEnum,
  SearchOrdersResponse,
} from '@sp-api-sdk/orders-api-2026-01-01'
import { minutes } from '../../../kit/clock.ts'
import { accessDenied, type Answer, invalidInput, notFound } from './answer.ts'
import { type Call, listOf, meet } from './call.ts'
import { iso } from './clock.ts'
import type { StoredOrder } from './order.ts'
import { everything, type IncludedData, includedDataNames, viewOrder } from './order-view.ts'
import { digestOf, readPageToken, writePageToken } from './page-token.ts'
import { parseIso } from './parse.ts'

const SHOWN_AFTER = minutes(2)
export const orderNumberForm = /^\d{3}-\d{7}-\d{7}$/

export const statuses = [
  'PENDING_AVAILABILITY',
  'PENDING',
  'UNSHIPPED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
  'UNFULFILLABLE',
] as const satisfies readonly FulfillmentStatus[]
const fulfillers = ['MERCHANT', 'AMAZON'] as const satisfies readonly SearchOrdersFulfilledByEnum[]

interface Search {
  by: 'byUpdated' | 'byCreated'
  from: number
  before: number
  marketplaceIds: Set<string>
  statuses: Set<string> | null
  fulfilledBy: Set<string> | null
  size: number
}

export function searchOrders(call: Call): Answer {
  const { query, state, seller, now } = call
  const search = readSearch(call)
  if ('status' in search) return search
  const included = readIncluded(query)
  if (included === null) return invalidInput(`includedData must be of ${includedDataNames.join(', ')}.`)
  const asked = digestOf(query, seller.sellerId)
  const given = query.get('paginationToken')
  const expired = given !== null && meet(call, 'searchOrders', 'expired-page-token').length > 0
  const token = given === null || expired ? null : readPageToken(given, now)
  if (given !== null && token === null) return invalidInput('The paginationToken is invalid or has expired.')
  if (token !== null && token.asked !== asked)
    return invalidInput('All parameters must be those of the request that the paginationToken was given for.')
  const before = token?.before ?? search.before

  const time = (order: StoredOrder) => (search.by === 'byUpdated' ? order.updatedAt : order.createdAt)
  const page: StoredOrder[] = []
  let more = false
  const [fromTime, fromSequence] = token === null ? [search.from, 0] : [token.after[0], token.after[1] + 1]
  for (const order of state.ordersOf(seller.sellerId)[search.by].from(fromTime, fromSequence)) {
    if (time(order) > before) break
    if (!wanted(order, search, now)) continue
    more = page.length === search.size
    if (more) break
    page.push(order)
  }
  const omitted = omittedFrom(call, page)
  const last = page.at(-1)
  const repeated = call.fired.has('duplicate-page')
  const after: [number, number] = repeated || last === undefined ? [fromTime, fromSequence - 1] : [time(last), last.sequence]
  const nextToken = (more || repeated) && writePageToken({ asked, before, after, issuedAt: token?.issuedAt ?? now })
  const body: SearchOrdersResponse = {
    orders: page.filter(({ orderId }) => !omitted.has(orderId)).map((order) => viewOrder(order, included, seller.roles.has('personalData'))),
    ...(nextToken !== false && { pagination: { nextToken } }),
    ...(search.by === 'byUpdated' ? { lastUpdatedBefore: iso(before) } : { createdBefore: iso(before) }),
  }
  return { status: 200, body }
}

export function getOrder(call: Call): Answer {
  const { path, query } = call
  const orderId = path.orderId ?? ''
  if (!orderNumberForm.test(orderId)) return invalidInput(`${orderId} is not an order id of the form 3-7-7.`)
  const included = readIncluded(query)
  if (included === null) return invalidInput(`includedData must be of ${includedDataNames.join(', ')}.`)
  const order = orderOf(call, orderId)
  if (order === null) return notFound(`Order ${orderId} was not found.`)
  const body: GetOrderResponse = { order: viewOrder(order, included, call.seller.roles.has('personalData')) }
  return { status: 200, body }
}

/** Orders that a fault leaves out, although they are in the window. */
function omittedFrom(call: Call, page: readonly StoredOrder[]): Set<string> {
  const [first, ...others] = page
  if (first === undefined) return new Set()
  const faults = meet(
    call,
    'searchOrders',
    'omit',
    (fault) => fault.kind === 'omit' && (fault.orderId === undefined || page.some((order) => order.orderId === fault.orderId)),
  )
  return new Set(faults.map((fault) => fault.orderId ?? call.state.faults.random.pick([first, ...others]).orderId))
}

/** The caller's order of that number, as far as this base shows it; null where there is none. */
export function orderOf({ state, seller, marketplaceIds, now }: Call, orderId: string): StoredOrder | null {
  const order = state.orders.get(orderId)
  if (order === undefined || order.sellerId !== seller.sellerId || order.visibleAt > now) return null
  return marketplaceIds.includes(order.marketplaceId) ? order : null
}

function wanted(order: StoredOrder, search: Search, now: number): boolean {
  return (
    search.marketplaceIds.has(order.marketplaceId) &&
    (search.statuses === null || search.statuses.has(order.status)) &&
    (search.fulfilledBy === null || search.fulfilledBy.has(order.fulfilledBy)) &&
    order.visibleAt <= now
  )
}

function readIncluded(query: URLSearchParams): Set<IncludedData> | null {
  const names = listOf(query, 'includedData') ?? []
  const known = names.filter((name): name is IncludedData => (everything as ReadonlySet<string>).has(name))
  return known.length === names.length ? new Set(known) : null
}

function readSearch({ query, marketplaceIds: served, now }: Call): Search | Answer {
  const marketplaceIds = listOf(query, 'marketplaceIds') ?? []
  if (marketplaceIds.length === 0) return invalidInput('marketplaceIds is required.')
  if (marketplaceIds.length > 50) return invalidInput('marketplaceIds takes at most 50 values.')
  if (marketplaceIds.some((id) => !served.includes(id))) return accessDenied()
  const window = readWindow(query, now)
  if ('status' in window) return window
  const wantedStatuses = listOf(query, 'fulfillmentStatuses')
  if (wantedStatuses?.some((one) => !(statuses as readonly string[]).includes(one)))
    return invalidInput(`fulfillmentStatuses must be of ${statuses.join(', ')}.`)
  const fulfilledBy = listOf(query, 'fulfilledBy')
  if (fulfilledBy?.some((one) => !(fulfillers as readonly string[]).includes(one)))
    return invalidInput(`fulfilledBy must be of ${fulfillers.join(', ')}.`)
  const size = query.get('maxResultsPerPage') ?? '100'
  if (!/^\d{1,3}$/.test(size) || Number(size) < 1 || Number(size) > 100) return invalidInput('maxResultsPerPage must be between 1 and 100.')
  return {
    ...window,
    marketplaceIds: new Set(marketplaceIds),
    statuses: wantedStatuses === undefined ? null : new Set(wantedStatuses),
    fulfilledBy: fulfilledBy === undefined ? null : new Set(fulfilledBy),
    size: Number(size),
  }
}

function readWindow(query: URLSearchParams, now: number): Pick<Search, 'by' | 'from' | 'before'> | Answer {
  const created = query.get('createdAfter')
  const updated = query.get('lastUpdatedAfter')
  if ((created === null) === (updated === null)) return invalidInput('Exactly one of createdAfter and lastUpdatedAfter must be provided.')
  const [by, other] = created === null ? (['lastUpdated', 'created'] as const) : (['created', 'lastUpdated'] as const)
  if (query.has(`${other}Before`)) return invalidInput(`${other}Before must not be provided with ${by}After.`)
  const from = parseIso(created ?? updated ?? '')
  if (from === null) return invalidInput(`${by}After must be a date in ISO 8601 format.`)
  const latest = now - SHOWN_AFTER
  const given = query.get(`${by}Before`)
  const before = given === null ? latest : parseIso(given)
  if (before === null) return invalidInput(`${by}Before must be a date in ISO 8601 format.`)
  if (given !== null && before < from) return invalidInput(`${by}Before must be equal to or after ${by}After.`)
  // A later page repeats the first one's Before, which only grows older, so that it passes here too.
  if (before > latest) return invalidInput(`${by}Before must be at least two minutes before the time of the request.`)
  return { by: by === 'created' ? 'byCreated' : 'byUpdated', from, before }
}
