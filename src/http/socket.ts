import type { Socket } from 'node:net'
import { CloseCode } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Actor, Scope } from '../auth/scope.ts'
import { seconds } from '../kit/clock.ts'
import { Backlog } from './backlog.ts'
import type { Span } from '../observability/trace.ts'
import type { Deadline } from './deadline.ts'
import type { Subscriber, SubscriberLimits } from './open-subscribers.ts'
import { SignsOfLife } from './signs-of-life.ts'

/** Beside those of the protocol. */
export const OurCloseCode = { GoingAway: 1001, TooManyAttempts: 4429, Idle: 4440, LifetimeOver: 4441, Unavailable: 4503 } as const

/** In bytes, by RFC 6455. A reason may quote the client. */
const LONGEST_REASON = 123

/** An operation that a socket runs. */
export interface Running {
  scope: Scope
  /** Of a query. */
  deadline?: Deadline
  startedAt: number
  operation: { kind: string; name: string | undefined } | undefined
  failed: boolean
  /** Undefined where nothing is traced. A subscription's has ended once that has begun. */
  span: Span | undefined
}

/** One client's socket, and what it runs. */
export class GraphqlSocket implements Subscriber {
  readonly ws: WebSocket
  readonly stream: Socket
  /** The client's. */
  readonly address: string
  readonly backlog: Backlog
  readonly running = new Map<string, Running>()
  actor: Actor | null = null
  readonly #limits: SubscriberLimits
  readonly #life: SignsOfLife
  readonly #openedAt = performance.now()
  #busyAt = this.#openedAt

  constructor(ws: WebSocket, stream: Socket, address: string, limits: SubscriberLimits) {
    this.ws = ws
    this.stream = stream
    this.address = address
    this.backlog = new Backlog(stream)
    this.#limits = limits
    this.#life = new SignsOfLife(stream, seconds(limits.pingSeconds), this.#openedAt)
    const heard = (): void => this.#life.heard(performance.now())
    ws.on('pong', heard)
    ws.on('ping', heard)
    ws.on('message', heard)
  }

  /** Sends a message of the protocol. Who asks and does not read the answers is listened to no more until they are taken. */
  send(message: string): void {
    this.ws.send(message)
    if (!this.backlog.isFull || this.ws.isPaused) return
    this.ws.pause()
    this.backlog.onceDrained(() => this.ws.resume())
  }

  revoked(): void {
    this.close(CloseCode.Forbidden, 'Forbidden')
  }

  /** Of several reasons the first is told. */
  close(code: number, reason: string): void {
    if (this.ws.readyState === this.ws.OPEN) this.ws.close(code, Buffer.byteLength(reason) > LONGEST_REASON ? reason.slice(0, LONGEST_REASON / 3) : reason)
  }

  look(now: number): void {
    const { socketIdleSeconds, socketLifetimeSeconds } = this.#limits
    if (this.#life.isSilent(now)) return this.ws.terminate()
    if (this.running.size > 0) this.#busyAt = now
    if (socketLifetimeSeconds > 0 && now - this.#openedAt > seconds(socketLifetimeSeconds)) return this.close(OurCloseCode.LifetimeOver, 'Connect again and resume')
    if (socketIdleSeconds > 0 && now - this.#busyAt > seconds(socketIdleSeconds)) return this.close(OurCloseCode.Idle, 'Nothing subscribed to')
    if (this.#life.due(now) && this.ws.readyState === this.ws.OPEN) this.ws.ping()
  }
}
