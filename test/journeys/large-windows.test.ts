// The busiest day: more changed than the call budget can read at once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addsUp, type Merchant, type Stage, startStage, typesOf, until } from './stage.ts'

const MINUTE = 60_000
let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config: { workerConcurrency: 2 } })
})
afterAll(() => stage.stop())

const quotas = { searchOrders: { rate: 0.0056, burst: 20 } }
const imported = async ({ uuid }: Merchant): Promise<number> =>
  (await stage.db.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM orders WHERE connection_id = $1', [uuid])).rows[0]!.count
const cursorOf = async (one: Merchant): Promise<number | null> => (await stage.connection(one)).health.importLagSeconds
/** Amazon gives one more call each three minutes. */
async function refilled(one: Merchant): Promise<void> {
  await stage.db.pool.query(`UPDATE quotas SET available = 1, throttled_until = NULL WHERE authorization_id = (SELECT authorization_id FROM connections WHERE id = $1)`, [one.uuid])
}
/** As if the gateway had used up all but so many of the calls that it has at once. */
async function spend(one: Merchant, left: number): Promise<void> {
  await stage.db.pool.query(`INSERT INTO quotas (authorization_id, operation, rate_per_second, burst, available)
    SELECT authorization_id, 'searchOrders', 0.0056, 19, $2 FROM connections WHERE id = $1
    ON CONFLICT (authorization_id, operation) DO UPDATE SET available = excluded.available, observed_at = now()`, [one.uuid, left])
}

test('a window of more pages than the budget has: each run stores what it gets and goes on later, keeping no worker and losing no page', async () => {
  const [big, small] = [await stage.merchant({ quotas }), await stage.merchant()]
  await stage.buy(big, { count: 430 })
  await spend(big, 2)
  const first = await stage.run(big, 'IMPORT_ORDERS')
  expect(first).toMatchObject({ status: 'SUCCEEDED', found: 200, imported: 200, windowTo: null, calls: 2 })
  expect(await cursorOf(big)).toBeNull()
  const { rows: [next] } = await stage.db.pool.query<{ seconds: number }>(
    `SELECT extract(epoch FROM next_run_at - now())::float8 AS seconds FROM cadences WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, [big.uuid])
  expect(next!.seconds).toBeGreaterThan(60)
  expect(next!.seconds).toBeLessThan(180)
  expect((await stage.told(big)).filter(({ type }) => type === 'IMPORT_FINISHED').map(({ summary }) => summary)).toEqual([
    expect.stringMatching(/: 200 orders found, .*; the call budget is used up, and the import goes on when it has filled\.$/),
  ])

  // Nobody waits for it, and with no budget at all nothing fails and nothing is forgotten.
  await stage.buy(small)
  expect(await stage.run(small, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', imported: 1 })
  expect(await stage.run(big, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', found: 0, calls: 0 })

  for (const [found, done] of [[100, false], [100, false], [30, true]] as const) {
    await refilled(big)
    const run = await stage.run(big, 'IMPORT_ORDERS')
    expect(run).toMatchObject({ status: 'SUCCEEDED', found, imported: found, calls: 1, windowFrom: first.windowFrom })
    expect(run.windowTo !== null).toBe(done)
    expect(addsUp(run)).toBe(true)
  }
  expect(await imported(big)).toBe(430)
  expect(await cursorOf(big)).toBeLessThan(300)
  expect(typesOf(await stage.told(big)).filter((type) => type === 'IMPORT_FAILED')).toEqual([])
  await refilled(big)
  expect(await stage.run(big, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', imported: 0 })
}, MINUTE)

test('a place where the answer cannot be read is given up, and the window begins anew', async () => {
  const merchant = await stage.merchant({ quotas })
  await stage.buy(merchant, { count: 130 })
  await spend(merchant, 1)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', found: 100 })
  await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', kind: 'malformed', part: 'answer', sellerId: merchant.sellerId })
  await refilled(merchant)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'FAILED', errorCode: 'INVALID_ANSWER' })
  await stage.simulator.control('faults', 'DELETE')
  await spend(merchant, 5)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', found: 130, imported: 30, unchanged: 100 })
  await until(async () => (await imported(merchant)) === 130)
}, MINUTE)
