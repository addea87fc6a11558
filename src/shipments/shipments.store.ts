// Reads of shipments.
import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { type List, oneOf } from '../db/list.ts'
import { beginsWith, prefixOrder } from '../db/prefix.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { choosing, type Queryable, rows, statement } from '../db/sql.ts'
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
  /** What it begins with. */
  trackingNumber: string | null
  shippedFrom: Date | null
  shippedBefore: Date | null
}
export type ShipmentOrder = 'SHIPPED_DESC' | 'SHIPPED_ASC'

export const shipmentsList: List<ShipmentsWanted, ShipmentOrder> = {
  name: 'shipments',
  table: 'shipments',
  columns: shipmentColumns,
  tenant: 'customer_id',
  sorts: { SHIPPED_DESC: { key: 'shipped_at', kind: 'instant', descending: true }, SHIPPED_ASC: { key: 'shipped_at', kind: 'instant', descending: false } },
  conditions: {
    trackingNumber: { holds: (n) => beginsWith('tracking_number', n), gather: () => 10_000, through: prefixOrder('tracking_number') },
    trackingStatuses: {
      holds: (n, wanted) => `tracking_status = ANY(${n}::tracking_status[])${wanted.includes('ACCEPTED') ? '' : " AND tracking_status <> 'ACCEPTED'"}`,
      gather: (wanted) => (wanted.includes('ACCEPTED') ? 0 : 10_000),
      through: 'tracking_status, shipped_at, id',
    },
    connectionIds: { holds: (n, wanted) => oneOf('connection_id', `${n}::uuid[]`, wanted) },
    customerIds: { holds: (n, wanted) => oneOf('customer_id', `${n}::uuid[]`, wanted) },
    shippedFrom: { holds: (n) => `shipped_at >= ${n}::timestamptz` },
    shippedBefore: { holds: (n) => `shipped_at < ${n}::timestamptz` },
  },
  spread: { connectionIds: (n, wanted) => oneOf('id', `${n}::uuid[]`, wanted), customerIds: (n, wanted) => oneOf('customer_id', `${n}::uuid[]`, wanted) },
}

export const shipmentsPage = (scope: Scope, page: PageRequest, order: ShipmentOrder, wanted: ShipmentsWanted): Promise<(ShipmentRow & { keys: string[] })[]> =>
  readPage(scope, shipmentsList, page, order, wanted)

export const shipmentsCount = (scope: Scope, order: ShipmentOrder, wanted: ShipmentsWanted): Promise<number> => countRows(scope, shipmentsList, order, wanted)
