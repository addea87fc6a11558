import { backoff, pause } from './backoff.ts'
import { GatewayError } from './gateway-error.ts'
import type { Inbox } from './inbox.ts'
import { isFinal } from './socket-failure.ts'

/** One operation on a socket, until either ends. */
export interface Operation<T> {
  inbox: Inbox<T>
  /** Left although it had not ended, as too much waited to be taken. */
  readonly overfull: boolean
  leave(): void
}

export interface Stream<T> {
  /** Whether it goes on where it was: it takes `$after`, and what it tells bears a `cursor`. */
  resumes: boolean
  after: string | null
  /** Begins it, after the cursor that `after` gives at each sending. */
  open(after: () => string | null, heard: (value: T) => void): Operation<T>
  /** Where the log ends now. */
  head(): Operation<string>
  /** Whether the gateway closes the socket right now: one that goes away ends its streams first. */
  goesAway(): Promise<boolean>
  /** Whether a token that was refused may be another one next time. */
  renews: boolean
  signal: AbortSignal
  attempts: number
  onCursor: (cursor: string) => void | Promise<void>
  onInterrupted: (error: GatewayError, retryInMs: number) => void
}

/** Every value once and in order, over as many operations as it takes. */
export async function* resume<T>({ resumes, open, head, goesAway, renews, signal, attempts, onCursor, onInterrupted, ...stream }: Stream<T>): AsyncGenerator<T, undefined> {
  let after = stream.after
  let failures = 0
  while (!signal.aborted) {
    let operation: Operation<unknown> | undefined
    const end = (): void => {
      operation?.inbox.close()
      operation?.leave()
    }
    signal.addEventListener('abort', end)
    let failure: unknown
    try {
      // Without a cursor, what happens between a socket lost before its first event and the next one would be missed.
      if (resumes) after ??= await headOf((operation = head()))
      const opened = open(() => after, (value) => (after = cursorOf(value) ?? after))
      operation = opened
      for (let value = await opened.inbox.take(); value !== undefined && !signal.aborted; value = await opened.inbox.take()) {
        const cursor = cursorOf(value)
        if (resumes !== (cursor !== undefined)) throw new TypeError('A subscription whose events bear a `cursor` takes `$after`, and the other way about: else it cannot go on where it was')
        failures = 0
        yield value
        if (cursor !== undefined) await onCursor(cursor)
      }
      if (opened.overfull) continue
      if (!resumes && !signal.aborted && !(await goesAway())) return undefined
      failure = interrupted()
    } catch (error) {
      failure = error
    } finally {
      signal.removeEventListener('abort', end)
      operation?.leave()
    }
    if (signal.aborted) return undefined
    const refusedToken = failure instanceof GatewayError && failure.code === 'UNAUTHENTICATED' && renews && failures === 0
    if (!(failure instanceof GatewayError) || (isFinal(failure) && !refusedToken) || ++failures >= attempts) throw failure
    const wait = backoff(failures)
    onInterrupted(failure, wait)
    await pause(wait, signal)
  }
  return undefined
}

async function headOf({ inbox }: Operation<string>): Promise<string> {
  const cursor = await inbox.take()
  if (cursor === undefined) throw interrupted()
  return cursor
}

const interrupted = (): GatewayError => new GatewayError({ code: 'INTERRUPTED', message: 'the gateway ended the stream' })

const cursorOf = (value: unknown): string | undefined => (value as { cursor?: string } | null)?.cursor
