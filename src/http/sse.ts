// GraphQL over server-sent events, by the protocol of graphql-sse in its mode of distinct connections: a stream for each operation.
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { execute, GraphQLError } from 'graphql'
import { z } from 'zod'
import type { Actor } from '../auth/scope.ts'
import { beneath } from '../observability/trace.ts'
import { authenticated } from './authenticated.ts'
import { Deadline } from './deadline.ts'
import type { Opened } from './documents.ts'
import { EventStream } from './event-stream.ts'
import { answerOf } from './execute-events.ts'
import type { HttpOptions } from './http-options.ts'
import { refuse, refuseAs } from './refuse.ts'
import { spanOf } from './request-spans.ts'
import type { Subscribing } from './websocket.ts'

const record = z.record(z.string(), z.unknown()).nullish()
const operationRequest = z.object({ query: z.string().nullish(), documentId: z.string().nullish(), operationName: z.string().nullish(), variables: record, extensions: record })
type OperationRequest = z.infer<typeof operationRequest>

export function serveEventStreams(app: FastifyInstance, subscribing: Subscribing, options: HttpOptions): { stop(): void } {
  const { documents, subscribers } = subscribing
  const actors = new WeakMap<FastifyRequest, Actor>()
  const streams = new Set<EventStream>()
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql/stream',
    async preParsing(request, reply) {
      const actor = await beneath(spanOf(request), () => authenticated(request, reply, options))
      if (actor === null) return reply as never
      if (!accepts(request.headers.accept)) return refuse(request, reply, 406) as never
      actors.set(request, actor)
    },
    async handler(request, reply) {
      if (typeof request.body === 'string') return refuse(request, reply, 415)
      const asked = operationRequest.safeParse(request.method === 'GET' ? fromQuery(request.query as Record<string, string>) : request.body)
      if (!asked.success) return malformed(reply)
      if (!asked.data.query && asked.data.documentId == null && asked.data.extensions?.['persistedQuery'] == null) return malformed(reply)
      const actor = actors.get(request)!
      const opened = documents.open(asked.data, actor.role)
      if (request.method === 'GET' && 'operation' in opened && opened.operation.operation === 'mutation') {
        return refuseAs(request, reply.header('allow', 'POST'), 405, 'BAD_REQUEST', 'A mutation must be sent by POST')
      }
      if (reply.raw.destroyed) return reply.hijack() // the client has gone before anything of it began: its end would be noticed no more
      if (!subscribers.admit(actor)) return refuseAs(request, reply, 429, 'TOO_MANY_SUBSCRIBERS', 'This token has as many sockets and streams as it may have')
      const stream = open(reply, actor)
      await beneath(spanOf(request), () => answer(request, stream, asked.data, opened))
      return reply
    },
  })

  function open(reply: FastifyReply, actor: Actor): EventStream {
    reply.hijack()
    const stream = new EventStream(reply.raw, reply.getHeaders() as OutgoingHttpHeaders, actor, options)
    subscribers.add(stream)
    streams.add(stream)
    options.metrics.eventStreams.inc()
    reply.raw.once('close', () => {
      options.metrics.eventStreams.dec()
      subscribers.remove(stream)
      streams.delete(stream)
    })
    return stream
  }

  async function answer(request: FastifyRequest, stream: EventStream, { operationName, variables }: OperationRequest, opened: Opened | { errors: readonly GraphQLError[] }): Promise<void> {
    const { schema, subscriptions, operations, formatErrors } = subscribing
    const span = spanOf(request)
    const operation = 'operation' in opened ? { kind: opened.operation.operation as string, name: opened.operation.name?.value } : undefined
    const deadline = operation?.kind === 'query' ? new Deadline(options.requestTimeoutSeconds) : null
    deadline?.start()
    const scope = options.scopeFor(stream.actor, request.id, { address: request.ip, ...(deadline === null ? {} : { signal: deadline.signal }) })
    const startedAt = performance.now()
    if (operation?.kind === 'subscription') options.metrics.subscriptions.inc()
    stream.onClosed(() => {
      deadline?.leave()
      if (operation?.kind === 'subscription') options.metrics.subscriptions.dec()
      operations.ended({ operation, startedAt, failed: stream.failed, transport: 'sse', log: scope.log })
    })
    if ('errors' in opened) return stream.tell(answerOf(opened, scope, formatErrors, span))
    if (span !== undefined) operations.traced(span, operation!, opened.hash)
    const args = { schema, document: opened.document, operationName, variableValues: variables }
    try {
      if (opened.operation.operation !== 'subscription') return stream.tell(answerOf(await execute({ ...args, contextValue: scope }), scope, formatErrors, span))
      const lastEventId = request.headers['last-event-id']
      const begun = await subscriptions.begin({ ...args, scope, ...(typeof lastEventId === 'string' && lastEventId !== '' ? { resumeAfter: lastEventId } : {}) }, stream)
      if (typeof begun !== 'function') return stream.tell(answerOf(begun, scope, formatErrors, span))
      span?.end() // what follows may take hours, and is traced page by page
      stream.onClosed(begun)
    } catch (error) {
      stream.tell(answerOf({ errors: [new GraphQLError('failed', { originalError: error as Error })] }, scope, formatErrors, span))
    }
  }

  return {
    /** A stream that ends without being complete is opened again by its client, elsewhere. */
    stop() {
      for (const stream of streams) stream.end()
    },
  }
}

const malformed = (reply: FastifyReply): FastifyReply =>
  refuseAs(reply.request, reply, 400, 'BAD_REQUEST', 'The request must have a GraphQL document as `query`, or name one; `variables` and `extensions` must be objects')

const accepts = (accept = '*/*'): boolean => /text\/event-stream|text\/\*|\*\/\*/.test(accept)

function fromQuery({ query, documentId, operationName, variables, extensions }: Record<string, string>): unknown {
  try {
    const parsed = (json: string | undefined): unknown => (json === undefined || json === '' ? undefined : JSON.parse(json))
    return { query, documentId, operationName, variables: parsed(variables), extensions: parsed(extensions) }
  } catch {
    return null
  }
}
