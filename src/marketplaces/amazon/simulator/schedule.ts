/** What is yet to happen, on the simulator's clock: a binary heap by due time, then by the order in which it was planned. */
interface Planned {
  at: number
  sequence: number
  happen: (at: number) => void
}

const before = (one: Planned, other: Planned) => one.at < other.at || (one.at === other.at && one.sequence < other.sequence)

export class Schedule {
  readonly #heap: Planned[] = []
  #planned = 0

  plan(at: number, happen: (at: number) => void): void {
    const heap = this.#heap
    const one = { at, sequence: this.#planned++, happen }
    let place = heap.push(one) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !before(one, above)) break
      heap[place] = above
      place = parent
    }
    heap[place] = one
  }

  /** Everything due by `now`, each at its own time, including what it plans in turn. */
  settle(now: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= now; next = this.#heap[0]) {
      this.#dropFirst()
      next.happen(next.at)
    }
  }

  #dropFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let place = 0
    for (;;) {
      const left = heap[place * 2 + 1]
      const right = heap[place * 2 + 2]
      const child = right !== undefined && left !== undefined && before(right, left) ? place * 2 + 2 : place * 2 + 1
      const below = heap[child]
      if (below === undefined || !before(below, last)) break
      heap[place] = below
      place = child
    }
    heap[place] = last
  }
}
