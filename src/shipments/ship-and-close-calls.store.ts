// The calls made, each with its answer: never twice is this table's key, not an if.
import { createHash } from 'node:crypto'
import type { Scope } from '../auth/scope.ts'
import { one, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ShipAndCloseInput } from './plan.ts'

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

/** Of everything that the call asks for; what is left out counts as null. */
export function inputSha256({ idempotencyKey: _, ...input }: ShipAndCloseInput): Buffer {
  return createHash('sha256').update(JSON.stringify(canonical(input))).digest()
}

function canonical(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value ?? null
  const entries = Object.entries(value).filter(([, one]) => one != null)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, canonical(one)]))
}

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
