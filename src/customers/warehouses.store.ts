import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { one, rows, statement } from '../db/sql.ts'

export interface WarehouseRow {
  id: string
  name: string
  code: string
  /** IANA name. */
  timeZone: string
  recipient: string | null
  company: string | null
  line1: string
  line2: string | null
  line3: string | null
  city: string
  region: string | null
  postalCode: string | null
  countryCode: string
  phone: string | null
}

// A warehouse is nobody's own: a customer sees those that serve them.
const scoped = `($1::uuid[] IS NULL
  OR EXISTS (SELECT FROM connections WHERE warehouse_id = warehouses.id AND customer_id = ANY($1))
  OR EXISTS (SELECT FROM inventory_items WHERE warehouse_id = warehouses.id AND customer_id = ANY($1)))`
const columns = 'id, name, code, time_zone, recipient, company, line1, line2, line3, city, region, postal_code, country_code, phone'

const all = statement('warehouses', `SELECT ${columns} FROM warehouses WHERE ${scoped} ORDER BY name, id`)
export const warehousesOf = (scope: Scope): Promise<WarehouseRow[]> => rows(scope.db.pool, all, [scope.tenant])

const byId = statement('warehousesById', `SELECT ${columns} FROM warehouses WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const warehouseById = defineLoader<WarehouseRow>('warehouseById', async (scope, ids) =>
  byKey(await rows<WarehouseRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id),
)

const insert = statement(
  'insertWarehouse',
  `INSERT INTO warehouses (name, code, time_zone, recipient, company, line1, line2, line3, city, region, postal_code, country_code, phone)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (code) DO NOTHING RETURNING ${columns}`,
)
/** Null where another warehouse has the code. */
export function insertWarehouse(scope: Scope, row: Omit<WarehouseRow, 'id'>): Promise<WarehouseRow | null> {
  return one(scope.db.pool, insert, [
    row.name, row.code, row.timeZone, row.recipient, row.company, row.line1, row.line2, row.line3, row.city, row.region, row.postalCode, row.countryCode, row.phone,
  ])
}
