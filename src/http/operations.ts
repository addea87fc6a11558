import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Span } from '../observability/trace.ts'

export interface OperationOutcome {
  operation: { kind: string; name: string | undefined } | undefined
  /** From performance.now(). */
  startedAt: number
  failed: boolean
  transport: 'http' | 'websocket' | 'sse'
  log: Log
}

/** Clients name their operations: only so many names become labels of a metric. */
const MOST_NAMES = 200

/** Measures operations, and writes one line for each: never its variables. */
export class Operations {
  readonly #metrics: Metrics
  readonly #names = new Set<string>()

  constructor(metrics: Metrics) {
    this.#metrics = metrics
  }

  /** Names the span that an operation is traced by. `hash` is its document's: the document itself may have values in it. */
  traced(span: Span, { kind, name }: { kind: string; name: string | undefined }, hash: string): void {
    span.updateName(`${kind} ${this.#label(name?.slice(0, 100) ?? null)}`)
    span.setAttributes({ 'graphql.operation.type': kind, 'graphql.document.hash': hash, ...(name !== undefined && { 'graphql.operation.name': name.slice(0, 100) }) })
  }

  ended({ operation, startedAt, failed, transport, log }: OperationOutcome): void {
    const ms = performance.now() - startedAt
    const kind = operation?.kind ?? 'unknown'
    const name = operation?.name?.slice(0, 100) ?? null
    const outcome = failed ? 'error' : 'ok'
    this.#metrics.requests.observe({ operation: this.#label(name), kind, outcome }, ms / 1000)
    log.info({ operation: name, kind, outcome, transport, ms: Math.round(ms * 10) / 10 }, 'operation')
  }

  #label(name: string | null): string {
    if (name === null) return 'anonymous'
    if (this.#names.size < MOST_NAMES) this.#names.add(name)
    return this.#names.has(name) ? name : 'other'
  }
}
