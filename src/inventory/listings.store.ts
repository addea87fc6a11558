// What marketplaces are told of stock: one listing for each SKU mapping onto an item, on the connections that its warehouse feeds.
import { defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { rows, statement } from '../db/sql.ts'
import type { SharingRule, StockLevels } from './level.ts'
import type { ListingState } from './listing.ts'
import { LESS_IS_LEFT_FOR } from './sync-times.ts'

export interface ListingRow extends StockLevels, SharingRule, ListingState {
  inventoryItemId: string
  connectionId: string
  sellerSku: string
}

export const listings = `inventory_items AS item
  JOIN sku_mappings AS mapping ON mapping.customer_id = item.customer_id AND mapping.warehouse_sku = item.sku
  JOIN connections AS connection ON connection.id = mapping.connection_id AND connection.warehouse_id = item.warehouse_id AND connection.status <> 'DISCONNECTED'
  LEFT JOIN inventory_rules AS rule ON rule.connection_id = mapping.connection_id AND rule.inventory_item_id = item.id
  LEFT JOIN listings AS listing ON listing.connection_id = mapping.connection_id AND listing.seller_sku = mapping.seller_sku`

const buffer = 'coalesce(rule.buffer, connection.inventory_buffer)'
const percent = 'coalesce(rule.percent, connection.inventory_percent)'

/** toldQuantity of level.ts, where a database must sort out which of many listings are behind. A property holds the two together. */
export const told = `least(rule.maximum,
  (greatest(0, item.on_hand::bigint - item.on_hold - item.allocated - ${buffer}) * ${percent} / 100 / mapping.units_per_item)::int)`

/** strays of listing.ts, likewise: `pushed` and `read` are the rows that have what was told and what was read. */
export const strayed = (pushed: string, read: string): string => `coalesce(${read}.read_at > ${pushed}.pushed_at AND (
  coalesce(${read}.read_quantity, 0) > ${pushed}.pushed_quantity
  OR coalesce(${read}.read_quantity, 0) < ${pushed}.pushed_quantity AND ${read}.read_at >= ${pushed}.pushed_at + interval '${LESS_IS_LEFT_FOR} milliseconds'), false)`

/** listingStatus of listing.ts, likewise. */
export const presentStatus = `CASE WHEN rule.excluded OR listing.fulfilled_by = 'MARKETPLACE' THEN 'EXCLUDED'
  WHEN listing.pushed_quantity = ${told} AND NOT ${strayed('listing', 'listing')} THEN 'IN_STEP' WHEN listing.status = 'REJECTED' THEN 'REJECTED'
  WHEN listing.pushed_quantity IS NULL THEN 'NEVER_PUSHED' ELSE 'BEHIND' END`

const columns = `item.id AS inventory_item_id, item.on_hand, item.on_hold, item.allocated, mapping.connection_id, mapping.seller_sku,
  mapping.units_per_item, ${buffer} AS buffer, ${percent} AS percent, rule.maximum, coalesce(rule.excluded, false) AS excluded,
  listing.fulfilled_by, listing.pushed_quantity, listing.pushed_at, listing.read_quantity, listing.read_at, coalesce(listing.mismatches, 0) AS mismatches,
  listing.status AS recorded_status, listing.message`
const scoped = '($1::uuid[] IS NULL OR item.customer_id = ANY($1))'

const ofItems = statement('listingsOfItems', `SELECT ${columns} FROM ${listings} WHERE ${scoped} AND item.id = ANY($2::uuid[]) ORDER BY connection.name, mapping.seller_sku`)
export const listingsOfItem = defineLoader<ListingRow[]>('listingsOfItem', async (scope, ids) =>
  groupBy(await rows<ListingRow>(scope.db.pool, ofItems, [scope.tenant, ids]), ids, (row) => row.inventoryItemId),
)

/** Which of the listings that are behind: those of a seller SKU after `after`, refused at `refusedBy` at the latest. */
export interface BehindRequest {
  connectionId: string
  /** Answers of who ships a SKU count if they are younger. */
  askedAfter: Date
  refusedBy: Date
  /** Submissions younger than this are waited for, whatever the stock has done since. */
  waitsFrom: Date
  after: string | null
  limit: number
}

// A SKU of an open submission waits for its outcome: told beside it, nobody knows which of the two numbers would stay. Where the
// submission is slow, only one that has told what there still is.
const submitted = "FROM inventory_submissions, jsonb_array_elements(quantities) AS submitted WHERE connection_id = $2"
const behind = (known: string): string => `SELECT ${columns} FROM ${listings}
  WHERE ${scoped} AND connection.id = $2 AND rule.excluded IS NOT TRUE AND ${known} AND (listing.refused_at IS NULL OR listing.refused_at <= $4)
    AND (listing.pushed_quantity IS DISTINCT FROM ${told} OR ${strayed('listing', 'listing')})
    AND mapping.seller_sku NOT IN (SELECT submitted->>'sellerSku' ${submitted} AND submitted_at > $7)
    AND (mapping.seller_sku, ${told}) NOT IN (SELECT submitted->>'sellerSku', (submitted->>'quantity')::int ${submitted} AND submitted_at <= $7)
    AND ($5::text IS NULL OR mapping.seller_sku > $5)
  ORDER BY mapping.seller_sku LIMIT $6`
const toTell = statement('listingsToTell', behind(`listing.fulfilled_by = 'MERCHANT' AND listing.read_at > $3`))
const toAsk = statement('listingsToAsk', behind('(listing.fulfilled_by IS NULL OR listing.read_at <= $3)'))

/** Listings whose marketplace has another quantity than it should, and which the merchant ships, by seller SKU. */
export function listingsToTell(scope: Scope, request: BehindRequest): Promise<ListingRow[]> {
  return rows(scope.db.pool, toTell, valuesOf(scope, request))
}

/** Likewise, but of whom nobody knows (any more) who ships them. */
export function listingsToAsk(scope: Scope, request: BehindRequest): Promise<ListingRow[]> {
  return rows(scope.db.pool, toAsk, valuesOf(scope, request))
}

const valuesOf = (scope: Scope, { connectionId, askedAfter, refusedBy, waitsFrom, after, limit }: BehindRequest): unknown[] => [
  scope.tenant, connectionId, askedAfter, refusedBy, after, limit, waitsFrom,
]

const confirmed = 'coalesce(listing.read_at > listing.pushed_at AND listing.read_quantity = listing.pushed_quantity, false)'
const toReadBack = statement(
  'listingsToReadBack',
  `(SELECT ${columns} FROM ${listings}
    WHERE ${scoped} AND connection.id = $2 AND rule.excluded IS NOT TRUE AND listing.refused_at > coalesce(listing.read_at, '-infinity'))
   UNION ALL
   (SELECT ${columns} FROM ${listings}
    WHERE ${scoped} AND connection.id = $2 AND rule.excluded IS NOT TRUE AND (listing.refused_at IS NULL OR listing.refused_at <= listing.read_at) AND (
      listing.pushed_at <= $3 AND (listing.read_at IS NULL OR listing.read_at < listing.pushed_at)
      OR listing.pushed_at <= $4 AND coalesce(listing.read_quantity, 0) < listing.pushed_quantity
        AND listing.read_at < listing.pushed_at + interval '${LESS_IS_LEFT_FOR} milliseconds'
      OR listing.pushed_at IS NOT NULL AND listing.read_at <= $5)
    ORDER BY ${confirmed}, greatest(listing.pushed_at, listing.read_at), mapping.seller_sku LIMIT $6)`,
)
export interface ReadBackRequest {
  /** Of those told up to then and not read since. */
  toldBy: Date
  /** Of those told up to then, and read with less soon after. */
  lessBy: Date
  /** Of those last read up to then, whatever that showed; they come last. */
  readBy: Date
  limit: number
}
/** Listings to look at in the marketplace: every one refused since it was last read, and `limit` others, those first that wait longest. */
export function listingsToReadBack(scope: Scope, connectionId: string, { toldBy, lessBy, readBy, limit }: ReadBackRequest): Promise<ListingRow[]> {
  return rows(scope.db.pool, toReadBack, [scope.tenant, connectionId, toldBy, lessBy, readBy, limit])
}
