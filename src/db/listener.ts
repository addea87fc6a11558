import pg from 'pg'

const RECONNECT_MS = 1000

/** One LISTEN connection on one channel, made anew when it breaks. */
export class Listener {
  readonly #config: pg.ClientConfig
  readonly #warn: (error: unknown, message: string) => void
  readonly #channel: string
  readonly #onNotification: (payload: string | null) => void
  #client: pg.Client | undefined
  #stopped = false
  #again: NodeJS.Timeout | undefined

  /** `onNotification` is told null whenever it begins to listen: what was said before that it has not heard. */
  constructor(config: pg.ClientConfig, channel: string, warn: (error: unknown, message: string) => void, onNotification: (payload: string | null) => void) {
    this.#config = config
    this.#warn = warn
    this.#channel = channel
    this.#onNotification = onNotification
  }

  async start(): Promise<void> {
    const client = new pg.Client({ ...this.#config, application_name: `cartage listens to ${this.#channel}` })
    client.on('notification', ({ payload }) => this.#onNotification(payload ?? ''))
    client.on('error', (error) => this.#warn(error, `the listener to ${this.#channel} lost its connection`))
    client.on('end', () => this.#reconnectSoon())
    await client.connect()
    await client.query(`LISTEN ${this.#channel}`)
    if (this.#stopped) return client.end() // it was stopped meanwhile
    this.#client = client
    this.#onNotification(null)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#again)
    await this.#client?.end()
  }

  #reconnectSoon(): void {
    // A connection that cannot be made tells so twice: by its promise, and by its end.
    if (!this.#stopped) this.#again ??= setTimeout(() => void this.#reconnect(), RECONNECT_MS).unref()
  }

  async #reconnect(): Promise<void> {
    this.#again = undefined
    try {
      await this.start()
    } catch (error) {
      this.#warn(error, `the listener to ${this.#channel} cannot connect; what it would hear is looked for now and then meanwhile`)
      this.#reconnectSoon()
    }
  }
}
