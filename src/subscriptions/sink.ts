import type { Place } from '../graphql/source.ts'

/** One answer of a subscription, ready to be sent to any number of subscribers. */
export interface Payload {
  place: Place
  cursor?: string
  /** GraphQL's execution result as JSON. */
  text: string
  /** It has errors. */
  failed: boolean
}

/** Where the answers of one subscription go. Whatever it is called with, it must not throw. */
export interface Sink {
  /** Takes what there is room for, in order, and tells how many these were; the rest comes again once it is drained. */
  write(payloads: readonly Payload[]): number
  /** Calls back once there is room again. */
  onceDrained(goOn: () => void): void
  /** Nothing follows. */
  complete(): void
  /** Nothing follows, for a reason that is ours. */
  fail(error: Error): void
}
