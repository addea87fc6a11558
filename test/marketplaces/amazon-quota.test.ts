import { setMaxListeners } from 'node:events'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { MemoryLedger } from '../../src/marketplaces/amazon/sp-api/memory-ledger.ts'
import { operations } from '../../src/marketplaces/amazon/sp-api/operations.ts'
import { Quotas, usableBurst } from '../../src/marketplaces/amazon/sp-api/quota.ts'
import type { BudgetLedger } from '../../src/marketplaces/channel.ts'

const signal = new AbortController().signal
setMaxListeners(0, signal)
const patient = { signal, waitMs: 60_000 }
const of = (authorizationId: string | null, connectionId = `connection of ${authorizationId}`) => ({ authorizationId, connectionId })
const a = of('a')
const b = of('b')
const log = pino({ level: 'silent' })
const quotasOver = (ledger: BudgetLedger = new MemoryLedger()): Quotas => new Quotas({ clock: systemClock, ledger, log })

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }))
afterEach(() => void vi.useRealTimers())

const settled = async (promise: Promise<number>): Promise<string> => {
  const state = promise.then(() => 'passed', (error: { kind: string }) => error.kind)
  return Promise.race([state, vi.advanceTimersByTimeAsync(0).then(() => 'waits')])
}
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (reason: unknown) => reason)
const spent = async (quotas: Quotas, spender: typeof a, operation: keyof typeof operations): Promise<void> => {
  for (let number = 0; number < usableBurst(operations[operation]); number += 1) await quotas.take(spender, operation, patient)
}

/** A ledger that counts who asks it, and answers a caller only when it is told to. */
class HeldLedger extends MemoryLedger {
  readonly asked: string[] = []
  held = new Set<string>()
  override take(...[id, operation, rate, now]: Parameters<BudgetLedger['take']>) {
    this.asked.push(id)
    return this.held.has(id) ? new Promise<never>(() => undefined) : super.take(id, operation, rate, now)
  }
}

describe('quotas', () => {
  it('lets no more than the burst and the rate arrive in any stretch, though the ways of calls differ by half a second', async () => {
    const journeys = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 40, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('confirmShipment' as const, 'getOrder' as const, 'patchListingsItem' as const), journeys, async (operation, ways) => {
        const quotas = quotasOver()
        const arrived: number[] = []
        for (const way of ways) void quotas.take(a, operation, { signal, waitMs: 3_600_000 }).then(() => arrived.push(Date.now() + way))
        await vi.advanceTimersByTimeAsync(120_000)
        arrived.sort((one, other) => one - other)
        const { ratePerSecond, burst } = operations[operation]
        for (const [from, start] of arrived.entries()) {
          for (let to = from; to < arrived.length; to += 1) expect(to - from + 1).toBeLessThanOrEqual(burst + (ratePerSecond * (arrived[to]! - start)) / 1000 + 1e-6)
        }
        expect(arrived).toHaveLength(ways.length)
      }),
      { numRuns: 30 },
    )
  })

  it('lets a burst pass at once, then one call per token, in the order they came', async () => {
    const quotas = quotasOver()
    const passed: number[] = []
    for (let number = 0; number < 14; number += 1) void quotas.take(a, 'confirmShipment', patient).then(() => passed.push(number))
    await vi.advanceTimersByTimeAsync(0)
    expect(passed).toHaveLength(9)
    await vi.advanceTimersByTimeAsync(500)
    expect(passed).toHaveLength(10)
    await vi.advanceTimersByTimeAsync(2000)
    expect(passed).toEqual(Array.from({ length: 14 }, (_, number) => number))
  })

  it('tells how many calls are left', async () => {
    const quotas = quotasOver()
    expect([await quotas.take(a, 'getOrder', patient), await quotas.take(a, 'getOrder', patient)]).toEqual([28, 27])
    expect(await quotas.take(b, 'getOrder', patient)).toBe(28)
  })

  it('lets the nearest ship-by pass first, those without one last, and equal ones in the order they came', async () => {
    const shipBys = fc.array(fc.option(fc.integer({ min: 0, max: 3 }).map((day) => new Date(Date.UTC(2026, 0, 2 + day)))), { minLength: 2, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(shipBys, async (waiting) => {
        const quotas = quotasOver()
        await spent(quotas, a, 'confirmShipment')
        const passed: number[] = []
        for (const [number, shipBy] of waiting.entries()) void quotas.take(a, 'confirmShipment', { ...patient, shipBy }).then(() => passed.push(number))
        await vi.advanceTimersByTimeAsync(500 * waiting.length + 10)
        const urgency = (number: number): number => waiting[number]?.getTime() ?? Number.POSITIVE_INFINITY
        const byUrgency = [...waiting.keys()].toSorted((one, other) => (urgency(one) === urgency(other) ? one - other : urgency(one) - urgency(other)))
        expect(passed).toEqual(byUrgency)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses the least urgent where one that comes later would make it wait too long', async () => {
    const quotas = quotasOver()
    await spent(quotas, a, 'confirmShipment')
    const shipBy = new Date(Date.UTC(2026, 0, 2))
    const idle = quotas.take(a, 'confirmShipment', { signal, waitMs: 700 })
    expect(await settled(idle)).toBe('waits')
    const urgent = quotas.take(a, 'confirmShipment', { signal, waitMs: 700, shipBy })
    await expect(idle).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 1000 })
    await vi.advanceTimersByTimeAsync(500)
    expect(await settled(urgent)).toBe('passed')
  })

  it('refuses at once what would wait too long, and says for how long', async () => {
    const quotas = quotasOver()
    await spent(quotas, a, 'searchOrders')
    const error = await failure(quotas.take(a, 'searchOrders', patient))
    expect(error).toMatchObject({ kind: 'throttled', notSent: true, httpStatus: null })
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeCloseTo(178_572, -2)
    expect(await settled(quotas.take(b, 'searchOrders', patient))).toBe('passed')
    expect(await settled(quotas.take(a, 'getOrder', patient))).toBe('passed')
  })

  it('asks the ledger once for all who wait, and never makes one authorization wait for another', async () => {
    const ledger = new HeldLedger()
    const quotas = quotasOver(ledger)
    await spent(quotas, a, 'confirmShipment')
    ledger.asked.length = 0
    const refused = Array.from({ length: 50 }, () => failure(quotas.take(a, 'confirmShipment', { signal, waitMs: 100 })))
    expect(await Promise.all(refused)).toEqual(Array.from({ length: 50 }, () => expect.objectContaining({ kind: 'throttled' })))
    expect(ledger.asked).toEqual(['a'])
    ledger.held.add('a')
    const held = quotas.take(a, 'confirmShipment', patient)
    expect(await settled(quotas.take(b, 'confirmShipment', patient))).toBe('passed')
    expect(await settled(held)).toBe('waits')
  })

  it('leaves at once when told to, even while the ledger does not answer', async () => {
    const ledger = new HeldLedger()
    ledger.held.add('a')
    const quotas = quotasOver(ledger)
    const leaving = new AbortController()
    const left = quotas.take(a, 'getOrder', { signal: leaving.signal, waitMs: 60_000 })
    leaving.abort()
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', notSent: true })
    await expect(quotas.take(a, 'getOrder', { signal: leaving.signal, waitMs: 60_000 })).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('gives the place of one who leaves to the next', async () => {
    const quotas = quotasOver()
    await spent(quotas, a, 'confirmShipment')
    const leaving = new AbortController()
    const left = quotas.take(a, 'confirmShipment', { signal: leaving.signal, waitMs: 60_000 })
    const next = quotas.take(a, 'confirmShipment', patient)
    await vi.advanceTimersByTimeAsync(0)
    leaving.abort()
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', notSent: true })
    await vi.advanceTimersByTimeAsync(500)
    expect(await settled(next)).toBe('passed')
  })

  it('after a 429 has nothing left until the other side lets it', async () => {
    const quotas = quotasOver()
    await quotas.take(a, 'getOrder', patient)
    expect(await quotas.throttled(a, 'getOrder', 5000)).toBe(5000)
    const waiting = quotas.take(a, 'getOrder', patient)
    expect(await settled(waiting)).toBe('waits')
    await vi.advanceTimersByTimeAsync(4999)
    expect(await settled(waiting)).toBe('waits')
    await vi.advanceTimersByTimeAsync(1)
    expect(await settled(waiting)).toBe('passed')
  })

  it('after a 429 that names no time waits for one refill', async () => {
    const quotas = quotasOver()
    await quotas.take(a, 'confirmShipment', patient)
    expect(await quotas.throttled(a, 'confirmShipment', null)).toBe(500)
    const waiting = quotas.take(a, 'confirmShipment', patient)
    await vi.advanceTimersByTimeAsync(499)
    expect(await settled(waiting)).toBe('waits')
    await vi.advanceTimersByTimeAsync(1)
    expect(await settled(waiting)).toBe('passed')
  })

  it('refuses those who wait already when a 429 puts their turn off too far', async () => {
    const quotas = quotasOver()
    await spent(quotas, a, 'confirmShipment')
    const waiting = quotas.take(a, 'confirmShipment', { signal, waitMs: 2000 })
    expect(await settled(waiting)).toBe('waits')
    const refused = failure(waiting)
    await quotas.throttled(a, 'confirmShipment', 30_000)
    expect(await refused).toMatchObject({ kind: 'throttled', retryAfterMs: 30_000 })
  })

  it('goes by the rate that the answers tell, also for those who wait', async () => {
    const quotas = quotasOver()
    await spent(quotas, a, 'getOrder')
    const waiting = quotas.take(a, 'getOrder', patient)
    expect(await settled(waiting)).toBe('waits')
    await quotas.adjust(a, 'getOrder', 10)
    await vi.advanceTimersByTimeAsync(100)
    expect(await settled(waiting)).toBe('passed')
  })

  it('tells the ledger a rate once, and again after ten minutes', async () => {
    const ledger = new MemoryLedger()
    const adjust = vi.spyOn(ledger, 'adjust')
    const quotas = quotasOver(ledger)
    for (let number = 0; number < 5; number += 1) {
      await quotas.take(a, 'getOrder', patient)
      await quotas.adjust(a, 'getOrder', 0.5)
    }
    expect(adjust).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(11 * 60_000)
    await quotas.adjust(a, 'getOrder', 0.5)
    expect(adjust).toHaveBeenCalledTimes(2)
  })

  it('makes the call fail as not sent where the ledger cannot be asked, and says nothing of what it was asked', async () => {
    const broken = Object.assign(new Error('connect ECONNREFUSED with secret'), { code: 'ECONNREFUSED' })
    const away = (): Promise<never> => Promise.reject(broken)
    const quotas = quotasOver({ take: away, adjust: away, drain: away })
    const both = [failure(quotas.take(a, 'getOrder', patient)), failure(quotas.take(a, 'getOrder', patient))]
    for (const error of await Promise.all(both)) {
      expect(error).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED', notSent: true })
      expect(String(error)).not.toContain('secret')
    }
    await expect(quotas.adjust(a, 'getOrder', 3)).resolves.toBeUndefined()
    await expect(quotas.throttled(a, 'getOrder', 4000)).resolves.toBe(4000)
  })

  it('shares the budget of connections of one authorization, and counts an account that is tried out by itself', async () => {
    const ledger = new HeldLedger()
    const quotas = quotasOver(ledger)
    await quotas.take(of('a', 'one'), 'getOrder', patient)
    expect(await quotas.take(of('a', 'other'), 'getOrder', patient)).toBe(27)
    expect(await quotas.take(of(null, 'one'), 'getOrder', patient)).toBe(28)
    expect(await quotas.take(of(null, 'one'), 'getOrder', patient)).toBe(27)
    expect(await quotas.take(of(null, 'a'), 'getOrder', patient)).toBe(28)
    expect(ledger.asked).toEqual(['a', 'a'])
  })

  it('forgets what has been idle for an hour', async () => {
    const ledger = new MemoryLedger()
    const quotas = quotasOver(ledger)
    for (let number = 0; number < 500; number += 1) await quotas.take(of(`authorization ${number}`), 'getOrder', patient)
    expect([quotas.size, ledger.size]).toEqual([500, 500])
    await vi.advanceTimersByTimeAsync(61 * 60_000)
    await quotas.take(of('another'), 'getOrder', patient)
    expect([quotas.size, ledger.size]).toEqual([1, 1])
  })
})
