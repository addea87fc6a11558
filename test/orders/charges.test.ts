import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromMinor, toMinor } from '../../src/kit/money.ts'
import { type ChargeInput, planCharges, refuseCharges, refuseCurrency, sumCharges } from '../../src/orders/charges.ts'

const currency = fc.constantFrom('USD', 'JPY', 'KWD')
const charge = (amount: string, currencyCode = 'USD', code = 'HANDLING'): ChargeInput => ({ code, amount: { amount, currencyCode } })
const count = fc.integer({ min: 1, max: 500 })
const minor = fc.bigInt({ min: 1n, max: 10n ** 12n })

describe('charges', () => {
  it('divided evenly: sum exactly to the whole, differ by at most one minor unit, the larger ones first', () => {
    fc.assert(fc.property(minor, currency, count, (whole, code, orders) => {
      const parts = planCharges([charge(fromMinor(whole, code), code)], 'DIVIDED_EVENLY', orders).map((borne) => (borne[0] ? toMinor(borne[0].amount.amount, code)! : 0n))
      expect(parts.length).toBe(orders)
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(whole)
      expect(parts[0]! - parts.at(-1)!).toBeLessThanOrEqual(1n)
      for (const [index, part] of parts.entries()) if (index > 0) expect(part).toBeLessThanOrEqual(parts[index - 1]!)
    }))
  })

  it('separately: each order bears the whole of each', () => {
    fc.assert(fc.property(fc.array(minor, { maxLength: 4 }), currency, count, (wholes, code, orders) => {
      const inputs = wholes.map((whole) => charge(fromMinor(whole, code), code))
      for (const borne of planCharges(inputs, 'SEPARATELY', orders)) expect(borne.map((one) => one.amount)).toEqual(inputs.map((one) => one.amount))
    }))
  })

  it('3 cents over 5 orders: the first three bear one each, the others no such charge', () => {
    expect(planCharges([charge('0.03')], 'DIVIDED_EVENLY', 5).map((borne) => borne.map((one) => one.amount.amount))).toEqual([['0.01'], ['0.01'], ['0.01'], [], []])
    expect(planCharges([charge('10.00')], 'DIVIDED_EVENLY', 3).map((borne) => borne[0]!.amount.amount)).toEqual(['3.34', '3.33', '3.33'])
    expect(planCharges([charge('100', 'JPY')], 'DIVIDED_EVENLY', 3).map((borne) => borne[0]!.amount.amount)).toEqual(['34', '33', '33'])
    expect(planCharges([charge('1.000', 'KWD')], 'DIVIDED_EVENLY', 3).map((borne) => borne[0]!.amount.amount)).toEqual(['0.334', '0.333', '0.333'])
    expect(planCharges([charge('1.00')], 'DIVIDED_EVENLY', 0)).toEqual([])
  })

  it.each([
    ['0.00', 'USD', 'AMOUNT_INVALID'], ['-1.00', 'USD', 'AMOUNT_INVALID'], ['0.005', 'USD', 'AMOUNT_INVALID'], ['1.5', 'JPY', 'AMOUNT_INVALID'], ['0.0001', 'KWD', 'AMOUNT_INVALID'], ['1', 'XYZ', 'INVALID'],
  ])('refuses %s %s: %s', (amount, code, expected) => {
    expect(refuseCharges([charge('1.00'), charge(amount, code)])).toMatchObject([{ code: expected, field: expect.arrayContaining(['charges', '1', 'amount']) }])
  })

  it('refuses a blank code and more charges than anyone needs, and takes trailing zeros', () => {
    expect(refuseCharges([charge('1', 'USD', '  ')])).toMatchObject([{ code: 'REQUIRED', field: ['charges', '0', 'code'] }])
    expect(refuseCharges(Array.from({ length: 51 }, () => charge('1')))).toMatchObject([{ code: 'TOO_MANY', field: ['charges'] }])
    expect(refuseCharges([charge('1.500'), charge('0.001', 'KWD'), charge('7', 'JPY')])).toEqual([])
  })

  it("refuses another currency than the order's; an order without one bears any", () => {
    expect(refuseCurrency([charge('1'), charge('1', 'EUR')], 'USD', 'n')).toMatchObject([{ code: 'CURRENCY_MISMATCH', field: ['charges', '1', 'amount', 'currencyCode'] }])
    expect(refuseCurrency([charge('1'), charge('1', 'EUR')], null, 'n')).toEqual([])
  })

  it('sums up what an order bears in its own currency', () => {
    const charges = [{ amount: '1.2500', currencyCode: 'USD' }, { amount: '0.0050', currencyCode: 'USD' }, { amount: '9.0000', currencyCode: 'EUR' }]
    expect(sumCharges(charges, 'USD')).toEqual({ amount: '1.255', currencyCode: 'USD' })
    expect(sumCharges([], 'USD')).toBeNull()
    expect(sumCharges([{ amount: '2', currencyCode: 'JPY' }], null)).toEqual({ amount: '2', currencyCode: 'JPY' })
  })
})
