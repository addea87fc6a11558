import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mapSkus } from '../../src/connections/map-skus.ts'
import { changeRule, type InventoryRule, isNoRule, noRule } from '../../src/inventory/inventory-rule.ts'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage } from '../connections/stage.ts'

describe('a rule', () => {
  const rule: fc.Arbitrary<InventoryRule> = fc.record({ buffer: fc.option(fc.nat(9)), percent: fc.option(fc.nat(9)), maximum: fc.option(fc.nat(9)), excluded: fc.boolean() })

  it('keeps what is left out, takes what is given, and is nothing once all is cleared', () => {
    fc.assert(
      fc.property(rule, rule, fc.subarray(['buffer', 'percent', 'maximum', 'excluded'] as const), (present, other, names) => {
        const changed = changeRule(present, Object.fromEntries(names.map((name) => [name, other[name]])))
        for (const name of ['buffer', 'percent', 'maximum', 'excluded'] as const) expect(changed[name]).toBe((names.includes(name) ? other : present)[name])
        expect(changeRule(present, { buffer: null, percent: null, maximum: null, excluded: null })).toEqual(noRule)
        expect(isNoRule(present)).toBe(Object.values(present).every((value) => value === null || value === false))
      }),
    )
  })
})

describe('setInventoryRule', () => {
  const mutation = `mutation ($input: SetInventoryRuleInput!) { setInventoryRule(input: $input) {
    items { sku listings { sellerSku quantity status message explanation { label change result } } } userErrors { code field } } }`
  interface Listed { sellerSku: string; quantity: number; status: string; message: string | null; explanation: { label: string; change: number; result: number }[] }
  interface Payload { items: { sku: string; listings: Listed[] }[]; userErrors: { code: string; field: string[] }[] }
  let stage: Stage
  let ids: { inventoryItemId: string; connectionId: string }
  let customerId: string
  let warehouseId: string
  let connectionUuid: string
  beforeAll(async () => {
    stage = await createStage()
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    customerId = (await stage.customer()).id
    warehouseId = (await stage.warehouse()).id
    const connection = await stage.connection({ customerId, warehouseId, inventoryBuffer: 2 })
    connectionUuid = connection.id
    ids = { connectionId: toId('Connection', connection.id), inventoryItemId: await item(customerId, warehouseId) }
    const mappings = [{ sellerSku: 'CUP', warehouseSku: 'CUP' }, { sellerSku: 'SIX', warehouseSku: 'CUP', unitsPerItem: 6 }]
    await mapSkus(stage.scope, { connectionId: ids.connectionId, mappings })
  })

  async function item(customer: string, warehouse: string): Promise<string> {
    const input = { customerId: toId('Customer', customer), warehouseId: toId('Warehouse', warehouse), items: [{ sku: 'CUP', quantity: 50 }] }
    const receive = 'mutation ($input: ReceiveInventoryInput!) { receiveInventory(input: $input) { items { id } } }'
    const { receiveInventory } = await stage.ask<{ receiveInventory: { items: { id: string }[] } }>(receive, { input })
    return receiveInventory.items[0]!.id
  }
  const setting = async (input: object): Promise<Payload> => (await stage.ask<{ setInventoryRule: Payload }>(mutation, { input: { ...ids, ...input } })).setInventoryRule
  const quantities = ({ items }: Payload): Record<string, number> => Object.fromEntries(items[0]!.listings.map(({ sellerSku, quantity }) => [sellerSku, quantity]))
  const refusalsOf = ({ userErrors }: Payload): string[] => userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)

  it('replaces what is given, keeps the rest, and null gives it back to the settings', async () => {
    const first = await setting({ buffer: 10, maximum: 5 })
    expect(first.userErrors).toEqual([])
    expect(quantities(first)).toEqual({ CUP: 5, SIX: 5 })
    expect(first.items[0]!.listings[0]!.explanation.slice(-2)).toEqual([{ label: 'Buffer', change: -10, result: 40 }, { label: 'At most 5', change: -35, result: 5 }])
    expect(quantities(await setting({ percent: 50 }))).toEqual({ CUP: 5, SIX: 3 })
    expect(quantities(await setting({ maximum: null }))).toEqual({ CUP: 20, SIX: 3 })
    expect(quantities(await setting({ buffer: 0 }))).toEqual({ CUP: 25, SIX: 4 })
    expect(quantities(await setting({ buffer: null, percent: null }))).toEqual({ CUP: 48, SIX: 8 })
    expect(await stage.sql('SELECT 1 FROM inventory_rules WHERE connection_id = $1', connectionUuid)).toEqual([])
  })

  it('excludes an item from one connection, and is found by it', async () => {
    const { items } = await setting({ excluded: true })
    expect(items[0]!.listings).toMatchObject([{ status: 'EXCLUDED', quantity: 48, message: expect.stringContaining('told nothing') }, { status: 'EXCLUDED' }])
    const query = 'query ($filter: InventoryFilter) { inventory(filter: $filter) { totalCount } }'
    const found = async (listingStatuses: string[]): Promise<number> => {
      const filter = { customerIds: [toId('Customer', customerId)], listingStatuses }
      return (await stage.ask<{ inventory: { totalCount: number } }>(query, { filter })).inventory.totalCount
    }
    expect([await found(['EXCLUDED']), await found(['NEVER_PUSHED'])]).toEqual([1, 0])
    expect((await setting({ excluded: false })).items[0]!.listings).toMatchObject([{ status: 'NEVER_PUSHED', message: null }, { status: 'NEVER_PUSHED' }])
  })

  it('lets an item that is excluded no longer be told anew', async () => {
    await stage.sql(
      `INSERT INTO listings (connection_id, customer_id, seller_sku, pushed_quantity, pushed_at, status, fulfilled_by, read_at)
       VALUES ($1, $2, 'CUP', 48, now(), 'IN_STEP', 'MERCHANT', now())`,
      connectionUuid, customerId,
    )
    expect((await setting({ maximum: 48 })).items[0]!.listings).toMatchObject([{ status: 'IN_STEP' }, { status: 'NEVER_PUSHED' }])
    await setting({ excluded: true })
    expect((await setting({ excluded: false })).items[0]!.listings).toMatchObject([{ status: 'NEVER_PUSHED' }, { status: 'NEVER_PUSHED' }])
  })

  it('refuses numbers out of range, and items that the connection has nothing to do with', async () => {
    expect(refusalsOf(await setting({ buffer: -1, percent: 101, maximum: 1_000_001 }))).toEqual(['INVALID buffer', 'INVALID percent', 'INVALID maximum'])
    expect(refusalsOf(await setting({ inventoryItemId: 'nonsense' }))).toEqual(['INVALID inventoryItemId'])
    expect(refusalsOf(await setting({ connectionId: ids.inventoryItemId }))).toEqual(['INVALID connectionId'])
    expect(refusalsOf(await setting({ inventoryItemId: toId('InventoryItem', '01890a5d-ac96-774b-bcce-b302099a8057') }))).toEqual(['NOT_FOUND inventoryItemId'])
    expect(refusalsOf(await setting({ inventoryItemId: await item((await stage.customer()).id, warehouseId), buffer: 1 }))).toEqual(['INVALID inventoryItemId'])
    expect(refusalsOf(await setting({ inventoryItemId: await item(customerId, (await stage.warehouse()).id), buffer: 1 }))).toEqual(['INVALID inventoryItemId'])
    await stage.sql(`UPDATE connections SET status = 'DISCONNECTED' WHERE id = $1`, connectionUuid)
    expect(refusalsOf(await setting({ buffer: 1 }))).toEqual(['NOT_ALLOWED connectionId'])
    expect(await stage.sql('SELECT 1 FROM inventory_rules WHERE customer_id = $1', customerId)).toEqual([])
  })

  it("reaches no other customer's", async () => {
    const blind = { ...stage.scope, tenant: [(await stage.customer()).id] }
    const { setInventoryRule } = await stage.ask<{ setInventoryRule: Payload }>(mutation, { input: { ...ids, buffer: 1 } }, blind)
    expect(refusalsOf(setInventoryRule)).toEqual(['NOT_FOUND connectionId'])
  })
})
