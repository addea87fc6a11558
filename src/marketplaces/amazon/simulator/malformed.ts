import { gzipSync } from 'node:zlib'
import type { GetOrderResponse, SearchOrdersResponse } from '@sp-api-sdk/orders-api-2026-01-01'
import type { Answer } from './answer.ts'
import type { FaultOf } from './faults.ts'

type Spoiled = Partial<SearchOrdersResponse & GetOrderResponse>

/**
 * JSON, but not of the protocol. `order`: one order (of that id, else the page's first) has lost its items; where the answer has
 * no order, and for `answer`, the whole is of another shape.
 */
export function spoil(answer: Answer, { part, orderId }: FaultOf<'malformed'>): Answer {
  if (answer.raw !== undefined) {
    const { type, encoding } = answer.raw
    const spoiled = Buffer.from('{"payload":{}}')
    // What was compressed stays compressed: it is the words that are wrong, not the wrapping.
    return { ...answer, raw: { type, content: isGzip(answer.raw.content) ? gzipSync(spoiled) : spoiled, ...(encoding && { encoding }) } }
  }
  const body: Spoiled = answer.body ?? {}
  if (part === 'order' && body.orders !== undefined) {
    const spoiled = orderId === undefined ? 0 : body.orders.findIndex((order) => order.orderId === orderId)
    return { ...answer, body: { ...body, orders: body.orders.map((order, index) => (index === spoiled ? withoutItems(order) : order)) } }
  }
  if (part === 'order' && body.order !== undefined) {
    return orderId === undefined || body.order.orderId === orderId ? { ...answer, body: { order: withoutItems(body.order) } } : answer
  }
  return { ...answer, body: { payload: {} } }
}

const isGzip = (content: Buffer): boolean => content[0] === 0x1f && content[1] === 0x8b

function withoutItems(order: object): object {
  return Object.fromEntries(Object.entries(order).filter(([name]) => name !== 'orderItems'))
}
