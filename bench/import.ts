// Pages of 100 new orders of 2 or 3 lines through the real import verb (orders, recipients, lines, allocations, charges, sightings,
// events, receipt and fence), against COPY of the very rows that it writes, a page a transaction.
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { Sealer } from '../src/auth/seal.ts'
import { createConnection } from '../src/connections/create-connection.ts'
import type { ConnectionRow } from '../src/connections/connections.store.ts'
import { createCustomer } from '../src/customers/create-customer.ts'
import { createWarehouse } from '../src/customers/create-warehouse.ts'
import { transaction } from '../src/db/transaction.ts'
import { claimDue, fence } from '../src/jobs/cadences.ts'
import type { FoundOrder } from '../src/marketplaces/channel.ts'
import { importContext } from '../src/orders/import-context.ts'
import { storeFoundOrders } from '../src/orders/store-found-orders.ts'
import { compare, onFreshDatabase } from './compare.ts'
import { found } from './found-orders.ts'

const PAGE = 100
const PAGES = 10
const ROUNDS = 9

/** What the verb writes, in an order that foreign keys allow; columns with defaults of the moment are left to them in both. */
const tables: readonly (readonly [table: string, columns: string, ofOrders: string])[] = [
  ['orders', 'id, customer_id, connection_id, warehouse_id, marketplace_id, number, marketplace_status, marketplace_updated_at, cancel_requested, purchased_at, ship_by, deliver_by, shipping_service, currency, total, units', 'id'],
  ['order_recipients', 'order_id, customer_id, name, company, line1, line2, line3, city, region, postal_code, country_code, phone', 'order_id'],
  ['order_lines', 'id, customer_id, order_id, line_number, item_id, seller_sku, warehouse_sku, units_per_item, title, quantity, quantity_shipped, quantity_cancelled, unit_price, inventory_item_id', 'order_id'],
  ['charges', 'customer_id, order_id, kind, code, description, amount, currency, charge_rule_id, added_by', 'order_id'],
  ['inventory_movements', 'customer_id, inventory_item_id, kind, quantity, order_id, by', 'order_id'],
  ['events', 'type, customer_id, connection_id, order_id, summary', 'order_id'],
]
const sightings = 'connection_id, customer_id, number, state, skip_reason, marketplace_status, run_id'

await onFreshDatabase(async (scope) => {
  const { pool } = scope.db
  const money = (amount: string) => ({ amount, currencyCode: 'USD' })
  const customer = await createCustomer(scope, {
    name: 'Bench', chargeRules: [{ code: 'HANDLING', amount: money('2.50'), basis: 'ORDER' }, { code: 'PICK', amount: money('0.35'), basis: 'UNIT' }],
  })
  const warehouse = await createWarehouse(scope, { name: 'Bench', code: 'BENCH', timeZone: 'UTC', address: { line1: '1', city: 'Reno', countryCode: 'US' } })
  if ('refusals' in customer || 'refusals' in warehouse) throw new Error('refused')
  const connection: ConnectionRow = await transaction(pool, (tx) => createConnection(
    tx,
    {
      customerId: customer.customer.id, warehouseId: warehouse.warehouse.id, name: 'Bench', channel: 'amazon', marketplaceId: 'ATVPDKIKX0DER', merchantId: 'BENCH',
      status: 'LIVE', importFrom: new Date(0), unknownSku: 'ACCEPT',
    },
    { firstRunNow: true },
  ))
  const [claim] = await claimDue(pool, 'IMPORT_ORDERS', 1)
  const context = await importContext(scope, new Sealer([randomBytes(32)]), connection, { runId: claim!.runId, fence: (tx) => fence(tx, claim!) })

  let made = 0
  const pages = (): FoundOrder[][] => Array.from({ length: PAGES }, () => Array.from({ length: PAGE }, () => found(made++)))
  const importPages = async (all: FoundOrder[][]): Promise<void> => {
    for (const page of all) {
      const { imported } = await storeFoundOrders(scope, page, context)
      if (imported !== PAGE) throw new Error(`only ${imported} of a page were new`)
    }
  }
  await importPages(pages()) // the items, and plans that know sizes
  await pool.query('ANALYZE')

  let toImport: FoundOrder[][] = []
  let toCopy: string[][] = []
  await compare(`import, ${PAGES} pages of ${PAGE} orders`, [
    { name: 'import verb', prepare: async () => { toImport = pages() }, turn: () => importPages(toImport) },
    {
      name: 'COPY of the same rows',
      prepare: async () => {
        const all = pages()
        await importPages(all)
        toCopy = await Promise.all(all.map((page) => takeOut(pool, connection.id, page.map((one) => one.order!.number))))
      },
      turn: async () => {
        for (const page of toCopy) await copyIn(pool, page)
      },
    },
  ], ROUNDS, [{ of: 'COPY of the same rows', than: 'import verb', atLeast: 1 }])
})

/** The page's rows as COPY has them, deleted from where they were. */
async function takeOut(pool: pg.Pool, connectionId: string, numbers: readonly string[]): Promise<string[]> {
  const client = await pool.connect()
  try {
    const list = numbers.map((number) => client.escapeLiteral(number)).join(',')
    const ids = `(SELECT id FROM orders WHERE connection_id = '${connectionId}' AND number IN (${list}))`
    const dumps = []
    for (const [table, columns, key] of tables) dumps.push(await text(client.query(copyTo(`COPY (SELECT ${columns} FROM ${table} WHERE ${key} IN ${ids}) TO STDOUT`))))
    const seen = `connection_id = '${connectionId}' AND number IN (${list})`
    dumps.push(await text(client.query(copyTo(`COPY (SELECT ${sightings} FROM sightings WHERE ${seen}) TO STDOUT`))))
    await client.query(`DELETE FROM sightings WHERE ${seen}`)
    for (const [table, , key] of tables.toReversed()) await client.query(`DELETE FROM ${table} WHERE ${key} IN ${ids}`)
    return dumps
  } finally {
    client.release()
  }
}

async function copyIn(pool: pg.Pool, dumps: readonly string[]): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const targets = [...tables.map(([table, columns]) => `${table} (${columns})`), `sightings (${sightings})`]
    for (const [index, target] of targets.entries()) await pipeline(Readable.from([dumps[index]!]), client.query(copyFrom(`COPY ${target} FROM STDIN`)))
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}
