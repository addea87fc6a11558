// What may be done with an order, and what a marketplace's order is to us. Plain values in, plain answers out.
import { notForRole } from '../auth/permissions.ts'
import type { RoleName } from '../auth/scope.ts'
import type { SupportedAction } from '../connections/connection.ts'
import { type Refusal, refusal } from '../kit/errors.ts'

export const orderStatuses = ['OPEN', 'CLOSED', 'CANCELLED'] as const
export type OrderStatus = (typeof orderStatuses)[number]

/** From a status to those it may change to. A closed order never changes. */
export const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  OPEN: ['CLOSED', 'CANCELLED'],
  CLOSED: [],
  CANCELLED: [],
}

export const holdReasons = ['OPERATOR', 'CANCEL_REQUESTED', 'ADDRESS', 'STOCK', 'OTHER'] as const
export type HoldReason = (typeof holdReasons)[number]

export interface OrderState {
  status: OrderStatus
  onHold: boolean
  cancelRequested: boolean
}

/** Null where the order may change; else why not, at `field`. */
export function refuseUnlessOpen(order: Pick<OrderState, 'status'>, number: string, ...field: (string | number)[]): Refusal | null {
  if (order.status === 'CLOSED') return refusal('ORDER_CLOSED', `order ${number} is closed`, ...field)
  if (order.status === 'CANCELLED') return refusal('ORDER_CANCELLED', `order ${number} is cancelled`, ...field)
  return null
}

/** Each with its mutation. */
const mutations = { shipAndClose: 'shipAndClose', hold: 'holdOrders', release: 'releaseOrders', cancel: 'cancelOrders', updateRouting: 'updateRouting', addCharges: 'addCharges' } as const
export type OrderAction = keyof typeof mutations
export const orderActions = Object.keys(mutations) as OrderAction[]

/** What somebody can do with an order now, and if not, why not. */
export function supportedActions(order: OrderState, role: RoleName): SupportedAction[] {
  const closed = order.status === 'OPEN' ? null : `The order is ${order.status.toLowerCase()}.`
  const why: Record<OrderAction, string | null> = {
    shipAndClose: closed ?? (order.onHold ? 'The order is on hold: release it first.' : order.cancelRequested ? 'The buyer has asked to cancel: override by name to ship all the same.' : null),
    hold: closed,
    release: closed ?? (order.onHold ? null : 'The order is not on hold.'),
    cancel: closed,
    updateRouting: closed,
    addCharges: closed,
  }
  return orderActions.map((action) => {
    const reason = notForRole(role, mutations[action]) ?? why[action]
    return { action, allowed: reason === null, reason }
  })
}

/** Items of a line that are still to be shipped. */
export function openItems(line: { quantity: number; quantityShipped: number; quantityCancelled: number }): number {
  return line.quantity - line.quantityShipped - line.quantityCancelled
}
