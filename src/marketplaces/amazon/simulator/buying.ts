/** The purchases' pace, settable while running. */
export interface Buying {
  readonly everyMs: number | null
  set(everyMs: number | null): void
}

/** In real time, not the simulator's: an advanced clock makes nobody buy. */
export function createBuying(purchase: () => void): Buying {
  let timer: NodeJS.Timeout | undefined
  let pace: number | null = null
  return {
    get everyMs() {
      return pace
    },
    set(everyMs) {
      clearInterval(timer)
      pace = everyMs
      if (everyMs !== null) timer = setInterval(purchase, everyMs).unref()
    },
  }
}
