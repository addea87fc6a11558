// The people of the warehouse, over GraphQL: they ship, and set right what only people can.
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobKind } from '../src/jobs/cadences.ts'
import { toId } from '../src/kit/ids.ts'
import type { Random } from '../src/marketplaces/amazon/simulator/random.ts'
import { type Site, trackingNumber, within } from './site.ts'

const SHIP = `mutation Ship($input: ShipAndCloseInput!) {
  shipAndClose(input: $input) { closed failed userErrors { code message } results { orderId userErrors { code message } shipments { id } charges { id } } }
}`
const RESUME = 'mutation Resume($input: ConnectionIdInput!) { resumeConnection(input: $input) { userErrors { code message } } }'
const IMPORT = 'mutation Import($input: ImportOrderInput!) { importOrder(input: $input) { userErrors { code message } } }'
const RETRY = 'mutation Retry($input: ShipmentIdsInput!) { retryTracking(input: $input) { userErrors { code message } } }'
const RUN = 'mutation Run($input: RunJobNowInput!) { runJobNow(input: $input) { userErrors { code message } } }'
/** Orders asked for again at a time. */
const MOST_ASKED = 20
const CATCH_UP_SECONDS = 600
/** Amazon may fail a person, too; what still stands open after so many good answers is left so, and found by the checks. */
const MOST_TIMES = 3

interface Errors {
  userErrors: { code: string; message: string }[]
}

export class Operator {
  readonly did = { swept: 0, resumed: 0, askedAgain: 0, retried: 0, repeatedCalls: 0 }
  readonly #site: Pick<Site, 'rows' | 'graphql'>
  readonly #asked = new Map<string, number>()
  #batches = 0
  #packages = 0

  constructor(site: Pick<Site, 'rows' | 'graphql'>) {
    this.#site = site
  }

  /** Sees to what waits for people, until told to stop. */
  async work(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.#resume()
      await this.#askAgain()
      await this.#retry()
      await sleep(1000)
    }
  }

  /** Ships up to so many open orders in one call, some in two packages, and makes the call a second time under its key. */
  async ship(most: number, random: Random): Promise<void> {
    const { rows, graphql } = this.#site
    // By the hash of the number, so that a batch is of many connections.
    const orders = await rows<{ id: string; lines: { id: string; quantity: number }[] }>(
      `SELECT orders.id, (SELECT json_agg(json_build_object('id', line.id, 'quantity', line.quantity) ORDER BY line_number) FROM order_lines AS line WHERE order_id = orders.id) AS lines
       FROM orders WHERE status = 'OPEN' ORDER BY md5(number) LIMIT $1`, [Math.min(most, 500)])
    if (orders.length === 0) return
    const input = {
      idempotencyKey: `batch ${++this.#batches}`, routing: { carrier: 'UPS', scac: 'UPSN', service: 'Ground' }, shippedAt: new Date().toISOString(),
      charges: [{ code: 'PALLET', amount: { amount: '100.00', currencyCode: 'USD' } }], applyCharges: 'DIVIDED_EVENLY',
      orders: orders.map(({ id, lines }) => {
        const orderId = toId('Order', id)
        if (lines.length < 2 || !random.chance(0.2)) return { orderId, routing: { trackingNumber: this.#nextNumber() } }
        const packed = [lines.slice(0, 1), lines.slice(1)].map((part) => ({ trackingNumber: this.#nextNumber(), lines: part.map((line) => ({ orderLineId: toId('OrderLine', line.id), quantity: line.quantity })) }))
        return { orderId, packages: packed }
      }),
    }
    const { shipAndClose: first } = await graphql<{ shipAndClose: { closed: number } }>(SHIP, { input })
    if (first.closed !== orders.length) throw new Error(`only ${first.closed} of ${orders.length} were closed: ${JSON.stringify(first).slice(0, 2000)}`)
    const { shipAndClose: second } = await graphql<{ shipAndClose: { closed: number } }>(SHIP, { input })
    if (JSON.stringify(second) !== JSON.stringify(first)) throw new Error('the same call under the same key was answered otherwise')
    this.did.repeatedCalls++
  }

  /** Asks for the nightly sweep of each connection now: Amazon has left orders out that no later window shows. */
  async sweep(): Promise<void> {
    this.did.swept += await this.#runNow('SWEEP_ORDERS')
  }

  /** Asks for stock to be told now, also what was refused a moment ago. */
  async syncStock(): Promise<void> {
    await this.#runNow('SYNC_INVENTORY')
  }

  /** Waits until no more than so many packages are to be sent, so that kills come while there is work, and work while there are kills. */
  async catchUp(most: number): Promise<void> {
    const caughtUp = await within(CATCH_UP_SECONDS, async () => {
      const [{ waiting }] = (await this.#site.rows<{ waiting: number }>(`SELECT count(*)::int AS waiting FROM shipments WHERE tracking_status = 'PENDING'`)) as [{ waiting: number }]
      return waiting <= most
    })
    if (!caughtUp) throw new Error(`more than ${most} packages still wait after ${CATCH_UP_SECONDS} s`)
  }

  /** Whether nothing is left to be done by anybody. */
  async isSettled(): Promise<boolean> {
    const [{ left }] = (await this.#site.rows<{ left: number }>(
      `SELECT ((SELECT count(*) FROM shipments WHERE tracking_status <> 'ACCEPTED') + (SELECT count(*) FROM orders WHERE status = 'OPEN')
         + (SELECT count(*) FROM connections WHERE status <> 'LIVE'))::int AS left`)) as [{ left: number }]
    return left === 0
  }

  /** On each connection; how many took it. */
  async #runNow(kind: JobKind): Promise<number> {
    let taken = 0
    for (const { id } of await this.#site.rows<{ id: string }>(`SELECT id FROM connections WHERE status = 'LIVE'`)) {
      const { runJobNow } = await this.#site.graphql<{ runJobNow: Errors }>(RUN, { input: { connectionId: toId('Connection', id), kind } })
      if (runJobNow.userErrors.length === 0) taken++
    }
    return taken
  }

  #nextNumber(): string {
    return trackingNumber(++this.#packages)
  }

  async #resume(): Promise<void> {
    const stopped = await this.#site.rows<{ id: string }>(`SELECT id FROM connections WHERE status = 'NEEDS_ATTENTION'`)
    for (const { id } of stopped) {
      const { resumeConnection } = await this.#site.graphql<{ resumeConnection: Errors }>(RESUME, { input: { connectionId: toId('Connection', id) } })
      if (resumeConnection.userErrors.length === 0) this.did.resumed++
    }
  }

  async #askAgain(): Promise<void> {
    const open = await this.#site.rows<{ connectionId: string; number: string }>(`SELECT connection_id AS "connectionId", number FROM import_failures WHERE state = 'OPEN' ORDER BY last_failed_at`)
    const asking = open.filter(({ number }) => (this.#asked.get(number) ?? 0) < MOST_TIMES).slice(0, MOST_ASKED)
    for (const { connectionId, number } of asking) {
      const { importOrder } = await this.#site.graphql<{ importOrder: Errors }>(IMPORT, { input: { connectionId: toId('Connection', connectionId), number } })
      if (importOrder.userErrors.length > 0) continue
      this.#asked.set(number, (this.#asked.get(number) ?? 0) + 1)
      this.did.askedAgain++
    }
  }

  async #retry(): Promise<void> {
    const refused = await this.#site.rows<{ id: string }>(`SELECT id FROM shipments WHERE tracking_status = 'REJECTED' LIMIT 500`)
    if (refused.length === 0) return
    const { retryTracking } = await this.#site.graphql<{ retryTracking: Errors }>(RETRY, { input: { shipmentIds: refused.map(({ id }) => toId('Shipment', id)) } })
    if (retryTracking.userErrors.length === 0) this.did.retried += refused.length
  }
}
