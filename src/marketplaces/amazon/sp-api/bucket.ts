/** What rounding of the refill may lack of a whole token. */
const tiny = 1e-9

/**
 * A token bucket: `burst` calls at once, refilled at `ratePerSecond`. Plain arithmetic over the instants it is given (milliseconds);
 * an instant before the last one refills nothing.
 */
export class TokenBucket {
  burst: number
  #rate: number
  #tokens: number
  #at: number
  #closedUntil = 0

  constructor(ratePerSecond: number, burst: number, now: number) {
    this.burst = burst
    this.#rate = ratePerSecond
    this.#tokens = burst
    this.#at = now
  }

  available(now: number): number {
    this.#refill(now)
    return this.#closedUntil > now ? 0 : this.#tokens
  }

  /** Takes one call's token where there is one. */
  take(now: number): boolean {
    if (this.available(now) < 1 - tiny) return false
    this.#tokens = Math.max(0, this.#tokens - 1)
    return true
  }

  /** Milliseconds until `count` tokens will have come, if none is taken meanwhile but by those who wait. */
  waitFor(count: number, now: number): number {
    this.#refill(now)
    const refill = Math.max(0, ((count - this.#tokens) / this.#rate) * 1000)
    return Math.max(refill, this.#closedUntil - now, 0)
  }

  /** From now on refilled at another rate; what has come so far came at the former. */
  adjust(ratePerSecond: number, now: number): void {
    this.#refill(now)
    this.#rate = ratePerSecond
  }

  /** The other side says that nothing is left, and nothing will be before `until`. */
  drain(until: number, now: number): void {
    this.#refill(now)
    this.#tokens = 0
    this.#closedUntil = Math.max(this.#closedUntil, until)
  }

  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#at)
    this.#tokens = Math.min(this.burst, this.#tokens + (elapsed / 1000) * this.#rate)
    this.#at = now
  }
}
