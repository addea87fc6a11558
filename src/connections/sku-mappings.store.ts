import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { beginsWith, prefixOrder } from '../db/prefix.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { one, rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'

export interface SkuMappingRow {
  id: string
  customerId: string
  connectionId: string
  sellerSku: string
  warehouseSku: string
  /** Warehouse units in one item sold: a pack of 6 takes 6. */
  unitsPerItem: number
}

const columns = 'id, customer_id, connection_id, seller_sku, warehouse_sku, units_per_item'
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('skuMappingsById', `SELECT ${columns} FROM sku_mappings WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const skuMappingById = defineLoader<SkuMappingRow>('skuMappingById', async (scope, ids) =>
  byKey(await rows<SkuMappingRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id),
)

export interface SkuMappingsWanted {
  connectionId: string
  /** What the seller's or the warehouse's SKU begins with. */
  search: string | null
}
export type SkuMappingOrder = 'SELLER_SKU_ASC'

export const skuMappingsList: List<SkuMappingsWanted, SkuMappingOrder> = {
  name: 'skuMappings',
  table: 'sku_mappings',
  columns,
  tenant: 'customer_id',
  sorts: { SELLER_SKU_ASC: { key: 'seller_sku', kind: 'text', descending: false } },
  conditions: {
    connectionId: { holds: (n) => `connection_id = ${n}::uuid`, parent: true },
    search: {
      holds: (n) => `(${beginsWith('seller_sku', n)} OR ${beginsWith('warehouse_sku', n)})`,
      gather: () => 1000,
      finds: (n, within) => ['seller_sku', 'warehouse_sku'].map((column) => `SELECT id FROM sku_mappings WHERE ${beginsWith(column, n)} AND ${within} ORDER BY ${prefixOrder(column)}`),
    },
  },
}

/** Of one connection, by seller SKU. */
export const skuMappingsPage = (scope: Scope, page: PageRequest, wanted: SkuMappingsWanted): Promise<(SkuMappingRow & { keys: string[] })[]> =>
  readPage(scope, skuMappingsList, page, 'SELLER_SKU_ASC', wanted)

export const skuMappingsCount = (scope: Scope, wanted: SkuMappingsWanted): Promise<number> => countRows(scope, skuMappingsList, 'SELLER_SKU_ASC', wanted)

const upsert = statement(
  'upsertSkuMappings',
  `INSERT INTO sku_mappings (customer_id, connection_id, seller_sku, warehouse_sku, units_per_item)
   SELECT $1, $2, "sellerSku", "warehouseSku", "unitsPerItem"
   FROM jsonb_to_recordset($3) AS mapping ("sellerSku" text, "warehouseSku" text, "unitsPerItem" int)
   ON CONFLICT (connection_id, seller_sku) DO UPDATE SET warehouse_sku = excluded.warehouse_sku, units_per_item = excluded.units_per_item
   RETURNING ${columns}`,
)
/** Each seller SKU once at most. In no particular order. */
export function upsertSkuMappings(
  tx: Tx,
  { customerId, id }: { customerId: string; id: string },
  mappings: readonly Pick<SkuMappingRow, 'sellerSku' | 'warehouseSku' | 'unitsPerItem'>[],
): Promise<SkuMappingRow[]> {
  return rows(tx, upsert, [customerId, id, JSON.stringify(mappings)])
}

const unblocked = statement(
  'importFailuresUnblocked',
  `SELECT count(*)::int AS count FROM import_failures AS failure
   WHERE ${scoped} AND connection_id = $2 AND state = 'OPEN' AND code = 'SKU_UNMAPPED' AND NOT EXISTS (
     SELECT FROM unnest(failure.seller_skus) AS missing (sku)
     WHERE NOT EXISTS (SELECT FROM sku_mappings WHERE connection_id = $2 AND seller_sku = missing.sku))`,
)
/** Open failures for want of a mapping, of which each SKU has one now. */
export async function unblockedFailures(tx: Tx, scope: Scope, connectionId: string): Promise<number> {
  return (await one<{ count: number }>(tx, unblocked, [scope.tenant, connectionId]))!.count
}
