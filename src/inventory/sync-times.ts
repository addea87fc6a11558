// When stock is told, asked for and read back. Pure; milliseconds.
import { days, minutes } from '../kit/clock.ts'

/** Who ships a SKU is asked before it is first told, and again when the answer is this old; so long, too, is no listing left unread. */
export const ASK_AGAIN_AFTER = days(7)
/** What the marketplace refused rests this long: longer than a run takes to come back to its submissions, and less than the hour between regular runs. */
export const RETRY_AFTER = minutes(30)
/** What was told may take this long to show. */
export const READ_BACK_AFTER = minutes(5)
/** A marketplace that offers less than it was told has sold some, of which the order may wait for its payment. A day later that is no reason any more. */
export const LESS_IS_LEFT_FOR = days(1)
/** A submission that takes longer holds its SKUs back no more: one whose number has changed meanwhile is told singly, so that it is not sold twice. */
export const SLOW_AFTER = minutes(30)
/** A submission still in process by then is not waited for any longer. */
export const GIVE_UP_AFTER = minutes(6 * 60)

const SOONEST = minutes(1)
const LATEST = minutes(10)

/** Until the next look at a submission: as long again as it has been waited for, so 1, 2, 4 ... 10 minutes. */
export const lookAgainAfter = (waited: number): number => Math.min(LATEST, Math.max(SOONEST, waited))

/** Until a run whose budget was used up goes on. */
export const goOnAfter = (retryAfter: number | null): number => Math.max(SOONEST, retryAfter ?? 0)
