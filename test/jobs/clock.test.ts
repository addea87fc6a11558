import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startClock } from '../../src/jobs/agenda.ts'
import { createLog } from '../../src/observability/log.ts'
import { createDatabase } from '../support/database.ts'

test('a worker whose clock is held up looks by itself', async () => {
  const database = await createDatabase()
  const pool = new pg.Pool(database.config)
  const looks: string[] = []
  const clock = await startClock(pool, 'worker-test', async (kind) => void looks.push(kind), createLog('silent'))
  const holder = await pool.connect()
  onTestFinished(async () => {
    holder.release(true)
    await clock.stop()
    await pool.end()
    await database.drop()
  })
  await expect.poll(() => looks).toContain('SEND_TRACKING')
  await holder.query('BEGIN; SELECT FROM agenda_jobs FOR UPDATE') // who claims a tick passes over these rows
  await sleep(1500)
  looks.length = 0
  await expect.poll(() => looks, { timeout: 8000 }).toEqual(expect.arrayContaining(['IMPORT_ORDERS', 'SEND_TRACKING', 'SYNC_INVENTORY']))
})
