const FIRST_MS = 250
const LONGEST_MS = 30_000

/** How long to wait after so many failures in a row: anything up to a bound that doubles, so that many who were cut at once do not return at once. */
export const backoff = (failures: number): number => Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1))

/** Ends early, and without an error, when aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
