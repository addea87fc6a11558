// GraphQL over WebSocket, by the protocol graphql-transport-ws. graphql-ws keeps the protocol; this is its host.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import proxyAddr from '@fastify/proxy-addr'
import { execute, type ExecutionArgs, GraphQLError, type GraphQLSchema } from 'graphql'
import { CloseCode, type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { TooManyAttempts } from '../auth/authenticate.ts'
import { SignInUnavailable } from '../auth/oidc.ts'
import { seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import { beginTrace, beneath, isTracing, SpanKind } from '../observability/trace.ts'
import type { Subscriptions } from '../subscriptions/subscriptions.ts'
import { hasTooManyHeaders } from './bounds.ts'
import { Deadline } from './deadline.ts'
import type { Documents } from './documents.ts'
import type { FormatErrors } from './format-error.ts'
import type { HttpOptions } from './http-options.ts'
import type { OpenSubscribers } from './open-subscribers.ts'
import type { Operations } from './operations.ts'
import { singleAnswer } from './single-answer.ts'
import { GraphqlSocket, OurCloseCode, type Running } from './socket.ts'
import { SocketSink } from './socket-sink.ts'

const LARGEST_MESSAGE = 1024 * 1024
const INIT_WAIT_MS = seconds(5)
/** How long a socket has to answer our goodbye. */
const GOODBYE_MS = seconds(1)

/** What the transports of subscriptions share. */
export interface Subscribing {
  schema: GraphQLSchema
  documents: Documents
  subscriptions: Subscriptions
  subscribers: OpenSubscribers
  operations: Operations
  formatErrors: FormatErrors
}

interface Arguments extends ExecutionArgs {
  id: string
  socket: GraphqlSocket
  running: Running
}

type SocketContext = Context<Record<string, unknown>, GraphqlSocket>

export function serveWebsocket(server: Server, { schema, documents, subscriptions, subscribers, operations, formatErrors }: Subscribing, options: HttpOptions): { stop(): Promise<void> } {
  const { authenticator, scopeFor, metrics, log } = options
  const trusts = proxyAddr.compile(options.trustedProxies)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, handleProtocols })

  const begin = ({ extra: socket }: SocketContext, id: string, payload: SubscribePayload): Arguments | readonly GraphQLError[] => {
    const requestId = randomUUID()
    const span = isTracing() ? beginTrace('operation', { kind: SpanKind.SERVER, attributes: { 'network.protocol.name': 'websocket', 'cartage.request_id': requestId } }) : undefined
    const running: Running = { scope: scopeFor(socket.actor!, requestId, { address: socket.address }), startedAt: performance.now(), operation: undefined, failed: false, span }
    ended(socket, id)
    socket.running.set(id, running)
    if (socket.running.size > options.operationsPerSocket) {
      return [new GraphQLError(`At most ${options.operationsPerSocket} operations run at a time on one socket`, { extensions: { code: 'TOO_MANY_OPERATIONS' } })]
    }
    if (options.tokenRates.take(socket.actor!.id, performance.now()) > 0) return [new GraphQLError('Too many operations with this token; try again shortly', { extensions: { code: 'RATE_LIMITED' } })]
    const opened = documents.open(payload, socket.actor!.role)
    if ('errors' in opened) return opened.errors
    const { document, operation, hash } = opened
    running.operation = { kind: operation.operation, name: operation.name?.value }
    if (span !== undefined) operations.traced(span, running.operation, hash)
    if (operation.operation === 'subscription') metrics.subscriptions.inc()
    if (operation.operation === 'query') {
      running.deadline = new Deadline(options.requestTimeoutSeconds)
      running.deadline.start()
      running.scope = scopeFor(socket.actor!, requestId, { address: socket.address, signal: running.deadline.signal })
    }
    return { schema, document, contextValue: running.scope, variableValues: payload.variables, operationName: payload.operationName, id, socket, running }
  }

  /** Notes the end of whatever the socket ran under that id. */
  const ended = (socket: GraphqlSocket, id: string): void => {
    const running = socket.running.get(id)
    if (running === undefined) return
    socket.running.delete(id)
    const { operation, scope, deadline, startedAt, failed, span } = running
    deadline?.leave()
    if (operation?.kind === 'subscription') metrics.subscriptions.dec()
    beneath(span, () => operations.ended({ operation, startedAt, failed, transport: 'websocket', log: scope.log }))
    if (span?.isRecording() === true) span.end()
  }

  const protocol = makeServer<Record<string, unknown>, GraphqlSocket>({
    connectionInitWaitTimeout: INIT_WAIT_MS,
    async onConnect({ connectionParams, extra: socket }) {
      const actor = await authenticator.actorOf(authorizationOf(connectionParams), socket.address).catch((error: unknown) => {
        if (error instanceof TooManyAttempts) socket.close(OurCloseCode.TooManyAttempts, `Too many tokens that are no good; again in ${error.retryAfterSeconds} s`)
        else if (error instanceof SignInUnavailable) socket.close(OurCloseCode.Unavailable, 'The identity provider cannot be reached')
        else {
          // No 4403: a client whose token is no good does not come again.
          socket.close(OurCloseCode.Unavailable, 'The token cannot be looked up now; try again')
          log.error({ causes: causes(error) }, 'a socket could not be authenticated')
        }
        return null
      })
      if (actor === null || socket.ws.readyState !== socket.ws.OPEN) return false // closes with 4403
      if (!subscribers.admit(actor)) {
        socket.close(CloseCode.TooManyInitialisationRequests, 'Too many sockets of this token')
        return false
      }
      socket.actor = actor
      return true
    },
    onSubscribe: begin,
    // A mutation runs to its end, whoever waits for it.
    execute(args) {
      const { deadline, span } = (args as Arguments).running
      const answer = beneath(span, () => execute(args))
      return deadline === undefined ? answer : singleAnswer(Promise.resolve(answer))
    },
    async subscribe(args) {
      const { id, socket, running, contextValue: _scope, ...operation } = args as Arguments
      const sink = new SocketSink(socket, id, () => (running.failed = true))
      const begun = await beneath(running.span, () => subscriptions.begin({ ...operation, scope: running.scope }, sink))
      if (typeof begun !== 'function') return begun
      running.span?.end() // what follows may take hours, and is traced page by page
      return sink.begun(begun)
    },
    onNext({ extra: socket }, id, _payload, _args, { errors, ...result }) {
      const running = socket.running.get(id)
      if (errors === undefined || running === undefined) return
      running.failed = true
      return { ...result, errors: formatErrors(errors, running.scope, running.span) }
    },
    onError({ extra: socket }, id, _payload, errors) {
      const running = socket.running.get(id)
      if (running === undefined) return
      running.failed = true
      const formatted = formatErrors(errors as readonly GraphQLError[], running.scope, running.span)
      ended(socket, id)
      return formatted
    },
    onComplete: ({ extra: socket }, id) => ended(socket, id),
    onClose({ extra: socket }) {
      for (const id of socket.running.keys()) ended(socket, id)
    },
  })

  const host = (ws: WebSocket, stream: Socket, address: string): void => {
    const socket = new GraphqlSocket(ws, stream, address, options)
    metrics.sockets.inc()
    subscribers.add(socket)
    // A malformed or oversized frame: ws closes the socket by itself.
    ws.on('error', (error) => log.debug({ reason: error.message }, 'socket failed'))
    const closed = protocol.opened(
      {
        protocol: ws.protocol,
        send: (message) => socket.send(message),
        close: (code, reason) => socket.close(code ?? CloseCode.InternalServerError, reason ?? ''),
        onMessage: (take) => ws.on('message', (message) => void take(String(message)).catch((error: unknown) => {
          log.error({ causes: causes(error) }, 'a message of a socket could not be handled')
          socket.close(CloseCode.InternalServerError, 'Internal server error')
        })),
      },
      socket,
    )
    ws.once('close', (code, reason) => {
      metrics.sockets.dec()
      subscribers.remove(socket)
      void closed(code, String(reason))
    })
  }

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const refused = hasTooManyHeaders(request) ? '431 Request Header Fields Too Large' : request.url?.split('?')[0] === '/graphql' ? null : '404 Not Found'
    if (refused !== null) {
      stream.on('error', () => {}) // it was cut: Node.js has taken its own listener away, and an error that nobody hears ends the process
      return void stream.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }
    sockets.handleUpgrade(request, stream, head, (ws) => host(ws, stream as Socket, proxyAddr(request, trusts)))
  }
  server.on('upgrade', upgrade)

  return {
    async stop() {
      server.off('upgrade', upgrade)
      const impatient = setTimeout(() => sockets.clients.forEach((ws) => ws.terminate()), GOODBYE_MS)
      // Which tells a client to connect again and to resume after its last cursor.
      for (const ws of sockets.clients) ws.close(OurCloseCode.GoingAway, 'Going away')
      await Promise.all([...sockets.clients].map((ws) => new Promise((resolve) => ws.once('close', resolve))))
      clearTimeout(impatient)
    },
  }
}

// Headers are spelt in any case, and GraphiQL hands its headers editor over as they stand.
function authorizationOf(params: Record<string, unknown> | undefined): unknown {
  return Object.entries(params ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
}
