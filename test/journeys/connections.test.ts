import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deriveCadences } from '../../src/connections/cadences.store.ts'
import { transaction } from '../../src/db/transaction.ts'
import { toId } from '../../src/kit/ids.ts'
import {
  CancelOrdersDocument, HoldOrdersDocument, JobRunsDocument, MapSkusDocument, NodeByIdDocument, NodesDocument, PauseConnectionDocument, ReleaseOrdersDocument, ResumeConnectionDocument,
  RunJobNowDocument, ShipAndCloseDocument, UpdateSettingsDocument,
} from '../generated/graphql.ts'
import { type Merchant, routing, type Stage, startStage, typesOf, until } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

const codes = (payload: { userErrors: { code: string }[] }): string[] => payload.userErrors.map(({ code }) => code)
const pause = async ({ connectionId }: Merchant) => (await stage.graphql(PauseConnectionDocument, { input: { connectionId, reason: 'stock-taking' } })).pauseConnection
const resume = async ({ connectionId }: Merchant) => (await stage.graphql(ResumeConnectionDocument, { input: { connectionId } })).resumeConnection
const runNow = async ({ connectionId }: Merchant) => (await stage.graphql(RunJobNowDocument, { input: { connectionId, kind: 'IMPORT_ORDERS' } })).runJobNow
const configure = async ({ connectionId }: Merchant, change: Record<string, unknown>) => (await stage.graphql(UpdateSettingsDocument, { input: { connectionId, ...change } })).updateConnectionSettings
const actions = (of: { supportedActions: { action: string; allowed: boolean }[] }): Record<string, boolean> => Object.fromEntries(of.supportedActions.map(({ action, allowed }) => [action, allowed]))

test.concurrent('a revoked authorization stops the connection and tells; resumed, it works again', async () => {
  const merchant = await stage.merchant()
  await stage.buy(merchant, { count: 2 })
  const { id } = await stage.simulator.control<{ id: string }>('faults', 'POST', { operation: '*', sellerId: merchant.sellerId, kind: 'revoked' })
  expect(await stage.run(merchant, 'IMPORT_ORDERS')).toMatchObject({ status: 'FAILED', errorCode: 'UNAUTHORIZED' })
  const stopped = await stage.connection(merchant)
  expect(stopped).toMatchObject({ status: 'NEEDS_ATTENTION', statusReason: expect.stringContaining('authorization'), health: { nextOrderImportAt: null } })
  expect(typesOf(await stage.told(merchant)).sort()).toEqual(['CONNECTION_CHANGED', 'CONNECTION_NEEDS_ATTENTION', 'IMPORT_FAILED', 'IMPORT_STARTED'])
  expect(codes(await runNow(merchant))).toEqual(['CONNECTION_NOT_READY'])
  await stage.simulator.control(`faults/${id}`, 'DELETE')
  expect(await resume(merchant)).toMatchObject({ connection: { status: 'LIVE' }, userErrors: [] })
  // Resumed cadences fall due by themselves.
  const done = await until(async () => {
    const run = (await stage.connection(merchant)).health.lastOrderImport
    return run?.status === 'SUCCEEDED' ? run : null
  })
  // The sweep was resumed as well, and may have been the quicker one.
  expect(done).toMatchObject({ found: 2, trigger: 'CADENCE' })
  expect(typesOf(await stage.told(merchant)).filter((type) => type === 'ORDER_IMPORTED')).toHaveLength(2)
})

test.concurrent('paused: nothing runs until it is resumed', async () => {
  const merchant = await stage.merchant()
  await stage.buy(merchant)
  expect(await pause(merchant)).toMatchObject({ connection: { status: 'PAUSED' }, userErrors: [] })
  expect(codes(await pause(merchant))).toEqual(['NOT_ALLOWED'])
  expect(codes(await runNow(merchant))).toEqual(['CONNECTION_NOT_READY'])
  await stage.db.pool.query(`UPDATE cadences SET next_run_at = now() WHERE connection_id = $1`, [merchant.uuid])
  await new Promise((resolve) => setTimeout(resolve, 2500)) // two ticks
  expect((await stage.graphql(JobRunsDocument, { filter: { connectionIds: [merchant.connectionId] } })).jobRuns.totalCount).toBe(0)
  expect(await resume(merchant)).toMatchObject({ connection: { status: 'LIVE' } })
  await until(async () => (await stage.connection(merchant)).health.lastOrderImport?.found === 1)
})

test.concurrent('asked for twice before it begins, it is one run; a cadence that is turned off does not run', async () => {
  const merchant = await stage.merchant()
  const asked = await Promise.all([runNow(merchant), runNow(merchant), runNow(merchant)])
  const ids = [...new Set(asked.map((one) => one.jobRun!.id))]
  for (const id of ids) expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED', trigger: 'MANUAL' })
  // A tick may have come in between, but no more than that.
  expect(ids.length).toBeLessThanOrEqual(2)
  expect((await stage.graphql(JobRunsDocument, { filter: { connectionIds: [merchant.connectionId] } })).jobRuns.totalCount).toBe(ids.length)
  expect(codes(await configure(merchant, { importOrders: false }))).toEqual([])
  expect(await runNow(merchant)).toMatchObject({ jobRun: null, userErrors: [{ code: 'CONNECTION_NOT_READY', field: ['kind'] }] })
})

test.concurrent('settings: what changes is told once, what does not is not, and a stale version is refused', async () => {
  const merchant = await stage.merchant()
  const before = await stage.connection(merchant)
  expect(before.settings.orderImportMinutes).toBe(15)
  const changed = await configure(merchant, { orderImportMinutes: 20, inventoryBuffer: 3, expectedVersion: before.version })
  expect(changed).toMatchObject({ userErrors: [], connection: { version: before.version + 1, settings: { orderImportMinutes: 20, inventoryBuffer: 3 } } })
  expect(await configure(merchant, { orderImportMinutes: 20 })).toMatchObject({ connection: { version: before.version + 1 } })
  expect(await configure(merchant, { orderImportMinutes: 30, expectedVersion: before.version })).toMatchObject({ connection: null, userErrors: [{ code: 'VERSION_CONFLICT', field: ['expectedVersion'] }] })
  expect((await stage.connection(merchant)).settings.orderImportMinutes).toBe(20)
  expect(typesOf(await stage.told(merchant))).toEqual(['CONNECTION_CHANGED'])
  expect(Date.parse((await stage.connection(merchant)).health.nextOrderImportAt!) - Date.now()).toBeLessThan(21 * 60_000)
})

test.concurrent("what a connection's supportedActions say is what its mutations then do", async () => {
  const merchant = await stage.merchant()
  const attempts: Record<string, () => Promise<string[]>> = {
    runJobNow: async () => codes(await runNow(merchant)),
    updateSettings: async () => codes(await configure(merchant, { inventoryBuffer: 1 })),
    mapSkus: async () => codes((await stage.graphql(MapSkusDocument, { input: { connectionId: merchant.connectionId, mappings: [{ sellerSku: 'X', warehouseSku: 'X' }] } })).mapSkus),
    pause: async () => codes(await pause(merchant)),
    resume: async () => codes(await resume(merchant)),
  }
  for (const status of ['ONBOARDING', 'LIVE', 'PAUSED', 'NEEDS_ATTENTION', 'DISCONNECTED']) {
    for (const [action, attempt] of Object.entries(attempts)) {
      await transaction(stage.db.pool, async (tx) => {
        await tx.query('UPDATE connections SET status = $2::connection_status WHERE id = $1', [merchant.uuid, status])
        await deriveCadences(tx, [merchant.uuid])
      })
      const allowed = actions(await stage.connection(merchant))[action]
      expect([status, action, (await attempt()).length === 0]).toEqual([status, action, allowed])
    }
  }
})

test.concurrent("what an order's supportedActions say is what its mutations then do", async () => {
  const merchant = await stage.merchant()
  const states: Record<string, (id: string) => Promise<unknown>> = {
    open: async () => null,
    held: (id) => stage.graphql(HoldOrdersDocument, { input: { orderIds: [id], reason: 'STOCK' } }),
    cancelRequested: (id) => stage.db.pool.query('UPDATE orders SET cancel_requested = true WHERE number = (SELECT number FROM orders WHERE id = $1)', [uuids.get(id)]),
    closed: (id) => stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), routing, orders: [{ orderId: id }] } }),
    cancelled: (id) => stage.graphql(CancelOrdersDocument, { input: { orderIds: [id], reason: 'gone' } }),
  }
  const attempts: Record<string, (id: string) => Promise<string[]>> = {
    shipAndClose: async (id) => (await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), routing, orders: [{ orderId: id }] } })).shipAndClose.results.flatMap(codes),
    hold: async (id) => codes((await stage.graphql(HoldOrdersDocument, { input: { orderIds: [id], reason: 'OTHER' } })).holdOrders),
    // Without a hold it is a step without effect: nothing is refused, and nothing changes.
    release: async (id) => {
      const { releaseOrders } = await stage.graphql(ReleaseOrdersDocument, { input: { orderIds: [id] } })
      return codes(releaseOrders)
    },
    cancel: async (id) => codes((await stage.graphql(CancelOrdersDocument, { input: { orderIds: [id], reason: 'test' } })).cancelOrders),
  }
  const sold = await stage.buy(merchant, { count: Object.keys(states).length * Object.keys(attempts).length })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const uuids = new Map<string, string>()
  for (const { rows: [row] } of await Promise.all(sold.map(({ orderId }) => stage.db.pool.query<{ id: string }>('SELECT id FROM orders WHERE number = $1', [orderId])))) uuids.set(toId('Order', row!.id), row!.id)
  const numbers = sold.map(({ orderId }) => orderId)
  for (const [state, enter] of Object.entries(states)) {
    for (const [action, attempt] of Object.entries(attempts)) {
      const number = numbers.pop()!
      const { id } = await stage.order(merchant, number)
      await enter(id)
      const before = await stage.order(merchant, number)
      const allowed = actions(before)[action]
      const refused = (await attempt(id)).length > 0
      if (action === 'release' && !refused && allowed === false) expect((await stage.order(merchant, number)).version).toBe(before.version)
      else expect([state, action, !refused]).toEqual([state, action, allowed])
    }
  }
})

test('node and nodes find each type by its id, null where there is none, and refuse what is no id', async () => {
  const merchant = await stage.merchant({ unmapped: ['GHOST'], chargeRules: [{ code: 'HANDLING', amount: '1', basis: 'ORDER' }] })
  const [sold] = await stage.buy(merchant)
  await stage.buy(merchant, { items: [{ sellerSku: 'GHOST', quantity: 1 }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const { id: orderId } = await stage.order(merchant, sold!.orderId)
  await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), routing, orders: [{ orderId }] } })
  const tables = {
    Customer: 'customers', Warehouse: 'warehouses', ChargeRule: 'charge_rules', Connection: 'connections', Order: 'orders', Charge: 'charges', Shipment: 'shipments',
    InventoryItem: 'inventory_items', InventoryMovement: 'inventory_movements', SkuMapping: 'sku_mappings', ImportFailure: 'import_failures', JobRun: 'job_runs',
  } as const
  const types = Object.keys(tables) as (keyof typeof tables)[]
  const ids = await Promise.all(types.map(async (type) => toId(type, (await stage.db.pool.query<{ id: string }>(`SELECT id FROM ${tables[type]} ORDER BY id DESC LIMIT 1`)).rows[0]!.id)))
  const { nodes } = await stage.graphql(NodesDocument, { ids })
  expect(nodes).toEqual(types.map((type, index) => ({ __typename: type, id: ids[index] })))
  for (const [index, id] of ids.entries()) expect((await stage.graphql(NodeByIdDocument, { id })).node).toEqual({ __typename: types[index], id })
  expect((await stage.graphql(NodeByIdDocument, { id: toId('Order', randomUUID()) })).node).toBeNull()
  await expect(stage.graphql(NodeByIdDocument, { id: 'ord_1' })).rejects.toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', field: ['id'] } }] })
})
