// When a receiver that failed is tried again, and when it is given up. Pure.
import { days, minutes, seconds, shifted } from '../kit/clock.ts'

/** Of one event. A receiver that takes none of its tries for so long gets nothing more. */
export const PATIENCE = days(3)

const steps = [seconds(5), seconds(30), minutes(2), minutes(10), minutes(30), minutes(60), minutes(120), minutes(300), minutes(600)]
/** So much of a step is chance, so that those who failed together do not come back together. */
const SPREAD = 0.2

/**
 * When it is tried again after `attempts` tries, of which the last failed at `now`; null where it has failed for long enough.
 * @param retryAfter what the receiver asked for, in milliseconds @param chance 0 to 1
 */
export function retryAt({ attempts, failingSince, now, retryAfter, chance }: { attempts: number; failingSince: Date; now: Date; retryAfter: number | null; chance: number }): Date | null {
  const end = shifted(failingSince, PATIENCE)
  if (now >= end) return null
  const step = steps[Math.min(attempts, steps.length) - 1]! * (1 - SPREAD * chance)
  const at = shifted(now, Math.max(step, retryAfter ?? 0))
  return at < end ? at : end // the last try is at the very end
}

/** Of a Retry-After header, in milliseconds: seconds, or an instant of HTTP; null where it is neither. */
export function retryAfterOf(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null
  const after = /^\d{1,9}$/.test(header) ? seconds(Number(header)) : Date.parse(header) - now.getTime()
  return Number.isFinite(after) ? Math.max(0, after) : null
}
