// Reads of shipments.
import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { choosing, one, type Queryable, rows, statement } from '../db/sql.ts'
import type { PageRequest } from '../kit/page.ts'
import type { Advice } from '../marketplaces/channel.ts'
import type { WeightUnit } from './packages.ts'
import type { Routing } from './routing.ts'

export const trackingStatuses = ['PENDING', 'UNCONFIRMED', 'ACCEPTED', 'REJECTED', 'NOT_SENT'] as const
export type TrackingStatus = (typeof trackingStatuses)[number]

export interface ShipmentRow extends Routing {
  id: string
  customerId: string
  orderId: string
  connectionId: string
  packageNumber: number
  weight: string | null
  weightUnit: WeightUnit | null
  shippedAt: Date
  shippedBy: string
  trackingStatus: TrackingStatus
  trackingAttempts: number
  trackingRevision: number
  trackingLastAttemptAt: Date | null
  trackingSentAt: Date | null
  trackingNextAttemptAt: Date | null
  trackingAcceptedAt: Date | null
  trackingCode: string | null
  trackingMessage: string | null
  /** The part of the routing that the marketplace refuses; null where it is none, or nobody knows. */
  trackingField: Advice['field']
  /** Its own words for a refusal. */
  trackingMarketplaceMessage: string | null
}

export const shipmentColumns = `id, customer_id, order_id, connection_id, package_number, carrier, scac, service, tracking_number, bill_of_lading, load_number,
  trailer_number, seal_number, weight, weight_unit, shipped_at, shipped_by, tracking_status, tracking_attempts, tracking_revision,
  tracking_last_attempt_at, tracking_sent_at, tracking_next_attempt_at, tracking_accepted_at, tracking_code, tracking_message,
  tracking_field, tracking_marketplace_message`
const ofTenant = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byIds = statement('shipmentsById', `SELECT ${shipmentColumns} FROM shipments WHERE ${ofTenant} AND id = ANY($2::uuid[])`)
export function shipmentsById(scope: Scope, on: Queryable, ids: readonly string[]): Promise<ShipmentRow[]> {
  return rows<ShipmentRow>(on, byIds, [scope.tenant, ids])
}
export const shipmentById = defineLoader<ShipmentRow>('shipmentById', async (scope, ids) => byKey(await shipmentsById(scope, scope.db.pool, ids), (row) => row.id))

const lock = statement('lockShipments', `SELECT ${shipmentColumns} FROM shipments WHERE ${ofTenant} AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`)
/** As they are until the transaction ends, by id. */
export async function lockShipments(scope: Scope, on: Queryable, ids: readonly string[]): Promise<Map<string, ShipmentRow>> {
  return byKey(await rows<ShipmentRow>(on, lock, [scope.tenant, ids]), (row) => row.id)
}

const ofOrders = choosing('shipmentsOfOrders', shipmentColumns, ['orderId'], (columns) =>
  `SELECT ${columns} FROM shipments WHERE ${ofTenant} AND order_id = ANY($2::uuid[]) ORDER BY order_id, package_number`)
export const shipmentsOfOrder = defineLoader<ShipmentRow[]>('shipmentsOfOrder', async (scope, ids, takes) =>
  groupBy(await rows<ShipmentRow>(scope.db.pool, ofOrders(takes), [scope.tenant, ids]), ids, (row) => row.orderId),
)

export interface ShipmentLineRow {
  shipmentId: string
  orderLineId: string
  quantity: number
}
const linesOf = statement(
  'linesOfShipments',
  `SELECT shipment_id, order_line_id, shipment_lines.quantity FROM shipment_lines JOIN order_lines AS line ON line.id = order_line_id
   WHERE ($1::uuid[] IS NULL OR shipment_lines.customer_id = ANY($1)) AND shipment_id = ANY($2::uuid[]) ORDER BY shipment_id, line_number`,
)
export const linesOfShipment = defineLoader<ShipmentLineRow[]>('linesOfShipment', async (scope, ids) =>
  groupBy(await rows<ShipmentLineRow>(scope.db.pool, linesOf, [scope.tenant, ids]), ids, (row) => row.shipmentId),
)

export interface ShipmentsWanted {
  connectionIds: readonly string[] | null
  customerIds: readonly string[] | null
  trackingStatuses: readonly TrackingStatus[] | null
  /** A LIKE pattern in upper case. */
  trackingNumber: string | null
  shippedFrom: Date | null
  shippedBefore: Date | null
}
export type ShipmentOrder = 'SHIPPED_DESC' | 'SHIPPED_ASC'

const wantedRows = `${ofTenant} AND ($2::uuid[] IS NULL OR connection_id = ANY($2)) AND ($3::uuid[] IS NULL OR customer_id = ANY($3))
  AND ($4::text[] IS NULL OR tracking_status::text = ANY($4)) AND ($5::text IS NULL OR upper(tracking_number) LIKE $5)
  AND ($6::timestamptz IS NULL OR shipped_at >= $6) AND ($7::timestamptz IS NULL OR shipped_at < $7)`
const wantedValues = (scope: Scope, wanted: ShipmentsWanted): unknown[] => [
  scope.tenant, wanted.connectionIds, wanted.customerIds, wanted.trackingStatuses, wanted.trackingNumber, wanted.shippedFrom, wanted.shippedBefore,
]

export function shipmentsPage(scope: Scope, page: PageRequest, order: ShipmentOrder, wanted: ShipmentsWanted): Promise<(ShipmentRow & { keys: string[] })[]> {
  const [comparison, direction] = (order === 'SHIPPED_DESC') === page.backwards ? ['>', 'ASC'] : ['<', 'DESC']
  const what = statement(
    `shipmentsPage${direction}`,
    `SELECT ${shipmentColumns}, ARRAY[shipped_at::text, id::text] AS keys FROM shipments
     WHERE ${wantedRows} AND ($8::timestamptz IS NULL OR (shipped_at, id) ${comparison} ($8, $9::uuid))
     ORDER BY shipped_at ${direction}, id ${direction} LIMIT $10`,
  )
  return rows(scope.db.pool, what, [...wantedValues(scope, wanted), page.from?.[0] ?? null, page.from?.[1] ?? null, page.limit + 1])
}

const count = statement('shipmentsCount', `SELECT count(*)::int AS count FROM shipments WHERE ${wantedRows}`)
export async function shipmentsCount(scope: Scope, wanted: ShipmentsWanted): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, count, wantedValues(scope, wanted)))!.count
}
