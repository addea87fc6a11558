import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'
import type { ListingStatus } from './listing.ts'
import { listings, presentStatus } from './listings.store.ts'
import { itemColumns, type ItemRow, type MovementKind } from './stock.store.ts'

const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('inventoryItemsById', `SELECT ${itemColumns} FROM inventory_items WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const inventoryItemById = defineLoader<ItemRow>('inventoryItemById', async (scope, ids) =>
  byKey(await rows<ItemRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id),
)

const lock = statement('lockInventoryItem', `SELECT ${itemColumns} FROM inventory_items WHERE ${scoped} AND id = $2 FOR NO KEY UPDATE`)
/** The item as it is until the transaction ends; null where the viewer has no such one. */
export function lockItem(tx: Tx, scope: Scope, id: string): Promise<ItemRow | null> {
  return one(tx, lock, [scope.tenant, id])
}

export interface InventoryWanted {
  customerIds: readonly string[] | null
  warehouseIds: readonly string[] | null
  /** A LIKE pattern in upper case. */
  search: string | null
  listingStatuses: readonly ListingStatus[] | null
  belowAvailable: number | null
}

export type InventoryOrder = 'SKU_ASC' | 'AVAILABLE_ASC' | 'UPDATED_DESC'

const available = '(on_hand - on_hold - allocated)'
const wantedRows = `${scoped} AND ($2::uuid[] IS NULL OR customer_id = ANY($2)) AND ($3::uuid[] IS NULL OR warehouse_id = ANY($3))
  AND ($4::text IS NULL OR upper(sku) LIKE $4) AND ($5::int IS NULL OR ${available} < $5)
  AND ($6::text[] IS NULL OR id IN (SELECT item.id FROM ${listings} WHERE ${presentStatus} = ANY($6)))`
const wantedValues = (scope: Scope, wanted: InventoryWanted): unknown[] => [
  scope.tenant, wanted.customerIds, wanted.warehouseIds, wanted.search, wanted.belowAvailable, wanted.listingStatuses,
]

const orders = {
  SKU_ASC: { by: 'sku', type: 'text', descending: false },
  AVAILABLE_ASC: { by: available, type: 'int', descending: false },
  UPDATED_DESC: { by: 'updated_at', type: 'timestamptz', descending: true },
} as const

export function inventoryPage(scope: Scope, page: PageRequest, order: InventoryOrder, wanted: InventoryWanted): Promise<(ItemRow & { keys: string[] })[]> {
  const { by, type, descending } = orders[order]
  const [comparison, direction] = descending === page.backwards ? ['>', 'ASC'] : ['<', 'DESC']
  const what = statement(
    `inventoryPage${order}${direction}`,
    `SELECT ${itemColumns}, ARRAY[${by}::text, id::text] AS keys FROM inventory_items
     WHERE ${wantedRows} AND ($7::${type} IS NULL OR (${by}, id) ${comparison} ($7, $8::uuid))
     ORDER BY ${by} ${direction}, id ${direction} LIMIT $9`,
  )
  return rows(scope.db.pool, what, [...wantedValues(scope, wanted), page.from?.[0] ?? null, page.from?.[1] ?? null, page.limit + 1])
}

const count = statement('inventoryCount', `SELECT count(*)::int AS count FROM inventory_items WHERE ${wantedRows}`)
export async function inventoryCount(scope: Scope, wanted: InventoryWanted): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, count, wantedValues(scope, wanted)))!.count
}

const titles = statement(
  'setItemTitles',
  `UPDATE inventory_items AS item SET title = given.title FROM jsonb_to_recordset($2) AS given (id uuid, title text)
   WHERE ($1::uuid[] IS NULL OR item.customer_id = ANY($1)) AND item.id = given.id`,
)
export async function setTitles(tx: Tx, scope: Scope, given: readonly { id: string; title: string }[]): Promise<void> {
  if (given.length > 0) await run(tx, titles, [scope.tenant, JSON.stringify(given)])
}

export interface MovementRow {
  id: string
  inventoryItemId: string
  kind: MovementKind
  /** Signed: what it adds or takes. */
  quantity: number
  reason: string | null
  reference: string | null
  at: Date
  by: string
}

const movementColumns = 'id, inventory_item_id, kind, quantity, reason, reference, at, by'

const movementsOfItem = statement(
  'movementsPage',
  `SELECT ${movementColumns}, ARRAY[at::text, id::text] AS keys FROM inventory_movements
   WHERE ${scoped} AND inventory_item_id = $2 AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid)) ORDER BY at DESC, id DESC LIMIT $5`,
)
/** Of one item, the newest first, forwards. */
export function movementsPage(scope: Scope, inventoryItemId: string, page: PageRequest): Promise<(MovementRow & { keys: string[] })[]> {
  return rows(scope.db.pool, movementsOfItem, [scope.tenant, inventoryItemId, page.from?.[0] ?? null, page.from?.[1] ?? null, page.limit + 1])
}

const movementsCounted = statement('movementsCount', `SELECT count(*)::int AS count FROM inventory_movements WHERE ${scoped} AND inventory_item_id = $2`)
export async function movementsCount(scope: Scope, inventoryItemId: string): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, movementsCounted, [scope.tenant, inventoryItemId]))!.count
}

const movementsById = statement('movementsById', `SELECT ${movementColumns} FROM inventory_movements WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const movementById = defineLoader<MovementRow>('movementById', async (scope, ids) =>
  byKey(await rows<MovementRow>(scope.db.pool, movementsById, [scope.tenant, ids]), (row) => row.id),
)
