import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepHistories } from '../../src/app/keep-histories.ts'
import type { RetentionConfig } from '../../src/config/config.ts'
import { verify } from '../../src/app/verify.ts'
import { EventsDocument, FollowEventsDocument } from '../generated/graphql.ts'
import { type Merchant, type Stage, startStage, typesOf } from '../journeys/stage.ts'

const forEver: RetentionConfig = { jobRunDays: null, eventLogDays: null, auditLogDays: null }
let stage: Stage
let merchant: Merchant
let longAgo: string
let recent: string
beforeAll(async () => {
  stage = await startStage()
  merchant = await stage.merchant()
  await stage.buy(merchant, { count: 3 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  await stage.run(merchant, 'SEND_TRACKING')
  await stage.run(merchant, 'IMPORT_ORDERS')
  const told = await stage.told(merchant)
  longAgo = told[0]!.cursor
  await age('events', 'occurred_at', 400)
  await age('orders', 'imported_at', 400)
  await stage.db.pool.query(`UPDATE job_runs SET started_at = started_at - interval '400 days', finished_at = finished_at - interval '400 days'`)
  await stage.buy(merchant, { count: 2 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  recent = (await stage.told(merchant)).find(({ cursor, type }) => type === 'IMPORT_STARTED' && cursor > longAgo && told.every((one) => one.cursor !== cursor))!.cursor
})
afterAll(() => stage.stop())

const age = (table: string, column: string, days: number) => stage.db.pool.query(`UPDATE ${table} SET ${column} = ${column} - $1 * interval '1 day'`, [days])
const keep = (some: Partial<RetentionConfig>) => keepHistories(stage.db, { ...forEver, ...some }, new Date())
const types = async () => typesOf(await stage.told(merchant))
const runs = async () => (await stage.db.pool.query<{ kind: string; old: boolean }>(`SELECT kind, started_at < now() - interval '1 year' AS old FROM job_runs ORDER BY kind, old`)).rows.map(({ kind, old }) => `${kind}${old ? ' of old' : ''}`)
const broken = async () => (await verify(stage.db, stage.key)).filter(({ count }) => count > 0)
const ask = (after: string) => stage.graphql(EventsDocument, { filter: { connectionIds: [merchant.connectionId] }, first: 100, after })

test('unless told otherwise, nothing is let go', async () => {
  const before = await types()
  await keep({})
  expect(await types()).toEqual(before)
  expect(await runs()).toEqual(['IMPORT_ORDERS', 'IMPORT_ORDERS of old', 'IMPORT_ORDERS of old', 'SEND_TRACKING of old'])
})

test('what a reader has still to come to stays, and so do the runs that it is told of', async () => {
  const before = await types()
  const { rows: [place] } = await stage.db.pool.query<{ name: string; xid: string; id: string }>(`SELECT name, xid::text, id::text FROM event_readers ORDER BY name LIMIT 1`)
  const move = (xid: string, id: string) => stage.db.pool.query('UPDATE event_readers SET xid = $2::xid8, id = $3::bigint WHERE name = $1', [place!.name, xid, id])
  await move('0', '0')
  await keep({ jobRunDays: 90, eventLogDays: 90 })
  expect(await types()).toEqual(before)
  expect(await runs()).toHaveLength(4)
  await move(place!.xid, place!.id)
})

test('runs go with the events that tell of them alone; the last of each kind stays, and cursors from before stay good', async () => {
  await keep({ jobRunDays: 90 })
  expect(await runs()).toEqual(['IMPORT_ORDERS', 'SEND_TRACKING of old'])
  expect(await types()).toEqual(['ORDER_IMPORTED', 'ORDER_IMPORTED', 'ORDER_IMPORTED', 'IMPORT_STARTED', 'ORDER_IMPORTED', 'ORDER_IMPORTED', 'IMPORT_FINISHED'])
  expect(typesOf((await ask(longAgo)).events.nodes)).toEqual(await types())
  expect(await broken()).toEqual([])
})

test('what the log has let go nobody misses without knowing it: a cursor from there has expired, by every way', async () => {
  await keep({ eventLogDays: 90 })
  expect(await types()).toEqual(['IMPORT_STARTED', 'ORDER_IMPORTED', 'ORDER_IMPORTED', 'IMPORT_FINISHED'])
  await expect(ask(longAgo)).rejects.toMatchObject({ errors: [{ extensions: { code: 'CURSOR_EXPIRED', field: ['after'] } }] })
  await expect(stage.subscribe(FollowEventsDocument, { filter: {}, after: longAgo }).next()).rejects.toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }])
  const { value } = await stage.subscribe(FollowEventsDocument, { filter: { connectionIds: [merchant.connectionId] }, after: recent }).next()
  expect(value!.events.type).toBe('ORDER_IMPORTED')
  expect(await broken()).toEqual([])
})

test('a year of the audit log stays, whoever would remove it; what is older goes where that is configured', async () => {
  const count = async () => (await stage.db.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM audit_entries')).rows[0]!.count
  await stage.db.pool.query(`INSERT INTO audit_entries (at, actor_id, actor_name, action, change, record) VALUES (now() - interval '800 days', 'a', 'A', 'x', 'CHANGED', 'Order'), (now() - interval '500 days', 'a', 'A', 'x', 'CHANGED', 'Order')`)
  const before = await count()
  expect(before).toBeGreaterThan(2)
  await expect(stage.db.pool.query(`DELETE FROM audit_entries`)).rejects.toThrow('only ever appended to')
  await keep({ auditLogDays: 730 })
  expect(await count()).toBe(before - 1)
  await expect(stage.db.pool.query(`UPDATE audit_entries SET actor_name = 'B' WHERE at < now() - interval '1 year'`)).rejects.toThrow('only ever appended to')
})
