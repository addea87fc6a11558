import { createHash } from 'node:crypto'
import type { FoundOrder, MarketplaceAddress, MarketplaceOrder, MarketplaceOrderLine, MarketplaceStatus } from '../channel.ts'
import { type ItemAnswer, type OrderAnswer, orderAnswer, problemOf } from './order-answer.ts'

/** Reads one order of an answer that was made for `marketplaceId`. Never throws: what cannot be read says why, without quoting it. */
export function readOrder(answer: unknown, marketplaceId: string): FoundOrder {
  const recorded = JSON.stringify(answer) ?? 'null'
  const parsed = orderAnswer.safeParse(answer)
  const unread = (problem: string): FoundOrder => ({ order: null, number: numberOf(answer, recorded), problem, recorded })
  if (!parsed.success) return unread(problemOf(parsed.error))
  const elsewhere = parsed.data.salesChannel.marketplaceId ?? marketplaceId
  if (elsewhere !== marketplaceId) return unread('salesChannel.marketplaceId: of another marketplace')
  return { order: marketplaceOrder(parsed.data), recorded }
}

/** As readOrder, from the text that was recorded. */
export function readRecordedOrder(number: string, recorded: string, marketplaceId: string): FoundOrder {
  let answer: unknown
  try {
    answer = JSON.parse(recorded)
  } catch {
    return { order: null, number, problem: 'order: the recorded text is no JSON', recorded }
  }
  const found = readOrder(answer, marketplaceId)
  if (found.order === null) return { ...found, number, recorded }
  if (found.order.number !== number) return { order: null, number, problem: 'orderId: of another order', recorded }
  return { ...found, recorded }
}

/** Amazon's number or, where even that cannot be read, a name that stays the same as long as the data does. */
function numberOf(answer: unknown, recorded: string): string {
  const orderId = typeof answer === 'object' && answer !== null && 'orderId' in answer ? answer.orderId : null
  if (typeof orderId === 'string' && /^[\w-]{1,40}$/.test(orderId)) return orderId
  return `unreadable-${createHash('sha256').update(recorded).digest('hex').slice(0, 12)}`
}

const statusOf = (status: OrderAnswer['fulfillment']['fulfillmentStatus']): MarketplaceStatus =>
  status === 'PENDING_AVAILABILITY' ? 'PENDING' : status

function marketplaceOrder(answer: OrderAnswer): MarketplaceOrder {
  const { fulfillment, orderItems } = answer
  const status = statusOf(fulfillment.fulfillmentStatus)
  const cancellations = orderItems.map((item) => item.cancellation)
  const requests = cancellations.filter((one) => one?.cancellationRequest != null && one.cancellationExecution == null)
  const reasons = cancellations.map((one) => one?.cancellationExecution?.cancelReason ?? one?.cancellationRequest?.cancelReason ?? null)
  return {
    number: answer.orderId,
    status,
    marketplaceStatus: fulfillment.fulfillmentStatus,
    fulfilledBy: fulfillment.fulfilledBy === 'MERCHANT' ? 'MERCHANT' : 'MARKETPLACE',
    purchasedAt: answer.createdTime,
    updatedAt: answer.lastUpdatedTime,
    shipBy: fulfillment.shipByWindow?.latestDateTime ?? null,
    deliverBy: fulfillment.deliverByWindow?.latestDateTime ?? null,
    shippingService: fulfillment.fulfillmentServiceLevel,
    cancelRequested: status !== 'CANCELLED' && requests.length > 0,
    cancelReason: reasons.find((reason) => reason !== null) ?? null,
    shipTo: shipTo(answer.recipient?.deliveryAddress ?? null),
    currencyCode: orderItems.map((item) => item.product.price?.unitPrice?.currencyCode).find((code) => code !== undefined) ?? null,
    lines: orderItems.map((item) => line(item, status)),
    packages: (answer.packages ?? []).map((one) => ({
      reference: one.packageReferenceId,
      carrierCode: one.carrier,
      trackingNumber: one.trackingNumber,
    })),
  }
}

function line(item: ItemAnswer, status: MarketplaceStatus): MarketplaceOrderLine {
  const quantityShipped = Math.min(item.fulfillment?.quantityFulfilled ?? 0, item.quantityOrdered)
  return {
    itemId: item.orderItemId,
    sellerSku: item.product.sellerSku,
    title: item.product.title,
    quantity: item.quantityOrdered,
    quantityShipped,
    quantityCancelled: quantityCancelled(item, quantityShipped, status),
    unitPrice: item.product.price?.unitPrice?.amount ?? null,
    gift: gift(item),
  }
}

/** Without the personal-data role Amazon tells the wrapping alone. */
function gift(item: ItemAnswer): MarketplaceOrderLine['gift'] {
  const { giftWrapLevel: wrapping = null, giftMessage: message = null } = item.fulfillment?.packing?.giftOption ?? {}
  return wrapping === null && message === null ? null : { wrapping, message }
}

/**
 * Amazon counts what is shipped and what remains, and what is neither has been cancelled. Not so while payment is pending, when
 * nothing remains to be shipped yet.
 */
function quantityCancelled(item: ItemAnswer, shipped: number, status: MarketplaceStatus): number {
  const unshipped = item.quantityOrdered - shipped
  if (status === 'CANCELLED') return unshipped
  if (status === 'PENDING') return 0
  const remaining = item.fulfillment?.quantityUnfulfilled ?? null
  if (remaining !== null) return Math.max(0, unshipped - remaining)
  return item.cancellation?.cancellationExecution == null ? 0 : unshipped
}

type AddressAnswer = NonNullable<NonNullable<OrderAnswer['recipient']>['deliveryAddress']>

function shipTo(address: AddressAnswer | null): MarketplaceAddress | null {
  if (address === null) return null
  const countryCode = address.countryCode?.toUpperCase() ?? null
  const read: MarketplaceAddress = {
    name: address.name,
    company: address.companyName,
    line1: address.addressLine1,
    line2: address.addressLine2,
    // Where the third line is free it takes the district, which our addresses have no field for and which carriers want.
    line3: address.addressLine3 ?? (address.stateOrRegion === null ? null : address.districtOrCounty),
    city: address.city ?? address.municipality,
    region: address.stateOrRegion ?? address.districtOrCounty,
    postalCode: address.postalCode,
    countryCode: countryCode !== null && /^[A-Z]{2}$/.test(countryCode) ? countryCode : null,
    phone: address.phone,
  }
  // An application without the personal-data role is given an address with nothing in it.
  return Object.values(read).every((value) => value === null) ? null : read
}
