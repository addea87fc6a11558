// What every call passes, whatever it asks for: the faults that befall it, the quota, the answer's headers, the record.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { accessDenied, type Answer, bytesOf, loginRefused, refused, storageRefused, throttled } from './answer.ts'
import { iso } from './clock.ts'
import { countedByWork, Fired } from './faults.ts'
import { spoil } from './malformed.ts'
import { parseJson } from './parse.ts'
import { hasQuota, type Operation, storageOperations, type Usage } from './quota.ts'
import type { Seller } from './seller.ts'
import type { State } from './state.ts'

/** Of one order. */
const KEPT_CONFIRMATIONS = 100

export interface Served {
  /** The state as of now: a reset puts another in its place. */
  state: State
  /** Aborted when the simulator stops, so that no delayed call holds it up. */
  stopping: AbortSignal
}

export interface Request {
  operation: Operation | 'unknown'
  seller: Seller | null
  /** The order's number or the SKU that it is about. */
  subject: string | null
  body: string
  /** The access token that it bears. */
  token: string | null
  /** Refused at once: such a call meets no fault and costs no quota. */
  refusal: Answer | null
  work: (fired: Fired) => Answer
}

/** How the connection ends: with an answer, or cut. */
type End = { answer: Answer; cut: false } | { answer: Answer | null; cut: true; applied: boolean }

export async function serve(served: Served, reply: FastifyReply, request: Request): Promise<void> {
  const { state, stopping } = served
  const started = performance.now()
  const at = iso(state.settle())
  const requestId = randomUUID()
  const fired = faultsOf(state, request)
  const latency = fired.find('latency')
  if (latency !== undefined) await sleep(latency.latencyMs, undefined, { signal: stopping }).catch(() => undefined)

  const end = stopping.aborted ? ({ answer: null, cut: true, applied: false } satisfies End) : answerTo(state, request, fired)
  const status = end.cut ? 0 : end.answer.status
  const sellerId = request.seller?.sellerId ?? null
  if (request.seller !== null && request.operation !== 'unknown') usageOf(request.seller, request.operation).calls++
  const sent = end.cut ? null : end.answer
  state.calls.add({
    at,
    operation: request.operation,
    sellerId,
    subject: request.subject,
    status,
    durationMs: Math.round(performance.now() - started),
    requestId,
    faults: fired.kinds,
  })
  if (request.operation === 'confirmShipment' && request.subject !== null) {
    const confirmations = state.orders.get(request.subject)?.confirmations
    confirmations?.push({
      at,
      requestId,
      body: parseJson(request.body) ?? request.body,
      status,
      applied: end.cut ? end.applied : status === 204,
    })
    if (confirmations !== undefined && confirmations.length > KEPT_CONFIRMATIONS) confirmations.shift()
  }

  reply.header('x-amzn-requestid', requestId)
  const bucket = hasQuota(request.operation) ? request.seller?.buckets[request.operation] : undefined
  if (bucket !== undefined && !fired.has('throttle-without-header')) reply.header('x-amzn-ratelimit-limit', String(bucket.rate))
  const raw = end.answer?.raw
  if (raw?.encoding !== undefined) reply.header('content-encoding', raw.encoding)
  if (sent !== null) {
    void (raw === undefined ? reply.code(sent.status).send(sent.body) : reply.code(sent.status).type(raw.type).send(raw.content))
    return
  }
  reply.hijack()
  const whole = end.answer === null ? null : bytesOf(end.answer)
  if (end.answer !== null && whole !== null) return truncate(reply, end.answer, whole)
  reply.raw.socket?.resetAndDestroy()
}

function faultsOf(state: State, { operation, seller, refusal }: Request): Fired {
  if (refusal !== null || operation === 'unknown') return new Fired([])
  // A late order is late from its making on: no search meets that fault.
  return state.faults.fire(
    operation,
    seller?.sellerId ?? null,
    ({ kind }) => !countedByWork.includes(kind) && (kind !== 'late' || operation !== 'searchOrders'),
  )
}

function answerTo(state: State, request: Request, fired: Fired): End {
  if (request.refusal !== null) return { answer: request.refusal, cut: false }
  if (fired.has('reset')) return { answer: null, cut: true, applied: false }
  const now = state.settle()
  const { operation, seller, token } = request
  // An expired token stays expired: only a new one helps.
  if (fired.has('expired-token') && token !== null) state.login.expire(token, now)
  const failed = failureOf(request, fired)
  if (failed !== null) return { answer: failed, cut: false }
  if (hasQuota(operation) && seller !== null && !seller.buckets[operation].take(now)) {
    usageOf(seller, operation).overQuota++
    return { answer: throttled(), cut: false }
  }
  const answer = request.work(fired)
  const applied = answer.status < 300
  if (fired.has('reset-after')) return { answer: null, cut: true, applied }
  if (fired.has('truncated') && bytesOf(answer) !== null) return { answer, cut: true, applied }
  const malformed = fired.find('malformed')
  return { answer: malformed === undefined || !applied ? answer : spoil(answer, malformed), cut: false }
}

/** The refusal that a fault makes of a call before any work, if one does. */
function failureOf({ operation }: Request, fired: Fired): Answer | null {
  const error = fired.find('error')
  if (operation === 'token') {
    if (fired.has('revoked'))
      return loginRefused(
        400,
        'invalid_grant',
        "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
      )
    if (fired.has('throttle') || fired.has('throttle-without-header')) return loginRefused(429, 'slow_down', 'Too many requests')
    return error === undefined ? null : loginRefused(error.status, 'server_error', 'The server encountered an internal error')
  }
  if ((storageOperations as readonly string[]).includes(operation)) {
    if (fired.has('throttle') || fired.has('throttle-without-header')) return storageRefused(503, 'SlowDown', 'Please reduce your request rate.')
    return error === undefined ? null : storageRefused(error.status, 'InternalError', 'We encountered an internal error. Please try again.')
  }
  if (fired.has('expired-token')) return accessDenied('The access token you provided has expired.')
  if (fired.has('revoked') || fired.has('missing-role')) return accessDenied()
  if (fired.has('throttle') || fired.has('throttle-without-header')) return throttled()
  if (error === undefined) return null
  return error.status === 503
    ? refused(503, 'ServiceUnavailable', 'Service is temporarily unavailable. Please try again.')
    : refused(error.status, 'InternalFailure', 'We encountered an internal error. Please try again.')
}

const usageOf = (seller: Seller, operation: Operation): Usage => (seller.usage[operation] ??= { calls: 0, overQuota: 0 })

/** Promises the whole body, sends half of it, and hangs up. */
function truncate(reply: FastifyReply, { status, raw }: Answer, whole: Buffer): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.writeHead(status, { 'content-type': raw?.type ?? 'application/json; charset=utf-8', 'content-length': whole.length })
  reply.raw.write(whole.subarray(0, Math.floor(whole.length / 2)), () => reply.raw.socket?.destroy())
}
