// What a person can do about Amazon's refusals. Amazon publishes no list of them: the wordings are those of its documentation and of
// what sellers' applications have met, and they change without notice, so that they are matched loosely.
import { type Advice, ChannelError } from '../channel.ts'

/** As Amazon told it; `message` may begin with the operation and the status, as ours do. */
export interface Told {
  /** Null where it stood in an answer that was no refusal by its status. */
  httpStatus: number | null
  code: string | null
  message: string
}

/** `pattern` is tried on the code and the message in lower case, once with single blanks and once with letters and digits alone. */
interface Row extends Advice {
  pattern: RegExp
}

const row = (code: string, field: Advice['field'], pattern: RegExp, words: string): Row => ({ code, field, pattern, words })

/** The first row that fits counts: what is told precisely stands before what is only named. */
export const shipmentRows: readonly Row[] = [
  row('ACCOUNT_INACTIVE', null, /vacation mode|(account|status) is inactive/,
    'The seller\'s account is on holiday or inactive. Activate it in Seller Central, then send the tracking number again.'),
  row('SHIP_PLUS_ORDER', null, /ship\+|shipplus/,
    'This is a Ship+ order: Amazon confirms its shipment by itself from the label that was bought from Amazon. There is nothing to send.'),
  row('FULFILLED_BY_AMAZON', null, /(fulfilled|shipped) by amazon|fulfilledbyamazon|fulfillmentchannelafn/,
    'Amazon ships this order itself, so nobody else can confirm its shipment. There is nothing to send.'),
  row('ALREADY_SHIPPED', null,
    /packagetoupdatenotfound|matching package|package to update|already (been )?(fulfilled|shipped)|already(fulfilled|shipped)|invalidpackageversion|number of allowed updates/,
    'Amazon already counts this order as shipped, or no longer lets this package be changed. Look at the order in Seller Central: if its tracking number is right, nothing is left to do; else mend it there.'),
  row('ORDER_CANCELLED', null, /cancell?ed|nonexistentorderitem|order item list/,
    'Amazon finds nothing left to ship in this order: as a rule the buyer or Amazon has cancelled it. Look at the order in Seller Central, and call the parcel back if it is still in the warehouse.'),
  row('ORDER_NOT_READY', null, /not ready (to be shipped|for shipment)|(order|status) is pending|payment/,
    'Amazon has not released this order yet: its payment is still being checked. Send the tracking number again once the order shows as unshipped in Seller Central.'),
  row('QUANTITY_REFUSED', 'lines', /overfulfil|over ?(ship|quantity)|quantity/,
    'The package holds more of an item than Amazon has left to ship. Compare its lines with the order in Seller Central, where an item may have been cancelled or shipped already, and mend their quantities.'),
  row('ORDER_ITEM_UNKNOWN', 'lines', /order ?item/,
    'Amazon does not know an item of this package as one of the order. Read the order again, then mend the package\'s lines.'),
  row('PACKAGE_REFERENCE_REFUSED', null, /package ?reference/,
    'Amazon refuses the number that this gateway gave the package, which must be a positive whole number. Tell those who run the gateway; confirm the shipment in Seller Central meanwhile.'),
  row('SHIP_DATE_IN_FUTURE', 'shippedAt', /ship ?(ping ?)?date.*future|future.*ship ?(ping ?)?date/,
    'The ship date lies in the future. Give the moment at which the carrier took the parcel.'),
  row('SHIP_DATE_TOO_EARLY', 'shippedAt', /ship ?(ping ?)?date.*(before|earlier|prior|preced)|(before|earlier|prior|preced).*(purchase|order) ?date/,
    'The ship date lies before the order was placed. Give the moment at which the carrier took the parcel.'),
  row('SHIP_DATE_REFUSED', 'shippedAt', /ship ?(ping ?)?date|iso ?8601/,
    'Amazon does not take the ship date. Give the date and the time at which the carrier took the parcel, not before the order and not in the future.'),
  row('CARRIER_NAME_REQUIRED', 'carrier', /carrier ?name.*(required|blank|missing|empty|null|must)/,
    'Amazon wants the name of a carrier that it does not list. Give the carrier\'s name.'),
  row('CARRIER_MISNAMED', 'carrier', /carrier ?name ?correction/,
    'Amazon knows this carrier under another name. Choose the carrier from the list; if it is in none, have Amazon\'s name for it added to the carriers file.'),
  row('CARRIER_UNKNOWN', 'carrier', /invalid ?carrier|carrier ?(code ?)?(is )?(not supported|notsupported|unknown|unsupported|not recogni)/,
    'Amazon does not take this carrier. Choose another from the list, or have Amazon\'s name for it added to the carriers file.'),
  row('TRACKING_NUMBER_USED', 'trackingNumber', /duplicate ?tracking|tracking.*already/,
    'This tracking number was already given for another order. Correct it; each parcel has its own.'),
  row('TRACKING_NUMBER_BLOCKED', 'trackingNumber', /blocked ?tracking/,
    'Amazon has blocked this tracking number. Check it against the label, and ask Seller Support if it is right.'),
  row('TRACKING_NUMBER_REFUSED', 'trackingNumber', /tracking/,
    'The tracking number is missing or not in the form of the carrier\'s numbers. Check it and the carrier against the label.'),
  row('CARRIER_REFUSED', 'carrier', /carrier/,
    'Amazon does not take the carrier as it was given. Choose one from the list; one that Amazon does not list goes under its name as "Other".'),
  row('SERVICE_REFUSED', 'service', /ship(ping)? ?method/,
    'Amazon does not take the shipping service. Choose one of the carrier\'s own.'),
  row('TRANSPARENCY_CODES_REQUIRED', null, /transparency/,
    'An item is in Amazon\'s Transparency programme and wants its codes, which this gateway does not send. Confirm the shipment in Seller Central.'),
  row('MARKETPLACE_REFUSED', null, /marketplace/,
    'Amazon says that the order belongs to another marketplace than this connection\'s. Check the connection\'s marketplace in its settings.'),
  row('ORDER_NUMBER_REFUSED', null, /3-7-7|order ?id|order ?number/,
    'Amazon does not take the order\'s number. Check that the order is Amazon\'s own and stands in Seller Central.'),
]

const listingNotFound: Advice = {
  code: 'LISTING_NOT_FOUND',
  field: null,
  words: 'Amazon has no listing of the seller under this SKU. Check the SKU\'s spelling, create the listing in Seller Central, or leave the product out of this connection\'s stock.',
}

export const listingRows: readonly Row[] = [
  row('ATTRIBUTE_UNKNOWN', null, /90000900|attributes? (\S+ )?(is|are) (invalid|not (part of|known))|not part of the schema/,
    'Amazon does not know an attribute that this gateway sent. Tell those who run the gateway; set the quantity in Seller Central meanwhile.'),
  row('FULFILLED_BY_AMAZON', null, /(fulfilled|shipped) by amazon|fulfilledbyamazon|\bfba\b|\bamazon_[a-z]+\b/,
    'Amazon ships this product itself and counts its stock itself. Leave the product out of this connection\'s stock, or change its fulfillment in Seller Central.'),
  {
    ...listingNotFound,
    pattern:
      /\b13013\b|no record of (the|this) sku|(not|n't) match any|sku\b.*(not found|(not|n't) exist|unknown|not recogni)|(unknown|invalid) '?sku|listing.*(not found|(not|n't) exist)/,
  },
  row('PRODUCT_RESTRICTED', null,
    /\b(5461|5462|5665|6024)\b|qualification_?required|approval|not (authori[sz]ed|approved|eligible|permitted|allowed) (to|for)|restricted|\bgated\b|compliance/,
    'Amazon restricts this product: the seller may not offer it, or only after approval. Ask for approval in Seller Central, or leave the product out of this connection\'s stock.'),
  row('ACCOUNT_INACTIVE', null, /vacation mode|(account|status) is inactive/,
    'The seller\'s account is on holiday or inactive. Activate it in Seller Central; the quantity is then told again.'),
  row('LISTING_BLOCKED', null, /suppressed|blocked|removed|\b(is|was) (already )?(closed|inactive|deleted)\b/,
    'Amazon has closed or blocked this listing. Look at it in Seller Central and mend what Amazon names there.'),
  row('CHANNEL_REFUSED', null, /fulfillment[ _]?channel/,
    'Amazon does not take a quantity of the seller\'s own for this listing. Check in Seller Central that the listing is fulfilled by the seller.'),
  row('PRODUCT_TYPE_REFUSED', null, /product ?type/,
    'Amazon does not take the product type that this gateway names for the listing. Tell those who run the gateway; set the quantity in Seller Central meanwhile.'),
  row('LISTING_INCOMPLETE', null, /\b(90220|99022)\b|required but|(not|n't) (have )?(enough|supplied)|missing/,
    'The listing lacks something that Amazon wants before it takes a quantity. Complete the listing in Seller Central.'),
  row('CATALOG_CONFLICT', null, /\b(8541|8560)\b|conflicts? with|contradict/,
    'The listing does not agree with Amazon\'s catalogue. Look at it in Seller Central and mend what Amazon names there.'),
  row('QUANTITY_REFUSED', null, /quantity/,
    'Amazon does not take this quantity. It must be a whole number of 0 or more, within what Amazon allows for the product.'),
  row('AMAZON_FAILED', null, /internal (error|failure|service)|try again|resubmit/,
    'Amazon failed at its own end. The quantity is told again with the next run; if that goes on, ask Seller Support.'),
]

export const orderRows: readonly Row[] = [
  row('ORDER_DATA_NOT_SERVED', null, /included ?data|\bfulfillment\b/,
    'Amazon does not serve the orders\' status for this marketplace at present, and without it no order can be imported. They are found once it does again; ask Amazon\'s developer support, with the request\'s id, if it does not.'),
  row('MARKETPLACE_REFUSED', null, /marketplace/,
    'Amazon does not take this connection\'s marketplace. Check it in the connection\'s settings.'),
]

const orderNotFound: Advice = {
  code: 'ORDER_NOT_FOUND',
  field: null,
  words: 'Amazon does not know this order, or not as one of this seller. Check that the connection is the order\'s own; Amazon shows orders of the last two years only.',
}

const accessDenied: Advice = {
  code: 'ACCESS_DENIED',
  field: null,
  words: 'Amazon refuses access: the seller has withdrawn the authorization, it has expired, or the application lacks the role that this needs. Test the connection, and have the seller authorize it again.',
}

/** Of a refused confirmShipment. Never throws, whatever was told. */
export const shipmentAdvice = (told: Told): Advice =>
  adviceOf(told, shipmentRows, orderNotFound, 'Check the carrier, the tracking number and the ship date, and look at the order in Seller Central')

/** Of a refused quantity, be it told alone or in a feed. Never throws, whatever was told. */
export const listingAdvice = (told: Told): Advice =>
  adviceOf(told, listingRows, listingNotFound, 'Look at the listing in Seller Central')

/** Of orders that could not be read. Never throws, whatever was told. */
export const orderAdvice = (told: Told): Advice =>
  adviceOf(told, orderRows, orderNotFound, 'The next run asks again; if that goes on, tell those who run the gateway')

// Amazon's codes are inconsistent among its APIs ("Invalid Input", "InvalidInput", "BAD_REQUEST", "400"): the status decides first.
function adviceOf({ httpStatus, code, message }: Told, rows: readonly Row[], notFound: Advice, hint: string): Advice {
  if (httpStatus === 401 || httpStatus === 403) return accessDenied
  if (httpStatus === 404) return notFound
  const words = amazonsWords(message)
  const plain = `${code ?? ''} ${words}`.toLowerCase().replace(/\s+/g, ' ')
  const squeezed = plain.replace(/[^\p{L}\p{N}]/gu, '')
  const found = rows.find(({ pattern }) => pattern.test(plain) || pattern.test(squeezed))
  if (found !== undefined) return { code: found.code, field: found.field, words: found.words }
  const quoted = words === '' ? 'without giving a reason' : `in words that we have no better advice for: "${words}"`
  return { code: 'REFUSED', field: null, words: `Amazon refused it ${quoted}. ${hint}.` }
}

/** What Amazon said, without the operation, status and code that our errors begin with. */
export const amazonsWords = (message: string): string =>
  message.replace(/^\w+: (?:\d{3}(?: [^:]{0,60})?|[A-Z]+): /, '').replace(/\s+/g, ' ').trim().slice(0, 400)

/** The same error with advice, where it is a refusal; every other one as it is. */
export function advised(error: unknown, adviceFor: (told: Told) => Advice): unknown {
  if (!(error instanceof ChannelError) || (error.kind !== 'rejected' && error.kind !== 'unauthorized')) return error
  const { kind, message, code, httpStatus, requestId, retryAfterMs, notSent } = error
  const advice = kind === 'unauthorized' ? accessDenied : adviceFor({ httpStatus, code, message })
  return new ChannelError(kind, message, { code, httpStatus, requestId, retryAfterMs, notSent, advice })
}
