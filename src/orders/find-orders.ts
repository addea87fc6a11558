import type { Scope } from '../auth/scope.ts'
import { one, rows, type Statement, statement } from '../db/sql.ts'
import type { PageRequest } from '../kit/page.ts'
import type { OrderStatus } from './order.ts'
import { orderColumns, type OrderRow } from './orders.store.ts'

/** What Find Orders asks for; null and left out mean any. Ids are UUIDs, `search` a LIKE pattern in upper case. */
export interface OrdersWanted {
  search?: string | null
  statuses?: readonly OrderStatus[] | null
  onHold?: boolean | null
  cancelRequested?: boolean | null
  connectionIds?: readonly string[] | null
  customerIds?: readonly string[] | null
  warehouseIds?: readonly string[] | null
  marketplaceIds?: readonly string[] | null
  trackingStatuses?: readonly string[] | null
  /** A seller's or the warehouse's SKU, whole, in upper case. */
  sku?: string | null
  purchasedFrom?: Date | null
  purchasedBefore?: Date | null
  importedFrom?: Date | null
  importedBefore?: Date | null
  shipByBefore?: Date | null
}

export type OrdersOrder = 'IMPORTED_DESC' | 'IMPORTED_ASC' | 'PURCHASED_DESC' | 'PURCHASED_ASC' | 'SHIP_BY_ASC'

const sorts: Readonly<Record<OrdersOrder, { key: string; descending: boolean }>> = {
  IMPORTED_DESC: { key: 'imported_at', descending: true },
  IMPORTED_ASC: { key: 'imported_at', descending: false },
  PURCHASED_DESC: { key: 'purchased_at', descending: true },
  PURCHASED_ASC: { key: 'purchased_at', descending: false },
  SHIP_BY_ASC: { key: "coalesce(ship_by, 'infinity'::timestamptz)", descending: false },
}

// Only the conditions that are asked for stand in a statement, so that each combination gets a plan of its own.
const conditions: Readonly<Record<keyof OrdersWanted, (n: string) => string>> = {
  search: (n) => `orders.id IN (
    SELECT id FROM orders WHERE upper(number) LIKE ${n} UNION SELECT id FROM orders WHERE upper(tracking_number) LIKE ${n}
    UNION SELECT order_id FROM order_lines WHERE upper(seller_sku) LIKE ${n} UNION SELECT order_id FROM order_lines WHERE upper(warehouse_sku) LIKE ${n}
    UNION SELECT order_id FROM shipments WHERE upper(tracking_number) LIKE ${n} UNION SELECT order_id FROM order_recipients WHERE upper(name) LIKE ${n})`,
  statuses: (n) => `status = ANY(${n}::order_status[])`,
  onHold: (n) => `on_hold = ${n}`,
  cancelRequested: (n) => `cancel_requested = ${n}`,
  connectionIds: (n) => `connection_id = ANY(${n}::uuid[])`,
  customerIds: (n) => `customer_id = ANY(${n}::uuid[])`,
  warehouseIds: (n) => `warehouse_id = ANY(${n}::uuid[])`,
  marketplaceIds: (n) => `marketplace_id = ANY(${n})`,
  trackingStatuses: (n) => `EXISTS (SELECT 1 FROM shipments WHERE order_id = orders.id AND tracking_status = ANY(${n}::tracking_status[]))`,
  sku: (n) => `EXISTS (SELECT 1 FROM order_lines WHERE order_id = orders.id AND (upper(seller_sku) = ${n} OR upper(warehouse_sku) = ${n}))`,
  purchasedFrom: (n) => `purchased_at >= ${n}`,
  purchasedBefore: (n) => `purchased_at < ${n}`,
  importedFrom: (n) => `imported_at >= ${n}`,
  importedBefore: (n) => `imported_at < ${n}`,
  shipByBefore: (n) => `ship_by < ${n}`,
}
const keys = Object.keys(conditions) as (keyof OrdersWanted)[]

function where(scope: Scope, wanted: OrdersWanted): { text: string[]; values: unknown[]; name: string } {
  const asked = keys.filter((key) => wanted[key] != null)
  return {
    text: ['($1::uuid[] IS NULL OR customer_id = ANY($1))', ...asked.map((key, index) => conditions[key](`$${index + 2}`))],
    values: [scope.tenant, ...asked.map((key) => wanted[key])],
    name: asked.join('_'),
  }
}

/** One page by keyset: `keys` are its cursor's values. */
export function ordersPage(scope: Scope, page: PageRequest, order: OrdersOrder, wanted: OrdersWanted): Promise<(OrderRow & { keys: string[] })[]> {
  const { key, descending } = sorts[order]
  const ascends = descending === page.backwards
  const { text, values, name } = where(scope, wanted)
  if (page.from !== null) {
    text.push(`(${key}, id) ${ascends ? '>' : '<'} ($${values.length + 1}::timestamptz, $${values.length + 2}::uuid)`)
    values.push(page.from[0], page.from[1])
  }
  const direction = ascends ? 'ASC' : 'DESC'
  const sql = `SELECT ${orderColumns}, ARRAY[(${key})::text, id::text] AS keys FROM orders WHERE ${text.join(' AND ')}
    ORDER BY ${key} ${direction}, id ${direction} LIMIT ${page.limit + 1}`
  return rows(scope.db.pool, named('ordersPage', `${order}_${direction}_${page.from === null ? 'first' : 'next'}_${page.limit}_${name}`, sql), values)
}

export async function ordersCount(scope: Scope, wanted: OrdersWanted): Promise<number> {
  const { text, values, name } = where(scope, wanted)
  const found = await one<{ count: number }>(scope.db.pool, named('ordersCount', name, `SELECT count(*)::int AS count FROM orders WHERE ${text.join(' AND ')}`), values)
  return found!.count
}

// PostgreSQL cuts the names of prepared statements at 63 bytes: a number per combination stands for it.
const numbers = new Map<string, number>()
function named(what: string, combination: string, sql: string): Statement {
  let number = numbers.get(`${what} ${combination}`)
  if (number === undefined) {
    if (numbers.size >= 1000) numbers.clear() // combinations are many in theory, few in practice
    number = next++
    numbers.set(`${what} ${combination}`, number)
  }
  return statement(`${what}${number}`, sql)
}
let next = 1
