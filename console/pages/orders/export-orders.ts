import type { Gateway } from '../../data/gateway.ts'
import { type OrderFilter, type OrderOrder, OrdersPageDocument, type OrderRowFragment as Order } from '../../generated/documents.ts'
import type { GridColumn } from '../../grid/columns.ts'
import { csvLine, download } from '../../kit/download.ts'
import { localOf } from '../../kit/format.ts'

/** All rows of the filter, the shown columns: read past the cache, page by page. @throws GatewayError */
export async function exportOrders(gateway: Gateway, variables: { filter: OrderFilter; orderBy: OrderOrder }, columns: readonly GridColumn<Order>[], zone: string, signal: AbortSignal, progress: (rows: number) => void): Promise<void> {
  const parts = [csvLine(columns.map(({ name }) => name))]
  let rows = 0
  for (let after: string | null = null, more = true; more; ) {
    const { orders }: Awaited<ReturnType<typeof page>> = await page(after)
    parts.push(orders.nodes.map((order) => csvLine(columns.map((column) => column.text(order, zone)))).join(''))
    rows += orders.nodes.length
    progress(rows)
    after = orders.pageInfo.endCursor
    more = orders.pageInfo.hasNextPage
  }
  download(`orders ${localOf(new Date(), zone).replace('T', ' ').replace(':', '')}.csv`, parts)

  function page(after: string | null) {
    return gateway.request(OrdersPageDocument, { ...variables, first: 100, after }, { signal })
  }
}
