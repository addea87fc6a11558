// Login with Amazon's token endpoint: developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
import type { AxiosInstance } from 'axios'
import { z } from 'zod'
import { seconds } from '../../../kit/clock.ts'
import type { Log } from '../../../observability/log.ts'
import { ChannelError } from '../../channel.ts'
import { type Answer, exchange, routeTo } from './exchange.ts'
import { cleaned } from './refusal.ts'
import { UNREADABLE } from './retry.ts'

export interface LoginOptions {
  http: AxiosInstance
  tokenUrl: string
  clientId: string
  /** The newest first. */
  clientSecrets: readonly [string, ...string[]]
  timeoutMs: number
  log: Log
  /** Told of every exchange with the token endpoint. */
  onAnswer(outcome: string, requestId: string | null, durationMs: number): void
}

/** What stands for a seller: a consent's code, or the refresh token that it was once exchanged for. */
export type LoginGrant =
  | { grant_type: 'refresh_token'; refresh_token: string }
  | { grant_type: 'authorization_code'; code: string; redirect_uri: string }

export interface Tokens {
  accessToken: string
  livesMs: number
  refreshToken: string | null
}

const granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).nullish(),
})
const refused = z.object({ error: z.string(), error_description: z.string().catch('') })

const UNKNOWN_CLIENT = 'invalid_client'

/** Exchanges grants for tokens, as the application. */
export class Login {
  readonly #options: LoginOptions
  /** The secret that Amazon took last. */
  #serving: string

  constructor(options: LoginOptions) {
    this.#options = options
    this.#serving = options.clientSecrets[0]
  }

  /**
   * The newest secret each time, and older ones where Amazon does not take it: a process may be given the next secret before Amazon
   * knows it, and keep the former until it has ended.
   * @throws ChannelError: `unauthorized` with OAuth's own code (invalid_grant, invalid_client, ...) where the grant or the application is
   *   refused. No other call was made by it, so `notSent`.
   */
  async trade(grant: LoginGrant): Promise<Tokens> {
    const [newest, ...older] = this.#options.clientSecrets
    let refusal: unknown
    for (const secret of new Set([newest, this.#serving, ...older])) {
      try {
        const tokens = await this.#exchanged(grant, secret)
        this.#note(secret)
        return tokens
      } catch (error) {
        if (!(error instanceof ChannelError) || error.code !== UNKNOWN_CLIENT) throw error
        refusal ??= error
      }
    }
    throw refusal
  }

  async #exchanged(grant: LoginGrant, clientSecret: string): Promise<Tokens> {
    const { http, tokenUrl, clientId, clientSecrets, timeoutMs, onAnswer } = this.#options
    const form = new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret })
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8', Accept: 'application/json' }
    const startedAt = performance.now()
    const told = (outcome: string, requestId: string | null): void => onAnswer(outcome, requestId, performance.now() - startedAt)
    let answer: Answer
    try {
      answer = await exchange((options) => http.post(tokenUrl, form.toString(), { ...options, ...routeTo(tokenUrl), headers }), {
        signal: new AbortController().signal,
        timeoutMs,
        server: tokenUrl,
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
    const tokens = granted.safeParse(answer.body).data
    if (answer.status === 200 && tokens !== undefined) {
      return { accessToken: tokens.access_token, livesMs: seconds(tokens.expires_in), refreshToken: tokens.refresh_token ?? null }
    }
    const own = grant.grant_type === 'refresh_token' ? grant.refresh_token : grant.code
    throw refusal(answer, [own, ...clientSecrets])
  }

  #note(secret: string): void {
    if (secret === this.#serving) return
    this.#serving = secret
    if (secret === this.#options.clientSecrets[0]) this.#options.log.info({ channel: 'amazon' }, 'the newest client secret serves')
    else this.#options.log.warn({ channel: 'amazon' }, 'Amazon does not take the newest client secret; an older one serves')
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
