import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../auth/scope.ts'
import type { Database } from '../db/client.ts'
import { Listener } from '../db/listener.ts'
import type { Page, Place } from '../graphql/source.ts'
import { CursorExpired } from '../kit/errors.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { hasExpired } from './keep-events.ts'
import { placeOf, positionAt, rightAfter } from './place.ts'
import { encodePosition, endOfEvents, type EventRow, type EventsWanted, readEvents, readNewEvents, waitedSince, wants } from './read.ts'
import { type Placed, Window } from './window.ts'

const BATCH = 500
/** Some megabytes: who was away for longer reads from the log. */
const WINDOW = 5000
/** While a committed event waits behind an older open transaction, whose end notifies nobody. */
const HELD_MS = 20
/** Should a notification be lost with its connection, the log is looked at all the same. */
const IDLE_MS = 5000
const RETRY_MS = 1000
/** Reads of the past at a time, so that many who come back leave the pool's other connections to requests. */
const MOST_READS = 4

/**
 * Reads the log's new events once for all of this process, and keeps the latest. NOTIFY only wakes: the log is what is read, below its
 * horizon and in the order of (xid, id), as read.ts explains. It reads while somebody watches, and rests otherwise.
 */
export class EventTail {
  readonly #db: Database
  readonly #log: Log
  readonly #listener: Listener
  readonly #closed = new AbortController()
  readonly #watchers = new Set<() => void>()
  /** Null until the first look of a time of watching. */
  #window: Window | null = null
  #following: Promise<void> | null = null
  #rest = new AbortController()
  /** Told null where the following ends before it has looked: they look themselves. */
  #asked: ((place: Place | null) => void)[] = []
  #wakes = 0
  #reading = 0
  readonly #queue: (() => void)[] = []

  constructor(db: Database, log: Log) {
    this.#db = db
    this.#log = log
    this.#listener = new Listener(db.config, 'cartage_events', (err, message) => log.warn({ err }, message), () => this.#wake())
  }

  start(): Promise<void> {
    return this.#listener.start()
  }

  async stop(): Promise<void> {
    this.#closed.abort()
    this.#wake()
    await this.#listener.stop()
    await this.#following
  }

  /** Calls back whenever there are new events, until the returned function is called. */
  watch(onMore: () => void): () => void {
    const watcher = (): void => onMore() // a callback may be given twice
    this.#watchers.add(watcher)
    if (!this.#closed.signal.aborted) this.#following ??= this.#follow()
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) this.#wake()
    }
  }

  /** The end of the log at a moment after the call: where "from now on" begins. Those who ask at the same time share the answer. */
  async now(): Promise<Place> {
    const told = this.#following === null ? null : await new Promise<Place | null>((resolve) => {
      this.#asked.push(resolve)
      this.#wake()
    })
    return told ?? placeOf(await endOfEvents({ db: this.#db }))
  }

  /** For how long the event that comes next has waited for those who watch, in seconds; 0 where nobody does. */
  async lag(): Promise<number> {
    return this.#window === null ? 0 : waitedSince(this.#db.pool, positionAt(this.#window.end))
  }

  /** Events after a place that are wanted and the tenant's: from memory where that reaches back far enough, else from the log. */
  async read({ tenant }: Pick<Scope, 'tenant'>, by: EventsWanted, after: Place, limit: number, upTo?: Place): Promise<Page<EventRow>> {
    // A cursor may lie beyond the end, as one of another database does: what comes before it is still to come, and must not be passed over.
    const boundWithin = (end: Place): Place | undefined => (upTo !== undefined && upTo <= end ? upTo : undefined)
    if (this.#window?.covers(after) === true) {
      const bound = boundWithin(this.#window.end)
      const { found, full } = this.#window.after(after, wants({ tenant }, by), limit, bound)
      if (full) return pageOf(found, found.at(-1)!.place, true)
      return bound === undefined ? pageOf(found, latest(after, this.#window.end), false) : pageOf(found, bound, true)
    }
    await this.#turn()
    try {
      const end = placeOf(await endOfEvents({ db: this.#db }))
      const bound = boundWithin(end)
      const events = await readEvents({ tenant, db: this.#db }, by, positionAt(after), rightAfter(bound ?? end), limit)
      if (await hasExpired(this.#db.pool, positionAt(after))) throw new CursorExpired()
      const found = events.map(placed)
      if (found.length === limit) return pageOf(found, found.at(-1)!.place, true)
      return bound === undefined ? pageOf(found, latest(after, end), false) : pageOf(found, bound, true)
    } finally {
      this.#reading--
      this.#queue.shift()?.()
    }
  }

  async #turn(): Promise<void> {
    if (this.#reading >= MOST_READS) await new Promise<void>((resolve) => this.#queue.push(resolve))
    this.#reading++
  }

  #wake(): void {
    this.#wakes++
    this.#rest.abort()
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closed
    while (!signal.aborted && this.#watchers.size > 0) {
      const [wakes, asked] = [this.#wakes, this.#asked.splice(0)]
      try {
        const { full, held } = await this.#look()
        if (full) {
          this.#asked.push(...asked)
          continue
        }
        for (const answer of asked) answer(this.#window!.end)
        if (wakes === this.#wakes) await this.#pause(held ? HELD_MS : IDLE_MS)
      } catch (error) {
        this.#log.warn({ causes: causes(error) }, 'the log of events cannot be read; trying again')
        this.#asked.push(...asked)
        await pause(RETRY_MS, signal)
      }
    }
    // All at once: whoever watches from here on begins anew.
    this.#following = null
    this.#window = null
    for (const answer of this.#asked.splice(0)) answer(null)
  }

  /** The first look of a time of watching only finds where the log ends: who wants more of the past reads it himself. */
  async #look(): Promise<{ full: boolean; held: boolean }> {
    const on = { db: this.#db }
    const first = this.#window === null
    const window = (this.#window ??= new Window(placeOf(await endOfEvents(on)), WINDOW))
    const { events, held } = await readNewEvents(on.db.pool, positionAt(window.end), BATCH)
    const full = events.length === BATCH
    const found = events.map(placed)
    window.append(found)
    if (first || found.length > 0) for (const watcher of this.#watchers) watcher()
    return { full, held }
  }

  async #pause(milliseconds: number): Promise<void> {
    this.#rest = new AbortController()
    await pause(milliseconds, this.#rest.signal)
  }
}

const placed = (event: EventRow): Placed => ({ place: placeOf(event), event })
const latest = (one: Place, other: Place): Place => (one > other ? one : other)

function pageOf(found: readonly Placed[], end: Place, more: boolean): Page<EventRow> {
  return { items: found.map(({ place, event }) => ({ place, cursor: encodePosition(event), root: event })), end, more }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => sleep(milliseconds, undefined, { signal, ref: false }).catch(() => {})

// The decorators of type-graphql take a subscription's source before any process is composed: it is found by the scope's database.
const tails = new WeakMap<Database, EventTail>()

/** Begins to listen to a database's log; readers find its tail by that database. */
export async function followEvents(db: Database, log: Log): Promise<EventTail> {
  const tail = new EventTail(db, log)
  await tail.start()
  tails.set(db, tail)
  return tail
}

export function eventTail(db: Database): EventTail {
  const tail = tails.get(db)
  if (tail === undefined) throw new Error('nobody follows the events of this database')
  return tail
}
