// What a subscription follows, in a form that lets many subscribers follow it together: each reads on from its own place.

/** A place in a source. Places of one source sort as text. */
export type Place = string

export interface Item<Root> {
  place: Place
  /** The same place as the contract shows it, for sources that can be resumed. */
  cursor?: string
  root: Root
}

export interface Page<Root> {
  items: readonly Item<Root>[]
  /** Everything up to here was told or left out: where to read on. */
  end: Place
  /** There may be more at once; else it is worth waiting. */
  more: boolean
  /** Nothing follows, ever. */
  ended?: boolean
}

/** Async-iterable too, as graphql-js insists on it, and so that whoever knows nothing of sources can follow one all the same. */
export interface Source<Root = unknown> extends AsyncIterable<Root> {
  /** Where this subscriber begins. */
  readonly start: Place
  /** Whether a page that was read once may be handed to those who come later. */
  readonly replays: boolean
  /** The place of a cursor. @throws BadRequest */
  resume?(cursor: string): Place
  /** What stands after a place, the oldest first, at most `limit`; with `upTo`, nothing beyond it. A place that is still to come bounds nothing. */
  read(after: Place, limit: number, upTo?: Place): Promise<Page<Root>>
  /** Calls back when there is more to read, until the returned function is called. */
  watch(onMore: () => void): () => void
}

export type SourceParts<Root> = Omit<Source<Root>, typeof Symbol.asyncIterator>

const isOurs = new WeakSet<object>()

export function defineSource<Root>(parts: SourceParts<Root>): Source<Root> {
  const source: Source<Root> = Object.assign(Object.create({ [Symbol.asyncIterator]: () => iterate(source) }) as Source<Root>, parts)
  isOurs.add(source)
  return source
}

export const isSource = (stream: object): stream is Source => isOurs.has(stream)

const ONE_READ = 100

// Not an async generator: its return() would wait for the event that it awaits, and a reader that left would stay until then.
function iterate<Root>(source: Source<Root>): AsyncIterableIterator<Root> {
  let [after, left, woken, ended] = [source.start, false, true, false]
  let items: Item<Root>[] = []
  let wake: (() => void) | undefined
  const unwatch = source.watch(() => {
    woken = true
    wake?.()
  })
  return {
    async next() {
      for (;;) {
        const item = left ? undefined : items.shift()
        if (item !== undefined) return { done: false, value: item.root }
        if (left || ended) return { done: true, value: undefined }
        if (!woken) await new Promise<void>((resolve) => (wake = resolve))
        woken = false
        const page = left ? null : await source.read(after, ONE_READ)
        if (page === null) continue
        ;[items, after, ended] = [[...page.items], page.end, page.ended === true]
        woken ||= page.more
      }
    },
    async return() {
      left = true
      unwatch()
      wake?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
