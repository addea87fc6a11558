import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { available, explainQuantity, type SharingRule, type StockLevels, toldQuantity } from '../../src/inventory/level.ts'

const units = fc.integer({ min: 0, max: 2_000_000_000 })
const levels: fc.Arbitrary<StockLevels> = fc.record({ onHand: units, onHold: units, allocated: units })
const rule: fc.Arbitrary<SharingRule> = fc.record({
  buffer: fc.nat(1_000_000), percent: fc.nat(100), unitsPerItem: fc.integer({ min: 1, max: 10_000 }), maximum: fc.option(fc.nat(1_000_000)),
})

describe('the quantity that a marketplace is told', () => {
  it('is explained line by line', () => {
    const steps = explainQuantity({ onHand: 120, onHold: 5, allocated: 10 }, { buffer: 4, percent: 50, unitsPerItem: 6, maximum: 5 })
    expect(steps).toEqual([
      { label: 'On hand', change: 120, result: 120 },
      { label: 'On hold', change: -5, result: 115 },
      { label: 'Allocated to open orders', change: -10, result: 105 },
      { label: 'Buffer', change: -4, result: 101 },
      { label: 'Share of 50%', change: -51, result: 50 },
      { label: 'Packs of 6', change: -42, result: 8 },
      { label: 'At most 5', change: -3, result: 5 },
    ])
  })

  it('is 0 where more was sold than there is, and says so', () => {
    expect(explainQuantity({ onHand: 2, onHold: 0, allocated: 5 }, { buffer: 0, percent: 100, unitsPerItem: 1, maximum: null }).slice(-2)).toEqual([
      { label: 'Buffer', change: 0, result: -3 },
      { label: 'Never below 0', change: 3, result: 0 },
    ])
  })

  it('is the sum of its explanation, and each line continues the one before', () => {
    fc.assert(
      fc.property(levels, rule, (stock, sharing) => {
        let so = 0
        for (const { change, result } of explainQuantity(stock, sharing)) {
          so += change
          expect(result).toBe(so)
        }
        expect(toldQuantity(stock, sharing)).toBe(so)
      }),
    )
  })

  it('never promises more than is available, nor less than 0', () => {
    fc.assert(
      fc.property(levels, rule, (stock, sharing) => {
        const quantity = toldQuantity(stock, sharing)
        expect(quantity).toBeGreaterThanOrEqual(0)
        expect(quantity * sharing.unitsPerItem).toBeLessThanOrEqual(Math.max(0, available(stock)))
      }),
    )
  })

  it('exceeds no maximum, of items rather than units, and reaches it where there is enough', () => {
    fc.assert(
      fc.property(levels, rule, fc.nat(1000), (stock, sharing, maximum) => {
        expect(toldQuantity(stock, { ...sharing, maximum })).toBe(Math.min(maximum, toldQuantity(stock, { ...sharing, maximum: null })))
      }),
    )
  })

  it('falls with each unit kept back, and rises with none', () => {
    fc.assert(
      fc.property(levels, rule, fc.nat(1000), (stock, sharing, more) => {
        expect(toldQuantity(stock, { ...sharing, buffer: sharing.buffer + more })).toBeLessThanOrEqual(toldQuantity(stock, sharing))
      }),
    )
  })
})
