import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currencyDigits, divideEvenly, fromMinor, isCurrency, money, sumOf, toMinor } from '../../src/kit/money.ts'

// 2, 0 and 3 decimals.
const currency = fc.constantFrom('USD', 'JPY', 'KWD')
const minor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })

test('currencies have the decimals of ISO 4217', () => {
  expect(['USD', 'EUR', 'JPY', 'KRW', 'KWD', 'BHD'].map(currencyDigits)).toEqual([2, 2, 0, 0, 3, 3])
  expect(['USD', 'XXQ', 'usd', ''].map(isCurrency)).toEqual([true, false, false, false])
})

test('minor units and text are the same amount', () => {
  fc.assert(fc.property(minor, currency, (amount, code) => {
    const text = fromMinor(amount, code)
    expect(toMinor(text, code)).toBe(amount)
    expect(text.split('.')[1]?.length ?? 0).toBe(currencyDigits(code))
    expect(money(`${text}${text.includes('.') ? '' : '.'}000`, code).amount).toBe(text)
  }))
})

test.each([['1.005', 'USD'], ['1.5', 'JPY'], ['0.0001', 'KWD'], ['', 'USD'], ['1,5', 'USD'], ['1e3', 'USD'], ['+1', 'USD'], [' 1', 'USD'], ['.5', 'USD'], ['NaN', 'USD']])('%s %s is no amount', (text, code) => {
  expect(toMinor(text, code)).toBeNull()
})

test('zeros beyond the minor unit are none the finer, and none that counts goes', () => {
  expect([toMinor('1.500', 'USD'), toMinor('7.000', 'JPY')]).toEqual([150n, 7n])
  expect([money('12.5000', 'USD'), money('12.0000', 'JPY'), money('0.0125', 'USD'), money('3', 'KWD')].map((one) => one.amount)).toEqual(['12.50', '12', '0.0125', '3.000'])
})

test('divided evenly: the parts sum to the whole and differ by one unit at most, the first ones bearing it', () => {
  fc.assert(fc.property(minor, fc.integer({ min: 1, max: 500 }), (total, count) => {
    const parts = divideEvenly(total, count)
    expect(parts).toHaveLength(count)
    expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total)
    const sizes = parts.map((part) => (part < 0n ? -part : part))
    for (const [index, size] of sizes.entries()) {
      expect(sizes[0]! - size <= 1n).toBe(true)
      if (index > 0) expect(size <= sizes[index - 1]!).toBe(true)
    }
  }))
})

test('sums are exact where floats are not', () => {
  expect(sumOf([{ amount: '0.1', quantity: 1 }, { amount: '0.2', quantity: 1 }])).toBe('0.3')
  expect(sumOf([])).toBe('0')
  fc.assert(fc.property(fc.array(fc.tuple(minor, currency, fc.integer({ min: 0, max: 10_000 }))), (items) => {
    const exact = items.reduce((sum, [amount, code, quantity]) => sum + amount * 10n ** BigInt(3 - currencyDigits(code)) * BigInt(quantity), 0n)
    expect(toMinor(sumOf(items.map(([amount, code, quantity]) => ({ amount: fromMinor(amount, code), quantity }))), 'KWD')).toBe(exact)
  }))
})
