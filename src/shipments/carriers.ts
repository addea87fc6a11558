// The carriers that a process knows. Pure. Codes are ours; a channel turns them into its marketplace's.
import type { NumberScheme } from './tracking-numbers.ts'

export interface Carrier {
  code: string
  name: string
  /** Standard Carrier Alpha Codes, the usual one first; empty where none is published, so that any of the right form will do. */
  scacs: readonly string[]
  /** The usual ones, to choose from; others are taken as they are. */
  services: readonly string[]
  /** A number is well formed if one of these says so; empty where nothing is known. */
  schemes: readonly NumberScheme[]
  /** `%s` stands for the tracking number. */
  trackingUrl: string | null
}

/** A table of carriers, made once at start: rules and verbs are handed it, so that two processes' (and two tests') never mix. */
export class Carriers {
  readonly all: readonly Carrier[]
  readonly #byName: ReadonlyMap<string, Carrier>

  /** @param all their codes and names in capitals must differ from each other's */
  constructor(all: readonly Carrier[]) {
    this.all = all
    this.#byName = new Map(all.flatMap((one) => [[one.code, one], [one.name.toUpperCase(), one]]))
  }

  /** By code or name, ignoring case; null for a carrier that we do not know. */
  find(codeOrName: string): Carrier | null {
    return this.#byName.get(codeOrName.trim().toUpperCase()) ?? null
  }

  /** What a carrier is called to people: its name, or the word that was given for one that we do not know. */
  nameOf(carrier: string): string {
    return this.find(carrier)?.name ?? carrier
  }

  /** Where a person follows the parcel; null for carriers without such a page. */
  trackingUrl(carrier: string | null, trackingNumber: string | null): string | null {
    if (carrier === null || trackingNumber === null) return null
    return this.find(carrier)?.trackingUrl?.replace('%s', () => encodeURIComponent(trackingNumber)) ?? null
  }
}

/** False where the number is none of the carrier's: mistyped, or another carrier's. True also where nothing is known of its numbers. */
export function fitsCarrier(carrier: Pick<Carrier, 'schemes'>, trackingNumber: string): boolean {
  const number = trackingNumber.toUpperCase()
  return carrier.schemes.length === 0 || carrier.schemes.some((scheme) => scheme(number))
}
