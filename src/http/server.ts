import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import proxyAddr from '@fastify/proxy-addr'
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import { Subscriptions } from '../subscriptions/subscriptions.ts'
import { CompiledExecution } from '../execution/compiled.ts'
import { serveAuthorizationCallback } from './authorization-callback.ts'
import { boundConnections, boundRequests, bounds } from './bounds.ts'
import { Documents } from './documents.ts'
import { eventsExecutor } from './execute-events.ts'
import { errorFormat } from './format-error.ts'
import { serveGraphiql } from './graphiql.ts'
import { createApollo, serveGraphql } from './graphql.ts'
import { serveHealth } from './health.ts'
import type { HttpOptions } from './http-options.ts'
import { drain, listen } from './listen.ts'
import { OpenSubscribers } from './open-subscribers.ts'
import { Operations } from './operations.ts'
import { errorHandler, refuse, refuseAddress } from './refuse.ts'
import { traceRequests } from './request-spans.ts'
import { serveEventStreams } from './sse.ts'
import { serveWebsocket } from './websocket.ts'
import { Windows } from './windows.ts'

const LARGEST_BODY = 1024 * 1024

export interface Http {
  /** E.g. http://127.0.0.1:4000 */
  url: string
  /** Accepts nothing more, says goodbye to sockets, ends what runs. */
  stop(): Promise<void>
}

/** /graphql over HTTP and WebSocket, /graphql/stream, /graphiql, /authorize/:channel/callback, /healthz, /readyz, /metrics. @throws EADDRINUSE and its kin. */
export async function startHttp(options: HttpOptions): Promise<Http> {
  const { schema, log, introspection, metrics, patience } = options
  const app = fastify({
    bodyLimit: LARGEST_BODY,
    ...bounds(patience),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2000 }, // a signed link is some hundred characters
    frameworkErrors: refuseAddress,
    trustProxy: options.trustedProxies.length > 0 ? options.trustedProxies : false,
  })
  const trusts = proxyAddr.compile(options.trustedProxies)
  boundConnections(app.server as Server, options.connectionsPerAddress, (address) => trusts(address, 0), () => metrics.connectionsRefused.inc())
  app.decorate('countError', (code) => metrics.errors.inc({ code }))
  let stopping = false
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  app.setErrorHandler(errorHandler(log))
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    hsts: false, // TLS is ended in front of us, and is that one's to promise
  })
  boundRequests(app, log, patience)
  await app.register(rateLimit, { max: options.rateLimit, timeWindow: '1 minute', store: Windows })
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => refuse(request, reply, 404))

  const operations = new Operations(metrics)
  const formatErrors = errorFormat(metrics)
  const documents = new Documents(schema, { introspection, maxCost: options.maxCost, trusted: options.trusted, trustedOnly: options.trustedDocumentsOnly, mayUse: options.mayUse })
  const execution = new CompiledExecution(schema)
  const apollo = await createApollo({ schema, introspection, execution, documents, operations, formatErrors, log })
  const subscribing = {
    schema, documents, operations, formatErrors,
    subscriptions: new Subscriptions({ execute: eventsExecutor(execution, formatErrors), scopeFor: options.scopeFor, metrics, log }),
    subscribers: new OpenSubscribers(options.authenticator, options, log),
  }
  let streams: { stop(): void } | undefined
  await app.register(async (scope) => {
    if (options.corsOrigins.length > 0) {
      await scope.register(cors, { origin: options.corsOrigins, methods: ['GET', 'POST'], exposedHeaders: ['x-request-id', 'retry-after'], maxAge: 600 })
    }
    traceRequests(scope)
    serveGraphql(scope, apollo, options)
    streams = serveEventStreams(scope, subscribing, options)
  })
  serveAuthorizationCallback(app, options)
  serveHealth(app, { metrics, log, readiness: async () => (stopping ? ['the process is stopping'] : options.readiness()) })
  for (const site of options.sites) await app.register(async (scope) => site(scope))
  if (options.graphiql) await serveGraphiql(app, options)
  const sockets = serveWebsocket(app.server as Server, subscribing, options)
  let url: string
  try {
    url = await listen(app, options)
  } catch (error) {
    await sockets.stop()
    subscribing.subscribers.stop()
    await Promise.all([app.close(), apollo.stop()])
    throw error
  }
  log.info({ url }, 'listening')
  return {
    url,
    async stop() {
      stopping = true
      const drained = drain(app)
      streams?.stop()
      await Promise.all([drained, sockets.stop()])
      subscribing.subscribers.stop()
      await apollo.stop()
    },
  }
}
