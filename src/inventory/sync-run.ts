// What a run over a connection's listings is handed. Shared by its parts.
import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { type Claim, fence } from '../jobs/cadences.ts'
import type { Channel, ChannelAccount } from '../marketplaces/channel.ts'
import { shifted } from '../kit/clock.ts'
import type { BehindRequest } from './listings.store.ts'
import { ASK_AGAIN_AFTER, RETRY_AFTER, SLOW_AFTER } from './sync-times.ts'

export interface SyncRun {
  channel: Channel
  account: ChannelAccount
  claim: Claim
  signal: AbortSignal
}

/** A transaction of the run: it throws LockLost where another worker has it by now. */
export function fenced<T>(scope: Scope, { claim }: SyncRun, work: (tx: Tx) => Promise<T>): Promise<T> {
  return changing(scope, async (tx) => {
    await fence(tx, claim)
    return work(tx)
  })
}

/** Which listings count as behind now. Who asks for a run has mended something: it tries at once what was refused a moment ago. */
export function behindNow(scope: Scope, { claim }: SyncRun, after: string | null, limit: number): BehindRequest {
  const now = scope.clock()
  const refusedBy = claim.trigger === 'MANUAL' ? now : shifted(now, -RETRY_AFTER)
  return { connectionId: claim.connectionId, askedAfter: shifted(now, -ASK_AGAIN_AFTER), refusedBy, waitsFrom: shifted(now, -SLOW_AFTER), after, limit }
}
