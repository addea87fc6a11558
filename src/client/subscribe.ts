// `cartage/client/subscribe`: subscriptions that outlive their socket.
import { createClient, type ClientOptions as SocketOptions } from 'graphql-ws'
import { backoff, pause } from './backoff.ts'
import { type Document, hashOf, type Rest } from './document.ts'
import { EventCursorDocument } from './generated/documents.ts'
import { type AnsweredError, answeredWith, type GatewayError } from './gateway-error.ts'
import { Inbox } from './inbox.ts'
import { asked, type Gateway } from './request.ts'
import { type Operation, resume } from './resume.ts'
import { failureOf } from './socket-failure.ts'

export interface SubscriberOptions extends Gateway {
  /** For platforms without a WebSocket of their own, such as Node.js 20: that of the package `ws`. */
  webSocketImpl?: SocketOptions['webSocketImpl']
  /** A socket is there, anew or again. */
  onConnected?: () => void
}

export interface SubscribeOptions {
  /** Ends the subscription, quietly. */
  signal?: AbortSignal
  /**
   * Told each event's cursor once the event was handled, that is when the next one is asked for; the next waits for its promise. Keep
   * it, and give it as `after` the next time: what was in hand when a program was killed comes again, and nothing is missed.
   */
  onCursor?: (cursor: string) => void | Promise<void>
  /** The stream was interrupted, and is tried again after so many milliseconds. */
  onInterrupted?: (error: GatewayError, retryInMs: number) => void
  /** Failures in a row after which the last one is thrown; it is tried for ever unless told. */
  attempts?: number
}

/** What a subscription's one field tells. */
export type Told<Data> = Data[Exclude<keyof Data, '__typename'>]

export interface Subscription<T> extends AsyncIterableIterator<T> {
  /** At once, also while a next() is under way. */
  return(): Promise<IteratorResult<T, undefined>>
}

export interface Subscriber {
  /**
   * What the subscription tells, one by one; it begins with the first next(). Where it takes `$after` and its events bear a `cursor`, it
   * tells each event once and in order, however often the socket is lost: those after `after`, or from now on where there is none. Any
   * other begins anew, and ends when the gateway ends it. @throws GatewayError what another try would meet again: a token that is
   * refused (UNAUTHENTICATED), a document or variables that are (GRAPHQL_VALIDATION_FAILED, BAD_USER_INPUT).
   */
  subscribe<Data, Variables>(document: Document<Data, Variables> | string, ...rest: Rest<Variables, SubscribeOptions>): Subscription<Told<Data>>
  /** As `subscribe`, for those who prefer to be called: an event waits until the one before was handled. Settles as the iterator ends. */
  follow<Data, Variables>(document: Document<Data, Variables> | string, handle: (told: Told<Data>) => void | Promise<void>, ...rest: Rest<Variables, SubscribeOptions>): Promise<void>
}

/** Values held for a slow consumer; past it the operation is left, and begun again after them once they were taken. */
const MOST_HELD = 1000
const PING_MS = 12_000
const PONG_MS = 5000
/** From the end of a gateway's streams to the close of its sockets. */
const GOING_MS = 500

/** All subscriptions of one subscriber share a socket, which is open for as long as there is one. */
export function createSubscriber({ url, token, trusted = false, webSocketImpl, onConnected }: SubscriberOptions): Subscriber {
  let overdue: ReturnType<typeof setTimeout> | undefined
  const socket = createClient({
    url: async () => (await asked(url)).replace(/^http/, 'ws'),
    connectionParams: async () => ({ authorization: `Bearer ${await asked(token)}` }),
    ...(webSocketImpl === undefined ? {} : { webSocketImpl }),
    retryAttempts: 0, // resume() tries again, which knows the cursor
    retryWait: (failures) => pause(backoff(failures + 1), new AbortController().signal), // all the same, where a socket was closed with 1000
    keepAlive: PING_MS,
    lazyCloseTimeout: 2 * GOING_MS,
    on: {
      connected: () => onConnected?.(),
      // A socket whose other end is gone without a word.
      ping: (received) => {
        if (!received) overdue = setTimeout(() => socket.terminate(), PONG_MS)
      },
      pong: (received) => {
        if (received) clearTimeout(overdue)
      },
      closed: () => clearTimeout(overdue),
    },
  })

  function open<T>(document: Document<unknown, never> | string, variables: () => object | undefined, heard: (value: T) => void = () => {}): Operation<T> {
    const inbox = new Inbox<T>()
    const operation = { inbox, overfull: false, leave: () => {} }
    operation.leave = socket.subscribe<Record<string, T>>(payloadOf(document, trusted, variables), {
      next({ data, errors }) {
        if (inbox.closed) return
        if (errors !== undefined) return inbox.close({ error: answeredWith(errors as unknown as AnsweredError[], { data: data ?? null }) })
        const value = Object.entries(data ?? {}).find(([name]) => name !== '__typename')![1]
        inbox.put(value)
        heard(value)
        if (inbox.size < MOST_HELD) return
        operation.overfull = true
        inbox.close()
        operation.leave()
      },
      error: (error) => inbox.close({ error: failureOf(error) }),
      complete: () => inbox.close(),
    })
    return operation
  }

  const goesAway = (): Promise<boolean> =>
    new Promise((resolve) => {
      const settle = (away: boolean): void => {
        clearTimeout(timer)
        unlisten()
        resolve(away)
      }
      const timer = setTimeout(() => settle(false), GOING_MS)
      const unlisten = socket.on('closed', (event) => settle((event as { code?: number }).code !== 1000))
    })

  const subscriber: Subscriber = {
    subscribe(document, ...[variables, { signal, attempts = Infinity, onCursor = () => {}, onInterrupted = () => {} } = {}]) {
      const left = new AbortController()
      signal?.addEventListener('abort', () => left.abort(), { once: true, signal: left.signal })
      if (signal?.aborted === true) left.abort()
      const resumes = /\$after\b/.test(String(document))
      const given = variables as { after?: string | null } | undefined
      const values = resume<never>({
        resumes, attempts, onCursor, onInterrupted,
        after: given?.after ?? null,
        open: (after, heard) => open(document as Document<unknown, never>, () => (resumes ? { ...given, after: after() } : given), heard),
        goesAway,
        head: () => open(EventCursorDocument, () => undefined),
        renews: typeof token === 'function',
        signal: left.signal,
      })
      return {
        next: () => values.next() as Promise<IteratorResult<never>>,
        // On a bare generator that waits for the next event, return() would wait for it too.
        return: () => {
          left.abort()
          return values.return(undefined)
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
    async follow(document, handle, ...rest) {
      for await (const told of subscriber.subscribe(document, ...rest)) await handle(told)
    },
  }
  return subscriber
}

function payloadOf(document: Document<unknown, never> | string, trusted: boolean, variables: () => object | undefined) {
  // The protocol wants a text, if an empty one.
  const operation = trusted ? { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document as Document<unknown, never>).replace('sha256:', '') } } } : { query: String(document) }
  return {
    ...operation,
    // Read at each sending: graphql-ws sends by itself again where a socket was closed as if all were well (1000).
    get variables() {
      return variables() as Record<string, unknown> | undefined
    },
  }
}
