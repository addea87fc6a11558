// What a ship-and-close call does to its orders, or why not. Pure: the preview and the call itself share it entirely.
import { type Refusal, refusal } from '../kit/errors.ts'
import { type ChargeApplication, type ChargeInput, planCharges, type PlannedCharge, refuseCharges, refuseCurrency } from '../orders/charges.ts'
import type { Carriers } from './carriers.ts'
import { type OpenLine, pack, packAllOpen, type PackageInput, type PackedPackage } from './packages.ts'
import { type GivenNumber, warnRepeated } from './repeated-numbers.ts'
import { isComplete, mergeRouting, type MergedRouting, refuseIncomplete, refuseMalformed, refuseTrackingNumber, type Routing, type RoutingInput, warnCarrier, warnTrackingNumber } from './routing.ts'

export interface ShipAndCloseInput {
  idempotencyKey: string
  orders: readonly OrderToShip[]
  routing: RoutingInput | null
  charges: readonly ChargeInput[]
  applyCharges: ChargeApplication
  onError: 'SKIP_FAILED' | 'ABORT_ALL'
  incompleteRouting: 'REFUSE' | 'CLOSE_WITHOUT_TRACKING'
  /** Null: now. */
  shippedAt: Date | null
}

export interface OrderToShip {
  /** As it was given. */
  orderId: string
  /** Null where that is no order's id. */
  uuid: string | null
  expectedVersion: number | null
  routing: RoutingInput | null
  /** Null: everything still open, in one package. */
  packages: readonly PackageInput[] | null
  overrideCancelRequest: boolean
}

/** An order as it is before the call. */
export interface LoadedOrder {
  id: string
  number: string
  status: 'OPEN' | 'CLOSED' | 'CANCELLED'
  onHold: boolean
  cancelRequested: boolean
  version: number
  currency: string | null
  purchasedAt: Date
  /** Its connection was disconnected: goods still leave, but the marketplace is told of nothing any more. */
  disconnected: boolean
  routing: Routing
  lines: readonly OpenLine[]
  /** Of the packages that it has already. */
  lastPackageNumber: number
}

export interface PlannedPackage {
  number: number
  routing: Routing
  weight: PackedPackage['weight']
  lines: { orderLineId: string; quantity: number }[]
  /** Why the marketplace is not told of it; null where it is. */
  notSent: NotSent | null
}

/** Why the marketplace is not told of a package, for people. */
export const notSentWords = {
  ROUTING_INCOMPLETE: 'It was closed without its carrier, SCAC, service or tracking number. correctTracking adds what is missing, and sends it.',
  CONNECTION_DISCONNECTED: 'The connection is disconnected: the marketplace is not told of this package. Confirm it by hand over there.',
} as const
export type NotSent = keyof typeof notSentWords

export interface PlannedOrder<Order extends LoadedOrder = LoadedOrder> {
  orderId: string
  order: Order | null
  refusals: Refusal[]
  warnings: Refusal[]
  routing: Routing
  packages: PlannedPackage[]
  charges: PlannedCharge[]
  /** Warehouse units taken from the shelf. */
  takes: { inventoryItemId: string; units: number }[]
  closes: boolean
  overridesCancelRequest: boolean
}

export const LARGEST_CALL = 500
const LONGEST_KEY = 200
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** What is wrong with the call as such, whatever the orders: then nothing happens to any of them. */
export function refuseCall(input: ShipAndCloseInput, now: Date): Refusal[] {
  const { idempotencyKey, orders, shippedAt } = input
  const refusals: Refusal[] = []
  if (idempotencyKey.trim() === '') refusals.push(refusal('REQUIRED', 'idempotencyKey must not be blank', 'idempotencyKey'))
  if (idempotencyKey.length > LONGEST_KEY) refusals.push(refusal('INVALID', `idempotencyKey must have at most ${LONGEST_KEY} characters`, 'idempotencyKey'))
  if (orders.length === 0) refusals.push(refusal('REQUIRED', 'name at least one order', 'orders'))
  if (orders.length > LARGEST_CALL) refusals.push(refusal('TOO_MANY', `at most ${LARGEST_CALL} orders in one call`, 'orders'))
  if (refusals.length === 0) {
    const seen = new Set<string>()
    for (const [index, { uuid }] of orders.entries()) {
      if (uuid === null) continue
      if (seen.has(uuid)) refusals.push(refusal('INVALID', 'the order stands in this call already', 'orders', index, 'orderId'))
      seen.add(uuid)
    }
  }
  return [...refusals, ...refuseFuture(shippedAt, now), ...refuseCharges(input.charges)]
}

/** Our clock and the caller's may differ a little. */
export function refuseFuture(shippedAt: Date | null, now: Date): Refusal[] {
  return shippedAt !== null && shippedAt.getTime() > now.getTime() + CLOCK_TOLERANCE_MS ? [refusal('INVALID', 'shippedAt is in the future', 'shippedAt')] : []
}

export function refuseBeforePurchase(shippedAt: Date | null, order: { number: string; purchasedAt: Date }): Refusal[] {
  return shippedAt !== null && shippedAt < order.purchasedAt ? [refusal('INVALID', `shippedAt is before order ${order.number} was bought`, 'shippedAt')] : []
}

/**
 * The plan for every order of the call, in their order. `stock` is units on hand by inventory item; an order sees what is left by
 * those before it. With ABORT_ALL and a refusal nothing closes and nothing is charged.
 */
export function planShipAndClose<Order extends LoadedOrder>(
  input: ShipAndCloseInput,
  { orders, stock }: { orders: ReadonlyMap<string, Order>; stock: ReadonlyMap<string, number> },
  carriers: Carriers,
): PlannedOrder<Order>[] {
  const left = new Map(stock)
  const numbers: GivenNumber[] = []
  const plans = input.orders.map((wanted, index) => {
    const order = wanted.uuid === null ? undefined : orders.get(wanted.uuid)
    if (order === undefined) return unknownOrder<Order>(wanted, index, carriers)
    const plan = planOrder(input, wanted, order, ['orders', index], carriers, numbers)
    if (plan.refusals.length === 0) plan.refusals.push(...takeStock(plan, left, index))
    return plan
  })
  warnRepeated(numbers)
  const good = plans.filter((plan) => plan.refusals.length === 0)
  if (input.onError === 'ABORT_ALL' && good.length < plans.length) {
    for (const plan of good) Object.assign(plan, { closes: false, packages: [], takes: [] })
    return plans
  }
  const shares = planCharges(input.charges, input.applyCharges, good.length)
  for (const [index, plan] of good.entries()) plan.charges = shares[index]!
  return plans
}

function unknownOrder<Order extends LoadedOrder>(wanted: OrderToShip, index: number, carriers: Carriers): PlannedOrder<Order> {
  const wrong = wanted.uuid === null ? refusal('INVALID', 'not the id of an order', 'orders', index, 'orderId') : refusal('NOT_FOUND', 'no such order', 'orders', index, 'orderId')
  const { routing } = mergeRouting(carriers, { routing: wanted.routing, path: [] })
  return { orderId: wanted.orderId, order: null, refusals: [wrong], warnings: [], routing, packages: [], charges: [], takes: [], closes: false, overridesCancelRequest: false }
}

function planOrder<Order extends LoadedOrder>(
  input: ShipAndCloseInput,
  wanted: OrderToShip,
  order: Order,
  path: (string | number)[],
  carriers: Carriers,
  numbers: GivenNumber[],
): PlannedOrder<Order> {
  const own = [...path, 'routing']
  const merged = mergeRouting(carriers, { routing: wanted.routing, path: own }, { routing: input.routing, path: ['routing'] }, { routing: order.routing, path: own })
  const { packed, refusals } = wanted.packages === null ? { packed: [packAllOpen(order.lines)], refusals: [] } : pack(wanted.packages, order.lines, [...path, 'packages'])
  const plan: PlannedOrder<Order> = {
    orderId: wanted.orderId, order, refusals: [], warnings: [], routing: merged.routing, packages: [], charges: [], takes: unitsOf(packed), closes: false,
    overridesCancelRequest: order.cancelRequested && wanted.overrideCancelRequest,
  }
  plan.refusals.push(...refuseState(order, wanted, path))
  if (plan.refusals.length > 0) return { ...plan, takes: [] }
  plan.refusals.push(...refusals, ...refuseCurrency(input.charges, order.currency, order.number))
  if (wanted.packages === null && packed[0]!.lines.length === 0) plan.refusals.push(refusal('QUANTITY_EXCEEDS_OPEN', `nothing of order ${order.number} is left to ship`, ...path, 'orderId'))
  // Left out, it is now: a clock of ours that is behind the marketplace's is no fault of who ships.
  plan.refusals.push(...refuseBeforePurchase(input.shippedAt, order))
  route(plan, input, merged, packed, path, wanted.packages !== null, numbers)
  if (plan.refusals.length > 0) return { ...plan, packages: [], takes: [] }
  const shipped = new Map<string, number>()
  for (const { lines } of plan.packages) for (const { orderLineId, quantity } of lines) shipped.set(orderLineId, (shipped.get(orderLineId) ?? 0) + quantity)
  plan.closes = order.lines.every((line) => line.open === (shipped.get(line.id) ?? 0))
  return plan
}

function refuseState(order: LoadedOrder, wanted: OrderToShip, path: readonly (string | number)[]): Refusal[] {
  const at = [...path, 'orderId']
  if (order.status === 'CLOSED') return [refusal('ORDER_CLOSED', `order ${order.number} is closed`, ...at)]
  if (order.status === 'CANCELLED') return [refusal('ORDER_CANCELLED', `order ${order.number} is cancelled`, ...at)]
  return [
    ...(wanted.expectedVersion === null || wanted.expectedVersion === order.version
      ? []
      : [refusal('VERSION_CONFLICT', `order ${order.number} has changed since: its version is ${order.version}`, ...path, 'expectedVersion')]),
    ...(order.onHold ? [refusal('ORDER_ON_HOLD', `order ${order.number} is on hold`, ...at)] : []),
    ...(order.cancelRequested && !wanted.overrideCancelRequest
      ? [refusal('CANCEL_REQUESTED', `the buyer has asked to cancel order ${order.number}`, ...path, 'overrideCancelRequest')]
      : []),
  ]
}

/** Gives each package its routing. One package takes the order's tracking number; of several each needs its own. */
function route(plan: PlannedOrder, input: ShipAndCloseInput, merged: MergedRouting, packed: readonly PackedPackage[], path: readonly (string | number)[], explicit: boolean, numbers: GivenNumber[]): void {
  const own = [...path, 'routing']
  const needs = input.incompleteRouting === 'REFUSE'
  plan.refusals.push(...(needs ? refuseIncomplete(merged.routing, own, ['carrier', 'scac', 'service']) : []), ...refuseMalformed(merged, own))
  plan.warnings.push(...warnCarrier(merged, own))
  const { disconnected, number: orderNumber } = plan.order!
  if (disconnected) plan.warnings.push(refusal('CONNECTION_NOT_READY', `the connection of order ${orderNumber} is disconnected: the marketplace is not told of its packages`, ...path, 'orderId'))
  const single = packed.length === 1
  plan.packages = packed.map(({ trackingNumber, weight, lines }, index) => {
    const ownPath = [...path, 'packages', index, 'trackingNumber']
    const number = trackingNumber ?? (single ? merged.routing.trackingNumber : null)
    const at = () => (trackingNumber !== null || !single ? ownPath : (merged.pathOf('trackingNumber') ?? [...own, 'trackingNumber']))
    if (number === null && needs) {
      const missing = explicit && !single ? ownPath : [...own, 'trackingNumber']
      plan.refusals.push(refusal('TRACKING_NUMBER_REQUIRED', 'trackingNumber must not be blank', ...missing))
    }
    // That of the order's routing is judged once already.
    if (trackingNumber !== null) plan.refusals.push(...refuseTrackingNumber(number, () => ownPath))
    plan.warnings.push(...warnTrackingNumber(merged.known, number, at))
    if (number !== null && at()[0] === 'orders') numbers.push({ number, order: orderNumber, path: at(), warnings: plan.warnings })
    const routing = { ...merged.routing, trackingNumber: number }
    return {
      number: plan.order!.lastPackageNumber + index + 1, routing, weight,
      notSent: disconnected ? 'CONNECTION_DISCONNECTED' : isComplete(routing) ? null : 'ROUTING_INCOMPLETE',
      lines: lines.map(({ line, quantity }) => ({ orderLineId: line.id, quantity })),
    }
  })
  if (single) plan.routing = plan.packages[0]!.routing
}

function unitsOf(packed: readonly PackedPackage[]): PlannedOrder['takes'] {
  const units = new Map<string, number>()
  for (const { lines } of packed) {
    for (const { line, quantity } of lines) units.set(line.inventoryItemId, (units.get(line.inventoryItemId) ?? 0) + quantity * line.unitsPerItem)
  }
  return [...units].map(([inventoryItemId, count]) => ({ inventoryItemId, units: count }))
}

/** Takes the order's units from what the orders before it left, all or none. */
function takeStock(plan: PlannedOrder, left: Map<string, number>, index: number): Refusal[] {
  const short = plan.takes.filter(({ inventoryItemId, units }) => (left.get(inventoryItemId) ?? 0) < units)
  if (short.length > 0) {
    const words = short.map(({ inventoryItemId, units }) => `${left.get(inventoryItemId) ?? 0} on hand of ${units}`).join(', ')
    Object.assign(plan, { packages: [], takes: [], closes: false })
    return [refusal('STOCK_SHORT', `order ${plan.order!.number} needs more than there is: ${words}`, 'orders', index, 'orderId')]
  }
  for (const { inventoryItemId, units } of plan.takes) left.set(inventoryItemId, left.get(inventoryItemId)! - units)
  return []
}
