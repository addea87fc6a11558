import type { Scope } from '../auth/scope.ts'
import { shifted } from '../kit/clock.ts'
import { type Channel, type ChannelAccount, ChannelError } from '../marketplaces/channel.ts'
import { listingsToTell } from './listings.store.ts'
import { pushFew } from './push-few.ts'
import { askWhoShips, readBack } from './read-listings.ts'
import { settleSubmissions } from './settle-submissions.ts'
import { openSubmissions } from './submissions.store.ts'
import { submitMany } from './submit-many.ts'
import { behindNow, type SyncRun } from './sync-run.ts'
import { goOnAfter, lookAgainAfter } from './sync-times.ts'

export interface SyncOutcome {
  /** When there is more to do before the next regular run; null where there is not. */
  nextAt: Date | null
  /** `rejected` or `invalid-answer`: a part that failed as a whole, while the others had their turn. */
  failure: ChannelError | null
}

/**
 * Tells the marketplace the quantity of each mapped SKU of the account's connection where it has another one, or none yet: few one by
 * one, many by submission. SKUs whose item the warehouse never knew are left alone: no stock record says nothing of stock. What was
 * told stays recorded, and counted in the run's receipt, whatever happens next; a part whose budget is used up goes on the next time.
 * @throws ChannelError `unavailable`, `unauthorized` or `cancelled`; LockLost where another worker has the run.
 */
export async function syncInventory(scope: Scope, channel: Channel, account: ChannelAccount, { claim, signal }: Pick<SyncRun, 'claim' | 'signal'>): Promise<SyncOutcome> {
  const run: SyncRun = { channel, account, claim, signal }
  const waits: number[] = []
  const failures: ChannelError[] = []
  const failed = await settleSubmissions(scope, run)
  failures.push(...failed.map((words) => new ChannelError('rejected', words)))
  await inPart(() => readBack(scope, run))
  await inPart(() => askWhoShips(scope, run))
  await inPart(tell)

  const open = await openSubmissions(scope, claim.connectionId)
  const now = scope.clock()
  waits.push(...open.map(({ submittedAt }) => lookAgainAfter(now.getTime() - submittedAt.getTime())))
  return { nextAt: waits.length === 0 ? null : shifted(now, Math.min(...waits)), failure: inOne(failures) }

  // One submission at a time: marketplaces want them rare, and a failed one is not followed by the next at once. Meanwhile the first
  // few are told one by one, so that a marketplace which fails every submission still learns of all in time.
  async function tell(): Promise<void> {
    const { above } = channel.bulk
    const many = (await listingsToTell(scope, behindNow(scope, run, null, above + 1))).length > above
    if (many && failed.length === 0 && (await openSubmissions(scope, claim.connectionId)).length === 0) {
      try {
        return await submitMany(scope, run)
      } catch (error) {
        if (!(error instanceof ChannelError) || error.kind !== 'rejected') throw error
        failures.push(error)
      }
    }
    await pushFew(scope, run, above)
  }

  // A part that cannot go on leaves what is due to the next run, and the others their turn.
  async function inPart(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error
      if (error.kind === 'throttled') waits.push(goOnAfter(error.retryAfterMs))
      else if (error.kind === 'rejected' || error.kind === 'invalid-answer') failures.push(error)
      else throw error
    }
  }
}

/** Refusals outweigh the rest: they are not to be tried again at once. */
function inOne(failures: readonly ChannelError[]): ChannelError | null {
  const [first] = failures.toSorted((one, other) => Number(other.kind === 'rejected') - Number(one.kind === 'rejected'))
  if (first === undefined || failures.length === 1) return first ?? null
  return new ChannelError(first.kind, failures.map(({ message }) => message).join(' '))
}
