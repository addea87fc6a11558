// What only whole processes can show: workers beside each other, killed ones, and an orderly stop.
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { JobRunsDocument } from '../generated/graphql.ts'
import { startChild, startWorkerChild, temporaryFolder } from './child.ts'
import { addsUp, countOf, startStage, typesOf, until } from './stage.ts'

const MINUTE = 60_000
const CONNECTIONS = 12
const ROUNDS = 3

test.concurrent('two workers on one database: each due run is done once', async ({ onTestFinished }) => {
  const stage = await startStage({ roles: ['api', 'simulator'] })
  const workers = await Promise.all([1, 2].map(() => startWorkerChild(stage, { WORKER_CONCURRENCY: '3' })))
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')))
    await stage.stop()
  })
  const merchants = await Promise.all(Array.from({ length: CONNECTIONS }, () => stage.merchant({ stock: 0 })))
  for (const merchant of merchants) await stage.buy(merchant, { count: 2 })
  await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', kind: 'latency', latencyMs: 200 })
  const uuids = merchants.map((merchant) => merchant.uuid)
  for (let round = 1; round <= ROUNDS; round++) {
    await stage.db.pool.query(`UPDATE cadences SET next_run_at = now() WHERE connection_id = ANY($1) AND kind = 'IMPORT_ORDERS'`, [uuids])
    await until(async () => (await stage.graphql(JobRunsDocument, { filter: { statuses: ['SUCCEEDED'] } })).jobRuns.totalCount === CONNECTIONS * round)
  }
  for (const merchant of merchants) {
    const { jobRuns } = await stage.graphql(JobRunsDocument, { filter: { connectionIds: [merchant.connectionId] } })
    expect(jobRuns.nodes.map(({ status, trigger, imported, unchanged }) => [status, trigger, imported, unchanged])).toEqual([
      ['SUCCEEDED', 'CADENCE', 0, 2], ['SUCCEEDED', 'CADENCE', 0, 2], ['SUCCEEDED', 'CADENCE', 2, 0],
    ])
    const { calls } = await stage.simulator.control<{ calls: unknown[] }>(`calls?operation=searchOrders&sellerId=${merchant.sellerId}`)
    expect(calls).toHaveLength(ROUNDS)
  }
  for (const worker of workers) expect(await worker.end('SIGTERM')).toMatchObject({ code: 0 })
  const ended = workers.map((worker) => worker.output().split('"msg":"run ended"').length - 1)
  expect(ended[0]! + ended[1]!).toBe(CONNECTIONS * ROUNDS)
}, 3 * MINUTE)

test.concurrent('kill -9 of a worker in mid-import: nothing lost, nothing doubled, retaken within a minute', async ({ onTestFinished }) => {
  const stage = await startStage({ roles: ['api', 'simulator'] })
  const first = await startWorkerChild(stage)
  const children = [first]
  onTestFinished(async () => {
    await Promise.all(children.map((child) => child.end('SIGKILL')))
    await stage.stop()
  })
  const merchant = await stage.merchant({ chargeRules: [{ code: 'HANDLING', amount: '1', basis: 'ORDER' }] })
  await stage.buy(merchant, { count: 250 })
  await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', kind: 'latency', latencyMs: 2 * MINUTE, afterCalls: 1, times: 1 })
  const lost = await stage.queueRun(merchant, 'IMPORT_ORDERS')
  const stored = async (): Promise<number> => (await stage.db.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM orders')).rows[0]!.count
  await until(async () => (await stored()) === 100)
  // It waits for the second page: else whoever takes the run up would.
  await until(async () => (await stage.simulator.control<{ faults: { fired: number }[] }>('faults')).faults[0]?.fired === 1)
  await first.end('SIGKILL')
  const killedAt = Date.now()
  children.push(await startWorkerChild(stage))
  expect(await stage.ended(lost, MINUTE)).toMatchObject({ status: 'FAILED', errorCode: 'WORKER_LOST', imported: 100 })
  const retaken = await until(async () => (await stage.graphql(JobRunsDocument, { filter: { statuses: ['SUCCEEDED'] } })).jobRuns.nodes[0], MINUTE)
  expect(Date.parse(retaken.startedAt!) - killedAt).toBeLessThan(MINUTE)
  // It went on after the page that was stored.
  expect(retaken).toMatchObject({ trigger: 'RETRY', found: 150, imported: 150, unchanged: 0 })
  expect(addsUp(retaken)).toBe(true)
  expect(await stored()).toBe(250)
  const { rows: [sums] } = await stage.db.pool.query('SELECT (SELECT count(*)::int FROM order_lines) AS lines, (SELECT count(*)::int FROM charges) AS charges, (SELECT count(*)::int FROM sightings) AS sightings')
  expect(sums).toEqual({ lines: 250, charges: 250, sightings: 250 })
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 500] })
  expect(countOf(typesOf(await stage.told(merchant)))).toMatchObject({ ORDER_IMPORTED: 250, IMPORT_FINISHED: 1 })
}, 2 * MINUTE)

test.concurrent('killed on its embedded database, the next start keeps data and token; SIGTERM stops it within 10 s', async ({ onTestFinished }) => {
  const dataDir = await temporaryFolder()
  const children: ReturnType<typeof startChild>[] = []
  onTestFinished(async () => {
    for (const child of children) await child.end('SIGTERM')
    await rm(dataDir, { recursive: true, force: true })
  })
  const begin = async (): Promise<{ url: string; printed: string; child: (typeof children)[number] }> => {
    const child = startChild({ DATA_DIR: dataDir, LOG_LEVEL: 'warn' })
    children.push(child)
    const printed = await child.ready
    return { child, printed, url: /GraphQL +(\S+)/.exec(printed)![1]! }
  }
  const numbers = async (url: string): Promise<string[]> => {
    const token = (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim()
    const response = await fetch(url, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ orders(first: 100, orderBy: IMPORTED_ASC) { nodes { number } } }' }),
    })
    expect(response.status).toBe(200)
    const { data } = (await response.json()) as { data: { orders: { nodes: { number: string }[] } } }
    return data.orders.nodes.map(({ number }) => number)
  }
  const first = await begin()
  const token = (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim()
  expect(first.printed).toContain(token)
  const before = await until(async () => {
    const found = await numbers(first.url)
    return found.length >= 20 ? found : null
  }, 30_000, 250)
  await first.child.end('SIGKILL')

  const second = await begin()
  // The link that signs in is printed each time; the token by itself is not.
  expect(second.printed).toContain(`/#token=${token}\n`)
  expect(second.printed.replaceAll(`#token=${token}`, '')).not.toContain(token)
  expect((await fetch(/Mailbox +(\S+)/.exec(second.printed)![1]!)).status).toBe(200)
  expect((await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim()).toBe(token)
  // In whatever order: an import that was under way may have gone on with pages of the same instant.
  expect(await numbers(second.url)).toEqual(expect.arrayContaining(before))
  const { code, ms } = await second.child.end('SIGTERM')
  expect([code, ms < 10_000]).toEqual([0, true])
  expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false)
}, 2 * MINUTE)
