import type { Fired } from './faults.ts'
import type { Seller } from './seller.ts'
import type { State } from './state.ts'

/** A call of the Selling Partner API that has passed the door: authorized, within quota, and not failed by a fault. */
export interface Call {
  state: State
  seller: Seller
  /** The simulator's time at which it is answered. */
  now: number
  /** Path parameters, decoded. */
  path: Record<string, string>
  query: URLSearchParams
  /** As sent. */
  body: string
  fired: Fired
}

/** A query parameter that is a list: comma-separated, repeated, or both. Undefined where it is not there or empty. */
export function listOf(query: URLSearchParams, name: string): string[] | undefined {
  const values = query
    .getAll(name)
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '')
  return values.length === 0 ? undefined : values
}

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
