import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import { type JobKind, jobKinds } from '../jobs/cadences.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { deriveCadences } from './cadences.store.ts'
import type { ConnectionRow } from './connections.store.ts'
import { resumeKinds } from './job-pauses.store.ts'
import { withConnections } from './with-connections.ts'

/**
 * Lets paused kinds of jobs of some connections run again, all of them where `kinds` are left out. What fell due meanwhile runs once, and at once; what did not
 * keeps its time. What is paused for the whole gateway stays so.
 */
export async function resumeJobs(scope: Scope, { connectionIds, kinds }: { connectionIds: readonly string[]; kinds?: readonly JobKind[] | null }): Promise<{ connections: ConnectionRow[] } | { refusals: Refusal[] }> {
  if (kinds?.length === 0) return { refusals: [refusal('REQUIRED', 'name at least one kind, or leave them out for all', 'kinds')] }
  return withConnections(scope, connectionIds, 'resumeJobs', async (tx, connections) => {
    const resumed = await resumeKinds(tx, scope, connections.map(({ id }) => id), kinds ?? jobKinds)
    await deriveCadences(tx, connections.map(({ id }) => id))
    await appendEvents(tx, connections.flatMap(({ id: connectionId, customerId, name }) => {
      const begun = resumed.filter((one) => one.connectionId === connectionId).map(({ kind }) => kind)
      return begun.length === 0 ? [] : [{ type: 'CONNECTION_CHANGED' as const, connectionId, customerId, summary: `${name}: ${scope.actor.name} resumed ${begun.join(', ')}` }]
    }))
    return { connections }
  })
}
