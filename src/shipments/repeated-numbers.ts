// A label scanned twice, or a pasted column out of step: the marketplace would take it, and a buyer would follow somebody else's parcel. Pure.
import { type Refusal, refusal } from '../kit/errors.ts'

/** A tracking number that was given for one package, not for the whole call. */
export interface GivenNumber {
  number: string
  /** The order's number, as the marketplace writes it. */
  order: string
  path: readonly (string | number)[]
  /** Where it is warned of. */
  warnings: Refusal[]
}

/** Warns of each number that stands at more than one package, at every one of them. */
export function warnRepeated(numbers: readonly GivenNumber[]): void {
  const places = new Map<string, GivenNumber[]>()
  for (const given of numbers) {
    const same = places.get(given.number.toUpperCase())
    if (same === undefined) places.set(given.number.toUpperCase(), [given])
    else same.push(given)
  }
  for (const same of places.values()) {
    if (same.length === 1) continue
    for (const { number, order, path, warnings } of same) {
      const other = same.find((one) => one.warnings !== warnings)
      const where = other === undefined ? `another package of order ${order}` : `order ${other.order}`
      warnings.push(refusal('TRACKING_NUMBER_REPEATED', `${number} is the tracking number of ${where} as well`, ...path))
    }
  }
}
