import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createChannels } from '../../src/app/channels.ts'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { mapSkus } from '../../src/connections/map-skus.ts'
import { receiveInventory } from '../../src/inventory/receive-inventory.ts'
import { syncInventory } from '../../src/inventory/sync-inventory.ts'
import { type Claim, claimDue } from '../../src/jobs/cadences.ts'
import { toId } from '../../src/kit/ids.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { writeCredentials } from '../../src/marketplaces/amazon/credentials.ts'
import { type Simulator, startSimulator } from '../../src/marketplaces/amazon/simulator/server.ts'
import type { Channel, ChannelAccount, ChannelError } from '../../src/marketplaces/channel.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createStage, type Stage, US } from '../connections/stage.ts'

interface Seller { sellerId: string; credentials: { refreshToken: string }; listings: { sellerSku: string; quantity: number }[] }

describe('the inventory sync', () => {
  let stage: Stage
  let simulator: Simulator
  let channel: Channel
  let warehouseId: string
  let connection: ConnectionRow
  let account: ChannelAccount
  let claim: Claim
  beforeAll(async () => {
    stage = await createStage()
    simulator = await startSimulator({ host: '127.0.0.1', port: 0, buying: null })
    const amazon = { app: null, tokenUrl: '', endpoints: { NORTH_AMERICA: '', EUROPE: '', FAR_EAST: '' }, simulatorUrl: null, developerName: '3PL Central' }
    channel = createChannels(amazon, simulator.url, { clock: systemClock, log: createLog('silent'), metrics: new Metrics() }).get('amazon')
    warehouseId = (await stage.warehouse()).id
  })
  afterAll(async () => {
    await simulator.stop()
    await stage.close()
  })
  beforeEach(async () => {
    const skus = ['CUP', 'SIX-CUPS', 'LAMP'].map((sellerSku) => ({ sellerSku, quantity: 1 }))
    const { seller } = await control<{ seller: Seller }>('POST', '/sellers', { marketplaces: [US], skus, quotas: 'unlimited' })
    connection = await stage.connection({ warehouseId, merchantId: seller.sellerId, inventorySync: true }, { firstRunNow: true })
    account = { connectionId: connection.id, marketplaceId: US, merchantId: seller.sellerId, credentials: writeCredentials(seller.credentials) }
    await map([{ sellerSku: 'CUP', warehouseSku: 'CUP' }, { sellerSku: 'LAMP', warehouseSku: 'LAMP' }, { sellerSku: 'SIX-CUPS', warehouseSku: 'CUP', unitsPerItem: 6 }])
    await receive([{ sku: 'CUP', quantity: 20 }])
    claim = (await claimDue(stage.scope.db.pool, 'SYNC_INVENTORY', 10)).find(({ connectionId }) => connectionId === connection.id)!
  })

  async function control<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${simulator.url}/_simulator${path}`, { method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return (await response.json()) as T
  }
  async function map(mappings: { sellerSku: string; warehouseSku: string; unitsPerItem?: number }[]): Promise<void> {
    expect(await mapSkus(stage.scope, { connectionId: toId('Connection', connection.id), mappings })).not.toHaveProperty('refusals')
  }
  async function receive(items: { sku: string; quantity: number }[]): Promise<void> {
    const ids = { customerId: toId('Customer', connection.customerId), warehouseId: toId('Warehouse', warehouseId) }
    expect(await receiveInventory(stage.scope, { ...ids, items })).not.toHaveProperty('refusals')
  }
  async function offered(): Promise<Record<string, number>> {
    const { sellers } = await control<{ sellers: Seller[] }>('GET', '/sellers')
    const { listings } = sellers.find(({ sellerId }) => sellerId === account.merchantId)!
    return Object.fromEntries(listings.map(({ sellerSku, quantity }) => [sellerSku, quantity]))
  }
  const sync = () => syncInventory(stage.scope, channel, account, { claim, signal: new AbortController().signal })
  const listed = () => stage.sql('SELECT seller_sku, pushed_quantity, status, message FROM listings WHERE connection_id = $1 ORDER BY 1', connection.id)
  const types = async () => (await stage.events(connection.id)).map(({ type }) => type)

  it('tells each mapped SKU whose stock is known, and then only what changed', async () => {
    expect(await sync()).toEqual({ sent: 2, rejected: 0 })
    expect(await offered()).toEqual({ CUP: 20, 'SIX-CUPS': 3, LAMP: 1 })
    expect(await listed()).toMatchObject([{ seller_sku: 'CUP', pushed_quantity: 20, status: 'IN_STEP' }, { seller_sku: 'SIX-CUPS', pushed_quantity: 3, status: 'IN_STEP' }])
    expect(await types()).toEqual(['INVENTORY_PUSHED', 'INVENTORY_PUSHED'])

    expect(await sync()).toEqual({ sent: 0, rejected: 0 })
    await receive([{ sku: 'CUP', quantity: 1 }])
    expect(await sync()).toEqual({ sent: 1, rejected: 0 })
    expect(await offered()).toEqual({ CUP: 21, 'SIX-CUPS': 3, LAMP: 1 })
    expect(await stage.sql('SELECT sent, rejected FROM job_runs WHERE id = $1', claim.runId)).toEqual([{ sent: 3, rejected: 0 }])
  })

  it('records a refusal with its reason, goes on, and tells of it once', async () => {
    await map([{ sellerSku: 'AWOL', warehouseSku: 'CUP' }])
    expect(await sync()).toEqual({ sent: 2, rejected: 1 })
    expect((await listed())[0]).toEqual({ seller_sku: 'AWOL', pushed_quantity: null, status: 'REJECTED', message: expect.stringContaining('does not match any listing') })
    expect(await types()).toEqual(['INVENTORY_REJECTED', 'INVENTORY_PUSHED', 'INVENTORY_PUSHED'])
    expect(await sync()).toEqual({ sent: 0, rejected: 1 })
    expect(await types()).toHaveLength(3)

    const query = `query ($filter: InventoryFilter!) { inventory(filter: $filter) { nodes { sku listings { sellerSku status message } } } }`
    const filter = { customerIds: [toId('Customer', connection.customerId)] }
    const { inventory } = await stage.ask<{ inventory: { nodes: { listings: object[] }[] } }>(query, { filter: { ...filter, listingStatuses: ['REJECTED'] } })
    expect(inventory.nodes[0]!.listings).toEqual([
      { sellerSku: 'AWOL', status: 'REJECTED', message: expect.stringContaining('does not match any listing') },
      { sellerSku: 'CUP', status: 'IN_STEP', message: null },
      { sellerSku: 'SIX-CUPS', status: 'IN_STEP', message: null },
    ])
    expect(await stage.ask(query, { filter: { ...filter, listingStatuses: ['BEHIND', 'NEVER_PUSHED'] } })).toEqual({ inventory: { nodes: [] } })
  })

  it('ends with any other fault, and goes on from there the next time', async () => {
    await control('POST', '/faults', { operation: 'token', kind: 'revoked', sellerId: account.merchantId, times: 1 })
    await expect(sync()).rejects.toMatchObject({ kind: 'unauthorized' } satisfies Partial<ChannelError>)
    expect(await listed()).toEqual([])
    await control('POST', '/faults', { operation: 'patchListingsItem', kind: 'malformed', part: 'answer', sellerId: account.merchantId, afterCalls: 1, times: 1 })
    await expect(sync()).rejects.toMatchObject({ kind: 'invalid-answer' } satisfies Partial<ChannelError>)
    expect(await listed()).toMatchObject([{ seller_sku: 'CUP', pushed_quantity: 20 }])
    expect(await sync()).toEqual({ sent: 1, rejected: 0 })
    expect(await offered()).toEqual({ CUP: 20, 'SIX-CUPS': 3, LAMP: 1 })
  })

  it('records nothing once another worker has the run', async () => {
    await stage.sql(`UPDATE cadences SET token = gen_random_uuid() WHERE connection_id = $1`, connection.id)
    await expect(sync()).rejects.toThrow('held by another worker')
    expect(await listed()).toEqual([])
    expect(await types()).toEqual([])
  })
})
