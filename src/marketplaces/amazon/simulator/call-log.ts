import type { FaultKind } from './faults.ts'
import type { Operation } from './quota.ts'

export interface RecordedCall {
  /** ISO 8601, on the simulator's clock. */
  at: string
  operation: Operation | 'unknown'
  /** Null where the call did not tell whose it is. */
  sellerId: string | null
  /** The order's number or the SKU it was about; null for a search and a token. */
  subject: string | null
  /** HTTP status; 0 where the connection was cut instead of an answer. */
  status: number
  durationMs: number
  requestId: string
  /** Kinds of the faults that it met. */
  faults: FaultKind[]
}

const KEPT = 20_000

/** The last 20,000 calls, and the count of all. */
export class CallLog {
  #ring: RecordedCall[] = []
  #oldest = 0
  counts: Partial<Record<RecordedCall['operation'], number>> = {}

  add(call: RecordedCall): void {
    this.counts[call.operation] = (this.counts[call.operation] ?? 0) + 1
    if (this.#ring.length < KEPT) this.#ring.push(call)
    else {
      this.#ring[this.#oldest] = call
      this.#oldest = (this.#oldest + 1) % KEPT
    }
  }

  clear(): void {
    this.#ring = []
    this.#oldest = 0
    this.counts = {}
  }

  /** Oldest first. */
  list(wanted: (call: RecordedCall) => boolean): RecordedCall[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)].filter(wanted)
  }
}
