import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { A_DAY, afterBusinessHours, type Calendar } from '../../src/onboarding/promise.ts'

// Clocks that change on a Sunday, on a Friday (Cairo, Jerusalem), by half an hour (Lord Howe), at midnight (Cairo, Santiago), and never.
const zones = ['America/Chicago', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu', 'Pacific/Auckland', 'Africa/Cairo', 'Asia/Jerusalem', 'Australia/Lord_Howe', 'America/Santiago', 'UTC']
const QUARTER = 15 * 60_000

const formats = new Map(zones.map((timeZone) => [timeZone, new Intl.DateTimeFormat('en-CA', { timeZone, weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' })]))
const onBusinessDay = (at: Date, { timeZone, holidays }: Calendar): boolean => {
  const parts = Object.fromEntries(formats.get(timeZone)!.formatToParts(at).map(({ type, value }) => [type, value]))
  return !/^(Sat|Sun)/.test(parts['weekday']!) && !holidays.includes(`${parts['year']}-${parts['month']}-${parts['day']}`)
}
/** Quarters of an hour that lie on business days, counted one by one. */
function counted(from: Date, until: Date, calendar: Calendar): number {
  let quarters = 0
  for (let at = from.getTime(); at < until.getTime(); at += QUARTER) if (onBusinessDay(new Date(at), calendar)) quarters++
  return quarters / 4
}

const aQuarter = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z') / QUARTER, max: Date.parse('2028-01-01T00:00:00Z') / QUARTER }).map((quarter) => new Date(quarter * QUARTER))
const aCalendar = fc.record({ timeZone: fc.constantFrom(...zones), holidays: fc.array(aQuarter.map((at) => at.toISOString().slice(0, 10)), { maxLength: 30 }) })
const hours = fc.integer({ min: 1, max: 120 })

describe('a promise', () => {
  test('counts every hour of business days and no other, and falls on one', () => {
    fc.assert(fc.property(aQuarter, hours, aCalendar, (from, promised, calendar) => {
      const due = afterBusinessHours(from, promised, calendar)
      expect([counted(from, due, calendar), onBusinessDay(due, calendar)]).toEqual([promised, true])
    }), { numRuns: 150 })
  })

  test('made later, or of more hours, is never due earlier; in parts it is due as in one', () => {
    fc.assert(fc.property(aQuarter, aQuarter, hours, hours, aCalendar, (one, other, some, more, calendar) => {
      const [first, second] = one < other ? [one, other] : [other, one]
      const due = afterBusinessHours(first, some, calendar)
      expect(due.getTime()).toBeLessThanOrEqual(afterBusinessHours(second, some, calendar).getTime())
      expect(due.getTime()).toBeLessThan(afterBusinessHours(first, some + more, calendar).getTime())
      expect(afterBusinessHours(due, more, calendar)).toEqual(afterBusinessHours(first, some + more, calendar))
    }))
  })

  const chicago = { timeZone: 'America/Chicago', holidays: ['2026-11-26', '2026-11-27', '2026-12-25'] }
  test.each([
    ['on a Friday evening is due on Monday evening', '2026-11-20T18:30:00-06:00', 24, chicago, '2026-11-23T18:30:00-06:00'],
    ['late on a Friday, when it is Saturday in UTC, still counts the evening', '2026-11-20T22:00:00-06:00', 2, chicago, '2026-11-23T00:00:00-06:00'],
    ['on a Saturday begins on Monday', '2026-11-21T12:00:00-06:00', 24, chicago, '2026-11-24T00:00:00-06:00'],
    ['of 48 hours over a weekend', '2026-11-19T09:00:00-06:00', 48, chicago, '2026-11-23T09:00:00-06:00'],
    ['before a holiday and its bridge day', '2026-11-25T15:00:00-06:00', 24, chicago, '2026-11-30T15:00:00-06:00'],
    ['on a holiday is as one made when it ends', '2026-12-25T10:00:00-06:00', 24, chicago, '2026-12-29T00:00:00-06:00'],
    ['over the night that clocks go back keeps its hour of the day', '2026-10-30T18:00:00-05:00', 24, chicago, '2026-11-02T18:00:00-06:00'],
    ['over the night that clocks go forward keeps its hour of the day', '2027-03-12T18:00:00-06:00', 24, chicago, '2027-03-15T18:00:00-05:00'],
    ['on a business day of 23 hours, without a midnight, counts 23', '2026-04-23T12:00:00+02:00', 24, { timeZone: 'Africa/Cairo', holidays: [] }, '2026-04-24T13:00:00+03:00'],
    ['is of the warehouse’s days: Saturday in Auckland is Friday in Chicago', '2026-11-20T12:00:00Z', 24, { timeZone: 'Pacific/Auckland', holidays: [] }, '2026-11-23T11:00:00Z'],
  ])('%s', (_, from, promised, calendar, due) => {
    expect(afterBusinessHours(new Date(from), promised, calendar)).toEqual(new Date(due))
  })

  test('of a business day is of 24 hours', () => expect(A_DAY).toBe(24))
})
