import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../src/marketplaces/amazon/sp-api/bucket.ts'

const rate = fc.double({ min: 0.005, max: 50, noNaN: true })
const burst = fc.integer({ min: 1, max: 30 })
/** Pauses in milliseconds between tries, from none to minutes. */
const pauses = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 300_000 })), { maxLength: 300 })

describe('token bucket', () => {
  it('never lets more than burst + rate * t pass, in any stretch of any schedule', () => {
    fc.assert(
      fc.property(rate, burst, pauses, (ratePerSecond, most, schedule) => {
        const bucket = new TokenBucket(ratePerSecond, most, 0)
        const passed: number[] = []
        let now = 0
        for (const pause of schedule) {
          now += pause
          if (bucket.take(now)) passed.push(now)
        }
        for (const [from, start] of passed.entries()) {
          for (let to = from; to < passed.length; to += 1) {
            expect(to - from + 1).toBeLessThanOrEqual(most + (ratePerSecond * (passed[to]! - start)) / 1000 + 1e-6)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps to the highest rate that it was told, and lets nothing pass while it is closed', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('take' as const), pause: fc.integer({ min: 0, max: 20_000 }) }),
      fc.record({ kind: fc.constant('adjust' as const), rate }),
      fc.record({ kind: fc.constant('drain' as const), closed: fc.integer({ min: 0, max: 60_000 }) }),
    )
    fc.assert(
      fc.property(rate, burst, fc.array(step, { maxLength: 200 }), (first, most, steps) => {
        const bucket = new TokenBucket(first, most, 0)
        let now = 0
        let passed = 0
        let highest = first
        let closedUntil = 0
        for (const one of steps) {
          if (one.kind === 'adjust') {
            bucket.adjust(one.rate, now)
            highest = Math.max(highest, one.rate)
          } else if (one.kind === 'drain') {
            closedUntil = Math.max(closedUntil, now + one.closed)
            bucket.drain(now + one.closed, now)
          } else {
            now += one.pause
            const taken = bucket.take(now)
            if (now < closedUntil) expect(taken).toBe(false)
            if (taken) passed += 1
          }
        }
        expect(passed).toBeLessThanOrEqual(most + (highest * now) / 1000 + 1e-6)
      }),
    )
  })

  it('has a token exactly when it said it would', () => {
    fc.assert(
      fc.property(rate, burst, fc.integer({ min: 0, max: 60_000 }), (ratePerSecond, most, closed) => {
        const bucket = new TokenBucket(ratePerSecond, most, 0)
        bucket.drain(closed, 0)
        const wait = Math.ceil(bucket.waitFor(1, 0))
        if (wait > 1) expect(bucket.take(wait - 2)).toBe(false)
        expect(bucket.take(wait)).toBe(true)
      }),
    )
  })

  it('refills at the former rate up to the change, at the new one after it', () => {
    const bucket = new TokenBucket(1, 10, 0)
    bucket.drain(0, 0)
    bucket.adjust(0.5, 4000)
    expect(bucket.available(4000)).toBeCloseTo(4)
    expect(bucket.available(8000)).toBeCloseTo(6)
  })

  it('gains nothing from a clock that is set back', () => {
    const bucket = new TokenBucket(1, 1, 10_000)
    expect(bucket.take(10_000)).toBe(true)
    expect(bucket.take(5_000)).toBe(false)
    expect(bucket.take(5_500)).toBe(false)
    expect(bucket.take(6_000)).toBe(true)
  })
})
