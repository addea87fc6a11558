// 10,000 connections whose orders are imported every 15 minutes, on one worker with 200 places, by runs that do nothing: how late they are claimed, what that
// costs, and how soon a backlog of all of them is claimed. Real: the clock, the runner, the cadence rows and receipts, PostgreSQL with its durable settings. Against Agenda
// with a job for each connection, graphile-worker and pg-boss, which do the same: each in a process of its own on the same server, one after the other. How late ours are is
// noted by the database itself; the others note it as a job begins. CPU is the process' and PostgreSQL's (Linux: read from /proc). QUICK=1 is a short form.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { slotAfter } from '../src/jobs/cadences.ts'
import { DATABASE_FOLDER, onFreshDatabase } from './compare.ts'
import { countLateness } from './measures.ts'
import { cpuSeconds, postmaster, startRival } from './processes.ts'
import { goal, setting } from './site.ts'

const QUICK = process.env['QUICK'] === '1'
const CONNECTIONS = setting('CONNECTIONS', QUICK ? 2000 : 10_000)
const SECONDS = setting('SECONDS', QUICK ? 8 : 15)
const CONTENDERS = (process.env['CONTENDERS'] ?? 'cadences,agenda,graphile-worker,pg-boss').split(',')
const PLACES = '200'
const EVERY_MS = 15 * 60_000
/** A rival that has not begun its backlog by then is left. */
const PATIENCE_SECONDS = QUICK ? 10 : 30
const SETTLE_MS = 3000

const rivals = path.resolve('bench/rivals')
if (!fs.existsSync(path.join(rivals, 'node_modules/graphile-worker'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefix', rivals], { stdio: 'inherit' })

interface Contender {
  pid: number
  /** So many jobs of every 15 minutes, which fall due evenly over that time; 0: all at once. */
  fill(overMs: number): Promise<void>
  /** How late each began since then, in milliseconds; and how many have. */
  late(): Promise<number[]>
  begun(): Promise<number>
  end(): Promise<void>
}

interface Measured {
  late: number[]
  /** Percent of a core: of the process, and of PostgreSQL. */
  idle: [own: number, database: number]
  steady: [own: number, database: number]
  /** Seconds until all had begun, and how many had. */
  backlog: number
  begun: number
}

const percentile = (values: readonly number[], part: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN

async function measure(contender: Contender): Promise<Measured> {
  const server = postmaster(DATABASE_FOLDER)
  const cpu = async (): Promise<[number, number]> => {
    const before = [cpuSeconds(contender.pid)!, cpuSeconds(server, true)!] as const
    await sleep(SECONDS * 1000)
    return [((cpuSeconds(contender.pid)! - before[0]) / SECONDS) * 100, ((cpuSeconds(server, true)! - before[1]) / SECONDS) * 100]
  }
  await sleep(SETTLE_MS)
  const idle = await cpu()
  await contender.fill(EVERY_MS)
  await sleep(SETTLE_MS)
  const steady = await cpu()
  const late = await contender.late()
  await contender.fill(0)
  const begin = performance.now()
  let begun = 0
  while (begun < CONNECTIONS && performance.now() - begin < PATIENCE_SECONDS * 1000) {
    await sleep(50)
    begun = await contender.begun()
  }
  return { late, idle, steady, backlog: (performance.now() - begin) / 1000, begun }
}

await onFreshDatabase(async ({ db: { pool } }, databaseUrl) => {
  const before = cpuSeconds(postmaster(DATABASE_FOLDER), true)!
  await sleep(SECONDS * 500)
  const resting = ((cpuSeconds(postmaster(DATABASE_FOLDER), true)! - before) / (SECONDS / 2)) * 100
  console.log(`cadences: ${CONNECTIONS} connections, every 15 minutes; ${SECONDS} s of each; PostgreSQL alone takes ${resting.toFixed(1)} % of a core`)
  const results = new Map<string, Measured>()
  const contend = async (name: string, starting: Promise<Contender>): Promise<void> => {
    const contender = await starting
    try {
      results.set(name, await measure(contender))
    } finally {
      await contender.end()
    }
  }
  for (const name of CONTENDERS) await contend(name, name === 'cadences' ? startOurs(pool, databaseUrl) : startOther(pool, databaseUrl, name))

  console.log(`  ${''.padEnd(16)} ${'late p50 ms'.padStart(12)} ${'p99'.padStart(7)} ${'worst'.padStart(7)}   ${'CPU idle'.padStart(13)} ${'CPU steady'.padStart(15)}   backlog`)
  for (const [name, { late, idle, steady, backlog, begun }] of results) {
    const cpu = ([own, database]: [number, number]): string => `${own.toFixed(1)} + ${database.toFixed(1)} %`
    console.log(`  ${name.padEnd(16)} ${percentile(late, 0.5).toFixed(0).padStart(12)} ${percentile(late, 0.99).toFixed(0).padStart(7)} ${Math.max(...late).toFixed(0).padStart(7)}   ${cpu(idle).padStart(13)} ${cpu(steady).padStart(15)}   ${begun < CONNECTIONS ? `${begun} begun after` : 'all begun after'} ${backlog.toFixed(1)} s`)
  }
  if (!results.has('cadences')) return
  const { late, idle, steady, backlog, begun } = results.get('cadences')!
  const sum = ([own, database]: readonly [number, number]): number => own + database
  goal(`lateness p99 ${percentile(late, 0.99).toFixed(0)} ms, goal at most 2000`, late.length > 0 && percentile(late, 0.99) <= 2000)
  goal(`a backlog of ${begun} claimed in ${backlog.toFixed(1)} s, goal all of them within 5`, begun === CONNECTIONS && backlog <= 5)
  goal(`scheduling takes ${(sum(steady) - sum(idle)).toFixed(1)} % of a core for ${(late.length / (SECONDS + SETTLE_MS / 1000)).toFixed(1)} runs a second beside ${sum(idle).toFixed(1)} % for the clock, goal at most 2 in all`, sum(steady) <= 2)
})

async function startOurs(pool: pg.Pool, databaseUrl: string): Promise<Contender> {
  const rows = async <T>(text: string): Promise<T[]> => (await pool.query(text)).rows as T[]
  await rows(`WITH customer AS (INSERT INTO customers (name, reference) VALUES ('Bench', 'BENCH') RETURNING id),
      warehouse AS (INSERT INTO warehouses (name, code, time_zone, line1, city, country_code) VALUES ('Bench', 'BENCH', 'UTC', '1 Dock Road', 'Reno', 'US') RETURNING id),
      made AS (INSERT INTO connections (customer_id, warehouse_id, name, channel, marketplace_id, merchant_id, status)
        SELECT customer.id, warehouse.id, 'Connection ' || n, 'amazon', 'ATVPDKIKX0DER', 'M' || n, 'LIVE' FROM customer, warehouse, generate_series(1, ${CONNECTIONS}) AS n RETURNING id, customer_id)
    INSERT INTO cadences (connection_id, customer_id, kind, every_seconds, enabled, next_run_at)
      SELECT id, customer_id, kind, 900, kind = 'IMPORT_ORDERS', 'infinity' FROM made CROSS JOIN unnest(enum_range(NULL::job_kind)) AS kind`)
  await countLateness({ rows })
  await rows('VACUUM ANALYZE')
  await rows('CHECKPOINT')
  const { pid, end } = await startRival('cadences-worker', fileURLToPath(new URL('cadences-worker.js', import.meta.url)), { DATABASE_URL: databaseUrl, WORKER_CONCURRENCY: PLACES }, undefined, true)
  return {
    pid,
    async fill(overMs) {
      await rows(`UPDATE cadences SET next_run_at = ${overMs === 0 ? 'now()' : slotAfter('now()')} WHERE enabled`)
      await rows('DELETE FROM bench_claims')
    },
    late: async () => (await rows<{ late: number }>('SELECT late FROM bench_claims')).map(({ late }) => late * 1000),
    begun: async () => (await rows<{ count: number }>('SELECT count(*)::int AS count FROM bench_claims'))[0]!.count,
    end: () => end('SIGKILL'),
  }
}

/** On a database of its own. */
async function startOther(pool: pg.Pool, databaseUrl: string, name: string): Promise<Contender> {
  const [database, url] = [`${new URL(databaseUrl).pathname.slice(1)}_${name.replace('-', '_')}`, new URL(databaseUrl)]
  await pool.query(`CREATE DATABASE ${database}`)
  url.pathname = `/${database}`
  const rival = await startRival(`cadences-${name}`, path.join(rivals, `${name}.mjs`), { DATABASE_URL: url.href, WORKER_CONCURRENCY: PLACES })
  return {
    pid: rival.pid,
    fill: async (overMs) => void (await (await fetch(`${rival.apiUrl}/fill?count=${CONNECTIONS}&over=${overMs}`)).text()),
    late: async () => (await (await fetch(`${rival.apiUrl}/late`)).json()) as number[],
    begun: async () => (await (await fetch(`${rival.apiUrl}/count`)).json()) as number,
    async end() {
      await rival.end('SIGKILL')
      await pool.query(`DROP DATABASE ${database} WITH (FORCE)`)
    },
  }
}
