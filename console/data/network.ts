// Whether the gateway can be reached, as requests and the socket find out.
type Listener = () => void

export class Network {
  #lostAt: Date | null = null
  readonly #listeners = new Set<Listener>()
  readonly #stop = new AbortController()

  constructor() {
    addEventListener('offline', () => this.lost(), { signal: this.#stop.signal })
  }

  /** Since when it cannot; null: it can. */
  get lostAt(): Date | null {
    return this.#lostAt
  }

  lost(): void {
    if (this.#lostAt !== null) return
    this.#lostAt = new Date()
    this.#tell()
  }

  reached(): void {
    if (this.#lostAt === null) return
    this.#lostAt = null
    this.#tell()
  }

  whenReached(): Promise<void> {
    return new Promise((resolve) => {
      const leave = this.subscribe(() => {
        if (this.#lostAt !== null) return
        leave()
        resolve()
      })
    })
  }

  subscribe = (listener: Listener): Listener => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  stop(): void {
    this.#stop.abort()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
