// What was done to the gateway, and when: what goes wrong meanwhile is explained by it, and everything else is a fault of ours.

/** What a fault may bring about: who loses the answer of what was done, or whose requests fail. */
export type Harm = 'killed' | 'stopped' | 'database' | 'amazon' | 'mail' | 'receiver' | 'clients' | 'clock' | 'disk'

export interface Chapter {
  kind: string
  harms: readonly Harm[]
  /** Milliseconds since 1970. */
  from: number
  /** When everything was seen to work again; null while it goes on. */
  to: number | null
}

/** What a fault leaves behind for a moment: connections that are made anew, answers that are on their way. */
const GRACE_MS = 5000
/** What was done so shortly before may not have been recorded. */
const UNRECORDED_MS = 3000

export class Chronicle {
  readonly chapters: Chapter[] = []

  begin(kind: string, harms: readonly Harm[]): Chapter {
    const chapter: Chapter = { kind, harms, from: Date.now(), to: null }
    this.chapters.push(chapter)
    return chapter
  }

  /** What was going on between two instants, the last begun first, of what may have done such harm. */
  during(from: number, to: number, harms?: readonly Harm[]): Chapter | undefined {
    return this.chapters.findLast((one) => one.from - UNRECORDED_MS <= to && (one.to ?? Infinity) + GRACE_MS >= from && (harms === undefined || one.harms.some((harm) => harms.includes(harm))))
  }
}
