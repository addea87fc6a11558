import { may } from '../auth/permissions.ts'
import type { Scope } from '../auth/scope.ts'
import { orderingOf } from '../db/list.ts'
import { requireUuids } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { searchText } from '../kit/search.ts'
import { ordersCount, ordersList, type OrdersWanted, ordersPage } from './find-orders.ts'
import type { OrdersArguments } from './order-inputs.types.ts'
import type { Order } from './order.types.ts'

/** Find Orders, everywhere that the contract has it; `within` narrows it to a connection. `takes`: what is asked of the orders; null: all. */
export async function findOrders(scope: Scope, args: OrdersArguments, takes: readonly string[] | null, within?: { connectionId: string }): Promise<Page<Order>> {
  const order = args.orderBy ?? 'IMPORTED_DESC'
  const ordering = orderingOf(ordersList, order)
  const request = parsePage(args, ordering)
  const filter = args.filter ?? {}
  const connectionIds = requireUuids('Connection', filter.connectionIds, 'filter', 'connectionIds')
  const search = searchText(filter.search, 'filter', 'search')
  const wanted: OrdersWanted = {
    ...filter,
    ...(may(scope.actor.role, 'seeBuyers') ? { search } : { search: null, searchUnnamed: search }),
    sku: searchText(filter.sku, 'filter', 'sku'),
    connectionIds: within === undefined ? connectionIds : (connectionIds ?? [within.connectionId]).filter((id) => id === within.connectionId),
    customerIds: requireUuids('Customer', filter.customerIds, 'filter', 'customerIds'),
    warehouseIds: requireUuids('Warehouse', filter.warehouseIds, 'filter', 'warehouseIds'),
  }
  return toPage(request, ordering, await ordersPage(scope, request, order, wanted, takes), (row) => row, () => ordersCount(scope, order, wanted))
}
