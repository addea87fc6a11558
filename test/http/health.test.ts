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
})

test('alive but not ready while a migration is missing, in words', async () => {
  await gateway.db.pool.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%_init'`)
  const response = await at('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({ status: 'not ready', problems: [expect.stringMatching(/^migration \d+_init is not applied$/)] })
  expect((await at('/healthz')).status).toBe(200)
  await gateway.db.pool.query(`UPDATE _prisma_migrations SET finished_at = now() WHERE migration_name LIKE '%_init'`)
})

test('alive but not ready when the database has gone', async () => {
  await gateway.database.drop()
  const response = await at('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({ status: 'not ready', problems: ['the database does not answer'] })
  expect((await at('/healthz')).status).toBe(200)
})
