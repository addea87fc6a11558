import type { Clock } from '../../../kit/clock.ts'
import { minutes } from '../../../kit/clock.ts'
import type { Log } from '../../../observability/log.ts'
import type { BudgetLedger, CallRate, ChannelAccount } from '../../channel.ts'
import { Gate, type Turn } from './gate.ts'
import { MemoryLedger } from './memory-ledger.ts'
import { type Operation, operations } from './operations.ts'

/** Whose budget a call is taken from. */
export type Spender = Pick<ChannelAccount, 'authorizationId' | 'connectionId'>

interface Entry {
  gate: Gate
  /** What an answer last told, and when the ledger heard of it. */
  told: { ratePerSecond: number; at: number } | null
  ledger: BudgetLedger
  key: string
}

/** By how much the ways of two calls to Amazon may differ, connecting included: calls that left in time arrive closer together. */
const JOURNEY_SECONDS = 0.5

/** What may go out at once, so that no more than `burst` arrive at once: what refills while calls are on their way is kept back. */
export const usableBurst = ({ ratePerSecond, burst }: CallRate): number => Math.max(1, burst - Math.ceil(ratePerSecond * JOURNEY_SECONDS))

const idleAfter = minutes(60)
/** Another process may have told the ledger another rate since. */
const tellAgainAfter = minutes(10)

/**
 * The call budgets, as Amazon counts them: by authorization and operation, for all processes together. The ledger counts; here the
 * callers of this process queue up, the nearest ship-by first. No authorization waits for another.
 */
export class Quotas {
  readonly #clock: Clock
  readonly #log: Log
  readonly #ledger: BudgetLedger
  readonly #tried = new MemoryLedger()
  readonly #entries = new Map<string, Entry>()
  #sweptAt = 0

  constructor({ clock, ledger, log }: { clock: Clock; ledger: BudgetLedger; log: Log }) {
    this.#clock = clock
    this.#ledger = ledger
    this.#log = log
  }

  /**
   * Resolves when the call may be made, with the whole calls that are left after it.
   * @throws ChannelError `throttled` as soon as it is clear that this would take longer than `waitMs`; `cancelled` by the signal;
   *   `unavailable` where the ledger cannot be asked.
   */
  take(spender: Spender, operation: Operation, turn: Turn): Promise<number> {
    this.#sweep()
    return this.#entry(spender, operation).gate.pass(turn)
  }

  /** The rate that an answer's x-amzn-RateLimit-Limit told. Never throws: the call has been made. */
  async adjust(spender: Spender, operation: Operation, ratePerSecond: number): Promise<void> {
    const entry = this.#entry(spender, operation)
    const now = this.#now()
    const { told } = entry
    if (told?.ratePerSecond === ratePerSecond && now - told.at < tellAgainAfter) return
    // Set before it is written, as many answers come at once and one statement will do.
    entry.told = { ratePerSecond, at: now }
    if (!(await this.#told(operation, () => entry.ledger.adjust(entry.key, operation, ratePerSecond, now)))) entry.told = null
    if (entry.gate.ratePerSecond !== ratePerSecond) entry.gate.adjust(ratePerSecond)
  }

  /** A 429: whatever was counted, nothing is left. Answers the milliseconds until there may be a call. Never throws. */
  async throttled(spender: Spender, operation: Operation, retryAfterMs: number | null): Promise<number> {
    const entry = this.#entry(spender, operation)
    const now = this.#now()
    const refill = 1000 / entry.gate.ratePerSecond
    const until = now + Math.ceil(retryAfterMs ?? refill)
    await this.#told(operation, () => entry.ledger.drain(entry.key, operation, until, now))
    const wait = Math.ceil(Math.max(retryAfterMs ?? 0, refill))
    entry.gate.close(now + wait)
    return wait
  }

  /** Queues in memory. */
  get size(): number {
    return this.#entries.size
  }

  async #told(operation: Operation, write: () => Promise<void>): Promise<boolean> {
    try {
      await write()
      return true
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : null
      this.#log.warn({ channel: 'amazon', operation, code }, 'what an answer told of the call budget could not be kept')
      return false
    }
  }

  #entry({ authorizationId, connectionId }: Spender, operation: Operation): Entry {
    const key = authorizationId ?? connectionId
    const name = `${authorizationId === null ? 'tried' : 'authorized'} ${key} ${operation}`
    let entry = this.#entries.get(name)
    if (entry === undefined) {
      const ledger = authorizationId === null ? this.#tried : this.#ledger
      const rate = operations[operation]
      const gate: Gate = new Gate(operation, rate.ratePerSecond, this.#clock, () =>
        ledger.take(key, operation, { ratePerSecond: rate.ratePerSecond, burst: usableBurst({ ...rate, ratePerSecond: gate.ratePerSecond }) }, this.#now()))
      this.#entries.set(name, (entry = { gate, told: null, ledger, key }))
    }
    entry.gate.usedAt = this.#now()
    return entry
  }

  #sweep(): void {
    const now = this.#now()
    if (now - this.#sweptAt < minutes(1)) return
    this.#sweptAt = now
    for (const [name, { gate }] of this.#entries) if (gate.idle && now - gate.usedAt > idleAfter) this.#entries.delete(name)
  }

  #now(): number {
    return this.#clock().getTime()
  }
}
