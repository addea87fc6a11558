// How things are written. Times are the warehouse's.
const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options)
  let made = formats.get(key)
  if (made === undefined) formats.set(key, (made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })))
  return made
}

export const dateTime = (instant: string, zone: string): string => format(zone, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(instant)).replace(',', '')
export const dateTimeSeconds = (instant: string, zone: string): string => format(zone, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(instant)).replace(',', '')
export const longDateTime = (instant: string, zone: string): string => format(zone, { weekday: 'short', day: '2-digit', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }).format(new Date(instant))
export const clock = (instant: string | Date, zone: string): string => format(zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(instant))

const parts = (instant: Date, zone: string): Record<string, number> =>
  Object.fromEntries(format(zone, { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' }).formatToParts(instant).map(({ type, value }) => [type, Number(value)]))

/** By how much the zone's clock is ahead of UTC then. */
function offset(instant: Date, zone: string): number {
  const { year, month, day, hour, minute, second } = parts(instant, zone)
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(instant.getTime() / 1000) * 1000
}

/** The instant at which the zone's clock shows this: `2026-11-23T14:30`. */
export function instantOf(local: string, zone: string): string {
  const asUtc = new Date(`${local.length === 10 ? `${local}T00:00` : local}Z`).getTime()
  let guess = asUtc - offset(new Date(asUtc), zone)
  guess = asUtc - offset(new Date(guess), zone)
  return new Date(guess).toISOString()
}

/** The other way about. */
export const localOf = (instant: string | Date, zone: string): string => new Date(new Date(instant).getTime() + offset(new Date(instant), zone)).toISOString().slice(0, 16)

/** Where the day began, or where one so many days on begins. */
export const startOfDay = (zone: string, days = 0, now = new Date()): string => {
  const today = new Date(`${localOf(now, zone).slice(0, 10)}T12:00Z`)
  return instantOf(new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10), zone)
}

export interface Amount {
  amount: string
  currencyCode: string
}

const currencies = new Map<string, Intl.NumberFormat>()
/** Of a decimal string: no float is made of it. */
export function money({ amount, currencyCode }: Amount): string {
  let made = currencies.get(currencyCode)
  if (made === undefined) {
    try {
      made = new Intl.NumberFormat('en-US', { style: 'currency', currency: currencyCode, currencyDisplay: 'narrowSymbol' })
    } catch {
      return `${amount} ${currencyCode}`
    }
    currencies.set(currencyCode, made)
  }
  return made.format(amount as unknown as number)
}

const words: Record<string, string> = { NOT_SENT: 'Not sent', UNCONFIRMED: 'Sent', SCAC: 'SCAC' }
/** CANCEL_REQUESTED: Cancel requested. */
export const title = (name: string): string => words[name] ?? (name.charAt(0).toUpperCase() + name.slice(1).toLowerCase()).replaceAll('_', ' ')

export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < 90) return `${s} s`
  if (s < 5400) return `${Math.round(s / 60)} min`
  if (s < 172_800) return `${Math.round(s / 3600)} h`
  return `${Math.round(s / 86_400)} d`
}

export function fromNow(instant: string, now = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000
  return seconds < 0 ? `${duration(-seconds)} ago` : `in ${duration(seconds)}`
}

/** 12,345. By Intl the first one costs a tenth of a second of a page's start. */
export const whole = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
export const count = (n: number, one: string, many = `${one}s`): string => `${whole(n)} ${n === 1 ? one : many}`
/** A total that is counted to 10,000 alone. */
export const total = (n: number): string => (n >= 10_000 ? '10,000+' : whole(n))
