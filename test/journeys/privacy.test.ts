// Buyers' personal data: where it stands, that it goes in time and stays away, and that this can be shown.
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { days, shifted } from '../../src/kit/clock.ts'
import { removePersonalData } from '../../src/orders/remove-personal-data.ts'
import { ImportFailuresDocument, RecipientDocument, RetryImportsDocument } from '../generated/graphql.ts'
import { temporaryFolder } from './child.ts'
import { type Merchant, type Stage, startStage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

/** So many days from now on. */
const later = (n: number) => ({ ...stage.scope, clock: () => shifted(stage.scope.clock(), days(n)) })
const buyer = { name: 'Wilhelmina Sampleford', addressLine1: '77 Larkspur Terrace' }

/** Columns in which a text stands, of every table. */
async function standing(text: string): Promise<string[]> {
  const { rows: columns } = await stage.db.pool.query<{ table: string; column: string }>(`SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE table_schema = 'public'`)
  const found: string[] = []
  for (const { table, column } of columns) {
    const { rows } = await stage.db.pool.query<{ has: boolean }>(`SELECT EXISTS (SELECT FROM "${table}" WHERE strpos("${column}"::text, $1) > 0) AS has`, [text])
    if (rows[0]!.has) found.push(`${table}.${column}`)
  }
  return found
}

async function bought(merchant: Merchant, order: Record<string, unknown> = {}): Promise<string> {
  const [sold] = await stage.buy(merchant, { address: { ...buyer, city: 'Reno', stateOrRegion: 'NV', postalCode: '89501', countryCode: 'US', phone: '775-555-0101' }, ...order })
  await stage.run(merchant, 'IMPORT_ORDERS')
  return sold!.orderId
}
const shipToOf = async ({ connectionId }: Merchant, number: string) => (await stage.graphql(RecipientDocument, { connectionId, number })).orderByNumber!.shipTo

test('stands in one place, goes a month after delivery wherever it stands, and does not come back', async () => {
  const merchant = await stage.merchant({ unmapped: ['BOWL'] })
  const number = await bought(merchant)
  await bought(merchant, { items: [{ sellerSku: 'BOWL', quantity: 1, unitPrice: '3.00' }] })
  expect(await standing(buyer.name)).toEqual(['order_recipients.name'])
  expect(await standing(buyer.addressLine1)).toEqual(['order_recipients.line1'])
  await stage.db.pool.query(`UPDATE orders SET deliver_by = $2 WHERE connection_id = $1`, [merchant.uuid, shifted(stage.scope.clock(), days(3))])

  await removePersonalData(later(32), 30)
  expect(await shipToOf(merchant, number)).toMatchObject({ name: buyer.name, redacted: false })
  await removePersonalData(later(34), 30)
  expect(await shipToOf(merchant, number)).toMatchObject({ name: null, line1: null, city: null, postalCode: null, countryCode: 'US', redacted: true })
  await removePersonalData(later(45), 30)
  for (const text of [...Object.values(buyer), '775-555-0101']) expect(await standing(text)).toEqual([])
  const { importFailures } = await stage.graphql(ImportFailuresDocument, { filter: { connectionIds: [merchant.connectionId] } })
  expect(importFailures.nodes).toMatchObject([{ state: 'DISMISSED' }])
  expect((await stage.graphql(RetryImportsDocument, { input: { failureIds: [importFailures.nodes[0]!.id] } })).retryImports.resolved).toEqual([])
  expect((await stage.db.pool.query('SELECT FROM import_failures WHERE recorded IS NOT NULL')).rowCount).toBe(0)

  await stage.run(merchant, 'SWEEP_ORDERS')
  for (const text of Object.values(buyer)) expect(await standing(text)).toEqual([])
})

test.each([
  ['the day of delivery', { deliver_by: 5, ship_by: 1 }, 30, 35], ['a fortnight after ship-by, where no day is known', { deliver_by: null, ship_by: 2 }, 30, 46],
  ['a fortnight after the purchase, where neither is', { deliver_by: null, ship_by: null }, 30, 44], ['fewer days, where the operator says so', { deliver_by: 5, ship_by: 1 }, 7, 12],
] as const)('is reckoned from %s', async (_words, at, kept, due) => {
  const merchant = await stage.merchant()
  const number = await bought(merchant)
  const now = stage.scope.clock()
  const instant = (n: number | null): Date | null => (n === null ? null : shifted(now, days(n)))
  await stage.db.pool.query('UPDATE orders SET deliver_by = $2, ship_by = $3, purchased_at = $4 WHERE connection_id = $1', [merchant.uuid, instant(at.deliver_by), instant(at.ship_by), now])
  await removePersonalData(later(due - 0.1), kept)
  expect(await shipToOf(merchant, number)).toMatchObject({ redacted: false })
  await removePersonalData(later(due + 0.1), kept)
  expect(await shipToOf(merchant, number)).toMatchObject({ redacted: true })
})

test('a report says what is kept and what is overdue', async () => {
  const merchant = await stage.merchant()
  await bought(merchant)
  await stage.db.pool.query(`UPDATE orders SET deliver_by = now() - interval '31 days', ship_by = now() - interval '40 days' WHERE connection_id = $1`, [merchant.uuid])
  const dataDir = await temporaryFolder()
  const report = (): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [path.resolve(import.meta.dirname, '../../dist/app/privacy-report.js')], {
    env: { PATH: process.env['PATH'], DATABASE_URL: stage.database.url, DATA_DIR: dataDir, ENCRYPTION_KEY: Buffer.from(stage.key[0]).toString('base64') },
  })
  await expect(report()).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/order_recipients +\d+ kept +1 overdue/) })
  await removePersonalData(stage.scope, 30)
  const { stdout } = await report()
  expect(stdout).toMatch(/order_recipients +\d+ kept +0 overdue/)
  expect(stdout).not.toContain(buyer.name)
  await rm(dataDir, { recursive: true, force: true })
})
