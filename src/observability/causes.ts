/** An error as the log may have it: words, place and code. A library's other properties can hold values, bodies and secrets. */
export interface Cause {
  name: string
  message: string
  code?: string
  stack?: string
}

/** The error and what caused it, the outermost first. */
export function causes(error: unknown): Cause[] {
  const found: Cause[] = []
  for (let at: unknown = error; at !== undefined && at !== null && found.length < 5; at = (at as { cause?: unknown }).cause) {
    if (!(at instanceof Error)) {
      found.push({ name: 'Thrown', message: String(at) })
      break
    }
    const { code } = at as { code?: unknown }
    found.push({ name: at.name, message: at.message, ...(typeof code === 'string' ? { code } : {}), ...(at.stack === undefined ? {} : { stack: at.stack }) })
  }
  return found
}
