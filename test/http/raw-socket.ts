import { once } from 'node:events'
import { expect } from 'vitest'
import WebSocket, { type ClientOptions } from 'ws'
import { soon } from '../support/soon.ts'
import type { Planted } from './planted.ts'

export interface Message {
  type: string
  id?: string
  payload?: unknown
}

/** A client that keeps to nothing: it sends what a test says, and shows what comes. */
export class RawSocket {
  readonly socket: WebSocket
  readonly received: Message[] = []
  readonly closed: Promise<[code: number, reason: string]>

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => this.received.push(JSON.parse(String(data)) as Message))
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])))
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  }

  subscribe(id: string, query: string, variables?: Record<string, unknown>): void {
    this.send({ type: 'subscribe', id, payload: { query, ...(variables === undefined ? {} : { variables }) } })
  }

  /** Messages of an operation. */
  of(id: string): Message[] {
    return this.received.filter((message) => message.id === id)
  }

  until(expected: Partial<Message>): Promise<void> {
    return soon(() => expect(this.received).toContainEqual(expect.objectContaining(expected)))
  }
}

export async function connect({ url }: Pick<Planted, 'url'>, options: ClientOptions = {}, protocols: string | string[] = 'graphql-transport-ws'): Promise<RawSocket> {
  const raw = new RawSocket(new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols, options))
  await once(raw.socket, 'open')
  return raw
}

/** Connected, authenticated and acknowledged. */
export async function open(server: Pick<Planted, 'url' | 'token'>, options: ClientOptions = {}, token = server.token): Promise<RawSocket> {
  const raw = await connect(server, options)
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
  await raw.until({ type: 'connection_ack' })
  return raw
}
