// When a contact is told. Pure.
import { Temporal } from 'temporal-polyfill'
import { days, seconds, shifted } from '../kit/clock.ts'

export type Frequency = 'IMMEDIATE' | 'HOURLY' | 'DAILY'

/** What comes together is told together: an import of many orders is one mail. */
export const GATHERED_FOR = seconds(20)
/** While one cause goes on, whoever was told at once is told of more this seldom. */
export const TOLD_AGAIN_AFTER = days(1)
/** Of the contact's day. */
const MORNING = 8

/** When what came at `at` is told. @param toldAt when the same incident was told last; null for news, and for what was not told yet */
export function dueAt(frequency: Frequency, timeZone: string, at: Date, toldAt: Date | null): Date {
  if (frequency === 'HOURLY') return nextHour(at, timeZone)
  if (frequency === 'DAILY') return nextMorning(at, timeZone)
  const soon = shifted(at, GATHERED_FOR)
  const seldom = toldAt === null ? soon : shifted(toldAt, TOLD_AGAIN_AFTER)
  return seldom > soon ? seldom : soon
}

const zoned = (at: Date, timeZone: string): Temporal.ZonedDateTime => Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
const dateOf = (at: Temporal.ZonedDateTime): Date => new Date(at.epochMilliseconds)

/** The next full hour on the contact's clock: in some zones that is at half past ours. */
function nextHour(at: Date, timeZone: string): Date {
  const now = zoned(at, timeZone)
  const hour = now.round({ smallestUnit: 'hour', roundingMode: 'floor' })
  return dateOf(hour.add({ hours: 1 }).round({ smallestUnit: 'hour', roundingMode: 'floor' }))
}

/** The next eight in the morning there. Days of 23 and 25 hours have one each. */
function nextMorning(at: Date, timeZone: string): Date {
  const now = zoned(at, timeZone)
  const morningOf = (date: Temporal.PlainDate): Temporal.ZonedDateTime => date.toZonedDateTime({ timeZone, plainTime: { hour: MORNING } })
  const today = morningOf(now.toPlainDate())
  return dateOf(Temporal.ZonedDateTime.compare(today, now) > 0 ? today : morningOf(now.toPlainDate().add({ days: 1 })))
}
