import type { Authenticator } from '../auth/authenticate.ts'
import type { Actor } from '../auth/scope.ts'
import type { Config } from '../config/env.ts'
import { seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'

const LOOK_MS = seconds(1)
const TOKEN_CHECK_MS = seconds(15)

export type SubscriberLimits = Pick<Config, 'pingSeconds' | 'socketIdleSeconds' | 'socketLifetimeSeconds' | 'operationsPerSocket' | 'socketsPerToken'>

/** A client that stays: a WebSocket or a stream of server-sent events. */
export interface Subscriber {
  /** Null until it has told. */
  readonly actor: Actor | null
  /** Its token is good no more. */
  revoked(): void
  /** Once a second: to send a sign of life, to end what gives none. `now` is of performance.now(). */
  look(now: number): void
}

/** Everyone who is connected, on either transport: counted by token, looked after by one clock. */
export class OpenSubscribers {
  readonly #authenticator: Authenticator
  readonly #perToken: number
  readonly #log: Log
  readonly #open = new Set<Subscriber>()
  readonly #byToken = new Map<string, number>()
  readonly #timers: NodeJS.Timeout[]

  constructor(authenticator: Authenticator, { socketsPerToken }: SubscriberLimits, log: Log) {
    this.#authenticator = authenticator
    this.#perToken = socketsPerToken
    this.#log = log
    this.#timers = [setInterval(() => this.#look(), LOOK_MS), setInterval(() => void this.#checkTokens(), TOKEN_CHECK_MS)]
    for (const timer of this.#timers) timer.unref()
    authenticator.onRevoked((id) => this.#end((actor) => actor.id === id))
  }

  add(subscriber: Subscriber): void {
    this.#open.add(subscriber)
  }

  remove(subscriber: Subscriber): void {
    if (this.#open.delete(subscriber) && subscriber.actor !== null) this.#count(subscriber.actor, -1)
  }

  /** Counts a subscriber's token, once it is known; false where it has as many as it may. */
  admit({ id }: Actor): boolean {
    if ((this.#byToken.get(id) ?? 0) >= this.#perToken) return false
    this.#count({ id }, 1)
    return true
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #count({ id }: Pick<Actor, 'id'>, change: number): void {
    const count = (this.#byToken.get(id) ?? 0) + change
    if (count === 0) this.#byToken.delete(id)
    else this.#byToken.set(id, count)
  }

  #look(): void {
    const now = performance.now()
    for (const subscriber of this.#open) subscriber.look(now)
    const at = Date.now()
    this.#end(({ expiresAt }) => expiresAt != null && expiresAt.getTime() <= at)
  }

  /** Those who may not act any more. */
  #end(over: (actor: Actor) => boolean): void {
    for (const subscriber of this.#open) if (subscriber.actor !== null && over(subscriber.actor)) subscriber.revoked()
  }

  // Should a revocation go unheard, as the listener was away.
  async #checkTokens(): Promise<void> {
    if (this.#byToken.size === 0) return
    try {
      const asked = new Set(this.#byToken.keys())
      const live = await this.#authenticator.live([...asked])
      this.#end(({ id }) => asked.has(id) && !live.has(id))
    } catch (error) {
      this.#log.warn({ causes: causes(error) }, 'tokens of open sockets not checked')
    }
  }
}
