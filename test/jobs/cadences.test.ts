import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { transaction } from '../../src/db/transaction.ts'
import { type Claim, claimDue, endRuns, fence, heartbeat, type JobKind, lagOfJobs, LOCK_SECONDS, LockLost, PAUSING, phaseOf, pullCadences, settleLostRuns, slotAfter } from '../../src/jobs/cadences.ts'
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
  await stage.sql('DELETE FROM job_pauses')
})

const due = (count: number, ago = 1) => stage.sql(`UPDATE cadences SET next_run_at = now() - $2 * interval '1 second' WHERE kind = 'IMPORT_ORDERS' AND connection_id = ANY($1)`, connections.slice(0, count).map(({ id }) => id), ago)
const claim = (room: number): Promise<Claim[]> => claimDue(stage.scope.db.pool, KIND, room)
const fenced = (held: Claim): Promise<void> => transaction(stage.scope.db.pool, (tx) => fence(tx, held))
const release = async (held: Claim, retryInSeconds: number | null = null): Promise<boolean> =>
  (await endRuns(stage.scope.db.pool, [{ claim: held, calls: 0, failure: retryInSeconds === null ? null : { code: 'UNAVAILABLE', message: 'away', retryInSeconds } }])).has(held.token)
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

test('released, it comes at its phase again, skips what was missed, and comes back sooner where told so', async () => {
  const { id } = connections[0]!
  /** Of a run that regularly fell due `ago`: how many intervals later the next one does. */
  const later = async (intervals: number): Promise<number> => {
    await stage.sql(`UPDATE cadences SET next_run_at = ${slotAfter('now()')} - ($2 + 1) * interval '900 seconds' WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, id, intervals)
    const [held] = await claim(1)
    await release(held!)
    const [next] = await stage.sql<{ at: Date }>(`SELECT next_run_at AS at FROM cadences WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, id)
    expect((await row(held!)).dueIn).toBeGreaterThan(295)
    expect((await row(held!)).dueIn).toBeLessThan(1201)
    return (next!.at.getTime() - held!.nextRunAt.getTime()) / 900_000
  }
  for (const missed of [0, 3]) expect([missed + 1, missed + 2]).toContain(Math.round((await later(missed)) * 1000) / 1000)
  await due(1, 5)
  await release((await claim(1))[0]!, 60)
  expect((await row({ connectionId: id })).dueIn).toBeCloseTo(60, -1)
  await due(1, 5)
  await release((await claim(1))[0]!, 5000)
  expect((await row({ connectionId: id })).dueIn).toBeCloseTo(900, -1)
})

test('phases are spread: no minute of the quarter of an hour bears much more than its share, and each is the same however often it is asked', async () => {
  const phase = phaseOf('id', `'IMPORT_ORDERS'`)
  const minutes = await stage.sql<{ count: number }>(`SELECT count(*)::int AS count FROM (SELECT ${phase} AS phase, ${phase} = ${phase} AS same FROM (SELECT ('01890a5d-ac96-774b-bcce-' || lpad(n::text, 12, '0'))::uuid AS id FROM generate_series(1, 3000) AS n) AS ids) AS phases
    WHERE same AND phase >= 0 AND phase < 1 GROUP BY floor(phase * 15)`)
  expect(minutes).toHaveLength(15)
  for (const { count } of minutes) {
    expect(count).toBeGreaterThan(140)
    expect(count).toBeLessThan(260)
  }
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

test('what has more to do stands last again: it never goes before what is due already', async () => {
  await due(1, 60)
  const [large] = await claim(1)
  await due(3, 30)
  await stage.sql(`UPDATE cadences SET next_run_at = $2 WHERE token = $1`, large!.token, large!.nextRunAt)
  await pullCadences(stage.scope.db.pool, [large!.connectionId], KIND, new Date(Date.now() - 3_600_000)) // its oldest package has waited for an hour
  await release(large!)
  expect((await claim(2)).map(({ connectionId }) => connectionId).sort()).toEqual(connections.slice(1, 3).map(({ id }) => id).sort())
  expect((await claim(40)).map(({ connectionId }) => connectionId)).toEqual([large!.connectionId])
})

test('many runs end at one stroke; what another worker has by now is left alone', async () => {
  await due(4)
  const held = await claim(4)
  await expire(held[0]!)
  const [retaken] = await claim(1)
  const ended = await endRuns(stage.scope.db.pool, held.map((one, index) => ({ claim: one, calls: index, failure: index === 3 ? { code: 'REJECTED', message: 'no', retryInSeconds: null } : null })))
  expect(ended).toEqual(new Set(held.slice(1).map(({ token }) => token)))
  expect(await stage.sql('SELECT status, calls, error_code, finished_at IS NULL AS open FROM job_runs WHERE id = ANY($1) ORDER BY calls', held.slice(1).map(({ runId }) => runId))).toEqual([
    { status: 'SUCCEEDED', calls: 1, error_code: null, open: false }, { status: 'SUCCEEDED', calls: 2, error_code: null, open: false }, { status: 'FAILED', calls: 3, error_code: 'REJECTED', open: false },
  ])
  expect(await row(retaken!)).toMatchObject({ token: retaken!.token })
})

test('a slot is the first time after an instant that has the phase', async () => {
  const cases = fc.sample(fc.record({ at: fc.integer({ min: 1, max: 4_000_000_000 }), every: fc.integer({ min: 30, max: 86_400 }), phase: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) }), 1000)
  const slots = await stage.sql<{ slot: number }>(
    `SELECT extract(epoch FROM ${slotAfter('to_timestamp(at)', 'every', 'phase')})::float8 AS slot FROM ROWS FROM (json_to_recordset($1) AS (at float8, every int, phase float8)) WITH ORDINALITY ORDER BY ordinality`, JSON.stringify(cases))
  for (const [index, { at, every, phase }] of cases.entries()) {
    const { slot } = slots[index]!
    expect(slot).toBeGreaterThan(at - 1e-3)
    expect(slot).toBeLessThanOrEqual(at + every + 1e-3)
    expect(Math.abs(((slot / every - phase) % 1 + 1.5) % 1 - 0.5) * every).toBeLessThan(1e-2)
  }
})

test('whatever brings cadences together, the next regular run of each is at its own phase, a third to four thirds of the interval later', async () => {
  const history = fc.array(fc.oneof(
    fc.record({ what: fc.constant('retry' as const), seconds: fc.integer({ min: 0, max: 1200 }) }),
    fc.record({ what: fc.constant('late' as const), seconds: fc.integer({ min: 0, max: 5000 }) }),
    fc.record({ what: fc.constant('asked' as const), seconds: fc.constant(0) }),
  ), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      await stage.sql(`UPDATE cadences SET run_id = NULL, token = NULL, locked_until = NULL, next_run_at = now() - interval '1 second' WHERE kind = 'IMPORT_ORDERS'`)
      for (const { what, seconds } of [...steps, { what: 'late', seconds: 1 }]) {
        if (what === 'asked') await stage.sql(`UPDATE cadences SET next_run_at = now() WHERE kind = 'IMPORT_ORDERS'`)
        if (what === 'late') await stage.sql(`UPDATE cadences SET next_run_at = now() - $1 * interval '1 second' WHERE kind = 'IMPORT_ORDERS'`, seconds)
        const held = await claim(40)
        await endRuns(stage.scope.db.pool, held.map((one) => ({ claim: one, calls: 0, failure: what === 'retry' ? { code: 'UNAVAILABLE', message: 'away', retryInSeconds: seconds } : null })))
        if (what === 'retry') await stage.sql(`UPDATE cadences SET next_run_at = now() WHERE kind = 'IMPORT_ORDERS'`)
      }
      const after = await stage.sql<{ dueIn: number; off: number }>(
        `SELECT extract(epoch FROM next_run_at - now())::float8 AS "dueIn", extract(epoch FROM next_run_at)::float8 / every_seconds - ${phaseOf('connection_id', 'kind')} AS off FROM cadences WHERE kind = 'IMPORT_ORDERS'`)
      expect(after).toHaveLength(40)
      for (const { dueIn, off } of after) {
        expect(dueIn).toBeGreaterThan(295)
        expect(dueIn).toBeLessThan(1201)
        expect(Math.abs(off - Math.round(off)) * 900).toBeLessThan(0.01)
      }
    }),
    { numRuns: 12 },
  )
})

test('whoever claims, loses, beats, writes or ends, in whatever order: one holder at a time, and nobody else can write', async () => {
  const op = fc.record({ what: fc.constantFrom('claim', 'expire', 'beat', 'write', 'end', 'pull'), worker: fc.nat(2), which: fc.nat(3) })
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 40 }), async (ops) => {
      await stage.sql(`UPDATE cadences SET run_id = NULL, token = NULL, locked_until = NULL, next_run_at = now() + interval '1 hour' WHERE kind = 'IMPORT_ORDERS'`)
      await stage.sql('DELETE FROM job_runs')
      await due(4)
      const mine: Claim[][] = [[], [], []]
      /** Who has each, by the tests' own books, and whether that lock has run out. */
      const holder = new Map<string, { token: string; lapsed: boolean }>()
      for (const { what, worker, which } of ops) {
        const held = mine[worker]![which % Math.max(1, mine[worker]!.length)]
        const holds = held !== undefined && holder.get(held.connectionId)?.token === held.token
        if (what === 'claim') {
          for (const one of await claim(2)) {
            const before = holder.get(one.connectionId)
            expect(before === undefined || before.lapsed).toBe(true)
            holder.set(one.connectionId, { token: one.token, lapsed: false })
            mine[worker]!.push(one)
          }
        } else if (what === 'expire' && holder.has(connections[which]!.id)) {
          await expire({ connectionId: connections[which]!.id } as Claim)
          holder.get(connections[which]!.id)!.lapsed = true
        } else if (what === 'pull') {
          await pullCadences(stage.scope.db.pool, [connections[which]!.id], KIND, new Date())
        } else if (held !== undefined && what === 'beat') {
          expect((await heartbeat(stage.scope.db.pool, [held])).has(held.token)).toBe(holds)
          if (holds) holder.get(held.connectionId)!.lapsed = false
        } else if (held !== undefined && what === 'write') {
          if (holds) await fenced(held)
          else await expect(fenced(held)).rejects.toBeInstanceOf(LockLost)
        } else if (held !== undefined && what === 'end') {
          expect(await release(held)).toBe(holds)
          if (holds) holder.delete(held.connectionId)
          mine[worker]!.splice(mine[worker]!.indexOf(held), 1)
        }
      }
      const [{ running }] = (await stage.sql<{ running: number }>(`SELECT count(*)::int AS running FROM job_runs WHERE status = 'RUNNING'`)) as [{ running: number }]
      expect(running).toBe(holder.size)
    }),
    { numRuns: 25 },
  )
})

const pauseEverywhere = (kind: JobKind) => stage.sql(`INSERT INTO job_pauses (kind, reason, paused_by) VALUES ($1, 'maintenance', 'Ada')`, kind)

test('of a kind that is paused for the whole gateway nothing is claimed; what fell due meanwhile comes once', async () => {
  await pauseEverywhere(KIND)
  await due(3, 4000)
  expect(await claim(40)).toEqual([])
  await stage.sql('DELETE FROM job_pauses')
  const held = await claim(40)
  expect(held).toHaveLength(3)
  for (const one of held) await release(one)
  expect(await claim(40)).toEqual([])
})

test('once a pause is kept, no claim that had not seen it begins', async () => {
  await due(40)
  const pausing = await stage.scope.db.pool.connect()
  try {
    await pausing.query('BEGIN')
    await pausing.query(`SELECT pg_advisory_xact_lock(${PAUSING})`)
    expect(await claim(40)).toEqual([]) // while somebody is about to pause, nobody begins
    await pausing.query(`INSERT INTO job_pauses (kind, reason, paused_by) VALUES ('IMPORT_ORDERS', 'maintenance', 'Ada')`)
    await pausing.query('COMMIT')
  } finally {
    pausing.release()
  }
  expect(await claim(40)).toEqual([])
  expect(await stage.sql('SELECT FROM job_runs')).toEqual([])
})

test('a killed run of what is paused meanwhile does not look as if it ran for ever', async () => {
  await due(3)
  const [paused, off, alive] = await claim(3)
  await pauseEverywhere(KIND)
  await expire(paused!)
  await expire(off!)
  await stage.sql('UPDATE cadences SET enabled = false WHERE connection_id = $1', off!.connectionId)
  await settleLostRuns(stage.scope.db.pool)
  expect(await stage.sql('SELECT id, status, error_code FROM job_runs ORDER BY id')).toEqual([paused, off, alive].map((one) => ({ id: one!.runId })).sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id }) =>
    (id === alive!.runId ? { id, status: 'RUNNING', error_code: null } : { id, status: 'FAILED', error_code: 'WORKER_LOST' })))
  await expect(fenced(paused!)).rejects.toBeInstanceOf(LockLost)
  await stage.sql('DELETE FROM job_pauses')
  expect(await claim(40)).toMatchObject([{ connectionId: paused!.connectionId, trigger: 'CADENCE' }])
})

test('the lag of a kind is of what is due, claimed by nobody and not paused', async () => {
  await due(5, 100)
  await due(2, 300)
  const [longest] = await claim(1)
  const lag = async (kind: JobKind) => (await lagOfJobs(stage.scope.db.pool)).find((one) => one.kind === kind)!
  expect(await lag(KIND)).toMatchObject({ due: 4, paused: false })
  expect((await lag(KIND)).seconds).toBeCloseTo(300, -1)
  expect(await lag('SEND_TRACKING')).toEqual({ kind: 'SEND_TRACKING', due: 0, seconds: 0, paused: false })
  await expire(longest!)
  expect((await lag(KIND)).due).toBe(5)
  await pauseEverywhere(KIND)
  expect(await lag(KIND)).toEqual({ kind: KIND, due: 0, seconds: 0, paused: true })
})
