// Reads of orders. What an import writes stands in import.store.ts; what operators change in the verbs' own statements.
import { may } from '../auth/permissions.ts'
import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { choosing, one, type Queryable, rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { HoldReason, OrderStatus } from './order.ts'
import type { Gifts } from './plan-import.ts'

export interface RoutingRow {
  carrier: string | null
  scac: string | null
  service: string | null
  trackingNumber: string | null
  billOfLading: string | null
  loadNumber: string | null
  trailerNumber: string | null
  sealNumber: string | null
}

export interface OrderRow extends RoutingRow {
  id: string
  customerId: string
  connectionId: string
  warehouseId: string
  marketplaceId: string
  number: string
  status: OrderStatus
  marketplaceStatus: string
  marketplaceUpdatedAt: Date
  cancelRequested: boolean
  onHold: boolean
  purchasedAt: Date
  importedAt: Date
  updatedAt: Date
  closedAt: Date | null
  shipBy: Date | null
  deliverBy: Date | null
  shippingService: string | null
  currency: string | null
  total: string | null
  units: number
  version: number
}

export const orderColumns = `id, customer_id, connection_id, warehouse_id, marketplace_id, number, status, marketplace_status, marketplace_updated_at,
  cancel_requested, on_hold, purchased_at, imported_at, updated_at, closed_at, ship_by, deliver_by, shipping_service, currency, total, units,
  carrier, scac, service, tracking_number, bill_of_lading, load_number, trailer_number, seal_number, version`

export interface LineRow {
  id: string
  orderId: string
  lineNumber: number
  itemId: string
  sellerSku: string
  warehouseSku: string
  unitsPerItem: number
  title: string | null
  quantity: number
  quantityShipped: number
  quantityCancelled: number
  unitPrice: string | null
  /** The order's. */
  currency: string | null
  inventoryItemId: string
}

export interface ChargeRow {
  id: string
  orderId: string
  kind: 'AUTOMATIC' | 'MANUAL' | 'ADDITIONAL'
  code: string
  description: string | null
  amount: string
  currency: string
  addedAt: Date
  addedBy: string
}

export interface HoldRow {
  orderId: string
  reason: HoldReason
  note: string | null
  placedAt: Date
  placedBy: string
}

export interface RecipientRow {
  orderId: string
  name: string | null
  company: string | null
  line1: string | null
  line2: string | null
  line3: string | null
  city: string | null
  region: string | null
  postalCode: string | null
  countryCode: string
  phone: string | null
  gifts: Gifts | null
  redactedAt: Date | null
}

const ofTenant = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = choosing('ordersById', orderColumns, ['id'], (columns) => `SELECT ${columns} FROM orders WHERE ${ofTenant} AND id = ANY($2::uuid[])`)
export const orderById = defineLoader<OrderRow>('orderById', async (scope, ids, takes) => byKey(await ordersById(scope, scope.db.pool, ids, takes), (row) => row.id))
export function ordersById(scope: Scope, on: Queryable, ids: readonly string[], takes: readonly string[] | null = null): Promise<OrderRow[]> {
  return rows<OrderRow>(on, byId(takes), [scope.tenant, ids])
}

const lock = statement('lockOrders', `SELECT ${orderColumns} FROM orders WHERE ${ofTenant} AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE`)
/** Locks in the order of ids, so that two bulk changes never wait for each other in a circle. */
export async function lockOrders(scope: Scope, tx: Tx, ids: readonly string[]): Promise<Map<string, OrderRow>> {
  return byKey(await rows<OrderRow>(tx, lock, [scope.tenant, ids]), (row) => row.id)
}

const byNumber = statement('orderByNumber', `SELECT ${orderColumns} FROM orders WHERE ${ofTenant} AND connection_id = $2 AND number = $3`)
export function orderByNumber(scope: Scope, connectionId: string, number: string): Promise<OrderRow | null> {
  return one<OrderRow>(scope.db.pool, byNumber, [scope.tenant, connectionId, number])
}

const lineColumns = `line.id, order_id, line_number, item_id, seller_sku, warehouse_sku, units_per_item, title, quantity, quantity_shipped, quantity_cancelled,
  unit_price, orders.currency, inventory_item_id`
const lines = choosing('linesOfOrders', lineColumns, ['orderId'], (columns) =>
  `SELECT ${columns} FROM order_lines AS line ${columns.includes('orders.') ? 'JOIN orders ON orders.id = order_id' : ''}
   WHERE ($1::uuid[] IS NULL OR line.customer_id = ANY($1)) AND order_id = ANY($2::uuid[]) ORDER BY order_id, line_number`)
export function linesOfOrders(scope: Scope, on: Queryable, orderIds: readonly string[], takes: readonly string[] | null = null): Promise<LineRow[]> {
  return rows<LineRow>(on, lines(takes), [scope.tenant, orderIds])
}
export const linesOfOrder = defineLoader<LineRow[]>('linesOfOrder', async (scope, ids, takes) =>
  groupBy(await linesOfOrders(scope, scope.db.pool, ids, takes), ids, (row) => row.orderId),
)

const linesById = statement(
  'orderLinesById',
  `SELECT ${lineColumns}
   FROM order_lines AS line JOIN orders ON orders.id = order_id
   WHERE ($1::uuid[] IS NULL OR line.customer_id = ANY($1)) AND line.id = ANY($2::uuid[])`,
)
export const orderLineById = defineLoader<LineRow>('orderLineById', async (scope, ids) =>
  byKey(await rows<LineRow>(scope.db.pool, linesById, [scope.tenant, ids]), (row) => row.id),
)

const chargeColumns = 'id, order_id, kind, code, description, amount, currency, added_at, added_by'
const charges = statement('chargesOfOrders', `SELECT ${chargeColumns} FROM charges WHERE ${ofTenant} AND order_id = ANY($2::uuid[]) ORDER BY order_id, id`)
export function chargesOfOrders(scope: Scope, on: Queryable, orderIds: readonly string[]): Promise<ChargeRow[]> {
  return rows<ChargeRow>(on, charges, [scope.tenant, orderIds])
}
export const chargesOfOrder = defineLoader<ChargeRow[]>('chargesOfOrder', async (scope, ids) =>
  groupBy(await chargesOfOrders(scope, scope.db.pool, ids), ids, (row) => row.orderId),
)

const chargesByIds = statement('chargesById', `SELECT ${chargeColumns} FROM charges WHERE ${ofTenant} AND id = ANY($2::uuid[]) ORDER BY id`)
export const chargeById = defineLoader<ChargeRow>('chargeById', async (scope, ids) =>
  byKey(await rows<ChargeRow>(scope.db.pool, chargesByIds, [scope.tenant, ids]), (row) => row.id),
)

const holds = statement('holdsOfOrders', `SELECT order_id, reason, note, placed_at, placed_by FROM order_holds WHERE ${ofTenant} AND order_id = ANY($2::uuid[]) ORDER BY placed_at`)
export const holdsOfOrder = defineLoader<HoldRow[]>('holdsOfOrder', async (scope, ids) =>
  groupBy(await rows<HoldRow>(scope.db.pool, holds, [scope.tenant, ids]), ids, (row) => row.orderId),
)

const recipients = statement(
  'recipientsOfOrders',
  `SELECT order_id, name, company, line1, line2, line3, city, region, postal_code, country_code, phone, gifts, redacted_at
   FROM order_recipients WHERE ${ofTenant} AND order_id = ANY($2::uuid[])`,
)
export function recipientsOfOrders(scope: Scope, on: Queryable, orderIds: readonly string[]): Promise<RecipientRow[]> {
  return rows<RecipientRow>(on, recipients, [scope.tenant, orderIds])
}
/** Where the viewer may not see buyers, nothing of them is read. */
const redacted = statement(
  'redactedRecipientsOfOrders',
  `SELECT order_id, NULL AS name, NULL AS company, NULL AS line1, NULL AS line2, NULL AS line3, NULL AS city, NULL AS region, NULL AS postal_code, country_code, NULL AS phone, NULL AS gifts,
   coalesce(redacted_at, now()) AS redacted_at FROM order_recipients WHERE ${ofTenant} AND order_id = ANY($2::uuid[])`,
)
export const recipientOfOrder = defineLoader<RecipientRow>('recipientOfOrder', async (scope, ids) =>
  byKey(await (may(scope.actor.role, 'seeBuyers') ? recipientsOfOrders(scope, scope.db.pool, ids) : rows<RecipientRow>(scope.db.pool, redacted, [scope.tenant, ids])), (row) => row.orderId),
)
