import { randomUUID } from 'node:crypto'
import type { Scope } from '../auth/scope.ts'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import type { Clock } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { failed, type Span, traced } from '../observability/trace.ts'
import { type Claim, claimDue, endRuns, fence, heartbeat, type JobKind, kindsDue, LOCK_SECONDS, LockLost, type RunEnd } from './cadences.ts'
import type { CadenceDefinition, RunContext, RunFailure, Ticked } from './define.ts'
import { passOn } from './pass-on.ts'
import { byTaken, roomFor } from './room.ts'

interface Running {
  claim: Claim
  abort: AbortController
  done: Promise<void>
}

/** A kind that is being claimed. */
interface Look {
  done: Promise<void>
  /** Somebody asked meanwhile. */
  again: boolean
  /** Other workers look at the same time. */
  shares: boolean
  /** Other workers are to hear where there may be more. */
  passesOn: boolean
}

interface RunnerProcess {
  db: Database
  clock: Clock
  log: Log
  metrics: Metrics
  /** Runs at a time. */
  concurrency: number
  failureOf: (error: unknown) => RunFailure
}

const HEARTBEAT_MS = (LOCK_SECONDS * 1000) / 4

/** Runs what is due, as far as this worker has room. The clock ticks it; the rows say what is due. */
export class Runner implements Ticked {
  readonly name = 'runs'
  readonly #process: RunnerProcess
  readonly #definitions: ReadonlyMap<JobKind, CadenceDefinition>
  readonly #running = new Map<string, Running>()
  /** Of each kind: how many run or are being claimed. */
  readonly #taken: Map<JobKind, number>
  /** Kinds of which more may be due than there was room for; the one that looked last stands last. */
  readonly #waiting = new Set<JobKind>()
  readonly #looks = new Map<JobKind, Look>()
  /** Which kinds are due. */
  #asking = false
  readonly #ended: RunEnd[] = []
  #recorded: Promise<void> = Promise.resolve()
  #soon = false
  readonly #heart: NodeJS.Timeout
  #beating = false
  #stopping = false

  constructor(definitions: readonly CadenceDefinition[], process: RunnerProcess) {
    this.#process = process
    this.#definitions = new Map(definitions.map((one) => [one.kind, one]))
    this.#taken = new Map(definitions.map((one) => [one.kind, 0]))
    this.#heart = setInterval(() => void this.#beat(), HEARTBEAT_MS)
  }

  /** Claims what is due and starts it; returns once it is started, not once it is done. Where there may be more of a kind, other workers hear of it. */
  async tick(): Promise<void> {
    if (this.#stopping || this.#asking) return
    this.#asking = true
    const due = await kindsDue(this.#process.db.pool).finally(() => (this.#asking = false))
    await Promise.all(due.map((kind) => this.#look(kind, { shares: true, passesOn: true })))
  }

  /** As tick, of a kind that another worker has more of than it has room for. */
  hear(kind: JobKind): Promise<void> {
    return this.#look(kind, { shares: true, passesOn: false })
  }

  /** Lets the runs end by themselves for a while, then ends them; what is left over falls due at once, for another worker. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    await Promise.allSettled([...this.#looks.values()].map(({ done }) => done))
    const running = [...this.#running.values()]
    const timer = setTimeout(() => running.forEach(({ abort }) => abort.abort(new Error('the worker stops'))), graceMs)
    await Promise.all(running.map(({ done }) => done))
    clearTimeout(timer)
    clearInterval(this.#heart)
  }

  #look(kind: JobKind, { shares, passesOn }: Pick<Look, 'shares' | 'passesOn'>): Promise<void> {
    const definition = this.#definitions.get(kind)
    if (this.#stopping || definition === undefined) return Promise.resolve()
    let look = this.#looks.get(kind)
    if (look === undefined) {
      this.#looks.set(kind, (look = { done: Promise.resolve(), again: false, shares, passesOn }))
      look.done = this.#claimAll(definition, look)
    } else {
      look.again = true // what room is made meanwhile is filled at one stroke
      look.shares ||= shares
      look.passesOn ||= passesOn
    }
    return look.done
  }

  /** First half of the room where others look as well: so workers share what is due by the room that each of them has. */
  async #claimAll(definition: CadenceDefinition, look: Look): Promise<void> {
    const { kind } = definition
    const { db, concurrency } = this.#process
    this.#waiting.delete(kind)
    try {
      do {
        look.again = false
        const room = roomFor(kind, concurrency, this.#taken)
        const share = look.shares ? Math.ceil(room / 2) : room
        look.shares = false
        const claimed = share === 0 ? 0 : await this.#claim(definition, share)
        if (claimed < share) continue // that was all
        if (share === 0) this.#waiting.add(kind)
        else look.again = true
        // One worker gets each tick: if it kept to itself that there is more, the others would stand idle.
        if (look.passesOn) {
          look.passesOn = false
          await passOn(db.pool, kind)
        }
      } while (look.again && !this.#stopping)
    } finally {
      this.#looks.delete(kind)
    }
  }

  async #claim(definition: CadenceDefinition, share: number): Promise<number> {
    this.#take(definition.kind, share) // other kinds look at the same time
    try {
      const claims = await claimDue(this.#process.db.pool, definition.kind, share)
      for (const claim of claims) this.#start(definition, claim)
      return claims.length
    } finally {
      this.#take(definition.kind, -share)
    }
  }

  #take(kind: JobKind, places: number): void {
    this.#taken.set(kind, this.#taken.get(kind)! + places)
  }

  #start(definition: CadenceDefinition, claim: Claim): void {
    const abort = new AbortController()
    const { kind, runId, connectionId, trigger } = claim
    const attributes = { 'cartage.job.kind': kind, 'cartage.job.trigger': trigger, 'cartage.run_id': runId, 'cartage.connection_id': connectionId }
    this.#take(kind, 1)
    const done = traced(`run ${kind}`, { attributes }, (span) => this.#execute(definition, claim, abort.signal, span)).finally(() => {
      this.#running.delete(claim.token)
      this.#take(kind, -1)
      this.#lookAgain()
    })
    this.#running.set(claim.token, { claim, abort, done })
    if (this.#stopping) abort.abort(new Error('the worker stops'))
  }

  // If only ticks brought work, all workers together would do no more than one has room for in a second. Runs that were recorded together end together: their room is filled at one stroke.
  #lookAgain(): void {
    if (this.#soon) return
    this.#soon = true
    setImmediate(() => {
      this.#soon = false
      for (const kind of byTaken(this.#waiting, this.#taken)) {
        this.#look(kind, { shares: false, passesOn: false }).catch((error: unknown) => this.#process.log.warn({ causes: causes(error), kind }, 'a look failed; the next tick looks again'))
      }
    })
  }

  async #execute(definition: CadenceDefinition, claim: Claim, signal: AbortSignal, span: Span): Promise<void> {
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
    if (failure !== null) failed(span, failure.code)
    const outcome = failure?.code ?? 'SUCCEEDED'
    metrics.runs.observe({ kind, outcome }, (performance.now() - started) / 1000)
    await this.#record(definition, context, { claim, calls: definition.calls(context), failure })
      .catch((error: unknown) => runLog.error({ causes: causes(error) }, 'the end of the run is not recorded: it will be retaken'))
    runLog.debug({ outcome }, 'run ended')
  }

  /** What succeeded while others were recorded is recorded together. */
  async #record(definition: CadenceDefinition, context: RunContext, end: RunEnd): Promise<void> {
    const { pool } = this.#process.db
    const { failure } = end
    if (failure !== null) {
      return transaction(pool, async (tx) => {
        const held = await endRuns(tx, [end])
        if (held.size > 0 && failure.code !== 'WORKER_STOPPED') await definition.failed(tx, context, failure)
      })
    }
    this.#ended.push(end)
    this.#recorded = this.#recorded.then(() => this.#recordSuccesses(this.#ended.splice(0)))
    await this.#recorded
  }

  async #recordSuccesses(ends: readonly RunEnd[]): Promise<void> {
    if (ends.length === 0) return // others have recorded it
    const { db, log } = this.#process
    await endRuns(db.pool, ends)
      .catch((error: unknown) => log.error({ causes: causes(error), runIds: ends.map(({ claim }) => claim.runId) }, 'the end of these runs is not recorded: they will be retaken'))
  }

  async #beat(): Promise<void> {
    const running = [...this.#running.values()]
    if (running.length === 0 || this.#beating) return
    this.#beating = true
    try {
      const kept = await heartbeat(this.#process.db.pool, running.map(({ claim }) => claim))
      for (const { claim, abort } of running) {
        if (!kept.has(claim.token) && this.#running.has(claim.token)) abort.abort(new LockLost(claim))
      }
    } catch (error) {
      this.#process.log.warn({ err: error }, 'heartbeat failed')
    } finally {
      this.#beating = false
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
