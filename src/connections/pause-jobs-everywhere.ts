import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { type JobKind, jobKinds } from '../jobs/cadences.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { connectionsWithKinds, type JobPauseRow, pauseKindsEverywhere, pausesEverywhere, resumeKindsEverywhere } from './job-pauses.store.ts'

/** An administrator's token is bound to no customer, but an identity provider may say otherwise. */
const NOT_FOR_SOME = 'it is for those who see every customer'

/**
 * Stops some kinds of jobs of the whole gateway, all of them where `kinds` are left out, until they are resumed: for maintenance, or while a marketplace misbehaves.
 * Runs under way end as they would; once it is answered, none begins. Mails, webhooks and housekeeping go on.
 */
export async function pauseJobsEverywhere(scope: Scope, { kinds, reason: given }: { kinds?: readonly JobKind[] | null; reason: string }): Promise<{ jobPauses: JobPauseRow[] } | { refusals: Refusal[] }> {
  const reason = given.trim()
  if (reason === '') return { refusals: [refusal('REQUIRED', 'reason must not be blank', 'reason')] }
  return everywhere(scope, kinds ?? jobKinds, 'paused', (tx, all) => pauseKindsEverywhere(tx, scope, all, reason))
}

/** Lets paused kinds of jobs of the whole gateway run again, all of them where `kinds` are left out: what fell due meanwhile once, the longest due first. What is paused for a connection stays so. */
export function resumeJobsEverywhere(scope: Scope, { kinds }: { kinds?: readonly JobKind[] | null }): Promise<{ jobPauses: JobPauseRow[] } | { refusals: Refusal[] }> {
  return everywhere(scope, kinds ?? jobKinds, 'resumed', (tx, all) => resumeKindsEverywhere(tx, scope, all))
}

/** Answers with what is paused everywhere afterwards; each connection whose jobs it stops or lets run is told. */
async function everywhere(
  scope: Scope, kinds: readonly JobKind[], word: 'paused' | 'resumed', change: (tx: Tx, kinds: readonly JobKind[]) => Promise<JobPauseRow[]>,
): Promise<{ jobPauses: JobPauseRow[] } | { refusals: Refusal[] }> {
  if (scope.tenant !== null) return { refusals: [refusal('NOT_ALLOWED', NOT_FOR_SOME)] }
  if (kinds.length === 0) return { refusals: [refusal('REQUIRED', 'name at least one kind, or leave them out for all', 'kinds')] }
  return changing(scope, async (tx) => {
    const changed = (await change(tx, kinds)).map(({ kind }) => kind)
    const told = changed.length === 0 ? [] : await connectionsWithKinds(tx, scope, changed)
    await appendEvents(tx, told.map(({ id: connectionId, customerId, name }) => (
      { type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name}: ${scope.actor.name} ${word} ${changed.join(', ')} of the whole gateway` }
    )))
    return { jobPauses: await pausesEverywhere(tx, scope) }
  })
}
