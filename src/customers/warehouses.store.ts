import { byKey, defineLoader, type Scope } from '../auth/scope.ts'

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

export const warehouseById = defineLoader<WarehouseRow>('warehouseById', async (scope, ids) =>
  byKey(await scope.db.prisma.warehouse.findMany({ where: { id: { in: [...ids] }, ...visible(scope) } }), (row) => row.id),
)

/** Null where another warehouse has the code. */
export async function insertWarehouse(scope: Scope, data: Omit<WarehouseRow, 'id'>): Promise<WarehouseRow | null> {
  const [row] = await scope.db.prisma.warehouse.createManyAndReturn({ data: [data], skipDuplicates: true })
  return row ?? null
}
