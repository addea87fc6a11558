import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'
import type { Database } from '../db/client.ts'
import { Listener } from '../db/listener.ts'
import { Buckets } from '../kit/buckets.ts'
import { type Clock, minutes, seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { findActor, liveApiTokens, prefixOf, REVOKED, touchApiTokens } from './api-tokens.ts'
import { isJwt, type OidcVerifier } from './oidc.ts'
import type { Actor } from './scope.ts'

/** How long a token that was good is taken for good. A revocation ends it at once; this is for one that nobody heard of. */
const TRUSTED_MS = seconds(5)
const TOUCHED_MS = seconds(60)
const LARGEST_CACHE = 10_000
/** Tokens that were good so lately are looked up whoever else tries, so that an attacker locks nobody out of a shared address. */
const KNOWN_MS = minutes(60)
/** Unknown tokens from one address, or of one prefix: so many at once, then so many a minute. */
const ATTEMPTS = { atOnce: 30, aMinute: 10 } as const
/** Characters: of a token of ours, and of a JWT. */
const LONGEST = { token: 200, jwt: 8192 } as const

/** Too many tokens that were none. */
export class TooManyAttempts extends Error {
  readonly retryAfterSeconds: number
  constructor(waitMs: number) {
    super('too many tokens that are no good')
    this.retryAfterSeconds = Math.ceil(waitMs / 1000)
  }
}

interface Known {
  actor: Promise<Actor | null>
  until: number
}

/** Tells who calls, from a bearer token: one of ours, or an access token of the identity provider. Only good tokens are remembered, and by their hashes. */
export class Authenticator {
  readonly #db: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #oidc: OidcVerifier | null
  readonly #trusted = new LRUCache<string, Known>({ max: LARGEST_CACHE })
  readonly #lately = new LRUCache<string, true>({ max: LARGEST_CACHE, ttl: KNOWN_MS })
  readonly #touched = new LRUCache<string, number>({ max: LARGEST_CACHE })
  readonly #byAddress = new Buckets(ATTEMPTS.atOnce, ATTEMPTS.aMinute)
  readonly #byPrefix = new Buckets(ATTEMPTS.atOnce, ATTEMPTS.aMinute)
  readonly #revocations: Listener
  readonly #onRevoked = new Set<(id: string) => void>()

  constructor({ db, clock, log, oidc = null }: { db: Database; clock: Clock; log: Log; oidc?: OidcVerifier | null }) {
    this.#db = db
    this.#clock = clock
    this.#log = log
    this.#oidc = oidc
    this.#revocations = new Listener(db.config, REVOKED, (error, message) => log.warn({ causes: causes(error) }, message), (id) => this.#revoked(id))
  }

  /** Begins to hear of revocations, wherever they are made. */
  start(): Promise<void> {
    return this.#revocations.start()
  }

  stop(): Promise<void> {
    return this.#revocations.stop()
  }

  /** Calls back with the id of each token that is revoked. */
  onRevoked(listener: (id: string) => void): void {
    this.#onRevoked.add(listener)
  }

  /**
   * Of an `Authorization` value, e.g. "Bearer cartage_...". Null where there is none, or none that is good.
   * @throws TooManyAttempts, SignInUnavailable
   */
  async actorOf(authorization: unknown, address: string | null = null): Promise<Actor | null> {
    const token = typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1] : undefined
    if (token === undefined || token.length > (isJwt(token) ? LONGEST.jwt : LONGEST.token)) return null
    return this.actorOfToken(token, address)
  }

  actorOfToken(token: string, address: string | null = null): Promise<Actor | null> {
    const now = this.#clock().getTime()
    const hash = createHash('sha256').update(token).digest('base64')
    const known = this.#trusted.get(hash)
    if (known !== undefined && now < known.until) return known.actor
    const actor = this.#lately.has(hash) ? this.#find(token) : this.#attempt(token, address, now)
    const entry = { actor, until: now + TRUSTED_MS }
    this.#trusted.set(hash, entry)
    const forget = (): void => {
      if (this.#trusted.get(hash) === entry) this.#trusted.delete(hash)
    }
    actor.then((found) => {
      if (found === null) {
        this.#lately.delete(hash)
        return forget()
      }
      this.#lately.set(hash, true)
      if (found.expiresAt != null) entry.until = Math.min(entry.until, found.expiresAt.getTime())
      this.#touch(found.id)
    }, forget)
    return actor
  }

  /** Which of these actors may still act: those whose tokens are asked for, and those who cannot be asked for before they expire. */
  async live(ids: readonly string[]): Promise<Set<string>> {
    const ours = ids.filter(isTokenId)
    const live = await liveApiTokens(this.#db, ours, this.#clock())
    for (const id of live) this.#touch(id)
    return new Set([...live, ...ids.filter((id) => !isTokenId(id))])
  }

  // Taken before it is looked up, so that many at once are not told apart; given back where it was good, and where nobody could tell.
  async #attempt(token: string, address: string | null, now: number): Promise<Actor | null> {
    const buckets = [[this.#byAddress, networkOf(address)] as const, ...(isJwt(token) ? [] : [[this.#byPrefix, prefixOf(token)] as const])]
    const wait = Math.max(...buckets.map(([bucket, key]) => bucket.wait(key, now)))
    if (wait > 0) throw new TooManyAttempts(wait)
    for (const [bucket, key] of buckets) bucket.take(key, now)
    let isBad = false
    try {
      const actor = await this.#find(token)
      isBad = actor === null
      return actor
    } finally {
      if (!isBad) for (const [bucket, key] of buckets) bucket.giveBack(key, now)
    }
  }

  #find(token: string): Promise<Actor | null> {
    if (!isJwt(token)) return findActor(this.#db, token, this.#clock())
    return this.#oidc === null ? Promise.resolve(null) : this.#oidc.actorOf(token, this.#clock())
  }

  #revoked(id: string | null): void {
    this.#trusted.clear() // by their hashes nobody knows which one it was; the others are looked up again
    if (id !== null) for (const listener of this.#onRevoked) listener(id)
  }

  // "Last used" is for people: once a minute is exact enough, and no request waits for it.
  #touch(id: string): void {
    const now = this.#clock()
    if (!isTokenId(id) || now.getTime() < (this.#touched.get(id) ?? 0) + TOUCHED_MS) return
    this.#touched.set(id, now.getTime())
    touchApiTokens(this.#db, [id], now).catch((error: unknown) => this.#log.warn({ causes: causes(error) }, 'use of a token not noted'))
  }
}

/** Of the actors, those who have a token of ours: its UUID is their id. */
export const isTokenId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

/** Whom an address stands for: who has one of IPv6 has a whole network of 64 bits. */
function networkOf(address: string | null): string {
  if (address === null || !isIPv6(address) || address.includes('.')) return address ?? 'unknown'
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const all = tail === undefined ? groups : [...groups, ...Array.from({ length: 8 - groups.length - after.length }, () => '0'), ...after]
  return all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')
}
