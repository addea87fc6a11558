/** Rows in order of a time, then of their sequence: what a page's cursor walks along. Insertion is nearly always at the end. */
export class TimeIndex<Row extends { sequence: number }> {
  readonly #rows: Row[] = []
  readonly #time: (row: Row) => number

  constructor(time: (row: Row) => number) {
    this.#time = time
  }

  add(row: Row): void {
    this.#rows.splice(this.#place(this.#time(row), row.sequence), 0, row)
  }

  /** Before the row's time is changed. */
  remove(row: Row): void {
    const place = this.#place(this.#time(row), row.sequence)
    if (this.#rows[place] === row) this.#rows.splice(place, 1)
  }

  /** Rows at or after (time, sequence). The index must not change while it is walked. */
  *from(time: number, sequence: number): Generator<Row> {
    for (let place = this.#place(time, sequence); place < this.#rows.length; place++) yield this.#rows[place]!
  }

  /** The first place whose row is not before (time, sequence). */
  #place(time: number, sequence: number): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      const row = this.#rows[middle]!
      const at = this.#time(row)
      if (at < time || (at === time && row.sequence < sequence)) low = middle + 1
      else high = middle
    }
    return low
  }
}
