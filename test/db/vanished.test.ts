// A PostgreSQL whose machine is gone: its connections are neither answered nor closed, and another server stands where it was.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { Proxy } from '../../chaos/proxy.ts'
import { openDatabase } from '../../src/db/client.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { until } from '../journeys/stage.ts'

const patience = { suspiciousMs: 200, lookEveryMs: 100, answerMs: 1000 }

test('statements that wait for a server that is no more fail, those of a living one may take long, and the pool is of use again', async ({ onTestFinished }) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-vanished-'))
  const dataDir = path.join(folder, 'postgres')
  const server = await startEmbedded({ dataDir, settings: { fsync: 'off', shared_buffers: '8MB' } })
  const { host, port } = server.config
  const proxy = await Proxy.listen(() => ({ path: `${host}/.s.PGSQL.${port}` }))
  const db = openDatabase({ host: '127.0.0.1', port: proxy.port, user: 'postgres', database: 'postgres', ssl: false, max: 2 }, () => {}, { patience })
  onTestFinished(async () => {
    await db.close()
    await proxy.stop()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const born = async (): Promise<string> => (await db.pool.query<{ born: string }>('SELECT pg_postmaster_start_time()::text AS born')).rows[0]!.born
  const first = await born()
  await db.pool.query('SELECT pg_sleep(1)')

  // One in the midst of a statement, one between two: all that the pool has.
  const slow = db.pool.query('SELECT pg_sleep(60)').then(() => 'answered', (error: Error) => error.message)
  const held = await db.pool.connect()
  await held.query('BEGIN')
  proxy.abandon()
  process.kill(Number((await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL')
  const began = performance.now()
  expect(await slow).toMatch(/terminated/)
  await expect(held.query('SELECT 1')).rejects.toThrow(/terminated|not queryable/)
  held.release(true)
  expect(await until(() => born().catch(() => null), 20_000)).not.toBe(first)
  expect(performance.now() - began).toBeLessThan(30_000)
}, 60_000)
