import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactDecimal } from '../../src/marketplaces/amazon/order-answer.ts'
import { readOrder } from '../../src/marketplaces/amazon/read-order.ts'
import { amazonCarrierCode } from '../../src/marketplaces/amazon/carriers.ts'
import { amazonMarketplaces, defaultLegacyDeveloperAccounts } from '../../src/marketplaces/amazon/sites.ts'
import { currencyDigits, fromMinor, isCurrency, toMinor } from '../../src/kit/money.ts'
import type { MarketplaceOrder } from '../../src/marketplaces/channel.ts'

const US = 'ATVPDKIKX0DER'
const item = (more: object = {}): object => ({
  orderItemId: '1001',
  quantityOrdered: 5,
  product: { sellerSku: 'MUG', title: 'A mug', price: { unitPrice: { amount: '12.50', currencyCode: 'USD' } } },
  ...more,
})
const priced = (amount: unknown, currencyCode: string): object => ({ price: { unitPrice: { amount, currencyCode } } })
const answer = (more: object = {}, fulfillment: object = {}): object => ({
  orderId: '111-2222222-3333333',
  createdTime: '2026-01-01T00:00:00Z',
  lastUpdatedTime: '2026-01-01T01:00:00.5+01:00',
  salesChannel: { channelName: 'AMAZON', marketplaceId: US },
  fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT', ...fulfillment },
  orderItems: [item()],
  ...more,
})
function read(value: object): MarketplaceOrder {
  const found = readOrder(value, US)
  if (found.order === null) throw new Error(found.problem)
  return found.order
}
const lineOf = (more: object, status: string) =>
  read(answer({ orderItems: [item(more)] }, { fulfillmentStatus: status })).lines[0]

describe('orders of Amazon', () => {
  it.each([
    ['shipped in part', { fulfillment: { quantityFulfilled: 2, quantityUnfulfilled: 3 } }, 'PARTIALLY_SHIPPED', 2, 0],
    ['shipped and cancelled in part', { fulfillment: { quantityFulfilled: 2, quantityUnfulfilled: 1 } }, 'PARTIALLY_SHIPPED', 2, 2],
    ['cancelled', {}, 'CANCELLED', 0, 5],
    ['cancelled alone among others', { cancellation: { cancellationExecution: { cancelledBy: 'BUYER' } } }, 'UNSHIPPED', 0, 5],
    ['pending, with nothing to ship yet', { fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 0 } }, 'PENDING', 0, 0],
    ['told nothing about', {}, 'UNSHIPPED', 0, 0],
  ])('counts a line that is %s', (_name, more, status, quantityShipped, quantityCancelled) => {
    expect(lineOf(more, status)).toMatchObject({ quantity: 5, quantityShipped, quantityCancelled })
  })

  it('asks of a cancel request only until it is done', () => {
    const cancellationRequest = { requester: 'BUYER', cancelReason: 'Too late' }
    const withRequest = answer({ orderItems: [item({ cancellation: { cancellationRequest } })] })
    expect(read(withRequest)).toMatchObject({ cancelRequested: true, cancelReason: 'Too late' })
    const cancellation = { cancellationRequest, cancellationExecution: { cancelReason: 'BUYER_CANCELLED' } }
    const done = answer({ orderItems: [item({ cancellation })] }, { fulfillmentStatus: 'CANCELLED' })
    expect(read(done)).toMatchObject({ cancelRequested: false, cancelReason: 'BUYER_CANCELLED' })
  })

  it('names its status in our words and in Amazon\'s', () => {
    const unavailable = answer({}, { fulfillmentStatus: 'PENDING_AVAILABILITY' })
    expect(read(unavailable)).toMatchObject({ status: 'PENDING', marketplaceStatus: 'PENDING_AVAILABILITY' })
    expect(read(answer({}, { fulfilledBy: 'AMAZON' })).fulfilledBy).toBe('MARKETPLACE')
    expect(read(answer()).updatedAt.toISOString()).toBe('2026-01-01T00:00:00.500Z')
  })

  it('reads who ships, and that nobody can', () => {
    const amazons = read(answer({ orderItems: [item({ product: { title: 'A mug' } })] }, { fulfilledBy: 'AMAZON', fulfillmentStatus: 'SHIPPED' }))
    expect(amazons).toMatchObject({ fulfilledBy: 'MARKETPLACE', status: 'SHIPPED', lines: [{ sellerSku: null, unitPrice: null }], currencyCode: null })
    expect(read(answer({}, { fulfillmentStatus: 'UNFULFILLABLE' }))).toMatchObject({ status: 'UNFULFILLABLE', marketplaceStatus: 'UNFULFILLABLE' })
  })

  it('reads how each item is to be wrapped, and the words to go with it', () => {
    const giftOf = (packing: unknown) => lineOf({ fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 5, packing } }, 'UNSHIPPED')?.gift
    const option = { giftWrapLevel: 'Gift bag ', giftMessage: ' Happy birthday,\r\nJane!\u0000\n\nYour Joe ' }
    expect(giftOf({ giftOption: option })).toEqual({ wrapping: 'Gift bag', message: 'Happy birthday,\nJane! \n\nYour Joe' })
    expect(giftOf({ giftOption: { giftWrapLevel: 'Paper' } })).toEqual({ wrapping: 'Paper', message: null })
    expect(giftOf({ giftOption: { giftMessage: 'Hello' } })).toEqual({ wrapping: null, message: 'Hello' })
    for (const none of [undefined, null, {}, { giftOption: null }, { giftOption: {} }, { giftOption: { giftMessage: ' ', giftWrapLevel: '' } }]) {
      expect(giftOf(none)).toBeNull()
    }
    const two = read(answer({ orderItems: [item({ fulfillment: { packing: { giftOption: option } } }), item({ orderItemId: '1002' })] }))
    expect(two.lines.map((one) => one.gift !== null)).toEqual([true, false])
  })

  it.each([...amazonMarketplaces('Us', defaultLegacyDeveloperAccounts, true).map((site) => site.currencyCode), 'KWD'])('reads prices in %s to their last digit', (currency) => {
    const scale = currencyDigits(currency)
    const amount = fromMinor(1_234_567n, currency)
    const order = read(answer({ orderItems: [item({ product: priced(amount, currency) })] }))
    expect(order).toMatchObject({ currencyCode: currency, lines: [{ unitPrice: amount }] })
    expect(amount.split('.')[1] ?? '').toHaveLength(scale)
    expect(toMinor(order.lines[0]?.unitPrice ?? '', currency)).toBe(1_234_567n)
    const finer = read(answer({ orderItems: [item({ product: priced('1200.00', currency) })] }))
    expect(toMinor(finer.lines[0]?.unitPrice ?? '', currency)).toBe(1200n * 10n ** BigInt(scale))
  })

  it('reads an address as far as it is told', () => {
    const address = (deliveryAddress: object) => read(answer({ recipient: { deliveryAddress } })).shipTo
    expect(read(answer()).shipTo).toBeNull()
    expect(address({ name: ' ', countryCode: '' })).toBeNull()
    const british = address({ name: 'Jane\u0000 Roe', city: 'Leeds', countryCode: 'gb' })
    expect(british).toMatchObject({ name: 'Jane  Roe', city: 'Leeds', countryCode: 'GB', line1: null })
    const brazilian = address({ addressLine1: '1 Rua', municipality: 'Campinas', stateOrRegion: 'SP', districtOrCounty: 'Centro' })
    expect(brazilian).toMatchObject({ city: 'Campinas', region: 'SP', line3: 'Centro' })
  })

  it.each([
    ['no items', answer({ orderItems: undefined }), 'orderItems'],
    ['a paid order of nothing', answer({ orderItems: [] }), 'orderItems'],
    ['an item twice', answer({ orderItems: [item(), item()] }), 'orderItems'],
    ['a gift message that is no text', answer({ orderItems: [item({ fulfillment: { packing: { giftOption: { giftMessage: ['SECRET'] } } } })] }), 'giftMessage'],
    ['two currencies', answer({ orderItems: [item(), item({ orderItemId: '2', product: priced('1', 'EUR') })] }), 'currency'],
    ['a price that is a number', answer({ orderItems: [item({ product: priced(12.5, 'USD') })] }), 'orderItems.0.product.price.unitPrice'],
    ['an unknown status', answer({}, { fulfillmentStatus: 'SECRET' }), 'fulfillment.fulfillmentStatus'],
    ['no word of who ships', answer({}, { fulfilledBy: undefined }), 'fulfillment.fulfilledBy'],
    ['a fraction of an item', answer({ orderItems: [item({ quantityOrdered: 1.5 })] }), 'orderItems.0.quantityOrdered'],
    ['another marketplace', answer({ salesChannel: { channelName: 'AMAZON', marketplaceId: 'SECRET' } }), 'salesChannel.marketplaceId'],
    ['a time that is none', answer({ createdTime: 'SECRET' }), 'createdTime'],
  ])('quarantines %s: it says where, and quotes nothing', (_name, value, path) => {
    const found = readOrder(value, US)
    expect(found).toMatchObject({ order: null, number: '111-2222222-3333333', recorded: JSON.stringify(value) })
    const { problem } = found as { problem: string }
    expect(problem).toContain(path)
    expect(problem).not.toContain('SECRET')
  })

  it('never throws, whatever is given, and names what has no number by its content', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const found = readOrder(value, US)
        expect(found.order).toBeNull()
        expect(readOrder(value, US)).toEqual(found)
        expect((found as { number: string }).number).toMatch(/^[\w-]{1,40}$/)
      }),
    )
  })
})

describe('exact decimals', () => {
  it.each([
    ['12.50', '12.50'],
    ['0', '0'],
    ['1E3', '1000'],
    ['1.0E1', '10'],
    ['12.34e1', '123.4'],
    ['5E-2', '0.05'],
    ['007', '7'],
    ['999999999999.99', '999999999999.99'],
  ])('reads %s as %s', (given, exact) => {
    expect(exactDecimal(given)).toBe(exact)
  })
  it.each(['', '-1', '1,5', 'NaN', '1e99', '.5', '0x1', ' 1'])('refuses "%s"', (given) => expect(exactDecimal(given)).toBeNull())
  it('loses no digit', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: -6, max: 5 }), (digits, exponent) => {
      expect(Number(exactDecimal(`${digits}E${exponent}`))).toBe(Number(`${digits}e${exponent}`))
    }))
  })
})

describe('marketplaces of Amazon', () => {
  const sites = amazonMarketplaces('Our Name', { ...defaultLegacyDeveloperAccounts, EUROPE: '42' }, false)

  it('are distinct, with what their country uses', () => {
    expect(new Set(sites.map((site) => site.id)).size).toBe(23)
    expect(new Set(sites.map((site) => site.countryCode)).size).toBe(23)
    for (const site of sites) {
      expect(isCurrency(site.currencyCode)).toBe(true)
      expect(() => new Intl.DateTimeFormat('en', { timeZone: site.timeZone })).not.toThrow()
      expect(new URL(site.sellerPortalUrl).hostname).toMatch(/^sellercentral/)
      expect(site.authorizationSteps.join(' ')).toContain('Our Name')
    }
  })

  it('name the developer account of their own region', () => {
    const accounts = Object.fromEntries(sites.map((site) => [site.countryCode, site.legacyDeveloperAccount]))
    expect(accounts).toMatchObject({ US: '6009-1364-0071', BR: '6009-1364-0071', DE: '42', AU: '267134821941' })
    expect(accounts).toMatchObject({ JP: '11829100695', SG: '11829100695' })
  })
})

describe('carriers', () => {
  it('go by Amazon\'s names, by our own where configured, and else as Other', () => {
    const known = ['UPS', 'fedex', 'ROYAL_MAIL', 'ONTRAC'].map((code) => amazonCarrierCode(code))
    expect(known).toEqual(['UPS', 'FedEx', 'Royal Mail', 'OnTrac'])
    expect(['JAPAN_POST', 'PUROLATOR', 'DHL_ECOMMERCE'].map((code) => amazonCarrierCode(code))).toEqual(['Japan Post', 'PUROLATOR', 'DHL eCommerce'])
    for (const code of ['EVRI', 'constructor', '']) expect(amazonCarrierCode(code)).toBe('Other')
    expect(amazonCarrierCode('EVRI', { EVRI: 'Evri' })).toBe('Evri')
    expect(amazonCarrierCode('UPS', { UPS: 'UPSMI' })).toBe('UPSMI')
  })
})
