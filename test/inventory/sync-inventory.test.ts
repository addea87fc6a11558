import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setInventoryRule } from '../../src/inventory/set-inventory-rule.ts'
import { transaction } from '../../src/db/transaction.ts'
import { moveStock } from '../../src/inventory/stock.store.ts'
import { days } from '../../src/kit/clock.ts'
import { toId } from '../../src/kit/ids.ts'
import type { ChannelError } from '../../src/marketplaces/channel.ts'
import { AN_HOUR, createSyncStage, type Sync, type SyncStage } from './sync-stage.ts'

describe('the inventory sync', () => {
  let stage: SyncStage
  let seller: Sync
  beforeAll(async () => {
    stage = await createSyncStage()
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    const skus = ['CUP', 'SIX-CUPS', 'LAMP'].map((sellerSku) => ({ sellerSku, quantity: 1 }))
    seller = await stage.sell([...skus, { sellerSku: 'FBA-CUP', quantity: 7, fulfilledBy: 'AMAZON' }])
    await seller.map([{ sellerSku: 'CUP', warehouseSku: 'CUP' }, { sellerSku: 'LAMP', warehouseSku: 'LAMP' }, { sellerSku: 'SIX-CUPS', warehouseSku: 'CUP', unitsPerItem: 6 }])
    await seller.receive([{ sku: 'CUP', quantity: 20 }])
  })

  const itemOf = async (sku: string): Promise<string> =>
    (await stage.sql<{ id: string }>('SELECT id FROM inventory_items WHERE customer_id = $1 AND sku = $2', seller.connection.customerId, sku))[0]!.id

  it('tells each mapped SKU whose stock is known, and then only what changed', async () => {
    expect(await seller.sync()).toEqual({ nextAt: null, failure: null })
    expect(await seller.offered()).toEqual({ CUP: 20, 'SIX-CUPS': 3, LAMP: 1, 'FBA-CUP': 7 })
    expect(await seller.shown()).toMatchObject({ CUP: { pushedQuantity: 20, status: 'IN_STEP' }, 'SIX-CUPS': { pushedQuantity: 3, status: 'IN_STEP' } })
    expect(await seller.events()).toEqual(['INVENTORY_PUSHED', 'INVENTORY_PUSHED'])

    await seller.sync()
    await seller.receive([{ sku: 'CUP', quantity: 1 }])
    await seller.sync()
    expect(await seller.calls('patchListingsItem')).toEqual(['CUP', 'SIX-CUPS', 'CUP'])
    expect(await seller.offered()).toMatchObject({ CUP: 21, 'SIX-CUPS': 3, LAMP: 1 })
    expect(await seller.receipt()).toEqual({ sent: 3, accepted: 0, rejected: 0 })
  })

  it('takes a quantity that the marketplace has already for told', async () => {
    await seller.relist('CUP', { quantity: 20 })
    await seller.sync()
    expect(await seller.calls('patchListingsItem')).toEqual(['SIX-CUPS'])
    expect(await seller.shown()).toMatchObject({ CUP: { pushedQuantity: 20, confirmedQuantity: 20, status: 'IN_STEP' } })
    expect(await seller.events()).toEqual(['INVENTORY_PUSHED'])
  })

  it('never tells a SKU that the marketplace ships, and asks again after a week', async () => {
    await seller.map([{ sellerSku: 'FBA-CUP', warehouseSku: 'CUP' }])
    await seller.sync()
    expect(await seller.shown()).toMatchObject({ 'FBA-CUP': { quantity: 20, pushedQuantity: null, status: 'EXCLUDED', message: expect.stringContaining('its own warehouse') } })
    const asked = (await seller.calls('searchListingsItems')).length
    await seller.receive([{ sku: 'CUP', quantity: 6 }])
    await seller.sync()
    expect(await seller.calls('searchListingsItems')).toHaveLength(asked)
    expect(await seller.calls('patchListingsItem')).toEqual(['CUP', 'SIX-CUPS', 'CUP', 'SIX-CUPS'])
    expect(await seller.listing('FBA-CUP')).toMatchObject({ quantity: 7, fulfilledBy: 'AMAZON', strayQuantity: null })

    await seller.relist('FBA-CUP', { fulfilledBy: 'MERCHANT', quantity: 0 })
    await stage.pass(days(7) + AN_HOUR)
    await seller.sync()
    expect(await seller.offered()).toMatchObject({ 'FBA-CUP': 26 })
    expect(await seller.shown()).toMatchObject({ 'FBA-CUP': { pushedQuantity: 26, status: 'IN_STEP', message: null } })
  })

  it('tells none that the marketplace does not list, says so once, and finds it once it is listed', async () => {
    await seller.map([{ sellerSku: 'AWOL', warehouseSku: 'CUP' }])
    await seller.sync()
    const unlisted = { pushedQuantity: null, status: 'REJECTED', message: expect.stringContaining('no listing of this SKU') }
    expect(await seller.shown()).toMatchObject({ AWOL: unlisted, CUP: { status: 'IN_STEP' } })
    expect(await seller.calls('patchListingsItem')).toEqual(['CUP', 'SIX-CUPS'])
    await seller.sync()
    expect(await seller.receipt()).toMatchObject({ rejected: 1 })
    await stage.pass(AN_HOUR)
    await seller.sync()
    expect(await seller.receipt()).toMatchObject({ rejected: 2 })
    expect((await seller.events()).filter((type) => type === 'INVENTORY_REJECTED')).toHaveLength(1)

    await stage.control('POST', `/sellers/${seller.account.merchantId}/listings`, { sellerSku: 'AWOL', quantity: 0 })
    await stage.pass(AN_HOUR)
    await seller.sync()
    expect(await seller.offered()).toMatchObject({ AWOL: 20 })
    expect(await seller.shown()).toMatchObject({ AWOL: { status: 'IN_STEP', message: null } })
  })

  it('records a refusal with its reason, goes on, and tries it again an hour later, or at once where a person asks', async () => {
    await seller.relist('CUP', { refusal: { code: '90220', message: 'The brand is gated.' } })
    await seller.sync()
    const refused = { pushedQuantity: null, status: 'REJECTED', message: expect.stringContaining('restricts this product') }
    expect(await seller.shown()).toMatchObject({ CUP: refused, 'SIX-CUPS': { status: 'IN_STEP' } })
    expect(await seller.events()).toEqual(['INVENTORY_REJECTED', 'INVENTORY_PUSHED'])
    await seller.sync()
    expect(await seller.calls('patchListingsItem')).toEqual(['CUP', 'SIX-CUPS'])
    await stage.pass(AN_HOUR)
    await seller.sync()
    expect(await seller.calls('patchListingsItem')).toEqual(['CUP', 'SIX-CUPS', 'CUP'])
    expect(await seller.events()).toHaveLength(2)

    const query = `query ($filter: InventoryFilter!) { inventory(filter: $filter) { totalCount } }`
    const customerIds = [toId('Customer', seller.connection.customerId)]
    const found = (listingStatuses: string[]): Promise<object> => stage.ask(query, { filter: { customerIds, listingStatuses } })
    expect([await found(['REJECTED']), await found(['BEHIND', 'NEVER_PUSHED'])]).toEqual([{ inventory: { totalCount: 1 } }, { inventory: { totalCount: 0 } }])

    await seller.relist('CUP', { refusal: null })
    await seller.sync({}, { ...seller.claim, trigger: 'MANUAL' })
    expect(await seller.shown()).toMatchObject({ CUP: { pushedQuantity: 20, status: 'IN_STEP', message: null } })
  })

  it('tells nothing of what a rule excludes, and by its maximum of the rest', async () => {
    const ids = { connectionId: toId('Connection', seller.connection.id), inventoryItemId: toId('InventoryItem', await itemOf('CUP')) }
    await setInventoryRule(stage.scope, { ...ids, excluded: true })
    await seller.sync()
    expect(await seller.offered()).toMatchObject({ CUP: 1, 'SIX-CUPS': 1 })
    expect(await seller.calls('searchListingsItems')).toEqual([])
    await setInventoryRule(stage.scope, { ...ids, excluded: false, maximum: 2 })
    await seller.sync()
    expect(await seller.offered()).toMatchObject({ CUP: 2, 'SIX-CUPS': 2 })
  })

  it('shares one stock among connections: an order on one lowers the other', async () => {
    const { customerId, warehouseId } = seller.connection
    const other = await stage.sell([{ sellerSku: 'MUG', quantity: 0 }], { customerId, warehouseId })
    await other.map([{ sellerSku: 'MUG', warehouseSku: 'CUP' }])
    const move = { inventoryItemId: await itemOf('CUP'), customerId, kind: 'ALLOCATION', quantity: 14, by: 'order import' } as const
    const order = (): Promise<void> => transaction(stage.scope.db.pool, (tx) => moveStock(tx, [move]))
    await Promise.all([seller.sync(), other.sync()])
    await order()
    await Promise.all([seller.sync(), other.sync()])
    expect(await seller.offered()).toMatchObject({ CUP: 6, 'SIX-CUPS': 1 })
    expect(await other.offered()).toEqual({ MUG: 6 })
    await order()
    await Promise.all([seller.sync(), other.sync()])
    expect([await seller.offered(), await other.offered()]).toMatchObject([{ CUP: 0, 'SIX-CUPS': 0 }, { MUG: 0 }])
  })

  it('records what it told, though the stock moved meanwhile', async () => {
    const { setQuantity } = stage.channel
    await seller.sync({
      async setQuantity(...call) {
        await seller.receive([{ sku: 'CUP', quantity: 1 }])
        await setQuantity(...call)
      },
    })
    expect(await seller.shown()).toMatchObject({ CUP: { pushedQuantity: 20, quantity: 22, status: 'BEHIND' } })
    await seller.sync()
    expect(await seller.offered()).toMatchObject({ CUP: 22 })
  })

  it('ends softly where the budget is used up, and says when it goes on', async () => {
    const slow = await stage.sell([{ sellerSku: 'CUP', quantity: 1 }, { sellerSku: 'MUG', quantity: 1 }], { quotas: { patchListingsItem: { rate: 0.01, burst: 1 } } })
    await slow.map([{ sellerSku: 'CUP', warehouseSku: 'CUP' }, { sellerSku: 'MUG', warehouseSku: 'CUP' }])
    await slow.receive([{ sku: 'CUP', quantity: 9 }])
    const { nextAt, failure } = await slow.sync()
    expect(failure).toBeNull()
    expect(nextAt!.getTime() - stage.now().getTime()).toBeGreaterThan(90_000)
    expect(await slow.offered()).toEqual({ CUP: 9, MUG: 1 })
    await stage.pass(nextAt!.getTime() - stage.now().getTime() + 1000)
    expect(await slow.sync()).toEqual({ nextAt: null, failure: null })
    expect(await slow.offered()).toEqual({ CUP: 9, MUG: 9 })
  })

  it('ends where it may not ask, and goes on from there the next time', async () => {
    await seller.fault({ operation: 'token', kind: 'revoked', times: 1 })
    await expect(seller.sync()).rejects.toMatchObject({ kind: 'unauthorized' } satisfies Partial<ChannelError>)
    expect(await stage.sql('SELECT 1 FROM listings WHERE connection_id = $1', seller.connection.id)).toEqual([])
    await seller.fault({ operation: 'patchListingsItem', kind: 'malformed', part: 'answer', afterCalls: 1, times: 1 })
    expect(await seller.sync()).toMatchObject({ nextAt: null, failure: { kind: 'invalid-answer' } })
    expect(await seller.shown()).toMatchObject({ CUP: { pushedQuantity: 20 }, 'SIX-CUPS': { pushedQuantity: null } })
    expect(await seller.sync()).toEqual({ nextAt: null, failure: null })
    expect(await seller.offered()).toMatchObject({ CUP: 20, 'SIX-CUPS': 3 })
  })

  it('tells what it knows, though others cannot be asked for', async () => {
    await seller.sync()
    await seller.receive([{ sku: 'CUP', quantity: 6 }, { sku: 'LAMP', quantity: 4 }])
    await seller.fault({ operation: 'searchListingsItems', kind: 'malformed', part: 'answer', times: 1 })
    expect(await seller.sync()).toMatchObject({ failure: { kind: 'invalid-answer' } })
    expect(await seller.offered()).toMatchObject({ CUP: 26, 'SIX-CUPS': 4, LAMP: 1 })
    await seller.sync()
    expect(await seller.offered()).toMatchObject({ LAMP: 4 })
  })

  it('records nothing once another worker has the run', async () => {
    await stage.sql(`UPDATE cadences SET token = gen_random_uuid() WHERE connection_id = $1`, seller.connection.id)
    await expect(seller.sync()).rejects.toThrow('held by another worker')
    expect(await stage.sql('SELECT 1 FROM listings WHERE connection_id = $1', seller.connection.id)).toEqual([])
    expect(await seller.events()).toEqual([])
  })
})
