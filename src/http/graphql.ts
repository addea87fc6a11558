import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestContext } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import type { CompiledExecution } from '../execution/compiled.ts'
import type { Log } from '../observability/log.ts'
import { beneath, type Span } from '../observability/trace.ts'
import { authenticated, type Door } from './authenticated.ts'
import { documentSeams, readDocuments, separate } from './apollo-documents.ts'
import { compiledAnswers, stringify } from './compiled-answers.ts'
import { Deadline } from './deadline.ts'
import { translateDocumentId } from './document-id.ts'
import { limitCodes } from './document-limits.ts'
import type { Documents } from './documents.ts'
import type { FormatErrors } from './format-error.ts'
import type { HttpOptions } from './http-options.ts'
import type { Operations } from './operations.ts'
import { refuseAs } from './refuse.ts'
import { spanOf } from './request-spans.ts'

export interface ApolloParts {
  schema: GraphQLSchema
  introspection: boolean
  execution: CompiledExecution
  documents: Documents
  operations: Operations
  formatErrors: FormatErrors
  log: Log
}

/** GraphQL over HTTP. The routes are the caller's to place. */
export async function createApollo({ schema, introspection, execution, documents, operations, formatErrors, log }: ApolloParts): Promise<ApolloServer<Scope>> {
  const apollo = new ApolloServer<Scope>({
    schema,
    introspection,
    ...documentSeams(documents),
    csrfPrevention: true,
    hideSchemaDetailsFromClientErrors: !introspection,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    nodeEnv: 'production',
    logger: log,
    stringifyResult: stringify,
    // Cache control wraps every field of the schema: about half the time of a large answer.
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), compiledAnswers(execution), answers(operations, formatErrors), readDocuments(documents)],
  })
  await apollo.start()
  return apollo
}

/** Of the requests that are under way, by their ids: Apollo hands its plugins a copy of the scope. */
const underWay = new Map<string, { deadline: Deadline; span: Span | undefined }>()

export function serveGraphql(
  app: FastifyInstance,
  apollo: ApolloServer<Scope>,
  { scopeFor, requestTimeoutSeconds, ...door }: Door & Pick<HttpOptions, 'scopeFor' | 'requestTimeoutSeconds'>,
): void {
  const accepted = new WeakMap<FastifyRequest, { scope: Scope; deadline: Deadline }>()
  const handle = fastifyApolloHandler(apollo, { context: async (request) => accepted.get(request as unknown as FastifyRequest)!.scope })
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // After the rate limit, and before a body is read.
    async preParsing(request, reply) {
      const actor = await beneath(spanOf(request), () => authenticated(request, reply, door))
      if (actor === null) return reply as never
      const deadline = new Deadline(requestTimeoutSeconds)
      accepted.set(request, { scope: scopeFor(actor, request.id, { address: request.ip, signal: deadline.signal }), deadline })
    },
    async handler(this: FastifyInstance, request, reply) {
      if (Array.isArray(request.body)) return refuseAs(request, reply, 400, 'BATCHING_NOT_SUPPORTED', 'One operation a request: batches are not taken')
      if (reply.raw.destroyed) return reply.hijack() // the client has gone before anything of it began
      const { deadline } = accepted.get(request)!
      const span = spanOf(request)
      underWay.set(request.id, { deadline, span })
      reply.raw.once('close', () => {
        underWay.delete(request.id)
        deadline.leave()
      })
      translateDocumentId(request)
      const answered = Promise.resolve(beneath(span, () => handle.call(this, request, reply)))
      const body = await Promise.race([answered, deadline.overdue])
      if (typeof body !== 'string') {
        answered.catch(() => {})
        return refuseAs(request, reply, 504, deadline.ended!.code, deadline.ended!.message)
      }
      return reply.statusCode >= 400 ? withRequestId(body, request, reply) : body
    },
  })
}

/** Measures, logs and formats: no hook of a field, which would make every field dear. */
function answers(operations: Operations, formatErrors: FormatErrors): ApolloServerPlugin<Scope> {
  return {
    async requestDidStart() {
      const startedAt = performance.now()
      return {
        async didResolveOperation({ operation, contextValue, queryHash }) {
          const { deadline, span } = underWay.get(contextValue.requestId) ?? {}
          if (span !== undefined && operation !== undefined) operations.traced(span, { kind: operation.operation, name: operation.name?.value }, queryHash)
          if (operation?.operation === 'subscription') {
            throw new GraphQLError('Subscriptions are served over WebSocket (graphql-transport-ws) at this same path, and as server-sent events at /graphql/stream', { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } })
          }
          if (operation?.operation === 'query') deadline?.start()
        },
        async willSendResponse(context) {
          const { errors, contextValue: scope, operation } = context
          const { deadline, span } = underWay.get(scope.requestId) ?? {}
          const ended = deadline?.ended ?? null
          if (errors !== undefined && context.response.body?.kind === 'single') {
            if (ended === null) {
              context.response.body.singleResult.errors = formatErrors(errors.flatMap(separate), scope, span)
              softenStatus(context)
            } else endEarly(context, formatErrors([new GraphQLError(ended.message, { originalError: ended })], scope, span))
          }
          operations.ended({ operation: operation === undefined ? undefined : { kind: operation.operation, name: operation.name?.value }, startedAt, failed: errors !== undefined, transport: 'http', log: scope.log })
        },
      }
    },
  }
}

/** One error for all that could not be read any more, and nothing of what had been. */
function endEarly({ response }: GraphQLRequestContext<Scope>, errors: readonly GraphQLFormattedError[]): void {
  response.body = { kind: 'single', singleResult: { errors } }
  response.http.status = 504
}

const wellFormedRequest = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'COST_EXCEEDED', 'DOCUMENT_NOT_TRUSTED', 'FORBIDDEN', ...limitCodes,
])

// GraphQL over HTTP: a client that accepts only application/json SHOULD be answered 200 where the request itself was well-formed,
// as it cannot tell a gateway's 400 from GraphQL's.
function softenStatus({ request, response }: GraphQLRequestContext<Scope>): void {
  const code = response.body?.kind === 'single' ? response.body.singleResult.errors?.[0]?.extensions?.['code'] : undefined
  const modern = request.http?.headers.get('accept')?.includes('application/graphql-response+json') ?? false
  if (!modern && (response.http.status === 400 || response.http.status === 403) && wellFormedRequest.has(code)) response.http.status = 200
}

/** What Apollo refuses before there is an operation (CSRF, no `query`) passes no plugin. */
function withRequestId(body: string, request: FastifyRequest, reply: FastifyReply): string {
  if (!String(reply.getHeader('content-type')).includes('json')) return body
  const answer = JSON.parse(body) as { errors?: { extensions?: Record<string, unknown> }[] }
  const errors = answer.errors?.map((error) => ({ ...error, extensions: { code: error.extensions?.['code'] ?? 'BAD_REQUEST', ...error.extensions, requestId: request.id } }))
  return JSON.stringify({ ...answer, errors })
}
