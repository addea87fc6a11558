// Programs that follow the event log and may miss nothing of it: over WebSocket with the client kit, and over server-sent events. They
// are cut off like everybody else, and go on after the last cursor that they have handled.
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import { createSubscriber } from '../src/client/subscribe.ts'
import type { EventType } from '../src/events/catalogue.ts'

const BEGINNING = 'ZTEuMC4w'
const AGAIN_MS = 300
/** Three signs of life that did not come. */
const SILENCE_MS = 45_000

export interface Wanted {
  types: readonly EventType[] | null
  /** As the contract shows it. */
  connectionId: string | null
}

/** Follows until it has to come again, or is aborted; what it hears is added to `cursors`. */
type Follow = (following: Following, signal: AbortSignal) => Promise<void>

export class Following {
  readonly name: string
  readonly wanted: Wanted
  /** Of each event that came, in the order of coming. */
  readonly cursors: string[] = []
  interruptions = 0
  /** Why it was given up though another try would have helped, in words. */
  readonly failures: string[] = []
  readonly #stopped = new AbortController()
  readonly #running: Promise<void>
  #left = new AbortController()

  constructor(name: string, wanted: Wanted, follow: Follow) {
    this.name = name
    this.wanted = wanted
    this.#running = this.#run(follow)
  }

  /** The last that was handled: where it goes on. */
  get cursor(): string {
    return this.cursors.at(-1) ?? BEGINNING
  }

  /** Lets go without a word, and comes back, as a program does that was killed. */
  leave(): void {
    this.#left.abort()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#running
  }

  async #run(follow: Follow): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      this.#left = new AbortController()
      try {
        await follow(this, AbortSignal.any([signal, this.#left.signal]))
      } catch (error) {
        this.failures.push(String(error))
        await sleep(AGAIN_MS)
      }
    }
  }
}

const document = `subscription Chaos($filter: EventFilter, $after: EventCursor) { events(filter: $filter, after: $after) { cursor type } }`

const filterOf = ({ types, connectionId }: Wanted): object => ({ ...(types === null ? {} : { types }), ...(connectionId === null ? {} : { connectionIds: [connectionId] }) })

interface Told {
  events: { cursor: string; type: string }
}

/** `url`: of GraphQL over HTTP. */
export interface At {
  url: string
  token: string
}

/** With `cartage/client`, on a socket of its own. */
export function followBySocket({ url, token }: At, name: string, wanted: Wanted): Following {
  return new Following(name, wanted, async (following, signal) => {
    const { subscribe } = createSubscriber({ url, token, webSocketImpl: WebSocket })
    const events = subscribe<Told, { filter: object; after: string }>(document, { filter: filterOf(wanted), after: following.cursor }, { signal, onInterrupted: () => following.interruptions++ })
    for await (const { cursor } of events) following.cursors.push(cursor)
  })
}

/** As an EventSource does it, with the token that such a one cannot send. */
export function followByEvents({ url, token }: At, name: string, wanted: Wanted): Following {
  return new Following(name, wanted, async (following, signal) => {
    await stream(`${url}/stream`, token, following, signal).catch(() => {}) // cut off
    following.interruptions++
    await sleep(AGAIN_MS, null, { signal }).catch(() => {})
  })
}

async function stream(url: string, token: string, following: Following, signal: AbortSignal): Promise<void> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS)
  try {
    const answer = await fetch(url, {
      method: 'POST', signal: AbortSignal.any([signal, silence.signal]),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'text/event-stream', 'last-event-id': following.cursor },
      body: JSON.stringify({ query: document, variables: { filter: filterOf(following.wanted), after: BEGINNING } }),
    })
    if (!answer.ok || answer.body === null) return
    let rest = ''
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS)
      const messages = (rest + chunk).split('\n\n')
      rest = messages.pop()!
      for (const message of messages) {
        const data = /^data: (.+)$/m.exec(message)?.[1]
        if (!message.startsWith('event: next') || data === undefined) continue
        const { data: told } = JSON.parse(data) as { data: Told | null }
        if (told === null) return // an error: it is opened again
        following.cursors.push(told.events.cursor)
      }
    }
  } finally {
    clearTimeout(timer)
  }
}
