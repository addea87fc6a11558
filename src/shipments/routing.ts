// How a parcel travels: merged from what the call, the batch and the order say, complete or refused. Pure.
import { type Refusal, refusal, type RefusalCode } from '../kit/errors.ts'
import { type Carrier, type Carriers, fitsCarrier } from './carriers.ts'

export const routingFields = ['carrier', 'scac', 'service', 'trackingNumber', 'billOfLading', 'loadNumber', 'trailerNumber', 'sealNumber'] as const
export type RoutingField = (typeof routingFields)[number]
export type Routing = Record<RoutingField, string | null>
/** Blank is as good as left out. */
export type RoutingInput = Partial<Record<RoutingField, string | null | undefined>>

/** What the marketplace insists on, and the code where it is missing. */
export const requiredCodes = {
  carrier: 'CARRIER_REQUIRED',
  scac: 'SCAC_REQUIRED',
  service: 'SERVICE_REQUIRED',
  trackingNumber: 'TRACKING_NUMBER_REQUIRED',
} as const satisfies Partial<Record<RoutingField, RefusalCode>>
type RequiredField = keyof typeof requiredCodes

export const noRouting: Routing = Object.freeze(Object.fromEntries(routingFields.map((field) => [field, null])) as Routing)

/** A source of routing and where its fields stand in the input. */
export interface RoutingSource {
  routing: RoutingInput | null | undefined
  path: readonly (string | number)[]
}

export interface MergedRouting {
  routing: Routing
  /** The carrier, where it is a known one. */
  known: Carrier | null
  /** Where a field that is given came from, or null for one that is not. */
  pathOf(field: RoutingField): readonly (string | number)[] | null
}

const text = (value: string | null | undefined): string | null => value?.trim() || null

// A batch hands the same object in for each of its orders.
const normalized = new WeakMap<RoutingInput, Routing>()
function normalRouting(input: RoutingInput | null | undefined): Routing {
  if (input == null) return noRouting
  let routing = normalized.get(input)
  if (routing === undefined) {
    routing = { ...noRouting }
    for (const field of routingFields) {
      const value = text(input[field])
      routing[field] = field === 'scac' ? (value?.toUpperCase() ?? null) : value
    }
    normalized.set(input, routing)
  }
  return routing
}

/** The first source that gives a field wins. A known carrier becomes its code, a SCAC upper case. */
export function mergeRouting(carriers: Carriers, ...sources: readonly RoutingSource[]): MergedRouting {
  const routings = sources.map((source) => normalRouting(source.routing))
  const routing = { ...noRouting }
  for (const field of routingFields) {
    for (const one of routings) if ((routing[field] = one[field]) !== null) break
  }
  const known = routing.carrier === null ? null : carriers.find(routing.carrier)
  if (known !== null) routing.carrier = known.code
  return {
    routing,
    known,
    pathOf(field) {
      const index = routings.findIndex((one) => one[field] !== null)
      return index < 0 ? null : [...sources[index]!.path, field]
    },
  }
}

const LONGEST = 100
// oxlint-disable-next-line no-control-regex -- what it looks for are control characters
const controls = /[\u0000-\u001f\u007f-\u009f]/

/** A path that is made only where something is refused. */
type Path = () => readonly (string | number)[]

/** What is wrong with the values that are there, whoever gave them; `own` is where the order's own routing stands in the input. */
export function refuseMalformed({ routing, known, pathOf }: MergedRouting, own: readonly (string | number)[]): Refusal[] {
  const at = (field: RoutingField): readonly (string | number)[] => pathOf(field) ?? [...own, field]
  const refusals: Refusal[] = []
  for (const field of routingFields) {
    const value = routing[field]
    if (value === null || field === 'trackingNumber') continue
    if (controls.test(value)) refusals.push(refusal('INVALID', `${field} must not contain control characters`, ...at(field)))
    else if (value.length > LONGEST) refusals.push(refusal('INVALID', `${field} must have at most ${LONGEST} characters`, ...at(field)))
  }
  return [...refusals, ...refuseScac(known, routing.scac, () => at('scac')), ...refuseTrackingNumber(routing.trackingNumber, () => at('trackingNumber'))]
}

function refuseScac(known: Carrier | null, scac: string | null, path: Path): Refusal[] {
  if (scac === null) return []
  if (known !== null && known.scacs.length > 0) {
    return known.scacs.includes(scac) ? [] : [refusal('SCAC_MISMATCH', `${scac} is no SCAC of ${known.name}: ${known.scacs.join(', ')}`, ...path())]
  }
  return /^[A-Z]{2,4}$/.test(scac) ? [] : [refusal('INVALID', 'scac must be 2 to 4 letters', ...path())]
}

/** Letters, digits and hyphens, at most 50: what no carrier writes is an error, not a warning. */
export function refuseTrackingNumber(number: string | null, path: Path): Refusal[] {
  if (number === null || /^[0-9A-Za-z-]{1,50}$/.test(number)) return []
  return [refusal('TRACKING_NUMBER_MALFORMED', 'trackingNumber must be 1 to 50 letters, digits and hyphens', ...path())]
}

/** What a marketplace needs and nobody gave; `own` is where the caller would give it. */
export function refuseIncomplete(routing: Routing, own: readonly (string | number)[], fields = Object.keys(requiredCodes) as RequiredField[]): Refusal[] {
  return fields.flatMap((field) => (routing[field] === null ? [refusal(requiredCodes[field], `${field} must not be blank`, ...own, field)] : []))
}

export const isComplete = (routing: Routing): boolean => Object.keys(requiredCodes).every((field) => routing[field as RequiredField] !== null)

/** What does not stop anything and yet may be a slip. */
export function warnCarrier({ routing: { carrier }, known, pathOf }: MergedRouting, own: readonly (string | number)[]): Refusal[] {
  if (carrier === null || known !== null) return []
  return [refusal('CARRIER_UNKNOWN', `${carrier} is none of the known carriers: its SCAC and tracking number are not checked`, ...(pathOf('carrier') ?? [...own, 'carrier']))]
}

export function warnTrackingNumber(known: Carrier | null, number: string | null, path: Path): Refusal[] {
  if (known === null || number === null || fitsCarrier(known, number)) return []
  return [refusal('TRACKING_NUMBER_MALFORMED', `${number} does not look like a tracking number of ${known.name}: its form or check digit is wrong`, ...path())]
}
