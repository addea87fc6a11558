import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import { eventTypes } from '../../src/events/catalogue.ts'
import { placeOf, positionAt } from '../../src/events/place.ts'
import { BEGINNING, type EventRow, type EventsWanted, horizon, readEvents, wants } from '../../src/events/read.ts'
import { EventTail } from '../../src/events/tail.ts'
import { createStage, type Stage } from '../connections/stage.ts'
import { soon } from '../support/soon.ts'

const COUNT = 150
const few = (count: number): string[] => Array.from({ length: count }, () => randomUUID())
const [customers, connections, orders] = [few(3), few(4), few(3)]
const types = eventTypes.slice(0, 4)
const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!

let stage: Stage
let tail: EventTail
let unwatch: () => void
let log: EventRow[]
beforeAll(async () => {
  stage = await createStage()
  tail = new EventTail(stage.scope.db, stage.scope.log)
  await tail.start()
  await append(COUNT / 3) // before anybody watches
  let wakes = 0
  unwatch = tail.watch(() => wakes++)
  await soon(() => expect(wakes).toBeGreaterThan(0))
  for (let n = 0; n < COUNT / 3; n++) await append(2)
  await soon(async () => expect(log = await readEvents(stage.scope, everything, BEGINNING, await horizon(stage.scope), 1000)).toHaveLength(COUNT))
  await tail.now()
})
afterAll(async () => {
  unwatch()
  await tail.stop()
  await stage.close()
})

const everything: EventsWanted = { types: null, connectionIds: null, customerIds: null, orderId: null }
const append = (count: number): Promise<void> => transaction(stage.scope.db.pool, (tx) => appendEvents(tx, Array.from({ length: count }, () => ({
  type: pick(types), customerId: pick(customers), connectionId: pick(connections), summary: '', ...(Math.random() < 0.5 ? { orderId: pick(orders) } : {}),
}))))

const some = (from: readonly string[]) => fc.option(fc.subarray([...from]))
const wanted = fc.record({ types: some(types), connectionIds: some(connections), customerIds: some(customers), orderId: fc.option(fc.constantFrom(...orders)) }) as fc.Arbitrary<EventsWanted>

test('a filter and a tenant mean in memory what they mean in SQL', async () => {
  await fc.assert(fc.asyncProperty(wanted, some(customers), async (by, tenant) => {
    const found = await readEvents({ tenant, db: stage.scope.db }, by, BEGINNING, await horizon(stage.scope), 1000)
    expect(log.filter(wants({ tenant }, by)).map(({ id }) => id)).toEqual(found.map(({ id }) => id))
  }), { numRuns: 60 })
})

test('from wherever one reads, in whatever pages, up to wherever: the log, once and in order, from memory and from the database alike', async () => {
  const place = fc.integer({ min: -1, max: COUNT - 1 })
  await fc.assert(fc.asyncProperty(wanted, place, fc.option(place), fc.integer({ min: 1, max: 40 }), async (by, from, to, limit) => {
    const placeAt = (index: number): string => placeOf(index < 0 ? BEGINNING : log[index]!)
    const upTo = to === null || to <= from ? undefined : placeAt(to)
    const found: EventRow[] = []
    let after = placeAt(from)
    for (;;) {
      const page = await tail.read({ tenant: null }, by, after, limit, upTo)
      expect(page.end >= after).toBe(true)
      found.push(...page.items.map(({ root }) => root))
      after = page.end
      if (!page.more || after === upTo) break
    }
    expect(found.map(({ id }) => id)).toEqual(log.filter((event) => placeOf(event) > placeAt(from) && (upTo === undefined || placeOf(event) <= upTo)).filter(wants({ tenant: null }, by)).map(({ id }) => id))
  }), { numRuns: 80 })
})

test('a bound that is still to come passes nothing over: from memory as from the database', async () => {
  const resting = new EventTail(stage.scope.db, stage.scope.log) // it has nothing in memory
  const beyond = placeOf({ xid: String(2n ** 63n), id: '1' })
  for (const reader of [tail, resting]) {
    const { items, end, more } = await reader.read({ tenant: null }, everything, placeOf(log[COUNT - 3]!), 100, beyond)
    expect([items.map(({ root }) => root.id), more]).toEqual([log.slice(-2).map(({ id }) => id), false])
    expect(end <= (await tail.now())).toBe(true)
  }
})

test('places sort as positions do, whatever their digits, and lead back to them', () => {
  const position = fc.record({ xid: fc.bigInt(0n, 2n ** 64n - 1n), id: fc.bigInt(0n, 2n ** 63n - 1n) })
  fc.assert(fc.property(position, position, (one, other) => {
    const [a, b] = [one, other].map(({ xid, id }) => placeOf({ xid: String(xid), id: String(id) })) as [string, string]
    expect(a < b).toBe(one.xid < other.xid || (one.xid === other.xid && one.id < other.id))
    expect(positionAt(a)).toEqual({ xid: String(one.xid), id: String(one.id) })
  }))
})

test('whoever comes in the moment in which the last one leaves is told where the log ends, and called when it grows', async () => {
  const other = new EventTail(stage.scope.db, stage.scope.log)
  await other.start()
  try {
    for (let turns = 0; turns < 40; turns++) {
      const [first, second] = [vi.fn(), vi.fn()]
      const leave = other.watch(first)
      await append(1)
      await soon(() => expect(first).toHaveBeenCalled())
      leave()
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      const now = other.now()
      const leaveToo = other.watch(second)
      expect(await now >= placeOf(log.at(-1)!)).toBe(true)
      await append(1)
      await soon(() => expect(second).toHaveBeenCalled())
      leaveToo()
    }
  } finally {
    await other.stop()
  }
})

test('its lag is how long the next event has waited: 0 while it keeps up, or nobody watches', async () => {
  expect(await new EventTail(stage.scope.db, stage.scope.log).lag()).toBe(0)
  await soon(async () => expect(await tail.lag()).toBe(0))
  const older = await stage.scope.db.pool.connect()
  await older.query('BEGIN; SELECT pg_current_xact_id()') // writes, and holds back all that is younger
  try {
    await append(1)
    await soon(async () => expect(await tail.lag()).toBeGreaterThan(0.3))
  } finally {
    await older.query('ROLLBACK')
    older.release()
  }
  await soon(async () => expect(await tail.lag()).toBe(0))
})
