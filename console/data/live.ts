// The one stream of events that all pages share. It is resumed after a lost network, after sleep, and after the page was loaded anew.
import { createRequest, type GraphQLRequest } from '@urql/core'
import type { GatewayError } from '../../src/client/gateway-error.ts'
import type { Subscriber } from '../../src/client/subscribe.ts'
import { EventsDocument, type EventsSubscription, type EventsSubscriptionVariables } from '../generated/documents.ts'
import type { Network } from './network.ts'

export type LiveEvent = EventsSubscription['events']
/** As the activity shows it: without what it is about, which would be held in memory for no one. */
export interface KeptEvent {
  id: string
  cursor: string
  type: LiveEvent['type']
  occurredAt: string
  summary: string
  connection: { id: string; name: string }
  /** Where it leads. */
  href: string | null
}

type Listener = (events: readonly LiveEvent[]) => void

const CURSOR = 'cartage.live.cursor'
const KEPT = 'cartage.live.kept'
const MOST_KEPT = 1000
const MOST_STORED = 200
/** How long events are gathered before pages hear of them: a page that changes more often is not read any more. */
const GATHER_MS = 250

export class Live {
  onRefused: (() => void) | null = null
  /** Told when another try would fail as well: what is shown is not kept true any more. */
  onEnded: ((error: GatewayError) => void) | null = null
  readonly #subscriber: Subscriber
  readonly #network: Network
  readonly #stop = new AbortController()
  readonly #listeners = new Set<Listener>()
  readonly #touched = new Set<(event: LiveEvent) => void>()
  readonly #shown = new Map<string, number>()
  #waiting: LiveEvent[] = []
  #kept: readonly KeptEvent[] = readKept()
  #since: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #cursor: string | null = sessionStorage.getItem(CURSOR)

  constructor(subscriber: Subscriber, network: Network) {
    this.#subscriber = subscriber
    this.#network = network
  }

  start(): void {
    addEventListener('pagehide', () => this.#store(), { signal: this.#stop.signal })
    this.#since = this.#kept.at(-1)?.occurredAt ?? new Date().toISOString()
    this.#subscriber
      .follow(EventsDocument, (event) => this.#take(event), { after: this.#cursor }, {
        signal: this.#stop.signal,
        onCursor: (cursor) => void (this.#cursor = cursor),
        onInterrupted: () => this.#network.lost(),
      })
      .catch((error: GatewayError) => {
        if (error.code === 'UNAUTHENTICATED') return this.onRefused?.()
        // A cursor that the log does not know any more, say: from now on.
        if (this.#cursor === null) return this.onEnded?.(error)
        this.#cursor = null
        sessionStorage.removeItem(CURSOR)
        this.start()
      })
  }

  stop(): void {
    this.#stop.abort()
    clearTimeout(this.#timer)
  }

  /** The latest first. */
  get kept(): readonly KeptEvent[] {
    return this.#kept
  }

  /** Since when the kept ones are whole. */
  get since(): string | null {
    return this.#since
  }

  listen = (listener: Listener): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Orders on the page: what happens to them is shown at once. Give the answer back when they leave it. */
  show(ids: readonly string[]): () => void {
    for (const id of ids) this.#shown.set(id, (this.#shown.get(id) ?? 0) + 1)
    return () => {
      for (const id of ids) {
        const left = (this.#shown.get(id) ?? 1) - 1
        if (left === 0) this.#shown.delete(id)
        else this.#shown.set(id, left)
      }
    }
  }

  onTouched(listener: (event: LiveEvent) => void): () => void {
    this.#touched.add(listener)
    return () => void this.#touched.delete(listener)
  }

  request(): GraphQLRequest<EventsSubscription, EventsSubscriptionVariables> {
    return createRequest(String(EventsDocument), {})
  }

  #take(event: LiveEvent): void {
    this.#network.reached()
    this.#waiting.push(event)
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS)
  }

  #tell(): void {
    this.#timer = undefined
    const events = this.#waiting
    this.#waiting = []
    this.#kept = [...events.map(keep).reverse(), ...this.#kept].slice(0, MOST_KEPT)
    const latest = new Map<string, LiveEvent>()
    for (const event of events) {
      const id = orderOf(event)
      if (id !== null && this.#shown.has(id)) latest.set(id, event)
    }
    // One at least, if with nothing in it: the cache lets go of released pages when it hears something.
    const { cursor, occurredAt, connection, customer } = events.at(-1)!
    const heard: LiveEvent[] = latest.size > 0 ? [...latest.values()] : [{ __typename: 'ConnectionEvent', id: '', type: 'CONNECTION_CHANGED', summary: '', cursor, occurredAt, connection, customer }]
    for (const event of heard) for (const listener of this.#touched) listener(event)
    for (const listener of this.#listeners) listener(events)
  }

  #store(): void {
    // What was handled by the cursor's account, and not told yet, would be a gap.
    clearTimeout(this.#timer)
    if (this.#waiting.length > 0) this.#tell()
    if (this.#cursor !== null) sessionStorage.setItem(CURSOR, this.#cursor)
    sessionStorage.setItem(KEPT, JSON.stringify(this.#kept.slice(0, MOST_STORED)))
  }
}

export const orderOf = (event: LiveEvent): string | null => ('order' in event ? event.order.id : 'shipment' in event ? event.shipment.order.id : null)

function keep(event: LiveEvent): KeptEvent {
  const order = orderOf(event)
  const href =
    order !== null ? `/orders/${order}`
    : 'failure' in event ? `/imports?failure=${event.failure.id}`
    : 'inventoryItem' in event ? `/inventory/${event.inventoryItem.id}`
    : 'jobRun' in event ? `/imports?tab=runs&connection=${event.connection.id}`
    : `/connections/${event.connection.id}`
  const { id, cursor, type, occurredAt, summary, connection } = event
  return { id, cursor, type, occurredAt, summary, connection: { id: connection.id, name: connection.name }, href }
}

function readKept(): KeptEvent[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as KeptEvent[]
  } catch {
    return []
  }
}
