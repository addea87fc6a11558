// An order as the simulator keeps it, and the arithmetic of its lines. Times are milliseconds since 1970.
import type { CustomerAddress, FulfillmentStatus, GiftOption, PackageStatusStatusEnum } from '@sp-api-sdk/orders-api-2026-01-01'
import type { Buyer } from './people.ts'

export type FulfilledBy = 'MERCHANT' | 'AMAZON'

export interface Line {
  orderItemId: string
  sellerSku: string | null
  asin: string
  title: string
  quantity: number
  /** Of `quantity`; these will never ship. */
  cancelled: number
  /** By Amazon's own warehouse: such units are in no package. */
  shippedByAmazon: number
  /** Exact decimal of one unit. */
  unitPrice: string
  /** Null: no gift. */
  gift: GiftOption | null
  /** The buyer's wish to cancel, with its reason. */
  cancelRequest: string | null
  cancellation: { by: 'BUYER' | 'MERCHANT' | 'AMAZON'; reason: string } | null
}

export interface Package {
  reference: string
  carrierCode: string
  carrierName: string | null
  service: string | null
  trackingNumber: string
  shippedAt: number
  createdAt: number
  status: PackageStatusStatusEnum
  items: { orderItemId: string; quantity: number; transparencyCodes?: string[] }[]
}

/** A shipment confirmation as it was received. */
export interface Confirmation {
  /** ISO 8601, on the simulator's clock. */
  at: string
  requestId: string
  /** As sent: JSON, or text where it is none. */
  body: unknown
  /** HTTP status answered; 0 where the connection was cut instead. */
  status: number
  /** Whether it took effect, whatever the sender was told. */
  applied: boolean
}

export interface StoredOrder {
  orderId: string
  /** In order of creation, over all sellers. */
  sequence: number
  sellerId: string
  marketplaceId: string
  currency: string
  createdAt: number
  updatedAt: number
  /** Shown by no search and no look-up before this. */
  visibleAt: number
  status: FulfillmentStatus
  fulfilledBy: FulfilledBy
  shippingService: string
  programs: string[]
  shipBy: number
  deliverBy: number
  buyer: Buyer
  /** Null where Amazon keeps it to itself. */
  address: CustomerAddress | null
  lines: Line[]
  /** Packages as confirmed, by reference: what quantities are checked against. */
  confirmed: Map<string, Package>
  /** Packages that have taken effect: what is shown. The same as `confirmed` unless a `late` fault holds one back. */
  shown: Map<string, Package>
  confirmations: Confirmation[]
}

const inPackages = (packages: Iterable<Package>, orderItemId: string): number => {
  let units = 0
  for (const one of packages) for (const item of one.items) if (item.orderItemId === orderItemId) units += item.quantity
  return units
}

export const fulfilledOf = (order: StoredOrder, line: Line): number =>
  line.shippedByAmazon + inPackages(order.shown.values(), line.orderItemId)
export const toShipOf = (line: Line): number => line.quantity - line.cancelled
export const unfulfilledOf = (order: StoredOrder, line: Line): number => Math.max(0, toShipOf(line) - fulfilledOf(order, line))

/** What may still be put into the package of that reference: its own units are free again, as the same reference is an edit. */
export function openFor(order: StoredOrder, line: Line, reference: string): number {
  const others = [...order.confirmed.values()].filter((one) => one.reference !== reference)
  return toShipOf(line) - line.shippedByAmazon - inPackages(others, line.orderItemId)
}

/** The status that an order's packages give it. */
export function statusByShipment(order: StoredOrder): FulfillmentStatus {
  const shipped = order.lines.reduce((sum, line) => sum + fulfilledOf(order, line), 0)
  const toShip = order.lines.reduce((sum, line) => sum + toShipOf(line), 0)
  if (shipped === 0) return 'UNSHIPPED'
  return shipped < toShip ? 'PARTIALLY_SHIPPED' : 'SHIPPED'
}
