import { LRUCache } from 'lru-cache'

/** Of keys that are remembered at a time; one that was forgotten begins with a full bucket. */
const MOST_KEYS = 20_000

/**
 * Leaky buckets by key: so many at once, then so many a minute. What is remembered of a key is one number: the instant at which its
 * bucket will be full again (the generic cell rate algorithm).
 */
export class Buckets {
  readonly #interval: number
  readonly #tolerance: number
  readonly #fullAt = new LRUCache<string, number>({ max: MOST_KEYS })

  constructor(atOnce: number, aMinute: number) {
    this.#interval = 60_000 / aMinute
    this.#tolerance = (atOnce - 1) * this.#interval
  }

  /** Takes one; milliseconds until there is one where there is none, else 0. `now` in milliseconds, as all instants here. */
  take(key: string, now: number): number {
    const wait = this.wait(key, now)
    if (wait === 0) this.#fullAt.set(key, this.#of(key, now) + this.#interval)
    return wait
  }

  /** As `take`, without taking. */
  wait(key: string, now: number): number {
    return Math.max(0, Math.ceil(this.#of(key, now) - now - this.#tolerance))
  }

  giveBack(key: string, now: number): void {
    this.#fullAt.set(key, this.#of(key, now) - this.#interval)
  }

  #of(key: string, now: number): number {
    return Math.max(this.#fullAt.get(key) ?? now, now)
  }
}
