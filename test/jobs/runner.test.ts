import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import type { JobKind } from '../../src/jobs/cadences.ts'
import type { CadenceDefinition, RunContext } from '../../src/jobs/define.ts'
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

const due = (kind: JobKind, count: number) => stage.sql(`UPDATE cadences SET next_run_at = now() WHERE kind = $1::job_kind AND connection_id = ANY($2)`, kind, connections.slice(0, count).map(({ id }) => id))
const definition = (kind: JobKind, run: (context: RunContext) => Promise<void>): CadenceDefinition => ({ kind, run, calls: () => 0, failed: async () => {} })
const runner = (concurrency: number, ...definitions: CadenceDefinition[]): Runner => {
  const { db, clock, log } = stage.scope
  return new Runner(definitions, { db, clock, log, metrics: new Metrics(), concurrency, failureOf: () => ({ code: 'INTERNAL', message: 'failed', retryInSeconds: 60 }) })
}
const ended = async (count: number): Promise<void> => expect.poll(async () => (await stage.sql<{ count: number }>(`SELECT count(*)::int AS count FROM job_runs WHERE status <> 'RUNNING'`))[0]!.count, { timeout: 5000 }).toBe(count)

test('one tick brings all that is due, never more at a time than there is room for', async () => {
  await due('IMPORT_ORDERS', 20)
  let [now, most] = [0, 0]
  const worker = runner(3, definition('IMPORT_ORDERS', async () => {
    most = Math.max(most, ++now)
    await sleep(5)
    now--
  }))
  await worker.tick('IMPORT_ORDERS')
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
  await Promise.all([worker.tick('IMPORT_ORDERS'), worker.tick('SEND_TRACKING')])
  await ended(20)
  expect(order.slice(0, 10).filter((kind) => kind === 'SEND_TRACKING').length).toBeGreaterThanOrEqual(3)
  await worker.stop(0)
})

test('a run that throws is recorded as failed and comes back when it said', async () => {
  await due('IMPORT_ORDERS', 1)
  const worker = runner(1, definition('IMPORT_ORDERS', async () => {
    throw new Error('no')
  }))
  await worker.tick('IMPORT_ORDERS')
  await ended(1)
  expect(await stage.sql('SELECT status, error_code FROM job_runs')).toEqual([{ status: 'FAILED', error_code: 'INTERNAL' }])
  expect((await stage.cadences(connections[0]!.id)).IMPORT_ORDERS.dueIn).toBeCloseTo(60, -1)
  await worker.stop(0)
})

test('stopped, it ends what runs, leaves it due at once, and takes nothing new', async () => {
  await due('IMPORT_ORDERS', 5)
  const worker = runner(2, definition('IMPORT_ORDERS', ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))))
  const ticking = worker.tick('IMPORT_ORDERS')
  await worker.stop(20)
  await ticking
  expect(await stage.sql(`SELECT status, error_code FROM job_runs`)).toEqual(Array.from({ length: 2 }, () => ({ status: 'FAILED', error_code: 'WORKER_STOPPED' })))
  expect(await stage.sql(`SELECT count(*)::int AS due FROM cadences WHERE enabled AND next_run_at <= now() AND token IS NULL`)).toEqual([{ due: 5 }])
})
