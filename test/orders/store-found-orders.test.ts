import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Sealer } from '../../src/auth/seal.ts'
import { shifted } from '../../src/kit/clock.ts'
import { importContext } from '../../src/orders/import-context.ts'
import { storeFoundOrders } from '../../src/orders/store-found-orders.ts'
import { createStage, type Stage } from '../connections/stage.ts'
import { found, line, marketplaceOrder, noon } from './marketplace-orders.ts'

let stage: Stage
beforeAll(async () => {
  stage = await createStage()
})
afterAll(() => stage.close())

const sealer = new Sealer([randomBytes(32)])
const contextOf = async () => importContext(stage.scope, sealer, await stage.connection({ importFrom: new Date(0), unknownSku: 'ACCEPT' }), { runId: null, fence: async () => {} })
const order = (number: string, changes: Parameters<typeof marketplaceOrder>[0] = {}) => found(marketplaceOrder({ number, ...changes }))
const stored = (connectionId: string) => stage.sql<{ number: string; quantity: number }>(
  'SELECT number, sum(quantity)::int AS quantity FROM orders JOIN order_lines ON order_id = orders.id WHERE connection_id = $1 GROUP BY number ORDER BY number', connectionId)

test('a page names an order twice: the later sight counts, once', async () => {
  const context = await contextOf()
  const receipt = await storeFoundOrders(stage.scope, [order('A'), order('B'), order('A', { updatedAt: shifted(noon, 1000), lines: [line({ quantity: 5 })] })], context)
  expect(receipt).toEqual({ found: 2, imported: 2, updated: 0, unchanged: 0, skipped: 0, failed: 0 })
  expect(await stored(context.connection.id)).toEqual([{ number: 'A', quantity: 5 }, { number: 'B', quantity: 2 }])
})

test('what the database cannot hold stops its own order alone, new or here already, however often it is named', async () => {
  const context = await contextOf()
  const torn = '\uD83D' // half of an emoji, as a title that was cut off has it
  const bad = order('B', { lines: [line({ title: torn })] })
  const page = [order('A'), bad, bad, order('C', { lines: [line(), line()] }), order('D')]
  expect(await storeFoundOrders(stage.scope, page, context)).toEqual({ found: 4, imported: 2, updated: 0, unchanged: 0, skipped: 0, failed: 2 })
  expect((await stored(context.connection.id)).map(({ number }) => number)).toEqual(['A', 'D'])
  const failed = await stage.sql('SELECT number, code, detail, recorded IS NOT NULL AS recorded FROM import_failures WHERE connection_id = $1 ORDER BY number', context.connection.id)
  expect(failed).toEqual([
    { number: 'B', code: 'INTERNAL', detail: expect.stringContaining('22P0'), recorded: true }, { number: 'C', code: 'INTERNAL', detail: expect.stringContaining('23505'), recorded: true },
  ])
  const worse = order('A', { updatedAt: shifted(noon, 1000), shipTo: { ...marketplaceOrder().shipTo!, name: torn } })
  expect(await storeFoundOrders(stage.scope, [worse, order('E')], context)).toMatchObject({ imported: 1, failed: 1 })
  const better = order('A', { updatedAt: shifted(noon, 1000), lines: [line({ quantity: 3 })] })
  expect(await storeFoundOrders(stage.scope, [better], context)).toMatchObject({ updated: 1, failed: 0 })
  expect(await stage.sql(`SELECT count(*)::int AS open FROM import_failures WHERE connection_id = $1 AND state = 'OPEN'`, context.connection.id)).toEqual([{ open: 2 }])
})

test('what a person dismissed keeps nothing of its buyer, however often it is seen again', async () => {
  const context = await contextOf()
  const bad = order('B', { lines: [line({ title: '\uD83D' })] })
  const kept = (): Promise<object[]> => stage.sql('SELECT state, recorded IS NOT NULL AS recorded FROM import_failures WHERE connection_id = $1', context.connection.id)
  await storeFoundOrders(stage.scope, [bad], context)
  expect(await kept()).toEqual([{ state: 'OPEN', recorded: true }])
  await stage.sql(`UPDATE import_failures SET state = 'DISMISSED', recorded = NULL WHERE connection_id = $1`, context.connection.id)
  await storeFoundOrders(stage.scope, [bad], context)
  expect(await kept()).toEqual([{ state: 'DISMISSED', recorded: false }])
})
