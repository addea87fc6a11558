// What growth costs: one page of 100 orders through the real import verb, new ones and such as are known already, and the removal of old runs, beside
// ten thousand, a hundred thousand and a million orders with all that hangs on them. (Pages of orders by size: bench/find-orders.) QUICK=1: the two smaller ones.
import { randomBytes } from 'node:crypto'
import { Sealer } from '../src/auth/seal.ts'
import { createConnection } from '../src/connections/create-connection.ts'
import { transaction } from '../src/db/transaction.ts'
import { claimDue, fence } from '../src/jobs/cadences.ts'
import { removeRunEvents } from '../src/events/keep-events.ts'
import { removeRuns } from '../src/jobs/keep-runs.ts'
import type { FoundOrder } from '../src/marketplaces/channel.ts'
import { importContext } from '../src/orders/import-context.ts'
import { storeFoundOrders } from '../src/orders/store-found-orders.ts'
import { median, onFreshDatabase } from './compare.ts'
import { found } from './found-orders.ts'
import { customerUuid, populate } from './population.ts'
import { goal, setting } from './site.ts'

const SIZES = process.env['QUICK'] === '1' ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]
const PAGES = setting('PAGES', 40)
const PAGE = 100
/** Of a year's runs and their events. */
const KEPT_DAYS = 90

const times: Record<'fresh' | 'known', number[]> = { fresh: [], known: [] }
for (const size of SIZES) {
  await onFreshDatabase(async (scope) => {
    const { pool } = scope.db
    await populate(pool, size)
    await pool.query(`UPDATE job_runs SET finished_at = started_at + interval '1 second'`)
    await pool.query('VACUUM ANALYZE job_runs')
    const { rows: [{ id: warehouseId }] } = (await pool.query('SELECT id FROM warehouses ORDER BY code LIMIT 1')) as unknown as { rows: [{ id: string }] }
    const connection = await transaction(pool, (tx) => createConnection(
      tx,
      { customerId: customerUuid(1), warehouseId, name: 'Bench', channel: 'amazon', marketplaceId: 'ATVPDKIKX0DER', merchantId: 'BENCH', status: 'LIVE', importFrom: new Date(0), unknownSku: 'ACCEPT' },
      { firstRunNow: true },
    ))
    const [claim] = await claimDue(pool, 'IMPORT_ORDERS', 1)
    const context = await importContext(scope, new Sealer([randomBytes(32)]), connection, { runId: claim!.runId, fence: (tx) => fence(tx, claim!) })
    const pages = Array.from({ length: PAGES + 5 }, (_, page) => Array.from({ length: PAGE }, (_, index) => found(page * PAGE + index)))
    const timed = async (all: readonly FoundOrder[][]): Promise<number> => {
      const taken: number[] = []
      for (const page of all) {
        const begun = performance.now()
        await storeFoundOrders(scope, page, context)
        taken.push(performance.now() - begun)
      }
      return median(taken.slice(5)) // the first ones make plans and items
    }
    const [fresh, known] = [await timed(pages), await timed(pages)]
    times.fresh.push(fresh)
    times.known.push(known)
    const before = new Date(Date.now() - KEPT_DAYS * 86_400_000)
    const count = async (): Promise<number> => ((await pool.query('SELECT ((SELECT count(*) FROM job_runs) + (SELECT count(*) FROM events))::int AS count')).rows as [{ count: number }])[0].count
    const [rows, begun] = [await count(), performance.now()]
    await removeRunEvents(scope.db, before)
    await removeRuns(scope.db, before)
    const seconds = (performance.now() - begun) / 1000
    const removed = rows - (await count())
    console.log(`growth, ${size} orders: a page of ${PAGE} new ones ${fresh.toFixed(1)} ms, of known ones ${known.toFixed(1)} ms; ${removed} old runs and events removed in ${seconds.toFixed(1)} s, ${(removed / seconds).toFixed(0)} a second`)
  })
}
for (const [what, taken] of Object.entries(times)) {
  const ratio = taken.at(-1)! / taken[0]!
  goal(`a page of ${what} orders takes ${ratio.toFixed(2)} times as long beside ${SIZES.at(-1)} orders as beside ${SIZES[0]}, goal 3`, ratio <= 3)
}
