import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/db/client.ts'
import { transaction } from '../../src/db/transaction.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createDatabase()
  db = openDatabase(database.config, () => {})
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

// As when PostgreSQL is restarted. Were the error heard by nobody it would end the process, and this run with it.
test('a connection that breaks between two statements of a transaction fails that transaction, and nothing else', async () => {
  await expect(transaction(db.pool, async (tx) => {
    const gone = new Promise((resolve) => tx.once('end', resolve))
    const { rows: [me] } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await db.pool.query('SELECT pg_terminate_backend($1)', [me!.pid])
    await gone
    await tx.query('SELECT 1')
  })).rejects.toThrow()
  expect((await db.pool.query('SELECT 1')).rowCount).toBe(1)
})
