import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import { type JobKind, jobKinds } from '../jobs/cadences.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { deriveCadences } from './cadences.store.ts'
import type { ConnectionRow } from './connections.store.ts'
import { pauseKinds } from './job-pauses.store.ts'
import { withConnections } from './with-connections.ts'

export interface PauseJobs {
  connectionIds: readonly string[]
  /** All of them where left out. */
  kinds?: readonly JobKind[] | null
  reason: string
}

/**
 * Stops some kinds of jobs of some connections until they are resumed. A run under way ends as it would, and none begins. What is paused already
 * stays so for the reason that it was.
 */
export async function pauseJobs(scope: Scope, { connectionIds, kinds, reason: given }: PauseJobs): Promise<{ connections: ConnectionRow[] } | { refusals: Refusal[] }> {
  const reason = given.trim()
  if (reason === '') return { refusals: [refusal('REQUIRED', 'reason must not be blank', 'reason')] }
  if (kinds?.length === 0) return { refusals: [refusal('REQUIRED', 'name at least one kind, or leave them out for all', 'kinds')] }
  return withConnections(scope, connectionIds, 'pauseJobs', async (tx, connections) => {
    const paused = await pauseKinds(tx, scope, connections.map(({ id }) => id), kinds ?? jobKinds, reason)
    await deriveCadences(tx, connections.map(({ id }) => id))
    await appendEvents(tx, connections.flatMap(({ id: connectionId, customerId, name }) => {
      const stopped = paused.filter((one) => one.connectionId === connectionId).map(({ kind }) => kind)
      return stopped.length === 0 ? [] : [{ type: 'CONNECTION_CHANGED' as const, connectionId, customerId, summary: `${name}: ${scope.actor.name} paused ${stopped.join(', ')}` }]
    }))
    return { connections }
  })
}
