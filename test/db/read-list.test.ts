import { afterAll, beforeAll, expect, test } from 'vitest'
import { customersList } from '../../src/customers/customers.store.ts'
import { type Database, openDatabase } from '../../src/db/client.ts'
import { orderingOf } from '../../src/db/list.ts'
import { readPage } from '../../src/db/read-list.ts'
import { encodeCursor, type PageArgs, parsePage } from '../../src/kit/page.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createDatabase()
  db = openDatabase({ ...database.config, max: 1 }, () => {})
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

test('whatever sizes and filters clients vary, a connection keeps no more than 500 prepared statements of lists', async () => {
  const ordering = orderingOf(customersList, 'NAME_ASC')
  const cursor = encodeCursor(ordering, ['C', '00000000-0000-7000-8000-000000000000'])
  for (let size = 1; size <= 100; size++) {
    const pages: PageArgs[] = [{ first: size }, { last: size }, { first: size, after: cursor }, { last: size, before: cursor }]
    for (const page of pages) for (const search of [null, 'x']) expect(await readPage({ tenant: null, db }, customersList, parsePage(page, ordering), 'NAME_ASC', { search })).toEqual([])
  }
  const { rows } = await db.pool.query<{ kept: number }>(`SELECT count(*)::int AS kept FROM pg_prepared_statements WHERE name LIKE 'customersPage%'`)
  expect(rows[0]!.kept).toBeGreaterThan(100)
  expect(rows[0]!.kept).toBeLessThanOrEqual(500) // of 800; which ones, other files of this process may have had a say in
}, 30_000)
