import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { one, rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'

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
function visible({ tenant }: Scope) {
  const theirs = tenant && { some: { customerId: { in: [...tenant] } } }
  return theirs === null ? {} : { OR: [{ connections: theirs }, { inventoryItems: theirs }] }
}

/** By name. */
export function warehousesOf(scope: Scope): Promise<WarehouseRow[]> {
  return scope.db.prisma.warehouse.findMany({ where: visible(scope), orderBy: [{ name: 'asc' }, { id: 'asc' }] })
}

const zone = statement('timeZoneOfWarehouse', 'SELECT time_zone FROM warehouses WHERE id = $1')
/** Of one that a foreign key promises. */
export const timeZoneOfWarehouse = async (tx: Tx, id: string): Promise<string> => (await one<{ timeZone: string }>(tx, zone, [id]))!.timeZone

const columns = 'name, code, time_zone, recipient, company, line1, line2, line3, city, region, postal_code, country_code, phone'
const byId = statement(
  'warehousesById',
  `SELECT id, ${columns} FROM warehouses AS warehouse WHERE id = ANY($2::uuid[]) AND ($1::uuid[] IS NULL
     OR id IN (SELECT warehouse_id FROM connections WHERE customer_id = ANY($1)) OR id IN (SELECT warehouse_id FROM inventory_items WHERE customer_id = ANY($1)))`,
)
// Not by Prisma, as each page of orders asks for them: its asking alone was a fifteenth of what an API process does.
export const warehouseById = defineLoader<WarehouseRow>('warehouseById', async (scope, ids) => byKey(await rows<WarehouseRow>(scope.db.pool, byId, [scope.tenant, ids]), ({ id }) => id))

const insert = statement(
  'insertWarehouse',
  `INSERT INTO warehouses (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (code) DO NOTHING RETURNING id, ${columns}`,
)
/** Null where another warehouse has the code. */
export const insertWarehouse = (tx: Tx, { name, code, timeZone, recipient, company, line1, line2, line3, city, region, postalCode, countryCode, phone }: Omit<WarehouseRow, 'id'>): Promise<WarehouseRow | null> =>
  one(tx, insert, [name, code, timeZone, recipient, company, line1, line2, line3, city, region, postalCode, countryCode, phone])
