import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verify } from '../../src/app/verify.ts'
import { temporaryFolder } from '../journeys/child.ts'
import { type Merchant, routing, type Stage, startStage } from '../journeys/stage.ts'

let stage: Stage
let merchant: Merchant
beforeAll(async () => {
  stage = await startStage()
  merchant = await stage.merchant({ unmapped: ['BOWL'] })
  await stage.buy(merchant, { count: 4 })
  await stage.buy(merchant, { items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
  // One of them was shipped in part by somebody else before.
  await stage.buy(merchant, { status: 'PARTIALLY_SHIPPED', items: [{ sellerSku: 'MUG', quantity: 3, unitPrice: '3.00' }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const { orders } = await stage.graphql<{ orders: { nodes: { id: string; number: string }[] } }>('{ orders { nodes { id number } } }')
  const [first, second, third] = orders.nodes.map(({ id }) => id) as [string, string, string]
  const act = (name: string, type: string, input: unknown): Promise<unknown> => stage.graphql(`mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`, { input })
  await act('shipAndClose', 'ShipAndCloseInput', { idempotencyKey: 'verify', orders: [{ orderId: first }, { orderId: second }], routing })
  await act('holdOrders', 'HoldOrdersInput', { orderIds: [third], reason: 'OTHER' })
  await stage.run(merchant, 'SEND_TRACKING')
})
afterAll(() => stage.stop())

const broken = async (): Promise<string[]> => (await verify(stage.db, stage.key)).filter(({ count }) => count > 0).map(({ broken: words }) => words)

test('nothing contradicts itself after a day of work', async () => {
  expect(await broken()).toEqual([])
})

/** Each as somebody's hand might, and how it is undone. */
const planted: [words: string, wrong: string, right: string][] = [
  ['closed orders with items that are still open', `UPDATE orders SET status = 'CLOSED' WHERE on_hold`, `UPDATE orders SET status = 'OPEN' WHERE on_hold`],
  ['open orders with nothing left to ship', `UPDATE orders SET status = 'OPEN' WHERE closed_at IS NOT NULL`, `UPDATE orders SET status = 'CLOSED' WHERE closed_at IS NOT NULL`],
  ['orders whose units were not allocated just once', `UPDATE inventory_movements SET quantity = quantity + 1 WHERE kind = 'ALLOCATION'`, `UPDATE inventory_movements SET quantity = quantity - 1 WHERE kind = 'ALLOCATION'`],
  ['orders whose units did not leave the shelf just once', `UPDATE inventory_movements SET quantity = quantity - 1 WHERE kind = 'SHIPMENT'`, `UPDATE inventory_movements SET quantity = quantity + 1 WHERE kind = 'SHIPMENT'`],
  ['orders without exactly one event of their import', `UPDATE events SET type = 'ORDER_UPDATED' WHERE type = 'ORDER_IMPORTED'`, `UPDATE events SET type = 'ORDER_IMPORTED' WHERE type = 'ORDER_UPDATED'`],
  ['orders on hold without a hold, or the other way round', 'UPDATE orders SET on_hold = NOT on_hold', 'UPDATE orders SET on_hold = NOT on_hold'],
  ['sightings of imported orders that are not here', `UPDATE sightings SET state = 'IMPORTED' WHERE state = 'FAILED'`, `UPDATE sightings SET state = 'FAILED' WHERE number IN (SELECT number FROM import_failures)`],
  ['open import failures of orders that have come since', `UPDATE import_failures SET number = (SELECT number FROM orders ORDER BY imported_at DESC LIMIT 1), detail = number`, 'UPDATE import_failures SET number = detail, detail = NULL'],
  ['lines whose packages hold more than was shipped of them', 'UPDATE shipment_lines SET quantity = quantity + 1', 'UPDATE shipment_lines SET quantity = quantity - 1'],
  ['packages without exactly one event of their leaving', `UPDATE events SET type = 'ORDER_HELD' WHERE type = 'ORDER_SHIPPED'`, `UPDATE events SET type = 'ORDER_SHIPPED' WHERE type = 'ORDER_HELD' AND shipment_id IS NOT NULL`],
  ['packages whose tracking is accepted without an instant and an event of it', `UPDATE shipments SET tracking_status = 'ACCEPTED', tracking_next_attempt_at = NULL`, `UPDATE shipments SET tracking_status = 'UNCONFIRMED'`],
  ['items whose levels are not the sums of their movements', 'UPDATE inventory_items SET on_hand = on_hand + 1', 'UPDATE inventory_items SET on_hand = on_hand - 1'],
  ['guards of the audit log that are not there', 'ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only', 'ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only'],
  ['tables that the audit log does not watch any more', 'ALTER TABLE orders DISABLE TRIGGER audit_update', 'ALTER TABLE orders ENABLE TRIGGER audit_update'],
  ['sealed texts of authorizations.sealed whose key is not in ENCRYPTION_KEY', `UPDATE authorizations SET sealed = 'e30' || sealed`, 'UPDATE authorizations SET sealed = substr(sealed, 4)'],
]

test.each(planted)('finds %s', async (words, wrong, right) => {
  await stage.db.pool.query(wrong)
  try {
    expect(await broken()).toContain(words)
  } finally {
    await stage.db.pool.query(right)
  }
  expect(await broken()).toEqual([])
})

test('an order that is here and cannot be read again is no contradiction', async () => {
  await stage.db.pool.query(`UPDATE import_failures SET number = (SELECT number FROM orders LIMIT 1), detail = number, last_failed_at = now()`)
  expect(await broken()).toEqual([])
  await stage.db.pool.query('UPDATE import_failures SET number = detail, detail = NULL, last_failed_at = first_failed_at')
})

/** What the database refuses by itself; verify says it all the same, for whoever lifts a constraint. */
const kept: [words: string, wrong: string, code: string][] = [
  ['marketplace orders that are here more than once', `INSERT INTO orders SELECT (jsonb_populate_record(orders, jsonb_build_object('id', gen_random_uuid()))).* FROM orders LIMIT 1`, '23505'],
  ['orders of which more was shipped and cancelled than was bought', 'UPDATE order_lines SET quantity_cancelled = 5 WHERE quantity_shipped > 0', '23514'],
  ['receipts of imports that do not add up', 'UPDATE job_runs SET found = found + 1', '23514'],
]

test.each(kept)('a constraint keeps away %s', async (_words, wrong, code) => {
  await expect(stage.db.pool.query(wrong)).rejects.toMatchObject({ code })
})

test('everything that is verified is tried here', async () => {
  const sealed = (words: string): boolean => words.startsWith('sealed texts of')
  const all = (await verify(stage.db, stage.key)).map(({ broken: words }) => words)
  expect(all.filter((words) => !sealed(words)).toSorted()).toEqual([...planted, ...kept].map(([words]) => words).filter((words) => !sealed(words)).toSorted())
})

test('the command says so, and ends with 1 where something does not hold', async () => {
  const dataDir = await temporaryFolder()
  const command = (): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [path.resolve(import.meta.dirname, '../../dist/app/verify-command.js')], {
    env: { PATH: process.env['PATH'], DATABASE_URL: stage.database.url, DATA_DIR: dataDir, ENCRYPTION_KEY: Buffer.from(stage.key[0]).toString('base64') },
  })
  expect((await command()).stdout).toMatch(/^ok .*All \d+ hold\.\n$/s)
  await stage.db.pool.query('UPDATE inventory_items SET on_hand = on_hand + 1')
  await expect(command()).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/BROKEN +2 items whose levels are not the sums of their movements: [0-9a-f-]{36}, /) })
  await stage.db.pool.query('UPDATE inventory_items SET on_hand = on_hand - 1')
  await rm(dataDir, { recursive: true, force: true })
})
