// What marketplaces are told of stock: one listing for each SKU mapping onto an item, on the connections that its warehouse feeds.
import { defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { ListingStatus, SharingRule, StockLevels } from './level.ts'

export interface ListingRow extends StockLevels, SharingRule {
  inventoryItemId: string
  connectionId: string
  customerId: string
  sellerSku: string
  /** What the marketplace last took; null where it took nothing yet. */
  pushedQuantity: number | null
  pushedAt: Date | null
  /** As recorded; null where nothing was ever pushed. level.ts tells the present one. */
  recordedStatus: ListingStatus | null
  message: string | null
}

export const listings = `inventory_items AS item
  JOIN sku_mappings AS mapping ON mapping.customer_id = item.customer_id AND mapping.warehouse_sku = item.sku
  JOIN connections AS connection ON connection.id = mapping.connection_id AND connection.warehouse_id = item.warehouse_id AND connection.status <> 'DISCONNECTED'
  LEFT JOIN listings AS listing ON listing.connection_id = mapping.connection_id AND listing.seller_sku = mapping.seller_sku`

/** toldQuantity of level.ts, where a database must sort out which of many listings are behind. A property holds the two together. */
export const told = `(greatest(0, item.on_hand::bigint - item.on_hold - item.allocated - connection.inventory_buffer)
  * connection.inventory_percent / 100 / mapping.units_per_item)::int`

/** listingStatus of level.ts, likewise. */
export const presentStatus = `CASE WHEN listing.pushed_quantity = ${told} THEN 'IN_STEP' WHEN listing.status = 'REJECTED' THEN 'REJECTED'
  WHEN listing.pushed_quantity IS NULL THEN 'NEVER_PUSHED' ELSE 'BEHIND' END`

const columns = `item.id AS inventory_item_id, item.on_hand, item.on_hold, item.allocated, mapping.connection_id, mapping.customer_id, mapping.seller_sku,
  mapping.units_per_item, connection.inventory_buffer AS buffer, connection.inventory_percent AS percent,
  listing.pushed_quantity, listing.pushed_at, listing.status AS recorded_status, listing.message`
const scoped = '($1::uuid[] IS NULL OR item.customer_id = ANY($1))'

const ofItems = statement('listingsOfItems', `SELECT ${columns} FROM ${listings} WHERE ${scoped} AND item.id = ANY($2::uuid[]) ORDER BY connection.name, mapping.seller_sku`)
export const listingsOfItem = defineLoader<ListingRow[]>('listingsOfItem', async (scope, ids) =>
  groupBy(await rows<ListingRow>(scope.db.pool, ofItems, [scope.tenant, ids]), ids, (row) => row.inventoryItemId),
)

const behind = statement(
  'listingsBehind',
  `SELECT ${columns} FROM ${listings}
   WHERE ${scoped} AND connection.id = $2 AND listing.pushed_quantity IS DISTINCT FROM ${told} AND ($3::text IS NULL OR mapping.seller_sku > $3)
   ORDER BY mapping.seller_sku LIMIT $4`,
)
/** Listings of a connection whose marketplace has another quantity than it should, by seller SKU, after `after`. */
export function listingsBehind(scope: Scope, connectionId: string, after: string | null, limit: number): Promise<ListingRow[]> {
  return rows(scope.db.pool, behind, [scope.tenant, connectionId, after, limit])
}

const taken = statement(
  'recordListingTaken',
  `INSERT INTO listings (connection_id, seller_sku, customer_id, pushed_quantity, pushed_at, status) VALUES ($1, $2, $3, $4, now(), 'IN_STEP')
   ON CONFLICT (connection_id, seller_sku) DO UPDATE SET pushed_quantity = excluded.pushed_quantity, pushed_at = excluded.pushed_at, status = 'IN_STEP', message = NULL`,
)
export async function recordTaken(tx: Tx, { connectionId, sellerSku, customerId }: ListingRow, quantity: number): Promise<void> {
  await run(tx, taken, [connectionId, sellerSku, customerId, quantity])
}

const refused = statement(
  'recordListingRefused',
  `INSERT INTO listings (connection_id, seller_sku, customer_id, status, message) VALUES ($1, $2, $3, 'REJECTED', $4)
   ON CONFLICT (connection_id, seller_sku) DO UPDATE SET status = 'REJECTED', message = excluded.message`,
)
/** The marketplace keeps what it took before. */
export async function recordRefused(tx: Tx, { connectionId, sellerSku, customerId }: ListingRow, message: string): Promise<void> {
  await run(tx, refused, [connectionId, sellerSku, customerId, message])
}
