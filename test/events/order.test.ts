import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { transaction } from '../../src/db/transaction.ts'
import { appendEvents } from '../../src/events/append.ts'
import { decodePosition, encodePosition, type EventRow, type EventsWanted, horizon, type Position, readEvents } from '../../src/events/read.ts'
import { eventFeed } from '../../src/events/feed.ts'
import { placeOf } from '../../src/events/place.ts'
import { type EventTail, followEvents } from '../../src/events/tail.ts'
import { BadRequest } from '../../src/kit/errors.ts'
import { createStage, type Stage } from '../connections/stage.ts'

let stage: Stage
let connection: ConnectionRow
let tail: EventTail
beforeAll(async () => {
  stage = await createStage()
  connection = await stage.connection()
  tail = await followEvents(stage.scope.db, stage.scope.log)
})
afterAll(async () => {
  await tail.stop()
  await stage.close()
})

const all: EventsWanted = { types: null, connectionIds: null, customerIds: null, orderId: null }
const event = (summary: string) => ({ type: 'CONNECTION_CHANGED' as const, customerId: connection.customerId, connectionId: connection.id, summary })
const append = (...summaries: string[]): Promise<void> => transaction(stage.scope.db.pool, (tx) => appendEvents(tx, summaries.map(event)))

const follow = (after: Position): AsyncIterator<EventRow> => eventFeed(stage.scope, all, placeOf(after))[Symbol.asyncIterator]()

async function hear(after: Position, count: number, onEach: (summary: string) => void = () => {}): Promise<{ summaries: string[]; last: Position }> {
  const events = follow(after)
  const summaries: string[] = []
  let last: Position = { xid: '0', id: '0' }
  while (summaries.length < count) {
    const { value } = await events.next()
    summaries.push(value!.summary)
    onEach(value!.summary)
    last = { xid: value!.xid, id: value!.id }
  }
  await events.return?.()
  return { summaries, last }
}

test('what commits late is told late and never skipped, though its number is lower', async () => {
  const from = await horizon(stage.scope)
  const slow = await stage.scope.db.pool.connect()
  await slow.query('BEGIN')
  await appendEvents(slow, [event('slow')])
  await append('quick')
  // The slow one holds the log back: nothing is told past what may still appear before it.
  expect(await readEvents(stage.scope, all, from, await horizon(stage.scope), 10)).toEqual([])
  const hearing = hear(from, 2)
  await sleep(50)
  await slow.query('COMMIT')
  slow.release()
  expect((await hearing).summaries).toEqual(['slow', 'quick'])
})

test('readers that come and go under concurrent writers, some slow and some undone, hear each event once and in one order', async () => {
  const from = await horizon(stage.scope)
  const [writers, rounds] = [8, 15]
  const undone = new Set<string>()
  const writing = Promise.all(Array.from({ length: writers }, async (_, writer) => {
    for (let round = 0; round < rounds; round++) {
      const summary = `${writer}.${round}`
      await transaction(stage.scope.db.pool, async (tx) => {
        await appendEvents(tx, [event(summary)])
        if (round % 3 === 0) await sleep(Math.random() * 15)
        await appendEvents(tx, [event(`${summary}+`)])
        if (round % 5 === 4) throw new Error('undone')
      }).catch(() => undone.add(summary))
    }
  }))
  const wanted = (writers * rounds - writers * (rounds / 5)) * 2
  const whole = hear(from, wanted)
  const inPieces: string[] = []
  for (let after = from; inPieces.length < wanted;) {
    const piece = await hear(after, Math.min(wanted - inPieces.length, 1 + Math.floor(Math.random() * 20)))
    inPieces.push(...piece.summaries)
    after = piece.last
  }
  await writing
  const { summaries } = await whole
  expect(inPieces).toEqual(summaries)
  expect(new Set(summaries).size).toBe(wanted)
  for (const summary of undone) expect(summaries).not.toContain(summary)
  // Of one transaction, in the order given and next to each other.
  for (const [index, summary] of summaries.entries()) if (!summary.endsWith('+')) expect(summaries[index + 1]).toBe(`${summary}+`)
})

test('a reader that leaves while nothing happens is gone at once', async () => {
  const events = follow(await horizon(stage.scope))
  const waiting = events.next()
  await sleep(20)
  const since = performance.now()
  await events.return?.()
  expect((await waiting).done).toBe(true)
  expect(performance.now() - since).toBeLessThan(1000)
})

test('a cursor stands for its position, and nothing else is one', () => {
  const position = { xid: '18446744073709551615', id: '9223372036854775807' }
  expect(decodePosition(encodePosition(position))).toEqual(position)
  for (const cursor of ['', 'x', randomUUID(), encodePosition({ xid: '18446744073709551616', id: '0' }), encodePosition({ xid: '1', id: '9223372036854775808' }), encodePosition({ xid: '-1', id: '0' })]) {
    expect(() => decodePosition(cursor)).toThrow(BadRequest)
  }
})
