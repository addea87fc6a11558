// Walking any list, by any conditions in any order, forwards or backwards in pages of any size, while rows are added: what stood there
// throughout comes exactly once, in the order that one plain statement over the same conditions gives.
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customerUuid, populate } from '../../bench/population.ts'
import { orderingOf } from '../../src/db/list.ts'
import { countStatement, pageStatement } from '../../src/db/list-statement.ts'
import { COUNTED_TO, parsePage, toPage } from '../../src/kit/page.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { everyList, populateDeliveries, type Questions } from './list-questions.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await createDatabase()
  pool = new pg.Pool({ ...database.config, max: 2 })
  await populate(pool, 400)
  await populateDeliveries(pool)
  await pool.query(`UPDATE orders SET status = (ARRAY['OPEN', 'CLOSED', 'CANCELLED'])[1 + abs(hashtext(number)) % 3]::order_status, on_hold = hashtext(number) % 7 = 0, cancel_requested = hashtext(number) % 11 = 0`)
  await pool.query(`UPDATE shipments SET tracking_status = (ARRAY['PENDING', 'UNCONFIRMED', 'ACCEPTED', 'REJECTED', 'NOT_SENT'])[1 + abs(hashtext(id::text)) % 5]::tracking_status`)
  await pool.query(`INSERT INTO inventory_movements (customer_id, inventory_item_id, kind, quantity, at, by)
    SELECT customer_id, id, 'RECEIPT', n, now() - n / 3 * interval '1 hour', 'test' FROM inventory_items, generate_series(1, 40) AS n WHERE id = '00000000-0000-7000-8003-000000000007'`)
})
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})

/** What a list says of itself, without any of its ways: SQL over the whole table. */
async function plainly({ list }: Questions, tenant: readonly string[] | null, order: string, wanted: Record<string, unknown>): Promise<string[]> {
  const keys = Object.keys(wanted)
  const conditions = keys.map((key, index) => (list.conditions as Record<string, { holds(n: string, value: unknown): string }>)[key]!.holds(`$${index + 2}`, wanted[key]))
  const { key, descending } = list.sorts[order]!
  const direction = descending ? 'DESC' : 'ASC'
  const sql = `SELECT id FROM ${list.table} WHERE ${[`($1::uuid[] IS NULL OR ${list.tenant} = ANY($1))`, ...conditions].join(' AND ')} ORDER BY ${key} ${direction}, id ${direction}`
  return (await pool.query<{ id: string }>(sql, [tenant, ...Object.values(wanted)])).rows.map(({ id }) => id)
}

/** A row like another one, at another place of each order. */
async function addOne({ list }: Questions): Promise<void> {
  const changed: Record<string, string> = {
    id: 'gen_random_uuid()', number: "'N-' || gen_random_uuid()", name: "name || ' more'", reference: 'gen_random_uuid()::text', seller_sku: "seller_sku || 'X'", sku: "sku || 'X'", merchant_id: 'NULL',
    package_number: '1 + (random() * 1000000)::int', imported_at: "now() - random() * interval '365 days'", purchased_at: "now() - random() * interval '365 days'", shipped_at: "now() - random() * interval '365 days'",
    last_failed_at: "now() - random() * interval '365 days'", started_at: "now() - random() * interval '365 days'", at: "now() - random() * interval '20 hours'", created_at: 'created_at', event_id: '(random() * 1000000)::int',
  }
  const { rows } = await pool.query<{ column: string }>('SELECT attname AS column FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped', [list.table])
  const columns = rows.map(({ column }) => column)
  await pool.query(`INSERT INTO ${list.table} (${columns.map((column) => `"${column}"`).join(', ')}) SELECT ${columns.map((column) => changed[column] ?? `"${column}"`).join(', ')}
    FROM (SELECT * FROM ${list.table} ORDER BY random() LIMIT 2) AS rows ON CONFLICT DO NOTHING`)
}

async function walk({ list }: Questions, tenant: readonly string[] | null, order: string, wanted: object, size: number, backwards: boolean, share: number, between: () => Promise<void>): Promise<string[]> {
  const ordering = orderingOf(list, order)
  const all: string[] = []
  for (let args = backwards ? { last: size, before: undefined as string | null | undefined } : { first: size, after: undefined as string | null | undefined }; ; ) {
    const request = parsePage(args, ordering)
    const { text, values } = pageStatement(list, tenant, request, order, wanted, 'id', share)
    const { rows } = await pool.query<{ id: string; keys: string[] }>(text, values)
    const { nodes, pageInfo } = toPage(request, ordering, rows, (row) => row.id, async () => 0)
    expect(pageInfo).toMatchObject(backwards ? { hasNextPage: args.before != null } : { hasPreviousPage: args.after != null })
    if (backwards) all.unshift(...nodes)
    else all.push(...nodes)
    if (!(backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return all
    args = backwards ? { last: size, before: pageInfo.startCursor } : { first: size, after: pageInfo.endCursor }
    await between()
  }
}

test.each(everyList.map((questions) => [questions.list.name, questions] as const))('%s', async (_name, questions) => {
  const { list, asked, always } = questions
  const wanted = fc.record(Object.fromEntries(Object.entries(asked).map(([key, values]) => [key, fc.constantFrom(...(values as unknown[]))])), { requiredKeys: [] })
    .map((some) => ({ ...Object.fromEntries(Object.entries(some).slice(0, 3)), ...always }))
  const runs = list.name === 'orders' ? 200 : 25
  await fc.assert(fc.asyncProperty(
    wanted, fc.constantFrom(...Object.keys(list.sorts)), fc.constantFrom(null, [customerUuid(1)], [customerUuid(3), customerUuid(4)]), fc.integer({ min: 1, max: 60 }), fc.boolean(),
    // What a few and many are: all is gathered, some is, or everything walks.
    fc.constantFrom(1, 0.0005, 0.00001),
    async (want, order, tenant, size, backwards, share) => {
      const stood = await plainly(questions, tenant, order, want)
      const { text, values } = countStatement(list, tenant, order, want, share)
      const { rows: [counted] } = await pool.query<{ count: number }>(text, values)
      expect(counted!.count).toBe(Math.min(stood.length, Math.ceil(COUNTED_TO * share)))
      const pages = Math.min(Math.ceil(stood.length / size), 12)
      const met = await walk(questions, tenant, order, want, Math.min(100, Math.max(size, Math.ceil(stood.length / 12))), backwards, share, () => (pages > 0 ? addOne(questions) : Promise.resolve()))
      expect(new Set(met).size).toBe(met.length)
      const standing = new Set(stood)
      expect(met.filter((id) => standing.has(id))).toEqual(stood)
    },
  ), { numRuns: runs })
}, 120_000)
