// What becomes of a marketplace's order: skipped, failed, created, or compared with the one that we have. Rules only.
import type { FoundOrder, MarketplaceAddress, MarketplaceOrder } from '../marketplaces/channel.ts'
import { isCurrency } from '../kit/money.ts'
import type { ImportFailureCode, SkipReason } from './import-codes.ts'

export interface ImportPolicy {
  importFrom: Date
  unknownSku: 'FAIL' | 'ACCEPT'
  unknownShippingService: 'FAIL' | 'ACCEPT'
}

export interface Mappings {
  skus: ReadonlyMap<string, { warehouseSku: string; unitsPerItem: number }>
  shippingServices: ReadonlyMap<string, { carrier: string; scac: string; service: string }>
}

export interface PlannedLine {
  itemId: string
  sellerSku: string
  warehouseSku: string
  unitsPerItem: number
  title: string | null
  quantity: number
  quantityShipped: number
  quantityCancelled: number
  unitPrice: string | null
}

export type Recipient = MarketplaceAddress & { countryCode: string }

/** How the buyer wants an item wrapped, and the words to go with it. */
export interface Gift {
  wrapping: string | null
  message: string | null
}
/** By the marketplace's id of the line. */
export type Gifts = Record<string, Gift>

export interface PlannedOrder {
  order: MarketplaceOrder
  shipTo: Recipient
  lines: PlannedLine[]
  /** Null where none of them is a gift. */
  gifts: Gifts | null
  routing: { carrier: string; scac: string; service: string } | null
}

export interface Failure {
  outcome: 'fail'
  code: ImportFailureCode
  message: string
  detail: string | null
  sellerSkus: string[]
  shippingService: string | null
}

export type NewOrderPlan = { outcome: 'skip'; reason: SkipReason } | Failure | ({ outcome: 'create' } & PlannedOrder)

/** Why an order that we do not have is not for the warehouse now; null where it is. FBA never is. */
export function skipReason(order: MarketplaceOrder, importFrom: Date): SkipReason | null {
  if (order.fulfilledBy === 'MARKETPLACE') return 'FULFILLED_BY_MARKETPLACE'
  if (order.status === 'PENDING') return 'PAYMENT_PENDING'
  if (order.status === 'CANCELLED') return 'CANCELLED'
  if (order.status === 'SHIPPED') return 'ALREADY_SHIPPED'
  if (order.status === 'UNFULFILLABLE') return 'UNFULFILLABLE'
  if (order.purchasedAt < importFrom) return 'BEFORE_IMPORT_FROM'
  if (order.lines.length > 0 && order.lines.every((line) => line.quantity - line.quantityShipped - line.quantityCancelled <= 0)) {
    return order.lines.some((line) => line.quantityShipped > 0) ? 'ALREADY_SHIPPED' : 'CANCELLED'
  }
  return null
}

/** The plan for an order that we do not have. */
export function planNewOrder(found: FoundOrder, policy: ImportPolicy, mappings: Mappings): NewOrderPlan {
  const { order } = found
  if (order === null) return fail('MARKETPLACE_DATA_INVALID', 'The marketplace sent data that is no order.', found.problem)
  const reason = skipReason(order, policy.importFrom)
  if (reason !== null) return { outcome: 'skip', reason }
  if (order.lines.length === 0) return fail('MARKETPLACE_DATA_INVALID', 'The order has no lines.', null)
  if (order.lines.some((line) => line.quantity < 1)) return fail('MARKETPLACE_DATA_INVALID', 'A line has no quantity.', null)
  if (order.currencyCode !== null && !isCurrency(order.currencyCode)) return fail('CURRENCY_UNKNOWN', `The currency ${order.currencyCode} is not known.`, null)
  const without = order.lines.find((line) => (line.sellerSku ?? '').trim() === '')
  if (without) return fail('ITEM_WITHOUT_SKU', `Item ${without.itemId} has no seller SKU.`, 'Add a SKU to the listing at the marketplace, then retry with a fresh read.')
  const unmapped = [...new Set(order.lines.map((line) => line.sellerSku!).filter((sku) => !mappings.skus.has(sku)))]
  if (unmapped.length > 0 && policy.unknownSku === 'FAIL') {
    return { ...fail('SKU_UNMAPPED', `No warehouse SKU is mapped to ${unmapped.join(', ')}.`, 'Map it with mapSkus, then retry.'), sellerSkus: unmapped }
  }
  const address = checkAddress(order.shipTo)
  if ('outcome' in address) return address
  const routing = order.shippingService === null ? undefined : mappings.shippingServices.get(order.shippingService)
  if (routing === undefined && policy.unknownShippingService === 'FAIL') {
    const named = order.shippingService ?? 'an order without shipping service'
    return { ...fail('SHIPPING_SERVICE_UNMAPPED', `No service is mapped to ${named}.`, 'Map it with mapShippingServices, then retry.'), shippingService: order.shippingService }
  }
  return { outcome: 'create', order, shipTo: address, lines: order.lines.map((line) => planLine(line, mappings)), gifts: giftsOf(order.lines), routing: routing ?? null }
}

export function planLine(line: MarketplaceOrder['lines'][number], mappings: Mappings): PlannedLine {
  const mapping = mappings.skus.get(line.sellerSku!) ?? { warehouseSku: line.sellerSku!, unitsPerItem: 1 }
  // The marketplace's own counts can exceed what was ordered after a change; what we open never does.
  const quantityShipped = Math.min(line.quantityShipped, line.quantity)
  const quantityCancelled = Math.min(line.quantityCancelled, line.quantity - quantityShipped)
  const { itemId, title, quantity, unitPrice } = line
  return { itemId, sellerSku: line.sellerSku!, ...mapping, title, quantity, quantityShipped, quantityCancelled, unitPrice }
}

export function giftsOf(lines: MarketplaceOrder['lines']): Gifts | null {
  const gifts = lines.flatMap(({ itemId, gift }) => (gift === null ? [] : [[itemId, gift] as const]))
  return gifts.length === 0 ? null : Object.fromEntries(gifts)
}

function checkAddress(address: MarketplaceAddress | null): Recipient | Failure {
  if (address === null || (address.line1 ?? address.line2 ?? address.company ?? '').trim() === '') {
    return fail('ADDRESS_MISSING', 'The marketplace gave no delivery address.', 'The role that shows addresses may be missing from the authorization.')
  }
  if (address.countryCode === null || !/^[A-Z]{2}$/.test(address.countryCode)) return fail('ADDRESS_INVALID', 'The delivery address has no ISO country code.', null)
  return { ...address, countryCode: address.countryCode }
}

function fail(code: ImportFailureCode, message: string, detail: string | null): Failure {
  return { outcome: 'fail', code, message, detail, sellerSkus: [], shippingService: null }
}
