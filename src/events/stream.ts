import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Scope } from '../auth/scope.ts'
import type { Database } from '../db/client.ts'
import type { Log } from '../observability/log.ts'
import { anythingAfter, type EventRow, type EventsWanted, horizon, type Position, readEvents } from './read.ts'

const BATCH = 500
/** While a committed event waits behind an older open transaction, whose end notifies nobody. */
const HELD_MS = 20
/** Should a notification be lost with its connection, the log is looked at all the same. */
const IDLE_MS = 5000
const RECONNECT_MS = 1000

/** Follows the log for any number of readers on one LISTEN connection. NOTIFY only wakes: the log is what is read. */
export class EventStream {
  readonly #config: pg.ClientConfig
  readonly #log: Log
  readonly #closed = new AbortController()
  #listener: pg.Client | undefined
  #wakes = 0
  #woken = deferred()

  constructor(config: pg.ClientConfig, log: Log) {
    this.#config = config
    this.#log = log
  }

  async start(): Promise<void> {
    const client = new pg.Client({ ...this.#config, application_name: 'cartage events' })
    client.on('notification', () => this.#wake())
    client.on('error', (error) => this.#log.warn({ err: error }, 'the event listener lost its connection'))
    client.on('end', () => {
      if (!this.#closed.signal.aborted) setTimeout(() => void this.#reconnect(), RECONNECT_MS).unref()
    })
    await client.connect()
    await client.query('LISTEN cartage_events')
    this.#listener = client
    this.#wake() // whatever was appended while nobody listened
  }

  async stop(): Promise<void> {
    this.#closed.abort()
    await this.#listener?.end()
  }

  async #reconnect(): Promise<void> {
    try {
      await this.start()
    } catch (error) {
      this.#log.warn({ err: error }, 'the event listener cannot connect; readers look by themselves meanwhile')
      if (!this.#closed.signal.aborted) setTimeout(() => void this.#reconnect(), RECONNECT_MS).unref()
    }
  }

  #wake(): void {
    this.#wakes++
    this.#woken.resolve()
    this.#woken = deferred()
  }

  /**
   * Every event after the position, then each new one, once and in order; from now on where there is no position.
   * An iterator whose return() takes effect at once: on a bare async generator that awaits the next event, return() would wait
   * for it, and a reader that left would stay until then.
   */
  read(scope: Scope, by: EventsWanted, after: Position | null): AsyncIterableIterator<EventRow> {
    const left = new AbortController()
    const events = this.#events(scope, by, after, AbortSignal.any([left.signal, this.#closed.signal]))
    return {
      next: () => events.next(),
      return: () => {
        left.abort()
        return events.return(undefined)
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  async *#events(scope: Scope, by: EventsWanted, after: Position | null, signal: AbortSignal): AsyncGenerator<EventRow, void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    let position = after ?? (await horizon(scope))
    while (!signal.aborted) {
      const wakes = this.#wakes
      const end = await horizon(scope)
      const events = await readEvents(scope, by, position, end, BATCH)
      for (const event of events) {
        if (signal.aborted) return
        yield event
        position = event
      }
      if (events.length === BATCH) continue
      // All below the horizon is seen, also what the filter left out: it is not read again.
      if (BigInt(end.xid) > BigInt(position.xid)) position = end
      if (wakes !== this.#wakes) continue
      const soon = await anythingAfter(scope, end)
      const timer = new AbortController()
      await Promise.race([this.#woken.promise, aborted, pause(soon ? HELD_MS : IDLE_MS, timer.signal)])
      timer.abort()
    }
  }
}

// The decorators of type-graphql take a subscription's source before any process is composed: it is found by the scope's database.
const streams = new WeakMap<Database, EventStream>()

/** Begins to follow a database's log; readers find it by that database. */
export async function followEvents(db: Database, log: Log): Promise<EventStream> {
  const stream = new EventStream(db.config, log)
  await stream.start()
  streams.set(db, stream)
  return stream
}

export function eventStream(db: Database): EventStream {
  const stream = streams.get(db)
  if (stream === undefined) throw new Error('nobody follows the events of this database')
  return stream
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => sleep(milliseconds, undefined, { signal, ref: false }).catch(() => {})

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void
  const promise = new Promise<void>((settle) => (resolve = settle))
  return { promise, resolve }
}
