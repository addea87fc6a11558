// Until when something is promised: hours of business days, in the warehouse's time zone. Pure.
import { Temporal } from 'temporal-polyfill'

export interface Calendar {
  /** IANA name. */
  timeZone: string
  /** Dates (2026-12-25) that are no business days. */
  holidays: readonly string[]
}

/** One business day. */
export const A_DAY = 24

/** The instant that so many hours of business days after `from` have passed: Saturdays, Sundays and holidays do not count. Always on a business day. */
export function afterBusinessHours(from: Date, hours: number, calendar: Calendar): Date {
  const holidays = new Set(calendar.holidays)
  const counts = (at: Temporal.ZonedDateTime): boolean => at.dayOfWeek < 6 && !holidays.has(at.toPlainDate().toString())
  let at = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(calendar.timeZone)
  let left = hours * 3_600_000
  for (;;) {
    const tomorrow = at.toPlainDate().add({ days: 1 }).toZonedDateTime(calendar.timeZone)
    const today = counts(at) ? tomorrow.epochMilliseconds - at.epochMilliseconds : 0
    if (left < today) return new Date(at.epochMilliseconds + left)
    left -= today
    at = tomorrow
  }
}
