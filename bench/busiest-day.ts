// A large warehouse's busiest day: a million orders, 5,000 live connections whose jobs fall due as they do, people who search, hold and ship at
// 200 requests a second, buyers who buy, 2,000 subscribers, ten minutes of it. Nothing may fail, nobody may miss an event, runs come within
// their cadence, memory stays where it is. Then the requests become more until the machine has had enough: the knee.
//
// Real: PostgreSQL with its durable settings, an `api` and a `worker` process as the built program runs them, HTTP, WebSocket, Amazon's simulator in a
// process of its own (without quotas). All of it, and this process that plays people and counts, on one machine: figures are those of the machine.
// Requests leave at their time whether or not the ones before were answered. QUICK=1: 20,000 orders, 200 connections, one minute.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { keepHistories } from '../src/app/keep-histories.ts'
import { createApiToken } from '../src/auth/api-tokens.ts'
import type { Scope } from '../src/auth/scope.ts'
import { Sealer } from '../src/auth/seal.ts'
import { saveAuthorization } from '../src/connections/authorizations.ts'
import { createConnection } from '../src/connections/create-connection.ts'
import { transaction } from '../src/db/transaction.ts'
import { toId } from '../src/kit/ids.ts'
import { writeCredentials } from '../src/marketplaces/amazon/credentials.ts'
import { createRandom } from '../src/marketplaces/amazon/simulator/random.ts'
import { MOST_DAYS, removePersonalData } from '../src/orders/remove-personal-data.ts'
import { onFreshDatabase } from './compare.ts'
import { countLateness, latenessOf } from './measures.ts'
import { People } from './people.ts'
import { CUSTOMERS, customerUuid, populate } from './population.ts'
import { type Amazon, cpuSeconds, type Program, startAmazon, startProgram } from './processes.ts'
import { beginCadences, goal, setting, type Site } from './site.ts'
import { type Subscriber, subscribeMany } from './subscribers.ts'

const QUICK = process.env['QUICK'] === '1'
const ORDERS = setting('ORDERS', QUICK ? 20_000 : 1_000_000)
const CONNECTIONS = setting('CONNECTIONS', QUICK ? 200 : 5000)
const RATE = setting('RATE', QUICK ? 50 : 200)
const SUBSCRIBERS = setting('SUBSCRIBERS', QUICK ? 200 : 2000)
const MINUTES = setting('MINUTES', QUICK ? 1 : 10)
/** Orders bought a second: 430,000 a day. */
const BOUGHT = setting('BOUGHT', 5)
const MARKETPLACE = 'ATVPDKIKX0DER'
/** Of each customer's 500 items. */
const SOLD = 5
const CADENCE_SECONDS = { IMPORT_ORDERS: 900, SEND_TRACKING: 3600, CONFIRM_TRACKING: 3600, SWEEP_ORDERS: 86_400, SYNC_INVENTORY: 3600 }
const WARM_SECONDS = QUICK ? 5 : 60
const STEP_SECONDS = QUICK ? 5 : 20
const random = createRandom(setting('SEED', 1))

interface Seller {
  sellerId: string
  customer: number
}

await onFreshDatabase(async (scope, databaseUrl) => {
  const said = (words: string): void => console.log(`  ${words}`)
  console.log(`busiest-day: ${ORDERS} orders, ${CONNECTIONS} connections, ${RATE} requests a second, ${SUBSCRIBERS} subscribers, ${BOUGHT} orders bought a second, ${MINUTES} minutes`)
  await populate(scope.db.pool, ORDERS)
  // What the past left half done would be told to a marketplace that knows nothing of it.
  await scope.db.pool.query(`UPDATE shipments SET tracking_status = 'ACCEPTED' WHERE tracking_status IN ('PENDING', 'UNCONFIRMED')`)
  // Nor had it stock: each item has what its open orders take, and more.
  await scope.db.pool.query(`UPDATE inventory_items AS item SET on_hand = 10000000, allocated = coalesce(open.units, 0) FROM inventory_items LEFT JOIN (
    SELECT inventory_item_id AS id, sum(quantity)::int AS units FROM order_lines JOIN orders ON orders.id = order_id WHERE status = 'OPEN' GROUP BY 1) AS open USING (id) WHERE item.id = inventory_items.id`)
  // Of that year housekeeping has long removed what it does.
  await removePersonalData(scope, MOST_DAYS)
  await keepHistories(scope.db, { jobRunDays: 90, eventLogDays: null, auditLogDays: null }, new Date())
  const amazon = await startAmazon({ factor: 1, startsAt: new Date(Date.now() - 86_400_000), seed: 1 })
  const programs: Program[] = []
  try {
    const key = randomBytes(32)
    const sellers = await connect(scope, new Sealer([key]), amazon)
    const rows = async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> => (await scope.db.pool.query(sql, values)).rows as Row[]
    const site = { scope, amazon, rows } as unknown as Site
    await countLateness(site)
    await rows('VACUUM ANALYZE')
    const env = { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: key.toString('base64'), SIMULATOR_URL: amazon.url, RATE_LIMIT: '100000000', TOKEN_RATE_LIMIT: '100000000' }
    const api = await startProgram('busiest-day-api', { ...env, CARTAGE_ROLES: 'api', DATABASE_POOL_SIZE: '10' })
    const worker = await startProgram('busiest-day-worker', { ...env, CARTAGE_ROLES: 'worker', DATABASE_POOL_SIZE: '10' })
    programs.push(api, worker)
    const token = await createApiToken(scope.db, 'bench', 'ADMIN')
    const people = new People(api.apiUrl!, token, random)

    const begin = (await rows<{ xid: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid'))[0]!.xid
    const told = new Map<Subscriber, number | null>()
    const subscribers = await subscribeMany(SUBSCRIBERS, (index) => {
      // One in twenty follows everything.
      const customer = index % 20 === 0 ? null : 1 + (index % CUSTOMERS)
      const filter = customer === null ? {} : { customerIds: [toId('Customer', customerUuid(customer))] }
      return { url: api.apiUrl!.replace('http', 'ws'), token, protocol: true, subscription: { query: 'subscription ($filter: EventFilter) { events(filter: $filter) { id cursor type occurredAt summary } }', variables: { filter } }, onText: (_, one) => void told.set(one, customer) }
    })
    subscribers.forEach((one, index) => told.set(one, index % 20 === 0 ? null : 1 + (index % CUSTOMERS)))
    await sleep(2000)
    await beginCadences(site)

    const over = new AbortController()
    const buying = buy(amazon, sellers, over.signal)
    await people.look(rows)
    // Caches fill at half the rate: a queue that cold ones leave would be the whole day's.
    people.at(RATE / 2)
    await sleep(WARM_SECONDS * 1000)
    // PostgreSQL would know by now what such a day is like: before it nothing was under way.
    await rows('ANALYZE orders, shipments')
    await rows('TRUNCATE bench_claims')
    await people.from(RATE)
    const memory: Record<'api' | 'worker' | 'simulator', number[]> = { api: [], worker: [], simulator: [] }
    const cpu = { api: cpuSeconds(api.pid)!, worker: cpuSeconds(worker.pid)! }
    const begun = performance.now()
    while (performance.now() - begun < MINUTES * 60_000) {
      await sleep(10_000)
      for (const [name, pid] of [['api', api.pid], ['worker', worker.pid], ['simulator', amazon.pid]] as const) memory[name].push(residentMb(pid))
    }
    const seconds = (performance.now() - begun) / 1000
    const day = people.told()
    const late = (await latenessOf(site)).find(({ kind }) => kind === 'all')!
    said(`${day.answered} answers, ${(day.answered / seconds).toFixed(0)} a second: ${day.median.toFixed(0)} ms at the median, ${day.p99.toFixed(0)} at 99 %, ${day.worst.toFixed(0)} at most; ${people.shipped} orders shipped`)
    said(`CPU of a core: api ${(100 * (cpuSeconds(api.pid)! - cpu.api) / seconds).toFixed(0)} %, worker ${(100 * (cpuSeconds(worker.pid)! - cpu.worker) / seconds).toFixed(0)} %`)
    said(`${late.count} runs claimed: ${late.median.toFixed(2)} s late at the median, ${late.p95.toFixed(2)} at 95 %, ${late.worst.toFixed(1)} at most`)
    const [runs] = await rows<{ ended: number; failed: number; median: number; imported: number }>(`SELECT count(*)::int AS ended, count(*) FILTER (WHERE status = 'FAILED')::int AS failed,
      1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)) FILTER (WHERE kind = 'IMPORT_ORDERS') AS median, sum(imported)::int AS imported FROM job_runs WHERE finished_at > now() - make_interval(secs => $1)`, [seconds])
    said(`${runs!.ended} runs ended, ${runs!.imported} orders imported; an import takes ${runs!.median.toFixed(0)} ms at the median`)
    goal(`${day.failed} requests failed, goal 0${day.failed === 0 ? '' : `: ${day.example}`}`, day.failed === 0)
    goal(`${runs!.failed} runs failed, goal 0`, runs!.failed === 0)
    goal(`the latest run was ${late.worst.toFixed(1)} s late, goal at most its cadence of ${CADENCE_SECONDS.IMPORT_ORDERS}`, late.worst <= CADENCE_SECONDS.IMPORT_ORDERS)
    for (const [name, sizes] of Object.entries(memory)) {
      if (name === 'simulator') continue // keeps what was bought
      const [early, last] = [mean(sizes.slice(0, Math.ceil(sizes.length / 4))), mean(sizes.slice(-Math.ceil(sizes.length / 4)))]
      goal(`${name}: ${early.toFixed(0)} MB in the first quarter, ${last.toFixed(0)} in the last: ${((last / early - 1) * 100).toFixed(1)} % more, goal 10`, last <= early * 1.1)
    }

    console.log('  the knee: requests a second, in steps')
    for (let rate = RATE * 0.75; ; rate *= 1.125) {
      await people.from(rate)
      await sleep(STEP_SECONDS * 1000)
      const step = people.told()
      const served = step.answered / STEP_SECONDS
      said(`${rate.toFixed(0)} asked, ${served.toFixed(0)} answered, ${step.median.toFixed(0)} ms at the median, ${step.p99.toFixed(0)} at 99 %, ${step.failed} failed`)
      if (served < rate * 0.95 || step.p99 > 2000 || step.failed > 0) break
    }
    people.at(0)
    over.abort()
    await buying
    await people.answered()
    // What is under way ends, and is told.
    await sleep(5000)
    const counts = await rows<{ customer: string; count: number }>(`SELECT customer_id AS customer, count(*)::int AS count FROM events WHERE xid >= $1::xid8 AND xid < pg_snapshot_xmin(pg_current_snapshot()) GROUP BY 1`, [begin])
    await worker.end('SIGTERM')
    const wanted = (customer: number | null): number => counts.reduce((sum, one) => sum + (customer === null || one.customer === customerUuid(customer) ? one.count : 0), 0)
    const missed = subscribers.filter((one) => one.received < wanted(told.get(one)!)).length
    goal(`${wanted(null)} events, ${subscribers.reduce((sum, { received }) => sum + received, 0)} answers: ${missed} of ${SUBSCRIBERS} subscribers missed some, goal 0`, missed === 0)
    for (const { socket } of subscribers) socket.destroy()
  } finally {
    await Promise.all([...programs.map((program) => program.end('SIGKILL')), amazon.stop()])
  }
})

/** Live connections, a seller each, spread over the customers; of each customer some items are sold. */
async function connect(scope: Scope, sealer: Sealer, amazon: Amazon): Promise<Seller[]> {
  const { rows: [{ id: warehouseId }] } = await scope.db.pool.query('SELECT id FROM warehouses ORDER BY code LIMIT 1') as unknown as { rows: [{ id: string }] }
  await scope.db.pool.query(`INSERT INTO inventory_items (customer_id, warehouse_id, sku, title, on_hand) SELECT customers.id, $1, 'SOLD-' || n, 'Thing', 10000000 FROM customers CROSS JOIN generate_series(1, ${SOLD}) AS n`, [warehouseId])
  await scope.db.pool.query(`INSERT INTO inventory_movements (customer_id, inventory_item_id, kind, quantity, at, by) SELECT customer_id, id, 'RECEIPT', on_hand, now(), 'bench' FROM inventory_items WHERE sku LIKE 'SOLD-%'`)
  const sellers: Seller[] = []
  const skus = Array.from({ length: SOLD }, (_, index) => ({ sellerSku: `SOLD-${index + 1}`, unitPrice: '12.50', quantity: 10_000_000 }))
  const add = async (n: number): Promise<void> => {
    const customer = 1 + (n % CUSTOMERS)
    const { seller: { sellerId, credentials } } = await amazon.control<{ seller: { sellerId: string; credentials: { refreshToken: string } } }>('sellers', 'POST', { name: `Seller ${n}`, marketplaces: [MARKETPLACE], skus, quotas: 'unlimited' })
    await transaction(scope.db.pool, async (tx) => {
      const connection = await createConnection(tx, {
        customerId: customerUuid(customer), warehouseId, name: `Live ${n}`, channel: 'amazon', marketplaceId: MARKETPLACE, merchantId: sellerId, status: 'LIVE', importFrom: new Date(Date.now() - 2 * 86_400_000), unknownSku: 'ACCEPT',
      }, { cadenceSeconds: CADENCE_SECONDS })
      await saveAuthorization(tx, sealer, connection, { merchantId: sellerId, credentials: writeCredentials({ refreshToken: credentials.refreshToken }), expiresAt: null })
      await tx.query(`UPDATE cadences SET next_run_at = now() + interval '1 day' WHERE connection_id = $1`, [connection.id])
    })
    sellers.push({ sellerId, customer })
  }
  for (let n = 0; n < CONNECTIONS; n += 4) await Promise.all(Array.from({ length: Math.min(4, CONNECTIONS - n) }, (_, index) => add(n + index)))
  await scope.db.pool.query(`INSERT INTO sku_mappings (customer_id, connection_id, seller_sku, warehouse_sku) SELECT customer_id, id, 'SOLD-' || n, 'SOLD-' || n FROM connections CROSS JOIN generate_series(1, ${SOLD}) AS n WHERE name LIKE 'Live %'`)
  return sellers
}

async function buy(amazon: Amazon, sellers: readonly Seller[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const begun = performance.now()
    for (let n = 0; n < BOUGHT; n++) await amazon.control('orders', 'POST', { sellerId: sellers[random.between(0, sellers.length - 1)]!.sellerId, ageSeconds: 125, items: [{ sellerSku: `SOLD-${random.between(1, SOLD)}`, quantity: random.between(1, 3), unitPrice: '12.50' }] })
    await sleep(Math.max(0, 1000 - (performance.now() - begun)))
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}
