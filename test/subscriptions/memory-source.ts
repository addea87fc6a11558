import { defineSource, type Place, type Source } from '../../src/graphql/source.ts'

/** Numbers from 1 on, as a source that a test can add to. */
export class MemorySource {
  count = 0
  /** How often it was read. */
  reads = 0
  /** The next reads that fail. */
  failures = 0
  readonly #watchers = new Set<() => void>()

  add(count = 1): void {
    this.count += count
    for (const watcher of this.#watchers) watcher()
  }

  get watched(): boolean {
    return this.#watchers.size > 0
  }

  source(start = this.count): Source<number> {
    return defineSource<number>({
      start: placeOf(start),
      replays: true,
      resume: (cursor) => placeOf(Number(cursor)),
      read: async (after, limit, upTo) => {
        this.reads++
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2))
        if (this.failures > 0) {
          this.failures--
          throw new Error('away')
        }
        const bounded = upTo !== undefined && Number(upTo) <= this.count
        const [from, last] = [Number(after), bounded ? Number(upTo) : this.count]
        const items = Array.from({ length: Math.max(0, Math.min(limit, last - from)) }, (_, index) => ({ place: placeOf(from + 1 + index), cursor: String(from + 1 + index), root: from + 1 + index }))
        const full = items.length === limit
        return { items, end: full ? items.at(-1)!.place : placeOf(Math.max(from, last)), more: full || bounded }
      },
      watch: (onMore) => {
        this.#watchers.add(onMore)
        return () => this.#watchers.delete(onMore)
      },
    })
  }
}

export const placeOf = (number: number): Place => String(number).padStart(8, '0')
