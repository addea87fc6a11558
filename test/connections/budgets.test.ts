import fc from 'fast-check'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { budgetLedger } from '../../src/connections/budgets.store.ts'
import { newUuid } from '../../src/kit/ids.ts'
import { MemoryLedger } from '../../src/marketplaces/amazon/sp-api/memory-ledger.ts'
import { Quotas, usableBurst } from '../../src/marketplaces/amazon/sp-api/quota.ts'
import type { BudgetLedger } from '../../src/marketplaces/channel.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'

const start = Date.UTC(2026, 0, 1)
const rate = { ratePerSecond: 2, burst: 10 }
const log = pino({ level: 'silent' })
const signal = new AbortController().signal

let database: TestDatabase
let customerId: string
/** Each stands for a process of its own. */
let pools: pg.Pool[]
beforeAll(async () => {
  database = await createDatabase()
  pools = [new pg.Pool({ ...database.config, max: 6 }), new pg.Pool({ ...database.config, max: 6 })]
  customerId = (await pools[0]!.query<{ id: string }>("INSERT INTO customers (name, reference) VALUES ('Ada', 'ADA') RETURNING id")).rows[0]!.id
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await database.drop()
})

async function authorization(): Promise<string> {
  const id = newUuid()
  const insert = "INSERT INTO authorizations (id, customer_id, channel, merchant_id, sealed) VALUES ($1, $2, 'amazon', 'SELLER', '')"
  await pools[0]!.query(insert, [id, customerId])
  return id
}
const ledgers = (): [BudgetLedger, BudgetLedger] => [budgetLedger(pools[0]!), budgetLedger(pools[1]!)]
const takes = (ledger: BudgetLedger, id: string, now: number): Promise<{ waitMs: number; left: number }> => ledger.take(id, 'confirmShipment', rate, now)
async function emptied(id: string, now = start): Promise<void> {
  for (let number = 0; number < rate.burst; number += 1) await takes(ledgers()[0], id, now)
}

describe('the ledger of call budgets', () => {
  it('ends the call of an authorization that is no more', async () => {
    await expect(takes(ledgers()[0], newUuid(), start)).rejects.toMatchObject({ name: 'ChannelError', kind: 'cancelled', notSent: true })
  })

  it('gives a burst, then one call per refill, and says when and how many are left', async () => {
    const id = await authorization()
    const [ledger] = ledgers()
    const answers: unknown[] = []
    for (let number = 0; number < 11; number += 1) answers.push(await takes(ledger, id, start))
    expect(answers).toEqual([...[9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((left) => ({ waitMs: 0, left })), { waitMs: 500, left: 0 }])
    expect(await takes(ledger, id, start + 499)).toEqual({ waitMs: 1, left: 0 })
    expect(await takes(ledger, id, start + 500)).toEqual({ waitMs: 0, left: 0 })
    expect(await takes(ledger, id, start + 60_000)).toEqual({ waitMs: 0, left: 9 })
  })

  it('gives callers of two processes at the same instant no more than there is', async () => {
    const id = await authorization()
    const [one, other] = ledgers()
    const answers = await Promise.all(Array.from({ length: 30 }, (_, number) => takes(number % 2 === 0 ? one : other, id, start)))
    expect(answers.filter(({ waitMs }) => waitMs === 0)).toHaveLength(rate.burst)
    expect(new Set(answers.filter(({ waitMs }) => waitMs > 0).map(({ waitMs }) => waitMs))).toEqual(new Set([500]))
  })

  it('never gives two processes together more than burst + rate * t, whatever their clocks say', async () => {
    const step = fc.record({ process: fc.nat({ max: 1 }), pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 20_000 })), calls: fc.integer({ min: 1, max: 6 }) })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -5000, max: 5000 }), fc.array(step, { minLength: 5, maxLength: 25 }), async (skew, steps) => {
        const id = await authorization()
        let now = start
        const clocks = [() => new Date(now), () => new Date(now + skew)]
        const spender = { authorizationId: id, connectionId: 'connection' }
        const processes = ledgers().map((ledger, index) => new Quotas({ clock: clocks[index]!, ledger, log }))
        const asked: number[] = []
        let passed = 0
        for (const { process, pause, calls } of steps) {
          now += pause
          asked.push(clocks[process]!().getTime())
          const tries = Array.from({ length: calls }, () => processes[process]!.take(spender, 'confirmShipment', { signal, waitMs: 0 }))
          for (const tried of await Promise.allSettled(tries)) {
            if (tried.status === 'fulfilled') passed += 1
            else expect(tried.reason).toMatchObject({ kind: 'throttled' })
          }
        }
        const elapsed = Math.max(...asked) - asked[0]!
        expect(passed).toBeLessThanOrEqual(rate.burst + (rate.ratePerSecond * elapsed) / 1000 + 1e-6)
      }),
      { numRuns: 25 },
    )
  })

  it('counts as the ledger in memory does', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('take' as const), pause: fc.integer({ min: 0, max: 3000 }) }),
      fc.record({ kind: fc.constant('adjust' as const), rate: fc.double({ min: 0.1, max: 20, noNaN: true }) }),
      fc.record({ kind: fc.constant('drain' as const), closed: fc.integer({ min: 0, max: 4000 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const id = await authorization()
        const both = [ledgers()[0], new MemoryLedger()]
        let now = start
        for (const one of steps) {
          if (one.kind === 'take') now += one.pause
          const answers = await Promise.all(
            both.map(async (ledger) => {
              if (one.kind === 'adjust') return ledger.adjust(id, 'confirmShipment', one.rate, now)
              if (one.kind === 'drain') return ledger.drain(id, 'confirmShipment', now + one.closed, now)
              return takes(ledger, id, now)
            }),
          )
          if (one.kind !== 'take') continue
          const [stored, held] = answers as { waitMs: number; left: number }[]
          expect(stored!.waitMs === 0).toBe(held!.waitMs === 0)
          expect(Math.abs(stored!.waitMs - held!.waitMs)).toBeLessThanOrEqual(1)
          expect(stored!.left).toBe(held!.left)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('gives nothing after a 429 until the marketplace lets it, to any process', async () => {
    const id = await authorization()
    const [one, other] = ledgers()
    await takes(one, id, start)
    await one.drain(id, 'confirmShipment', start + 5000, start)
    expect(await takes(other, id, start + 1000)).toEqual({ waitMs: 4000, left: 0 })
    await other.drain(id, 'confirmShipment', start + 3000, start + 1000)
    expect(await takes(one, id, start + 4999)).toEqual({ waitMs: 1, left: 0 })
    expect((await takes(one, id, start + 5000)).waitMs).toBe(0)
  })

  it('refills at the rate that an answer told, from then on', async () => {
    const id = await authorization()
    const [one, other] = ledgers()
    await emptied(id)
    await one.adjust(id, 'confirmShipment', 0.5, start + 250)
    expect(await takes(other, id, start + 250)).toEqual({ waitMs: 1000, left: 0 })
    expect((await takes(other, id, start + 1250)).waitMs).toBe(0)
    expect((await takes(other, id, start + 1250)).waitMs).toBe(2000)
  })

  it('gains nothing from a clock that is behind, and says how long until it has caught up', async () => {
    const id = await authorization()
    const [one, other] = ledgers()
    await emptied(id, start + 3000)
    expect(await takes(other, id, start)).toEqual({ waitMs: 3500, left: 0 })
    expect((await takes(one, id, start + 3500)).waitMs).toBe(0)
  })

  it('counts each authorization and each operation by itself', async () => {
    const [id, another] = [await authorization(), await authorization()]
    const [ledger] = ledgers()
    await emptied(id)
    expect((await takes(ledger, another, start)).waitMs).toBe(0)
    expect((await ledger.take(id, 'getOrder', { ratePerSecond: 0.5, burst: 30 }, start)).left).toBe(29)
  })
})

describe('the callers of several processes', () => {
  const spenderOf = (authorizationId: string) => ({ authorizationId, connectionId: 'connection' })
  const processOver = (ledger: BudgetLedger, clock = () => new Date()): Quotas => new Quotas({ clock, ledger, log })

  it('finds what a killed process left, not a full budget', async () => {
    const id = await authorization()
    const killed = processOver(ledgers()[0], () => new Date(start))
    for (let number = 0; number < usableBurst(rate); number += 1) await killed.take(spenderOf(id), 'confirmShipment', { signal, waitMs: 0 })
    const after = processOver(ledgers()[1], () => new Date(start + 100))
    await expect(after.take(spenderOf(id), 'confirmShipment', { signal, waitMs: 0 })).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 400 })
  })

  it('waits for what another process has taken, and passes when it is there', async () => {
    const id = await authorization()
    const [one, other] = ledgers()
    const quick = { ratePerSecond: 20, burst: 1 }
    await one.take(id, 'getOrder', quick, Date.now())
    await one.adjust(id, 'getOrder', 20, Date.now())
    const startedAt = performance.now()
    await one.drain(id, 'getOrder', Date.now() + 60, Date.now())
    await processOver(other).take(spenderOf(id), 'getOrder', { signal, waitMs: 5000 })
    expect(performance.now() - startedAt).toBeGreaterThan(45)
  })

  it('tells a database that is away, as nothing sent, and goes on when it is back', async () => {
    const id = await authorization()
    const away = new pg.Pool({ ...database.config, port: 1, host: '127.0.0.1' })
    const [there] = ledgers()
    let ledger = budgetLedger(away)
    const quotas = processOver({
      take: (...asked) => ledger.take(...asked),
      adjust: (...told) => ledger.adjust(...told),
      drain: (...told) => ledger.drain(...told),
    })
    const take = (): Promise<number> => quotas.take(spenderOf(id), 'getOrder', { signal, waitMs: 1000 })
    await expect(take()).rejects.toMatchObject({ kind: 'unavailable', notSent: true })
    ledger = there
    await expect(take()).resolves.toBe(28)
    await away.end()
  })
})
