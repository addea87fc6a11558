// What a run over a connection's tracking is handed, and how it ends. Shared by sending and reading back.
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { pullCadences } from '../jobs/cadences.ts'
import type { Channel, ChannelAccount, ChannelError } from '../marketplaces/channel.ts'
import { type DueShipment, trackingOutlook } from './tracking.store.ts'

export interface TrackingRun {
  channel: Channel
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

/** Brings the read-back forward to the first shipment that it has to look for; says how many are due and when the next one is. */
export async function wakeReadBack(scope: Scope, connectionId: string): Promise<{ left: number; nextAt: Date | null }> {
  const { due, nextAt } = await trackingOutlook(scope, connectionId, 'UNCONFIRMED', scope.clock())
  if (nextAt !== null) await pullCadences(scope.db.pool, [connectionId], 'CONFIRM_TRACKING', nextAt)
  return { left: due, nextAt }
}
