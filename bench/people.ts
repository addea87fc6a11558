// The people of a busy day: they look for orders, hold, release and ship them.
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { toId } from '../src/kit/ids.ts'
import type { Random } from '../src/marketplaces/amazon/simulator/random.ts'
import { CUSTOMERS, customerUuid } from './population.ts'
import { type Site, trackingNumber } from './site.ts'

const row = 'id number status marketplaceStatus onHold: holds { reason } shipBy importedAt units customer { name } connection { name } warehouse { code timeZone } shipTo { name city region countryCode } lines { warehouseSku quantity } chargesTotal { amount currencyCode } shipments { id tracking { status } }'
const documents = {
  page: `query ($filter: OrderFilter, $orderBy: OrderOrder) { orders(first: 25, filter: $filter, orderBy: $orderBy) { nodes { ${row} } pageInfo { endCursor hasNextPage } } }`,
  order: `query ($id: ID!) { order(id: $id) { ${row} charges { code amount { amount } } history(first: 20) { nodes { type summary occurredAt } } supportedActions { action allowed reason } } }`,
  stock: 'query ($filter: InventoryFilter) { inventory(first: 25, filter: $filter) { nodes { id sku onHand allocated available } } }',
  counts: '{ open: orders(filter: { statuses: [OPEN] }) { totalCount } held: orders(filter: { onHold: true }) { totalCount } failures: importFailures(filter: { states: [OPEN] }) { totalCount } }',
  connections: '{ connections(first: 25) { nodes { id name status health { importLagSeconds nextOrderImportAt openImportFailures } } } }',
  hold: 'mutation ($ids: [ID!]!) { holdOrders(input: { orderIds: $ids, reason: OPERATOR }) { userErrors { code } } }',
  release: 'mutation ($ids: [ID!]!) { releaseOrders(input: { orderIds: $ids }) { userErrors { code } } }',
  ship: 'mutation ($input: ShipAndCloseInput!) { shipAndClose(input: $input) { closed failed userErrors { code message } } }',
}

/** Who asks at a steady rate: each question leaves at its time, whether or not the ones before were answered. */
export class People {
  shipped = 0
  readonly #random: Random
  readonly #url: string
  readonly #headers: Record<string, string>
  readonly #agent = new Agent({ connections: 64, pipelining: 1 })
  #ids: string[] = []
  #numbers: string[] = []
  /** To be shipped, each once. */
  #open: string[] = []
  #times: number[] = []
  #failed = 0
  #example = ''
  #under = 0
  #timer: NodeJS.Timeout | undefined
  #asked = 0

  constructor(url: string, token: string, random: Random) {
    this.#random = random
    this.#url = url
    this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  }

  /** What there is to ask for. */
  async look(rows: Site['rows']): Promise<void> {
    const some = await rows<{ id: string; number: string; status: string; on_hold: boolean; cancel_requested: boolean }>(`SELECT id, number, status, on_hold, cancel_requested FROM orders ORDER BY imported_at DESC LIMIT 40000`)
    this.#ids = some.map(({ id }) => toId('Order', id))
    this.#numbers = some.map(({ number }) => number)
    this.#open = some.filter(({ status, on_hold, cancel_requested }) => status === 'OPEN' && !on_hold && !cancel_requested).map(({ id }) => toId('Order', id))
  }

  /** So many a second from now on. */
  at(rate: number): void {
    clearInterval(this.#timer)
    if (rate === 0) return
    let due = performance.now()
    this.#timer = setInterval(() => {
      for (const now = performance.now(); due <= now; due += 1000 / rate) void this.#ask(due)
    }, 5)
  }

  /** So many a second from now on, counted anew, and nothing of before under way. */
  async from(rate: number): Promise<void> {
    this.at(0)
    await this.answered()
    this.#times = []
    this.#failed = 0
    this.at(rate)
  }

  told(): { answered: number; failed: number; example: string; median: number; p99: number; worst: number } {
    const sorted = [...this.#times].sort((a, b) => a - b)
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
    return { answered: sorted.length, failed: this.#failed, example: this.#example, median: at(0.5), p99: at(0.99), worst: at(1) }
  }

  async answered(): Promise<void> {
    while (this.#under > 0) await sleep(50)
  }

  async #ask(due: number): Promise<void> {
    const body = JSON.stringify(this.#question())
    this.#under++
    try {
      const response = await request(this.#url, { method: 'POST', headers: this.#headers, body, dispatcher: this.#agent })
      const text = await response.body.text()
      this.#times.push(performance.now() - due)
      if (response.statusCode !== 200 || text.includes('"errors":')) this.#fail(text)
      else if (text.startsWith('{"data":{"shipAndClose"')) this.shipped += Number(/"closed":(\d+)/.exec(text)![1])
    } catch (error) {
      this.#fail(String(error))
    } finally {
      this.#under--
    }
  }

  #fail(words: string): void {
    this.#failed++
    this.#example ||= words.slice(0, 300)
  }

  #question(): { query: string; variables?: Record<string, unknown> } {
    const n = this.#asked++ % 200
    const orderBy = this.#random.pick(['SHIP_BY_ASC', 'IMPORTED_DESC', 'PURCHASED_DESC'])
    if (n === 0 && this.#open.length >= 20) {
      return { query: documents.ship, variables: { input: { idempotencyKey: `day-${this.#asked}`, routing: { carrier: 'UPS', service: 'Ground' }, orders: this.#open.splice(0, 20).map((orderId, index) => ({ orderId, routing: { trackingNumber: trackingNumber(this.#asked * 20 + index) } })) } } }
    }
    if (n % 20 === 1 && this.#open.length > 200) return { query: n % 40 === 1 ? documents.hold : documents.release, variables: { ids: [this.#open.at(-1 - (n % 100))] } }
    if (n % 20 === 2) return { query: documents.counts }
    if (n % 20 === 3) return { query: documents.connections }
    if (n % 10 === 4) return { query: documents.stock, variables: { filter: { customerIds: [toId('Customer', customerUuid(this.#random.between(1, CUSTOMERS)))] } } }
    if (n % 5 === 0) return { query: documents.order, variables: { id: this.#any(this.#ids) } }
    if (n % 10 === 6) return { query: documents.page, variables: { filter: { search: this.#any(this.#numbers) }, orderBy } }
    const filter = this.#random.chance(0.5) ? { statuses: ['OPEN'] } : { statuses: ['OPEN'], customerIds: [toId('Customer', customerUuid(this.#random.between(1, CUSTOMERS)))] }
    return { query: documents.page, variables: { filter, orderBy } }
  }

  #any<T>(all: readonly T[]): T {
    return all[this.#random.between(0, all.length - 1)]!
  }
}
