import { setMaxListeners } from 'node:events'
import { ListingsItemsApi } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { OrdersApi } from '@sp-api-sdk/orders-api-2026-01-01'
import { OrdersApi as OrdersApiV0 } from '@sp-api-sdk/orders-api-v0'
import type { AxiosInstance, AxiosResponse, RawAxiosRequestConfig } from 'axios'
import type { Clock } from '../../../kit/clock.ts'
import type { Log } from '../../../observability/log.ts'
import type { Metrics } from '../../../observability/metrics.ts'
import { type ChannelAccount, ChannelError, type MarketplaceRegion } from '../../channel.ts'
import { readCredentials } from '../credentials.ts'
import { type Answer, createHttp, exchange, routeTo } from './exchange.ts'
import type { Operation } from './operations.ts'
import { Quotas } from './quota.ts'
import { refusalOf } from './refusal.ts'
import { type RetryPolicy, UNREADABLE, withRetries } from './retry.ts'
import { AccessTokens } from './tokens.ts'

/** The generated classes of one region. */
export interface RegionApis {
  orders: OrdersApi
  ordersV0: OrdersApiV0
  listings: ListingsItemsApi
}

export interface ClientOptions {
  endpoints: Record<MarketplaceRegion, string>
  tokenUrl: string
  clientId: string
  clientSecret: string
  clock: Clock
  log: Log
  metrics: Metrics
  /** Of one HTTP exchange. */
  timeoutMs: number
  /** How long a call waits for its connection's budget before it is `throttled`. */
  quotaWaitMs: number
  retry: RetryPolicy
}

export interface Call {
  operation: Operation
  account: ChannelAccount
  region: MarketplaceRegion
  signal: AbortSignal
  /** In place of the client's quotaWaitMs. */
  quotaWaitMs?: number
  send(apis: RegionApis, options: RawAxiosRequestConfig): Promise<AxiosResponse<unknown>>
}

/** Calls the Selling Partner API for many connections: budget, token, exchange, retries, and what is told of each call. */
export class SpApiClient {
  readonly quotas: Quotas
  readonly #options: ClientOptions
  readonly #tokens: AccessTokens
  readonly #apis: Record<MarketplaceRegion, RegionApis>
  readonly #calls = new Map<string, number>()

  constructor(options: ClientOptions) {
    const http = createHttp()
    this.#options = options
    this.quotas = new Quotas(options.clock)
    this.#apis = {
      NORTH_AMERICA: regionApis(options.endpoints.NORTH_AMERICA, http),
      EUROPE: regionApis(options.endpoints.EUROPE, http),
      FAR_EAST: regionApis(options.endpoints.FAR_EAST, http),
    }
    this.#tokens = new AccessTokens({
      ...options,
      http,
      onAnswer: (outcome, requestId, durationMs) => this.#tell('token', null, outcome, requestId, durationMs),
    })
  }

  calls(connectionId: string): number {
    return this.#calls.get(connectionId) ?? 0
  }

  /**
   * The answer of a call that succeeded (2xx, its body JSON or empty).
   * @throws ChannelError of every kind but `invalid-answer` for a body that is JSON: what that means is the caller's to judge.
   */
  call(call: Call): Promise<Answer> {
    const { refreshToken } = readCredentials(call.account)
    // One run makes many calls at once under one signal; each takes its listeners away again, so that none leaks.
    setMaxListeners(0, call.signal)
    let renewed = false
    const attempt = async (): Promise<Answer> => {
      const stale = await this.#permitted(call, refreshToken)
      try {
        return await this.#exchanged(call, refreshToken, stale)
      } catch (error) {
        // A token may end before its time (another secret, a consent renewed): one new one, then the refusal stands.
        if (!(error instanceof ChannelError) || error.kind !== 'unauthorized' || renewed) throw error
        renewed = true
        const fresh = await this.#tokens.renew(refreshToken, stale, call.signal)
        await this.#permitted(call, refreshToken)
        return this.#exchanged(call, refreshToken, fresh)
      }
    }
    return withRetries(attempt, this.#options.retry, call.signal)
  }

  /** A token to call with, once the budget allows the call. */
  async #permitted({ account, operation, signal, quotaWaitMs = this.#options.quotaWaitMs }: Call, refreshToken: string): Promise<string> {
    // The token first: waiting for it must not use up a place in the budget.
    await this.#tokens.get(refreshToken, signal)
    try {
      await this.quotas.take(account.connectionId, operation, { signal, waitMs: quotaWaitMs })
    } catch (error) {
      if (error instanceof ChannelError && error.kind === 'throttled') this.#tell(operation, account.connectionId, 'over-budget', null, 0)
      throw error
    }
    return this.#tokens.get(refreshToken, signal)
  }

  async #exchanged({ account, operation, region, signal, send }: Call, refreshToken: string, token: string): Promise<Answer> {
    const { connectionId } = account
    const endpoint = this.#options.endpoints[region]
    const startedAt = performance.now()
    const told = (outcome: string, requestId: string | null): void =>
      this.#tell(operation, connectionId, outcome, requestId, performance.now() - startedAt)
    this.#calls.set(connectionId, this.calls(connectionId) + 1)
    let answer: Answer
    try {
      const route = { ...routeTo(endpoint), headers: { 'x-amz-access-token': token } }
      const { timeoutMs } = this.#options
      answer = await exchange((options) => send(this.#apis[region], { ...options, ...route }), { signal, timeoutMs })
    } catch (error) {
      told(error instanceof ChannelError ? (error.code ?? error.kind) : 'failed', null)
      throw error instanceof ChannelError
        ? new ChannelError(error.kind, `${operation}: ${error.message}`, { code: error.code, notSent: error.notSent })
        : error
    }
    told(String(answer.status), answer.requestId)
    if (answer.ratePerSecond !== null) this.quotas.adjust(connectionId, operation, answer.ratePerSecond)
    if (answer.status === 429) answer.retryAfterMs = this.quotas.throttled(connectionId, operation, answer.retryAfterMs)
    const { status, requestId } = answer
    if (status >= 300) throw refusalOf(operation, answer, [token, refreshToken, this.#options.clientSecret])
    if (!answer.readable) {
      throw new ChannelError('invalid-answer', `${operation}: the answer is no JSON`, { code: UNREADABLE, httpStatus: status, requestId })
    }
    return answer
  }

  #tell(operation: Operation | 'token', connectionId: string | null, outcome: string, requestId: string | null, durationMs: number): void {
    const { log, metrics } = this.#options
    metrics.marketplaceCalls.inc({ channel: 'amazon', operation, outcome })
    const facts = { channel: 'amazon', operation, connectionId, outcome, requestId, durationMs: Math.round(durationMs) }
    if (/^2\d\d$/.test(outcome)) log.debug(facts, 'marketplace call')
    else log.warn(facts, 'marketplace call failed')
  }
}

function regionApis(endpoint: string, http: AxiosInstance): RegionApis {
  const basePath = endpoint.replace(/\/+$/, '')
  return {
    orders: new OrdersApi(undefined, basePath, http),
    ordersV0: new OrdersApiV0(undefined, basePath, http),
    listings: new ListingsItemsApi(undefined, basePath, http),
  }
}
