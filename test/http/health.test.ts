import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
const at = (path: string): Promise<Response> => fetch(new URL(path, gateway.url))

beforeAll(async () => {
  gateway = await startGateway({ roles: ['api'] })
})
afterAll(() => gateway.stop())

test('alive and ready, and measured, without a token', async () => {
  expect((await at('/healthz')).status).toBe(200)
  expect(await (await at('/readyz')).json()).toEqual({ status: 'ready' })
  const metrics = await (await at('/metrics')).text()
  expect(metrics).toMatch(/^cartage_websockets 0$/m)
  expect(metrics).toMatch(/^process_cpu_seconds_total /m)
  expect(metrics).toMatch(/^cartage_ready 1$/m)
  expect(metrics).toMatch(/^cartage_build_info\{version="\d+\.\d+\.\d+",node="\d+\.\d+\.\d+",roles="api"\} 1$/m)
  expect(Number(/^cartage_database_bytes (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThan(1e6)
  expect(metrics).toMatch(/^cartage_database_connections_max 10$/m)
  // What the metrics themselves are read by is not among it.
  expect(metrics).toMatch(/^cartage_database_connections\{state="busy"\} 0$/m)
  expect(metrics).toMatch(/^cartage_database_waiting 0$/m)
})

test('alive but not ready while a migration is missing, in words', async () => {
  await gateway.db.pool.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%_init'`)
  const response = await at('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({ status: 'not ready', problems: [expect.stringMatching(/^migration \d+_init is not applied$/)] })
  expect((await at('/healthz')).status).toBe(200)
  await gateway.db.pool.query(`UPDATE _prisma_migrations SET finished_at = now() WHERE migration_name LIKE '%_init'`)
})

test('alive but not ready when the database has gone, and measured all the same', async () => {
  await gateway.database.drop()
  const response = await at('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({ status: 'not ready', problems: ['the database does not answer'] })
  expect((await at('/healthz')).status).toBe(200)
  const metrics = await (await at('/metrics')).text()
  expect(metrics).toMatch(/^cartage_ready 0$/m)
  expect(metrics).toMatch(/^process_cpu_seconds_total /m)
  expect(metrics).not.toMatch(/^(cartage_database_bytes|cartage_mails_waiting|cartage_connections\{)/m)
})
