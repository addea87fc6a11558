import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  advised, listingAdvice, listingRows, orderAdvice, orderRows, shipmentAdvice, shipmentRows, type Told,
} from '../../src/marketplaces/amazon/rejections.ts'
import { ChannelError } from '../../src/marketplaces/channel.ts'

type Sample = [code: string, field: string | null, message: string, amazonsCode?: string]

// What Amazon was seen to say, and what its documentation leads one to expect.
const shipments: Sample[] = [
  ['ACCOUNT_INACTIVE', null, 'Account is in vacation mode or status is inactive.'],
  ['SHIP_PLUS_ORDER', null, 'Ship+ orders cannot be confirmed with this operation.'],
  ['SHIP_PLUS_ORDER', null, 'Order of program FBM_SHIP_PLUS'],
  ['FULFILLED_BY_AMAZON', null, 'The order is fulfilled by Amazon: its shipment cannot be confirmed.'],
  ['ALREADY_SHIPPED', null, 'Failed to create package due to not finding a matching package or order already fulfilled. ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for order (), errorMetric=PackageToUpdateNotFound, packageIndex=null)'],
  ['ALREADY_SHIPPED', null, 'The maximum number of allowed updates is reached: InvalidPackageVersion'],
  ['ORDER_CANCELLED', null, 'ErrorCode: NonexistentOrderItem Description: Failed to find order item list by order ID: 1'],
  ['ORDER_CANCELLED', null, 'The order is cancelled.'],
  ['ORDER_NOT_READY', null, 'The order is PENDING: it is not ready to be shipped.'],
  ['QUANTITY_REFUSED', 'lines', 'Failed to create/update package due to overfulfillment'],
  ['QUANTITY_REFUSED', 'lines', 'quantity 2 of orderItemId 1001 is more than the 1 that are left to ship.'],
  ['ORDER_ITEM_UNKNOWN', 'lines', 'OrderItemId  is invalid, please obtain the value through the getOrderItems API or Manage Orders page'],
  ['PACKAGE_REFERENCE_REFUSED', null, 'PackageReferenceId: is invalid, must be a positive numeric value.'],
  ['PACKAGE_REFERENCE_REFUSED', null, 'The input you have submitted is not valid. Please check the fields with invalid type [packageDetail.packageReferenceId].'],
  ['SHIP_DATE_IN_FUTURE', 'shippedAt', 'ShipDate must not be in the future.'],
  ['SHIP_DATE_TOO_EARLY', 'shippedAt', 'The ship date is before the purchase date of the order.'],
  ['SHIP_DATE_REFUSED', 'shippedAt', 'shipDate must be a date-time in ISO 8601 format.'],
  ['CARRIER_NAME_REQUIRED', 'carrier', 'carrierName is required when carrierCode is Other.'],
  ['CARRIER_MISNAMED', 'carrier', 'ErrorCode: CarrierNameCorrection Description: did you mean FedEx?'],
  ['CARRIER_UNKNOWN', 'carrier', 'ErrorCode: InvalidCarrier Description: Selected carrier is not supported'],
  ['TRACKING_NUMBER_USED', 'trackingNumber', 'ErrorCode: DuplicateTrackingId Description: used'],
  ['TRACKING_NUMBER_BLOCKED', 'trackingNumber', 'ErrorCode: BlockedTrackingId Description: blocked'],
  ['TRACKING_NUMBER_REFUSED', 'trackingNumber', 'The tracking ID 1Z for UPS does not match the expected format for the carrier. Please verify that you have entered the tracking ID and carrier name correctly.'],
  ['TRACKING_NUMBER_REFUSED', 'trackingNumber', 'trackingNumber must not be blank.'],
  ['CARRIER_REFUSED', 'carrier', 'carrierCode must not be blank.'],
  ['SERVICE_REFUSED', 'service', 'shippingMethod must not be blank.'],
  ['TRANSPARENCY_CODES_REQUIRED', null, 'transparencyCodes: are missing'],
  ['MARKETPLACE_REFUSED', null, 'marketplaceId A1 is not the marketplace of the order.'],
  ['ORDER_NUMBER_REFUSED', null, 'X is not an order id of the form 3-7-7.'],
]
const listings: Sample[] = [
  ['ATTRIBUTE_UNKNOWN', null, 'The attributes are invalid.', '90000900'],
  ['ATTRIBUTE_UNKNOWN', null, 'The field fulfillmentChannelCode is not part of the schema.'],
  ['FULFILLED_BY_AMAZON', null, 'The offer is fulfilled by Amazon: its quantity cannot be set.'],
  ['LISTING_NOT_FOUND', null, 'There is no record of the SKU corresponding to this update on your account.', '13013'],
  ['LISTING_NOT_FOUND', null, 'The SKU MUG does not match any listing of yours.', '8541'],
  ['LISTING_NOT_FOUND', null, 'SKU \'MUG\' not found in marketplace ATVPDKIKX0DER'],
  ['PRODUCT_RESTRICTED', null, 'You need approval to list in this brand.', '5665'],
  ['PRODUCT_RESTRICTED', null, 'You are not authorized to list products of this brand.'],
  ['ACCOUNT_INACTIVE', null, 'The account is inactive.'],
  ['LISTING_BLOCKED', null, 'The listing is closed.'],
  ['CHANNEL_REFUSED', null, 'The fulfillment channel is not one of the seller\'s.', '4000001'],
  ['PRODUCT_TYPE_REFUSED', null, 'The Amazon product type specified is invalid or not supported.', '4000003'],
  ['LISTING_INCOMPLETE', null, '\'[batteries_required]\' is required but not supplied.', '90220'],
  ['CATALOG_CONFLICT', null, 'The SKU data provided conflicts with the Amazon catalog.'],
  ['QUANTITY_REFUSED', null, 'The field quantity must be a whole number of 0 or more.', '90244'],
  ['AMAZON_FAILED', null, 'An internal error occurred. Please resubmit your data.', '5002'],
]
const orders: Sample[] = [
  ['ORDER_DATA_NOT_SERVED', null, 'Invalid includedData value: FULFILLMENT'],
  ['MARKETPLACE_REFUSED', null, 'Marketplace A1 is not supported'],
]

describe.each([
  ['shipments', shipmentAdvice, shipmentRows, shipments, 'ORDER_NOT_FOUND'],
  ['listings', listingAdvice, listingRows, listings, 'LISTING_NOT_FOUND'],
  ['orders', orderAdvice, orderRows, orders, 'ORDER_NOT_FOUND'],
] as const)('refusals of %s', (_name, advise, rows, samples, notFound) => {
  it('are told in as many ways as there is advice', () => {
    expect(new Set(samples.map(([code]) => code))).toEqual(new Set(rows.map((row) => row.code)))
  })

  it.each(samples)('%s (%s): %s', (code, field, message, amazonsCode = 'InvalidInput') => {
    expect(advise({ httpStatus: 400, code: amazonsCode, message })).toMatchObject({ code, field })
    expect(advise({ httpStatus: 400, code: amazonsCode, message: `operation: 400 ${amazonsCode}: ${message}` })).toMatchObject({ code })
    expect(advise({ httpStatus: null, code: amazonsCode, message: message.toUpperCase().replaceAll(' ', '  ') })).toMatchObject({ code })
  })

  it.each([
    [401, 'ACCESS_DENIED'],
    [403, 'ACCESS_DENIED'],
    [404, notFound],
  ])('go by the status %i first', (httpStatus, code) => {
    for (const [, , message] of samples) expect(advise({ httpStatus, code: null, message }).code).toBe(code)
  })

  it.each(['InvalidInput', 'Invalid Input', 'BAD_REQUEST', '400', null])('quote what is unknown, whatever the code (%s)', (code) => {
    const advice = advise({ httpStatus: 400, code, message: `op: 400${code === null ? '' : ` ${code}`}: Computer says no.` })
    expect(advice).toMatchObject({ code: 'REFUSED', field: null, words: expect.stringContaining('"Computer says no."') })
  })

  it('give advice on any text, and never throw', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.constantFrom(...samples.map(([, , message]) => message)))
    const told: fc.Arbitrary<Told> = fc.record({
      httpStatus: fc.option(fc.integer({ min: 100, max: 599 })),
      code: fc.option(fc.string({ maxLength: 60 })),
      message: fc.tuple(text, text).map((parts) => parts.join(' ')),
    })
    fc.assert(
      fc.property(told, (one) => {
        const { code, words } = advise(one)
        expect(code).toMatch(/^[A-Z_]+$/)
        expect(words.length).toBeGreaterThan(20)
        expect(words.length).toBeLessThan(700)
      }),
    )
  })

  it('say what to do, in sentences', () => {
    for (const { words } of rows) expect(words).toMatch(/^[A-Z].*\.$/)
  })
})

describe('advice', () => {
  it('goes with refusals only, and changes nothing else of an error', () => {
    const facts = { code: 'InvalidInput', httpStatus: 400, requestId: 'r-1', notSent: false }
    const refused = advised(new ChannelError('rejected', 'confirmShipment: 400 InvalidInput: shipDate', facts), shipmentAdvice)
    expect(refused).toMatchObject({ ...facts, kind: 'rejected', message: 'confirmShipment: 400 InvalidInput: shipDate', advice: { field: 'shippedAt' } })
    const dead = new ChannelError('unauthorized', 'token: invalid_grant: no reason given', { code: 'invalid_grant', httpStatus: 400 })
    expect(advised(dead, shipmentAdvice)).toMatchObject({ kind: 'unauthorized', notSent: true, advice: { code: 'ACCESS_DENIED' } })
    for (const error of [new ChannelError('unavailable', 'shipDate'), new ChannelError('cancelled', 'shipDate'), new Error('shipDate')]) {
      expect(advised(error, shipmentAdvice)).toBe(error)
    }
  })
})
