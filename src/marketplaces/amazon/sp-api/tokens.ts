import { createHash } from 'node:crypto'
import type { Clock } from '../../../kit/clock.ts'
import { seconds } from '../../../kit/clock.ts'
import { ChannelError } from '../../channel.ts'
import type { Login } from './login.ts'

interface Entry {
  token: string | null
  expiresAt: number
  renewal: Promise<string> | null
}

/** A token is not used in its last minute: a call may take a while. */
const margin = seconds(60)
const mostEntries = 5_000

/** Access tokens by authorization: connections that share one refresh token share its access token. */
export class AccessTokens {
  readonly #login: Login
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(login: Login, clock: Clock) {
    this.#login = login
    this.#clock = clock
  }

  /** A token that lives for at least another minute. Concurrent callers share one request. */
  get(refreshToken: string, signal: AbortSignal): Promise<string> {
    const entry = this.#entry(refreshToken)
    if (entry.renewal === null && entry.token !== null && entry.expiresAt - margin > this.#now()) return Promise.resolve(entry.token)
    return this.#renewed(entry, refreshToken, signal)
  }

  /** Another token than `stale`, which was refused before its time. */
  renew(refreshToken: string, stale: string, signal: AbortSignal): Promise<string> {
    const entry = this.#entry(refreshToken)
    if (entry.token === stale) entry.token = null
    return this.get(refreshToken, signal)
  }

  /** A token given just now, whatever is kept: it proves that the authorization still stands. */
  fresh(refreshToken: string, signal: AbortSignal): Promise<string> {
    return this.#renewed(this.#entry(refreshToken), refreshToken, signal)
  }

  #renewed(entry: Entry, refreshToken: string, signal: AbortSignal): Promise<string> {
    // The shared request heeds no caller's signal: one caller's leaving must not fail the others.
    entry.renewal ??= this.#login
      .trade({ grant_type: 'refresh_token', refresh_token: refreshToken })
      .then(({ accessToken, livesMs }) => {
        entry.token = accessToken
        entry.expiresAt = this.#now() + livesMs
        return accessToken
      })
      .finally(() => {
        entry.renewal = null
      })
    return unlessAborted(entry.renewal, signal)
  }

  #entry(refreshToken: string): Entry {
    const key = createHash('sha256').update(refreshToken).digest('base64')
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      if (this.#entries.size >= mostEntries) this.#forgetExpired()
      this.#entries.set(key, (entry = { token: null, expiresAt: 0, renewal: null }))
    }
    return entry
  }

  #forgetExpired(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.renewal === null && (entry.token === null || entry.expiresAt - margin <= this.#now())) this.#entries.delete(key)
    }
  }

  #now(): number {
    return this.#clock().getTime()
  }
}

/** @throws ChannelError `cancelled` as soon as the signal says so */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new ChannelError('cancelled', 'the call was cancelled before it was made', { notSent: true }))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
