import type { AnyVariables } from '@urql/core'
import { useEffect, useMemo, useState } from 'react'
import { pipe, subscribe } from 'wonka'
import { useGateway } from '../../data/ask.ts'
import { OrdersByIdsDocument, type OrdersByIdsQuery, type OrderRowFragment as Order } from '../../generated/documents.ts'

const PAGE = 100

/** Orders by their ids, in that order, kept true; `missing` are those that the viewer has not. */
export function useOrders(ids: readonly string[]): { orders: readonly Order[]; loading: boolean; missing: number } {
  const gateway = useGateway()
  const [pages, setPages] = useState<ReadonlyMap<string, readonly (Order | null)[]>>(new Map())
  // Those that stay are not asked for again where some leave or come: what is known is told apart by id.
  const known = useMemo(() => new Map([...pages.values()].flat().flatMap((order) => (order === null ? [] : [[order.id, order]]))), [pages])
  const chunks = useMemo(() => Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, index) => ids.slice(index * PAGE, (index + 1) * PAGE)), [ids])
  useEffect(() => {
    const leave = gateway.live.show(ids)
    const reading = chunks.map((some) => pipe(
      gateway.client.query<OrdersByIdsQuery>(String(OrdersByIdsDocument), { ids: some } as AnyVariables, { document: OrdersByIdsDocument, requestPolicy: 'cache-and-network' }),
      subscribe(({ data }) => {
        if (data !== undefined) setPages((before) => new Map(before).set(some.join(), data.nodes as (Order | null)[]))
      }),
    ))
    const holds = chunks.map((some) => gateway.hold('nodes', { ids: some }))
    const wanted = new Set(chunks.map((some) => some.join()))
    setPages((before) => (chunks.every((some) => before.has(some.join())) ? new Map([...before].filter(([key]) => wanted.has(key))) : before))
    return () => {
      leave()
      for (const { unsubscribe } of reading) unsubscribe()
      for (const letGo of holds) letGo()
    }
  }, [gateway, ids, chunks])
  const answered = chunks.every((some) => pages.has(some.join()))
  const orders = useMemo(() => ids.flatMap((id) => known.get(id) ?? []), [ids, known])
  return { orders, loading: !answered && orders.length < ids.length, missing: answered ? ids.length - orders.length : 0 }
}
