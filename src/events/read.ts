import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import { oneOf } from '../db/list.ts'
import { named, one, type Queryable, rows, type Statement, statement } from '../db/sql.ts'
import { BadRequest } from '../kit/errors.ts'
import { COUNTED_TO } from '../kit/page.ts'
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

/** Whether one lies behind another in the log. */
export const isAfter = (one: Position, other: Position): boolean => BigInt(one.xid) > BigInt(other.xid) || (one.xid === other.xid && BigInt(one.id) > BigInt(other.id))

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

/** Every gateway's log is full of these: whoever asks for one meets it soon. The others have an index without these. */
const frequent: readonly EventType[] = ['IMPORT_STARTED', 'IMPORT_FINISHED', 'ORDER_IMPORTED', 'ORDER_SHIPPED', 'ORDER_CLOSED', 'TRACKING_ACCEPTED']
const isRare = `type NOT IN (${frequent.map((type) => `'${type}'`).join(', ')})`

interface Asked {
  /** Of the statement: what is asked for stands in it, and nothing else. */
  name: string
  where: string[]
  values: unknown[]
  /** What the index is by that serves best, and the parameter that has its parts; null where that is one alone, which `where` says, or nothing. */
  driver: { each: string; parts: string } | null
}

function ask(scope: Reader, { types, connectionIds, customerIds, orderId }: EventsWanted): Asked {
  const asked: Asked = { name: '', where: [], values: [], driver: null }
  let isDriven = false
  const add = (name: string, column: string, type: string, wanted: readonly string[] | null, driving = ''): void => {
    asked.values.push(wanted)
    const n = `$${asked.values.length}::${type}[]`
    if (wanted === null) return void asked.where.push(`${n} IS NULL`)
    const isOne = wanted.length === 1
    asked.name += isOne ? name : `${name}s`
    asked.where.push(`${oneOf(column, n, wanted)}${isOne ? driving : ''}`)
    if (!isDriven && !isOne) asked.driver = { each: `${column} = part${driving}`, parts: `SELECT DISTINCT unnest(${n})` }
    isDriven = true
  }
  const rare = types?.every((type) => !frequent.includes(type)) === true
  add('Tenant', 'customer_id', 'uuid', scope.tenant) // first in each statement, but it drives only where nothing narrower does
  const { driver: ofTenant } = asked
  asked.driver = null
  isDriven = false
  if (orderId !== null) add('Order', 'order_id', 'uuid', [orderId])
  if (rare) add('RareType', 'type', 'text', types, ` AND ${isRare}`)
  if (connectionIds !== null) add('Connection', 'connection_id', 'uuid', connectionIds)
  if (customerIds !== null) add('Customer', 'customer_id', 'uuid', customerIds)
  const driver = isDriven ? asked.driver : ofTenant
  if (types !== null && !rare) add('Type', 'type', 'text', types)
  return { ...asked, driver }
}

// In the order of (xid, id), and only below the horizon: every transaction down there has ended, so nothing can still appear
// behind the cursor. By id alone, a row may commit after one with a higher id was read, and be skipped. The cast in SELECT makes
// text of xid and id: ORDER BY must name the columns.
const columns = 'xid::text, id::text, type, occurred_at, customer_id, connection_id, order_id, job_run_id, import_failure_id, shipment_id, inventory_item_id, quantity, summary'
// Each index is in the order of the log within what it is by: what is asked for is merged from the heads of its parts.
function select({ name, driver }: Asked, what: { name: string; columns: string; where: readonly string[]; limit: number }): Statement {
  const oldest = `ORDER BY events.xid, events.id LIMIT ${what.limit}`
  const where = what.where.join(' AND ')
  return named(`${what.name}${name}${what.limit}`, driver === null
    ? `SELECT ${what.columns} FROM events WHERE ${where} ${oldest}`
    : `SELECT ${what.columns} FROM (${driver.parts}) AS parts (part) CROSS JOIN LATERAL (SELECT * FROM events WHERE ${driver.each} AND ${where} ${oldest}) AS events ${oldest}`)
}

export function eventsStatement(scope: Reader, by: EventsWanted, after: Position, before: Position, limit: number): Statement & { values: unknown[] } {
  const asked = ask(scope, by)
  const { length } = asked.values
  const where = [...asked.where, `(xid, id) > ($${length + 1}::xid8, $${length + 2}::bigint) AND (xid, id) < ($${length + 3}::xid8, $${length + 4}::bigint)`]
  return { ...select(asked, { name: 'readEvents', columns, where, limit }), values: [...asked.values, after.xid, after.id, before.xid, before.id] }
}

/** Events after a position and below a horizon, oldest first. */
export function readEvents(scope: Reader, by: EventsWanted, after: Position, before: Position, limit: number): Promise<EventRow[]> {
  const what = eventsStatement(scope, by, after, before, limit)
  return rows<EventRow>(scope.db.pool, what, what.values)
}

/** What `readEvents` asks of a row, for a row that is in memory. */
export function wants({ tenant }: Pick<Scope, 'tenant'>, { types, connectionIds, customerIds, orderId }: EventsWanted): (event: EventRow) => boolean {
  const among = (ids: readonly string[] | null): ReadonlySet<string> | null => (ids === null ? null : new Set(ids))
  const [ofTenant, ofTypes, ofConnections, ofCustomers] = [tenant, types, connectionIds, customerIds].map(among) as [ReadonlySet<string> | null, ReadonlySet<string> | null, ReadonlySet<string> | null, ReadonlySet<string> | null]
  return (event) =>
    (ofTenant?.has(event.customerId) ?? true) && (ofTypes?.has(event.type) ?? true) && (ofConnections?.has(event.connectionId) ?? true) &&
    (ofCustomers?.has(event.customerId) ?? true) && (orderId === null || event.orderId === orderId)
}

// One statement has one snapshot: what is below its own horizon has all ended, and shows. Whether there is more, its last event tells: of "is there
// any at or above", which mostly finds none, PostgreSQL thinks that every third row would do, and reads the whole log to find that none does.
const fresh = statement(
  'readNewEvents',
  `WITH edge AS MATERIALIZED (
     SELECT horizon, coalesce((SELECT xid FROM events ORDER BY events.xid DESC, events.id DESC LIMIT 1) >= horizon, false) AS held
     FROM pg_snapshot_xmin(pg_current_snapshot()) AS horizon
   )
   SELECT held, event.xid::text, event.id::text, type, occurred_at, customer_id, connection_id, order_id, job_run_id, import_failure_id, shipment_id, inventory_item_id, quantity, summary
   FROM edge LEFT JOIN LATERAL (
     SELECT * FROM events WHERE (xid, id) > ($1::xid8, $2::bigint) AND xid < edge.horizon ORDER BY xid, id LIMIT $3
   ) AS event ON true
   ORDER BY event.xid, event.id`,
)

export interface NewEvents {
  /** Everyone's, oldest first, below the horizon. */
  events: EventRow[]
  /** There are more, which an older transaction still holds back. */
  held: boolean
}

/** What the log has after a position by now. */
export async function readNewEvents(on: Queryable, after: Position, limit: number): Promise<NewEvents> {
  const found = await rows<EventRow & { held: boolean }>(on, fresh, [after.xid, after.id, limit])
  const [first] = found
  return { events: first!.id === null ? [] : found, held: first!.held }
}

const byNumber = statement('eventsByNumber', `SELECT ${columns} FROM events WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::bigint[])`)
/** Events by the numbers that they bear in the log. */
export const eventByNumber = defineLoader<EventRow>('eventByNumber', async (scope, numbers) => byKey(await rows<EventRow>(scope.db.pool, byNumber, [scope.tenant, numbers]), ({ id }) => id))

const xmin = statement('eventHorizon', 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid')
/**
 * No event can appear before it any more: every transaction down there has ended. For now: after a crash of the server the ids of
 * transactions that were undone a moment before are given out again, so it is never kept or handed out as a place.
 */
export async function horizon(scope: Pick<Scope, 'db'>): Promise<Position> {
  return { xid: (await one<{ xid: string }>(scope.db.pool, xmin))!.xid, id: '0' }
}

const waited = statement(
  'oldestWaitingEvent',
  'SELECT extract(epoch FROM now() - occurred_at)::float8 AS seconds FROM events WHERE (xid, id) > ($1::xid8, $2::bigint) ORDER BY xid, id LIMIT 1',
)
/** For how long the event after a position has been there, in seconds; 0 where there is none. */
export const waitedSince = async (on: Queryable, after: Position): Promise<number> => (await one<{ seconds: number }>(on, waited, [after.xid, after.id]))?.seconds ?? 0
const lastEvent = statement(
  'lastEvent', 'SELECT xid::text, id::text FROM events WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY events.xid DESC, events.id DESC LIMIT 1',
)
/** Where the log ends, and "from now on" begins: its last event below the horizon, which no crash undoes. */
export async function endOfEvents({ db }: Pick<Scope, 'db'>): Promise<Position> {
  return (await one<Position>(db.pool, lastEvent)) ?? BEGINNING
}

export function eventsCountStatement(scope: Reader, by: EventsWanted, limit = COUNTED_TO): Statement & { values: unknown[] } {
  const asked = ask(scope, by)
  const { name, text } = select(asked, { name: 'countEvents', columns: 'events.id', where: asked.where, limit })
  return { name, text: `SELECT count(*)::int AS count FROM (${text}) AS counted`, values: asked.values }
}
/** Up to COUNTED_TO. */
export async function countEvents(scope: Reader, by: EventsWanted): Promise<number> {
  const what = eventsCountStatement(scope, by)
  return (await one<{ count: number }>(scope.db.pool, what, what.values))!.count
}
