import pg from 'pg'
import { seconds } from '../kit/clock.ts'

export interface Patience {
  /** Whoever has had a connection for so long is looked at. */
  suspiciousMs: number
  lookEveryMs: number
  /** For a server to answer at all. */
  answerMs: number
}

export const usualPatience: Patience = { suspiciousMs: seconds(10), lookEveryMs: seconds(5), answerMs: seconds(15) }

const born = '/* serverBorn */ SELECT pg_postmaster_start_time()::text AS born'

/**
 * Connections whose server went without a word: a machine without power closes nothing, nor does a proxy that leads to another one by
 * now. Their statements would wait for an answer for a quarter of an hour, or for ever, and hold the pool until nobody gets a connection.
 *
 * Each connection knows when its server was started. While somebody has had one for long, whichever server answers now is asked when it
 * was: if that differs, the connection is ended, and its statement fails. A statement that takes long on a living server is left alone.
 */
export class Vanished {
  readonly #config: pg.ClientConfig
  readonly #patience: Patience
  readonly #born = new WeakMap<pg.ClientBase, string>()
  readonly #out = new Map<pg.PoolClient, number>()
  readonly #timer: NodeJS.Timeout
  #looking = false

  constructor(pool: pg.Pool, config: pg.ClientConfig, patience: Patience) {
    this.#config = config
    this.#patience = patience
    pool.on('acquire', (client) => void this.#out.set(client, performance.now()))
    pool.on('release', (_error, client) => void this.#out.delete(client))
    this.#timer = setInterval(() => void this.#look(), patience.lookEveryMs).unref()
  }

  /** Of a new connection, before anybody has it. `settings` are made on the way. */
  async meet(client: pg.ClientBase, settings: string): Promise<void> {
    const results = (await client.query({ text: `${settings}; ${born}`, query_timeout: this.#patience.answerMs } as pg.QueryConfig)) as unknown as pg.QueryResult<{ born: string }>[]
    this.#born.set(client, results.at(-1)!.rows[0]!.born)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const since = performance.now() - this.#patience.suspiciousMs
    const long = [...this.#out].filter(([, at]) => at < since).map(([client]) => client)
    if (long.length === 0 || this.#looking) return
    this.#looking = true
    const present = await this.#present()
    this.#looking = false
    if (present === null) return
    // Of one that waits for an answer, end() cuts the socket.
    for (const client of long) if (this.#out.has(client) && this.#born.get(client) !== present) void client.end().catch(() => {})
  }

  /** On a connection of its own; null where no server answers. */
  async #present(): Promise<string | null> {
    const client = new pg.Client({ ...this.#config, connectionTimeoutMillis: this.#patience.answerMs, query_timeout: this.#patience.answerMs })
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query<{ born: string }>(born)).rows[0]!.born
    } catch {
      return null
    } finally {
      void client.end().catch(() => {})
    }
  }
}
