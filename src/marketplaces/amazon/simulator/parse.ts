/** The JSON value of a body, or undefined where it is none. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const isoForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** Milliseconds of an ISO 8601 date or date-time (UTC where no offset is given), or null. */
export function parseIso(text: string): number | null {
  if (!isoForm.test(text)) return null
  const at = Date.parse(text.includes('T') && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text)
  return Number.isNaN(at) ? null : at
}
