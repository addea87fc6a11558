/** So long the process may write to subscribers before it looks after everything else. */
const SLICE_MS = 8

/**
 * Whoever has much to write takes turns: first come, first served, for a few milliseconds of each round of the event loop. It is also what
 * gathers writes under load: the longer one waits and writes, the more events are on the next page.
 */
export class Turns {
  #waiting: (() => void)[] = []
  #begun = false

  /** Resolves when it is the caller's turn, which lasts until it awaits something. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#begun) return
      this.#begun = true
      setImmediate(() => void this.#serve())
    })
  }

  /** Whether a turn that began then has lasted long enough. */
  over(begunAt: number): boolean {
    return performance.now() - begunAt >= SLICE_MS
  }

  async #serve(): Promise<void> {
    const begunAt = performance.now()
    let served = 0
    while (served < this.#waiting.length && !this.over(begunAt)) {
      this.#waiting[served++]!()
      await undefined // the caller runs up to its next await, before this goes on
    }
    this.#waiting = this.#waiting.slice(served)
    this.#begun = this.#waiting.length > 0
    if (this.#begun) setImmediate(() => void this.#serve())
  }
}
