import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CancelOrdersDocument, FollowEventsDocument, FollowImportsDocument, FollowOrderDocument, HoldOrdersDocument, ReleaseOrdersDocument, ShipAndCloseDocument } from '../generated/graphql.ts'
import { type Merchant, routing, type Stage, startStage, type Told, typesOf } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config: { databasePoolSize: 30 } })
})
afterAll(() => stage.stop())

const WRITERS = 20

async function imported(count: number): Promise<{ merchant: Merchant; ids: string[] }> {
  const merchant = await stage.merchant({ stock: 10_000 })
  const sold = await stage.buy(merchant, { count })
  await stage.run(merchant, 'IMPORT_ORDERS')
  return { merchant, ids: await Promise.all(sold.map(async ({ orderId }) => (await stage.order(merchant, orderId)).id)) }
}

test('cut and resumed after a cursor under 20 concurrent writers: no gap, no repeat, in the order of the log', async () => {
  const { merchant, ids } = await imported(WRITERS * 3)
  const filter = { connectionIds: [merchant.connectionId] }
  const start = (await stage.told(merchant)).at(-1)!.cursor
  let writing = true
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    const [first, second, third] = ids.slice(writer * 3, writer * 3 + 3) as [string, string, string]
    for (let round = 0; round < 3; round++) {
      await stage.graphql(HoldOrdersDocument, { input: { orderIds: [first, second, third], reason: 'OPERATOR' } })
      await stage.graphql(ReleaseOrdersDocument, { input: { orderIds: [first, second, third] } })
    }
    await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), routing, orders: [{ orderId: first }, { orderId: second }] } })
    await stage.graphql(CancelOrdersDocument, { input: { orderIds: [third], reason: 'gone' } })
  })
  const wrote = Promise.all(writers).finally(() => (writing = false))
  const wanted = WRITERS * (3 * 6 + 2 * 2 + 1)
  const heard: Told[] = []
  let cursor = start
  let cuts = 0
  while (heard.length < wanted) {
    const following = stage.subscribe(FollowEventsDocument, { filter, after: cursor })
    const keep = 20 + Math.floor(Math.random() * 60)
    for (let taken = 0; taken < keep && heard.length < wanted; taken++) {
      const { value } = await following.next()
      heard.push(value!.events)
      cursor = value!.events.cursor
    }
    following.cut()
    if (writing) cuts++
  }
  await wrote
  expect(cuts).toBeGreaterThan(2)
  const log = await stage.told(merchant, start)
  expect(heard.map((event) => event.id)).toEqual(log.map((event) => event.id))
  expect(new Set(heard.map((event) => event.id)).size).toBe(wanted)
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [10_000 - WRITERS * 4, 0] })
})

test('a filter that leaves out almost everything neither misses nor stalls', async () => {
  const { merchant, ids } = await imported(10)
  const only = stage.subscribe(FollowEventsDocument, { filter: { connectionIds: [merchant.connectionId], types: ['ORDER_CANCELLED'] }, after: (await stage.told(merchant)).at(-1)!.cursor })
  for (const id of ids.slice(0, 9)) await stage.graphql(HoldOrdersDocument, { input: { orderIds: [id], reason: 'OTHER' } })
  await stage.graphql(CancelOrdersDocument, { input: { orderIds: [ids[9]!], reason: 'lost' } })
  expect((await only.next()).value?.events).toMatchObject({ type: 'ORDER_CANCELLED' })
  await only.return()
})

test('importEvents: from now on, an import as it goes, and nothing else; then all of it again from the beginning', async () => {
  const merchant = await stage.merchant()
  const following = stage.subscribe(FollowImportsDocument, { connectionIds: [merchant.connectionId] })
  const heard: Told[] = []
  const hearing = (async () => {
    while (heard.at(-1)?.type !== 'IMPORT_FINISHED') heard.push((await following.next()).value!.importEvents)
  })()
  await stage.buy(merchant, { count: 3 })
  await new Promise((resolve) => setTimeout(resolve, 300)) // the subscription is on its way, and nothing tells of its arrival
  await stage.run(merchant, 'IMPORT_ORDERS')
  await hearing
  expect(typesOf(heard)).toEqual(['IMPORT_STARTED', 'ORDER_IMPORTED', 'ORDER_IMPORTED', 'ORDER_IMPORTED', 'IMPORT_FINISHED'])
  await following.return()
  const again = stage.subscribe(FollowImportsDocument, { connectionIds: [merchant.connectionId], after: heard[0]!.cursor })
  for (const event of heard.slice(1)) expect((await again.next()).value?.importEvents.id).toBe(event.id)
  await again.return()
})

test('one order: its present state first, then again at each change', async () => {
  const { ids: [id] } = await imported(1)
  const following = stage.subscribe(FollowOrderDocument, { id: id! })
  expect((await following.next()).value?.order).toEqual({ status: 'OPEN', version: 1 })
  await stage.graphql(HoldOrdersDocument, { input: { orderIds: [id!], reason: 'ADDRESS' } })
  expect((await following.next()).value?.order).toEqual({ status: 'OPEN', version: 2 })
  await stage.graphql(CancelOrdersDocument, { input: { orderIds: [id!], reason: 'gone' } })
  expect((await following.next()).value?.order).toMatchObject({ status: 'CANCELLED' })
  await following.return()
})
