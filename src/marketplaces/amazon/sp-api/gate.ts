import type { Clock } from '../../../kit/clock.ts'
import { minutes } from '../../../kit/clock.ts'
import { ChannelError } from '../../channel.ts'
import type { Operation } from './operations.ts'

/** How urgent a call is, and how long it waits to be made. */
export interface Turn {
  signal: AbortSignal
  waitMs: number
  /** Of those who wait, the nearest goes first; those without one go last. */
  shipBy?: Date | null | undefined
}

interface Waiter {
  shipBy: number
  /** Milliseconds of the clock: later than this it would rather be refused at once. */
  latest: number
  pass(left: number): void
  refuse(error: ChannelError): void
}

/** Another process may have made room meanwhile, or told another rate. */
const longestSleep = minutes(1)

/** The callers of one operation of one authorization in this process. Only the first of them asks for a call, the others wait for it. */
export class Gate {
  /** For an estimate of how long those further back wait. */
  ratePerSecond: number
  usedAt = 0
  readonly #operation: Operation
  readonly #clock: Clock
  readonly #take: () => Promise<{ waitMs: number; left: number }>
  /** The most urgent first. */
  #waiters: Waiter[] = []
  #serving = false
  /** Ends the sleep under way; null where there is none. */
  #wake: (() => void) | null = null
  /** While it sleeps: nothing passes before this. */
  #opensAt = 0

  constructor(operation: Operation, ratePerSecond: number, clock: Clock, take: () => Promise<{ waitMs: number; left: number }>) {
    this.ratePerSecond = ratePerSecond
    this.#operation = operation
    this.#clock = clock
    this.#take = take
  }

  get idle(): boolean {
    return !this.#serving
  }

  /** Resolves with the calls that are left when the call may be made. @throws as Quotas.take */
  pass({ signal, waitMs, shipBy }: Turn): Promise<number> {
    if (signal.aborted) return Promise.reject(cancelled())
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiters = this.#waiters.filter((one) => one !== waiter)
        if (this.#waiters.length === 0) this.#wake?.()
        reject(cancelled())
      }
      const waiter: Waiter = {
        shipBy: shipBy?.getTime() ?? Number.POSITIVE_INFINITY,
        latest: this.#now() + waitMs,
        pass: (left) => {
          signal.removeEventListener('abort', onAbort)
          resolve(left)
        },
        refuse: (error) => {
          signal.removeEventListener('abort', onAbort)
          reject(error)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      const behind = this.#waiters.findIndex((one) => one.shipBy > waiter.shipBy)
      this.#waiters.splice(behind === -1 ? this.#waiters.length : behind, 0, waiter)
      if (this.#wake !== null) this.#refuseHopeless()
      void this.#serve()
    })
  }

  /** The rate that an answer told: those who sleep may have less to wait for. */
  adjust(ratePerSecond: number): void {
    this.ratePerSecond = ratePerSecond
    this.#wake?.()
  }

  /** Nothing will pass before `until`. */
  close(until: number): void {
    this.#opensAt = Math.max(this.#opensAt, until)
    if (this.#wake !== null) this.#refuseHopeless()
  }

  async #serve(): Promise<void> {
    if (this.#serving) return
    this.#serving = true
    try {
      while (this.#waiters.length > 0) {
        const { waitMs, left } = await this.#take()
        // Whoever is the most urgent by now; a call that nobody wants any more is lost, which harms less than one too many.
        if (waitMs === 0) this.#waiters.shift()?.pass(left)
        else await this.#sleep(waitMs)
      }
    } catch (error) {
      for (const waiter of this.#waiters.splice(0)) waiter.refuse(unknownBudget(this.#operation, error))
    } finally {
      this.#serving = false
    }
  }

  async #sleep(waitMs: number): Promise<void> {
    this.#opensAt = this.#now() + waitMs
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(waitMs, longestSleep))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#refuseHopeless()
    })
    this.#wake = null
  }

  #refuseHopeless(): void {
    const now = this.#now()
    const kept: Waiter[] = []
    for (const waiter of this.#waiters) {
      const wait = Math.max(0, this.#opensAt - now) + (kept.length / this.ratePerSecond) * 1000
      if (now + wait <= waiter.latest) kept.push(waiter)
      else waiter.refuse(overBudget(this.#operation, wait))
    }
    this.#waiters = kept
    if (kept.length === 0) this.#wake?.()
  }

  #now(): number {
    return this.#clock().getTime()
  }
}

const cancelled = (): ChannelError => new ChannelError('cancelled', 'the call was cancelled before it was made', { notSent: true })
const overBudget = (operation: Operation, waitMs: number): ChannelError =>
  new ChannelError('throttled', `${operation}: the call budget of this authorization is used up`, { retryAfterMs: Math.ceil(waitMs) })

// Of the error only its code is told: its message may quote the statement's values.
function unknownBudget(operation: Operation, error: unknown): ChannelError {
  if (error instanceof ChannelError) return error
  const told = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const code = /^[A-Z0-9_]{1,60}$/.test(told) ? told : null
  return new ChannelError('unavailable', `${operation}: the call budget could not be read`, { code, notSent: true })
}
