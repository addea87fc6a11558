import type { GetOrderIncludedDataEnum } from '@sp-api-sdk/orders-api-2026-01-01'
import { z } from 'zod'
import type { Clock } from '../../kit/clock.ts'
import { minutes, shifted } from '../../kit/clock.ts'
import { type CallTurn, type ChannelAccount, ChannelError, type FoundOrder, type Marketplace, type OrderPage } from '../channel.ts'
import { pageAnswer, problemOf } from './order-answer.ts'
import { readOrder } from './read-order.ts'
import { advised, orderAdvice } from './rejections.ts'
import type { SpApiClient } from './sp-api/client.ts'

/** Status, quantities, windows and gifts; the address; cancel requests; what has been shipped. Items and prices are always there. */
const includedData: GetOrderIncludedDataEnum[] = ['FULFILLMENT', 'RECIPIENT', 'CANCELLATION', 'PACKAGES']

/** Amazon's largest page. */
const pageSize = 100
/** Amazon shows no change younger than this. */
const lateness = minutes(2)
/** A page may come twice; one that keeps coming leads round in a circle. */
const mostRepeats = 3

export interface OrderSearch {
  account: ChannelAccount
  marketplace: Marketplace
  updatedFrom: Date
  /** A page's `next`. */
  goOn: string | null
  signal: AbortSignal
}

/** What a page's `next` says: Amazon wants all that was asked at first again beside its token. */
const place = z.object({ token: z.string().min(1), updatedFrom: z.iso.datetime(), windowTo: z.iso.datetime() })
type Place = z.infer<typeof place>

/**
 * Every order of the marketplace updated since `updatedFrom`, whatever its status and whoever ships it. Amazon itself closes the
 * window (two minutes before its own now, which it tells as lastUpdatedBefore), so that our clock may be wrong.
 */
export async function* searchOrders(client: SpApiClient, clock: Clock, search: OrderSearch): AsyncGenerator<OrderPage> {
  const { account, marketplace, signal } = search
  const from = placeOf(search.goOn)
  // All parameters but the page token stay the same from page to page: Amazon refuses a token under others.
  const lastUpdatedAfter = from?.updatedFrom ?? search.updatedFrom.toISOString()
  const request = { lastUpdatedAfter, marketplaceIds: [marketplace.id], maxResultsPerPage: pageSize, includedData }
  let paginationToken = from?.token
  let windowTo = from === null ? null : new Date(from.windowTo)
  let begunAgain = false
  const tokens = new Map<string, number>()
  for (;;) {
    const askedAt = clock()
    const token = paginationToken
    let body: unknown
    try {
      const answer = await client.call({
        operation: 'searchOrders',
        account,
        region: marketplace.region,
        signal,
        send: (apis, options) => apis.orders.searchOrders(token === undefined ? request : { ...request, paginationToken: token }, options),
      })
      body = answer.body
    } catch (error) {
      // A page token lives for a day. Pages read twice do no harm, orders not read would.
      if (token === undefined || begunAgain || !(error instanceof ChannelError) || error.httpStatus !== 400) throw advised(error, orderAdvice)
      begunAgain = true
      paginationToken = undefined
      windowTo = null
      tokens.clear()
      continue
    }
    const page = pageAnswer.safeParse(body)
    if (!page.success) throw new ChannelError('invalid-answer', `searchOrders: ${problemOf(page.error)}`)
    windowTo ??= page.data.lastUpdatedBefore == null ? shifted(askedAt, -lateness) : new Date(page.data.lastUpdatedBefore)
    const next = page.data.pagination?.nextToken ?? ''
    const goOn: Place = { token: next, updatedFrom: lastUpdatedAfter, windowTo: windowTo.toISOString() }
    yield { orders: eachOnce(page.data.orders.map((order) => readOrder(order, marketplace.id))), windowTo, next: next === '' ? null : JSON.stringify(goOn) }
    if (next === '') return
    const times = (tokens.get(next) ?? 0) + 1
    if (times > mostRepeats) throw new ChannelError('invalid-answer', 'searchOrders: pagination.nextToken: the same again and again')
    tokens.set(next, times)
    paginationToken = next
  }
}

/** Null, and so the beginning, for what is no place. */
function placeOf(goOn: string | null): Place | null {
  if (goOn === null) return null
  try {
    return place.safeParse(JSON.parse(goOn)).data ?? null
  } catch {
    return null
  }
}

/** An order that stands twice in an answer counts once: as it was read, if one of the two cannot be, and as it was last. */
function eachOnce(found: FoundOrder[]): FoundOrder[] {
  const byNumber = new Map<string, FoundOrder>()
  for (const one of found) {
    const number = one.order === null ? one.number : one.order.number
    const before = byNumber.get(number)?.order ?? null
    if (before !== null && (one.order === null || one.order.updatedAt < before.updatedAt)) continue
    byNumber.set(number, one)
  }
  return [...byNumber.values()]
}

const orderNumber = /^[A-Z0-9]{3}-\d{7}-\d{7}$/

/** Null for a number that Amazon does not know, that is of another marketplace of the seller, or that is no number of Amazon's. */
export async function getOrder(
  client: SpApiClient,
  account: ChannelAccount,
  marketplace: Marketplace,
  number: string,
  signal: AbortSignal,
  { shipBy = null, waitMs }: CallTurn = {},
): Promise<FoundOrder | null> {
  if (!orderNumber.test(number)) return null
  let body: unknown
  try {
    const answer = await client.call({
      operation: 'getOrder',
      account,
      region: marketplace.region,
      signal,
      shipBy,
      ...(waitMs !== undefined && { quotaWaitMs: waitMs }),
      send: (apis, options) => apis.orders.getOrder({ orderId: number, includedData }, options),
    })
    body = answer.body
  } catch (error) {
    if (error instanceof ChannelError && error.httpStatus === 404) return null
    throw advised(error, orderAdvice)
  }
  const parsed = orderBody.safeParse(body)
  if (!parsed.success) throw new ChannelError('invalid-answer', `getOrder: ${problemOf(parsed.error)}`)
  if (soldElsewhere(parsed.data.order, marketplace.id)) return null
  const found = readOrder(parsed.data.order, marketplace.id)
  if (found.order === null) return { ...found, number }
  if (found.order.number !== number) throw new ChannelError('invalid-answer', 'getOrder: order.orderId: another order than was asked for')
  return found
}

const orderBody = z.object({ order: z.record(z.string(), z.unknown()) })
const salesChannel = z.object({ salesChannel: z.object({ marketplaceId: z.string() }) })

// getOrder is not bound to a marketplace, a connection is.
function soldElsewhere(order: unknown, marketplaceId: string): boolean {
  const sold = salesChannel.safeParse(order)
  return sold.success && sold.data.salesChannel.marketplaceId !== marketplaceId
}
