// Many subscribers in one process, at as little cost as can be: plain sockets that speak just enough of RFC 6455 and graphql-transport-ws.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'

export interface Subscriber {
  socket: net.Socket
  /** Answers that came. */
  received: number
}

export interface Subscription {
  query: string
  variables?: Record<string, unknown>
}

export interface SubscriberOptions {
  /** ws://host:port/path */
  url: string
  token: string
  subscription: Subscription
  /** The protocol is spoken first, unless the server knows none. */
  protocol: boolean
  /** Given each answer's text; without it they are only counted. */
  onText?: (text: string, subscriber: Subscriber) => void
}

/** Resolves once the server is known to have taken the subscription's message; what follows it takes a moment more. */
export async function subscribe({ url, token, subscription, protocol, onText }: SubscriberOptions): Promise<Subscriber> {
  const { hostname, port, pathname } = new URL(url)
  const socket = net.connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const subscriber: Subscriber = { socket, received: 0 }
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n${protocol ? 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n' : ''}\r\n`)
  await new Promise<void>((resolve, reject) => {
    let rest: Buffer = Buffer.alloc(0)
    let state: 'upgrading' | 'initializing' | 'open' = 'upgrading'
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a socket')))
    socket.on('data', (chunk: Buffer) => {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      if (state === 'upgrading') {
        const end = data.indexOf('\r\n\r\n')
        if (end === -1) return void (rest = data)
        if (!data.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) return reject(new Error(data.toString()))
        data = data.subarray(end + 4)
        state = protocol ? 'initializing' : 'open'
        if (protocol) socket.write(frame(1, JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })))
        else resolve()
      }
      let at = 0
      for (;;) {
        const size = frameAt(data, at)
        if (size === null) break
        const { opcode, from, to } = size
        at = to
        if (opcode === 9) socket.write(frame(10, ''))
        if (opcode !== 1) continue
        if (state === 'initializing') {
          state = 'open'
          socket.write(frame(1, JSON.stringify({ id: '1', type: 'subscribe', payload: subscription })), () => resolve())
          continue
        }
        subscriber.received++
        onText?.(data.toString('utf8', from, to), subscriber)
      }
      rest = data.subarray(at)
    })
  })
  socket.on('error', () => {}) // cut by us, or by the end of the server
  return subscriber
}

function frameAt(data: Buffer, at: number): { opcode: number; from: number; to: number } | null {
  if (data.length < at + 2) return null
  let [length, from] = [data[at + 1]! & 0x7f, at + 2]
  if (length === 126) {
    if (data.length < at + 4) return null
    ;[length, from] = [data.readUInt16BE(at + 2), at + 4]
  } else if (length === 127) {
    if (data.length < at + 10) return null
    ;[length, from] = [Number(data.readBigUInt64BE(at + 2)), at + 10]
  }
  return data.length < from + length ? null : { opcode: data[at]! & 0x0f, from, to: from + length }
}

/** A client's frame is masked; a mask of zeros changes nothing. */
function frame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text)
  const head = payload.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | payload.length]) : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, Buffer.alloc(4), payload])
}

/** That many, some at a time. */
export async function subscribeMany(count: number, optionsOf: (index: number) => SubscriberOptions): Promise<Subscriber[]> {
  const subscribers: Subscriber[] = []
  for (let from = 0; from < count; from += 100) {
    subscribers.push(...(await Promise.all(Array.from({ length: Math.min(100, count - from) }, (_, index) => subscribe(optionsOf(from + index))))))
  }
  return subscribers
}
