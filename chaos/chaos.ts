// Faults at random moments under continuous work: orders are bought, imported, shipped and confirmed, stock is told, people and programs
// are told, while processes are killed, servers fail over, disks fill and clocks jump. After each fault what must hold at every moment is
// looked at; in the end, when all has settled, everything is compared: with Amazon order by order and package by package, with the log
// event by event for each subscriber and webhook, mail by mail.
import { setTimeout as sleep } from 'node:timers/promises'
import { bookTracking, check } from '../bench/chaos-import-checks.ts'
import { addFaults } from '../bench/chaos-import-faults.ts'
import { Operator } from '../bench/chaos-import-operator.ts'
import { beginCadences, within } from '../bench/site.ts'
import type { EventType } from '../src/events/catalogue.ts'
import { createRandom, type Random } from '../src/marketplaces/amazon/simulator/random.ts'
import { bookLateWrites, checkAtWork, checkInTheEnd, expectedOf, logOf } from './checks.ts'
import { type Chapter, Chronicle } from './chronicle.ts'
import type { Fault } from './faults.ts'
import { repeats } from './sinks.ts'
import { onStage, type Stage, type StageOptions } from './stage.ts'

export interface ChaosOptions extends StageOptions {
  seed: number
  faults: readonly Fault[]
  /** Whether that was all, after so many of them and so many seconds. */
  enough: (done: number, seconds: number) => boolean
  /** Between two faults, in seconds. */
  calm: readonly [least: number, most: number]
  /** How likely a fault is to come together with another one, of another place. */
  together: number
  ordersPerSecond: number
  /** Share of Amazon's calls that fail in one of the ways that the simulator knows. */
  amazonFaults: number
  /** How long things may take to settle by themselves, in seconds; what then still waits for its time is told that it has come. */
  settle: number
  tell: (words: string) => void
}

export interface Report {
  notes: string[]
  /** Whatever is wrong. */
  wrong: string[]
  /** How many things were looked at. */
  checked: number
  table: Row[]
}

/** What went on while a kind of fault was done, and until all worked again. */
export interface Row {
  kind: string
  injected: number
  orders: number
  packages: number
  events: number
  mails: number
  webhooks: number
  /** Of these mails and webhooks, how many came a second time, as whoever sent them was gone before that was recorded. */
  again: { mails: number; webhooks: number }
  /** How often a client had to ask again. */
  asked: number
  /** The longest that it took until all worked again, in seconds. */
  recovered: number
}

const RECOVERY_SECONDS = 300
const SHIP_EVERY_MS = 2000
const BUY_EVERY_MS = 250
/** Orders that were bought and whose tracking is not accepted yet: beyond so many nobody buys, so that a slow machine is at work and not swamped. */
const MOST_OPEN = 250
const SETTLE_AGAIN_SECONDS = 120
const MOST_SWEEPS = 4
/** Between two looks whether all has settled. */
const LOOK_MS = 1000

export function chaos(options: ChaosOptions): Promise<Report> {
  return onStage(options, async (stage) => new Chaos(stage, options).run())
}

class Chaos {
  readonly #stage: Stage
  readonly #options: ChaosOptions
  readonly #chronicle = new Chronicle()
  readonly #operator: Operator
  readonly #acknowledged = new Set<string>()
  readonly #wrong: string[] = []
  readonly #over = new AbortController()
  #bought = 0
  /** Of those, with all of their tracking accepted. */
  #closed = 0

  constructor(stage: Stage, options: ChaosOptions) {
    this.#stage = stage
    this.#options = options
    const { site } = stage
    this.#operator = new Operator({
      rows: site.rows,
      graphql: async <Data>(query: string, variables: Record<string, unknown>) => {
        const data = await site.graphql<Data>(query, variables)
        const { shipAndClose } = data as { shipAndClose?: { results: { shipments: { id: string }[] }[] } }
        for (const { shipments } of shipAndClose?.results ?? []) for (const { id } of shipments) this.#acknowledged.add(id)
        return data
      },
    })
  }

  async run(): Promise<Report> {
    const { seed, faults, enough, calm, together, amazonFaults, tell } = this.#options
    const { site } = this.#stage
    const random = createRandom(seed)
    await bookTracking(site)
    await bookLateWrites(site)
    await addFaults(site.amazon, createRandom(seed + 1), amazonFaults)
    for (const operation of ['patchListingsItem', 'getListingsItem', 'searchListingsItems', 'createFeedDocument', 'createFeed', 'getFeed', 'getFeedDocument']) {
      await site.amazon.control('faults', 'POST', { operation, kind: '*', rate: amazonFaults / 10 })
    }
    await beginCadences(site)
    const working = Promise.all([this.#buy(createRandom(seed + 2)), this.#ship(createRandom(seed + 3)), this.#operator.work(this.#over.signal)])
    working.catch(() => this.#over.abort())

    const possible = faults.filter((fault) => {
      const why = fault.impossible?.(this.#stage) ?? null
      if (why !== null) tell(`left out: ${fault.kind}: ${why}`)
      return why === null
    })
    tell('at work')
    let bag: Fault[] = []
    const began = performance.now()
    for (let nth = 1; !enough(this.#chronicle.chapters.length, (performance.now() - began) / 1000) && !this.#over.signal.aborted; nth++) {
      await sleep(random.between(calm[0] * 1000, calm[1] * 1000))
      if (bag.length === 0) bag = shuffled(possible, random)
      const first = bag.pop()!
      const other = random.chance(together) ? bag.findLastIndex(({ at }) => at !== first.at) : -1
      await this.#strike(other === -1 ? [first] : [first, ...bag.splice(other, 1)], nth, (which) => createRandom((seed * 1000 + nth) * 10 + which))
    }
    this.#over.abort()
    await working
    tell(`${this.#chronicle.chapters.length} faults, ${this.#bought} orders bought; settling`)
    return this.#end()
  }

  /** One fault, or several at the same time; then everything has to work again, and nothing may contradict itself. */
  async #strike(faults: readonly Fault[], nth: number, randomOf: (which: number) => Random): Promise<void> {
    const { tell } = this.#options
    const words = faults.map(({ kind }) => kind).join(' and ')
    const wrong = (what: string): void => {
      this.#wrong.push(`${words}, the ${nth}th: ${what}`)
      tell(this.#wrong.at(-1)!)
    }
    const chapters = faults.map(({ kind, harms }) => this.#chronicle.begin(kind, harms))
    try {
      const details = await Promise.all(faults.map((fault, which) => fault.strike(this.#stage, randomOf(which))))
      const since = performance.now()
      if (!(await this.#recovers())) wrong(`not all worked again within ${RECOVERY_SECONDS} s`)
      tell(`${nth}. ${faults.map(({ kind }, which) => `${kind}: ${details[which]}`).join(', and ')}; all worked again after ${((performance.now() - since) / 1000).toFixed(1)} s`)
    } catch (error) {
      wrong(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
    for (const chapter of chapters) chapter.to = Date.now()
    for (const check of await checkAtWork(this.#stage)) wrong(`${check.wrong} ${check.words}`)
  }

  /** Every process serves, and things happen that began after the fault: a run of each kind that is due has been begun and has ended. */
  async #recovers(): Promise<boolean> {
    const { site, balancer, fleet } = this.#stage
    const [{ now }] = (await site.rows<{ now: Date }>('SELECT clock_timestamp() AS now')) as [{ now: Date }]
    return within(RECOVERY_SECONDS, async () => {
      if (balancer.ready < fleet.apis.length || fleet.all.some(({ isRunning }) => !isRunning)) return false
      const [{ kinds }] = (await site.rows<{ kinds: number }>(`SELECT count(DISTINCT kind)::int AS kinds FROM job_runs WHERE started_at > $1 AND status = 'SUCCEEDED' AND kind IN ('IMPORT_ORDERS', 'SEND_TRACKING', 'CONFIRM_TRACKING')`, [now])) as [{ kinds: number }]
      return kinds === 3
    })
  }

  async #buy(random: Random): Promise<void> {
    const { merchants, amazon } = this.#stage
    for (let due = 0; !this.#over.signal.aborted; await sleep(BUY_EVERY_MS)) {
      if (this.#bought - this.#closed > MOST_OPEN) continue
      for (due += (this.#options.ordersPerSecond * BUY_EVERY_MS) / 1000; due >= 1; due--) {
        const { sellerId } = merchants[random.between(0, merchants.length - 1)]!
        const order = (more: object): Promise<unknown> => amazon.control('orders', 'POST', { sellerId, ageSeconds: random.between(125, 400), ...more })
        await order({})
        this.#bought++
        if (random.chance(0.02)) await order({ status: 'PENDING' })
        if (random.chance(0.02)) await order({ status: 'CANCELLED' })
        if (random.chance(0.02)) await order({ fulfilledBy: 'AMAZON', items: [{ sellerSku: 'SKU-0', quantity: 1 }] })
      }
    }
  }

  async #ship(random: Random): Promise<void> {
    const { site } = this.#stage
    while (!this.#over.signal.aborted) {
      await this.#operator.ship(50, random)
      this.#closed = (await site.rows<{ count: number }>(`SELECT count(*)::int AS count FROM orders WHERE status = 'CLOSED' AND NOT EXISTS (SELECT FROM shipments WHERE order_id = orders.id AND tracking_status <> 'ACCEPTED')`))[0]!.count
      await sleep(SHIP_EVERY_MS)
    }
  }

  async #end(): Promise<Report> {
    const { site, fleet, hooks } = this.#stage
    const { settle, tell, seed } = this.#options
    const settling = this.#chronicle.begin('settling', [])
    await site.amazon.control('faults', 'DELETE')
    const over = new AbortController()
    const operating = this.#operator.work(over.signal)
    operating.catch(() => {})
    const shipping = (async () => {
      for (const random = createRandom(seed + 4); !over.signal.aborted; await sleep(SHIP_EVERY_MS)) await this.#operator.ship(500, random)
    })()
    shipping.catch(() => {})
    const imported = async (): Promise<boolean> => (await site.rows<{ count: number }>('SELECT count(*)::int AS count FROM orders'))[0]!.count >= this.#bought
    const done = async (): Promise<boolean> => (await imported()) && (await this.#operator.isSettled())
    if (!(await within(settle, done))) {
      for (let sweeps = 0; !(await imported()) && sweeps < MOST_SWEEPS; sweeps++) {
        await this.#operator.sweep()
        await within(SETTLE_AGAIN_SECONDS / 4, imported)
      }
      await this.#hurry()
      for (const until = performance.now() + SETTLE_AGAIN_SECONDS * 1000; performance.now() < until && !(await done()); await this.#hurry()) await sleep(LOOK_MS)
    }
    over.abort()
    await Promise.all([operating, shipping])
    if (!(await done())) tell('not all orders have settled')

    await this.#tellStock()
    // The log stands still from here on.
    await site.rows('UPDATE cadences SET enabled = false')
    await within(60, async () => (await site.rows(`SELECT FROM job_runs WHERE status IN ('RUNNING', 'QUEUED') LIMIT 1`)).length === 0)
    await this.#hurry()
    const isTold = async (): Promise<boolean> => {
      const [{ left }] = (await site.rows<{ left: number }>(
        `SELECT ((SELECT count(*) FROM mails WHERE status = 'PENDING') + (SELECT count(*) FROM contact_incidents WHERE due_at IS NOT NULL) + (SELECT count(*) FROM webhooks WHERE next_attempt_at IS NOT NULL OR token IS NOT NULL)
           + (SELECT count(*) FROM event_readers AS reader WHERE EXISTS (SELECT FROM events WHERE (events.xid, events.id) > (reader.xid, reader.id))))::int AS left`)) as [{ left: number }]
      if (left > 0) return false
      const log = await logOf(this.#stage)
      return this.#stage.followers.every((follower) => follower.cursors.length >= expectedOf(follower, log).length)
    }
    for (const until = performance.now() + SETTLE_AGAIN_SECONDS * 1000; performance.now() < until && !(await isTold()); await this.#hurry()) await sleep(LOOK_MS)
    settling.to = Date.now()
    tell('settled')

    const books = await check(site, this.#bought)
    const told = await checkInTheEnd(this.#stage, this.#chronicle, this.#acknowledged)
    const checks = [...books.checks, ...told.checks]
    const { swept, resumed, askedAgain, retried, repeatedCalls } = this.#operator.did
    const [{ lost }] = (await site.rows<{ lost: number }>(`SELECT count(*)::int AS lost FROM job_runs WHERE error_code = 'WORKER_LOST'`)) as [{ lost: number }]
    return {
      notes: [
        ...books.notes, ...told.notes, `runs begun again after their worker was lost: ${lost}`,
        `by hand: ${swept} sweeps, ${resumed} connections resumed, ${askedAgain} orders asked for again, ${retried} refused packages repeated; ${repeatedCalls} calls of shipAndClose repeated under their key`,
        `starts that were refused and tried again: ${fleet.all.reduce((sum, { refusals }) => sum + refusals.length, 0)}; webhooks: ${hooks.length}`,
      ],
      wrong: [...this.#wrong, ...checks.filter(({ wrong }) => wrong > 0).map(({ words, wrong }) => `${wrong} ${words}`)],
      checked: checks.length + this.#chronicle.chapters.length,
      table: await this.#table(),
    }
  }

  /** Whatever waits for its time need not wait for it any longer: nothing more is to be seen by waiting. Locks that nobody keeps are out. */
  async #hurry(): Promise<void> {
    const { rows } = this.#stage.site
    await rows(`UPDATE cadences SET locked_until = now() - interval '1 second' WHERE locked_until < now() + interval '20 seconds'`)
    await rows(`UPDATE cadences SET next_run_at = now() WHERE enabled AND kind IN ('IMPORT_ORDERS', 'SEND_TRACKING', 'CONFIRM_TRACKING') AND next_run_at > now() AND locked_until IS NULL`)
    await rows(`UPDATE shipments SET tracking_next_attempt_at = now(), tracking_last_attempt_at = tracking_last_attempt_at - interval '2 minutes' WHERE tracking_status IN ('PENDING', 'UNCONFIRMED') AND tracking_next_attempt_at > now()`)
    await rows(`UPDATE mails SET next_attempt_at = least(next_attempt_at, now()), locked_until = CASE WHEN locked_until < now() + interval '140 seconds' THEN NULL ELSE locked_until END WHERE status = 'PENDING'`)
    await rows(`UPDATE contact_incidents SET due_at = now() WHERE due_at > now()`)
    await rows(`UPDATE webhooks SET next_attempt_at = least(next_attempt_at, now()), locked_until = CASE WHEN locked_until < now() + interval '35 seconds' THEN NULL ELSE locked_until END WHERE next_attempt_at IS NOT NULL`)
  }

  /** Has the last of the stock told to Amazon. */
  async #tellStock(): Promise<void> {
    const { site, merchants } = this.#stage
    const behind = async (): Promise<number> => {
      let wrong = 0
      for (const { connectionId } of merchants) {
        wrong += (await site.rows(
          `SELECT FROM inventory_items AS item JOIN sku_mappings AS mapping ON mapping.warehouse_sku = item.sku AND mapping.connection_id = $1 LEFT JOIN listings AS listing ON listing.connection_id = $1 AND listing.seller_sku = mapping.seller_sku
           WHERE item.customer_id = (SELECT customer_id FROM connections WHERE id = $1) AND listing.pushed_quantity IS DISTINCT FROM item.on_hand - item.on_hold - item.allocated`, [connectionId])).length
      }
      return wrong
    }
    for (const until = performance.now() + SETTLE_AGAIN_SECONDS * 1000; performance.now() < until && (await behind()) > 0; await sleep(2 * LOOK_MS)) await this.#operator.syncStock()
  }

  async #table(): Promise<Row[]> {
    const { site, mail, receiver, caller } = this.#stage
    const kinds = new Map<string, Chapter[]>()
    for (const chapter of this.#chronicle.chapters) kinds.set(chapter.kind, [...(kinds.get(chapter.kind) ?? []), chapter])
    const messages = [...receiver.arrivals.values()]
    const again = { mails: repeats(mail.arrivals), webhooks: messages.flatMap(repeats) }
    const table: Row[] = []
    for (const [kind, chapters] of kinds) {
      const [from, to] = [chapters.map((one) => new Date(one.from)), chapters.map((one) => new Date(one.to!))]
      const among = (of: readonly { at: number }[]): number => of.filter(({ at }) => chapters.some((one) => one.from <= at && at <= one.to!)).length
      const count = async (type?: EventType): Promise<number> =>
        (await site.rows<{ count: number }>('SELECT count(*)::int AS count FROM unnest($1::timestamptz[], $2::timestamptz[]) AS chapter (a, b) JOIN events ON occurred_at BETWEEN a AND b AND ($3::text IS NULL OR type = $3)', [from, to, type ?? null]))[0]!.count
      table.push({
        kind, injected: chapters.length, orders: await count('ORDER_IMPORTED'), packages: await count('TRACKING_ACCEPTED'), events: await count(),
        mails: among(mail.arrivals), webhooks: among(messages.flat()), again: { mails: among(again.mails), webhooks: among(again.webhooks) }, asked: among(caller.failures),
        recovered: Math.max(...chapters.map((one) => (one.to! - one.from) / 1000)),
      })
    }
    return table
  }
}

function shuffled<T>(of: readonly T[], random: Random): T[] {
  const left = [...of]
  return Array.from({ length: of.length }, () => left.splice(random.between(0, left.length - 1), 1)[0]!)
}
