// Behind a pooler that lends its connections by the transaction (PgBouncer), with two of them for the whole gateway.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HoldOrdersDocument, FollowEventsDocument, ShipAndCloseDocument } from '../generated/graphql.ts'
import { type Merchant, routing, type Stage, startStage } from '../journeys/stage.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { hasPooler, type Pooler, preparesStatements, startPooler } from '../support/pooler.ts'
import { soon } from '../support/soon.ts'

describe.skipIf(!hasPooler)('behind PgBouncer', () => {
  let database: TestDatabase
  let pooler: Pooler
  let stage: Stage
  let merchant: Merchant
  let direct: pg.Client
  beforeAll(async () => {
    database = await createDatabase()
    pooler = await startPooler(database)
    stage = await startStage({ database, config: { databaseUrl: pooler.url, databaseDirectUrl: database.url, preparedStatements: preparesStatements, requestTimeoutSeconds: 2 } })
    merchant = await stage.merchant()
    direct = new pg.Client(database.config as pg.ClientConfig)
    await direct.connect()
  })
  afterAll(async () => {
    await direct?.end()
    await stage?.stop()
    await pooler?.stop()
    await database?.drop()
  })

  test('orders are imported, found, held and shipped by many at once, and whoever did it is in the audit log', async () => {
    const sold = await stage.buy(merchant, { count: 12 })
    expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', imported: 12 })
    const ids = await Promise.all(sold.map(async ({ orderId }) => (await stage.order(merchant, orderId)).id))
    await Promise.all(ids.slice(0, 6).map((id) => stage.graphql(HoldOrdersDocument, { input: { orderIds: [id], reason: 'OPERATOR' } })))
    const { shipAndClose } = await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), routing, orders: ids.slice(6).map((orderId) => ({ orderId })) } })
    expect(shipAndClose.closed).toBe(6)
    const { rows } = await direct.query(`SELECT actor_name, action, count(DISTINCT subject_id)::int AS orders FROM audit_entries WHERE subject_type = 'Order' GROUP BY 1, 2 ORDER BY 2`)
    expect(rows).toEqual([{ actor_name: 'test', action: 'holdOrders', orders: 6 }, { actor_name: 'test', action: 'shipAndClose', orders: 6 }])
    // All of it over the two.
    const { rows: linked } = await direct.query(`SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'cartage' AND query NOT LIKE 'LISTEN%'`)
    expect(linked[0].count).toBeLessThanOrEqual(2)
  })

  test('events are told at once: whoever listens does so past the pooler', async () => {
    const following = stage.subscribe(FollowEventsDocument, { filter: { connectionIds: [merchant.connectionId] } })
    const first = following.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    // What others wrote on this server a while ago may hold back what happened before, and is told first.
    const heard: string[] = []
    const [sold] = await stage.buy(merchant)
    await stage.run(merchant, 'IMPORT_ORDERS')
    for (let { value } = await first; ; { value } = await following.next()) {
      heard.push(value!.events.type)
      if (value!.events.summary.includes(sold!.orderId)) break
    }
    expect(heard).toContain('IMPORT_STARTED')
    await following.return()
  })

  test('a query that takes too long is cancelled in PostgreSQL, and nothing of others', async () => {
    await direct.query('BEGIN; LOCK TABLE shipments IN ACCESS EXCLUSIVE MODE')
    const late = stage.graphql('{ shipments { nodes { id } } }')
    const others = (async () => {
      for (let n = 0; n < 40; n++) await stage.graphql('{ warehouses { id } }')
    })()
    await expect(late).rejects.toMatchObject({ status: 504, errors: [{ extensions: { code: 'TIMEOUT' } }] })
    await others
    await soon(async () => {
      const { rows } = await direct.query(`SELECT query FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()`)
      expect(rows).toEqual([])
    })
    await direct.query('ROLLBACK')
    expect(await stage.graphql('{ shipments { totalCount } }')).toMatchObject({ shipments: { totalCount: 6 } })
  })
})
