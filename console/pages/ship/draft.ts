// What is being filled in, kept in this tab: a page that was closed by mistake costs nobody 500 tracking numbers.
import type { BatchErrorPolicy, ChargeApplication, IncompleteRoutingPolicy, OrderRowFragment as Order, RoutingInput, ShipAndCloseInput, ShipAndCloseOrderInput } from '../../generated/documents.ts'
import { instantOf } from '../../kit/format.ts'
import { type ChargeDraft, chargesOf } from './charges.tsx'

export interface PackageDraft {
  key: string
  trackingNumber: string
  weight: string
  unit: 'GRAM' | 'KILOGRAM' | 'OUNCE' | 'POUND'
  /** By the order line's id. */
  quantities: Record<string, number>
}

export interface OrderDraft {
  trackingNumber: string
  carrier: string
  scac: string
  service: string
  override: boolean
  /** Null: everything that is open, in one package. */
  packages: PackageDraft[] | null
}

export interface Draft {
  key: string
  mode: 'shared' | 'each'
  routing: RoutingInput
  orders: Record<string, OrderDraft>
  charges: ChargeDraft[]
  applyCharges: ChargeApplication
  onError: BatchErrorPolicy
  incompleteRouting: IncompleteRoutingPolicy
  /** By the warehouse's clock; empty: now. */
  shippedAt: string
}

const KEY = 'cartage.ship.draft'

export const blank: OrderDraft = { trackingNumber: '', carrier: '', scac: '', service: '', override: false, packages: null }
export const newDraft = (): Draft => ({ key: crypto.randomUUID(), mode: 'shared', routing: {}, orders: {}, charges: [], applyCharges: 'SEPARATELY', onError: 'SKIP_FAILED', incompleteRouting: 'REFUSE', shippedAt: '' })

export function readDraft(): Draft {
  try {
    return { ...newDraft(), ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Draft>) }
  } catch {
    return newDraft()
  }
}

export const keepDraft = (draft: Draft): void => sessionStorage.setItem(KEY, JSON.stringify(draft))

const filled = (routing: RoutingInput): RoutingInput => Object.fromEntries(Object.entries(routing).flatMap(([name, value]) => (typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [])))

/** What ship-and-close and its preview take. */
export function inputOf(draft: Draft, orders: readonly Order[], zone: string): ShipAndCloseInput {
  const charges = chargesOf(draft.charges)
  return {
    idempotencyKey: draft.key,
    orders: orders.map(({ id, version }): ShipAndCloseOrderInput => {
      const { trackingNumber, carrier, scac, service, override, packages } = draft.orders[id] ?? blank
      const own = filled(draft.mode === 'each' ? { carrier, scac, service, trackingNumber } : { trackingNumber })
      return {
        orderId: id, expectedVersion: version,
        ...(Object.keys(own).length > 0 ? { routing: own } : {}),
        ...(override ? { overrideCancelRequest: true } : {}),
        ...(packages === null ? {} : { packages: packages.map((one) => ({
          lines: Object.entries(one.quantities).flatMap(([orderLineId, quantity]) => (quantity > 0 ? [{ orderLineId, quantity }] : [])),
          ...(one.trackingNumber.trim() === '' ? {} : { trackingNumber: one.trackingNumber.trim() }),
          ...(/^\d+(\.\d+)?$/.test(one.weight.trim()) ? { weight: { value: one.weight.trim(), unit: one.unit } } : {}),
        })) }),
      }
    }),
    routing: filled(draft.routing),
    ...(charges.length > 0 ? { charges, applyCharges: draft.applyCharges } : {}),
    onError: draft.onError,
    incompleteRouting: draft.incompleteRouting,
    ...(draft.shippedAt === '' ? {} : { shippedAt: instantOf(draft.shippedAt, zone) }),
  }
}

const bare = (text: string): string => text.replaceAll(/[\s-]/g, '').toUpperCase()

/**
 * A pasted column of tracking numbers, from a row on; or two columns, of which one has order numbers, in whatever order.
 * Returns the numbers by order id, and what found no order.
 */
export function pasted(text: string, orders: readonly Order[], from: number): { numbers: Map<string, string>; left: string[] } {
  const rows = text.replace(/\r/g, '').split('\n').map((line) => line.split(/\t|;|,(?=\S)/).map((cell) => cell.trim())).filter((cells) => cells.some((cell) => cell !== ''))
  const byNumber = new Map(orders.map((order) => [bare(order.number), order.id]))
  const numbers = new Map<string, string>()
  const left: string[] = []
  if (rows.some((cells) => cells.length > 1)) {
    for (const cells of rows) {
      const at = cells.findIndex((cell) => byNumber.has(bare(cell)))
      const tracking = cells.find((cell, index) => index !== at && cell !== '')
      if (at >= 0 && tracking !== undefined) numbers.set(byNumber.get(bare(cells[at]!))!, tracking)
      else left.push(cells.join(' '))
    }
  } else {
    for (const [index, [number]] of rows.entries()) {
      const order = orders[from + index]
      if (order === undefined) left.push(number!)
      else numbers.set(order.id, number!)
    }
  }
  return { numbers, left }
}

export const sameNumber = (one: string, other: string): boolean => bare(one) === bare(other)
