import type { Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import type { Claim, JobKind } from './cadences.ts'

/** What a run is handed. */
export interface RunContext {
  scope: Scope
  claim: Claim
  /** First in each transaction of the run: throws where this worker has lost its lock. */
  fence: (tx: Tx) => Promise<void>
  /** Ends it: the worker stops, or has lost its lock. */
  signal: AbortSignal
}

export interface RunFailure {
  /** Stable, for programs. */
  code: string
  /** For people; no secret, no personal data. */
  message: string
  /** Sooner than the next regular run; null: not before that. */
  retryInSeconds: number | null
}

/** A kind of cadence and what it does: a doorway that calls a verb. */
export interface CadenceDefinition {
  kind: JobKind
  run: (context: RunContext) => Promise<void>
  /** Calls of the marketplace that this run has made; told in its receipt. */
  calls: (context: RunContext) => number
  /** In the transaction that records the failure: what else follows from it. */
  failed: (tx: Tx, context: RunContext, failure: RunFailure) => Promise<void>
}

/** What the clock tells to look, about every second, on one worker or another. */
export interface Ticked {
  /** Unique; in words. */
  name: string
  /** Begins what is due, and returns without waiting for its end. Told again while it looks, it does not look twice. */
  tick(): Promise<void>
}

/** Something that works through rows which fall due, of no one connection, as far as this worker has room. */
export interface Pump extends Ticked {
  /** It has no room for more: other workers are to look as well. */
  readonly isFull: boolean
  /** Lets what is under way end for a while, then ends it; nothing is lost either way. */
  stop(graceMs: number): Promise<void>
}
