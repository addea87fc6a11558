import { changing } from '../auth/changing.ts'
import { groupBy, type Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { shifted } from '../kit/clock.ts'
import { ChannelError, type MarketplacePackage } from '../marketplaces/channel.ts'
import { appendRejection, FAILURES_IN_A_ROW, outlook, packageReference, type TrackingRun } from './tracking-run.ts'
import { GIVE_UP_AFTER, lookAgainAfter, resendAfter, SHORT_WAIT, UNKNOWN_FOR } from './tracking-times.ts'
import { type DueShipment, markAccepted, markRejected, markToLookAgain, markToResend, trackingToConfirm, type TrackingRefusal } from './tracking.store.ts'

export interface ConfirmationReceipt {
  accepted: number
  rejected: number
  /** Still due: the budget did not reach for them, or the marketplace would not hear more now. */
  left: number
  /** When the next one is due; null where none waits. */
  nextAt: Date | null
}

/**
 * Reads a connection's sent shipments back from the marketplace, one look per order. Found as sent: ACCEPTED. Not there: looked for
 * again, sent again where the sending may never have arrived, REJECTED a day after the marketplace took it.
 * @throws ChannelError `unauthorized`, or another that stays; what was done until then is recorded.
 */
export async function confirmTracking(scope: Scope, run: TrackingRun): Promise<ConfirmationReceipt> {
  const receipt = { accepted: 0, rejected: 0 }
  const due = await trackingToConfirm(scope, run.connectionId, scope.clock(), run.budget)
  const orders = groupBy(due, due.map((shipment) => shipment.orderNumber), (shipment) => shipment.orderNumber)
  let failures = 0
  let notBefore: Date | null = null
  for (const [number, shipments] of orders) {
    if (run.signal.aborted) break
    let packages: MarketplacePackage[]
    try {
      const found = await run.channel.getOrder(run.account, number, run.signal, { shipBy: shipments[0]!.shipBy, waitMs: SHORT_WAIT })
      packages = found?.order?.packages ?? []
      failures = 0
    } catch (error) {
      if (!(error instanceof ChannelError) || error.kind === 'unauthorized') throw error
      if (error.kind === 'throttled') notBefore = shifted(scope.clock(), resendAfter(1, error.retryAfterMs))
      if (error.kind === 'throttled' || error.kind === 'cancelled') break
      await postpone(scope, run, shipments)
      if (++failures >= FAILURES_IN_A_ROW) throw error
      continue
    }
    const outcomes = await changing(scope, async (tx) => {
      await run.fence(tx)
      const done: Outcome[] = []
      for (const shipment of shipments) done.push(await settle(scope, tx, shipment, packages))
      const [accepted, rejected] = [done.filter((one) => one === 'accepted').length, done.filter((one) => one === 'rejected').length]
      if (accepted + rejected > 0) await run.count?.(tx, { accepted, rejected })
      return { accepted, rejected }
    })
    receipt.accepted += outcomes.accepted
    receipt.rejected += outcomes.rejected
  }
  return { ...receipt, ...(await outlook(scope, run.connectionId, 'UNCONFIRMED', notBefore)) }
}

type Outcome = 'accepted' | 'rejected' | 'waiting'

async function settle(scope: Scope, tx: Tx, shipment: DueShipment, packages: readonly MarketplacePackage[]): Promise<Outcome> {
  const now = scope.clock()
  const { id, customerId, connectionId, orderId, orderNumber, packageNumber } = shipment
  if (packages.some((one) => shows(one, shipment))) {
    if (!(await markAccepted(scope, tx, shipment, now))) return 'waiting'
    await appendEvents(tx, [{
      type: 'TRACKING_ACCEPTED', customerId, connectionId, orderId, shipmentId: id,
      summary: `The marketplace shows the tracking of package ${packageNumber} of order ${orderNumber}.`,
    }])
    return 'accepted'
  }
  const sentFor = now.getTime() - (shipment.trackingSentAt ?? shipment.trackingLastAttemptAt ?? now).getTime()
  if (shipment.trackingSentAt === null && sentFor >= UNKNOWN_FOR) {
    const { trackingCode: code, trackingMessage: message, trackingField: field, trackingMarketplaceMessage: marketplaceMessage } = shipment
    if (code !== null) return reject(scope, tx, shipment, { code, message: message ?? '', field, marketplaceMessage })
    // The same reference is an edit of the same package, should the first one turn up late after all.
    await markToResend(scope, tx, shipment, now, null, null)
    return 'waiting'
  }
  if (shipment.trackingSentAt !== null && sentFor >= GIVE_UP_AFTER) {
    return reject(scope, tx, shipment, {
      code: 'NOT_CONFIRMED', message: 'The marketplace took the tracking, but a day later does not show it.', field: null, marketplaceMessage: null,
    })
  }
  await markToLookAgain(scope, tx, shipment, shifted(now, lookAgainAfter(sentFor)))
  return 'waiting'
}

async function reject(scope: Scope, tx: Tx, shipment: DueShipment, why: TrackingRefusal): Promise<Outcome> {
  if (!(await markRejected(scope, tx, shipment, why))) return 'waiting'
  await appendRejection(tx, shipment, why.message)
  return 'rejected'
}

/** The package of our reference with our number: another number means that our edit is not there yet. */
function shows(seen: MarketplacePackage, shipment: DueShipment): boolean {
  if (seen.reference !== packageReference(shipment)) return false
  if (seen.trackingNumber === null) return shipment.trackingRevision === 1
  return plain(seen.trackingNumber) === plain(shipment.trackingNumber ?? '')
}

const plain = (number: string): string => number.replace(/[\s-]/g, '').toUpperCase()

/** An order that could not be read makes way for the others. */
async function postpone(scope: Scope, run: TrackingRun, shipments: readonly DueShipment[]): Promise<void> {
  await changing(scope, async (tx) => {
    await run.fence(tx)
    const now = scope.clock()
    for (const shipment of shipments) {
      const since = shipment.trackingSentAt ?? shipment.trackingLastAttemptAt ?? now
      await markToLookAgain(scope, tx, shipment, shifted(now, lookAgainAfter(now.getTime() - since.getTime())))
    }
  })
}
