// What an import writes, a page in a handful of statements.
import type { Scope } from '../auth/scope.ts'
import { rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { ImportFailureCode, SkipReason } from './import-codes.ts'
import { orderColumns, type OrderRow } from './orders.store.ts'
import type { Gifts, PlannedLine, Recipient } from './plan-import.ts'

const ofTenant = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const existing = statement('lockOrdersByNumber', `SELECT ${orderColumns} FROM orders WHERE ${ofTenant} AND connection_id = $2 AND number = ANY($3) ORDER BY id FOR NO KEY UPDATE`)
export function lockOrdersByNumber(scope: Scope, tx: Tx, connectionId: string, numbers: readonly string[]): Promise<OrderRow[]> {
  return rows<OrderRow>(tx, existing, [scope.tenant, connectionId, numbers])
}

export interface NewOrder {
  id: string
  number: string
  marketplaceStatus: string
  marketplaceUpdatedAt: Date
  cancelRequested: boolean
  purchasedAt: Date
  shipBy: Date | null
  deliverBy: Date | null
  shippingService: string | null
  currency: string | null
  total: string | null
  units: number
  carrier: string | null
  scac: string | null
  service: string | null
  recipient: Recipient
  gifts: Gifts | null
}

export interface NewLine extends PlannedLine {
  id: string
  orderId: string
  lineNumber: number
  inventoryItemId: string
}

export interface NewCharge {
  orderId: string
  code: string
  description: string | null
  amount: string
  currency: string
  chargeRuleId: string
}

// json, not jsonb: it is read once, and to build the binary form first takes longer than the reading.
// One statement: whatever another worker has stored meanwhile is left out with all that hangs on it, by the constraint.
const insert = statement(
  'insertImportedOrders',
  `WITH input AS MATERIALIZED (
     SELECT * FROM json_to_recordset($5) AS o (id uuid, number text, "marketplaceStatus" text, "marketplaceUpdatedAt" timestamptz, "cancelRequested" bool,
       "purchasedAt" timestamptz, "shipBy" timestamptz, "deliverBy" timestamptz, "shippingService" text, currency text, total numeric, units int,
       carrier text, scac text, service text, recipient json, gifts jsonb)
   ), stored AS (
     INSERT INTO orders (id, customer_id, connection_id, warehouse_id, marketplace_id, number, marketplace_status, marketplace_updated_at, cancel_requested,
       purchased_at, ship_by, deliver_by, shipping_service, currency, total, units, carrier, scac, service)
     SELECT id, $1, $2, $3, $4, number, "marketplaceStatus", "marketplaceUpdatedAt", "cancelRequested",
       "purchasedAt", "shipBy", "deliverBy", "shippingService", currency, total, units, carrier, scac, service FROM input
     ON CONFLICT (connection_id, number) DO NOTHING RETURNING id
   ), addressed AS (
     INSERT INTO order_recipients (order_id, customer_id, name, company, line1, line2, line3, city, region, postal_code, country_code, phone, gifts)
     SELECT stored.id, $1, r.name, r.company, r.line1, r.line2, r.line3, r.city, r.region, r."postalCode", r."countryCode", r.phone, gifts
     FROM stored JOIN input USING (id), json_to_record(recipient) AS r (name text, company text, line1 text, line2 text, line3 text, city text, region text, "postalCode" text, "countryCode" text, phone text)
   ), lined AS (
     INSERT INTO order_lines (id, customer_id, order_id, line_number, item_id, seller_sku, warehouse_sku, units_per_item, title, quantity, quantity_shipped, quantity_cancelled, unit_price, inventory_item_id)
     SELECT l.id, $1, l."orderId", l."lineNumber", l."itemId", l."sellerSku", l."warehouseSku", l."unitsPerItem", l.title, l.quantity, l."quantityShipped", l."quantityCancelled", l."unitPrice", l."inventoryItemId"
     FROM json_to_recordset($6) AS l (id uuid, "orderId" uuid, "lineNumber" int, "itemId" text, "sellerSku" text, "warehouseSku" text, "unitsPerItem" int, title text,
       quantity int, "quantityShipped" int, "quantityCancelled" int, "unitPrice" numeric, "inventoryItemId" uuid)
     JOIN stored ON stored.id = l."orderId"
   ), charged AS (
     INSERT INTO charges (customer_id, order_id, kind, code, description, amount, currency, charge_rule_id, added_by)
     SELECT $1, c."orderId", 'AUTOMATIC', c.code, c.description, c.amount, c.currency, c."chargeRuleId", $8
     FROM json_to_recordset($7) AS c ("orderId" uuid, code text, description text, amount numeric, currency text, "chargeRuleId" uuid)
     JOIN stored ON stored.id = c."orderId"
   )
   SELECT id FROM stored`,
)
/** Stores new orders with all that hangs on them; returns the ids of those that were not here yet. */
export async function insertOrders(
  tx: Tx,
  of: { customerId: string; connectionId: string; warehouseId: string; marketplaceId: string; by: string },
  orders: readonly NewOrder[],
  lines: readonly NewLine[],
  charges: readonly NewCharge[],
): Promise<Set<string>> {
  if (orders.length === 0) return new Set()
  const stored = await rows<{ id: string }>(tx, insert, [
    of.customerId, of.connectionId, of.warehouseId, of.marketplaceId, JSON.stringify(orders), JSON.stringify(lines), JSON.stringify(charges), of.by,
  ])
  return new Set(stored.map((row) => row.id))
}

const insertMoreLines = statement(
  'insertAddedLines',
  `INSERT INTO order_lines (id, customer_id, order_id, line_number, item_id, seller_sku, warehouse_sku, units_per_item, title, quantity, quantity_shipped, quantity_cancelled, unit_price, inventory_item_id)
   SELECT l.id, $1, l."orderId", l."lineNumber", l."itemId", l."sellerSku", l."warehouseSku", l."unitsPerItem", l.title, l.quantity, l."quantityShipped", l."quantityCancelled", l."unitPrice", l."inventoryItemId"
   FROM jsonb_to_recordset($2) AS l (id uuid, "orderId" uuid, "lineNumber" int, "itemId" text, "sellerSku" text, "warehouseSku" text, "unitsPerItem" int, title text,
     quantity int, "quantityShipped" int, "quantityCancelled" int, "unitPrice" numeric, "inventoryItemId" uuid)`,
)
export async function insertLines(tx: Tx, customerId: string, lines: readonly NewLine[]): Promise<void> {
  if (lines.length > 0) await run(tx, insertMoreLines, [customerId, JSON.stringify(lines)])
}

export interface SeenOrder {
  id: string
  marketplaceStatus: string
  marketplaceUpdatedAt: Date
  cancelRequested: boolean
  ends: 'CANCELLED' | 'CLOSED' | null
  /** Something that people see has changed: the version grows. */
  changed: boolean
  /** Items added to (or taken from) the order's units. */
  units: number
}
const seen = statement(
  'updateSeenOrders',
  `UPDATE orders SET marketplace_status = s."marketplaceStatus", marketplace_updated_at = s."marketplaceUpdatedAt",
     cancel_requested = CASE WHEN status = 'OPEN' THEN s."cancelRequested" ELSE cancel_requested OR s."cancelRequested" END,
     status = coalesce(s.ends, status), closed_at = CASE WHEN s.ends IS NULL THEN closed_at ELSE now() END,
     units = orders.units + s.units, version = version + s.changed::int, updated_at = CASE WHEN s.changed THEN now() ELSE updated_at END
   FROM jsonb_to_recordset($2) AS s (id uuid, "marketplaceStatus" text, "marketplaceUpdatedAt" timestamptz, "cancelRequested" bool, ends order_status, changed bool, units int)
   WHERE ${ofTenant} AND orders.id = s.id`,
)
export async function updateSeenOrders(scope: Scope, tx: Tx, orders: readonly SeenOrder[]): Promise<void> {
  if (orders.length > 0) await run(tx, seen, [scope.tenant, JSON.stringify(orders)])
}

const quantities = statement(
  'updateLineQuantities',
  `UPDATE order_lines SET quantity = l.quantity, quantity_cancelled = l."quantityCancelled" FROM jsonb_to_recordset($2) AS l (id uuid, quantity int, "quantityCancelled" int)
   WHERE ${ofTenant} AND order_lines.id = l.id`,
)
export async function updateLineQuantities(scope: Scope, tx: Tx, lines: readonly { id: string; quantity: number; quantityCancelled: number }[]): Promise<void> {
  if (lines.length > 0) await run(tx, quantities, [scope.tenant, JSON.stringify(lines)])
}

const address = statement(
  'updateRecipients',
  `UPDATE order_recipients SET name = r.name, company = r.company, line1 = r.line1, line2 = r.line2, line3 = r.line3, city = r.city, region = r.region,
     postal_code = r."postalCode", country_code = r."countryCode", phone = r.phone
   FROM jsonb_to_recordset($2) AS r ("orderId" uuid, name text, company text, line1 text, line2 text, line3 text, city text, region text, "postalCode" text, "countryCode" text, phone text)
   WHERE ${ofTenant} AND order_id = r."orderId" AND redacted_at IS NULL`,
)
export async function updateRecipients(scope: Scope, tx: Tx, recipients: readonly (Recipient & { orderId: string })[]): Promise<void> {
  if (recipients.length > 0) await run(tx, address, [scope.tenant, JSON.stringify(recipients)])
}

const gifts = statement(
  'updateGifts',
  `UPDATE order_recipients SET gifts = r.gifts FROM jsonb_to_recordset($2) AS r ("orderId" uuid, gifts jsonb)
   WHERE ${ofTenant} AND order_id = r."orderId" AND redacted_at IS NULL`,
)
export async function updateGifts(scope: Scope, tx: Tx, orders: readonly { orderId: string; gifts: Gifts | null }[]): Promise<void> {
  if (orders.length > 0) await run(tx, gifts, [scope.tenant, JSON.stringify(orders)])
}

export interface NewSighting {
  number: string
  state: 'IMPORTED' | 'SKIPPED' | 'FAILED'
  skipReason: SkipReason | null
  marketplaceStatus: string | null
}
const sight = statement(
  'recordSightings',
  `INSERT INTO sightings (connection_id, customer_id, number, state, skip_reason, marketplace_status, run_id)
   SELECT $1, $2, number, state, "skipReason", "marketplaceStatus", $4
   FROM json_to_recordset($3) AS s (number text, state sighting_state, "skipReason" skip_reason, "marketplaceStatus" text) ORDER BY number
   ON CONFLICT (connection_id, number) DO UPDATE SET state = excluded.state, skip_reason = excluded.skip_reason,
     marketplace_status = coalesce(excluded.marketplace_status, sightings.marketplace_status), last_seen_at = now(), run_id = coalesce(excluded.run_id, sightings.run_id)`,
)
export async function recordSightings(tx: Tx, of: { connectionId: string; customerId: string; runId: string | null }, sightings: readonly NewSighting[]): Promise<void> {
  if (sightings.length > 0) await run(tx, sight, [of.connectionId, of.customerId, JSON.stringify(sightings), of.runId])
}

export interface NewFailure {
  id: string
  number: string
  code: ImportFailureCode
  message: string
  detail: string | null
  sellerSkus: string[]
  shippingService: string | null
  /** Sealed for `import-failure:<connection>:<number>`. */
  recorded: string
}
export interface StoredFailure {
  id: string
  number: string
  state: 'OPEN' | 'RESOLVED' | 'DISMISSED'
  code: ImportFailureCode
}

const known = statement('failuresByNumber', `SELECT id, number, state, code FROM import_failures WHERE connection_id = $1 AND number = ANY($2) ORDER BY id FOR UPDATE`)
export function lockFailuresByNumber(tx: Tx, connectionId: string, numbers: readonly string[]): Promise<StoredFailure[]> {
  return rows<StoredFailure>(tx, known, [connectionId, numbers])
}

// A failure that a person dismissed stays so, and keeps nothing of its buyer: it is seen again at each sweep.
const failed = statement(
  'recordFailures',
  `INSERT INTO import_failures (id, connection_id, customer_id, number, code, message, detail, seller_skus, shipping_service, recorded)
   SELECT id, $1, $2, number, code, message, detail, ARRAY(SELECT jsonb_array_elements_text("sellerSkus")), "shippingService", recorded
   FROM jsonb_to_recordset($3) AS f (id uuid, number text, code import_failure_code, message text, detail text, "sellerSkus" jsonb, "shippingService" text, recorded text) ORDER BY number
   ON CONFLICT (connection_id, number) DO UPDATE SET state = CASE WHEN import_failures.state = 'DISMISSED' THEN 'DISMISSED' ELSE 'OPEN' END::import_failure_state,
     code = excluded.code, message = excluded.message, detail = excluded.detail, seller_skus = excluded.seller_skus, shipping_service = excluded.shipping_service,
     recorded = CASE WHEN import_failures.state = 'DISMISSED' THEN NULL ELSE excluded.recorded END,
     last_failed_at = now(), attempts = import_failures.attempts + 1`,
)
export async function recordFailures(tx: Tx, of: { connectionId: string; customerId: string }, failures: readonly NewFailure[]): Promise<void> {
  if (failures.length > 0) await run(tx, failed, [of.connectionId, of.customerId, JSON.stringify(failures)])
}

const resolved = statement(
  'resolveFailures',
  `UPDATE import_failures SET state = 'RESOLVED', recorded = NULL, order_id = r."orderId" FROM jsonb_to_recordset($1) AS r (id uuid, "orderId" uuid) WHERE import_failures.id = r.id`,
)
/** Mended, or no longer to be imported (no order then). What was recorded of it goes. */
export async function resolveFailures(tx: Tx, failures: readonly { id: string; orderId: string | null }[]): Promise<void> {
  if (failures.length > 0) await run(tx, resolved, [JSON.stringify(failures)])
}
