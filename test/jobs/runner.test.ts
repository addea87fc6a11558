import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { isJobKind, type JobKind } from '../../src/jobs/cadences.ts'
import type { CadenceDefinition, RunContext } from '../../src/jobs/define.ts'
import { listenForDue, sharing } from '../../src/jobs/pass-on.ts'
import { Runner } from '../../src/jobs/runner.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createStage, type Stage } from '../connections/stage.ts'

let stage: Stage
let connections: ConnectionRow[]
beforeAll(async () => {
  stage = await createStage()
  const [customer, warehouse] = [await stage.customer(), await stage.warehouse()]
  connections = await Promise.all(Array.from({ length: 20 }, () => stage.connection({ customerId: customer.id, warehouseId: warehouse.id })))
})
afterAll(() => stage.close())
beforeEach(async () => {
  await stage.sql(`UPDATE cadences SET run_id = NULL, token = NULL, locked_until = NULL, every_seconds = 900, enabled = kind IN ('IMPORT_ORDERS', 'SEND_TRACKING'), next_run_at = now() + interval '1 hour'`)
  await stage.sql('DELETE FROM job_runs')
})

const due = (kind: JobKind, count: number) => stage.sql(`UPDATE cadences SET next_run_at = now() - interval '1 second' WHERE kind = $1::job_kind AND connection_id = ANY($2)`, kind, connections.slice(0, count).map(({ id }) => id))
const definition = (kind: JobKind, run: (context: RunContext) => Promise<void>): CadenceDefinition => ({ kind, run, calls: () => 0, failed: async () => {} })
const runner = (concurrency: number, ...definitions: CadenceDefinition[]): Runner => {
  const { db, clock, log } = stage.scope
  return new Runner(definitions, { db, clock, log, metrics: new Metrics(), concurrency, failureOf: () => ({ code: 'INTERNAL', message: 'failed', retryInSeconds: 60 }) })
}
const ended = async (count: number): Promise<void> => expect.poll(async () => (await stage.sql<{ count: number }>(`SELECT count(*)::int AS count FROM job_runs WHERE status <> 'RUNNING'`))[0]!.count).toBe(count)

test('one tick brings all that is due, never more at a time than there is room for', async () => {
  await due('IMPORT_ORDERS', 20)
  let [now, most] = [0, 0]
  let full = (): void => {}
  const filled = new Promise<void>((resolve) => (full = resolve))
  const worker = runner(3, definition('IMPORT_ORDERS', async () => {
    most = Math.max(most, ++now)
    if (now === 3) full()
    await filled
    await sleep(10)
    now--
  }))
  await worker.tick()
  await ended(20)
  expect(most).toBe(3)
  await worker.stop(0)
})

test('a kind that found no room takes its turn as soon as there is some', async () => {
  await due('IMPORT_ORDERS', 10)
  await due('SEND_TRACKING', 10)
  const order: JobKind[] = []
  const noting = (kind: JobKind) => definition(kind, async () => {
    order.push(kind)
    await sleep(5)
  })
  const worker = runner(1, noting('IMPORT_ORDERS'), noting('SEND_TRACKING'))
  await worker.tick()
  await ended(20)
  expect(order.slice(0, 10).filter((kind) => kind === 'SEND_TRACKING').length).toBeGreaterThanOrEqual(3)
  await worker.stop(0)
})

test('a run that throws is recorded as failed and comes back when it said', async () => {
  await due('IMPORT_ORDERS', 1)
  const worker = runner(1, definition('IMPORT_ORDERS', async () => {
    throw new Error('no')
  }))
  await worker.tick()
  await ended(1)
  expect(await stage.sql('SELECT status, error_code FROM job_runs')).toEqual([{ status: 'FAILED', error_code: 'INTERNAL' }])
  expect((await stage.cadences(connections[0]!.id)).IMPORT_ORDERS.dueIn).toBeCloseTo(60, -1)
  await worker.stop(0)
})

test('stopped, it ends what runs, leaves it due at once, and takes nothing new', async () => {
  await due('IMPORT_ORDERS', 5)
  const worker = runner(4, definition('IMPORT_ORDERS', ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))))
  const ticking = worker.hear('IMPORT_ORDERS')
  await worker.stop(20)
  await ticking
  expect(await stage.sql(`SELECT status, error_code FROM job_runs`)).toEqual(Array.from({ length: 2 }, () => ({ status: 'FAILED', error_code: 'WORKER_STOPPED' })))
  expect(await stage.sql(`SELECT count(*)::int AS due FROM cadences WHERE enabled AND next_run_at <= now() AND token IS NULL`)).toEqual([{ due: 5 }])
})

/** Runs that last until they are let go. */
function held(kind: JobKind): { definition: CadenceDefinition; count(): number; most(): number; letGo(): void } {
  let [running, most] = [0, 0]
  let letGo = (): void => {}
  const gone = new Promise<void>((resolve) => (letGo = resolve))
  return {
    definition: definition(kind, async () => {
      most = Math.max(most, ++running)
      await gone
      running--
    }),
    count: () => running, most: () => most, letGo: () => letGo(),
  }
}

test('however many long runs of one kind are due, another kind has places of its own', async () => {
  await due('SEND_TRACKING', 20)
  const sending = held('SEND_TRACKING')
  let imported = 0
  const worker = runner(10, sending.definition, definition('IMPORT_ORDERS', async () => void imported++))
  await worker.tick()
  expect(sending.count()).toBe(8)
  await due('IMPORT_ORDERS', 10)
  await worker.tick()
  await expect.poll(() => imported).toBe(10)
  expect(sending.count()).toBe(8)
  sending.letGo()
  await ended(30)
  expect(sending.most()).toBe(8)
  await worker.stop(0)
})

/** Two workers, of which the first gets the ticks; the second hears what it passes on. */
async function twoWorkers(places: [number, number], kind: JobKind) {
  const runs = [held(kind), held(kind)] as const
  const [first, second] = [runner(places[0], runs[0].definition), runner(places[1], runs[1].definition)]
  const listener = listenForDue(stage.scope.db.config, () => {}, (heard) => void (isJobKind(heard) && second.hear(heard)))
  await listener.start()
  onTestFinished(async () => {
    for (const one of runs) one.letGo()
    await Promise.all([first.stop(0), second.stop(0), listener.stop()])
  })
  return { first, counts: () => runs.map((one) => one.count()) }
}

test('of two workers the one that gets the tick shares what is due with the other', async () => {
  await due('IMPORT_ORDERS', 12)
  const { first, counts } = await twoWorkers([8, 8], 'IMPORT_ORDERS')
  await first.tick()
  await expect.poll(() => counts().reduce((sum, one) => sum + one)).toBe(12)
  for (const count of counts()) expect(count).toBeGreaterThanOrEqual(4)
})

test('a worker without room passes its tick on', async () => {
  await due('IMPORT_ORDERS', 2)
  const { first, counts } = await twoWorkers([2, 8], 'IMPORT_ORDERS')
  await first.tick()
  await expect.poll(() => counts().reduce((sum, one) => sum + one)).toBe(2)
  await due('IMPORT_ORDERS', 20)
  await first.tick()
  await expect.poll(counts).toEqual([2, 8])
})

test('a pump passes its ticks on while it is full, and what it hears is not passed on again', async () => {
  const ticks = [0, 0]
  const pumps = [true, false].map((isFull, index) => ({ name: 'webhooks', isFull, tick: async () => void ticks[index]!++, stop: async () => {} }))
  const listener = listenForDue(stage.scope.db.config, () => {}, (heard) => pumps.filter(({ name }) => name === heard).forEach((pump) => void pump.tick()))
  await listener.start()
  onTestFinished(() => listener.stop())
  await sharing(stage.scope.db.pool, pumps[0]!).tick()
  await expect.poll(() => ticks).toEqual([2, 1])
  await sharing(stage.scope.db.pool, pumps[1]!).tick()
  await sleep(200)
  expect(ticks).toEqual([2, 2])
})
