import { changing } from '../auth/changing.ts'
import { groupBy, load, type Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { requireAll } from '../kit/ids.ts'
import type { Channels } from '../marketplaces/registry.ts'
import type { ImportFailureCode } from './import-codes.ts'
import { dismissFailures, type ImportFailureRow, importFailureById, openFailures } from './import-failures.store.ts'
import { BEGINNING, importContext } from './import-context.ts'
import { failureSubject, storeFoundOrders } from './store-found-orders.ts'

const LARGEST = 500
const PAGE = 100

/**
 * Imports failed orders from what was recorded of them, against the mappings as they stand now: those named, or those of a
 * connection and codes; at most 500 a call, the oldest first. Those of a connection that was disconnected stay as they are: what was
 * recorded of them is old, and nobody tells us of a change.
 */
export async function retryImports(
  scope: Scope,
  at: { channels: Channels; sealer: Sealer },
  input: { connectionId?: string | null; failureIds?: readonly string[] | null; codes?: readonly ImportFailureCode[] | null },
): Promise<{ resolved: ImportFailureRow[]; stillFailing: ImportFailureRow[] } | { refusals: Refusal[] }> {
  if ((input.failureIds?.length ?? 0) > LARGEST) return { refusals: [refusal('TOO_MANY', `at most ${LARGEST} failures in one call`, 'failureIds')] }
  const connection = requireAll('Connection', input.connectionId == null ? [] : [input.connectionId], 'connectionId')
  const failures = requireAll('ImportFailure', input.failureIds ?? [], 'failureIds')
  const refusals = [...connection.refusals.map((one) => ({ ...one, field: ['connectionId'] })), ...failures.refusals]
  if (refusals.length > 0) return { refusals }
  const which = { connectionId: connection.uuids[0] ?? null, failureIds: input.failureIds == null ? null : failures.uuids, codes: input.codes ?? null }
  const open = await openFailures(scope, which, LARGEST)
  if (input.failureIds != null && open.length < new Set(failures.uuids).size) {
    const known = new Set(open.map((one) => one.id))
    return { refusals: failures.uuids.flatMap((uuid, index) => (known.has(uuid) ? [] : [refusal('NOT_FOUND', 'no such open failure', 'failureIds', index)])) }
  }
  const byConnection = groupBy(open, [...new Set(open.map((one) => one.connectionId))], (one) => one.connectionId)
  const connections = (await Promise.all([...new Set([...byConnection.keys(), ...connection.uuids])].map((id) => load(scope, connectionById, id)))).filter((one) => one !== null)
  const ended = connections.filter((one) => one.status === 'DISCONNECTED')
  if (connection.uuids.length > 0 && ended.length > 0) return { refusals: [refusal('CONNECTION_NOT_READY', DISCONNECTED, 'connectionId')] }
  if (input.failureIds != null && ended.length > 0) return { refusals: refuseEnded(failures.uuids, open, ended) }
  for (const row of connections) {
    if (row.status === 'DISCONNECTED') continue
    const [connectionId, ofConnection] = [row.id, byConnection.get(row.id) ?? []]
    const channel = at.channels.get(row.channel)
    const context = await importContext(scope, at.sealer, { ...row, importFrom: BEGINNING }, { runId: null, fence: async () => {} })
    for (let from = 0; from < ofConnection.length; from += PAGE) {
      const page = await Promise.all(ofConnection.slice(from, from + PAGE).map(async ({ number, recorded }) =>
        channel.readRecorded({ marketplaceId: row.marketplaceId }, number, await at.sealer.open(recorded, failureSubject(connectionId, number))),
      ))
      await storeFoundOrders(scope, page, context)
    }
  }
  const after = (await Promise.all(open.map(({ id }) => load(scope, importFailureById, id)))).filter((one) => one !== null)
  return { resolved: after.filter((one) => one.state === 'RESOLVED'), stillFailing: after.filter((one) => one.state !== 'RESOLVED') }
}

const DISCONNECTED = 'the connection is disconnected: what was recorded of its orders is not imported any more'

function refuseEnded(uuids: readonly string[], open: readonly ImportFailureRow[], ended: readonly ConnectionRow[]): Refusal[] {
  const gone = new Set(open.filter((failure) => ended.some((one) => one.id === failure.connectionId)).map((failure) => failure.id))
  return uuids.flatMap((uuid, index) => (gone.has(uuid) ? [refusal('CONNECTION_NOT_READY', DISCONNECTED, 'failureIds', index)] : []))
}

/** Sets open failures aside, with a note of why; polls leave them so. */
export async function dismissImportFailures(
  scope: Scope,
  input: { failureIds: readonly string[]; note: string },
): Promise<{ dismissed: ImportFailureRow[] } | { refusals: Refusal[] }> {
  const note = input.note.trim()
  if (note === '') return { refusals: [refusal('REQUIRED', 'say why', 'note')] }
  if (input.failureIds.length === 0 || input.failureIds.length > LARGEST) return { refusals: [refusal(input.failureIds.length === 0 ? 'REQUIRED' : 'TOO_MANY', `name 1 to ${LARGEST} failures`, 'failureIds')] }
  const { uuids, refusals } = requireAll('ImportFailure', input.failureIds, 'failureIds')
  if (refusals.length > 0) return { refusals }
  const known = await Promise.all(uuids.map((uuid) => load(scope, importFailureById, uuid)))
  const missing = known.flatMap((one, index) => (one?.state === 'OPEN' ? [] : [refusal(one === null ? 'NOT_FOUND' : 'NOT_ALLOWED', one === null ? 'no such failure' : `the failure is ${one.state.toLowerCase()}`, 'failureIds', index)]))
  if (missing.length > 0) return { refusals: missing }
  await changing(scope, (tx) => dismissFailures(scope, tx, uuids, note))
  return { dismissed: (await Promise.all(uuids.map((uuid) => load(scope, importFailureById, uuid)))).filter((one) => one !== null) }
}
