import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { toMinutes } from './cadence.ts'
import { cadenceSecondsOf, deriveCadences, setCadenceSeconds } from './cadences.store.ts'
import { whyNot } from './connection.ts'
import { type ConnectionRow, updateSettings } from './connections.store.ts'
import { changedSettings, type IntervalName, kindOfInterval, refuseSettings, type Settings, type SettingsChange } from './settings.ts'
import { withConnection } from './with-connection.ts'

const intervals = Object.keys(kindOfInterval) as IntervalName[]

/** Changes what is given and differs; where nothing does, nothing is written and no event tells of it. */
export function updateConnectionSettings(
  scope: Scope,
  { connectionId, expectedVersion, ...change }: { connectionId: string; expectedVersion?: number | null } & SettingsChange,
): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  return withConnection(scope, connectionId, async (tx, before) => {
    const because = whyNot('updateSettings', before.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    if (expectedVersion != null && expectedVersion !== before.version) {
      throw new Refused(refusal('VERSION_CONFLICT', `the connection is at version ${before.version} now`, 'expectedVersion'))
    }
    const every = await cadenceSecondsOf(tx, scope, before.id)
    const minutes = Object.fromEntries(intervals.map((name) => [name, toMinutes(every[kindOfInterval[name]])])) as Record<IntervalName, number>
    const { importOrders, sendTrackingImmediately, inventorySync, importFrom, unknownSku, unknownShippingService, inventoryBuffer, inventoryPercent, turnaroundHours } = before
    const present: Settings = {
      importOrders, sendTrackingImmediately, inventorySync, importFrom, unknownSku, unknownShippingService, inventoryBuffer, inventoryPercent, turnaroundHours, ...minutes,
    }
    const changed = changedSettings(present, change)
    const refusals = refuseSettings(changed)
    if (refusals.length > 0) throw new Refused(...refusals)
    const names = Object.keys(changed)
    if (names.length === 0) return { connection: before }

    const connection = await updateSettings(tx, scope, before.id, { ...present, ...changed })
    for (const name of intervals) {
      const set = changed[name]
      if (set !== undefined) await setCadenceSeconds(tx, connection.id, kindOfInterval[name], set * 60)
    }
    await deriveCadences(tx, [connection.id])
    const summary = `${connection.name}: ${scope.actor.name} changed ${names.join(', ')}`
    await appendEvents(tx, [{ type: 'CONNECTION_CHANGED', connectionId: connection.id, customerId: connection.customerId, summary }])
    return { connection }
  })
}
