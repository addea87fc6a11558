// Invents orders: what a buyer of the marketplace's country might buy of the seller's listings.
import type { CustomerAddress, FulfillmentStatus, GiftOption } from '@sp-api-sdk/orders-api-2026-01-01'
import { days } from '../../../kit/clock.ts'
import { marketplaceOf } from './marketplaces.ts'
import { type FulfilledBy, type Line, statusByShipment, type StoredOrder } from './order.ts'
import { inventBuyer } from './people.ts'
import type { Random } from './random.ts'
import { listingOf, type Listing, type Seller } from './seller.ts'
import type { State } from './state.ts'

export interface WantedItem {
  /** Null: an item that Amazon shows without SKU. */
  sellerSku: string | null
  quantity: number
  unitPrice?: string | undefined
  title?: string | undefined
  /** Null or left out: no gift. */
  giftOption?: GiftOption | null | undefined
}

export interface WantedOrder {
  marketplaceId: string
  status: FulfillmentStatus
  /** Invented unless told. */
  items?: readonly WantedItem[] | undefined
  fulfilledBy?: FulfilledBy | undefined
  createdAt: number
  updatedAt: number
  shipBy?: number | undefined
  /** Over the invented address; null: Amazon shows none. */
  address?: CustomerAddress | null | undefined
  shippingService?: string | undefined
  programs?: string[] | undefined
  /** Invents items even of what is sold out, as one may who makes orders by hand. */
  soldOutToo?: boolean | undefined
}

const prefixes: Record<string, readonly [string, ...string[]]> = {
  US: ['111', '112', '113', '114'],
  GB: ['202', '203', '204', '205', '206'],
  JP: ['249', '250', '503'],
}

/** An order number in Amazon's 3-7-7 form that no order bears yet. */
function inventNumber(state: State, country: string): string {
  for (;;) {
    const number = `${state.random.pick(prefixes[country] ?? ['301', '302', '303', '304', '305'])}-${state.random.digits(7)}-${state.random.digits(7)}`
    if (!state.orders.has(number)) return number
  }
}

/** Of one invented item. */
const MOST_UNITS = 3

const services = ['STANDARD', 'STANDARD', 'STANDARD', 'EXPEDITED', 'SECOND_DAY', 'NEXT_DAY', 'FREE_ECONOMY'] as const
const daysToShip: Record<string, number> = { NEXT_DAY: 1, SAME_DAY: 1, PRIORITY: 1, SECOND_DAY: 1, EXPEDITED: 2 }

/** Adds an order of that seller. Null, and nothing changed, where nothing of the wanted kind is on offer. */
export function buy(state: State, seller: Seller, wanted: WantedOrder): StoredOrder | null {
  const { random } = state
  const { country, currency } = marketplaceOf(wanted.marketplaceId)
  const fulfilledBy = wanted.fulfilledBy ?? 'MERCHANT'
  const items = wanted.items ?? inventItems(random, offersOf(seller, wanted, fulfilledBy), wanted.status === 'PARTIALLY_SHIPPED' ? 2 : 1)
  if (items.length === 0) return null
  const buyer = inventBuyer(random, country)
  const shippingService = wanted.shippingService ?? random.pick(services)
  const shipBy = wanted.shipBy ?? endOfDay(wanted.createdAt + days(daysToShip[shippingService] ?? 2))
  const sequence = state.nextSequence()
  const late = state.faults.fire('searchOrders', seller.sellerId, ({ kind }) => kind === 'late').find('late')
  const order: StoredOrder = {
    orderId: inventNumber(state, country),
    sequence,
    sellerId: seller.sellerId,
    marketplaceId: wanted.marketplaceId,
    currency,
    createdAt: wanted.createdAt,
    updatedAt: wanted.updatedAt,
    visibleAt: late === undefined ? 0 : state.clock.now() + late.delaySeconds * 1000,
    status: wanted.status,
    fulfilledBy,
    shippingService,
    programs: wanted.programs ?? [],
    shipBy,
    deliverBy: shipBy + days(3),
    buyer,
    address: wanted.address === undefined ? buyer.address : wanted.address,
    lines: items.map((item, index) =>
      toLine(
        random,
        item,
        sequence * 100 + index,
        item.sellerSku === null ? undefined : listingOf(seller, wanted.marketplaceId, item.sellerSku),
      ),
    ),
    confirmed: new Map(),
    shown: new Map(),
    confirmations: [],
  }
  applyStatus(random, order, wanted.status, wanted.updatedAt)
  state.addOrder(order)
  return order
}

/** Gives the lines and packages what the status says of them. */
export function applyStatus(random: Random, order: StoredOrder, status: FulfillmentStatus, at: number): void {
  order.status = status
  if (status === 'CANCELLED') {
    for (const line of order.lines) {
      line.cancelled = line.quantity
      line.cancellation = { by: 'BUYER', reason: 'No longer needed' }
    }
  }
  if (status === 'SHIPPED' || status === 'PARTIALLY_SHIPPED') {
    shipOutside(random, order, at, status === 'SHIPPED' ? Number.POSITIVE_INFINITY : 1)
    order.status = statusByShipment(order)
  }
}

/** Ships up to `units` of what is open without any confirmation of ours: by the seller elsewhere, or by Amazon. */
function shipOutside(random: Random, order: StoredOrder, at: number, units: number): void {
  let left = units
  const items: { orderItemId: string; quantity: number }[] = []
  for (const line of order.lines) {
    const confirmed = [...order.confirmed.values()].flatMap((one) => one.items).filter((item) => item.orderItemId === line.orderItemId)
    const open = line.quantity - line.cancelled - line.shippedByAmazon - confirmed.reduce((sum, item) => sum + item.quantity, 0)
    const quantity = Math.min(open, left)
    if (quantity <= 0) continue
    left -= quantity
    if (order.fulfilledBy === 'AMAZON') line.shippedByAmazon += quantity
    else items.push({ orderItemId: line.orderItemId, quantity })
  }
  if (items.length === 0) return
  // High, so that it never meets the number of a package that is confirmed later.
  const reference = String(900_001 + order.confirmed.size)
  const one = {
    reference,
    carrierCode: 'USPS',
    carrierName: null,
    service: 'Ground Advantage',
    trackingNumber: `9400${random.digits(18)}`,
    shippedAt: at,
    createdAt: at,
    status: 'SHIPPED' as const,
    items,
  }
  order.confirmed.set(reference, one)
  order.shown.set(reference, one)
}

function toLine(random: Random, item: WantedItem, number: number, listing: Listing | undefined): Line {
  return {
    orderItemId: String(40_000_000_000_000 + number),
    sellerSku: item.sellerSku,
    asin: listing?.asin ?? `B0${random.digits(8)}`,
    title: item.title ?? listing?.title ?? (item.sellerSku === null ? 'Item without SKU' : `Item ${item.sellerSku}`),
    quantity: item.quantity,
    cancelled: 0,
    shippedByAmazon: 0,
    unitPrice: item.unitPrice ?? listing?.unitPrice ?? '10',
    gift: item.giftOption ?? null,
    cancelRequest: null,
    cancellation: null,
  }
}

const offersOf = (seller: Seller, { marketplaceId, soldOutToo }: WantedOrder, fulfilledBy: FulfilledBy): Listing[] =>
  [...seller.listings.values()].filter(
    (one) => one.marketplaceId === marketplaceId && one.fulfilledBy === fulfilledBy && (soldOutToo === true || one.quantity >= MOST_UNITS),
  )

function inventItems(random: Random, offered: Listing[], least: number): WantedItem[] {
  const count = Math.min(offered.length, random.pick([1, 1, 1, 2, 2, 3, 4]))
  return Array.from({ length: count }, () => {
    const [listing] = offered.splice(random.between(0, offered.length - 1), 1)
    return {
      sellerSku: listing!.sellerSku,
      quantity: Math.max(least, random.pick([1, 1, 1, 2, MOST_UNITS])),
      giftOption: random.chance(0.08) ? inventGift(random) : null,
    }
  })
}

const messages = ['Happy birthday!', 'Congratulations on the new place. Love, Sam', 'Thank you for everything', 'Merry Christmas!\nFrom all of us'] as const

/** A message, wrapping, or both. */
function inventGift(random: Random): GiftOption {
  const kind = random.between(0, 2)
  return {
    ...(kind !== 1 && { giftMessage: random.pick(messages) }),
    ...(kind !== 0 && { giftWrapLevel: random.pick(['Classic', 'Premium']) }),
  }
}

const endOfDay = (at: number): number => Math.floor(at / days(1)) * days(1) + days(1) - 1000
