import type { Place } from '../graphql/source.ts'
import type { EventRow } from './read.ts'

export interface Placed {
  place: Place
  event: EventRow
}

/** The latest events of the log, without a gap, in its order: a bounded memory of what was read. */
export class Window {
  readonly #most: number
  #events: Placed[] = []
  #from: Place
  #end: Place

  constructor(at: Place, most: number) {
    this.#from = this.#end = at
    this.#most = most
  }

  /** Everything up to here was seen. */
  get end(): Place {
    return this.#end
  }

  /** Whether all that follows the place, up to the end, is at hand. */
  covers(after: Place): boolean {
    return after >= this.#from
  }

  append(events: readonly Placed[]): void {
    for (const event of events) this.#events.push(event)
    this.#end = this.#events.at(-1)?.place ?? this.#end
    // Seldom and many at a time: to drop one from the front moves all others.
    if (this.#events.length <= this.#most * 1.25) return
    const dropped = this.#events.length - this.#most
    this.#from = this.#events[dropped - 1]!.place
    this.#events = this.#events.slice(dropped)
  }

  /** At most `limit` of those after the place that are wanted; `full` when that many were found. */
  after(place: Place, wanted: (event: EventRow) => boolean, limit: number, upTo?: Place): { found: Placed[]; full: boolean } {
    const found: Placed[] = []
    for (let index = this.#firstAfter(place); index < this.#events.length; index++) {
      const one = this.#events[index]!
      if (upTo !== undefined && one.place > upTo) break
      if (!wanted(one.event)) continue
      found.push(one)
      if (found.length === limit) return { found, full: true }
    }
    return { found, full: false }
  }

  #firstAfter(place: Place): number {
    let [low, high] = [0, this.#events.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#events[middle]!.place > place) high = middle
      else low = middle + 1
    }
    return low
  }
}
