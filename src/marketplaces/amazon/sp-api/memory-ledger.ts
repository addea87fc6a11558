import { minutes } from '../../../kit/clock.ts'
import type { BudgetLedger, CallRate } from '../../channel.ts'
import { TokenBucket } from './bucket.ts'

interface Entry {
  bucket: TokenBucket
  usedAt: number
}

const idleAfter = minutes(60)

/** Budgets of this process alone. One that is full and has been idle for an hour is forgotten: a new one is the same. */
export class MemoryLedger implements BudgetLedger {
  readonly #entries = new Map<string, Entry>()
  #sweptAt = 0

  /** Budgets in memory. */
  get size(): number {
    return this.#entries.size
  }

  take(authorizationId: string, operation: string, rate: CallRate, now: number): Promise<{ waitMs: number; left: number }> {
    this.#sweep(now)
    const key = keyOf(authorizationId, operation)
    let entry = this.#entries.get(key)
    if (entry === undefined) this.#entries.set(key, (entry = { bucket: new TokenBucket(rate.ratePerSecond, rate.burst, now), usedAt: now }))
    entry.usedAt = now
    const { bucket } = entry
    bucket.burst = rate.burst
    const waitMs = bucket.take(now) ? 0 : Math.max(1, Math.ceil(bucket.waitFor(1, now)))
    return Promise.resolve({ waitMs, left: Math.floor(bucket.available(now)) })
  }

  adjust(authorizationId: string, operation: string, ratePerSecond: number, now: number): Promise<void> {
    this.#entries.get(keyOf(authorizationId, operation))?.bucket.adjust(ratePerSecond, now)
    return Promise.resolve()
  }

  drain(authorizationId: string, operation: string, until: number, now: number): Promise<void> {
    this.#entries.get(keyOf(authorizationId, operation))?.bucket.drain(until, now)
    return Promise.resolve()
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < minutes(1)) return
    this.#sweptAt = now
    for (const [key, { bucket, usedAt }] of this.#entries) {
      if (now - usedAt > idleAfter && bucket.available(now) >= bucket.burst) this.#entries.delete(key)
    }
  }
}

const keyOf = (authorizationId: string, operation: string): string => `${authorizationId} ${operation}`
