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
  /** Whose budget its calls are taken from; null for one that is only being tried out, before it is stored. */
  authorizationId: string | null
  marketplaceId: string
  merchantId: string
  /** JSON text. */
  credentials: string
}

/** What a seller's consent, or the credentials that they copied by hand, leave us with. */
export interface Grant {
  merchantId: string
  /** JSON text, for ChannelAccount.credentials. */
  credentials: string
  /** Null where the marketplace names no end. */
  expiresAt: Date | null
}

/** - `TOKEN`, `MARKETPLACE`, `SELLER`: without them it is no account of ours to use. The others are rights that some jobs need. */
export const accountChecks = ['TOKEN', 'MARKETPLACE', 'SELLER', 'ORDERS_ROLE', 'PERSONAL_DATA_ROLE', 'LISTINGS_ROLE'] as const
export interface AccountCheck {
  name: (typeof accountChecks)[number]
  passed: boolean
  /** For people: what was found and, where it failed, what to do. */
  message: string
}
export interface AccountTest {
  /** Each of accountChecks once, in that order. */
  checks: AccountCheck[]
  /** Of this channel, those on which the same authorization serves the seller. */
  marketplaceIds: string[]
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
  /** How the buyer wants it wrapped, and the words to go with it (personal data); null where it is no gift. */
  gift: { wrapping: string | null; message: string | null } | null
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
  /** Where the search goes on after this page, by whomever and for some hours to come: text that the channel alone reads. Null after the last. */
  next: string | null
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
  /** Where the budget is scarce, the nearest goes first. */
  shipBy: Date | null
  lines: { itemId: string; quantity: number }[]
}

export interface ListingQuantity {
  sellerSku: string
  quantity: number
}

/** A listing as the marketplace now has it. */
export interface OfferedListing {
  sellerSku: string
  /** MARKETPLACE where the marketplace ships it, be it beside the merchant: its quantity is never ours to set. */
  fulfilledBy: 'MERCHANT' | 'MARKETPLACE'
  /** Null where the merchant's was never set. */
  quantity: number | null
}

/**
 * - `PROCESSING`: ask again later. `DONE`: taken but for those refused, each SKU once. `FAILED`: the marketplace gave the whole up; what of it
 *   it took before, if anything, is not told.
 * What was taken may still take a while to show.
 */
export type SubmissionState =
  | { state: 'PROCESSING' }
  | { state: 'DONE'; refused: { sellerSku: string; code: string | null; message: string }[] }
  | { state: 'FAILED'; message: string }

/** A call's budget, as the marketplace publishes or tells it. */
export interface CallRate {
  ratePerSecond: number
  burst: number
}

/** Of a call that may have to wait for its budget. */
export interface CallTurn {
  /** The nearest goes first. */
  shipBy?: Date | null
  /** Milliseconds, after which it is rather `throttled`; the channel's own patience unless told. */
  waitMs?: number
}

/**
 * Where the calls of an authorization are counted, for all processes together. Each is one statement. Times are this process's
 * clock's, in milliseconds.
 */
export interface BudgetLedger {
  /**
   * Takes one call and answers `waitMs` 0; or takes none and answers the milliseconds until there may be one. `left`: whole calls that
   * are there now. A new entry begins full at `rate`; an older one keeps the rate that it was told last, and no more than this burst.
   */
  take(authorizationId: string, operation: string, rate: CallRate, now: number): Promise<{ waitMs: number; left: number }>
  /** The rate that an answer told. */
  adjust(authorizationId: string, operation: string, ratePerSecond: number, now: number): Promise<void>
  /** The marketplace says that nothing is left, and nothing will be before `until`. */
  drain(authorizationId: string, operation: string, until: number, now: number): Promise<void>
}

export interface Channel {
  readonly code: string
  readonly marketplaces: readonly Marketplace[]

  /**
   * Where the seller consents, after which the marketplace sends them to `redirectUrl` with `state`; null where the application is
   * not configured for that.
   */
  consentUrl(marketplaceId: string, to: { state: string; redirectUrl: string }): string | null
  /**
   * Finishes a consent with what the marketplace added to `redirectUrl`.
   * @throws ChannelError `rejected` where that is no consent, or one whose code was used or is too old
   */
  grantOfConsent(marketplaceId: string, answer: Readonly<Record<string, string>>, redirectUrl: string, signal: AbortSignal): Promise<Grant>
  /** Of credentials copied by hand. Nothing is asked of the marketplace: testAccount does. */
  grantOfCopy(copied: { merchantId: string; token: string }): Grant
  /** Tries an account out, and changes nothing there. @throws ChannelError where the marketplace could not be asked at all. */
  testAccount(account: ChannelAccount, signal: AbortSignal): Promise<AccountTest>
  /** When the application's own secret ends, which all connections share; null where nobody said. */
  readonly secretExpiresAt: Date | null

  /**
   * Every order that changed since `updatedFrom`, page by page. Each call of the marketplace waits for the connection's own budget;
   * a passing fault is retried; what remains is thrown as a ChannelError. `goOn`: the `next` of an earlier page of the same search, be it
   * another process's; where the marketplace does not know it any more, the search begins again from its own first page.
   */
  searchOrders(account: ChannelAccount, query: { updatedFrom: Date; goOn?: string | null; signal: AbortSignal }): AsyncIterable<OrderPage>
  /** One order with its packages, or null where the marketplace does not know it. */
  getOrder(account: ChannelAccount, number: string, signal: AbortSignal, turn?: CallTurn): Promise<FoundOrder | null>
  /**
   * Reads an order again from the JSON text that was recorded of it.
   * @throws never: what cannot be read is a FoundOrder without an order.
   */
  readRecorded(account: Pick<ChannelAccount, 'marketplaceId'>, number: string, recorded: string): FoundOrder
  /** Tells the marketplace of one package. Returns once it has taken the message, which is not yet its acceptance. */
  confirmShipment(account: ChannelAccount, confirmation: ShipmentConfirmation, signal: AbortSignal): Promise<void>
  /** @throws ChannelError `rejected` where the marketplace refuses the quantity. */
  setQuantity(account: ChannelAccount, listing: ListingQuantity, signal: AbortSignal): Promise<void>
  /**
   * Hands in many quantities at one stroke; each SKU once, at most `bulk.most`. The answer is the marketplace's id of it.
   * @throws ChannelError `rejected` where it refuses the whole
   */
  submitQuantities(account: ChannelAccount, listings: readonly ListingQuantity[], signal: AbortSignal): Promise<string>
  /** `sellerSkus`: those that were submitted, in any order; a marketplace may name the refused ones by their place alone. */
  readSubmission(account: ChannelAccount, reference: string, signal: AbortSignal, sellerSkus: readonly string[]): Promise<SubmissionState>
  /** Submissions are for more than `above` quantities (fewer are sooner told one by one within the budget), and for at most `most`. */
  readonly bulk: { readonly above: number; readonly most: number }
  /** Any number of SKUs, asked a page at a time; those that the marketplace does not list are left out. */
  readListings(account: ChannelAccount, sellerSkus: readonly string[], signal: AbortSignal): Promise<OfferedListing[]>
  /** The marketplace's carrier code for a carrier of ours (its `code` in shipments/carriers.ts); "Other" where it has none. */
  carrierCode(carrier: string): string
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

/** What a person can do about a refusal. */
export interface Advice {
  /** Stable, for programs, e.g. TRACKING_NUMBER_REFUSED. */
  code: string
  /** The part of the routing to mend, or null where it is none of them. */
  field: 'carrier' | 'service' | 'trackingNumber' | 'shippedAt' | 'lines' | null
  /** A sentence or two: what is wrong, and what to do. */
  words: string
}

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
  readonly advice: Advice | null

  constructor(kind: ChannelErrorKind, message: string, facts: Partial<Pick<ChannelError, 'code' | 'httpStatus' | 'requestId' | 'retryAfterMs' | 'notSent' | 'advice'>> = {}) {
    super(message)
    this.name = 'ChannelError'
    this.kind = kind
    this.code = facts.code ?? null
    this.httpStatus = facts.httpStatus ?? null
    this.requestId = facts.requestId ?? null
    this.retryAfterMs = facts.retryAfterMs ?? null
    this.advice = facts.advice ?? null
    this.notSent = facts.notSent ?? (kind === 'throttled' || kind === 'unauthorized' || kind === 'rejected')
  }
}
