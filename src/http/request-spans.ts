// A span for each request of GraphQL over HTTP, from its headers to the end of its answer. It continues the trace that the caller's `traceparent` names.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { beginTrace, failed, isTracing, type Span, SpanKind } from '../observability/trace.ts'

const spans = new WeakMap<FastifyRequest, Span>()

/** For the routes of `app`. */
export function traceRequests(app: FastifyInstance): void {
  if (!isTracing()) return
  app.addHook('onRequest', (request, reply, done) => {
    const { method, protocol, id, routeOptions: { url } } = request
    // Neither the address nor the query is told: a GET has its variables there.
    const span = beginTrace(`${method} ${url}`, {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': method, 'http.route': url, 'url.path': url, 'url.scheme': protocol, 'cartage.request_id': id },
    }, request.headers)
    spans.set(request, span)
    reply.raw.once('close', () => {
      if (!span.isRecording()) return // a subscription's ends once that has begun
      const { statusCode, writableFinished } = reply.raw
      if (writableFinished) span.setAttribute('http.response.status_code', statusCode)
      else span.setAttribute('error.type', 'CLIENT_GONE')
      if (writableFinished && statusCode >= 500) failed(span) // of which type, whoever answered so has said
      span.end()
    })
    done()
  })
}

/** Undefined where nothing is traced. */
export const spanOf = (request: FastifyRequest): Span | undefined => spans.get(request)
