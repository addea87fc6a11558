import type { Leave } from '../subscriptions/subscriptions.ts'
import type { Payload, Sink } from '../subscriptions/sink.ts'
import type { GraphqlSocket } from './socket.ts'

/**
 * A subscription's answers go from its group straight into the socket, as frames of which only the id is one's own. graphql-ws, which runs the
 * protocol, is handed an iterator that yields nothing and ends when the subscription does.
 */
export class SocketSink implements Sink, AsyncIterableIterator<never> {
  readonly #socket: GraphqlSocket
  readonly #head: string
  readonly #onFailed: () => void
  readonly #ended: Promise<void>
  #end!: (error?: Error) => void
  #leave: Leave = () => {}

  constructor(socket: GraphqlSocket, id: string, onFailed: () => void) {
    this.#socket = socket
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
    this.#onFailed = onFailed
    this.#ended = new Promise((resolve, reject) => (this.#end = (error) => (error === undefined ? resolve() : reject(error))))
  }

  begun(leave: Leave): this {
    this.#leave = leave
    return this
  }

  write(payloads: readonly Payload[]): number {
    const { ws, stream, backlog } = this.#socket
    if (ws.readyState !== ws.OPEN) return payloads.length // it is on its way out, and wants nothing more
    let taken = 0
    stream.cork() // one system call for all of them
    for (const { text, failed } of payloads) {
      if (backlog.isFull) break
      ws.send(`${this.#head}${text}}`)
      if (failed) this.#onFailed()
      taken++
    }
    stream.uncork()
    return taken
  }

  onceDrained(goOn: () => void): void {
    this.#socket.backlog.onceDrained(goOn)
  }

  complete(): void {
    this.#end()
  }

  fail(error: Error): void {
    this.#end(error)
  }

  async next(): Promise<IteratorResult<never, undefined>> {
    await this.#ended
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<never, undefined>> {
    this.#leave()
    this.#end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
