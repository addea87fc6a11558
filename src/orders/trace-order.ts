import { load, type Scope } from '../auth/scope.ts'
import { jobRunById } from '../connections/job-runs.store.ts'
import type { SkipReason } from './import-codes.ts'
import type { OrderTrace } from './import-failure.types.ts'
import { importFailureByNumber, sightingByNumber } from './import-failures.store.ts'
import { orderByNumber } from './orders.store.ts'

/** Where a marketplace order is: imported, skipped and why, failed and why, or never seen by any poll. */
export async function traceOrder(scope: Scope, connectionId: string, number: string): Promise<OrderTrace> {
  const [order, failure, sighting] = await Promise.all([
    orderByNumber(scope, connectionId, number), importFailureByNumber(scope, connectionId, number), sightingByNumber(scope, connectionId, number),
  ])
  return {
    state: order !== null ? 'IMPORTED' : (sighting?.state ?? 'NEVER_SEEN'),
    order,
    failure,
    skipReason: (sighting?.skipReason ?? null) as SkipReason | null,
    marketplaceStatus: sighting?.marketplaceStatus ?? null,
    firstSeenAt: sighting?.firstSeenAt ?? null,
    lastSeenAt: sighting?.lastSeenAt ?? null,
    lastRun: sighting?.runId == null ? null : await load(scope, jobRunById, sighting.runId),
  }
}
