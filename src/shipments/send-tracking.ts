import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { shifted } from '../kit/clock.ts'
import { ChannelError, type ShipmentConfirmation } from '../marketplaces/channel.ts'
import { appendRejection, errorCode, FAILURES_IN_A_ROW, outlook, packageReference, refusalOf, type TrackingRun, wakeReadBack } from './tracking-run.ts'
import { FIRST_LOOK, resendAfter, UNKNOWN_FOR } from './tracking-times.ts'
import { beginSending, contentsOf, type DueShipment, markRefusedUnknown, markRejected, markSent, markToResend, trackingToSend } from './tracking.store.ts'

export interface SendingReceipt {
  sent: number
  rejected: number
  /** Still due: the budget did not reach for them, or the marketplace would not hear more now. */
  left: number
  /** When the next one is due; null where none waits. */
  nextAt: Date | null
}

/**
 * Tells the marketplace of a connection's shipments, one at a time: first commits that it will, then calls, then records the answer.
 * So whatever happens in between, a shipment is sent again only after a read-back proved that the first time came to nothing.
 * @throws ChannelError `unauthorized`, or `unavailable` when it stays so; what was done until then is recorded.
 */
export async function sendTracking(scope: Scope, run: TrackingRun): Promise<SendingReceipt> {
  const receipt = { sent: 0, rejected: 0 }
  let failures = 0
  let notBefore: Date | null = null
  try {
    for (const id of await trackingToSend(scope, run.connectionId, scope.clock(), run.budget)) {
      if (run.signal.aborted) break
      const due = await intend(scope, run, id)
      if (due === null) continue
      const outcome = await tell(scope, run, due)
      if (outcome === 'sent') receipt.sent++
      if (outcome === 'rejected') receipt.rejected++
      if (outcome === 'cancelled') break
      if (outcome instanceof Date) {
        notBefore = outcome
        break
      }
      if (!(outcome instanceof ChannelError)) failures = 0
      else if (++failures >= FAILURES_IN_A_ROW) throw outcome
    }
  } finally {
    await wakeReadBack(scope, run.connectionId)
  }
  return { ...receipt, ...(await outlook(scope, run.connectionId, 'PENDING', notBefore)) }
}

interface Intended {
  shipment: DueShipment
  confirmation: ShipmentConfirmation
}

function intend(scope: Scope, run: TrackingRun, id: string): Promise<Intended | null> {
  return changing(scope, async (tx) => {
    await run.fence(tx)
    const now = scope.clock()
    const shipment = await beginSending(scope, tx, id, now, shifted(now, UNKNOWN_FOR))
    if (shipment === null) return null
    const { carrier, service, trackingNumber } = shipment
    if (carrier === null || service === null || trackingNumber === null) throw new Error(`shipment ${id} waits to be sent without its routing`)
    const confirmation = {
      orderNumber: shipment.orderNumber, packageReference: packageReference(shipment), carrier: run.carriers.nameOf(carrier), carrierCode: run.channel.carrierCode(carrier),
      service, trackingNumber, shippedAt: shipment.shippedAt, shipBy: shipment.shipBy, lines: await contentsOf(scope, tx, id),
    }
    return { shipment, confirmation }
  })
}

/**
 * A time: the budget is used up until then, and the run ends. An error stands for an unavailable marketplace, which more of the same
 * may yet follow.
 */
type Outcome = 'sent' | 'rejected' | 'cancelled' | 'unknown' | Date | ChannelError

async function tell(scope: Scope, run: TrackingRun, { shipment, confirmation }: Intended): Promise<Outcome> {
  try {
    await run.channel.confirmShipment(run.account, confirmation, run.signal)
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    return failed(scope, run, shipment, error)
  }
  await fenced(scope, run, async (tx) => {
    const now = scope.clock()
    if (await markSent(scope, tx, shipment, now, shifted(now, FIRST_LOOK))) await run.count?.(tx, { sent: 1 })
  })
  return 'sent'
}

async function failed(scope: Scope, run: TrackingRun, shipment: DueShipment, error: ChannelError): Promise<Outcome> {
  if (error.kind === 'rejected' && error.notSent) {
    const why = refusalOf(error)
    await fenced(scope, run, async (tx) => {
      if (!(await markRejected(scope, tx, shipment, why))) return
      await appendRejection(tx, shipment, why.message)
      await run.count?.(tx, { rejected: 1 })
    })
    return 'rejected'
  }
  if (error.notSent) {
    const nextAt = shifted(scope.clock(), resendAfter(shipment.trackingAttempts, error.retryAfterMs))
    await fenced(scope, run, (tx) => markToResend(scope, tx, shipment, nextAt, errorCode(error), error.message))
    if (error.kind === 'unauthorized') throw error
    if (error.kind === 'throttled') return nextAt
    return error.kind === 'cancelled' ? error.kind : error
  }
  // Only the marketplace knows: the shipment stays unconfirmed until it is read back. A rejection that leaves it unknown keeps its words.
  if (error.kind === 'rejected') {
    await fenced(scope, run, (tx) => markRefusedUnknown(scope, tx, shipment, refusalOf(error)))
    return 'unknown'
  }
  return error.kind === 'cancelled' ? 'cancelled' : error
}

function fenced<T>(scope: Scope, run: TrackingRun, work: (tx: Tx) => Promise<T>): Promise<T> {
  return changing(scope, async (tx) => {
    await run.fence(tx)
    return work(tx)
  })
}
