import type { Scope } from '../auth/scope.ts'
import { one, rows, statement } from '../db/sql.ts'
import { BadRequest } from '../kit/errors.ts'
import type { EventType } from './catalogue.ts'

/** A position in the log: the transaction that wrote the event, and the event's number. */
export interface Position {
  xid: string
  id: string
}

export const BEGINNING: Position = { xid: '0', id: '0' }

/** Whose rows, and where: all that reading the log takes of a scope. */
export type Reader = Pick<Scope, 'tenant' | 'db'>

export const encodePosition = ({ xid, id }: Position): string => Buffer.from(`e1.${xid}.${id}`).toString('base64url')

/** @throws BadRequest */
export function decodePosition(cursor: string, name = 'after'): Position {
  const parts = /^e1\.(\d{1,20})\.(\d{1,19})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (parts === null || BigInt(parts[1]!) >= 2n ** 64n || BigInt(parts[2]!) >= 2n ** 63n) throw new BadRequest('not a cursor of the event log', name)
  return { xid: parts[1]!, id: parts[2]! }
}

/** What an event tells. Ids are UUIDs, but for the event's own. */
export interface EventRow extends Position {
  type: EventType
  occurredAt: Date
  customerId: string
  connectionId: string
  orderId: string | null
  jobRunId: string | null
  importFailureId: string | null
  shipmentId: string | null
  inventoryItemId: string | null
  quantity: number | null
  summary: string
}

export interface EventsWanted {
  types: readonly EventType[] | null
  connectionIds: readonly string[] | null
  customerIds: readonly string[] | null
  orderId: string | null
}

const wanted = `($1::uuid[] IS NULL OR customer_id = ANY($1)) AND ($2::text[] IS NULL OR type = ANY($2)) AND ($3::uuid[] IS NULL OR connection_id = ANY($3))
  AND ($4::uuid[] IS NULL OR customer_id = ANY($4)) AND ($5::uuid IS NULL OR order_id = $5)`

// In the order of (xid, id), and only below the horizon: every transaction down there has ended, so nothing can still appear
// behind the cursor. By id alone, a row may commit after one with a higher id was read, and be skipped. The cast in SELECT makes
// text of xid and id: ORDER BY must name the columns.
const page = statement(
  'readEvents',
  `SELECT xid::text, id::text, type, occurred_at, customer_id, connection_id, order_id, job_run_id, import_failure_id, shipment_id, inventory_item_id, quantity, summary
   FROM events WHERE ${wanted} AND (xid, id) > ($6::xid8, $7::bigint) AND (xid, id) < ($8::xid8, $9::bigint)
   ORDER BY events.xid, events.id LIMIT $10`,
)
const ofOrder = statement(
  'readEventsOfOrder',
  `SELECT xid::text, id::text, type, occurred_at, customer_id, connection_id, order_id, job_run_id, import_failure_id, shipment_id, inventory_item_id, quantity, summary
   FROM events WHERE ${wanted.replace('($5::uuid IS NULL OR order_id = $5)', 'order_id = $5')} AND (xid, id) > ($6::xid8, $7::bigint) AND (xid, id) < ($8::xid8, $9::bigint)
   ORDER BY events.xid, events.id LIMIT $10`,
)
const values = (scope: Reader, { types, connectionIds, customerIds, orderId }: EventsWanted): unknown[] => [scope.tenant, types, connectionIds, customerIds, orderId]

/** Events after a position and below a horizon, oldest first. */
export function readEvents(scope: Reader, by: EventsWanted, after: Position, before: Position, limit: number): Promise<EventRow[]> {
  return rows<EventRow>(scope.db.pool, by.orderId === null ? page : ofOrder, [...values(scope, by), after.xid, after.id, before.xid, before.id, limit])
}

/** What `readEvents` asks of a row, for a row that is in memory. */
export function wants({ tenant }: Pick<Scope, 'tenant'>, { types, connectionIds, customerIds, orderId }: EventsWanted): (event: EventRow) => boolean {
  const among = (ids: readonly string[] | null): ReadonlySet<string> | null => (ids === null ? null : new Set(ids))
  const [ofTenant, ofTypes, ofConnections, ofCustomers] = [tenant, types, connectionIds, customerIds].map(among) as [ReadonlySet<string> | null, ReadonlySet<string> | null, ReadonlySet<string> | null, ReadonlySet<string> | null]
  return (event) =>
    (ofTenant?.has(event.customerId) ?? true) && (ofTypes?.has(event.type) ?? true) && (ofConnections?.has(event.connectionId) ?? true) &&
    (ofCustomers?.has(event.customerId) ?? true) && (orderId === null || event.orderId === orderId)
}

// One statement has one snapshot: what is below its own horizon has all ended, and shows.
const fresh = statement(
  'readNewEvents',
  `WITH edge AS MATERIALIZED (
     SELECT horizon, EXISTS (SELECT FROM events WHERE xid >= horizon) AS held FROM pg_snapshot_xmin(pg_current_snapshot()) AS horizon
   )
   SELECT edge.horizon::text, held, event.xid::text, event.id::text, type, occurred_at, customer_id, connection_id, order_id, job_run_id, import_failure_id, shipment_id, inventory_item_id, quantity, summary
   FROM edge LEFT JOIN LATERAL (
     SELECT * FROM events WHERE (xid, id) > ($1::xid8, $2::bigint) AND xid < edge.horizon ORDER BY xid, id LIMIT $3
   ) AS event ON true
   ORDER BY event.xid, event.id`,
)

export interface NewEvents {
  /** Everyone's, oldest first, below the horizon. */
  events: EventRow[]
  horizon: Position
  /** There are more, which an older transaction still holds back. */
  held: boolean
}

/** What the log has after a position by now. */
export async function readNewEvents({ db }: Pick<Scope, 'db'>, after: Position, limit: number): Promise<NewEvents> {
  const found = await rows<EventRow & { horizon: string; held: boolean }>(db.pool, fresh, [after.xid, after.id, limit])
  const [first] = found
  return { events: first!.id === null ? [] : found, horizon: { xid: first!.horizon, id: '0' }, held: first!.held }
}

const xmin = statement('eventHorizon', 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid')
/** No event can appear before it any more: every transaction down there has ended. It is also where "from now on" begins. */
export async function horizon(scope: Pick<Scope, 'db'>): Promise<Position> {
  return { xid: (await one<{ xid: string }>(scope.db.pool, xmin))!.xid, id: '0' }
}

const count = statement('countEvents', `SELECT count(*)::int AS count FROM events WHERE ${wanted}`)
export async function countEvents(scope: Reader, by: EventsWanted): Promise<number> {
  return (await one<{ count: number }>(scope.db.pool, count, values(scope, by)))!.count
}
