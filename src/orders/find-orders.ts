import type { Scope } from '../auth/scope.ts'
import { type Condition, type List, oneOf } from '../db/list.ts'
import { beginsWith, prefixOrder } from '../db/prefix.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { columnsOf } from '../db/sql.ts'
import type { PageRequest } from '../kit/page.ts'
import type { OrderStatus } from './order.ts'
import { orderColumns, type OrderRow } from './orders.store.ts'

/** What Find Orders asks for; null and left out mean any. Ids are UUIDs. */
export interface OrdersWanted {
  search?: string | null
  /** As search, for those who may not find by a recipient's name. */
  searchUnnamed?: string | null
  statuses?: readonly OrderStatus[] | null
  onHold?: boolean | null
  cancelRequested?: boolean | null
  connectionIds?: readonly string[] | null
  customerIds?: readonly string[] | null
  warehouseIds?: readonly string[] | null
  marketplaceIds?: readonly string[] | null
  trackingStatuses?: readonly string[] | null
  /** A seller's or the warehouse's SKU, whole. */
  sku?: string | null
  purchasedFrom?: Date | null
  purchasedBefore?: Date | null
  importedFrom?: Date | null
  importedBefore?: Date | null
  shipByBefore?: Date | null
}

export type OrdersOrder = 'IMPORTED_DESC' | 'IMPORTED_ASC' | 'PURCHASED_DESC' | 'PURCHASED_ASC' | 'SHIP_BY_ASC'

const shipBy = "coalesce(ship_by, 'infinity'::timestamptz)"

/** Rows that lie together, as the newest do. */
const MANY = 10_000
/** Rows that lie anywhere: each is a page of its own to read. */
const SCATTERED = 2000
/** Where walking finds them well too, as it begins where most of them are. */
const SOME = 1000

/** Where a search looks: a table, its column, and its column of the order's id. */
const searched = [
  ['orders', 'number', 'id'], ['orders', 'tracking_number', 'id'], ['orders', 'bill_of_lading', 'id'], ['orders', 'load_number', 'id'],
  ['order_recipients', 'name', 'order_id'], ['order_lines', 'seller_sku', 'order_id'], ['order_lines', 'warehouse_sku', 'order_id'], ['shipments', 'tracking_number', 'order_id'],
] as const

type Places = readonly (typeof searched)[number][]

const searching = (places: Places): Condition<string, OrdersOrder> => ({
  holds: (n) => `(${places.map(([table, column, id]) => (table === 'orders' ? `(${beginsWith(column, n)})` : `(SELECT true FROM ${table} WHERE ${id} = orders.id AND ${beginsWith(column, n)} LIMIT 1)`)).join(' OR ')})`,
  gather: () => SCATTERED,
  finds: (n, within) => places.map(([table, column, id]) => `SELECT ${id} FROM ${table} WHERE ${beginsWith(column, n)} AND ${column} IS NOT NULL AND ${within} ORDER BY ${prefixOrder(column)}`),
})

const isOpen = (statuses: readonly OrderStatus[]): boolean => statuses.length === 1 && statuses[0] === 'OPEN'

// Orders bought of late were imported of late: a walk comes upon them soon or late, by the end it begins at.
const farEnd = (order: OrdersOrder, own: 'PURCHASED' | 'IMPORTED', far: 'ASC' | 'DESC'): number => (order.startsWith(own) ? 0 : order.endsWith(far) ? MANY : SOME)

/** Conditions and orders are tables: test/db/list-plans.test.ts asks each with each what the database would do. */
export const ordersList: List<OrdersWanted, OrdersOrder> = {
  name: 'orders',
  table: 'orders',
  columns: orderColumns,
  tenant: 'customer_id',
  sorts: {
    IMPORTED_DESC: { key: 'imported_at', kind: 'instant', descending: true },
    IMPORTED_ASC: { key: 'imported_at', kind: 'instant', descending: false },
    PURCHASED_DESC: { key: 'purchased_at', kind: 'instant', descending: true },
    PURCHASED_ASC: { key: 'purchased_at', kind: 'instant', descending: false },
    SHIP_BY_ASC: { key: shipBy, kind: 'instant', descending: false },
  },
  conditions: {
    search: searching(searched),
    searchUnnamed: searching(searched.filter(([table]) => table !== 'order_recipients')),
    sku: {
      holds: (n) => `(SELECT true FROM order_lines WHERE order_id = orders.id AND upper(${n}::text) IN (upper(seller_sku), upper(warehouse_sku)) LIMIT 1)`,
      gather: () => SCATTERED,
      finds: (n, within) => ['seller_sku', 'warehouse_sku'].map((column) => `SELECT order_id FROM order_lines WHERE upper(${column}) = upper(${n}::text) AND ${within} ORDER BY ${prefixOrder(column)}, customer_id`),
    },
    trackingStatuses: {
      holds: (n) => `(SELECT true FROM shipments WHERE order_id = orders.id AND tracking_status = ANY(${n}::tracking_status[]) LIMIT 1)`,
      gather: (wanted) => (wanted.includes('ACCEPTED') ? 0 : SCATTERED),
      finds: (n, within) => [`SELECT order_id FROM shipments WHERE tracking_status = ANY(${n}::tracking_status[]) AND tracking_status <> 'ACCEPTED' AND ${within} ORDER BY tracking_status, shipped_at, id`],
    },
    // Spelt out, for the partial indexes: values of enums and booleans, which the contract has checked.
    onHold: { holds: (n, value) => (value ? `on_hold AND ${n}::boolean` : `NOT on_hold AND NOT ${n}::boolean`), gather: (value) => (value ? SCATTERED : 0), through: 'imported_at, id' },
    cancelRequested: { holds: (n, value) => (value ? `cancel_requested AND ${n}::boolean` : `NOT cancel_requested AND NOT ${n}::boolean`), gather: (value) => (value ? SCATTERED : 0), through: 'imported_at, id' },
    statuses: {
      holds: (n, value) => (value.length === 1 ? `status = '${value[0]!}' AND ${n}::order_status[] IS NOT NULL` : `status = ANY(${n}::order_status[])`),
      gather(value, _order, spread) {
        if (value.includes('CLOSED')) return 0
        if (!isOpen(value)) return SCATTERED
        return spread === 'many' ? MANY : 0 // open ones have indexes of just them, in each order and by connection: orders_open_*
      },
      through: (value) => (isOpen(value) ? `${shipBy}, id` : 'imported_at, id'),
      finds: (_n, within, value) => (value.length < 2 ? null : [...new Set(value)].map((status) => `SELECT id FROM orders WHERE status = '${status}' AND ${within} ORDER BY ${status === 'OPEN' ? shipBy : 'imported_at'}, id`)),
    },
    connectionIds: { holds: (n, wanted) => oneOf('connection_id', `${n}::uuid[]`, wanted) },
    customerIds: { holds: (n, wanted) => oneOf('customer_id', `${n}::uuid[]`, wanted) },
    warehouseIds: { holds: (n, wanted) => oneOf('warehouse_id', `${n}::uuid[]`, wanted) },
    marketplaceIds: { holds: (n, wanted) => oneOf('marketplace_id', `${n}::text[]`, wanted) },
    purchasedFrom: { holds: (n) => `purchased_at >= ${n}::timestamptz`, upTo: 'purchasedBefore', prunes: true, through: 'purchased_at, id', gather: (_value, order) => farEnd(order, 'PURCHASED', 'ASC') },
    purchasedBefore: { holds: (n) => `purchased_at < ${n}::timestamptz`, prunes: true, through: 'purchased_at, id', gather: (_value, order) => farEnd(order, 'PURCHASED', 'DESC') },
    importedFrom: { holds: (n) => `imported_at >= ${n}::timestamptz`, upTo: 'importedBefore', prunes: true, through: 'imported_at, id', gather: (_value, order) => farEnd(order, 'IMPORTED', 'ASC') },
    importedBefore: { holds: (n) => `imported_at < ${n}::timestamptz`, prunes: true, through: 'imported_at, id', gather: (_value, order) => farEnd(order, 'IMPORTED', 'DESC') },
    shipByBefore: {
      prunes: true,
      holds: (n) => `${shipBy} < ${n}::timestamptz`,
      gather: (_value, order) => (order === 'SHIP_BY_ASC' ? 0 : SOME),
      finds: (n, within) => [`SELECT due.id FROM connections CROSS JOIN LATERAL (SELECT id FROM orders WHERE connection_id = connections.id AND ${shipBy} < ${n}::timestamptz ORDER BY ${shipBy}, id OFFSET 0) AS due WHERE ${within}`],
    },
  },
  // A connection keeps its customer, its marketplace and its warehouse, which its orders repeat.
  spread: {
    connectionIds: (n, wanted) => oneOf('id', `${n}::uuid[]`, wanted),
    customerIds: (n, wanted) => oneOf('customer_id', `${n}::uuid[]`, wanted),
    warehouseIds: (n, wanted) => oneOf('warehouse_id', `${n}::uuid[]`, wanted),
    marketplaceIds: (n, wanted) => oneOf('marketplace_id', `${n}::text[]`, wanted),
  },
  choosesFew: ['connectionIds', 'customerIds'],
  spreadAll: (order, { statuses }) => order === 'SHIP_BY_ASC' && !(statuses != null && isOpen(statuses)),
}

/** One page by keyset: `keys` are its cursor's values. `takes`: the properties that matter; null: all. */
export const ordersPage = (scope: Scope, page: PageRequest, order: OrdersOrder, wanted: OrdersWanted, takes: readonly string[] | null): Promise<(OrderRow & { keys: string[] })[]> =>
  readPage(scope, ordersList, page, order, wanted, takes === null ? orderColumns : columnsOf(orderColumns, ['id', ...takes]))

export const ordersCount = (scope: Scope, order: OrdersOrder, wanted: OrdersWanted): Promise<number> => countRows(scope, ordersList, order, wanted)
