// A worker of its own, as who runs it sees it.
import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import { startStage } from './stage.ts'

test('a worker that serves no API tells its health, its runs, and every call with the budget that it was taken from', async ({ onTestFinished }) => {
  const stage = await startStage({ roles: ['api', 'simulator'] })
  const worker = await startGateway({ roles: ['worker'], database: stage.database, simulator: stage.simulator.url, config: { encryptionKeys: stage.key } })
  onTestFinished(async () => {
    await worker.stop()
    await stage.stop()
  })
  const { health } = worker.running.urls
  expect(worker.running.urls.api).toBeUndefined()
  expect(stage.running.urls.health).toBeUndefined()
  const at = (path: string): Promise<Response> => fetch(new URL(path, health))
  expect((await at('/healthz')).status).toBe(200)
  expect(await (await at('/readyz')).json()).toEqual({ status: 'ready' })
  for (const path of ['/graphql', '/graphiql', '/authorize/amazon/callback']) expect((await at(path)).status).toBe(404)

  const merchant = await stage.merchant({ quotas: { searchOrders: { rate: 0.0056, burst: 20 } } })
  await stage.buy(merchant)
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED', imported: 1 })
  const metrics = await (await at('/metrics')).text()
  expect(metrics).toMatch(/^cartage_marketplace_calls_total\{channel="amazon",operation="searchOrders",outcome="200"\} 1$/m)
  expect(metrics).toMatch(/^cartage_marketplace_call_seconds_count\{channel="amazon",operation="searchOrders"\} 1$/m)
  expect(metrics).toMatch(/^cartage_marketplace_wait_seconds_count\{channel="amazon",operation="searchOrders"\} 1$/m)
  expect(metrics).toMatch(/^cartage_marketplace_calls_left\{operation="searchOrders"\} 18$/m)
  expect(metrics).toMatch(/^cartage_job_run_seconds_count\{kind="IMPORT_ORDERS",outcome="SUCCEEDED"\} 1$/m)
  expect(metrics).toMatch(/^cartage_orders_total\{outcome="imported"\} 1$/m)
  expect(metrics).toMatch(new RegExp(`^cartage_import_lag_seconds\\{connection="${merchant.uuid}"\\} `, 'm'))
  // It went the other way: nothing of it is the API's.
  expect(await (await fetch(new URL('/metrics', stage.url))).text()).not.toMatch(/cartage_marketplace_calls_total\{/)

  await stage.db.pool.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%_init'`)
  expect((await at('/readyz')).status).toBe(503)
  expect((await at('/healthz')).status).toBe(200)
}, 60_000)
