import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import { LRUCache } from 'lru-cache'

/** Of addresses that are remembered at a time; one that was forgotten begins anew. */
const MOST_KEYS = 5000

interface Window {
  since: number
  count: number
}

/** Requests by address within a time, for @fastify/rate-limit: by the stopwatch, as its own store lets a minute last for hours where the machine's clock is set back by hours. */
export class Windows implements FastifyRateLimitStore {
  readonly #windows = new LRUCache<string, Window>({ max: MOST_KEYS })

  incr(key: string, callback: (error: null, result: { current: number; ttl: number }) => void, timeWindow: number): void {
    const now = performance.now()
    let window = this.#windows.get(key)
    if (window === undefined || window.since + timeWindow <= now) this.#windows.set(key, (window = { since: now, count: 0 }))
    window.count++
    callback(null, { current: window.count, ttl: Math.ceil(window.since + timeWindow - now) })
  }

  child(): Windows {
    return new Windows()
  }
}
