// An order as searchOrders and getOrder show it: parts by includedData.
import type { GetOrderIncludedDataEnum, Order, OrderItem, OrderPackage } from '@sp-api-sdk/orders-api-2026-01-01'
import { toMinor, fromMinor } from '../../../kit/money.ts'
import { iso } from './clock.ts'
import { marketplaceOf } from './marketplaces.ts'
import { fulfilledOf, type Line, type Package, type StoredOrder, unfulfilledOf } from './order.ts'

export type IncludedData = GetOrderIncludedDataEnum

export const includedDataNames = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
] as const satisfies readonly IncludedData[]
export const everything: ReadonlySet<IncludedData> = new Set(includedDataNames)

/** `personalData`: whether the viewer may see whom it is for and where it goes. */
export function viewOrder(order: StoredOrder, included: ReadonlySet<IncludedData>, personalData = true): Order {
  const { id, name } = marketplaceOf(order.marketplaceId)
  // Until payment is authorized Amazon shows neither where an order goes nor what it costs.
  const pending = order.status === 'PENDING' || order.status === 'PENDING_AVAILABILITY'
  const withProceeds = included.has('PROCEEDS') && !pending
  return {
    orderId: order.orderId,
    createdTime: iso(order.createdAt),
    lastUpdatedTime: iso(order.updatedAt),
    ...(order.programs.length > 0 && { programs: order.programs }),
    salesChannel: { channelName: 'AMAZON', marketplaceId: id, marketplaceName: name },
    ...(included.has('BUYER') &&
      !pending &&
      personalData && {
        buyer: { buyerName: order.buyer.name, ...(order.fulfilledBy === 'MERCHANT' && { buyerEmail: order.buyer.email }) },
      }),
    // Without the role the address is there, and empty.
    ...(included.has('RECIPIENT') &&
      !pending &&
      order.address !== null && { recipient: { deliveryAddress: personalData ? order.address : {} } }),
    ...(withProceeds && { proceeds: { grandTotal: totalOf(order, order.lines) } }),
    ...(included.has('FULFILLMENT') && {
      fulfillment: {
        fulfillmentStatus: order.status,
        fulfilledBy: order.fulfilledBy,
        fulfillmentServiceLevel: order.shippingService,
        shipByWindow: { earliestDateTime: iso(order.createdAt), latestDateTime: iso(order.shipBy) },
        deliverByWindow: { earliestDateTime: iso(order.shipBy), latestDateTime: iso(order.deliverBy) },
      },
    }),
    orderItems: order.lines.map((line) => viewLine(order, line, included, pending, personalData)),
    ...(included.has('PACKAGES') &&
      order.fulfilledBy === 'MERCHANT' &&
      order.shown.size > 0 && { packages: [...order.shown.values()].map(viewPackage) }),
  }
}

function viewLine(
  order: StoredOrder,
  line: Line,
  included: ReadonlySet<IncludedData>,
  pending: boolean,
  personalData: boolean,
): OrderItem {
  const { cancelRequest, cancellation, gift } = line
  const message = personalData && !pending ? gift?.giftMessage : undefined
  const wrap = gift?.giftWrapLevel
  return {
    orderItemId: line.orderItemId,
    quantityOrdered: line.quantity,
    product: {
      asin: line.asin,
      title: line.title,
      ...(line.sellerSku !== null && { sellerSku: line.sellerSku }),
      condition: { conditionType: 'NEW' },
      ...(!pending && { price: { unitPrice: { amount: line.unitPrice, currencyCode: order.currency } } }),
    },
    ...(included.has('PROCEEDS') && !pending && { proceeds: { proceedsTotal: totalOf(order, [line]) } }),
    ...(included.has('CANCELLATION') &&
      (cancelRequest !== null || cancellation !== null) && {
        cancellation: {
          ...(cancelRequest !== null && { cancellationRequest: { requester: 'BUYER', cancelReason: cancelRequest } }),
          ...(cancellation !== null && { cancellationExecution: { cancelledBy: cancellation.by, cancelReason: cancellation.reason } }),
        },
      }),
    ...(included.has('FULFILLMENT') && {
      fulfillment: {
        quantityFulfilled: fulfilledOf(order, line),
        quantityUnfulfilled: unfulfilledOf(order, line),
        ...((message !== undefined || wrap !== undefined) && {
          packing: {
            giftOption: { ...(message !== undefined && { giftMessage: message }), ...(wrap !== undefined && { giftWrapLevel: wrap }) },
          },
        }),
      },
    }),
  }
}

const viewPackage = (one: Package): OrderPackage => ({
  packageReferenceId: one.reference,
  createdTime: iso(one.createdAt),
  packageStatus: { status: one.status },
  // Amazon shows the name that was given with "Other".
  carrier: one.carrierName ?? one.carrierCode,
  shipTime: iso(one.shippedAt),
  ...(one.service !== null && { shippingService: one.service }),
  trackingNumber: one.trackingNumber,
  packageItems: one.items,
})

function totalOf(order: StoredOrder, lines: readonly Line[]): { amount: string; currencyCode: string } {
  const minor = lines.reduce(
    (sum, line) => sum + (toMinor(line.unitPrice, order.currency) ?? 0n) * BigInt(line.quantity - line.cancelled),
    0n,
  )
  return { amount: fromMinor(minor, order.currency), currencyCode: order.currency }
}
