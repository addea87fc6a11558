// What a connection may ask of us before it has said anything worth an answer, and how long it may let us wait.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyHttpOptions, FastifyInstance } from 'fastify'
import { minutes, seconds } from '../kit/clock.ts'
import type { Log } from '../observability/log.ts'
import { refuse } from './refuse.ts'

const LARGEST_HEADERS = 16 * 1024
/** Node.js leaves out what is beyond 2000 without a word: a request whose X-Forwarded-For was left out would pass for one from this machine. */
const MOST_HEADERS = 100

export interface ClientPatience {
  /** Until a request's headers are here, */
  headersMs: number
  /** until the whole request is, */
  requestMs: number
  /** and until its answer is taken. */
  answerMs: number
  checkedEveryMs: number
}
/** Who sends or takes drop by drop keeps a connection no longer. */
const PATIENCE: ClientPatience = { headersMs: seconds(10), requestMs: seconds(30), answerMs: minutes(2), checkedEveryMs: seconds(2) }
/** Longer than proxies keep theirs to us (60 s, as a rule), so that none sends a request into a connection that we are closing. */
const IDLE_MS = seconds(72)

/** For fastify. */
export function bounds(patience: ClientPatience = PATIENCE): Pick<FastifyHttpOptions<Server>, 'requestTimeout' | 'keepAliveTimeout' | 'http'> {
  return {
    requestTimeout: patience.requestMs,
    keepAliveTimeout: IDLE_MS,
    http: { maxHeaderSize: LARGEST_HEADERS, headersTimeout: patience.headersMs, connectionsCheckingInterval: patience.checkedEveryMs },
  }
}

export const hasTooManyHeaders = ({ rawHeaders }: IncomingMessage): boolean => rawHeaders.length > 2 * MOST_HEADERS

/** Before anything else of a request is looked at. */
export function boundRequests(app: FastifyInstance, log: Log, { answerMs }: ClientPatience = PATIENCE): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (hasTooManyHeaders(request.raw)) return void refuse(request, reply.header('connection', 'close'), 431)
    done()
  })
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (!reply.raw.destroyed) {
      const late = setTimeout(() => {
        log.info({ requestId: request.id, path: request.routeOptions.url }, 'the answer was not taken')
        reply.raw.destroy()
      }, answerMs)
      reply.raw.once('close', () => clearTimeout(late))
    }
    done()
  })
}

/**
 * At most so many connections at a time of one address, or of one network where that is of IPv6, WebSockets among them. Proxies that are
 * trusted bring clients whose addresses are not known yet: theirs to count.
 */
export function boundConnections(server: Server, most: number, isProxy: (address: string) => boolean, refused: () => void): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket
    if (remoteAddress === undefined || isProxy(remoteAddress)) return // the former has gone already
    const address = normalizeIP(remoteAddress)
    const count = (open.get(address) ?? 0) + 1
    if (count > most) {
      refused()
      return void socket.destroy()
    }
    open.set(address, count)
    socket.once('close', () => {
      const left = open.get(address)! - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
  })
}
