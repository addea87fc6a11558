import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { start } from '../../src/app/compose.ts'
import { ConfigError, readConfig } from '../../src/config/env.ts'
import { type ClockOptions, type JobClock, startClock } from '../../src/jobs/agenda.ts'
import type { ClockStore } from '../../src/jobs/clock-store.ts'
import { openMongoClockStore } from '../../src/jobs/mongo-clock.store.ts'
import { postgresClockStore } from '../../src/jobs/postgres-clock.store.ts'
import { createLog } from '../../src/observability/log.ts'
import { createDatabase } from '../support/database.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { startMongoStandIn } from '../support/mongodb.ts'

/** One of the clock's jobs as it is kept. */
interface Kept {
  name: string
  repeatInterval: string
  nextRunAt: Date | null
  lockedAt: Date | null
  lastRunAt: Date | null
  lastFinishedAt: Date | null
}

/** A store that several workers share, and that a test reads and writes past them. */
interface Shared {
  open(): Promise<ClockStore>
  jobs(): Promise<Kept[]>
  /** Of one job, or of all. */
  write(name: string | null, fields: Partial<Kept>): Promise<void>
  close(): Promise<void>
}

async function onPostgres(): Promise<Shared> {
  const database = await createDatabase()
  const pool = new pg.Pool(database.config)
  const column = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return {
    open: async () => postgresClockStore(pool),
    jobs: async () => (await pool.query<Kept>(`SELECT name, repeat_interval AS "repeatInterval", next_run_at AS "nextRunAt", locked_at AS "lockedAt", last_run_at AS "lastRunAt", last_finished_at AS "lastFinishedAt" FROM agenda_jobs`)).rows,
    async write(name, fields) {
      await pool.query(`UPDATE agenda_jobs SET ${Object.keys(fields).map((key, index) => `${column(key)} = $${index + 2}`).join()} WHERE $1::text IS NULL OR name = $1`, [name, ...Object.values(fields)])
    },
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}

/** On the server at `url`, or on the stand-in. */
async function onMongo(url: string | undefined): Promise<Shared & { url: string }> {
  const standIn = url === undefined ? await startMongoStandIn() : null
  const own = new URL(standIn?.url ?? url!)
  own.pathname = `/cartage_test_${randomBytes(6).toString('hex')}`
  const client = new MongoClient(own.href)
  const jobs = client.db().collection<Kept>('cartage_clock')
  return {
    url: own.href,
    open: () => openMongoClockStore(own.href),
    jobs: () => jobs.find({}).toArray(),
    write: async (name, fields) => void (await jobs.updateMany(name === null ? {} : { name }, { $set: fields })),
    async close() {
      await client.db().dropDatabase()
      await client.close()
      await standIn?.stop()
    },
  }
}

const mongodb = process.env['TEST_MONGODB_URL']
const mongo = mongodb === undefined ? 'a stand-in for MongoDB (TEST_MONGODB_URL names no server)' : 'MongoDB'
const quick = { silenceMs: 1500, watchMs: 200, choreLockMs: 1500 }
let workers = 0

const noting = (name: string, looks: string[]) => ({ name, tick: async () => void looks.push(name) })

/** A worker's clock, stopped with the test. */
async function clockOn(store: ClockStore, options: Partial<ClockOptions> = {}): Promise<JobClock> {
  const clock = await startClock(store, { name: `worker-${++workers}`, log: createLog('silent'), patience: quick, ...options })
  onTestFinished(() => clock.stop())
  return clock
}

describe.each([['PostgreSQL', onPostgres], [mongo, () => onMongo(mongodb)]] as const)('the job clock on %s', (_name, open) => {
  let shared: Shared
  beforeAll(async () => {
    shared = await open()
  })
  afterAll(() => shared.close())
  const kept = async (name: string): Promise<Kept> => (await shared.jobs()).find((one) => one.name === name)!

  test('tells all to look about every second, whatever becomes of one of them', async () => {
    const looks: string[] = []
    const failing = { name: 'failing', tick: async () => { looks.push('failing'); throw new Error('no') } }
    await clockOn(await shared.open(), { looking: [failing, noting('runs', looks), noting('mails', looks)], patience: { ...quick, silenceMs: 60_000 } })
    await expect.poll(() => looks.length).toBeGreaterThanOrEqual(9)
    expect(looks.slice(0, 6)).toEqual(['failing', 'runs', 'mails', 'failing', 'runs', 'mails'])
  })

  test('a worker whose clock is held up looks by itself', async () => {
    const looks: string[] = []
    await clockOn(await shared.open(), { looking: [noting('runs', looks)] })
    await expect.poll(() => looks).toContain('runs')
    const held = setInterval(() => void shared.write(null, { lockedAt: new Date(Date.now() + 60_000) }), 50) // as if others had every tick
    onTestFinished(async () => {
      clearInterval(held)
      await shared.write(null, { lockedAt: null })
    })
    await sleep(1000)
    looks.length = 0
    await expect.poll(() => looks).toContain('runs')
  })

  test('workers that start at once make one job of each, and do each once', async () => {
    let done = 0
    const chores = [{ name: 'once an hour', every: '1 hour', run: async () => void (await sleep(100), done++) }]
    await Promise.all(Array.from({ length: 8 }, async () => clockOn(await shared.open(), { chores })))
    await expect.poll(() => done).toBe(1)
    await sleep(800)
    const names = (await shared.jobs()).map(({ name }) => name)
    expect(names).toHaveLength(new Set(names).size)
    expect(done).toBe(1)
  })

  test('a worker that starts leaves alone what another is doing', async () => {
    let [under, most, begun] = [0, 0, 0]
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const run = async (): Promise<void> => {
      most = Math.max(most, ++under)
      begun++
      await ended
      under--
    }
    const chores = [{ name: 'long', every: '1 second', run }]
    await clockOn(await shared.open(), { chores })
    await expect.poll(() => begun).toBe(1)
    const before = await kept('long')
    await clockOn(await shared.open(), { chores })
    await sleep(2 * quick.choreLockMs) // kept for longer than its lock, as it gives signs of life
    expect(await kept('long')).toMatchObject({ lockedAt: expect.any(Date), lastRunAt: before.lastRunAt })
    end()
    await expect.poll(() => begun).toBeGreaterThan(2)
    expect(most).toBe(1)
  })

  test('what a killed worker had begun is done again, and not in its next hour', async () => {
    let done = 0
    const chores = [{ name: 'cut short', every: '1 hour', run: async () => void done++ }]
    await (await shared.open()).arm(chores)
    const [killed, hour] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)]
    await shared.write('cut short', { lastRunAt: killed, lockedAt: killed, nextRunAt: hour }) // as Agenda leaves it
    await clockOn(await shared.open(), { chores })
    await expect.poll(() => done).toBe(1)
    await expect.poll(async () => (await kept('cut short')).lastFinishedAt?.getTime()).toBeGreaterThan(killed.getTime())
    await sleep(5 * quick.watchMs)
    expect(done).toBe(1)
  })

  test('what a stopped worker had locked is free at once', async () => {
    const clock = await startClock(await shared.open(), { name: 'worker-stopped', log: createLog('silent') })
    await expect.poll(async () => (await shared.jobs()).some(({ lockedAt }) => lockedAt !== null)).toBe(true)
    await clock.stop()
    expect((await shared.jobs()).filter(({ lockedAt }) => lockedAt !== null)).toEqual([])
  })

  test('a new interval counts, and what was switched off is on again', async () => {
    let done = 0
    const run = async (): Promise<void> => void done++
    await clockOn(await shared.open(), { chores: [{ name: 'changed', every: '1 hour', run }] })
    await expect.poll(() => done).toBe(1)
    await clockOn(await shared.open(), { chores: [{ name: 'changed', every: '1 second', run }] })
    await expect.poll(() => done).toBeGreaterThan(2)
    expect(await kept('changed')).toMatchObject({ repeatInterval: '1 second' })
  })
})

describe(`MongoDB lost, with ${mongo}`, () => {
  /** Between a worker and its MongoDB, to be cut. */
  async function startCable(to: string): Promise<{ url: string; cut(): Promise<void>; mend(): Promise<void> }> {
    const { hostname, port, pathname } = new URL(to)
    const sockets = new Set<net.Socket>()
    const cable = net.createServer((socket) => {
      const other = net.connect(Number(port || 27_017), hostname)
      for (const end of [socket, other]) {
        sockets.add(end)
        end.on('error', () => {}).on('close', () => {
          sockets.delete(end)
          socket.destroy()
          other.destroy()
        })
      }
      socket.pipe(other).pipe(socket)
    })
    const mend = async (): Promise<void> => {
      cable.listen(at, '127.0.0.1')
      await once(cable, 'listening')
    }
    let at = 0
    await mend()
    at = (cable.address() as net.AddressInfo).port
    const cut = async (): Promise<void> => {
      if (!cable.listening) return
      cable.close()
      for (const socket of sockets) socket.destroy()
      await once(cable, 'close')
    }
    const url = new URL(to)
    url.host = `127.0.0.1:${at}`
    url.pathname = pathname
    url.searchParams.set('directConnection', 'true')
    return { url: url.href, cut, mend }
  }

  let shared: Shared & { url: string }
  let gateway: Gateway
  let cable: Awaited<ReturnType<typeof startCable>>
  beforeAll(async () => {
    shared = await onMongo(mongodb)
    cable = await startCable(shared.url)
    gateway = await startGateway({ roles: ['worker'], config: { mongodbUrl: cable.url } })
  })
  afterAll(async () => {
    await cable.cut()
    await gateway.stop() // also where MongoDB does not say goodbye
    await shared.close()
  })
  const at = async (path: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${gateway.running.urls.health}${path}`)
    return { status: response.status, text: await response.text() }
  }

  test('the worker says so, once; runs go on; and it says when MongoDB is back', async () => {
    expect(await at('/readyz')).toMatchObject({ status: 200 })
    await cable.cut()
    await expect.poll(() => at('/readyz')).toEqual({ status: 503, text: JSON.stringify({ status: 'not ready', problems: ['MongoDB (MONGODB_URL), which keeps the job clock, does not answer'] }) })
    expect((await at('/metrics')).text).toMatch(/^cartage_job_clock_up 0$/m)
    // Due now: nobody but the worker itself can notice.
    const { rows: [connection] } = await gateway.db.pool.query<{ id: string }>(`WITH customer AS (INSERT INTO customers (name, reference) VALUES ('Kiln', 'KILN') RETURNING id),
      warehouse AS (INSERT INTO warehouses (name, code, time_zone, line1, city, country_code) VALUES ('Reno', 'RNO', 'UTC', '1 Dock Road', 'Reno', 'US') RETURNING id)
      INSERT INTO connections (customer_id, warehouse_id, name, channel, marketplace_id, status) SELECT customer.id, warehouse.id, 'Kiln', 'amazon', 'ATVPDKIKX0DER', 'LIVE' FROM customer, warehouse RETURNING id`)
    await gateway.db.pool.query(`INSERT INTO cadences (connection_id, customer_id, kind, every_seconds, next_run_at) SELECT id, customer_id, 'IMPORT_ORDERS', 900, now() FROM connections WHERE id = $1`, [connection!.id])
    await expect.poll(async () => (await gateway.db.pool.query('SELECT status, error_code FROM job_runs')).rows).toEqual([{ status: 'FAILED', error_code: 'UNAUTHORIZED' }])
    const said = (): string[] => gateway.logged.filter(({ msg }) => /keeps the job clock/.test(String(msg))).map(({ level, msg }) => `${String(level)} ${String(msg)}`)
    expect(said()).toEqual([expect.stringMatching(/^50 MongoDB .* does not answer: this worker looks for what is due by itself, and housekeeping waits$/)])
    await cable.mend()
    await expect.poll(() => at('/readyz')).toMatchObject({ status: 200 })
    expect(said().slice(1)).toEqual([expect.stringMatching(/^30 MongoDB .* keeps the job clock again$/)])
    expect(gateway.logged.filter(({ msg }) => /stumbled/.test(String(msg)))).toEqual([])
  })

  test('not there at the start, it is an error in words, without the password', async () => {
    const closed = net.createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as net.AddressInfo
    closed.close()
    const config = readConfig({ DATABASE_URL: gateway.database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'), CARTAGE_ROLES: 'worker', WORKER_PORT: '0', MONGODB_URL: `mongodb://cartage:secret-value@127.0.0.1:${port}/clock` })
    const failure = await start(config, { log: createLog('silent') }).then(() => null, (error: Error) => error)
    expect(failure?.message).toMatch(/^MongoDB \(MONGODB_URL\) cannot keep the job clock: .*ECONNREFUSED/)
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('secret-value')
  }, 20_000)

  test('a connection string that its driver cannot read is a problem of the configuration, and not quoted', async () => {
    const failure = await openMongoClockStore('mongodb://cartage:secret-value@@host:1:2/clock').then(() => null, (error: Error) => error)
    expect(failure).toBeInstanceOf(ConfigError)
    expect(String(failure?.stack)).not.toContain('secret-value')
  })
})
