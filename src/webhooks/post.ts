import dns from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, errors, request } from 'undici'
import { seconds } from '../kit/clock.ts'
import { retryAfterOf } from './backoff.ts'
import { addressOf, type Networks } from './target.ts'

/** For an answer in all, from the connection's beginning on. */
const DEADLINE_MS = seconds(15)
/** Of an answer's body, which tells nothing: of a longer one the rest is not read. */
const MOST_BYTES = 64 * 1024
const IDLE_MS = seconds(4)

export type Posted =
  | { taken: true; statusCode: number }
  /** `gone`: it wants nothing more, ever. `error`: words without an address. */
  | { taken: false; statusCode: number | null; error: string; retryAfter: number | null; gone: boolean }

export interface Message {
  url: URL
  headers: Record<string, string>
  body: string
}

const NOT_PUBLIC = 'ERR_ADDRESS_NOT_PUBLIC'

/** Posts to receivers that strangers name: never into a network that is not allowed, never further than the URL says, never for long. */
export class Poster {
  readonly #networks: Networks
  readonly #deadlineMs: number
  readonly #secure: Agent
  readonly #plain: Agent

  constructor(networks: Networks, deadlineMs = DEADLINE_MS) {
    this.#networks = networks
    this.#deadlineMs = deadlineMs
    const agent = (secure: boolean): Agent =>
      new Agent({ connect: { lookup: guarded(networks, secure), timeout: deadlineMs }, headersTimeout: deadlineMs, bodyTimeout: deadlineMs, keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS })
    this.#secure = agent(true)
    this.#plain = agent(false)
  }

  /** `ending`: gives it up. */
  async post({ url, headers, body }: Message, ending: AbortSignal): Promise<Posted> {
    const secure = url.protocol === 'https:'
    const address = addressOf(url)
    // Only names are looked up: an address goes straight to its socket.
    if (address !== null && !this.#networks.mayReach(address, secure)) return failed(null, notPublic)
    try {
      const signal = AbortSignal.any([ending, AbortSignal.timeout(this.#deadlineMs)])
      const answer = await request(url, {
        dispatcher: secure ? this.#secure : this.#plain, method: 'POST', body, signal,
        headers: { 'content-type': 'application/json', 'user-agent': 'Cartage-Webhooks/1', ...headers },
      })
      const { statusCode } = answer
      // Its answer counts as it begins: what its body is like changes nothing, and is read for the connection's sake alone.
      await answer.body.dump({ limit: MOST_BYTES, signal }).catch(() => {})
      if (statusCode >= 200 && statusCode < 300) return { taken: true, statusCode }
      const { 'retry-after': retryAfter } = answer.headers
      return { ...failed(statusCode, wordsOf(statusCode), retryAfterOf(typeof retryAfter === 'string' ? retryAfter : undefined, new Date())), gone: statusCode === 410 }
    } catch (error) {
      return failed(null, wordsOfError(error))
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#secure.destroy(), this.#plain.destroy()])
  }
}

const failed = (statusCode: number | null, error: string, retryAfter: number | null = null): Posted & { taken: false } => ({ taken: false, statusCode, error, retryAfter, gone: false })

const notPublic = 'it leads into a private network, which is not allowed'

/** Looks a name up as the connection is made, and connects to what was seen: a name cannot lead elsewhere a moment later. */
const guarded = (networks: Networks, secure: boolean): LookupFunction => (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    if (!addresses.every(({ address }) => networks.mayReach(address, secure))) return callback(Object.assign(new Error(notPublic), { code: NOT_PUBLIC }), '', 0)
    if (options.all === true) return (callback as unknown as (error: null, addresses: dns.LookupAddress[]) => void)(null, addresses)
    callback(null, addresses[0]!.address, addresses[0]!.family)
  })
}

function wordsOf(statusCode: number): string {
  if (statusCode >= 300 && statusCode < 400) return `it answered ${statusCode}: redirects are not followed`
  return statusCode === 410 ? 'it answered 410: it is gone' : `it answered ${statusCode}`
}

const words: Readonly<Record<string, string>> = {
  [NOT_PUBLIC]: notPublic,
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'it refused the connection',
}

// The messages of errors name hosts and addresses: only their codes are told.
function wordsOfError(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: { code?: string } }
  if (name === 'TimeoutError' || error instanceof errors.HeadersTimeoutError || error instanceof errors.ConnectTimeoutError) return 'it did not answer in time'
  const known = code ?? cause?.code
  return (known === undefined ? undefined : words[known]) ?? `it could not be reached${known === undefined ? '' : ` (${known})`}`
}
