import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, minutes, seconds, shifted } from '../../src/kit/clock.ts'
import { dueAt, type Frequency } from '../../src/notifications/due.ts'

const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'America/Sao_Paulo', 'UTC']
const zone = fc.constantFrom(...zones)
const instant = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2028-01-01T00:00:00Z'), noInvalidDate: true })

/** As the contact's clock shows it. */
function shown(at: Date, timeZone: string): { date: string; time: string } {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }).formatToParts(at).map(({ type, value }) => [type, value]))
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, time: `${parts['hour']}:${parts['minute']}:${parts['second']}` }
}
/** The digests of somebody to whom something happens all the time. */
function digests(frequency: Frequency, timeZone: string, from: string, to: string): Date[] {
  const found: Date[] = []
  for (let at = dueAt(frequency, timeZone, new Date(from), null); at < new Date(to); at = dueAt(frequency, timeZone, at, null)) found.push(at)
  return found
}

test('a digest comes later than what it tells, and by no more than its time', () => {
  fc.assert(fc.property(instant, zone, (at, timeZone) => {
    const [hourly, daily] = [dueAt('HOURLY', timeZone, at, null), dueAt('DAILY', timeZone, at, null)]
    expect(hourly > at && hourly <= shifted(at, minutes(60))).toBe(true)
    expect(daily > at && daily <= shifted(at, minutes(25 * 60))).toBe(true)
    expect(shown(hourly, timeZone).time).toMatch(/^\d\d:00:00$/)
    expect(shown(daily, timeZone).time).toBe('08:00:00')
  }))
})

test.each([
  ['America/New_York', '2027-03-12', '2027-03-17'], ['America/New_York', '2026-10-30', '2026-11-04'], ['Europe/Berlin', '2026-03-27', '2026-04-01'], ['Europe/Berlin', '2026-10-23', '2026-10-28'],
  ['Australia/Lord_Howe', '2026-04-03', '2026-04-08'], ['Australia/Lord_Howe', '2026-10-02', '2026-10-07'],
])('in %s from %s to %s each day has one digest at eight in the morning, the days of 23 and 25 hours too', (timeZone, from, to) => {
  const found = digests('DAILY', timeZone, `${from}T00:00:00Z`, `${to}T00:00:00Z`).map((at) => shown(at, timeZone))
  expect(found.map(({ time }) => time)).toEqual(found.map(() => '08:00:00'))
  expect(found.length).toBeGreaterThanOrEqual(4)
  for (const [index, { date }] of found.entries()) if (index > 0) expect(Date.parse(date) - Date.parse(found[index - 1]!.date)).toBe(days(1))
})

test('an hour that comes twice has two digests, one that is left out has none', () => {
  expect(digests('HOURLY', 'America/New_York', '2026-11-01T04:30:00Z', '2026-11-01T08:00:00Z').map((at) => shown(at, 'America/New_York').time)).toEqual(['01:00:00', '01:00:00', '02:00:00'])
  expect(digests('HOURLY', 'America/New_York', '2027-03-14T05:30:00Z', '2027-03-14T09:00:00Z').map((at) => shown(at, 'America/New_York').time)).toEqual(['01:00:00', '03:00:00', '04:00:00'])
})

test('at once is within half a minute; of what goes on, a day later at the earliest', () => {
  fc.assert(fc.property(instant, fc.option(fc.integer({ min: 0, max: days(3) }), { nil: null }), (at, ago) => {
    const toldAt = ago === null ? null : shifted(at, -ago)
    const due = dueAt('IMMEDIATE', 'UTC', at, toldAt)
    expect(due > at).toBe(true)
    if (toldAt === null) expect(due <= shifted(at, seconds(30))).toBe(true)
    else expect(due >= shifted(toldAt, days(1))).toBe(true)
  }))
})
