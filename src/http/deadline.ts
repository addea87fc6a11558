import { seconds } from '../kit/clock.ts'
import { EndedEarly } from '../kit/errors.ts'

/** What a query waits for beside the database may need this long to notice that it was ended; nobody waits longer for it. */
const GRACE_MS = seconds(1)

const gone = new EndedEarly('CLIENT_GONE', 'Nobody waits for the answer any more')

/**
 * How long a query may take. It counts from `start` on, which is called for queries alone: a mutation that was ended in its middle
 * would leave its caller without knowing what it did, so it always runs to its end.
 */
export class Deadline {
  /** Kept once the time is over and nothing has come of the query all the same. */
  readonly overdue: Promise<void>
  readonly #controller = new AbortController()
  readonly #seconds: number
  #timer: NodeJS.Timeout | undefined
  #setOverdue!: () => void

  constructor(after: number) {
    this.#seconds = after
    this.overdue = new Promise((resolve) => (this.#setOverdue = resolve))
  }

  /** Aborted with an EndedEarly. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Null while it is not. */
  get ended(): EndedEarly | null {
    return this.signal.aborted ? (this.signal.reason as EndedEarly) : null
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#controller.abort(new EndedEarly('TIMEOUT', `The query took longer than ${this.#seconds} s and was ended`))
      this.#timer = setTimeout(this.#setOverdue, GRACE_MS)
    }, seconds(this.#seconds))
  }

  /** Nobody waits for it any more: it has been answered, or its client has gone. */
  leave(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#controller.abort(gone)
  }
}
