import { setMaxListeners } from 'node:events'
import { FeedsApi } from '@sp-api-sdk/feeds-api-2021-06-30'
import { ListingsItemsApi } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { OrdersApi } from '@sp-api-sdk/orders-api-2026-01-01'
import { OrdersApi as OrdersApiV0 } from '@sp-api-sdk/orders-api-v0'
import type { AxiosInstance, AxiosResponse, RawAxiosRequestConfig } from 'axios'
import type { Clock } from '../../../kit/clock.ts'
import type { Log } from '../../../observability/log.ts'
import type { Metrics } from '../../../observability/metrics.ts'
import { spanned } from '../../../observability/trace.ts'
import { type BudgetLedger, type ChannelAccount, ChannelError, type MarketplaceRegion } from '../../channel.ts'
import { readCredentials } from '../credentials.ts'
import { type Answer, createHttp, exchange, routeTo } from './exchange.ts'
import { Login, type Tokens } from './login.ts'
import type { Operation } from './operations.ts'
import { Quotas } from './quota.ts'
import { refusalOf } from './refusal.ts'
import { type RetryPolicy, UNREADABLE, withRetries } from './retry.ts'
import { AccessTokens, unlessAborted } from './tokens.ts'

/** The generated classes of one region and, for an API that has none, plain HTTP below its base path. */
export interface RegionApis {
  orders: OrdersApi
  ordersV0: OrdersApiV0
  listings: ListingsItemsApi
  feeds: FeedsApi
  http: AxiosInstance
  basePath: string
}

export interface ClientOptions {
  endpoints: Record<MarketplaceRegion, string>
  tokenUrl: string
  clientId: string
  /** The newest first. */
  clientSecrets: readonly [string, ...string[]]
  ledger: BudgetLedger
  clock: Clock
  log: Log
  metrics: Metrics
  /** Of one HTTP exchange. */
  timeoutMs: number
  /** How long a call waits for its authorization's budget before it is `throttled`. */
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
  /** Of those that wait for the same budget, the nearest goes first. */
  shipBy?: Date | null | undefined
  send(apis: RegionApis, options: RawAxiosRequestConfig): Promise<AxiosResponse<unknown>>
}

/** Outcomes of calls that were never made. */
const OVER_BUDGET = 'over-budget'
const BUDGET_UNKNOWN = 'budget-unknown'
const neverMade: ReadonlySet<string> = new Set([OVER_BUDGET, BUDGET_UNKNOWN])

/** The leave to make one call. */
interface Permit {
  token: string
  /** Whole calls that the budget still has after this one. */
  left: number
  /** How long the budget was waited for. */
  waitedMs: number
}

/** What is told of a call besides its outcome. */
interface Told {
  requestId?: string | null
  durationMs?: number
  permit?: Permit
  /** As the answer told. */
  ratePerSecond?: number | null
  retryAfterMs?: number | null
}

/** Calls the Selling Partner API for many connections: budget, token, exchange, retries, and what is told of each call. */
export class SpApiClient {
  readonly quotas: Quotas
  readonly #options: ClientOptions
  readonly #login: Login
  readonly #tokens: AccessTokens
  readonly #apis: Record<MarketplaceRegion, RegionApis>
  readonly #calls = new Map<string, number>()

  constructor(options: ClientOptions) {
    const http = createHttp()
    this.#options = options
    this.quotas = new Quotas(options)
    this.#apis = {
      NORTH_AMERICA: regionApis(options.endpoints.NORTH_AMERICA, http),
      EUROPE: regionApis(options.endpoints.EUROPE, http),
      FAR_EAST: regionApis(options.endpoints.FAR_EAST, http),
    }
    this.#login = new Login({
      ...options,
      http,
      onAnswer: (outcome, requestId, durationMs) => this.#tell('token', null, outcome, { requestId, durationMs }),
    })
    this.#tokens = new AccessTokens(this.#login, options.clock)
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
      const permit = await this.#permitted(call, refreshToken)
      try {
        return await this.#exchanged(call, refreshToken, permit)
      } catch (error) {
        // A token may end before its time (another secret, a consent renewed): one new one, then the refusal stands.
        if (!(error instanceof ChannelError) || error.kind !== 'unauthorized' || renewed) throw error
        renewed = true
        await this.#tokens.renew(refreshToken, permit.token, call.signal)
        return this.#exchanged(call, refreshToken, await this.#permitted(call, refreshToken))
      }
    }
    const attributes = { 'cartage.connection_id': call.account.connectionId, 'cartage.marketplace.region': call.region }
    return spanned(`amazon ${call.operation}`, { attributes }, () => withRetries(attempt, this.#options.retry, call.signal))
  }

  /**
   * Gets a new access token, whatever is kept: Amazon still knows the authorization.
   * @throws ChannelError `unauthorized` where it does not
   */
  async authenticate(account: Pick<ChannelAccount, 'credentials'>, signal: AbortSignal): Promise<void> {
    const { refreshToken } = readCredentials(account)
    await withRetries(() => this.#tokens.fresh(refreshToken, signal), this.#options.retry, signal)
  }

  /** Exchanges a consent's code, which can be done once, and within minutes. @throws ChannelError as Login.trade */
  redeem(code: string, redirectUrl: string, signal: AbortSignal): Promise<Tokens> {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUrl } as const
    return withRetries(() => unlessAborted(this.#login.trade(grant), signal), this.#options.retry, signal)
  }

  /** A token to call with, once the budget allows the call. */
  async #permitted({ account, operation, signal, shipBy, quotaWaitMs = this.#options.quotaWaitMs }: Call, refreshToken: string): Promise<Permit> {
    // The token first: waiting for it must not use up a place in the budget.
    await this.#tokens.get(refreshToken, signal)
    const askedAt = performance.now()
    let left: number
    try {
      left = await this.quotas.take(account, operation, { signal, waitMs: quotaWaitMs, shipBy })
    } catch (error) {
      if (error instanceof ChannelError && error.kind !== 'cancelled') {
        const outcome = error.kind === 'throttled' ? OVER_BUDGET : BUDGET_UNKNOWN
        this.#tell(operation, account.connectionId, outcome, { durationMs: performance.now() - askedAt, retryAfterMs: error.retryAfterMs })
      }
      throw error
    }
    const waitedMs = performance.now() - askedAt
    return { token: await this.#tokens.get(refreshToken, signal), left, waitedMs }
  }

  async #exchanged({ account, operation, region, signal, send }: Call, refreshToken: string, permit: Permit): Promise<Answer> {
    const { connectionId } = account
    const { token } = permit
    const endpoint = this.#options.endpoints[region]
    const startedAt = performance.now()
    const told = (outcome: string, more: Told): void =>
      this.#tell(operation, connectionId, outcome, { ...more, permit, durationMs: performance.now() - startedAt })
    this.#calls.set(connectionId, this.calls(connectionId) + 1)
    let answer: Answer
    try {
      const route = { ...routeTo(endpoint), headers: { 'x-amz-access-token': token } }
      const { timeoutMs } = this.#options
      answer = await exchange((options) => send(this.#apis[region], { ...options, ...route }), { signal, timeoutMs, server: endpoint })
    } catch (error) {
      told(error instanceof ChannelError ? (error.code ?? error.kind) : 'failed', {})
      throw error instanceof ChannelError
        ? new ChannelError(error.kind, `${operation}: ${error.message}`, { code: error.code, notSent: error.notSent })
        : error
    }
    const { status, requestId, ratePerSecond } = answer
    told(String(status), { requestId, ratePerSecond, retryAfterMs: answer.retryAfterMs })
    if (ratePerSecond !== null) await this.quotas.adjust(account, operation, ratePerSecond)
    if (status === 429) answer.retryAfterMs = await this.quotas.throttled(account, operation, answer.retryAfterMs)
    if (status >= 300) throw refusalOf(operation, answer, [token, refreshToken, ...this.#options.clientSecrets])
    if (!answer.readable) {
      throw new ChannelError('invalid-answer', `${operation}: the answer is no JSON`, { code: UNREADABLE, httpStatus: status, requestId })
    }
    return answer
  }

  /** Every call's outcome, its id at Amazon, and how its budget stands; nothing that it bore. */
  #tell(operation: Operation | 'token', connectionId: string | null, outcome: string, told: Told): void {
    const { log, metrics } = this.#options
    const { requestId = null, durationMs = 0, permit, ratePerSecond = null, retryAfterMs = null } = told
    const of = { channel: 'amazon', operation }
    metrics.marketplaceCalls.inc({ ...of, outcome })
    if (neverMade.has(outcome)) metrics.marketplaceWaitSeconds.observe(of, durationMs / 1000)
    else metrics.marketplaceCallSeconds.observe(of, durationMs / 1000)
    if (permit !== undefined) metrics.marketplaceWaitSeconds.observe(of, permit.waitedMs / 1000)
    const facts = {
      channel: 'amazon',
      operation,
      connectionId,
      outcome,
      requestId,
      durationMs: Math.round(durationMs),
      ...(permit && { callsLeft: permit.left, waitedMs: Math.round(permit.waitedMs) }),
      ...(ratePerSecond !== null && { ratePerSecond }),
      ...(retryAfterMs !== null && { retryAfterMs }),
    }
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
    feeds: new FeedsApi(undefined, basePath, http),
    http,
    basePath,
  }
}
