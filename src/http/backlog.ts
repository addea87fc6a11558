import type { Writable } from 'node:stream'

/** What may wait to be sent to one client, beyond what the operating system holds for it. */
export const MOST_WAITING_BYTES = 64 * 1024

/** How far a client is behind what was written to it. One for each stream, however many subscriptions write to it. */
export class Backlog {
  readonly #stream: Writable
  #waiting: (() => void)[] = []

  constructor(stream: Writable) {
    this.#stream = stream
  }

  get isFull(): boolean {
    return this.#stream.writableLength > MOST_WAITING_BYTES
  }

  onceDrained(goOn: () => void): void {
    if (!this.#stream.writableNeedDrain) return void setImmediate(goOn)
    this.#waiting.push(goOn)
    if (this.#waiting.length > 1) return
    this.#stream.once('drain', () => {
      const waiting = this.#waiting
      this.#waiting = []
      for (const one of waiting) one()
    })
  }
}
