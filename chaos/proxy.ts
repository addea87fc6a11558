// A TCP proxy that goes wrong on demand: between gateway and PostgreSQL, between gateway and Amazon, and as the balancer before the API.
import net from 'node:net'
import type { Random } from '../src/marketplaces/amazon/simulator/random.ts'

/** Where a new connection leads; null: nowhere, and it is refused. */
export type Target = () => net.NetConnectOpts | null

export class Proxy {
  readonly port: number
  readonly #server: net.Server
  readonly #target: Target
  readonly #pairs = new Set<Pair>()
  #stalls = 0

  static async listen(target: Target): Promise<Proxy> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Proxy(server, target)
  }

  private constructor(server: net.Server, target: Target) {
    this.#server = server
    this.#target = target
    this.port = (server.address() as net.AddressInfo).port
    server.on('connection', (socket) => this.#join(socket))
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Cuts each connection with that probability, as a machine does that knows nothing of it: by RST. How many were. */
  cut(random: Random, share = 1): number {
    const cut = [...this.#pairs].filter(() => random.chance(share))
    for (const pair of cut) pair.reset()
    return cut.length
  }

  /** What is behind is gone, and nobody says so: connections stay, and are never answered. New ones lead to the target as before. */
  abandon(): void {
    for (const pair of this.#pairs) pair.abandon()
  }

  /** Nothing passes in either direction until `flow`; connections are taken, and wait. */
  stall(): void {
    this.#stalls++
    for (const pair of this.#pairs) pair.hold()
  }

  flow(): void {
    if (--this.#stalls === 0) for (const pair of this.#pairs) pair.flow()
  }

  async stop(): Promise<void> {
    for (const pair of this.#pairs) pair.reset()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(client: net.Socket): void {
    const target = this.#target()
    if (target === null) {
      client.resetAndDestroy()
      return
    }
    const pair = new Pair(client, net.connect({ allowHalfOpen: true, noDelay: true, ...target }), () => this.#pairs.delete(pair))
    this.#pairs.add(pair)
    if (this.#stalls === 0) pair.flow()
  }
}

/** Two sockets, each of which gets what comes from the other. */
class Pair {
  readonly #sockets: readonly [net.Socket, net.Socket]
  #flows = false

  constructor(client: net.Socket, server: net.Socket, onEnd: () => void) {
    this.#sockets = [client, server]
    client.pause()
    server.pause()
    this.#pass(client, server)
    this.#pass(server, client)
    client.once('close', onEnd)
  }

  flow(): void {
    this.#flows = true
    for (const socket of this.#sockets) socket.resume()
  }

  hold(): void {
    this.#flows = false
    for (const socket of this.#sockets) socket.pause()
  }

  abandon(): void {
    const [client, server] = this.#sockets
    server.removeAllListeners()
    server.on('error', () => {})
    server.destroy()
    // What the client sends is taken, as by a network that loses it.
    client.removeAllListeners('data')
    client.on('data', () => {})
    client.resume()
  }

  reset(): void {
    for (const socket of this.#sockets) {
      // A Unix socket knows no RST.
      if (socket.remotePort === undefined) socket.destroy()
      else socket.resetAndDestroy()
    }
  }

  #pass(from: net.Socket, to: net.Socket): void {
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => {
      if (this.#flows) from.resume()
    })
    from.on('end', () => to.end())
    from.on('error', () => this.reset())
    from.on('close', () => to.destroySoon())
  }
}
