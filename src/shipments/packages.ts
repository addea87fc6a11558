// Which items of an order go into which package. Pure.
import { type Refusal, refusal } from '../kit/errors.ts'

export const weightUnits = ['GRAM', 'KILOGRAM', 'OUNCE', 'POUND'] as const
export type WeightUnit = (typeof weightUnits)[number]
export interface Weight {
  /** Exact decimal. */
  value: string
  unit: WeightUnit
}

export interface PackageInput {
  trackingNumber?: string | null
  weight?: Weight | null
  /** `orderLineId`: the line's UUID, or null where what was given is no line's id. */
  lines: readonly { orderLineId: string | null; quantity: number }[]
}

/** A line of an order as far as shipping goes; quantities are items, as the marketplace counts them. */
export interface OpenLine {
  id: string
  open: number
  inventoryItemId: string
  unitsPerItem: number
}

export interface PackedPackage {
  trackingNumber: string | null
  weight: Weight | null
  lines: { line: OpenLine; quantity: number }[]
}

/** Everything still open, in one package. */
export const packAllOpen = (lines: readonly OpenLine[]): PackedPackage => ({
  trackingNumber: null,
  weight: null,
  lines: lines.filter((line) => line.open > 0).map((line) => ({ line, quantity: line.open })),
})

/** The packages as given, or what is wrong with them; `path` is where the packages stand in the input. */
export function pack(packages: readonly PackageInput[], lines: readonly OpenLine[], path: readonly (string | number)[]): { packed: PackedPackage[]; refusals: Refusal[] } {
  const refusals: Refusal[] = packages.length === 0 ? [refusal('REQUIRED', 'name at least one package, or leave packages out', ...path)] : []
  const byId = new Map(lines.map((line) => [line.id, line]))
  const left = new Map(lines.map((line) => [line.id, line.open]))
  const packed = packages.map(({ trackingNumber, weight, lines: wanted }, index): PackedPackage => {
    const at = [...path, index]
    refusals.push(...refuseWeight(weight, [...at, 'weight', 'value']))
    if (wanted.length === 0) refusals.push(refusal('REQUIRED', 'a package must hold something', ...at, 'lines'))
    const seen = new Set<string>()
    const contents: PackedPackage['lines'] = []
    for (const [position, { orderLineId, quantity }] of wanted.entries()) {
      const where = [...at, 'lines', position]
      const line = orderLineId === null ? undefined : byId.get(orderLineId)
      const wrong = refuseLine(line, quantity, seen, left, where)
      if (wrong !== null) refusals.push(wrong)
      if (line === undefined) continue
      seen.add(line.id)
      left.set(line.id, left.get(line.id)! - quantity)
      contents.push({ line, quantity })
    }
    return { trackingNumber: trackingNumber?.trim() || null, weight: weight ?? null, lines: contents }
  })
  return { packed, refusals }
}

function refuseLine(line: OpenLine | undefined, quantity: number, seen: ReadonlySet<string>, left: ReadonlyMap<string, number>, path: readonly (string | number)[]): Refusal | null {
  if (line === undefined) return refusal('NOT_FOUND', 'the order has no such line', ...path, 'orderLineId')
  if (quantity < 1) return refusal('INVALID', 'quantity must be at least 1', ...path, 'quantity')
  if (seen.has(line.id)) return refusal('INVALID', 'the line stands in this package already', ...path, 'orderLineId')
  const open = left.get(line.id)!
  if (quantity > open) return refusal('QUANTITY_EXCEEDS_OPEN', `${Math.max(open, 0)} left to ship of this line`, ...path, 'quantity')
  return null
}

function refuseWeight(weight: Weight | null | undefined, path: readonly (string | number)[]): Refusal[] {
  if (weight == null) return []
  const fits = /^\d{1,15}(?:\.\d{1,4}0*)?$/.test(weight.value) && /[1-9]/.test(weight.value)
  return fits ? [] : [refusal('INVALID', 'weight must be above 0, with at most 4 decimals', ...path)]
}
