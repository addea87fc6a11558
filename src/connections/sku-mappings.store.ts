import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
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

const wantedRows = `${scoped} AND connection_id = $2 AND ($3::text IS NULL OR upper(seller_sku) LIKE $3 OR upper(warehouse_sku) LIKE $3)`
const page = statement(
  'skuMappingsPage',
  `SELECT ${columns}, ARRAY[seller_sku] AS keys FROM sku_mappings WHERE ${wantedRows} AND ($4::text IS NULL OR seller_sku > $4) ORDER BY seller_sku LIMIT $5`,
)
/** Of one connection, by seller SKU, forwards; `search` is a LIKE pattern in upper case, or null. */
export function skuMappingsPage(scope: Scope, connectionId: string, request: PageRequest, search: string | null): Promise<(SkuMappingRow & { keys: string[] })[]> {
  return rows(scope.db.pool, page, [scope.tenant, connectionId, search, request.from?.[0] ?? null, request.limit + 1])
}

const count = statement('skuMappingsCount', `SELECT count(*)::int AS count FROM sku_mappings WHERE ${wantedRows}`)
export async function skuMappingsCount(scope: Scope, connectionId: string, search: string | null): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, count, [scope.tenant, connectionId, search]))!.count
}

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
