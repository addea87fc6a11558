// The only writer of stock levels. Orders and shipments allocate, release and ship through it, so that every level stays the sum
// of its movements.
import type { Scope } from '../auth/scope.ts'
import { rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { StockLevels } from './level.ts'

export interface ItemRow extends StockLevels {
  id: string
  customerId: string
  warehouseId: string
  sku: string
  title: string | null
  updatedAt: Date
  version: number
}

export interface ItemKey {
  customerId: string
  warehouseId: string
  sku: string
}

export const itemColumns = 'id, customer_id, warehouse_id, sku, title, on_hand, on_hold, allocated, updated_at, version'

/** What ensureItems answers under; UUIDs hold no space, so no two keys meet. */
export const itemKey = ({ customerId, warehouseId, sku }: ItemKey): string => `${customerId} ${warehouseId} ${sku}`

const keys = 'jsonb_to_recordset($2) AS key ("customerId" uuid, "warehouseId" uuid, sku text, title text)'
const itemsOf = statement(
  'itemsOfKeys',
  `SELECT ${itemColumns.replace(/\w+/g, 'item.$&')} FROM ${keys}
   JOIN inventory_items AS item ON item.customer_id = key."customerId" AND item.warehouse_id = key."warehouseId" AND item.sku = key.sku
   WHERE ($1::uuid[] IS NULL OR item.customer_id = ANY($1))`,
)
// In the order of the key, so that two writers of the same new items wait for each other and never in a circle.
const insertItems = statement(
  'insertItems',
  `INSERT INTO inventory_items (customer_id, warehouse_id, sku, title)
   SELECT "customerId", "warehouseId", sku, title FROM ${keys} WHERE $1::uuid[] IS NULL OR "customerId" = ANY($1)
   ORDER BY 1, 2, 3 ON CONFLICT (customer_id, warehouse_id, sku) DO NOTHING`,
)

/** The items of these keys, by itemKey; those not yet known are made, with no stock. The title counts for new ones only. */
export async function ensureItems(tx: Tx, scope: Scope, items: readonly (ItemKey & { title: string | null })[]): Promise<Map<string, ItemRow>> {
  const wanted = new Map(items.map((item) => [itemKey(item), item]))
  const found = await read([...wanted.values()])
  const missing = [...wanted].filter(([key]) => !found.has(key)).map(([, item]) => item)
  if (missing.length === 0) return found
  await run(tx, insertItems, [scope.tenant, JSON.stringify(missing)])
  for (const [key, row] of await read(missing)) found.set(key, row)
  return found

  async function read(which: readonly ItemKey[]): Promise<Map<string, ItemRow>> {
    if (which.length === 0) return new Map()
    return new Map((await rows<ItemRow>(tx, itemsOf, [scope.tenant, JSON.stringify(which)])).map((row) => [itemKey(row), row]))
  }
}

export type MovementKind = 'RECEIPT' | 'ADJUSTMENT' | 'ALLOCATION' | 'RELEASE' | 'SHIPMENT'

export interface StockMove {
  inventoryItemId: string
  customerId: string
  kind: MovementKind
  /** Units, above 0; the kind tells whether they come or go. An ADJUSTMENT alone is signed. */
  quantity: number
  orderId?: string | null
  reason?: string | null
  reference?: string | null
  /** Who, as histories show it. */
  by: string
}

// Levels are locked in the order of their ids, as lockItems does; NO KEY, as lines and movements that refer to an item must not wait
// for its level. The sums are taken per item, as an UPDATE touches a row once.
const move = statement(
  'moveStock',
  `WITH move AS MATERIALIZED (
     SELECT "inventoryItemId" AS item_id, "customerId" AS customer_id, kind, reason, reference, "orderId" AS order_id, by, ordinality,
       CASE WHEN kind IN ('RELEASE', 'SHIPMENT') THEN -quantity ELSE quantity END AS signed
     FROM ROWS FROM (json_to_recordset($1) AS ("inventoryItemId" uuid, "customerId" uuid, kind movement_kind, quantity int,
       reason text, reference text, "orderId" uuid, by text)) WITH ORDINALITY
   ), locked AS MATERIALIZED (
     SELECT id FROM inventory_items WHERE id IN (SELECT item_id FROM move) ORDER BY id FOR NO KEY UPDATE
   ), change AS MATERIALIZED (
     SELECT item_id, customer_id,
       coalesce(sum(signed) FILTER (WHERE kind IN ('RECEIPT', 'ADJUSTMENT', 'SHIPMENT')), 0)::int AS on_hand,
       coalesce(sum(signed) FILTER (WHERE kind IN ('ALLOCATION', 'RELEASE', 'SHIPMENT')), 0)::int AS allocated
     FROM move GROUP BY item_id, customer_id
   ), recorded AS (
     INSERT INTO inventory_movements (customer_id, inventory_item_id, kind, quantity, reason, reference, order_id, by)
     SELECT customer_id, item_id, kind, signed, reason, reference, order_id, by FROM move ORDER BY ordinality
   )
   UPDATE inventory_items AS item
   SET on_hand = item.on_hand + change.on_hand, allocated = item.allocated + change.allocated, version = item.version + 1, updated_at = now()
   FROM locked JOIN change ON change.item_id = locked.id
   WHERE item.id = locked.id AND item.customer_id = change.customer_id`,
)

/**
 * Records the movements and moves the levels by them, in one statement. RECEIPT and ADJUSTMENT change what is on hand, ALLOCATION
 * and RELEASE what is allocated, SHIPMENT takes the same from both.
 * @throws where a level would fall below 0 or an item is not that customer's: callers ask first, under lockItems.
 */
export async function moveStock(tx: Tx, moves: readonly StockMove[]): Promise<void> {
  if (moves.length === 0) return
  const touched = await run(tx, move, [JSON.stringify(moves)])
  const items = new Set(moves.map(({ inventoryItemId }) => inventoryItemId)).size
  if (touched !== items) throw new Error(`moveStock: ${items} items, of which ${touched} are there`)
}

const lock = statement('lockItems', 'SELECT id, on_hand, on_hold, allocated FROM inventory_items WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE')

/** The levels of these items, which stay as they are until the transaction ends. Locked in the order of the ids: no circle. */
export async function lockItems(tx: Tx, ids: readonly string[]): Promise<Map<string, StockLevels>> {
  const found = await rows<StockLevels & { id: string }>(tx, lock, [[...new Set(ids)]])
  return new Map(found.map(({ id, ...levels }) => [id, levels]))
}
