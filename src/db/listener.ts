import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { seconds } from '../kit/clock.ts'

const RECONNECT_MS = 1000
const GOODBYE_MS = 1000
/** Silence may be that of a server that is no more: it is asked for a sign of life so often, and given so long. */
const [ASKED_EVERY_MS, ANSWER_MS] = [seconds(15), seconds(15)]

/** One LISTEN connection on one channel, made anew when it breaks or falls silent. */
export class Listener {
  readonly #config: pg.ClientConfig
  readonly #warn: (error: unknown, message: string) => void
  readonly #channel: string
  readonly #onNotification: (payload: string | null) => void
  #client: pg.Client | undefined
  #stopped = false
  #again: NodeJS.Timeout | undefined
  readonly #life: NodeJS.Timeout

  /** `onNotification` is told null whenever it begins to listen: what was said before that it has not heard. */
  constructor(config: pg.ClientConfig, channel: string, warn: (error: unknown, message: string) => void, onNotification: (payload: string | null) => void) {
    this.#config = config
    this.#warn = warn
    this.#channel = channel
    this.#onNotification = onNotification
    this.#life = setInterval(() => this.#ask(), ASKED_EVERY_MS).unref()
  }

  async start(): Promise<void> {
    const client = new pg.Client({ ...this.#config, application_name: `cartage listens to ${this.#channel}`, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS })
    client.on('notification', ({ payload }) => this.#onNotification(payload ?? ''))
    client.on('error', (error) => this.#warn(error, `the listener to ${this.#channel} lost its connection`))
    client.on('end', () => this.#reconnectSoon())
    try {
      await client.connect()
      await client.query(`LISTEN ${this.#channel}`)
    } catch (error) {
      void client.end().catch(() => {})
      throw error
    }
    if (this.#stopped) return client.end() // it was stopped meanwhile
    this.#client = client
    this.#onNotification(null)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#again)
    clearInterval(this.#life)
    // A server that is gone takes no leave.
    await Promise.race([this.#client?.end(), sleep(GOODBYE_MS, undefined, { ref: false })])
  }

  /** One that does not answer is cut: its end is noticed like any other. */
  #ask(): void {
    const client = this.#client
    client?.query('SELECT').catch(() => client.end().catch(() => {}))
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
