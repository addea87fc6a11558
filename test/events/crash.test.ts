// What a crash of PostgreSQL takes back: the ids of transactions that were undone a moment before are given out again, to new events.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/client.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import { type EventsWanted, horizon } from '../../src/events/read.ts'
import { EventTail } from '../../src/events/tail.ts'
import { createLog } from '../../src/observability/log.ts'
import { until } from '../journeys/stage.ts'

const everything: EventsWanted = { types: null, connectionIds: null, customerIds: null, orderId: null }

test('whoever follows the log from its end through a crash of the server misses nothing of what comes after it', async ({ onTestFinished }) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-crash-'))
  const dataDir = path.join(folder, 'postgres')
  // What is undone is written out later by a process of its own: the crash is to come before that.
  const server = await startEmbedded({ dataDir, settings: { wal_writer_delay: '10s', shared_buffers: '8MB' } })
  const db = openDatabase({ ...server.config, database: 'postgres', max: 4 }, () => {})
  const [watched, resting] = [new EventTail(db, createLog('silent')), new EventTail(db, createLog('silent'))]
  onTestFinished(async () => {
    await Promise.all([watched.stop(), resting.stop()])
    await db.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  await migrate(db.pool, path.resolve('prisma/migrations'))
  await Promise.all([watched.start(), resting.start()])
  watched.watch(() => {})
  const append = (): Promise<void> => transaction(db.pool, (tx) => appendEvents(tx, [{ type: 'CONNECTION_CHANGED', customerId: randomUUID(), connectionId: randomUUID(), summary: '' }]))
  await append()

  for (let undone = 0; undone < 5; undone++) await transaction(db.pool, async (tx) => { await tx.query('SELECT pg_current_xact_id()'); throw new Error('undone') }).catch(() => {})
  const places = await Promise.all([watched.now(), resting.now()])
  const told = await horizon({ db })
  const startedAt = async (): Promise<string> => (await db.pool.query<{ at: string }>('SELECT pg_postmaster_start_time()::text AS at')).rows[0]!.at
  const before = await startedAt()
  process.kill(Number(fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL')
  // For a moment the processes of the old server still answer.
  await until(() => startedAt().then((at) => at !== before, () => false), 30_000)
  await append()

  const { rows: [event] } = await db.pool.query<{ id: string; xid: string }>('SELECT id::text, xid::text FROM events ORDER BY id DESC LIMIT 1')
  expect(BigInt(event!.xid)).toBeLessThan(BigInt(told.xid))
  for (const [index, tail] of [watched, resting].entries()) {
    const { items } = await until(async () => {
      const page = await tail.read({ tenant: null }, everything, places[index]!, 10)
      return page.items.length > 0 ? page : null
    }, 10_000)
    expect(items.map(({ root }) => root.id)).toEqual([event!.id])
  }
}, 60_000)
