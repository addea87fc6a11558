import type { Scope } from '../auth/scope.ts'
import { requireUuids } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { likePrefix } from '../kit/search.ts'
import { ordersCount, type OrdersWanted, ordersPage } from './find-orders.ts'
import type { OrdersArguments } from './order-inputs.types.ts'
import type { Order } from './order.types.ts'

/** Find Orders, everywhere that the contract has it; `within` narrows it to a connection. */
export async function findOrders(scope: Scope, args: OrdersArguments, within?: { connectionId: string }): Promise<Page<Order>> {
  const order = args.orderBy ?? 'IMPORTED_DESC'
  const request = parsePage(args, order)
  const filter = args.filter ?? {}
  const connectionIds = requireUuids('Connection', filter.connectionIds, 'filter', 'connectionIds')
  const wanted: OrdersWanted = {
    ...filter,
    search: likePrefix(filter.search),
    sku: filter.sku?.trim().toUpperCase() || null,
    connectionIds: within === undefined ? connectionIds : (connectionIds ?? [within.connectionId]).filter((id) => id === within.connectionId),
    customerIds: requireUuids('Customer', filter.customerIds, 'filter', 'customerIds'),
    warehouseIds: requireUuids('Warehouse', filter.warehouseIds, 'filter', 'warehouseIds'),
  }
  return toPage(request, order, await ordersPage(scope, request, order, wanted), (row) => row, () => ordersCount(scope, wanted))
}
