// The calls made, each with its answer: never twice is this table's key, not an if.
import { createHash } from 'node:crypto'
import type { Scope } from '../auth/scope.ts'
import { one, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { Refusal } from '../kit/errors.ts'
import type { PackageInput } from './packages.ts'
import type { ShipAndCloseInput } from './plan.ts'
import { type RoutingInput, routingFields } from './routing.ts'

/** What became of one order of a call. Ids of rows are UUIDs; `orderId` is as it was given. */
export interface OrderOutcome {
  orderId: string
  order: string | null
  shipments: string[]
  charges: string[]
  userErrors: Refusal[]
  warnings: Refusal[]
}
export interface CallOutcome {
  results: OrderOutcome[]
  closed: number
  failed: number
}

/** Of everything that the call asks for, in an order of its own; what is left out counts as null. */
export function inputSha256({ orders, routing, charges, applyCharges, onError, incompleteRouting, shippedAt }: ShipAndCloseInput): Buffer {
  const asked = [
    orders.map((order) => [order.orderId, order.expectedVersion, listed(order.routing), order.packages?.map(packed), order.overrideCancelRequest]),
    listed(routing), charges.map(({ code, description, amount }) => [code, description, amount.amount, amount.currencyCode]), applyCharges, onError, incompleteRouting, shippedAt,
  ]
  return createHash('sha256').update(JSON.stringify(asked)).digest()
}

// JSON makes null of an undefined element, so both count the same.
const listed = (routing: RoutingInput | null): unknown => routing && routingFields.map((field) => routing[field])
const packed = ({ trackingNumber, weight, lines }: PackageInput): unknown => [trackingNumber, weight?.value, weight?.unit, lines.map((line) => [line.orderLineId, line.quantity])]

const begin = statement('beginShipAndCloseCall', `INSERT INTO ship_and_close_calls (actor, key, input_sha256, result) VALUES ($1, $2, $3, '{}') ON CONFLICT DO NOTHING`)
const earlier = statement('shipAndCloseCall', 'SELECT input_sha256, result FROM ship_and_close_calls WHERE actor = $1 AND key = $2')
const finish = statement('finishShipAndCloseCall', 'UPDATE ship_and_close_calls SET result = $3 WHERE actor = $1 AND key = $2')

/** Null for a new call; else the earlier one of that key. Waits while another transaction makes the same call. */
export async function beginCall(scope: Scope, tx: Tx, key: string, sha256: Buffer): Promise<{ inputSha256: Buffer; result: CallOutcome } | null> {
  if ((await run(tx, begin, [scope.actor.id, key, sha256])) > 0) return null
  return one<{ inputSha256: Buffer; result: CallOutcome }>(tx, earlier, [scope.actor.id, key])
}

export async function finishCall(scope: Scope, tx: Tx, key: string, outcome: CallOutcome): Promise<void> {
  await run(tx, finish, [scope.actor.id, key, JSON.stringify(outcome)])
}
