import { randomUUID } from 'node:crypto'
import type { Scope } from '../auth/scope.ts'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import type { Clock } from '../kit/clock.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { type Claim, claimDue, fence, heartbeat, type JobKind, LOCK_SECONDS, LockLost, releaseCadence } from './cadences.ts'
import type { CadenceDefinition, RunContext, RunFailure } from './define.ts'
import { finishRun } from './runs.store.ts'

interface Running {
  claim: Claim
  abort: AbortController
  done: Promise<void>
}

const HEARTBEAT_MS = (LOCK_SECONDS * 1000) / 4

/** Runs what is due, as far as this worker has room. Agenda ticks it; the rows say what is due. */
export class Runner {
  readonly #process: { db: Database; clock: Clock; log: Log; metrics: Metrics; concurrency: number; failureOf: (error: unknown) => RunFailure }
  readonly #definitions: ReadonlyMap<JobKind, CadenceDefinition>
  readonly #running = new Map<string, Running>()
  /** Kinds of which more may be due than there was room for. */
  readonly #waiting = new Set<JobKind>()
  readonly #looks = new Set<Promise<void>>()
  readonly #heart: NodeJS.Timeout
  #claiming = 0
  #stopping = false

  constructor(definitions: readonly CadenceDefinition[], process: { db: Database; clock: Clock; log: Log; metrics: Metrics; concurrency: number; failureOf: (error: unknown) => RunFailure }) {
    this.#process = process
    this.#definitions = new Map(definitions.map((one) => [one.kind, one]))
    this.#heart = setInterval(() => void this.#beat(), HEARTBEAT_MS)
  }

  /** Claims what is due of a kind and starts it; returns once it is started, not once it is done. */
  async tick(kind: JobKind): Promise<void> {
    const definition = this.#definitions.get(kind)
    if (this.#stopping || definition === undefined) return
    this.#waiting.delete(kind)
    const room = this.#process.concurrency - this.#running.size - this.#claiming
    if (room < 1) {
      this.#waiting.add(kind)
      return
    }
    const look = this.#claim(definition, room)
    this.#looks.add(look)
    await look.finally(() => this.#looks.delete(look))
  }

  async #claim(definition: CadenceDefinition, room: number): Promise<void> {
    this.#claiming += room // other kinds' ticks run at the same time
    try {
      const claims = await claimDue(this.#process.db.pool, definition.kind, room)
      for (const claim of claims) this.#start(definition, claim)
      if (claims.length === room) this.#waiting.add(definition.kind)
    } finally {
      this.#claiming -= room
    }
  }

  /** Lets the runs end by themselves for a while, then ends them; what is left over falls due at once, for another worker. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    await Promise.allSettled(this.#looks)
    const running = [...this.#running.values()]
    const timer = setTimeout(() => running.forEach(({ abort }) => abort.abort(new Error('the worker stops'))), graceMs)
    await Promise.all(running.map(({ done }) => done))
    clearTimeout(timer)
    clearInterval(this.#heart)
  }

  #start(definition: CadenceDefinition, claim: Claim): void {
    const abort = new AbortController()
    const done = this.#execute(definition, claim, abort.signal).finally(() => {
      this.#running.delete(claim.token)
      this.#lookAgain()
    })
    this.#running.set(claim.token, { claim, abort, done })
    if (this.#stopping) abort.abort(new Error('the worker stops'))
  }

  // One worker gets each tick of the clock: if only ticks brought work, all workers together would do no more than one has room
  // for in a second. The kind that looked last stands last, so that none keeps the room to itself.
  #lookAgain(): void {
    const kinds = [...this.#waiting] // a kind that finds no room stands in the set again at once
    for (const kind of kinds) {
      this.tick(kind).catch((error: unknown) => this.#process.log.warn({ err: error, kind }, 'a look failed; the next tick looks again'))
    }
  }

  async #execute(definition: CadenceDefinition, claim: Claim, signal: AbortSignal): Promise<void> {
    const { db, clock, log, metrics, failureOf } = this.#process
    const { kind, runId, connectionId } = claim
    const runLog = log.child({ runId, kind, connectionId })
    const scope: Scope = {
      // A job acts for one customer alone.
      tenant: [claim.customerId], actor: { id: `job:${kind}`, name: words[kind], role: 'OPERATOR' }, db, clock, log: runLog, requestId: runId,
    }
    const context: RunContext = { scope, claim, fence: (tx) => fence(tx, claim), signal }
    const started = performance.now()
    metrics.lateness.observe({ kind }, Math.max(0, (clock().getTime() - claim.nextRunAt.getTime()) / 1000))
    let failure: RunFailure | null = null
    try {
      await definition.run(context)
    } catch (error) {
      if (error instanceof LockLost) {
        runLog.warn('lost the lock: another worker has it')
        return
      }
      failure = signal.aborted ? { code: 'WORKER_STOPPED', message: 'The worker stopped; the run starts again.', retryInSeconds: 0 } : failureOf(error)
      if (failure.code === 'INTERNAL') runLog.error({ err: error }, 'run failed')
      else runLog.warn({ code: failure.code }, failure.message)
    }
    const outcome = failure?.code ?? 'SUCCEEDED'
    metrics.runs.observe({ kind, outcome }, (performance.now() - started) / 1000)
    await transaction(db.pool, async (tx) => {
      if (!(await releaseCadence(tx, claim, failure?.retryInSeconds ?? null))) return
      await finishRun(tx, runId, definition.calls(context), failure)
      if (failure !== null && failure.code !== 'WORKER_STOPPED') await definition.failed(tx, context, failure)
    }).catch((error: unknown) => runLog.error({ err: error }, 'the end of the run is not recorded: it will be retaken'))
    runLog.debug({ outcome }, 'run ended')
  }

  async #beat(): Promise<void> {
    const running = [...this.#running.values()]
    if (running.length === 0) return
    try {
      const kept = await heartbeat(this.#process.db.pool, running.map(({ claim }) => claim))
      for (const { claim, abort } of running) {
        if (!kept.has(claim.token) && this.#running.has(claim.token)) abort.abort(new LockLost(claim))
      }
    } catch (error) {
      this.#process.log.warn({ err: error }, 'heartbeat failed')
    }
  }
}

/** Who acts, as histories show it. */
const words: Readonly<Record<JobKind, string>> = {
  IMPORT_ORDERS: 'order import',
  SWEEP_ORDERS: 'nightly sweep',
  SEND_TRACKING: 'tracking update',
  CONFIRM_TRACKING: 'tracking read-back',
  SYNC_INVENTORY: 'inventory sync',
}

export const newWorkerName = (): string => `worker-${randomUUID().slice(0, 8)}`
