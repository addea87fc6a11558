import type { Scope } from '../auth/scope.ts'
import { days, shifted } from '../kit/clock.ts'
import { forgetRecorded, redactRecipients } from './personal-data.store.ts'

/** The marketplace's policy: no longer than this after delivery. */
export const MOST_DAYS = 30
const AT_A_TIME = 5000

/** Whatever was delivered before it is due. */
export const dueBefore = (now: Date, keptDays: number): Date => shifted(now, -days(keptDays))

/**
 * Removes buyers' personal data that has been kept for long enough after delivery: names, addresses, phones, gift messages; and what was recorded of
 * orders that could not be imported. The orders themselves stay, with the country.
 */
export async function removePersonalData(scope: Scope, keptDays: number): Promise<void> {
  const before = dueBefore(scope.clock(), keptDays)
  let removed = 0
  for (let after: string | null = null; ;) {
    const { last, seen, gone } = await redactRecipients(scope, before, after, AT_A_TIME)
    removed += gone
    if (seen < AT_A_TIME) break
    after = last
  }
  const forgotten = await forgetRecorded(scope, before, "Its buyer's data was removed by age; importOrder reads it anew.")
  if (removed + forgotten > 0) scope.log.info({ orders: removed, importFailures: forgotten }, 'personal data was removed by its age')
}
