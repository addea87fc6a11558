// When people are warned that an authorization, or the application's own secret, ends. Pure.

/** Days before the end, the earliest first; 0 is the end itself. */
export const warnings = [30, 7, 1, 0] as const

const DAY_MS = 86_400_000
const words = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

/** "ends on March 31, 2027, in 7 days", or that it ended. */
export function endWords(expiresAt: Date, now: Date): string {
  const left = Math.ceil((expiresAt.getTime() - now.getTime()) / DAY_MS)
  if (left <= 0) return `ended on ${words.format(expiresAt)}`
  return `ends on ${words.format(expiresAt)}, in ${left === 1 ? 'a day or less' : `${left} days`}`
}
