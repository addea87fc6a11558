// Login with Amazon: developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api, the refresh_token grant.
import { createHash } from 'node:crypto'
import type { AxiosInstance } from 'axios'
import { z } from 'zod'
import type { Clock } from '../../../kit/clock.ts'
import { seconds } from '../../../kit/clock.ts'
import { ChannelError } from '../../channel.ts'
import { type Answer, exchange, routeTo } from './exchange.ts'
import { cleaned } from './refusal.ts'
import { UNREADABLE } from './retry.ts'

export interface TokenOptions {
  http: AxiosInstance
  tokenUrl: string
  clientId: string
  clientSecret: string
  clock: Clock
  timeoutMs: number
  /** Told of every exchange with the token endpoint. */
  onAnswer(outcome: string, requestId: string | null, durationMs: number): void
}

interface Entry {
  token: string | null
  expiresAt: number
  renewal: Promise<string> | null
}

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })
const refused = z.object({ error: z.string(), error_description: z.string().catch('') })
/** A token is not used in its last minute: a call may take a while. */
const margin = seconds(60)
const mostEntries = 5_000

/** Access tokens by authorization: connections that share one refresh token share its access token. */
export class AccessTokens {
  readonly #options: TokenOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: TokenOptions) {
    this.#options = options
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

  #renewed(entry: Entry, refreshToken: string, signal: AbortSignal): Promise<string> {
    // The shared request heeds no caller's signal: one caller's leaving must not fail the others.
    entry.renewal ??= this.#request(refreshToken)
      .then(({ token, livesMs }) => {
        entry.token = token
        entry.expiresAt = this.#now() + livesMs
        return token
      })
      .finally(() => {
        entry.renewal = null
      })
    return unlessAborted(entry.renewal, signal)
  }

  async #request(refreshToken: string): Promise<{ token: string; livesMs: number }> {
    const { http, tokenUrl, clientId, clientSecret, timeoutMs, onAnswer } = this.#options
    const secrets = { refresh_token: refreshToken, client_id: clientId, client_secret: clientSecret }
    const form = new URLSearchParams({ grant_type: 'refresh_token', ...secrets })
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8', Accept: 'application/json' }
    const startedAt = performance.now()
    const told = (outcome: string, requestId: string | null): void => onAnswer(outcome, requestId, performance.now() - startedAt)
    let answer: Answer
    try {
      answer = await exchange((options) => http.post(tokenUrl, form.toString(), { ...options, ...routeTo(tokenUrl), headers }), {
        signal: new AbortController().signal,
        timeoutMs,
      })
    } catch (error) {
      if (error instanceof ChannelError) {
        told(error.kind, null)
        // Without a token the call itself was never made.
        throw new ChannelError(error.kind, `token: ${error.message}`, { code: error.code, notSent: true })
      }
      throw error
    }
    told(String(answer.status), answer.requestId)
    const grant = granted.safeParse(answer.body).data
    if (answer.status === 200 && grant !== undefined) return { token: grant.access_token, livesMs: seconds(grant.expires_in) }
    throw refusal(answer, [refreshToken, clientSecret])
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
    return this.#options.clock().getTime()
  }
}

function refusal(answer: Answer, secrets: readonly string[]): ChannelError {
  const { status, requestId, retryAfterMs } = answer
  const facts = { httpStatus: status, requestId, retryAfterMs, notSent: true }
  if (status === 429) return new ChannelError('throttled', 'token: 429: too many requests', facts)
  if (status >= 500 || status === 408) return new ChannelError('unavailable', `token: ${status}`, facts)
  if (status < 400) {
    const code = answer.readable ? null : UNREADABLE
    return new ChannelError('invalid-answer', 'token: the answer is no access token', { ...facts, code })
  }
  const reason = refused.safeParse(answer.body).data
  const code = reason === undefined ? null : cleaned(reason.error, secrets).slice(0, 60)
  const words = cleaned(reason?.error_description ?? '', secrets) || 'no reason given'
  return new ChannelError('unauthorized', `token: ${code ?? status}: ${words}`, { ...facts, code })
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new ChannelError('cancelled', 'the call was cancelled before it was made', { notSent: true }))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
