import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Group, type Shared } from '../../src/subscriptions/group.ts'
import { PageMemory } from '../../src/subscriptions/page-memory.ts'
import type { Payload, Sink } from '../../src/subscriptions/sink.ts'
import { Turns } from '../../src/subscriptions/turns.ts'
import { soon } from '../support/soon.ts'
import { MemorySource, placeOf } from './memory-source.ts'

/** Takes so many at a time, and then nothing for so many milliseconds. */
class Reader implements Sink {
  readonly got: number[] = []
  readonly room: number
  readonly restMs: number
  failed: Error | undefined
  #left: number

  constructor(room = Infinity, restMs = 0) {
    this.room = room
    this.restMs = restMs
    this.#left = room
  }

  write(payloads: readonly Payload[]): number {
    const taken = payloads.slice(0, this.#left)
    this.got.push(...taken.map(({ text }) => Number(text)))
    this.#left -= taken.length
    return taken.length
  }

  onceDrained(goOn: () => void): void {
    setTimeout(() => {
      this.#left = this.room
      goOn()
    }, this.restMs)
  }

  complete(): void {}

  fail(error: Error): void {
    this.failed = error
  }
}

interface Stage {
  memory: MemorySource
  group: Group
  executed: () => number
  behind: () => number
  emptied: () => boolean
}

function startGroup(memory = new MemorySource(), bytes = 1_000_000): Stage {
  let [executions, behind, emptied] = [0, 0, false]
  const shared: Shared = { memory: new PageMemory(bytes), turns: new Turns(), onWritten: () => {}, onBehind: (change) => (behind += change), onError: () => {} }
  const render = async (roots: readonly unknown[]): Promise<{ text: string; failed: boolean }[]> => {
    executions += roots.length
    await sleep(Math.random() * 2)
    return roots.map((root) => ({ text: String(root), failed: false }))
  }
  return { memory, group: new Group(memory.source(), render, shared, () => (emptied = true)), executed: () => executions, behind: () => behind, emptied: () => emptied }
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + 1 + index)

test('whoever joins where, reads how slowly and leaves when: each gets everything after its place, once and in order', async () => {
  const reader = fc.record({ start: fc.nat(1500), room: fc.constantFrom(1, 7, 60, Infinity), restMs: fc.nat(5), joinsAt: fc.nat(20), leaves: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(reader, { minLength: 1, maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), async (plans, bursts) => {
      const stage = startGroup()
      stage.memory.add(1500)
      const anchor = new Reader()
      stage.group.join(anchor, placeOf(1500))
      const joined = plans.map(async ({ start, room, restMs, joinsAt, leaves }) => {
        await sleep(joinsAt)
        const sink = new Reader(room === 1 ? 20 : room, restMs) // one by one would take minutes
        const member = stage.group.join(sink, placeOf(start))
        if (leaves) setTimeout(() => stage.group.leave(member), 10)
        return { start, sink, leaves }
      })
      for (const burst of bursts) {
        stage.memory.add(burst)
        await sleep(3)
      }
      const all = await Promise.all(joined)
      const staying = all.filter(({ leaves }) => !leaves)
      await soon(() => {
        for (const { sink } of staying) expect(sink.got.at(-1)).toBe(stage.memory.count)
        expect(anchor.got.at(-1)).toBe(stage.memory.count)
      }, { interval: 10 })
      for (const { start, sink } of all) expect(sink.got).toEqual(numbers(start, start + sink.got.length))
      expect(anchor.got).toEqual(numbers(1500, stage.memory.count))
      await soon(() => expect(stage.behind()).toBe(0), { interval: 5 }) // one that leaves may be resting still
    }),
    { numRuns: 25 },
  )
}, 120_000)

test('a thousand who come back from near places share what is read and executed', async () => {
  const stage = startGroup()
  stage.memory.add(5000)
  const readers = Array.from({ length: 1000 }, (_, index) => ({ start: index % 100, sink: new Reader() }))
  for (const { start, sink } of readers) stage.group.join(sink, placeOf(start))
  await soon(() => expect(readers.every(({ sink }) => sink.got.at(-1) === 5000)).toBe(true))
  for (const { start, sink } of readers) expect(sink.got).toHaveLength(5000 - start)
  expect(stage.executed()).toBe(5000)
})

test('where nothing may be kept, what is executed again is still right', async () => {
  const stage = startGroup(new MemorySource(), 0)
  stage.memory.add(700)
  const readers = [0, 3, 350].map((start) => ({ start, sink: new Reader(50, 1) }))
  for (const { start, sink } of readers) stage.group.join(sink, placeOf(start))
  await soon(() => expect(readers.every(({ sink }) => sink.got.at(-1) === 700)).toBe(true))
  for (const { start, sink } of readers) expect(sink.got).toEqual(numbers(start, 700))
})

test('the last to leave ends the watching of the source, also one that was behind', async () => {
  const stage = startGroup()
  const [quick, slow] = [stage.group.join(new Reader(), placeOf(0)), stage.group.join(new Reader(1, 10_000), placeOf(0))]
  stage.memory.add(5)
  await soon(() => expect(stage.behind()).toBe(1))
  stage.group.leave(quick)
  expect([stage.memory.watched, stage.emptied()]).toEqual([true, false])
  stage.group.leave(slow)
  expect([stage.memory.watched, stage.emptied(), stage.behind()]).toEqual([false, true, 0])
})

test('a source that fails for a moment costs time and nothing else; one that goes on failing ends its subscriptions', async () => {
  const stage = startGroup()
  stage.memory.failures = 2
  const reader = new Reader()
  stage.group.join(reader, placeOf(0))
  stage.memory.add(3)
  await soon(() => expect(reader.got).toEqual([1, 2, 3]))
  stage.memory.failures = Infinity
  stage.memory.add(1)
  await soon(() => expect(reader.failed?.message).toBe('away'))
  expect(stage.emptied()).toBe(true)
})
