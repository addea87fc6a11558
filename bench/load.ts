// A closed loop of HTTP requests over so many connections that stay open: each asks again as soon as it was answered. Plain sockets that write
// the same bytes each time and look at no more of an answer than where it ends: node's client would take about as much of a machine as the server does.
import net from 'node:net'

export interface Asking {
  url: string
  body: string
  headers: Record<string, string>
}

export interface Loaded {
  count: number
  /** Answers a second. */
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Answers that were none, or not 200. */
  failures: number
  /** Of the last answer. */
  bytes: number
}

const HEAD_ENDS = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')

export async function load({ url, body, headers }: Asking, { connections, seconds }: { connections: number; seconds: number }): Promise<Loaded> {
  const { hostname, port, host, pathname, search } = new URL(url)
  const fields = Object.entries({ host, ...headers, 'content-length': Buffer.byteLength(body) }).map(([name, value]) => `${name}: ${value}\r\n`)
  const asked = Buffer.from(`POST ${pathname}${search} HTTP/1.1\r\n${fields.join('')}\r\n${body}`)
  const times: number[] = []
  let failures = 0
  let bytes = 0
  const began = performance.now()
  const until = began + seconds * 1000
  const one = (): Promise<void> => new Promise((resolve) => {
    const socket = net.connect({ host: hostname, port: Number(port), noDelay: true })
    const answer = new Answer()
    let at = 0
    const ask = (): void => {
      at = performance.now()
      socket.write(asked)
    }
    const fail = (): void => {
      failures++
      socket.destroy()
      resolve()
    }
    socket.on('connect', ask)
    socket.on('error', fail)
    socket.on('end', fail)
    socket.on('data', (chunk) => {
      const ended = answer.take(chunk)
      if (ended === null) return
      const now = performance.now()
      times.push(now - at)
      bytes = ended.bytes
      if (ended.status !== 200) failures++
      if (now < until) return ask()
      socket.removeListener('end', fail)
      socket.destroy()
      resolve()
    })
  })
  await Promise.all(Array.from({ length: connections }, one))
  const took = (performance.now() - began) / 1000
  times.sort((first, second) => first - second)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN
  return { count: times.length, rate: times.length / took, p50: at(0.5), p99: at(0.99), failures, bytes }
}

/** One answer after the other of a connection: as long as its head says, or until its last chunk. */
class Answer {
  #head: Buffer = Buffer.alloc(0)
  #status = 0
  /** Null while the head is read, and of one in chunks. */
  #length: number | null = null
  #read = 0
  #tail: Buffer = Buffer.alloc(0)
  #inBody = false

  /** Its status and the bytes of its body, once it has ended. */
  take(chunk: Buffer): { status: number; bytes: number } | null {
    let rest = chunk
    if (!this.#inBody) {
      const whole = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
      const end = whole.indexOf(HEAD_ENDS)
      if (end < 0) {
        this.#head = whole
        return null
      }
      const head = whole.toString('latin1', 0, end)
      const length = /\ncontent-length: *(\d+)/i.exec(head)?.[1]
      this.#status = Number(head.slice(9, 12))
      this.#length = length === undefined ? null : Number(length)
      this.#read = 0
      this.#tail = LAST_CHUNK.subarray(0, 2) // an empty body is its last chunk alone
      this.#head = Buffer.alloc(0)
      this.#inBody = true
      rest = whole.subarray(end + HEAD_ENDS.length)
    }
    this.#read += rest.length
    if (this.#length === null) this.#tail = Buffer.concat([this.#tail, rest.subarray(-LAST_CHUNK.length)]).subarray(-LAST_CHUNK.length)
    if (this.#length === null ? !this.#tail.equals(LAST_CHUNK) : this.#read < this.#length) return null
    this.#inBody = false
    return { status: this.#status, bytes: this.#read }
  }
}
