import pg from 'pg'
import { expect, test } from 'vitest'
import { createDatabase } from '../support/database.ts'

test('a test file gets a migrated database of its own, by parts and by address', async () => {
  const [one, other] = await Promise.all([createDatabase(), createDatabase()])
  const client = new pg.Client(one.url)
  await client.connect()
  await client.query('CREATE TABLE mark ()')
  await client.end()
  const pools = [one, other].map(({ config }) => new pg.Pool(config))
  const tables = await Promise.all(pools.map(async (pool) => (await pool.query<{ tablename: string }>("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).rows.map((row) => row.tablename)))
  expect(tables[0]).toContain('mark')
  expect(tables[1]).not.toContain('mark')
  expect(tables[1]).toEqual(expect.arrayContaining(['orders', 'agenda_jobs', '_prisma_migrations']))
  await Promise.all(pools.map((pool) => pool.end()))
  await Promise.all([one.drop(), other.drop()])
})
