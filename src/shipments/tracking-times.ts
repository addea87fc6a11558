// When a tracking update is tried and looked for again. Pure; milliseconds.
import { days, minutes, seconds } from '../kit/clock.ts'

/** From the sending to the first look whether the marketplace shows it. */
export const FIRST_LOOK = seconds(10)
/** Looks and sendings that came to nothing are repeated after this, then at ever longer intervals. */
const AGAIN = seconds(30)
const LONGEST = minutes(30)

/**
 * A look waits no longer than this for its call budget: the run makes what calls there are and comes back. Looks are many and urgent for nobody; to
 * sleep between them would keep a worker's place from imports and sendings of everybody else.
 */
export const SHORT_WAIT = 500

/** A sending whose outcome is unknown is looked for this much later, and is free to be sent again if it is not there. */
export const UNKNOWN_FOR = minutes(2)
/** What the marketplace does not show by then, it has not taken. */
export const GIVE_UP_AFTER = days(1)

/** Until the next sending after `attempts` that came to nothing: 30 s, 1, 2, 4 ... 30 minutes; more if the marketplace says so. */
export const resendAfter = (attempts: number, retryAfter: number | null): number =>
  Math.max(retryAfter ?? 0, Math.min(LONGEST, AGAIN * 2 ** Math.min(Math.max(attempts - 1, 0), 10)))

/** Until the next look: as long again as it has been waited for, so 30 s, 40, 80 ... 30 minutes. */
export const lookAgainAfter = (waited: number): number => Math.min(LONGEST, Math.max(AGAIN, waited))
