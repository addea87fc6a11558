import type { Socket } from 'node:net'

type Stream = Pick<Socket, 'bytesWritten' | 'writableLength'>

/** Whether somebody is at the other end: it was heard, or it takes what it is sent, if only slowly. */
export class SignsOfLife {
  readonly #stream: Stream
  readonly #everyMs: number
  #heardAt: number
  #toldAt: number
  #taken = 0

  constructor(stream: Stream, everyMs: number, now: number) {
    this.#stream = stream
    this.#everyMs = everyMs
    this.#heardAt = this.#toldAt = now
  }

  heard(now: number): void {
    this.#heardAt = now
  }

  /** It is time to send a sign, to which a living client answers. */
  due(now: number): boolean {
    if (now - this.#toldAt < this.#everyMs) return false
    this.#toldAt = now
    return true
  }

  /** Neither heard of nor seen to take anything, for two signs in a row. */
  isSilent(now: number): boolean {
    const taken = this.#stream.bytesWritten - this.#stream.writableLength
    if (taken !== this.#taken && this.#stream.writableLength > 0) this.#heardAt = now
    this.#taken = taken
    return now - this.#heardAt > 2 * this.#everyMs
  }
}
