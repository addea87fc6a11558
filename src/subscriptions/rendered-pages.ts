import type { Place, Source } from '../graphql/source.ts'
import type { Answer } from './operation.ts'
import type { PageMemory } from './page-memory.ts'
import type { Payload } from './sink.ts'

const ONE_PAGE = 200

/** The answers for a stretch of a source. */
export interface RenderedPage {
  after: Place
  end: Place
  payloads: readonly Payload[]
  more: boolean
  ended: boolean
}

/** Answers for roots, in their order. */
export type Render = (roots: readonly unknown[]) => Promise<Answer[]>

interface Flight {
  after: Place
  page: Promise<RenderedPage>
}

/**
 * What a group reads, rendered once for whoever needs it. Pages never overlap: one that begins before another ends where that one begins, so
 * that subscribers who come back from near places are soon on the same pages.
 */
export class RenderedPages {
  readonly #source: Source
  readonly #render: Render
  readonly #memory: PageMemory
  /** In order. */
  #pages: RenderedPage[] = []
  #flights: Flight[] = []

  constructor(source: Source, render: Render, memory: PageMemory) {
    this.#source = source
    this.#render = render
    this.#memory = memory
  }

  async after(place: Place): Promise<RenderedPage> {
    if (!this.#source.replays) return this.#read(place)
    for (;;) {
      const index = this.#countUpTo(place)
      const known = this.#pages[index - 1]
      if (known !== undefined && place < known.end) {
        if (this.#memory.use(known)) return from(place, known)
        this.#drop(known)
        continue
      }
      const before = this.#flights.filter(({ after }) => after <= place).sort(byPlace).at(-1)
      if (before !== undefined) {
        const page = await before.page
        if (place === before.after || (page.after <= place && place < page.end)) return from(place, page)
        continue // it did not reach so far
      }
      const next = [...this.#pages.slice(index, index + 1), ...this.#flights].filter(({ after }) => after > place).sort(byPlace)[0]
      return this.#fly(place, next?.after)
    }
  }

  /** Nobody follows any more. */
  forget(): void {
    for (const page of this.#pages) this.#memory.forget(page)
    this.#pages = []
  }

  async #fly(place: Place, upTo: Place | undefined): Promise<RenderedPage> {
    const flight: Flight = { after: place, page: this.#read(place, upTo) }
    this.#flights.push(flight)
    try {
      const page = await flight.page
      if (page.payloads.length > 0) {
        this.#pages.splice(this.#countUpTo(page.after), 0, page)
        this.#memory.keep(page, page.payloads.reduce((sum, { text }) => sum + text.length, 0), () => this.#drop(page))
      }
      return page
    } finally {
      this.#flights = this.#flights.filter((one) => one !== flight)
    }
  }

  async #read(place: Place, upTo?: Place): Promise<RenderedPage> {
    const { items, end, more, ended = false } = await this.#source.read(place, ONE_PAGE, upTo)
    const answers = items.length === 0 ? [] : await this.#render(items.map(({ root }) => root))
    const payloads = items.map(({ place: at, cursor }, index) => ({ place: at, ...(cursor === undefined ? {} : { cursor }), ...answers[index]! }))
    return { after: place, end, payloads, more, ended }
  }

  #drop(page: RenderedPage): void {
    this.#memory.forget(page)
    const index = this.#countUpTo(page.after) - 1
    if (this.#pages[index] === page) this.#pages.splice(index, 1)
  }

  /** How many of the kept pages begin at the place or before it. */
  #countUpTo(place: Place): number {
    let [low, high] = [0, this.#pages.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#pages[middle]!.after > place) high = middle
      else low = middle + 1
    }
    return low
  }
}

const byPlace = (one: { after: Place }, other: { after: Place }): number => (one.after < other.after ? -1 : one.after > other.after ? 1 : 0)

function from(place: Place, page: RenderedPage): RenderedPage {
  return place === page.after ? page : { ...page, after: place, payloads: page.payloads.filter((one) => one.place > place) }
}
