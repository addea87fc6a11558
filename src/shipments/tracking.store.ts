// What is written of tracking updates. Each write names the sending that it speaks of (revision and attempt): an edit or another
// sending meanwhile wins, and the write touches nothing.
import type { Scope } from '../auth/scope.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { type ShipmentRow, shipmentColumns } from './shipments.store.ts'

/** One sending of a shipment's tracking. */
export interface Sending {
  id: string
  trackingRevision: number
  trackingAttempts: number
}

export interface DueShipment extends ShipmentRow {
  orderNumber: string
  /** Of its order. */
  shipBy: Date | null
}

/** Why the marketplace refuses a tracking update: a code, what to do about it, and in which part of the routing. */
export interface TrackingRefusal {
  code: string
  message: string
  field: ShipmentRow['trackingField']
  /** Its own words; null where the refusal is our conclusion. */
  marketplaceMessage: string | null
}

const noRefusal = 'tracking_code = NULL, tracking_message = NULL, tracking_field = NULL, tracking_marketplace_message = NULL'
const ofTenant = '($1::uuid[] IS NULL OR shipment.customer_id = ANY($1))'
const prefixed = shipmentColumns.replace(/\w+/g, 'shipment.$&')

const toSend = statement(
  'trackingToSend',
  `SELECT shipment.id FROM shipments AS shipment JOIN orders ON orders.id = shipment.order_id
   WHERE ${ofTenant} AND shipment.connection_id = $2 AND tracking_status = 'PENDING' AND tracking_next_attempt_at <= $3
   ORDER BY ship_by NULLS LAST, shipped_at, shipment.order_id, package_number LIMIT $4`,
)
/** Ids of the shipments that wait to be sent: the nearest ship-by first, then the oldest. */
export async function trackingToSend(scope: Scope, connectionId: string, now: Date, limit: number): Promise<string[]> {
  return (await rows<{ id: string }>(scope.db.pool, toSend, [scope.tenant, connectionId, now, limit])).map(({ id }) => id)
}

// One that another transaction holds is left to it.
const begin = statement(
  'beginSending',
  `UPDATE shipments AS shipment SET tracking_status = 'UNCONFIRMED', tracking_attempts = tracking_attempts + 1, tracking_last_attempt_at = $3,
     tracking_sent_at = NULL, tracking_accepted_at = NULL, tracking_next_attempt_at = $4, ${noRefusal}
   FROM orders
   WHERE orders.id = shipment.order_id AND ${ofTenant} AND shipment.id = (
     SELECT id FROM shipments WHERE id = $2 AND tracking_status = 'PENDING' AND tracking_next_attempt_at <= $3 FOR NO KEY UPDATE SKIP LOCKED)
   RETURNING ${prefixed}, orders.number AS order_number, orders.ship_by`,
)
/** Before the marketplace hears of it: from here on it may know. Null where it is no longer to be sent. */
export function beginSending(scope: Scope, tx: Tx, id: string, now: Date, lookAt: Date): Promise<DueShipment | null> {
  return one<DueShipment>(tx, begin, [scope.tenant, id, now, lookAt])
}

const contents = statement(
  'contentsOfShipment',
  `SELECT line.item_id, shipment_line.quantity FROM shipment_lines AS shipment_line JOIN order_lines AS line ON line.id = order_line_id
   WHERE ($1::uuid[] IS NULL OR line.customer_id = ANY($1)) AND shipment_id = $2 ORDER BY line_number`,
)
export function contentsOf(scope: Scope, on: Queryable, shipmentId: string): Promise<{ itemId: string; quantity: number }[]> {
  return rows(on, contents, [scope.tenant, shipmentId])
}

const same = `id = $2 AND tracking_revision = $3 AND tracking_attempts = $4 AND tracking_status = 'UNCONFIRMED' AND ($1::uuid[] IS NULL OR customer_id = ANY($1))`
const write = (name: string, set: string) => {
  const what = statement(name, `UPDATE shipments SET ${set} WHERE ${same}`)
  return async (scope: Scope, tx: Tx, { id, trackingRevision, trackingAttempts }: Sending, ...values: unknown[]): Promise<boolean> =>
    (await run(tx, what, [scope.tenant, id, trackingRevision, trackingAttempts, ...values])) > 0
}

/** (sentAt, lookAt) The marketplace took the message, which is not yet its acceptance. */
export const markSent = write('markTrackingSent', 'tracking_sent_at = $5, tracking_next_attempt_at = $6')
const refusalColumns = 'tracking_code = $5, tracking_message = $6, tracking_field = $7, tracking_marketplace_message = $8'
const refusing = (name: string, set: string) => {
  const mark = write(name, `${set}${refusalColumns}`)
  return (scope: Scope, tx: Tx, sending: Sending, why: TrackingRefusal): Promise<boolean> => mark(scope, tx, sending, why.code, why.message, why.field, why.marketplaceMessage)
}
/** A person must correct it. */
export const markRejected = refusing('markTrackingRejected', `tracking_status = 'REJECTED', tracking_next_attempt_at = NULL, `)
/** Refused, and yet it may have taken effect: the marketplace is asked, and the refusal holds if it shows nothing. */
export const markRefusedUnknown = refusing('markTrackingRefusedUnknown', '')
/** (nextAttemptAt, code, message) It surely never took effect. */
export const markToResend = write('markTrackingToResend', `tracking_status = 'PENDING', tracking_next_attempt_at = $5, tracking_code = $6, tracking_message = $7`)
/** (lookAt) Not shown yet. */
export const markToLookAgain = write('markTrackingToLookAgain', 'tracking_next_attempt_at = $5')
/** (acceptedAt) Read back from the marketplace. */
export const markAccepted = write(
  'markTrackingAccepted',
  `tracking_status = 'ACCEPTED', tracking_accepted_at = $5, tracking_sent_at = coalesce(tracking_sent_at, tracking_last_attempt_at), tracking_next_attempt_at = NULL, ${noRefusal}`,
)

const toConfirm = statement(
  'trackingToConfirm',
  `SELECT ${prefixed}, orders.number AS order_number, orders.ship_by FROM shipments AS shipment JOIN orders ON orders.id = shipment.order_id
   WHERE ${ofTenant} AND shipment.connection_id = $2 AND tracking_status = 'UNCONFIRMED' AND tracking_next_attempt_at <= $3
   ORDER BY tracking_next_attempt_at, ship_by NULLS LAST, shipment.id LIMIT $4`,
)
export function trackingToConfirm(scope: Scope, connectionId: string, now: Date, limit: number): Promise<DueShipment[]> {
  return rows<DueShipment>(scope.db.pool, toConfirm, [scope.tenant, connectionId, now, limit])
}

const outlook = statement(
  'trackingOutlook',
  `SELECT count(*) FILTER (WHERE tracking_next_attempt_at <= $4)::int AS due, min(tracking_next_attempt_at) AS next_at FROM shipments
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2 AND tracking_status = $3::tracking_status`,
)
/** How many are due now, and when the next one is. */
export async function trackingOutlook(scope: Scope, connectionId: string, status: 'PENDING' | 'UNCONFIRMED', now: Date): Promise<{ due: number; nextAt: Date | null }> {
  return (await one<{ due: number; nextAt: Date | null }>(scope.db.pool, outlook, [scope.tenant, connectionId, status, now]))!
}

const edit = statement(
  'editTracking',
  `UPDATE shipments SET shipped_at = $12, carrier = $3, scac = $4, service = $5, tracking_number = $6, bill_of_lading = $7, load_number = $8, trailer_number = $9, seal_number = $10,
     tracking_status = 'PENDING', tracking_revision = tracking_revision + 1, tracking_next_attempt_at = $11, tracking_sent_at = NULL, tracking_accepted_at = NULL,
     ${noRefusal}
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = $2 RETURNING ${shipmentColumns}`,
)
/** Its routing and when it left, as they are from now on, to be sent as an edit of the same package. */
export async function editTracking(scope: Scope, tx: Tx, { id, carrier, scac, service, trackingNumber, billOfLading, loadNumber, trailerNumber, sealNumber, shippedAt }: ShipmentRow, now: Date): Promise<ShipmentRow> {
  return (await one<ShipmentRow>(tx, edit, [scope.tenant, id, carrier, scac, service, trackingNumber, billOfLading, loadNumber, trailerNumber, sealNumber, now, shippedAt]))!
}

const retry = statement(
  'retryTracking',
  `UPDATE shipments SET tracking_status = 'PENDING', tracking_next_attempt_at = $3, tracking_sent_at = NULL, ${noRefusal}
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])`,
)
export async function setToResend(scope: Scope, tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await run(tx, retry, [scope.tenant, ids, now])
}
