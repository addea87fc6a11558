// The order of Orders API v2026-01-01, as far as we read it; developer-docs.amazon.com/sp-api/docs/orders-api-v2026-01-01-reference.
import { FulfillmentStatus } from '@sp-api-sdk/orders-api-2026-01-01'
import { z } from 'zod'
import { isCurrency } from '../../kit/money.ts'

// Control characters have no business in a name or title, and a NUL would be refused by the database with the whole page.
const text = z.string().transform((value) => value.replace(/\p{Cc}/gu, ' ').trim())
const optionalText = text.nullish().transform((value) => (value === undefined || value === '' ? null : value))
// Its lines are the buyer's.
const letter = z
  .string()
  .nullish()
  .transform((value) => value?.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, ' ').trim() || null)
const id = z.string().regex(/^[\w.-]{1,64}$/, 'not an identifier')
const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value))
const optionalInstant = instant.nullish().transform((value) => value ?? null)
const count = z.int().min(0).max(2_147_483_647)
const optionalCount = count.nullish().transform((value) => value ?? null)

/** A number of RFC 7159 as text, exponents included, to a plain decimal; no digit is lost. */
export function exactDecimal(value: string): string | null {
  const parts = /^(\d{1,15})(?:\.(\d{1,15}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(value)
  if (parts === null) return null
  const [, whole = '', fraction = '', exponent = '0'] = parts
  const point = whole.length + Number(exponent)
  const digits = (whole + fraction).padEnd(point, '0').padStart(whole.length + fraction.length + Math.max(0, -point), '0')
  const split = Math.max(0, point)
  const left = digits.slice(0, split).replace(/^0+(?=\d)/, '') || '0'
  const right = digits.slice(split)
  if (left.length > 15) return null
  return right === '' ? left : `${left}.${right}`
}

const money = z.object({
  amount: z.string().transform((value, context) => {
    const exact = exactDecimal(value)
    if (exact !== null) return exact
    context.addIssue({ code: 'custom', message: 'not a decimal number of at least 0' })
    return z.NEVER
  }),
  currencyCode: z.string().refine(isCurrency, 'not a currency code'),
})

const item = z.object({
  orderItemId: id,
  quantityOrdered: count,
  product: z.object({
    sellerSku: optionalText,
    title: optionalText,
    price: z.object({ unitPrice: money.nullish() }).nullish(),
  }),
  fulfillment: z
    .object({
      quantityFulfilled: optionalCount,
      quantityUnfulfilled: optionalCount,
      packing: z.object({ giftOption: z.object({ giftMessage: letter, giftWrapLevel: optionalText }).nullish() }).nullish(),
    })
    .nullish(),
  cancellation: z
    .object({
      cancellationRequest: z.object({ cancelReason: optionalText }).nullish(),
      cancellationExecution: z.object({ cancelReason: optionalText }).nullish(),
    })
    .nullish(),
})

const address = z.object({
  name: optionalText,
  companyName: optionalText,
  addressLine1: optionalText,
  addressLine2: optionalText,
  addressLine3: optionalText,
  city: optionalText,
  districtOrCounty: optionalText,
  stateOrRegion: optionalText,
  municipality: optionalText,
  postalCode: optionalText,
  countryCode: optionalText,
  phone: optionalText,
})

const window = z.object({ latestDateTime: optionalInstant }).nullish()

export const orderAnswer = z
  .object({
    orderId: id,
    createdTime: instant,
    lastUpdatedTime: instant,
    salesChannel: z.object({ marketplaceId: z.string().nullish() }),
    fulfillment: z.object({
      fulfillmentStatus: z.enum(FulfillmentStatus),
      // Who ships decides whether an order is ours at all, so it is never guessed.
      fulfilledBy: z.enum(['MERCHANT', 'AMAZON']),
      fulfillmentServiceLevel: optionalText,
      shipByWindow: window,
      deliverByWindow: window,
    }),
    recipient: z.object({ deliveryAddress: address.nullish() }).nullish(),
    orderItems: z.array(item),
    packages: z.array(z.object({ packageReferenceId: id, carrier: optionalText, trackingNumber: optionalText })).nullish(),
  })
  .superRefine((order, context) => {
    const { fulfillmentStatus } = order.fulfillment
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
    if (order.orderItems.length === 0 && (fulfillmentStatus === 'UNSHIPPED' || fulfillmentStatus === 'PARTIALLY_SHIPPED')) {
      refuse('orderItems', 'a paid order without items')
    }
    if (new Set(order.orderItems.map((one) => one.orderItemId)).size < order.orderItems.length) refuse('orderItems', 'an orderItemId twice')
    const currencies = new Set(order.orderItems.flatMap((one) => one.product.price?.unitPrice?.currencyCode ?? []))
    if (currencies.size > 1) refuse('orderItems', 'more than one currency')
  })

export type OrderAnswer = z.output<typeof orderAnswer>
export type ItemAnswer = OrderAnswer['orderItems'][number]

/** The page's own shape; its orders are read one by one. */
export const pageAnswer = z.object({
  orders: z.array(z.unknown()),
  pagination: z.object({ nextToken: z.string().nullish() }).nullish(),
  lastUpdatedBefore: z.iso.datetime({ offset: true }).nullish().catch(null),
})

/** Where an answer is not as it should be, and why; never what stood there. */
export const problemOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'order'}: ${issue.message}`)
    .join('; ')
