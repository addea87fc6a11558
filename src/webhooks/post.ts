import dns from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher, errors } from 'undici'
import { seconds } from '../kit/clock.ts'
import { retryAfterOf } from './backoff.ts'
import { addressOf, type Networks } from './target.ts'

/** For an answer in all, from the connection's beginning on. */
const DEADLINE_MS = seconds(15)
/** Of an answer's body, which tells nothing: of a longer one the rest is not read. */
const MOST_BYTES = 64 * 1024
/** Shorter than most servers leave a connection open. */
const IDLE_MS = seconds(4)

export type Posted =
  | { taken: true; statusCode: number }
  /** `gone`: it wants nothing more, ever. `error`: words without an address. `retryAfter` in milliseconds. */
  | { taken: false; statusCode: number | null; error: string; retryAfter: number | null; gone: boolean }

export type Post = (headers: Record<string, string>, body: string) => Promise<Posted>

const NOT_PUBLIC = 'ERR_ADDRESS_NOT_PUBLIC'
const notPublic = 'it leads into a private network, which is not allowed'

/** Posts to receivers that strangers name: never into a network that is not allowed, never further than the URL says, never for long. */
export class Poster {
  readonly #networks: Networks
  readonly #deadlineMs: number
  readonly #secure: Agent
  readonly #plain: Agent
  readonly #answers = new Set<Answer>()

  constructor(networks: Networks, deadlineMs = DEADLINE_MS) {
    this.#networks = networks
    this.#deadlineMs = deadlineMs
    // Redirects are followed by nobody who does not ask for it.
    const agent = (secure: boolean): Agent => new Agent({ connect: { lookup: guarded(networks, secure), timeout: deadlineMs }, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS })
    this.#secure = agent(true)
    this.#plain = agent(false)
  }

  /** How one receiver is posted to: looked at once, as a lane posts to it very often. */
  to(url: URL): Post {
    const secure = url.protocol === 'https:'
    const address = addressOf(url)
    // Only names are looked up: an address goes straight to its socket.
    if (address !== null && !this.#networks.mayReach(address, secure)) return async () => failed(null, notPublic)
    const agent = secure ? this.#secure : this.#plain
    const to = { origin: url.origin, path: `${url.pathname}${url.search}`, method: 'POST' as const }
    return (headers, body) => new Promise((resolve) => {
      const answer = new Answer(this.#deadlineMs, (posted) => {
        this.#answers.delete(answer)
        resolve(posted)
      })
      this.#answers.add(answer)
      agent.dispatch({ ...to, body, headers: { 'content-type': 'application/json', 'user-agent': 'Cartage-Webhooks/1', ...headers } }, answer)
    })
  }

  /** Gives up whatever has no answer yet. */
  abandon(): void {
    for (const answer of this.#answers) answer.end(new Error('given up'))
  }

  async close(): Promise<void> {
    await Promise.all([this.#secure.destroy(), this.#plain.destroy()])
  }
}

class TooLate extends Error {}
class Enough extends Error {}

/** What becomes of one request. It counts as it begins: what its body is like changes nothing, and is read for the connection's sake alone. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #settle: (posted: Posted) => void
  readonly #deadline: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | null = null
  #ended: Error | null = null
  #statusCode = 0
  #retryAfter: string | undefined
  #bytes = 0

  constructor(deadlineMs: number, settle: (posted: Posted) => void) {
    this.#settle = settle
    this.#deadline = setTimeout(() => this.end(new TooLate()), deadlineMs)
  }

  /** Whatever state it is in. */
  end(reason: Error): void {
    this.#ended = reason
    this.#controller?.abort(reason)
    this.#answered(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#ended !== null) controller.abort(this.#ended)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: Record<string, string | string[] | undefined>): void {
    if (statusCode < 200) return
    this.#statusCode = statusCode
    const { 'retry-after': retryAfter } = headers
    if (typeof retryAfter === 'string') this.#retryAfter = retryAfter
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > MOST_BYTES) controller.abort(new Enough())
  }

  onResponseEnd(): void {
    this.#answered(null)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#answered(error)
  }

  #answered(error: Error | null): void {
    clearTimeout(this.#deadline)
    this.#settle(this.#statusCode === 0 ? failed(null, wordsOfError(error)) : answeredWith(this.#statusCode, this.#retryAfter))
  }
}

const failed = (statusCode: number | null, error: string, retryAfter: number | null = null): Posted & { taken: false } => ({ taken: false, statusCode, error, retryAfter, gone: statusCode === 410 })

function answeredWith(statusCode: number, retryAfter: string | undefined): Posted {
  return statusCode < 300 ? { taken: true, statusCode } : failed(statusCode, wordsOf(statusCode), retryAfterOf(retryAfter, new Date()))
}

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
  if (statusCode < 400) return `it answered ${statusCode}: redirects are not followed`
  return statusCode === 410 ? 'it answered 410: it is gone' : `it answered ${statusCode}`
}

const words: Readonly<Record<string, string>> = {
  [NOT_PUBLIC]: notPublic,
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'it refused the connection',
}

// The messages of errors name hosts and addresses: only their codes are told.
function wordsOfError(error: Error | null): string {
  if (error instanceof TooLate || error instanceof errors.ConnectTimeoutError) return 'it did not answer in time'
  const { code, cause } = (error ?? {}) as { code?: string; cause?: { code?: string } }
  const known = code ?? cause?.code
  return (known === undefined ? undefined : words[known]) ?? `it could not be reached${known === undefined ? '' : ` (${known})`}`
}
