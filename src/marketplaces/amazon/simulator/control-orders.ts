import type { CustomerAddress, FulfillmentStatus } from '@sp-api-sdk/orders-api-2026-01-01'
import { z } from 'zod'
import { currencyDigits } from '../../../kit/money.ts'
import { price } from './control-sellers.ts'
import { marketplaceOf } from './marketplaces.ts'
import { type Line, openFor, statusByShipment, type StoredOrder, toShipOf } from './order.ts'
import { everything, viewOrder } from './order-view.ts'
import { statuses } from './orders.ts'
import { parseIso } from './parse.ts'
import { applyStatus, buy } from './shop.ts'
import type { State } from './state.ts'
import { fit, fitBody, Unfit } from './unfit.ts'

const text = z.string().max(500)
const address = z.strictObject({
  name: text.optional(),
  companyName: text.optional(),
  addressLine1: text.optional(),
  addressLine2: text.optional(),
  addressLine3: text.optional(),
  city: text.optional(),
  districtOrCounty: text.optional(),
  stateOrRegion: text.optional(),
  municipality: text.optional(),
  postalCode: text.optional(),
  countryCode: z.string().length(2).optional(),
  phone: text.optional(),
  addressType: text.optional(),
}) satisfies z.ZodType<CustomerAddress>
const quantity = z.int().min(1).max(999_999)

const createInput = z.strictObject({
  sellerId: z.string(),
  /** The seller's first one unless told. */
  marketplaceId: z.string().optional(),
  status: z.enum(statuses).default('UNSHIPPED'),
  items: z
    .array(
      z.strictObject({
        sellerSku: z.string().min(1).max(40).nullable(),
        quantity,
        unitPrice: price.optional(),
        title: text.optional(),
        giftOption: z
          .strictObject({ giftMessage: z.string().min(1).max(2000).optional(), giftWrapLevel: text.min(1).optional() })
          .nullable()
          .optional(),
      }),
    )
    .min(1)
    .max(90)
    .optional(),
  count: z.int().min(1).max(5000).default(1),
  /** How long ago it was bought and last changed. */
  ageSeconds: z.number().min(0).max(63_072_000).default(0),
  shipBy: z
    .string()
    .refine((given) => parseIso(given) !== null, 'must be an ISO 8601 date-time')
    .optional(),
  address: address.nullable().optional(),
  fulfilledBy: z.enum(['MERCHANT', 'AMAZON']).default('MERCHANT'),
  shippingService: z.string().min(1).max(100).optional(),
  programs: z.array(z.string().min(1)).optional(),
})

export function createOrders(state: State, body: string | undefined): object {
  const input = fitBody(createInput, body)
  const seller = state.sellers.get(input.sellerId)
  if (seller === undefined) throw new Unfit(400, `sellerId: there is no seller ${input.sellerId}`)
  const marketplaceId = input.marketplaceId ?? seller.marketplaceIds[0]!
  if (!seller.marketplaceIds.includes(marketplaceId))
    throw new Unfit(400, `marketplaceId: ${seller.sellerId} does not sell on ${marketplaceId}`)
  const { currency } = marketplaceOf(marketplaceId)
  const fine = input.items?.find((item) => (item.unitPrice?.split('.')[1] ?? '').length > currencyDigits(currency))
  if (fine !== undefined) throw new Unfit(400, `items: the unitPrice ${fine.unitPrice} has more decimals than ${currency}`)
  if (input.status === 'PARTIALLY_SHIPPED' && input.items?.reduce((sum, item) => sum + item.quantity, 0) === 1) {
    throw new Unfit(400, 'status: an order of one unit cannot be PARTIALLY_SHIPPED')
  }
  const at = state.clock.now() - Math.round(input.ageSeconds * 1000)
  const shipBy = input.shipBy === undefined ? undefined : (parseIso(input.shipBy) ?? undefined)
  const orders = Array.from({ length: input.count }, () => {
    const { items, status, fulfilledBy, shippingService, programs } = input
    const order = buy(state, seller, {
      marketplaceId,
      items,
      status,
      fulfilledBy,
      shippingService,
      programs,
      address: input.address,
      shipBy,
      createdAt: at,
      updatedAt: at,
      soldOutToo: true,
    })
    if (order === null)
      throw new Unfit(400, `items: the seller has nothing to sell on ${marketplaceId} that is fulfilled by ${fulfilledBy}; name the items`)
    return viewOrder(order, everything)
  })
  return { orders }
}

const listQuery = z.strictObject({
  sellerId: z.string().optional(),
  status: z.enum(statuses).optional(),
  limit: z.coerce.number().int().min(1).max(100_000).default(1000),
})

/** Newest first; `total` counts those beyond the limit too. */
export function listOrders(state: State, query: unknown): object {
  const { sellerId, status, limit } = fit(listQuery, query)
  const found = [...state.orders.values()].filter(
    (order) => (sellerId ?? order.sellerId) === order.sellerId && (status ?? order.status) === order.status,
  )
  return {
    orders: found
      .slice(-limit)
      .reverse()
      .map((order) => viewOrder(order, everything)),
    total: found.length,
  }
}

export function showOrder(state: State, orderId: string): object {
  const order = orderOf(state, orderId)
  return { order: viewOrder(order, everything), confirmations: order.confirmations }
}

/** What an order may become by hand. What has shipped stays shipped, what is cancelled stays cancelled. */
const transitions: Record<FulfillmentStatus, readonly FulfillmentStatus[]> = {
  PENDING_AVAILABILITY: ['PENDING', 'UNSHIPPED', 'CANCELLED', 'UNFULFILLABLE'],
  PENDING: ['PENDING_AVAILABILITY', 'UNSHIPPED', 'CANCELLED', 'UNFULFILLABLE'],
  UNSHIPPED: ['PENDING', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED', 'UNFULFILLABLE'],
  PARTIALLY_SHIPPED: ['SHIPPED'],
  SHIPPED: [],
  CANCELLED: [],
  UNFULFILLABLE: ['UNSHIPPED', 'CANCELLED'],
}

const changeInput = z
  .strictObject({
    status: z.enum(statuses).optional(),
    /** Replaces the whole address; null: Amazon shows none any more. */
    address: address.nullable().optional(),
    /** True or a reason: the buyer asks to cancel every item; false takes it back. */
    cancelRequest: z.union([z.boolean(), z.strictObject({ reason: z.string().min(1).max(500) })]).optional(),
    items: z
      .array(
        z
          .strictObject({
            orderItemId: z.string().optional(),
            sellerSku: z.string().optional(),
            quantity: quantity.optional(),
            cancelled: z.int().min(0).optional(),
          })
          .refine(
            (item) => (item.orderItemId === undefined) !== (item.sellerSku === undefined),
            'must name the item by either orderItemId or sellerSku',
          )
          .refine((item) => item.quantity !== undefined || item.cancelled !== undefined, 'must change quantity or cancelled'),
      )
      .min(1)
      .optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'there is nothing to change: give status, address, cancelRequest or items')

export function changeOrder(state: State, orderId: string, body: string | undefined): object {
  const order = orderOf(state, orderId)
  const change = fitBody(changeInput, body)
  const { status } = change
  if (status !== undefined && status !== order.status && !transitions[order.status].includes(status)) {
    throw new Unfit(400, `status: an order that is ${order.status} cannot become ${status}`)
  }
  if (status === 'PARTIALLY_SHIPPED' && status !== order.status && order.lines.reduce((sum, line) => sum + toShipOf(line), 0) < 2) {
    throw new Unfit(400, 'status: an order of one unit cannot be PARTIALLY_SHIPPED')
  }
  const lines = (change.items ?? []).map((item) => ({ item, line: lineOf(order, item) }))
  for (const { item, line } of lines) {
    // No reference is empty, so that this leaves out no package: what is open now.
    const bound = line.quantity - line.cancelled - openFor(order, line, '')
    const wanted = toShipOf(line) + unitsMore(item, line)
    if (wanted < bound) throw new Unfit(400, `items: ${bound} of ${line.orderItemId} are shipped, so that ${wanted} is too few`)
  }
  const left =
    order.lines.reduce((sum, line) => sum + toShipOf(line), 0) + lines.reduce((sum, { item, line }) => sum + unitsMore(item, line), 0)
  if (lines.length > 0 && left === 0) throw new Unfit(400, 'items: nothing would be left to ship; cancel the order by its status')
  const now = state.clock.now()
  state.changeOrder(order, now, () => {
    if (change.address !== undefined) order.address = change.address
    if (change.cancelRequest !== undefined) {
      const reason =
        change.cancelRequest === false ? null : change.cancelRequest === true ? 'Ordered by mistake' : change.cancelRequest.reason
      for (const line of order.lines) line.cancelRequest = reason
    }
    for (const { item, line } of lines) {
      state.returnStock(order, line, -unitsMore(item, line), now)
      line.quantity = item.quantity ?? line.quantity
      line.cancelled = item.cancelled ?? line.cancelled
      line.cancellation = line.cancelled > 0 ? { by: 'BUYER', reason: 'No longer needed' } : null
    }
    if (lines.length > 0 && order.shown.size > 0) order.status = statusByShipment(order)
    if (status !== undefined && status !== order.status && status !== 'CANCELLED') applyStatus(state.random, order, status, now)
  })
  if (status === 'CANCELLED' && order.status !== 'CANCELLED') state.cancelOrder(order, now, 'BUYER', 'No longer needed')
  return { order: viewOrder(order, everything) }
}

/** How many more units are to ship by that change than before. */
const unitsMore = (item: { quantity?: number | undefined; cancelled?: number | undefined }, line: Line): number =>
  (item.quantity ?? line.quantity) - (item.cancelled ?? line.cancelled) - toShipOf(line)

function orderOf(state: State, orderId: string): StoredOrder {
  const order = state.orders.get(orderId)
  if (order === undefined) throw new Unfit(404, `there is no order ${orderId}`)
  return order
}

function lineOf(order: StoredOrder, wanted: { orderItemId?: string | undefined; sellerSku?: string | undefined }): Line {
  const found = order.lines.filter(
    (line) => line.orderItemId === wanted.orderItemId || (wanted.sellerSku !== undefined && line.sellerSku === wanted.sellerSku),
  )
  const [line] = found
  if (line === undefined) throw new Unfit(400, `items: the order has no item ${wanted.orderItemId ?? wanted.sellerSku}`)
  if (found.length > 1) throw new Unfit(400, `items: the order has several items ${wanted.sellerSku}; name it by orderItemId`)
  return line
}
