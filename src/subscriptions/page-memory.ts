const MOST_AGE_MS = 30_000

interface Kept {
  bytes: number
  since: number
  drop: () => void
}

/** How much all groups of a process keep of what they have rendered: the least recently used goes first, and nothing old is served. */
export class PageMemory {
  readonly #most: number
  readonly #kept = new Map<object, Kept>()
  #bytes = 0

  constructor(mostBytes: number) {
    this.#most = mostBytes
  }

  /** `drop` is called when there is no more room for the page. */
  keep(page: object, bytes: number, drop: () => void): void {
    this.#kept.set(page, { bytes, since: performance.now(), drop })
    this.#bytes += bytes
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= this.#most && !isOld(kept)) break
      this.forget(oldest)
      kept.drop()
    }
  }

  /** Whether it may still be served. What it shows of an order is as old as itself, so a page is not served for long. */
  use(page: object): boolean {
    const kept = this.#kept.get(page)
    if (kept === undefined || isOld(kept)) return false
    this.#kept.delete(page)
    this.#kept.set(page, kept)
    return true
  }

  forget(page: object): void {
    this.#bytes -= this.#kept.get(page)?.bytes ?? 0
    this.#kept.delete(page)
  }
}

const isOld = ({ since }: Kept): boolean => performance.now() - since > MOST_AGE_MS
