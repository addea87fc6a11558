import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { type List, oneOf } from '../db/list.ts'
import { beginsWith, prefixOrder } from '../db/prefix.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'
import type { ListingStatus } from './listing.ts'
import { listings, presentStatus } from './listings.store.ts'
import { itemColumns, type ItemRow, type MovementKind } from './stock.store.ts'

const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'
const MANY = 10_000

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
  /** What the SKU begins with. */
  search: string | null
  listingStatuses: readonly ListingStatus[] | null
  belowAvailable: number | null
}

export type InventoryOrder = 'SKU_ASC' | 'AVAILABLE_ASC' | 'UPDATED_DESC'

// Those that few listings are in have an index of their own; the others are worked out, listing by listing.
const fewListings: Partial<Record<ListingStatus, readonly string[]>> = {
  REJECTED: ["listing.status = 'REJECTED'"],
  EXCLUDED: ['rule.excluded', "listing.fulfilled_by = 'MARKETPLACE'"],
}

// Levels change with every order: an index on them would be written for every line that an import allocates, and with it all the others of
// the item, which else stay untouched (docs/decisions/0016). So where nothing narrows these two orders, they sort all items there are.
const byCustomer = 'customer_id, warehouse_id, sku'
const available = '(on_hand - on_hold - allocated)'

export const inventoryList: List<InventoryWanted, InventoryOrder> = {
  name: 'inventory',
  table: 'inventory_items',
  columns: itemColumns,
  tenant: 'customer_id',
  gatherTenant: { atMost: MANY, through: byCustomer },
  sorts: {
    SKU_ASC: { key: 'sku', kind: 'text', descending: false },
    AVAILABLE_ASC: { key: available, kind: 'integer', descending: false, wholeTable: true },
    UPDATED_DESC: { key: 'updated_at', kind: 'instant', descending: true, wholeTable: true },
  },
  conditions: {
    search: { holds: (n) => beginsWith('sku', n), gather: () => MANY, through: prefixOrder('sku') },
    customerIds: { holds: (n, wanted) => oneOf('customer_id', `${n}::uuid[]`, wanted), gather: () => MANY, through: byCustomer },
    belowAvailable: { holds: (n) => `${available} < ${n}::int` },
    listingStatuses: {
      holds: (n) => `(SELECT true FROM ${listings} WHERE item.id = inventory_items.id AND ${presentStatus} = ANY(${n}::text[]) LIMIT 1)`,
      gather: (wanted) => (wanted.every((status) => fewListings[status] !== undefined) ? MANY : 0),
      finds: (n, within, wanted) => wanted.flatMap((status) => fewListings[status] ?? [])
        .map((which) => `SELECT item.id FROM ${listings} WHERE ${which} AND ${presentStatus} = ANY(${n}::text[]) AND ${within.replace('customer_id', 'item.customer_id')}`),
    },
    warehouseIds: { holds: (n, wanted) => oneOf('warehouse_id', `${n}::uuid[]`, wanted) },
  },
}

export const inventoryPage = (scope: Scope, page: PageRequest, order: InventoryOrder, wanted: InventoryWanted): Promise<(ItemRow & { keys: string[] })[]> =>
  readPage(scope, inventoryList, page, order, wanted)

export const inventoryCount = (scope: Scope, order: InventoryOrder, wanted: InventoryWanted): Promise<number> => countRows(scope, inventoryList, order, wanted)

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

export type MovementOrder = 'AT_DESC'

export const movementsList: List<{ inventoryItemId: string }, MovementOrder> = {
  name: 'movements',
  table: 'inventory_movements',
  columns: movementColumns,
  tenant: 'customer_id',
  sorts: { AT_DESC: { key: 'at', kind: 'instant', descending: true } },
  conditions: { inventoryItemId: { holds: (n) => `inventory_item_id = ${n}::uuid`, parent: true } },
}

/** Of one item, the newest first. */
export const movementsPage = (scope: Scope, page: PageRequest, inventoryItemId: string): Promise<(MovementRow & { keys: string[] })[]> =>
  readPage(scope, movementsList, page, 'AT_DESC', { inventoryItemId })

export const movementsCount = (scope: Scope, inventoryItemId: string): Promise<number> => countRows(scope, movementsList, 'AT_DESC', { inventoryItemId })

const movementsById = statement('movementsById', `SELECT ${movementColumns} FROM inventory_movements WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const movementById = defineLoader<MovementRow>('movementById', async (scope, ids) =>
  byKey(await rows<MovementRow>(scope.db.pool, movementsById, [scope.tenant, ids]), (row) => row.id),
)
