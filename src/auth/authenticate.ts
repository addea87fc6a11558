import type { Database } from '../db/client.ts'
import { type Clock, seconds } from '../kit/clock.ts'
import { findActor, liveApiTokens, touchApiTokens } from './api-tokens.ts'
import type { Actor } from './scope.ts'

/** How long a token that was good is taken for good: the time that a revocation needs to be noticed by a next request. */
const TRUSTED_MS = seconds(5)
const TOUCHED_MS = seconds(60)
const LARGEST_CACHE = 1000

interface Known {
  actor: Promise<Actor | null>
  until: number
}

/** Tells who calls, from a bearer token. Only good tokens are remembered, and briefly. */
export class Authenticator {
  readonly #db: Database
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  readonly #known = new Map<string, Known>()
  readonly #touched = new Map<string, number>()

  constructor(db: Database, clock: Clock, onError: (error: unknown) => void) {
    this.#db = db
    this.#clock = clock
    this.#onError = onError
  }

  /** Of an `Authorization` value, e.g. "Bearer cartage_...". Null where there is none, or none that is good. */
  async actorOf(authorization: unknown): Promise<Actor | null> {
    const token = typeof authorization === 'string' ? /^Bearer +(\S{1,200})$/i.exec(authorization.trim())?.[1] : undefined
    return token === undefined ? null : this.actorOfToken(token)
  }

  actorOfToken(token: string): Promise<Actor | null> {
    const now = this.#clock().getTime()
    const known = this.#known.get(token)
    if (known !== undefined && now < known.until) return known.actor
    const actor = this.#find(token)
    remember(this.#known, token, { actor, until: now + TRUSTED_MS })
    return actor
  }

  /** Which of these actors' tokens are still good. */
  async live(ids: readonly string[]): Promise<Set<string>> {
    const live = await liveApiTokens(this.#db, ids)
    for (const id of live) this.#touch(id)
    return live
  }

  async #find(token: string): Promise<Actor | null> {
    try {
      const actor = await findActor(this.#db, token)
      if (actor === null) this.#known.delete(token)
      else this.#touch(actor.id)
      return actor
    } catch (error) {
      this.#known.delete(token)
      throw error
    }
  }

  // "Last used" is for people: once a minute is exact enough, and no request waits for it.
  #touch(id: string): void {
    const now = this.#clock().getTime()
    if (now < (this.#touched.get(id) ?? 0) + TOUCHED_MS) return
    remember(this.#touched, id, now)
    touchApiTokens(this.#db, [id]).catch(this.#onError)
  }
}

/** Adds as the newest entry; the oldest one leaves a full map. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > LARGEST_CACHE) map.delete(map.keys().next().value!)
}
