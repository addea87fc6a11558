import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/kit/clock.ts'
import { Quotas } from '../../src/marketplaces/amazon/sp-api/quota.ts'

const signal = new AbortController().signal
const patient = { signal, waitMs: 60_000 }

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }))
afterEach(() => void vi.useRealTimers())

const settled = async (promise: Promise<void>): Promise<string> => {
  const state = promise.then(() => 'passed', (error: { kind: string }) => error.kind)
  return Promise.race([state, vi.advanceTimersByTimeAsync(0).then(() => 'waits')])
}

describe('quotas', () => {
  it('lets a burst pass at once, then one call per token, in the order they came', async () => {
    const quotas = new Quotas(systemClock)
    const passed: number[] = []
    for (let number = 0; number < 14; number += 1) void quotas.take('a', 'confirmShipment', patient).then(() => passed.push(number))
    await vi.advanceTimersByTimeAsync(0)
    expect(passed).toHaveLength(10)
    await vi.advanceTimersByTimeAsync(500)
    expect(passed).toHaveLength(11)
    await vi.advanceTimersByTimeAsync(1500)
    expect(passed).toEqual(Array.from({ length: 14 }, (_, number) => number))
  })

  it('refuses at once what would wait too long, and says for how long', async () => {
    const quotas = new Quotas(systemClock)
    for (let number = 0; number < 20; number += 1) await quotas.take('a', 'searchOrders', patient)
    const error: unknown = await quotas.take('a', 'searchOrders', patient).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'throttled', notSent: true, httpStatus: null })
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeCloseTo(178_572, -2)
    expect(await settled(quotas.take('b', 'searchOrders', patient))).toBe('passed')
    expect(await settled(quotas.take('a', 'getOrder', patient))).toBe('passed')
  })

  it('after a 429 has nothing left until the other side lets it, and tells so', async () => {
    const quotas = new Quotas(systemClock)
    await quotas.take('a', 'getOrder', patient)
    const until = new Date(Date.now() + 5000)
    expect(quotas.throttled('a', 'getOrder', 5000)).toBe(5000)
    expect(quotas.read('a')).toEqual([{ operation: 'getOrder', ratePerSecond: 0.5, burst: 30, available: 0, throttledUntil: until }])
    const waiting = quotas.take('a', 'getOrder', patient)
    expect(await settled(waiting)).toBe('waits')
    await vi.advanceTimersByTimeAsync(5000)
    expect(await settled(waiting)).toBe('passed')
    expect(quotas.read('a')[0]?.throttledUntil).toBeNull()
  })

  it('refuses those who wait already when a 429 puts their turn off too far', async () => {
    const quotas = new Quotas(systemClock)
    for (let number = 0; number < 10; number += 1) await quotas.take('a', 'confirmShipment', patient)
    const waiting = quotas.take('a', 'confirmShipment', { signal, waitMs: 2000 })
    expect(await settled(waiting)).toBe('waits')
    quotas.throttled('a', 'confirmShipment', 30_000)
    await expect(waiting).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 30_000 })
  })

  it('goes by the rate that the answers tell, also for those who wait', async () => {
    const quotas = new Quotas(systemClock)
    for (let number = 0; number < 30; number += 1) await quotas.take('a', 'getOrder', patient)
    const waiting = quotas.take('a', 'getOrder', patient)
    quotas.adjust('a', 'getOrder', 10)
    await vi.advanceTimersByTimeAsync(100)
    expect(await settled(waiting)).toBe('passed')
  })

  it('gives the place of one who leaves to the next', async () => {
    const quotas = new Quotas(systemClock)
    for (let number = 0; number < 10; number += 1) await quotas.take('a', 'confirmShipment', patient)
    const leaving = new AbortController()
    const left = quotas.take('a', 'confirmShipment', { signal: leaving.signal, waitMs: 60_000 })
    const next = quotas.take('a', 'confirmShipment', patient)
    leaving.abort()
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', notSent: true })
    await vi.advanceTimersByTimeAsync(500)
    expect(await settled(next)).toBe('passed')
  })

  it('forgets what has been idle for an hour', async () => {
    const quotas = new Quotas(systemClock)
    for (let number = 0; number < 500; number += 1) await quotas.take(`connection ${number}`, 'getOrder', patient)
    expect(quotas.size).toBe(500)
    await vi.advanceTimersByTimeAsync(61 * 60_000)
    await quotas.take('another', 'getOrder', patient)
    expect(quotas.size).toBe(1)
  })
})
