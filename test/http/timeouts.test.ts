// Queries that wait in PostgreSQL: behind a lock that another transaction holds.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { soon } from '../support/soon.ts'
import { startPlanted } from './planted.ts'
import { open } from './raw-socket.ts'

const POOL = 4

let gateway: Gateway
/** The same, where a query has all the time it wants: what ends there was not too late. */
let patient: Gateway
let other: pg.Client
let watcher: pg.Client
beforeAll(async () => {
  gateway = await startGateway({ roles: ['api'], config: { requestTimeoutSeconds: 1, databasePoolSize: POOL } })
  patient = await startGateway({ roles: ['api'], database: gateway.database })
  other = new pg.Client(gateway.database.config as pg.ClientConfig)
  watcher = new pg.Client(gateway.database.config as pg.ClientConfig) // in a transaction, pg_stat_activity stays as it was first read
  await Promise.all([other.connect(), watcher.connect()])
})
afterAll(async () => {
  await Promise.all([other.end(), watcher.end()])
  await patient.stop()
  await gateway.stop()
})

const locking = async <T>(table: string, work: () => Promise<T>): Promise<T> => {
  await other.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
  try {
    return await work()
  } finally {
    await other.query('ROLLBACK')
  }
}
/** Statements that run or wait in this database, our own aside. */
const active = async (): Promise<string[]> => {
  const { rows } = await watcher.query(`SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()`)
  return rows.map((row) => row.query as string)
}
const post = (query: string, init: RequestInit = {}, at = gateway): Promise<Response> =>
  fetch(at.url, { method: 'POST', headers: { authorization: `Bearer ${at.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query }), ...init })
const served = async (): Promise<unknown> => (await post('{ orders { totalCount } }')).json()

test('a query that takes too long is told so, and waits in PostgreSQL no longer', async () => {
  await locking('orders', async () => {
    const startedAt = performance.now()
    const response = await post('{ orders { nodes { id } } shipments { nodes { id } } }')
    expect(response.status).toBe(504)
    expect(await response.json()).toEqual({
      errors: [{ message: 'The query took longer than 1 s and was ended', extensions: { code: 'TIMEOUT', requestId: response.headers.get('x-request-id') } }],
      extensions: { cost: expect.any(Object) },
    })
    expect(performance.now() - startedAt).toBeGreaterThan(990)
    await soon(async () => expect(await active()).toEqual([]))
  })
  expect(await served()).toMatchObject({ data: { orders: { totalCount: 0 } } })
})

test('more of them than there are connections: all are told, also those that waited for a connection, and all connections serve again', async () => {
  await locking('orders', async () => {
    const statuses = await Promise.all(Array.from({ length: 3 * POOL }, async () => (await post('{ orders { nodes { id } } }')).status))
    expect(statuses).toEqual(statuses.map(() => 504))
    await soon(async () => expect(await active()).toEqual([]))
  })
  expect(await Promise.all(Array.from({ length: 3 * POOL }, served))).toMatchObject(Array.from({ length: 3 * POOL }, () => ({ data: {} })))
})

test('what a client that has gone asked for is cancelled', async () => {
  await locking('orders', async () => {
    const leaving = new AbortController()
    const asked = post('{ orders { nodes { id } } }', { signal: leaving.signal }, patient).catch((error: Error) => error.name)
    await soon(async () => expect(await active()).toHaveLength(1))
    leaving.abort()
    expect(await asked).toBe('AbortError')
    await soon(async () => expect(await active()).toEqual([]))
  })
})

test('over WebSocket as well: too long, completed by its client on a socket that stays, and cut', async () => {
  const query = '{ orders { nodes { id } } }'
  await locking('orders', async () => {
    const late = createClient({ url: gateway.wsUrl, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${gateway.token}` }, retryAttempts: 0 })
    const { value } = await late.iterate({ query }).next()
    expect(value.errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }])
    await late.dispose()
    const staying = await open({ url: new URL(patient.url).origin, token: patient.token })
    for (const leave of [() => staying.send({ type: 'complete', id: '1' }), () => staying.socket.terminate()]) {
      staying.subscribe('1', query)
      await soon(async () => expect(await active()).toHaveLength(1))
      leave()
      await soon(async () => expect(await active()).toEqual([]))
      expect(staying.of('1')).toEqual([])
    }
  })
})

test('a mutation runs to its end, however long it takes', async () => {
  const mutation = 'mutation { createCustomer(input: { name: "Slow" }) { customer { name } userErrors { code } } }'
  const asked = await locking('customers', async () => {
    const response = post(mutation)
    await sleep(1500)
    expect(await active()).toHaveLength(1)
    return { response }
  })
  expect(await (await asked.response).json()).toMatchObject({ data: { createCustomer: { customer: { name: 'Slow' }, userErrors: [] } } })
})

test('what waits for something else than the database is answered all the same', async () => {
  const planted = await startPlanted({ requestTimeoutSeconds: 1 })
  const { status, body } = await planted.post({ query: '{ slow(ms: 3000) }' })
  expect([status, body]).toMatchObject([504, { errors: [{ extensions: { code: 'TIMEOUT' } }] }])
  expect(await planted.metrics.registry.getSingleMetricAsString('cartage_errors_total')).toMatch(/\{code="TIMEOUT"\} 1$/m)
  await planted.stop()
})

test('no statement of another request is hit, in whichever moment a query is ended', async () => {
  const leaving = Array.from({ length: 60 }, async (_, n) => {
    const controller = new AbortController()
    const asked = post('{ orders { nodes { id } totalCount } shipments { nodes { id } totalCount } jobRuns { totalCount } }', { signal: controller.signal }).catch(() => null)
    await sleep(n % 12)
    controller.abort()
    return asked
  })
  const others = await Promise.all(Array.from({ length: 60 }, served))
  expect(others).toMatchObject(others.map(() => ({ data: { orders: { totalCount: 0 } } })))
  await Promise.all(leaving)
  expect(gateway.logged.filter((line) => line['level'] === 50)).toEqual([])
})
