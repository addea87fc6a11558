import type { Scope } from '../auth/scope.ts'
import type { JobKind } from '../jobs/cadences.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { makeCadencesDue } from './cadences.store.ts'
import { whyNot } from './connection.ts'
import { pauseOf } from './job-pauses.store.ts'
import { type JobRunRow, queueJobRun } from './job-runs.store.ts'
import { withConnection } from './with-connection.ts'

/**
 * Lets a worker run a cadence as soon as one is free; asked twice before that, it is one run. Refuses connections that are not
 * live, and cadences that are paused or that the settings turned off.
 */
export function runJobNow(scope: Scope, { connectionId, kind }: { connectionId: string; kind: JobKind }): Promise<{ jobRun: JobRunRow } | { refusals: Refusal[] }> {
  return withConnection(scope, connectionId, async (tx, connection) => {
    const because = whyNot('runJobNow', connection.status)
    if (because !== null) throw new Refused(refusal('CONNECTION_NOT_READY', because, 'connectionId'))
    const pause = await pauseOf(tx, scope, connection.id, kind)
    if (pause !== null) throw new Refused(refusal('CONNECTION_NOT_READY', `${kind} is paused${pause.connectionId === null ? ' for the whole gateway' : ''}: ${pause.reason}`, 'kind'))
    const cadences = await makeCadencesDue(tx, connection.id, [kind], 0)
    if (cadences === 0) throw new Refused(refusal('CONNECTION_NOT_READY', `${kind} is turned off in the connection's settings`, 'kind'))
    return { jobRun: await queueJobRun(tx, { customerId: connection.customerId, connectionId: connection.id, kind }) }
  })
}
