// The database of the release before, with rows in its tables, becomes this version's and adds up. `FILL=1 npx vitest run test/db/upgrade.test.ts` fills one
// with this version's own rows, for the next release (docs/releasing.md).
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { verify } from '../../src/app/verify.ts'
import { migrate } from '../../src/db/migrate.ts'
import { startStage } from '../journeys/stage.ts'
import { createDatabase } from '../support/database.ts'
import { startGateway } from '../support/gateway.ts'

const ours = path.join(import.meta.dirname, '../../prisma/migrations')
const file = path.join(import.meta.dirname, 'release-before.json')
/** Nothing but what stands in the file was ever sealed with it. */
const key: [Uint8Array] = [new Uint8Array(32).fill(7)]
/** Of the books and of the clock, which say nothing. */
const unkept = ['_prisma_migrations', 'agenda_jobs']

interface Filled {
  /** The last that it has. */
  migration: string
  tables: Record<string, Record<string, unknown>[]>
}

const columnsOf = async (pool: pg.Pool, table: string): Promise<string[]> =>
  (await pool.query<{ name: string }>(`SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`, [`"${table}"`])).rows.map(({ name }) => `"${name}"`)
const migrations = async (): Promise<string[]> => (await readdir(ours, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()
const counted = async (pool: pg.Pool, tables: readonly string[]): Promise<Record<string, number>> =>
  Object.fromEntries(await Promise.all(tables.map(async (table) => [table, (await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM "${table}"`)).rows[0]!.count] as const)))

test("the release before's database, full of rows, becomes this one's and adds up", async () => {
  const { migration, tables } = JSON.parse(await readFile(file, 'utf8')) as Filled
  const before = await mkdtemp(path.join(os.tmpdir(), 'cartage-before-'))
  const database = await createDatabase()
  const pool = new pg.Pool(database.config)
  let stop = async (): Promise<void> => pool.end()
  onTestFinished(async () => {
    await stop()
    await database.drop()
    await rm(before, { recursive: true })
  })
  for (const name of (await migrations()).filter((one) => one <= migration)) await cp(path.join(ours, name), path.join(before, name), { recursive: true })
  await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  await migrate(pool, before)
  const client = await pool.connect()
  await client.query('SET session_replication_role = replica') // neither triggers nor foreign keys: the rows stood there together
  for (const [table, rows] of Object.entries(tables)) {
    const columns = (await columnsOf(pool, table)).join()
    await client.query(`INSERT INTO "${table}" (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM json_populate_recordset(null::"${table}", $1)`, [JSON.stringify(rows)])
  }
  client.release(true)
  const names = Object.keys(tables)
  const counts = await counted(pool, names)
  expect(Object.values(counts).every((count) => count > 0)).toBe(true)

  expect(await migrate(pool, ours)).toEqual((await migrations()).filter((one) => one > migration))
  const gateway = await startGateway({ roles: ['api'], database, config: { encryptionKeys: key } })
  stop = async () => {
    await gateway.stop()
    await pool.end()
  }
  expect((await verify(gateway.db, key)).filter(({ count }) => count > 0)).toEqual([])
  const found = await gateway.graphql<{ orders: { totalCount: number }; connections: { totalCount: number } }>('{ orders { totalCount nodes { number lines { sellerSku } shipments { tracking { status } } } } connections { totalCount nodes { name status } } }')
  expect([found.orders.totalCount, found.connections.totalCount]).toEqual([counts['orders'], counts['connections']])
}, 60_000)

if (process.env['FILL'] === '1') {
  test('is filled anew', async () => {
    const stage = await startStage({ config: { encryptionKeys: key, webhookNetworks: ['203.0.113.0/24'] } })
    onTestFinished(() => stage.stop())
    const act = async (name: string, type: string, input: unknown): Promise<void> =>
      expect((await stage.graphql<Record<string, { userErrors: unknown[] }>>(`mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code message } } }`, { input }))[name]!.userErrors, name).toEqual([])
    const merchant = await stage.merchant({ unmapped: ['BOWL'], chargeRules: [{ code: 'HANDLING', amount: '1', basis: 'ORDER' }] })
    await stage.buy(merchant, { count: 4 })
    await stage.buy(merchant, { items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
    await stage.buy(merchant, { status: 'PENDING' })
    await stage.run(merchant, 'IMPORT_ORDERS')
    const { orders } = await stage.graphql<{ orders: { nodes: { id: string }[] } }>('{ orders { nodes { id } } }')
    const [first, second, third] = orders.nodes.map(({ id }) => id) as [string, string, string]
    await act('shipAndClose', 'ShipAndCloseInput', { idempotencyKey: 'filled', orders: [{ orderId: first }, { orderId: second }], routing: { carrier: 'UPS', scac: 'UPSN', service: 'Ground', trackingNumber: '1Z5R89390357567127' } })
    await act('holdOrders', 'HoldOrdersInput', { orderIds: [third], reason: 'OTHER' })
    await stage.run(merchant, 'SEND_TRACKING')
    await act('saveNotificationContact', 'SaveNotificationContactInput', { connectionId: merchant.connectionId, contact: { email: 'ada@riverside.example', topics: ['IMPORT_FAILED'] } })
    await act('saveWebhook', 'SaveWebhookInput', { connectionId: merchant.connectionId, url: 'https://203.0.113.7/cartage', topics: ['ORDER_CLOSED'] })
    await act('createApiToken', 'CreateApiTokenInput', { name: 'Ada', role: 'OPERATOR' })
    await act('createSetupLink', 'CreateSetupLinkInput', { customerId: merchant.customerId, warehouseId: merchant.warehouseId, name: 'Grace', email: 'grace@riverside.example' })
    const { rows } = await stage.db.pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1) ORDER BY 1`, [unkept])
    const tables: Filled['tables'] = {}
    for (const { name } of rows) {
      const { rows: [found] } = await stage.db.pool.query<{ rows: Record<string, unknown>[] | null }>(`SELECT json_agg(one) AS rows FROM (SELECT ${(await columnsOf(stage.db.pool, name)).join()} FROM "${name}" LIMIT 100) AS one`)
      if (found!.rows !== null) tables[name] = found!.rows
    }
    const filled: Filled = { migration: (await migrations()).at(-1)!, tables }
    await writeFile(file, `${JSON.stringify(filled, null, 1)}\n`)
  }, 60_000)
}
