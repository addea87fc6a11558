import type { EventRow } from '../events/read.ts'
import { defineSource, type Place, type Source } from '../graphql/source.ts'

/** Before any place of the log. */
const BEFORE: Place = ''

/**
 * `root` at once, and again whenever there were changes, however many: for what is shown whole, as it is by then. `now` is asked before the
 * present state is read, so that no change falls between the two.
 */
export function presentThenChanges<Root>(root: Root, now: () => Promise<Place>, changes: Source<EventRow>): Source<Root> {
  return defineSource<Root>({
    start: BEFORE,
    replays: false,
    async read(after, limit) {
      if (after === BEFORE) {
        const place = await now()
        return { items: [{ place, root }], end: place, more: true }
      }
      const { items, end, more } = await changes.read(after, limit)
      return { items: items.slice(-1).map(({ place }) => ({ place, root })), end, more }
    },
    watch: (onMore) => changes.watch(onMore),
  })
}
