import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, shifted } from '../../src/kit/clock.ts'
import { PATIENCE, retryAfterOf, retryAt } from '../../src/webhooks/backoff.ts'

const now = new Date('2026-03-01T12:00:00Z')
const chance = fc.double({ min: 0, max: 1, noNaN: true })

/** The tries of a receiver that takes nothing, in milliseconds since the first. */
function tries(chances: readonly number[], retryAfter: number | null = null): number[] {
  const found = [0]
  for (let at = now, n = 1; ; n++) {
    const next = retryAt({ attempts: n, failingSince: now, now: at, retryAfter, chance: chances[n % chances.length]! })
    if (next === null) return found
    found.push(next.getTime() - now.getTime())
    at = next
  }
}

test('a receiver that takes nothing is tried for three days, more and more seldom, the last time at their end', () => {
  fc.assert(fc.property(fc.array(chance, { minLength: 1, maxLength: 30 }), (chances) => {
    const at = tries(chances)
    expect(at.at(-1)).toBe(PATIENCE)
    expect(at[1]).toBeLessThanOrEqual(5000)
    expect(at.length).toBeGreaterThan(12)
    expect(at.length).toBeLessThan(30)
    const gaps = at.slice(1).map((one, index) => one - at[index]!)
    expect(gaps.every((gap) => gap > 0)).toBe(true)
  }))
})

test('what the receiver asks for is kept, but never beyond the three days', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: days(10) }), chance, fc.integer({ min: 1, max: 40 }), (retryAfter, luck, attempts) => {
    const at = retryAt({ attempts, failingSince: now, now, retryAfter, chance: luck })!
    expect(at.getTime() - now.getTime()).toBeGreaterThanOrEqual(Math.min(retryAfter, PATIENCE))
    expect(at <= shifted(now, PATIENCE)).toBe(true)
  }))
})

test.each([
  ['120', 120_000], ['0', 0], ['Sun, 01 Mar 2026 12:01:00 GMT', 60_000], ['Sun, 01 Mar 2026 11:00:00 GMT', 0], ['soon', null], [undefined, null], ['99999999999999999999', null],
])('Retry-After %s is %s ms', (header, expected) => {
  expect(retryAfterOf(header, now)).toBe(expected)
})
