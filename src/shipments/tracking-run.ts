// What a run over a connection's tracking is handed, and how it ends. Shared by sending and reading back.
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { pullCadences } from '../jobs/cadences.ts'
import type { Channel, ChannelAccount, ChannelError } from '../marketplaces/channel.ts'
import type { Carriers } from './carriers.ts'
import { type DueShipment, trackingOutlook, type TrackingRefusal } from './tracking.store.ts'

export interface TrackingRun {
  channel: Channel
  carriers: Carriers
  account: ChannelAccount
  connectionId: string
  /** First in each transaction: throws when this worker has lost its lock. */
  fence: (tx: Tx) => Promise<void>
  /** In the transaction of the work that it counts. */
  count?: (tx: Tx, by: { sent?: number; accepted?: number; rejected?: number }) => Promise<void>
  signal: AbortSignal
  /** Shipments (sending) or orders (reading back) at most. */
  budget: number
}

/** A marketplace that fails so often in a row is down: the run ends and the next one tries again. */
export const FAILURES_IN_A_ROW = 3

/** What the marketplace is told and shows as the package's reference. */
export const packageReference = ({ packageNumber }: Pick<DueShipment, 'packageNumber'>): string => String(packageNumber)

export async function appendRejection(tx: Tx, { id, customerId, connectionId, orderId, orderNumber, packageNumber }: DueShipment, message: string): Promise<void> {
  await appendEvents(tx, [{
    type: 'TRACKING_REJECTED', customerId, connectionId, orderId, shipmentId: id,
    summary: `The marketplace refused the tracking of package ${packageNumber} of order ${orderNumber}: ${message}`,
  }])
}

export const errorCode = (error: ChannelError): string => error.code ?? error.kind

/** What a refusal is to people: the channel's advice where it has one, else the marketplace's own words. */
export const refusalOf = (error: ChannelError): TrackingRefusal => ({
  code: error.advice?.code ?? errorCode(error), message: error.advice?.words ?? error.message, field: error.advice?.field ?? null, marketplaceMessage: error.message,
})

/**
 * How many of a connection's shipments are due and when the next one is: at once for those left over, but not before `notBefore`,
 * where the marketplace has said that it hears nothing until then.
 */
export async function outlook(scope: Scope, connectionId: string, status: 'PENDING' | 'UNCONFIRMED', notBefore: Date | null): Promise<{ left: number; nextAt: Date | null }> {
  const { due, nextAt } = await trackingOutlook(scope, connectionId, status, scope.clock())
  return { left: due, nextAt: nextAt === null || notBefore === null || nextAt >= notBefore ? nextAt : notBefore }
}

/** Brings the read-back forward to the first shipment that it has to look for. */
export async function wakeReadBack(scope: Scope, connectionId: string): Promise<void> {
  const { nextAt } = await outlook(scope, connectionId, 'UNCONFIRMED', null)
  if (nextAt !== null) await pullCadences(scope.db.pool, [connectionId], 'CONFIRM_TRACKING', nextAt)
}
