// A day of many connections, passed in minutes: is any call made beyond its quota, does every paid order arrive, and are runs in time?
//
// Real: PostgreSQL with its durable settings; the API and a worker as the built program runs them, each a process of its own; every
// call over HTTP; the budgets in the database. Simulated: Amazon, in a process of its own.
//
// Amazon's clock runs FACTOR times as fast as ours: it sells a day's orders, shows each after its two minutes, and refills its buckets
// at its own rates, all on that clock; it alone counts what is over quota. The gateway knows nothing of this and its clock is ours. Its
// cadences are the defaults divided by FACTOR; windows need nothing, as Amazon says where each one ends (docs/decisions/0005); and the
// simulator's process translates the two numbers that are told in seconds (see simulated-amazon.ts). So a connection makes the calls of
// a day against the quotas of a day, while this machine does FACTOR times the work that it would on a real day: lateness, in seconds of
// ours, is that of a gateway with FACTOR times as many connections.
//
// Where the pressure comes from: one connection in 100 is a wholesaler's, whose rush hour fills several pages a search, more than
// searchOrders has in the long run, and whose operator asks for imports as quickly as they end; one in 10 is allowed so few
// confirmShipment and getOrder calls that a shipping round alone is more than its burst (Amazon's rates, but per second of ours); each
// connection's open orders are shipped twice a day, and their tracking is sent and read back.
import { setTimeout as sleep } from 'node:timers/promises'
import { toId } from '../src/kit/ids.ts'
import { defaultCadenceSeconds } from '../src/connections/cadence.ts'
import type { JobKind } from '../src/jobs/cadences.ts'
import { createRandom } from '../src/marketplaces/amazon/simulator/random.ts'
import { DATABASE_FOLDER } from './compare.ts'
import { callsOf, countLateness, latenessOf } from './measures.ts'
import { cpuSeconds, postmaster } from './processes.ts'
import { beginCadences, goal, type Merchant, onSite, setting, type Site, trackingNumber, within } from './site.ts'

const QUICK = process.env['QUICK'] === '1'
const FACTOR = setting('FACTOR', 150)
const CONNECTIONS = setting('CONNECTIONS', QUICK ? 20 : 200)
const MINUTES = setting('MINUTES', QUICK ? 1 : 1440 / FACTOR)
const SEED = setting('SEED', 1)
const CONCURRENCY = setting('WORKER_CONCURRENCY', 16)

const cadenceSeconds = Object.fromEntries(Object.entries(defaultCadenceSeconds).map(([kind, every]) => [kind, Math.max(1, Math.round(every / FACTOR))])) as Record<JobKind, number>
if (defaultCadenceSeconds.IMPORT_ORDERS % FACTOR !== 0) throw new Error(`FACTOR must divide ${defaultCadenceSeconds.IMPORT_ORDERS}: an interval is in whole seconds`)

/** Orders a day of most, and of a wholesaler. */
const [ORDINARY, WHOLESALE] = [25, 4000]
const isWholesaler = (index: number): boolean => index % 100 === 0
const isTight = (index: number): boolean => index % 10 === 5
/** Amazon's own rates, but in our seconds. */
const tightQuotas = { confirmShipment: { rate: 2 / FACTOR, burst: 10 }, getOrder: { rate: 0.5 / FACTOR, burst: 30 } }
/** The hour in which five times as much is bought, and the shipping rounds, as parts of the run. */
const RUSH = { from: 0.4, to: 0.4 + 1 / 24, times: 5 }
const ROUNDS = [{ from: 0.3, to: 0.45 }, { from: 0.65, to: 0.8 }] as const
/** Of one connection in one round. */
const MOST_SHIPPED = 100
const DAY = 86_400_000

const SHIP = 'mutation Ship($input: ShipAndCloseInput!) { shipAndClose(input: $input) { closed failed userErrors { code message } results { userErrors { code message } } } }'
const RUN_NOW = 'mutation RunNow($input: RunJobNowInput!) { runJobNow(input: $input) { jobRun { id } userErrors { code message } } }'

interface Purchase {
  /** Milliseconds of ours since the run began. */
  at: number
  sellerId: string
  /** What it is at first, and what it becomes half an hour of Amazon's later. */
  kind: 'PAID' | 'PAID_LATER' | 'NEVER_PAID' | 'BY_AMAZON'
}

const runMs = MINUTES * 60_000
const random = createRandom(SEED)
let shipped = 0

// It must not pass our own clock before all is over: what is shipped was bought before.
const startsAt = new Date(Date.now() - FACTOR * (runMs + 300_000))
await onSite({ name: 'quota', factor: FACTOR, startsAt, seed: SEED }, async (site) => {
  console.log(`quota: ${CONNECTIONS} connections, ${((runMs * FACTOR) / DAY).toFixed(2)} days in ${MINUTES} minutes (1 second is ${FACTOR}), 1 worker of ${CONCURRENCY} runs at a time, seed ${SEED}`)
  const merchants: Merchant[] = []
  for (let index = 0; index < CONNECTIONS; index++) {
    merchants.push(await site.addMerchant({
      name: `Merchant ${index}`, importFrom: new Date(startsAt.getTime() - DAY), cadenceSeconds, sendTrackingImmediately: false, ...(isTight(index) ? { quotas: tightQuotas } : {}),
    }))
  }
  await countLateness(site)
  const worker = await site.startWorker({ WORKER_CONCURRENCY: String(CONCURRENCY) })
  const server = postmaster(DATABASE_FOLDER)
  const cpu = (): (number | null)[] => [cpuSeconds(worker.pid), cpuSeconds(server, true), cpuSeconds(site.amazon.pid), cpuSeconds(site.api.pid)]
  const cpuBefore = cpu()
  await beginCadences(site)
  const began = performance.now()
  const elapsed = (): number => performance.now() - began

  const [pressed] = await Promise.all([
    press(site, merchants[0]!, elapsed), buyAll(site, plan(merchants), elapsed), ...ROUNDS.map((round) => shipAll(site, merchants, round, elapsed)), sleep(runMs),
  ])
  const missing = async (): Promise<number> => (await compareOrders(site)).missing.length
  await within(Math.max(20, 4 * cadenceSeconds.IMPORT_ORDERS), async () => (await missing()) === 0)
  const seconds = elapsed() / 1000
  const cpuAfter = cpu()
  const calls = await callsOf(site.amazon)

  console.log(`after ${seconds.toFixed(0)} s:`)
  for (const [operation, { calls: made, overQuota }] of calls) console.log(`  ${operation.padEnd(20)} ${String(made).padStart(7)} calls, ${overQuota} over quota`)
  const orders = await compareOrders(site)
  console.log(`  orders: ${orders.bought} bought, ${orders.paid} paid, ${orders.imported} imported, ${orders.missing.length} missing, ${orders.unasked.length} imported though not paid`)
  const tracking = await site.rows<{ status: string; count: number }>('SELECT tracking_status AS status, count(*)::int AS count FROM shipments GROUP BY 1 ORDER BY 1')
  console.log(`  packages: ${tracking.map(({ status, count }) => `${count} ${status}`).join(', ') || 'none'}; imports asked for by hand: ${pressed}`)
  const runs = await site.rows<{ kind: string; outcome: string; count: number }>(`SELECT kind, coalesce(error_code, status::text) AS outcome, count(*)::int AS count FROM job_runs GROUP BY 1, 2 ORDER BY 1, 2`)
  console.log(`  runs: ${runs.map(({ kind, outcome, count }) => `${kind} ${outcome} ${count}`).join(', ')}`)
  const lateness = await latenessOf(site)
  for (const { kind, count, median, p95, worst } of lateness) console.log(`  late, ${kind.padEnd(16)} median ${median.toFixed(2)} s, p95 ${p95.toFixed(2)} s, most ${worst.toFixed(2)} s of ${count} runs`)
  const spent = cpuAfter.map((after, index) => (after === null || cpuBefore[index] == null ? '?' : (after - cpuBefore[index]).toFixed(0)))
  console.log(`  CPU seconds: ${spent[0]} worker, ${spent[1]} PostgreSQL, ${spent[2]} simulator, ${spent[3]} API`)
  const all = lateness.find(({ kind }) => kind === 'all')
  goal('0 calls over quota', calls.size > 0 && [...calls.values()].every(({ overQuota }) => overQuota === 0))
  goal('every paid order imported, and none other', orders.missing.length === 0 && orders.unasked.length === 0 && orders.paid > 0)
  goal(`runs 2 s late at the median at most, at ${FACTOR} times the pace`, all !== undefined && all.median < 2)
})

/** What is bought in the run, in order of time. */
function plan(merchants: readonly Merchant[]): Purchase[] {
  const days = (runMs * FACTOR) / DAY
  return merchants.flatMap(({ sellerId }, index) => {
    const count = Math.max(1, Math.round((isWholesaler(index) ? WHOLESALE : ORDINARY) * days))
    return Array.from({ length: count }, (): Purchase => {
      const turn = random.fraction()
      return { sellerId, at: when() * runMs, kind: turn < 0.9 ? 'PAID' : turn < 0.96 ? 'PAID_LATER' : turn < 0.98 ? 'NEVER_PAID' : 'BY_AMAZON' }
    })
  }).sort((one, other) => one.at - other.at)
}

/** A moment of the day, at least 0 and less than 1: RUSH has `times` its share. */
function when(): number {
  const extra = (RUSH.to - RUSH.from) * (RUSH.times - 1)
  const at = random.fraction() * (1 + extra)
  return at < 1 ? at : RUSH.from + ((at - 1) / extra) * (RUSH.to - RUSH.from)
}

async function buyAll({ amazon }: Site, purchases: readonly Purchase[], elapsed: () => number): Promise<void> {
  const later: { at: number; orderId: string; status: 'UNSHIPPED' | 'CANCELLED' }[] = []
  for (let next = 0; next < purchases.length || later.length > 0; ) {
    await sleep(100)
    const now = elapsed()
    for (; next < purchases.length && purchases[next]!.at <= now; next++) {
      const { sellerId, kind } = purchases[next]!
      const { orders } = await amazon.control<{ orders: { orderId: string }[] }>('orders', 'POST', {
        sellerId, status: kind === 'PAID' || kind === 'BY_AMAZON' ? 'UNSHIPPED' : 'PENDING',
        ...(kind === 'BY_AMAZON' ? { fulfilledBy: 'AMAZON', items: [{ sellerSku: 'SKU-0', quantity: 1 }] } : {}),
      })
      if (kind === 'PAID_LATER' || kind === 'NEVER_PAID') later.push({ at: now + 1_800_000 / FACTOR, orderId: orders[0]!.orderId, status: kind === 'PAID_LATER' ? 'UNSHIPPED' : 'CANCELLED' })
    }
    while (later.length > 0 && later[0]!.at <= now) {
      const { orderId, status } = later.shift()!
      await amazon.control(`orders/${orderId}`, 'PATCH', { status })
    }
  }
}

/** Ships what is open, one connection after the other, within that part of the run. */
async function shipAll(site: Site, merchants: readonly Merchant[], { from, to }: (typeof ROUNDS)[number], elapsed: () => number): Promise<void> {
  for (const [index, { connectionId }] of merchants.entries()) {
    await sleep(Math.max(0, (from + ((to - from) * index) / merchants.length) * runMs - elapsed()))
    const open = await site.rows<{ id: string }>(`SELECT id FROM orders WHERE connection_id = $1 AND status = 'OPEN' ORDER BY ship_by, id LIMIT ${MOST_SHIPPED}`, [connectionId])
    if (open.length === 0) continue
    const { shipAndClose } = await site.graphql<{ shipAndClose: { closed: number } }>(SHIP, {
      input: {
        idempotencyKey: `${connectionId} ${from}`, routing: { carrier: 'UPS', scac: 'UPSN', service: 'Ground' },
        orders: open.map(({ id }) => ({ orderId: toId('Order', id), routing: { trackingNumber: trackingNumber(++shipped) } })),
      },
    })
    if (shipAndClose.closed !== open.length) throw new Error(`only ${shipAndClose.closed} of ${open.length} were closed: ${JSON.stringify(shipAndClose)}`)
  }
}

/** Through the rush hour somebody asks for an import as soon as the last one has begun; how often. */
async function press({ graphql }: Site, { connectionId }: Merchant, elapsed: () => number): Promise<number> {
  const asked = new Set<string>()
  await sleep(RUSH.from * runMs - elapsed())
  while (elapsed() < RUSH.to * runMs) {
    const { runJobNow } = await graphql<{ runJobNow: { jobRun: { id: string } | null } }>(RUN_NOW, { input: { connectionId: toId('Connection', connectionId), kind: 'IMPORT_ORDERS' } })
    if (runJobNow.jobRun !== null) asked.add(runJobNow.jobRun.id)
    await sleep(100)
  }
  return asked.size
}

/** What Amazon sold beside what is in the database. */
async function compareOrders({ amazon, rows }: Site): Promise<{ bought: number; paid: number; imported: number; missing: string[]; unasked: string[] }> {
  const { orders } = await amazon.control<{ orders: { orderId: string; fulfillment: { fulfillmentStatus: string; fulfilledBy: string } }[] }>('orders?limit=100000')
  const isPaid = ({ fulfillment: { fulfillmentStatus, fulfilledBy } }: (typeof orders)[number]): boolean =>
    fulfilledBy === 'MERCHANT' && ['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED'].includes(fulfillmentStatus)
  const paid = new Set(orders.filter(isPaid).map(({ orderId }) => orderId))
  const imported = new Set((await rows<{ number: string }>('SELECT number FROM orders')).map(({ number }) => number))
  return {
    bought: orders.length, paid: paid.size, imported: imported.size,
    missing: [...paid].filter((number) => !imported.has(number)), unasked: [...imported].filter((number) => !paid.has(number)),
  }
}
