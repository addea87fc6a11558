import type { Clock } from '../../../kit/clock.ts'
import { minutes } from '../../../kit/clock.ts'
import { ChannelError, type QuotaReading } from '../../channel.ts'
import { TokenBucket } from './bucket.ts'
import { type Operation, operations } from './operations.ts'

interface Waiter {
  /** Milliseconds of the clock: later than this it would rather be refused at once. */
  latest: number
  grant(): void
  refuse(retryAfterMs: number): void
}

interface Gate {
  bucket: TokenBucket
  waiters: Waiter[]
  timer: NodeJS.Timeout | null
  usedAt: number
}

const idleAfter = minutes(60)

/**
 * A gate per connection and operation, as Amazon counts: its callers pass in the order they came, each when a token is there.
 * No gate knows of another, so no connection waits for another. A gate that has been idle for an hour is forgotten: by then its
 * bucket would be full again, as a new one is.
 */
export class Quotas {
  readonly #clock: Clock
  readonly #gates = new Map<string, Map<Operation, Gate>>()
  #sweptAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#sweptAt = this.#now()
  }

  /**
   * Resolves when the call may be made.
   * @throws ChannelError `throttled` as soon as it is clear that this would take longer than `waitMs`; `cancelled` by the signal.
   */
  take(connectionId: string, operation: Operation, { signal, waitMs }: { signal: AbortSignal; waitMs: number }): Promise<void> {
    if (signal.aborted) return Promise.reject(cancelled())
    this.#sweep()
    const gate = this.#gate(connectionId, operation)
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        gate.waiters.splice(gate.waiters.indexOf(waiter), 1)
        reject(cancelled())
        this.#pump(gate)
      }
      const waiter: Waiter = {
        latest: this.#now() + waitMs,
        grant: () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
        refuse: (retryAfterMs) => {
          signal.removeEventListener('abort', onAbort)
          const words = `${operation}: the call budget of this connection is used up`
          reject(new ChannelError('throttled', words, { retryAfterMs: Math.ceil(retryAfterMs) }))
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      gate.waiters.push(waiter)
      this.#pump(gate)
    })
  }

  /** The rate that an answer's x-amzn-RateLimit-Limit told. */
  adjust(connectionId: string, operation: Operation, ratePerSecond: number): void {
    const gate = this.#gate(connectionId, operation)
    if (gate.bucket.ratePerSecond === ratePerSecond) return
    gate.bucket.adjust(ratePerSecond, this.#now())
    this.#pump(gate)
  }

  /** A 429: whatever we counted, nothing is left. Answers the milliseconds until the next token. */
  throttled(connectionId: string, operation: Operation, retryAfterMs: number | null): number {
    const gate = this.#gate(connectionId, operation)
    const now = this.#now()
    gate.bucket.drain(now + (retryAfterMs ?? 1000 / gate.bucket.ratePerSecond), now)
    this.#pump(gate)
    return Math.ceil(gate.bucket.waitFor(1, now))
  }

  read(connectionId: string): QuotaReading[] {
    const now = this.#now()
    return [...(this.#gates.get(connectionId) ?? [])].map(([operation, { bucket }]) => {
      const closedUntil = bucket.closedUntil(now)
      return {
        operation,
        ratePerSecond: bucket.ratePerSecond,
        burst: bucket.burst,
        available: Math.floor(bucket.available(now)),
        throttledUntil: closedUntil === null ? null : new Date(closedUntil),
      }
    })
  }

  /** Gates in memory. */
  get size(): number {
    let size = 0
    for (const gates of this.#gates.values()) size += gates.size
    return size
  }

  #now(): number {
    return this.#clock().getTime()
  }

  #gate(connectionId: string, operation: Operation): Gate {
    let gates = this.#gates.get(connectionId)
    if (gates === undefined) this.#gates.set(connectionId, (gates = new Map()))
    let gate = gates.get(operation)
    if (gate === undefined) {
      const { ratePerSecond, burst } = operations[operation]
      gates.set(operation, (gate = { bucket: new TokenBucket(ratePerSecond, burst, this.#now()), waiters: [], timer: null, usedAt: 0 }))
    }
    gate.usedAt = this.#now()
    return gate
  }

  #pump(gate: Gate): void {
    if (gate.timer !== null) clearTimeout(gate.timer)
    gate.timer = null
    const now = this.#now()
    while (gate.waiters.length > 0 && gate.bucket.take(now)) gate.waiters.shift()!.grant()
    let place = 1
    gate.waiters = gate.waiters.filter((waiter) => {
      const wait = gate.bucket.waitFor(place, now)
      if (now + wait > waiter.latest) {
        waiter.refuse(wait)
        return false
      }
      place += 1
      return true
    })
    if (gate.waiters.length > 0) gate.timer = setTimeout(() => this.#pump(gate), Math.max(1, Math.ceil(gate.bucket.waitFor(1, now))))
  }

  #sweep(): void {
    const now = this.#now()
    if (now - this.#sweptAt < minutes(1)) return
    this.#sweptAt = now
    for (const [connectionId, gates] of this.#gates) {
      for (const [operation, gate] of gates) {
        if (gate.waiters.length === 0 && now - gate.usedAt > idleAfter && gate.bucket.closedUntil(now) === null) gates.delete(operation)
      }
      if (gates.size === 0) this.#gates.delete(connectionId)
    }
  }
}

const cancelled = (): ChannelError => new ChannelError('cancelled', 'the call was cancelled before it was made', { notSent: true })
