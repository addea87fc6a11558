import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError, type RawAxiosRequestConfig } from 'axios'
import { failed, type Span, SpanKind, spanned } from '../../../observability/trace.ts'
import { ChannelError } from '../../channel.ts'

/** What came back over HTTP, whatever its status, with nothing of the request in it. */
export interface Answer {
  status: number
  requestId: string | null
  /** Calls a second, as x-amzn-RateLimit-Limit tells (Amazon sends it as far as it can). */
  ratePerSecond: number | null
  retryAfterMs: number | null
  /** The JSON value; undefined where the body is empty or no JSON. */
  body: unknown
  /** Whether the body is JSON or empty. */
  readable: boolean
}

const largestAnswer = 32 * 1024 * 1024
const userAgent = 'Cartage/0.1 (Language=TypeScript; Platform=Node.js)'

/**
 * One axios for all calls of a process. It keeps connections alive, follows no redirect (the token would follow too), judges no
 * status and leaves bodies as text: what they mean is decided in one place, and errors of axios, which carry the request with its
 * token and secret, arise only where no answer came.
 */
export function createHttp(): AxiosInstance {
  return axios.create({
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2' }),
    headers: { 'User-Agent': userAgent },
    maxRedirects: 0,
    maxContentLength: largestAnswer,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
  })
}

/** Never through a proxy that the environment names for the world outside. */
export const routeTo = (url: string): RawAxiosRequestConfig =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname) ? { proxy: false } : {}

/**
 * Makes one HTTP exchange within `timeoutMs`, from connecting to the last byte. `server` is the URL of whom it is with.
 * @throws ChannelError `unavailable` where no answer came (`notSent` where no connection came about), `cancelled` by the signal.
 */
export function exchange(send: Send, { server, ...limits }: { signal: AbortSignal; timeoutMs: number; server: string }): Promise<Answer> {
  return spanned('HTTP', client, (span) => {
    if (span.isRecording() && URL.canParse(server)) span.setAttribute('server.address', new URL(server).hostname)
    return exchanged(send, limits, span)
  })
}

const client = { kind: SpanKind.CLIENT }

type Send = (options: RawAxiosRequestConfig) => Promise<AxiosResponse<unknown>>

async function exchanged(send: Send, { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number }, span: Span): Promise<Answer> {
  if (signal.aborted) throw new ChannelError('cancelled', 'the call was cancelled before it was made', { notSent: true })
  const ended = new AbortController()
  const onAbort = (): void => ended.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(onAbort, timeoutMs)
  try {
    const { status, headers, data, config } = await send({ signal: ended.signal })
    const answer = { status, ...readHeaders(headers), ...readBody(data) }
    tell(span, config.method, answer)
    return answer
  } catch (error) {
    if (signal.aborted) throw new ChannelError('cancelled', 'the call was cancelled while it was under way')
    if (ended.signal.aborted) throw new ChannelError('unavailable', `no answer within ${timeoutMs} ms`, { code: 'ETIMEDOUT' })
    throw noAnswer(error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** Neither path nor query: there are order numbers in them. */
function tell(span: Span, method: string | undefined, { status, requestId }: Answer): void {
  const verb = method?.toUpperCase() ?? 'HTTP'
  span.updateName(verb).setAttributes({ 'http.request.method': verb, 'http.response.status_code': status, ...(requestId !== null && { 'aws.request_id': requestId }) })
  if (status >= 400) failed(span, String(status))
}

/** System errors after which nothing was sent; https://nodejs.org/api/errors.html#common-system-errors. */
const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])

// Only the code and the system call's name are taken from the error, never its message, cause or properties.
function noAnswer(error: unknown): Error {
  if (!isAxiosError(error)) return new Error(`the call failed within this process: ${error instanceof Error ? error.name : typeof error}`)
  const code = error.code !== undefined && /^[A-Z0-9_]{1,60}$/.test(error.code) ? error.code : null
  const { cause } = error
  const connecting = cause !== undefined && 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo')
  return new ChannelError('unavailable', `no answer: ${code ?? 'the connection failed'}`, {
    code,
    notSent: connecting || (code !== null && beforeSending.has(code)),
  })
}

function readHeaders(headers: AxiosResponse['headers']): Pick<Answer, 'requestId' | 'ratePerSecond' | 'retryAfterMs'> {
  const text = (name: string): string | null => {
    const value: unknown = headers[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const rate = Number(text('x-amzn-ratelimit-limit') ?? Number.NaN)
  return {
    requestId: text('x-amzn-requestid')?.slice(0, 100) ?? null,
    ratePerSecond: Number.isFinite(rate) && rate > 0 ? rate : null,
    retryAfterMs: readRetryAfter(text('retry-after')),
  }
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function readRetryAfter(value: string | null): number | null {
  if (value === null) return null
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null
}

function readBody(data: unknown): Pick<Answer, 'body' | 'readable'> {
  if (data === undefined || data === null || data === '') return { body: undefined, readable: true }
  try {
    return { body: JSON.parse(String(data)) as unknown, readable: true }
  } catch {
    return { body: undefined, readable: false }
  }
}
