// GraphQL over WebSocket, by the protocol graphql-transport-ws.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql'
import { CloseCode, type Context, type SubscribePayload } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Actor, Scope } from '../auth/scope.ts'
import { seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import { Deadline } from './deadline.ts'
import type { Documents } from './documents.ts'
import { formatErrors } from './format-error.ts'
import type { Operations } from './operations.ts'
import type { HttpOptions } from './http-options.ts'

const LARGEST_MESSAGE = 1024 * 1024
const INIT_WAIT_MS = seconds(5)
const PING_MS = seconds(15)
const TOKEN_CHECK_MS = seconds(15)
/** How long a socket has to answer our goodbye. */
const GOODBYE_MS = seconds(1)
/** Operations that run at a time on one socket. */
const MOST_OPERATIONS = 100

interface Running {
  args: ExecutionArgs
  scope: Scope
  /** Of a query. */
  deadline?: Deadline
  startedAt: number
  failed: boolean
  counted: boolean
}

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket
  actor?: Actor
  running?: Map<string, Running>
}

type Options = Pick<HttpOptions, 'authenticator' | 'scopeFor' | 'metrics' | 'log' | 'requestTimeoutSeconds'>

export function serveWebsocket(server: Server, schema: GraphQLSchema, documents: Documents, operations: Operations, options: Options): { stop(): Promise<void> } {
  const { authenticator, scopeFor, metrics, log, requestTimeoutSeconds } = options
  const actors = new Map<WebSocket, Actor>()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE })
  const running = ({ extra }: { extra: Extra }): Map<string, Running> => (extra.running ??= new Map())

  const begin = (context: Context<Record<string, unknown>, Extra>, id: string, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] => {
    const { actor } = context.extra
    const requestId = randomUUID()
    const scope = scopeFor(actor!, requestId)
    const started: Running = { args: { schema, document: { kind: 'Document' as never, definitions: [] } }, scope, startedAt: performance.now(), failed: false, counted: false }
    running(context).set(id, started)
    if (running(context).size > MOST_OPERATIONS) {
      return [new GraphQLError(`At most ${MOST_OPERATIONS} operations run at a time on one socket`, { extensions: { code: 'TOO_MANY_OPERATIONS' } })]
    }
    const opened = documents.open(payload)
    if ('errors' in opened) return opened.errors
    const { document, operation } = opened
    if (operation.operation === 'query') {
      started.deadline = new Deadline(requestTimeoutSeconds)
      started.deadline.start()
      started.scope = scopeFor(actor!, requestId, started.deadline.signal)
    }
    if (operation.operation === 'subscription') {
      started.counted = true
      metrics.subscriptions.inc()
    }
    started.args = { schema, document, contextValue: started.scope, variableValues: payload.variables, operationName: payload.operationName }
    return started.args
  }

  const end = ({ args, scope, deadline, startedAt, failed, counted }: Running): void => {
    deadline?.leave()
    if (counted) metrics.subscriptions.dec()
    operations.ended({ operation: getOperationAST(args.document, args.operationName) ?? undefined, startedAt, failed, transport: 'websocket', log: scope.log })
  }

  const service = useServer<Record<string, unknown>, Extra>(
    {
      connectionInitWaitTimeout: INIT_WAIT_MS,
      isProd: true, // else a socket's close frame would quote the error
      async onConnect({ connectionParams, extra }) {
        const actor = await authenticator.actorOf(authorizationOf(connectionParams)).catch((error: unknown) => {
          log.error({ causes: causes(error) }, 'a socket could not be authenticated')
          return null
        })
        if (actor === null) return false // closes with 4403
        extra.actor = actor
        actors.set(extra.socket, actor)
        return true
      },
      onSubscribe: begin,
      onNext(context, id, _payload, _args, { errors, ...result }) {
        const started = running(context).get(id)
        if (errors === undefined || started === undefined) return
        started.failed = true
        return { ...result, errors: formatErrors(errors, started.scope) }
      },
      onError(context, id, _payload, errors) {
        const started = running(context).get(id)
        if (started === undefined) return
        started.failed = true
        const answer = formatErrors(errors as readonly GraphQLError[], started.scope)
        running(context).delete(id)
        end(started)
        return answer
      },
      onComplete(context, id) {
        const started = running(context).get(id)
        running(context).delete(id)
        if (started !== undefined) end(started)
      },
      onClose({ extra }) {
        for (const started of extra.running?.values() ?? []) end(started)
        extra.running?.clear()
      },
    },
    sockets,
    PING_MS,
  )

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.url?.split('?')[0] !== '/graphql') return void socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (client) => {
      metrics.sockets.inc()
      client.once('close', () => {
        metrics.sockets.dec()
        actors.delete(client)
      })
      sockets.emit('connection', client, request)
      // In place of graphql-ws' own, which prints a client's malformed or oversized frame as an internal error of ours. ws closes it.
      client.removeAllListeners('error').on('error', (error) => log.debug({ reason: error.message }, 'socket failed'))
    })
  }
  server.on('upgrade', upgrade)

  const checkTokens = async (): Promise<void> => {
    if (actors.size === 0) return
    const live = await authenticator.live([...new Set([...actors.values()].map((actor) => actor.id))])
    for (const [socket, actor] of actors) if (!live.has(actor.id)) socket.close(CloseCode.Forbidden, 'Forbidden')
  }
  const timer = setInterval(() => void checkTokens().catch((error: unknown) => log.warn({ causes: causes(error) }, 'tokens of open sockets not checked')), TOKEN_CHECK_MS)
  timer.unref()

  return {
    async stop() {
      clearInterval(timer)
      server.off('upgrade', upgrade)
      const impatient = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), GOODBYE_MS)
      // 1001 to every socket, which tells a client to connect again and to resume after its last cursor.
      await service.dispose()
      clearTimeout(impatient)
    },
  }
}

// Headers are spelt in any case, and GraphiQL hands its headers editor over as they stand.
function authorizationOf(params: Record<string, unknown> | undefined): unknown {
  return Object.entries(params ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
}
