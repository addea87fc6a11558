/** What has come and was not taken yet. */
export class Inbox<T> {
  readonly #waiting: T[] = []
  #outcome: { error?: unknown } | null = null
  #changed: () => void = () => {}

  get size(): number {
    return this.#waiting.length
  }

  get closed(): boolean {
    return this.#outcome !== null
  }

  put(value: T): void {
    this.#waiting.push(value)
    this.#changed()
  }

  /** What is there may still be taken; then `error` is thrown, if there is one. The first close counts. */
  close(outcome: { error?: unknown } = {}): void {
    this.#outcome ??= outcome
    this.#changed()
  }

  /** The next, once it is there; undefined once closed and empty. For one taker at a time. */
  async take(): Promise<T | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#outcome?.error !== undefined) throw this.#outcome.error
      if (this.#outcome !== null) return undefined
      await new Promise<void>((resolve) => (this.#changed = resolve))
    }
    return this.#waiting.shift()
  }
}
