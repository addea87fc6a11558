import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Actor } from '../auth/scope.ts'
import { seconds } from '../kit/clock.ts'
import type { Payload, Sink } from '../subscriptions/sink.ts'
import { Backlog } from './backlog.ts'
import type { Subscriber, SubscriberLimits } from './open-subscribers.ts'
import { SignsOfLife } from './signs-of-life.ts'

/** A comment, which every client passes over. */
const SIGN = ':\n\n'

/** One operation's stream of server-sent events. */
export class EventStream implements Sink, Subscriber {
  readonly actor: Actor
  failed = false
  readonly #response: ServerResponse
  readonly #backlog: Backlog
  readonly #limits: SubscriberLimits
  readonly #openedAt = performance.now()
  readonly #life: SignsOfLife

  constructor(response: ServerResponse, headers: OutgoingHttpHeaders, actor: Actor, limits: SubscriberLimits) {
    this.actor = actor
    this.#response = response
    this.#backlog = new Backlog(response)
    this.#limits = limits
    this.#life = new SignsOfLife(response.socket!, seconds(limits.pingSeconds), this.#openedAt)
    response.on('error', () => {}) // its client has gone: 'close' follows
    response.writeHead(200, {
      ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', connection: 'keep-alive',
      'x-accel-buffering': 'no', // or a proxy would gather events until they are worth its while
    })
    response.write(SIGN) // some browsers take no stream for open before it has said something
  }

  write(payloads: readonly Payload[]): number {
    if (this.#response.destroyed || this.#response.writableEnded) return payloads.length
    let taken = 0
    this.#response.cork()
    for (const { cursor, text, failed } of payloads) {
      if (this.#backlog.isFull) break
      this.#response.write(`event: next\n${cursor === undefined ? '' : `id: ${cursor}\n`}data: ${text}\n\n`)
      this.failed ||= failed
      taken++
    }
    this.#response.uncork()
    return taken
  }

  onceDrained(goOn: () => void): void {
    this.#backlog.onceDrained(goOn)
  }

  /** The one answer of an operation that has no others. */
  tell(answer: Pick<Payload, 'text' | 'failed'>): void {
    this.write([{ place: '', ...answer }])
    this.complete()
  }

  complete(): void {
    if (!this.#response.writableEnded) this.#response.end('event: complete\ndata:\n\n')
  }

  /** The client will come again. */
  fail(): void {
    this.failed = true
    this.end()
  }

  end(): void {
    this.#response.end()
  }

  onClosed(listener: () => void): void {
    if (this.#response.closed) listener()
    else this.#response.once('close', listener)
  }

  revoked(): void {
    this.end()
  }

  look(now: number): void {
    const { socketLifetimeSeconds } = this.#limits
    // Nobody answers on such a stream: as long as nothing waits to be taken, its client counts as alive.
    if (this.#response.writableLength === 0) this.#life.heard(now)
    if (this.#life.isSilent(now)) return void this.#response.destroy()
    if (socketLifetimeSeconds > 0 && now - this.#openedAt > seconds(socketLifetimeSeconds)) return this.end()
    if (this.#life.due(now) && !this.#response.writableEnded) this.#response.write(SIGN)
  }
}
