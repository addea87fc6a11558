import pg from 'pg'
import type { Log } from '../observability/log.ts'

const RECONNECT_MS = 1000

/** One LISTEN connection, made anew when it breaks. */
export class Listener {
  readonly #config: pg.ClientConfig
  readonly #log: Log
  readonly #onNotification: () => void
  #client: pg.Client | undefined
  #stopped = false
  #again: NodeJS.Timeout | undefined

  constructor(config: pg.ClientConfig, log: Log, onNotification: () => void) {
    this.#config = config
    this.#log = log
    this.#onNotification = onNotification
  }

  async start(): Promise<void> {
    const client = new pg.Client({ ...this.#config, application_name: 'cartage events' })
    client.on('notification', () => this.#onNotification())
    client.on('error', (error) => this.#log.warn({ err: error }, 'the event listener lost its connection'))
    client.on('end', () => this.#reconnectSoon())
    await client.connect()
    await client.query('LISTEN cartage_events')
    if (this.#stopped) return client.end() // it was stopped meanwhile
    this.#client = client
    this.#onNotification() // whatever was appended while nobody listened
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
      this.#log.warn({ err: error }, 'the event listener cannot connect; the log is looked at now and then meanwhile')
      this.#reconnectSoon()
    }
  }
}
