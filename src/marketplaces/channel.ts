/**
 * The contract that every marketplace channel keeps. Features know marketplaces through this file and registry.ts alone;
 * test/marketplaces/describe-channel.ts holds a channel to it.
 */

export type MarketplaceRegion = 'NORTH_AMERICA' | 'EUROPE' | 'FAR_EAST'

/** A site such as amazon.com. */
export interface Marketplace {
  /** The marketplace's own identifier, e.g. ATVPDKIKX0DER. */
  id: string
  channel: string
  name: string
  countryCode: string
  region: MarketplaceRegion
  currencyCode: string
  /** IANA name. */
  timeZone: string
  sellerPortalUrl: string
  authorizationSteps: string[]
  developerName: string
  legacyDeveloperAccount: string | null
}

/** Whose account a call is made for. The credentials are what the channel itself once returned or was given; only it reads them. */
export interface ChannelAccount {
  connectionId: string
  marketplaceId: string
  merchantId: string
  /** JSON text. */
  credentials: string
}

export type MarketplaceStatus = 'PENDING' | 'UNSHIPPED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'CANCELLED' | 'UNFULFILLABLE'

export interface MarketplaceAddress {
  name: string | null
  company: string | null
  line1: string | null
  line2: string | null
  line3: string | null
  city: string | null
  region: string | null
  postalCode: string | null
  /** ISO 3166-1 alpha-2; null where the marketplace did not tell. */
  countryCode: string | null
  phone: string | null
}

export interface MarketplaceOrderLine {
  /** The marketplace's own id of the line. */
  itemId: string
  sellerSku: string | null
  title: string | null
  quantity: number
  /** By whomever, as the marketplace counts it. */
  quantityShipped: number
  quantityCancelled: number
  /** Exact decimal of one item, in the order's currency. */
  unitPrice: string | null
}

/** A package as the marketplace has recorded it. */
export interface MarketplacePackage {
  reference: string
  carrierCode: string | null
  trackingNumber: string | null
}

export interface MarketplaceOrder {
  number: string
  status: MarketplaceStatus
  /** The marketplace's word for it, e.g. PENDING_AVAILABILITY. */
  marketplaceStatus: string
  fulfilledBy: 'MERCHANT' | 'MARKETPLACE'
  purchasedAt: Date
  updatedAt: Date
  shipBy: Date | null
  deliverBy: Date | null
  shippingService: string | null
  /** The buyer asks to cancel; the seller has not yet. */
  cancelRequested: boolean
  cancelReason: string | null
  shipTo: MarketplaceAddress | null
  /** Null where no line bears a price. */
  currencyCode: string | null
  lines: MarketplaceOrderLine[]
  packages: MarketplacePackage[]
}

/** One order of an answer: read, or not readable as an order (it is quarantined, and stops no other). */
export type FoundOrder =
  | { order: MarketplaceOrder; recorded: string }
  | { order: null; number: string; problem: string; recorded: string }
// `recorded`: the marketplace's own JSON text of this order. It holds personal data: stored encrypted only.

export interface OrderPage {
  orders: FoundOrder[]
  /** The end of the window that the whole search covers: nothing updated up to it is missing once all pages are read. */
  windowTo: Date
}

export interface ShipmentConfirmation {
  orderNumber: string
  /** Deterministic per package of an order ("1", "2", ...): the same again is an edit of the same package, never a second one. */
  packageReference: string
  carrier: string
  /** The marketplace's code of the carrier; "Other" where it has none. */
  carrierCode: string
  service: string
  trackingNumber: string
  shippedAt: Date
  lines: { itemId: string; quantity: number }[]
}

export interface ListingQuantity {
  sellerSku: string
  quantity: number
}

/** The marketplace's call budget as last observed. */
export interface QuotaReading {
  operation: string
  ratePerSecond: number
  burst: number
  available: number
  throttledUntil: Date | null
}

export interface Channel {
  readonly code: string
  readonly marketplaces: readonly Marketplace[]
  /**
   * Every order that changed since `from`, page by page. Each call of the marketplace waits for the connection's own budget;
   * a passing fault is retried; what remains is thrown as a ChannelError.
   */
  searchOrders(account: ChannelAccount, query: { updatedFrom: Date; signal: AbortSignal }): AsyncIterable<OrderPage>
  /** One order with its packages, or null where the marketplace does not know it. */
  getOrder(account: ChannelAccount, number: string, signal: AbortSignal): Promise<FoundOrder | null>
  /**
   * Reads an order again from the JSON text that was recorded of it.
   * @throws never: what cannot be read is a FoundOrder without an order.
   */
  readRecorded(account: Pick<ChannelAccount, 'marketplaceId'>, number: string, recorded: string): FoundOrder
  /** Tells the marketplace of one package. Returns once it has taken the message, which is not yet its acceptance. */
  confirmShipment(account: ChannelAccount, confirmation: ShipmentConfirmation, signal: AbortSignal): Promise<void>
  /** @throws ChannelError `rejected` where the marketplace refuses the quantity. */
  setQuantity(account: ChannelAccount, listing: ListingQuantity, signal: AbortSignal): Promise<void>
  /** What the marketplace now offers of a SKU fulfilled by the merchant; null where it has no such listing. */
  getQuantity(account: ChannelAccount, sellerSku: string, signal: AbortSignal): Promise<number | null>
  /** The marketplace's carrier code for a carrier of ours (its `code` in shipments/carriers.ts); "Other" where it has none. */
  carrierCode(carrier: string): string
  /** Budgets of a connection as this process last saw them. */
  quotas(connectionId: string): QuotaReading[]
  /** Calls made for a connection by this process since it started. */
  calls(connectionId: string): number
}

/**
 * - `throttled`: over budget for longer than is worth waiting; nothing was done.
 * - `unavailable`: the marketplace or the way to it failed. Whether a write took effect is unknown unless `notSent`.
 * - `unauthorized`: credentials refused; a person must renew them.
 * - `rejected`: understood and refused; the same again will be refused again.
 * - `invalid-answer`: an answer that is not what the protocol says.
 * - `cancelled`: our own signal ended it.
 */
export type ChannelErrorKind = 'throttled' | 'unavailable' | 'unauthorized' | 'rejected' | 'invalid-answer' | 'cancelled'

/** Safe to log and store: it carries no request, header, secret or personal data. */
export class ChannelError extends Error {
  readonly kind: ChannelErrorKind
  /** The marketplace's own code, e.g. "InvalidInput". */
  readonly code: string | null
  readonly httpStatus: number | null
  /** The marketplace's id of the request, for its support. */
  readonly requestId: string | null
  readonly retryAfterMs: number | null
  /** The request surely never took effect. */
  readonly notSent: boolean

  constructor(kind: ChannelErrorKind, message: string, facts: Partial<Pick<ChannelError, 'code' | 'httpStatus' | 'requestId' | 'retryAfterMs' | 'notSent'>> = {}) {
    super(message)
    this.name = 'ChannelError'
    this.kind = kind
    this.code = facts.code ?? null
    this.httpStatus = facts.httpStatus ?? null
    this.requestId = facts.requestId ?? null
    this.retryAfterMs = facts.retryAfterMs ?? null
    this.notSent = facts.notSent ?? (kind === 'throttled' || kind === 'unauthorized' || kind === 'rejected')
  }
}
