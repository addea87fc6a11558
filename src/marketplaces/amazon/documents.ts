// Contents that Amazon takes and gives by presigned links to its storage, beside the Selling Partner API. Whoever has the link has the
// content: it is written nowhere, and nothing of an answer of the storage is told, which quotes it.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type AxiosInstance, type AxiosResponse, isAxiosError, type RawAxiosRequestConfig } from 'axios'
import type { Log } from '../../observability/log.ts'
import type { Metrics } from '../../observability/metrics.ts'
import { ChannelError, type MarketplaceRegion } from '../channel.ts'
import { createHttp, exchange, routeTo } from './sp-api/exchange.ts'
import { type RetryPolicy, withRetries } from './sp-api/retry.ts'

export interface DocumentOptions {
  /** Of the Selling Partner API: a link is taken in clear text only where the API itself is spoken to so. */
  endpoints: Record<MarketplaceRegion, string>
  /** Of one HTTP exchange. */
  timeoutMs: number
  retry: RetryPolicy
  log: Log
  metrics: Metrics
}

export interface DocumentLink {
  url: string
  region: MarketplaceRegion
  /** For whom it is told in the log. */
  connectionId: string
}

/** As it arrives and unpacked. */
export const largestDocument = 64 * 1024 * 1024

const unpacked = promisify(gunzip)

/** No budget counts these exchanges, and no token goes with them. Both may be repeated. */
export class Documents {
  readonly #http: AxiosInstance = createHttp()
  readonly #options: DocumentOptions

  constructor(options: DocumentOptions) {
    this.#options = options
  }

  /** `contentType` is the one that the link was asked for: it is part of what the link is signed for. */
  async put(link: DocumentLink, content: Buffer, contentType: string, signal: AbortSignal): Promise<void> {
    await this.#exchanged('putDocument', link, signal, (options) =>
      this.#http.put(link.url, content, { ...options, headers: { 'Content-Type': contentType } }),
    )
  }

  /** The content, unpacked where it is packed. @throws ChannelError `invalid-answer` where it is too large or cannot be unpacked */
  async get(link: DocumentLink, signal: AbortSignal): Promise<Buffer> {
    const content = await this.#exchanged('getDocument', link, signal, (options) =>
      this.#http.get(link.url, { ...options, responseType: 'arraybuffer', maxContentLength: largestDocument }),
    )
    // By its first bytes (RFC 1952, 2.3.1): what lies between may have unpacked it already.
    if (content[0] !== 0x1f || content[1] !== 0x8b) return content
    try {
      return await unpacked(content, { maxOutputLength: largestDocument })
    } catch {
      throw new ChannelError('invalid-answer', 'getDocument: the document cannot be unpacked, or is too large')
    }
  }

  async #exchanged(
    operation: string,
    { url, region, connectionId }: DocumentLink,
    signal: AbortSignal,
    send: (options: RawAxiosRequestConfig) => Promise<AxiosResponse<unknown>>,
  ): Promise<Buffer> {
    const { endpoints, timeoutMs, retry } = this.#options
    const protocol = URL.canParse(url) ? new URL(url).protocol : ''
    if (protocol !== 'https:' && (protocol !== 'http:' || new URL(endpoints[region]).protocol !== 'http:')) {
      throw new ChannelError('invalid-answer', `${operation}: the link to the document is none over TLS`)
    }
    const attempt = async (): Promise<Buffer> => {
      const startedAt = performance.now()
      const told = (outcome: string): void => this.#tell(operation, connectionId, outcome, performance.now() - startedAt)
      let content: unknown
      let tooLarge = false
      let status: number
      try {
        const sent = async (options: RawAxiosRequestConfig): Promise<AxiosResponse<unknown>> => {
          try {
            const response = await send({ ...options, ...routeTo(url) })
            content = response.data
            return { ...response, data: undefined }
          } catch (error) {
            // The code alone is also that of an answer that was cut, which may go better the next time.
            tooLarge = isAxiosError(error) && error.message.startsWith('maxContentLength')
            throw error
          }
        }
        ;({ status } = await exchange(sent, { signal, timeoutMs, server: url }))
      } catch (error) {
        told(error instanceof ChannelError ? (error.code ?? error.kind) : 'failed')
        if (tooLarge) throw new ChannelError('invalid-answer', `${operation}: the document is too large`)
        if (!(error instanceof ChannelError)) throw error
        throw new ChannelError(error.kind, `${operation}: ${error.message}`, { code: error.code, notSent: error.notSent })
      }
      told(String(status))
      if (status >= 200 && status < 300) return Buffer.isBuffer(content) ? content : Buffer.alloc(0)
      const kind = status >= 500 || status === 429 || status === 408 ? 'unavailable' : 'invalid-answer'
      // Neither `rejected` nor `unauthorized`: a link that is too old says nothing of the account or of what was sent.
      throw new ChannelError(kind, `${operation}: ${status}: the storage refused the link`, { httpStatus: status })
    }
    return withRetries(attempt, retry, signal)
  }

  #tell(operation: string, connectionId: string, outcome: string, durationMs: number): void {
    const { log, metrics } = this.#options
    metrics.marketplaceCalls.inc({ channel: 'amazon', operation, outcome })
    const facts = { channel: 'amazon', operation, connectionId, outcome, durationMs: Math.round(durationMs) }
    if (/^2\d\d$/.test(outcome)) log.debug(facts, 'marketplace document')
    else log.warn(facts, 'marketplace document failed')
  }
}
