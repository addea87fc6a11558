import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { DatabaseClock } from '../../src/db/clock.ts'
import { createDatabase } from '../support/database.ts'

const HOUR = 3_600_000

test("processes go by the database's clock, wherever their own is set, and however long the database is away", async ({ onTestFinished }) => {
  const database = await createDatabase()
  const pool = new pg.Pool(database.config)
  const clock = await DatabaseClock.start(pool, () => {})
  onTestFinished(async () => {
    vi.useRealTimers()
    clock.stop()
    await database.drop()
  })
  const apart = async (): Promise<number> => {
    const before = clock.now().getTime()
    const { rows: [present] } = await pool.query<{ at: string }>(`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at`)
    return Math.max(before - Number(present!.at), Number(present!.at) - clock.now().getTime())
  }
  const real = Date.now()
  for (const shift of [0, 6 * HOUR, -6 * HOUR]) {
    vi.useFakeTimers({ toFake: ['Date'], now: real + shift })
    expect(await apart()).toBeLessThan(1000)
  }
  await pool.end()
  const then = clock.now().getTime()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(clock.now().getTime() - then).toBeGreaterThanOrEqual(19)
})
