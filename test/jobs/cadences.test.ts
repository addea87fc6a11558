import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { transaction } from '../../src/db/transaction.ts'
import { type Claim, claimDue, fence, heartbeat, type JobKind, LOCK_SECONDS, LockLost, pullCadences, releaseCadence } from '../../src/jobs/cadences.ts'
import { finishRun } from '../../src/jobs/runs.store.ts'
import { createStage, type Stage } from '../connections/stage.ts'

const KIND: JobKind = 'IMPORT_ORDERS'

let stage: Stage
let connections: ConnectionRow[]
beforeAll(async () => {
  stage = await createStage()
  const [customer, warehouse] = [await stage.customer(), await stage.warehouse()]
  connections = await Promise.all(Array.from({ length: 40 }, () => stage.connection({ customerId: customer.id, warehouseId: warehouse.id })))
})
afterAll(() => stage.close())
beforeEach(async () => {
  await stage.sql('UPDATE cadences SET run_id = NULL, token = NULL, locked_until = NULL, enabled = true, every_seconds = 900, next_run_at = now() + interval \'1 hour\'')
  await stage.sql('DELETE FROM job_runs')
})

const due = (count: number, ago = 1) => stage.sql(`UPDATE cadences SET next_run_at = now() - $2 * interval '1 second' WHERE kind = 'IMPORT_ORDERS' AND connection_id = ANY($1)`, connections.slice(0, count).map(({ id }) => id), ago)
const claim = (room: number): Promise<Claim[]> => claimDue(stage.scope.db.pool, KIND, room)
const fenced = (held: Claim): Promise<void> => transaction(stage.scope.db.pool, (tx) => fence(tx, held))
const release = (held: Claim, retryInSeconds: number | null = null): Promise<boolean> => transaction(stage.scope.db.pool, async (tx) => {
  const released = await releaseCadence(tx, held, retryInSeconds)
  await finishRun(tx, held.runId, 0, null)
  return released
})
const row = async (held: Pick<Claim, 'connectionId'>): Promise<{ dueIn: number; locked: number | null; token: string | null }> =>
  (await stage.sql<{ dueIn: number; locked: number | null; token: string | null }>(
    `SELECT extract(epoch FROM next_run_at - now())::float8 AS "dueIn", extract(epoch FROM locked_until - now())::float8 AS locked, token FROM cadences WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, held.connectionId))[0]!
const expire = (held: Claim) => stage.sql(`UPDATE cadences SET locked_until = now() - interval '1 second' WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, held.connectionId)

test('claimers at the same time never share one, and together take all', async () => {
  await due(40)
  const taken: Claim[] = []
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let some = await claim(3); some.length > 0; some = await claim(3)) taken.push(...some)
  }))
  // What another holds is skipped, not waited for: a last look finds what was skipped.
  taken.push(...(await claim(40)))
  expect(new Set(taken.map((one) => one.connectionId)).size).toBe(40)
  expect(taken).toHaveLength(40)
  expect(await stage.sql(`SELECT count(*)::int AS runs, count(DISTINCT connection_id)::int AS connections FROM job_runs WHERE status = 'RUNNING'`)).toEqual([{ runs: 40, connections: 40 }])
})

test('the longest due first, no more than there is room for; none that is off, locked or of another kind', async () => {
  await due(5, 10)
  await due(2, 100)
  expect((await claim(2)).map((one) => one.connectionId).sort()).toEqual(connections.slice(0, 2).map(({ id }) => id).sort())
  expect(await claim(0)).toEqual([])
  await stage.sql(`UPDATE cadences SET enabled = false WHERE connection_id = $1`, connections[2]!.id)
  expect((await claim(40)).map((one) => one.connectionId).sort()).toEqual(connections.slice(3, 5).map(({ id }) => id).sort())
  expect(await claimDue(stage.scope.db.pool, 'SEND_TRACKING', 40)).toEqual([])
})

test('a lost lock: the run is failed and started again, and its worker can write nothing more', async () => {
  await due(1)
  const [first] = await claim(1)
  await fenced(first!)
  await expire(first!)
  const [second] = await claim(1)
  expect(second).toMatchObject({ connectionId: first!.connectionId, trigger: 'RETRY' })
  expect(second!.token).not.toBe(first!.token)
  await expect(fenced(first!)).rejects.toBeInstanceOf(LockLost)
  await fenced(second!)
  expect(await heartbeat(stage.scope.db.pool, [first!, second!])).toEqual(new Set([second!.token]))
  expect(await release(first!)).toBe(false)
  expect((await row(second!)).token).toBe(second!.token)
  expect(await stage.sql('SELECT id, status, error_code FROM job_runs ORDER BY id')).toEqual([
    { id: first!.runId, status: 'FAILED', error_code: 'WORKER_LOST' }, { id: second!.runId, status: 'RUNNING', error_code: null },
  ])
})

test('nobody takes a cadence while a fenced transaction of its holder is open', async () => {
  await due(1)
  const [held] = await claim(1)
  await expire(held!)
  await transaction(stage.scope.db.pool, async (tx) => {
    await fence(tx, held!)
    expect(await claim(1)).toEqual([])
  })
  expect(await claim(1)).toMatchObject([{ trigger: 'RETRY' }])
})

test('the heartbeat prolongs the lock', async () => {
  await due(1)
  const [held] = await claim(1)
  await stage.sql(`UPDATE cadences SET locked_until = now() + interval '2 seconds' WHERE token = $1`, held!.token)
  expect(await heartbeat(stage.scope.db.pool, [held!])).toEqual(new Set([held!.token]))
  expect((await row(held!)).locked).toBeGreaterThan(LOCK_SECONDS - 2)
})

test('released, it keeps its phase, skips what was missed, and comes back sooner where told so', async () => {
  await due(1, 5)
  await release((await claim(1))[0]!)
  expect((await row({ connectionId: connections[0]!.id })).dueIn).toBeCloseTo(895, -1)
  await due(1, 2000)
  await release((await claim(1))[0]!)
  const { dueIn } = await row({ connectionId: connections[0]!.id })
  expect(dueIn).toBeCloseTo(900 * 3 - 2000, -1)
  await due(1, 5)
  await release((await claim(1))[0]!, 60)
  expect((await row({ connectionId: connections[0]!.id })).dueIn).toBeCloseTo(60, -1)
  await due(1, 5)
  await release((await claim(1))[0]!, 5000)
  expect((await row({ connectionId: connections[0]!.id })).dueIn).toBeCloseTo(900, -1)
})

test('a run asked for during a run stays due after it', async () => {
  await due(1)
  const [held] = await claim(1)
  await pullCadences(stage.scope.db.pool, [held!.connectionId], KIND, new Date())
  expect(await claim(1)).toEqual([])
  await release(held!)
  expect((await row(held!)).dueIn).toBeLessThanOrEqual(0)
  expect(await claim(1)).toMatchObject([{ connectionId: held!.connectionId, trigger: 'CADENCE' }])
})

test('pulled forward, never back', async () => {
  const { id } = connections[0]!
  await pullCadences(stage.scope.db.pool, [id], KIND, new Date(Date.now() + 60_000))
  expect((await row({ connectionId: id })).dueIn).toBeCloseTo(60, -1)
  await pullCadences(stage.scope.db.pool, [id], KIND, new Date(Date.now() + 600_000))
  expect((await row({ connectionId: id })).dueIn).toBeCloseTo(60, -1)
})
