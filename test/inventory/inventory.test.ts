import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mapSkus } from '../../src/connections/map-skus.ts'
import { transaction } from '../../src/db/transaction.ts'
import { BadRequest } from '../../src/kit/errors.ts'
import { toId } from '../../src/kit/ids.ts'
import { toldQuantity } from '../../src/inventory/level.ts'
import { told } from '../../src/inventory/listings.store.ts'
import { ensureItems, itemKey, moveStock } from '../../src/inventory/stock.store.ts'
import { createStage, type Stage } from '../connections/stage.ts'

interface Item { id: string; sku: string; onHand: number; available: number; version: number }
interface Payload { items: Item[]; userErrors: { code: string; field: string[] }[] }

const fields = 'items { id sku title onHand onHold allocated available version } userErrors { code field }'
const receive = `mutation ($input: ReceiveInventoryInput!) { receiveInventory(input: $input) { ${fields} } }`
const adjust = `mutation ($input: AdjustInventoryInput!) { adjustInventory(input: $input) { ${fields} } }`

describe('inventory', () => {
  let stage: Stage
  let customerUuid: string
  let warehouseUuid: string
  let ids: { customerId: string; warehouseId: string }
  beforeAll(async () => {
    stage = await createStage()
    customerUuid = (await stage.customer()).id
    warehouseUuid = (await stage.warehouse()).id
    ids = { customerId: toId('Customer', customerUuid), warehouseId: toId('Warehouse', warehouseUuid) }
  })
  afterAll(() => stage.close())

  const receiving = async (input: object): Promise<Payload> => (await stage.ask<{ receiveInventory: Payload }>(receive, { input: { ...ids, ...input } })).receiveInventory
  const adjusting = async (input: object): Promise<Payload> => (await stage.ask<{ adjustInventory: Payload }>(adjust, { input: { reason: 'count', ...input } })).adjustInventory
  const refusalsOf = ({ userErrors }: Payload): string[] => userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)
  const stranger = (type: 'Customer' | 'Warehouse' | 'InventoryItem') => toId(type, '01890a5d-ac96-774b-bcce-b302099a8057')

  it('receives: new items and known ones, each with its movement', async () => {
    const first = await receiving({ reference: 'ASN 7', items: [{ sku: ' MUG ', title: 'Mug', quantity: 5 }, { sku: 'LAMP', quantity: 1 }] })
    expect(first).toEqual({
      items: [
        { id: expect.stringMatching(/^inv_/), sku: 'MUG', title: 'Mug', onHand: 5, onHold: 0, allocated: 0, available: 5, version: 2 },
        { id: expect.stringMatching(/^inv_/), sku: 'LAMP', title: null, onHand: 1, onHold: 0, allocated: 0, available: 1, version: 2 },
      ],
      userErrors: [],
    })
    const second = await receiving({ items: [{ sku: 'LAMP', title: 'Lamp', quantity: 2 }] })
    expect(second.items).toMatchObject([{ id: first.items[1]!.id, title: 'Lamp', onHand: 3 }])
    const { inventoryItem } = await stage.ask<{ inventoryItem: { movements: object } }>(
      `query ($id: ID!) { inventoryItem(id: $id) { customer { id } warehouse { id } movements(first: 1) { totalCount pageInfo { hasNextPage } nodes { kind quantity reference by } } } }`,
      { id: first.items[1]!.id },
    )
    expect(inventoryItem).toEqual({
      customer: { id: ids.customerId },
      warehouse: { id: ids.warehouseId },
      movements: { totalCount: 2, pageInfo: { hasNextPage: true }, nodes: [{ kind: 'RECEIPT', quantity: 2, reference: null, by: 'Ada' }] },
    })
  })

  it('pages through movements, the newest first, and finds each by its id', async () => {
    const { items } = await receiving({ items: [{ sku: 'PAGED', quantity: 1 }] })
    for (const change of [10, 20]) await adjusting({ inventoryItemId: items[0]!.id, change })
    interface Answer { inventoryItem: { movements: { nodes: { id: string; quantity: number }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } } }
    const seen: number[] = []
    let after = null as string | null
    for (let more = true; more; ) {
      const { inventoryItem } = await stage.ask<Answer>(
        `query ($id: ID!, $after: String) { inventoryItem(id: $id) { movements(first: 2, after: $after) { nodes { id quantity } pageInfo { endCursor hasNextPage } } } }`,
        { id: items[0]!.id, after },
      )
      const { nodes, pageInfo } = inventoryItem.movements
      seen.push(...nodes.map(({ quantity }) => quantity))
      const { node } = await stage.ask<{ node: object }>(`query ($id: ID!) { node(id: $id) { ... on InventoryMovement { quantity } } }`, { id: nodes[0]!.id })
      expect(node).toEqual({ quantity: nodes[0]!.quantity })
      more = pageInfo.hasNextPage
      after = pageInfo.endCursor
    }
    expect(seen).toEqual([20, 10, 1])
  })

  it('refuses receipts that cannot be, each at its field, and takes none of it', async () => {
    const good = { sku: 'NEVER', quantity: 1 }
    expect(refusalsOf(await receiving({ items: [] }))).toEqual(['REQUIRED items'])
    expect(refusalsOf(await receiving({ items: Array.from({ length: 501 }, () => good) }))).toEqual(['TOO_MANY items'])
    expect(refusalsOf(await receiving({ items: [good, { sku: ' ', quantity: 0 }, { sku: 'NEVER ', quantity: 1 }] }))).toEqual([
      'REQUIRED items.1.sku', 'INVALID items.1.quantity', 'TAKEN items.2.sku',
    ])
    expect(refusalsOf(await receiving({ customerId: 'nonsense', warehouseId: stranger('Warehouse'), items: [good] }))).toEqual(['INVALID customerId', 'NOT_FOUND warehouseId'])
    expect(refusalsOf(await receiving({ customerId: stranger('Customer'), items: [good] }))).toEqual(['NOT_FOUND customerId'])
    expect(await stage.sql(`SELECT 1 FROM inventory_items WHERE sku = 'NEVER'`)).toEqual([])
  })

  it('adjusts up and down, but never below 0', async () => {
    const [item] = (await receiving({ items: [{ sku: 'ADJUSTED', quantity: 3 }] })).items
    const { items } = await adjusting({ inventoryItemId: item!.id, change: -3, expectedVersion: item!.version })
    expect(items).toMatchObject([{ onHand: 0, version: item!.version + 1 }])
    expect(refusalsOf(await adjusting({ inventoryItemId: item!.id, change: -1 }))).toEqual(['STOCK_SHORT change'])
    expect(refusalsOf(await adjusting({ inventoryItemId: item!.id, change: 1, expectedVersion: item!.version }))).toEqual(['VERSION_CONFLICT expectedVersion'])
    expect(refusalsOf(await adjusting({ inventoryItemId: item!.id, change: 0, reason: ' ' }))).toEqual(['INVALID change', 'REQUIRED reason'])
    expect(refusalsOf(await adjusting({ inventoryItemId: stranger('InventoryItem'), change: 1 }))).toEqual(['NOT_FOUND inventoryItemId'])
    expect(refusalsOf(await adjusting({ inventoryItemId: 'inv_x', change: 1 }))).toEqual(['INVALID inventoryItemId'])
    expect((await adjusting({ inventoryItemId: item!.id, change: 2_147_483_647 })).items).toMatchObject([{ onHand: 2_147_483_647 }])
    expect(refusalsOf(await adjusting({ inventoryItemId: item!.id, change: 1 }))).toEqual(['INVALID change'])
  })

  it('lists in each order, both ways, without gap or repeat', async () => {
    const own = (await stage.customer()).id
    const stock = [['C', 5, 9], ['A', 7, 2], ['B', 7, 0], ['E', 1, 0], ['D', 7, 0]] as const
    for (const [sku, onHand, allocated] of stock) {
      await transaction(stage.scope.db.pool, async (tx) => {
        const key = { customerId: own, warehouseId: warehouseUuid, sku, title: null }
        const inventoryItemId = (await ensureItems(tx, stage.scope, [key])).get(itemKey(key))!.id
        const move = { inventoryItemId, customerId: own, by: 'Ada' }
        await moveStock(tx, [{ ...move, kind: 'RECEIPT', quantity: onHand }])
        if (allocated > 0) await moveStock(tx, [{ ...move, kind: 'ALLOCATION', quantity: allocated }])
      })
    }
    const filter = { customerIds: [toId('Customer', own)] }
    const query = `query ($filter: InventoryFilter, $orderBy: InventoryOrder, $first: Int, $after: String, $last: Int, $before: String) {
      inventory(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
        nodes { sku available } totalCount pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`
    interface Answer { inventory: { nodes: Item[]; totalCount: number; pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean } } }
    const all = async (orderBy: string, backwards: boolean): Promise<string> => {
      let seen = ''
      let cursor = null as string | null
      for (;;) {
        const page = backwards ? { last: 2, before: cursor } : { first: 2, after: cursor }
        const { inventory } = await stage.ask<Answer>(query, { filter, orderBy, ...page })
        expect(inventory.totalCount).toBe(5)
        const skus = inventory.nodes.map(({ sku }) => sku).join('')
        seen = backwards ? skus + seen : seen + skus
        if (!(backwards ? inventory.pageInfo.hasPreviousPage : inventory.pageInfo.hasNextPage)) return seen
        cursor = backwards ? inventory.pageInfo.startCursor : inventory.pageInfo.endCursor
      }
    }
    for (const backwards of [false, true]) {
      expect(await all('SKU_ASC', backwards)).toBe('ABCDE')
      expect(await all('AVAILABLE_ASC', backwards)).toBe('CEABD')
      expect(await all('UPDATED_DESC', backwards)).toBe('DEBAC')
    }
    const matching = async (more: object): Promise<string> => (await stage.ask<Answer>(query, { filter: { ...filter, ...more } })).inventory.nodes.map(({ sku }) => sku).join('')
    expect(await matching({ search: 'a' })).toBe('A')
    expect(await matching({ belowAvailable: 2 })).toBe('CE')
    expect(await matching({ warehouseIds: [stranger('Warehouse')] })).toBe('')
    expect(await matching({ listingStatuses: ['NEVER_PUSHED'] })).toBe('')
    await expect(matching({ warehouseIds: ['nonsense'] })).rejects.toBeInstanceOf(BadRequest)
    const blind = { ...stage.scope, tenant: [customerUuid] }
    expect((await stage.ask<Answer>(query, { filter }, blind)).inventory).toMatchObject({ nodes: [], totalCount: 0 })
  })

  it('tells of each listing what its marketplace is told, and why', async () => {
    const connection = await stage.connection({ customerId: customerUuid, warehouseId: warehouseUuid, inventoryBuffer: 2, inventoryPercent: 50 })
    const elsewhere = await stage.connection({ customerId: customerUuid })
    for (const { id } of [connection, elsewhere]) {
      await mapSkus(stage.scope, { connectionId: toId('Connection', id), mappings: [{ sellerSku: 'SIX-CUPS', warehouseSku: 'CUP', unitsPerItem: 6 }] })
    }
    const { items } = await receiving({ items: [{ sku: 'CUP', quantity: 50 }] })
    interface Answer { inventoryItem: { listings: { explanation: { result: number }[] }[] } }
    const query = `query ($id: ID!) { inventoryItem(id: $id) { listings { connection { id } sellerSku quantity pushedQuantity pushedAt status message explanation { label change result } } } }`
    const { inventoryItem } = await stage.ask<Answer>(query, { id: items[0]!.id })
    expect(inventoryItem.listings).toMatchObject([
      { connection: { id: toId('Connection', connection.id) }, sellerSku: 'SIX-CUPS', quantity: 4, pushedQuantity: null, pushedAt: null, status: 'NEVER_PUSHED', message: null },
    ])
    expect(inventoryItem.listings[0]!.explanation.map(({ result }) => result)).toEqual([50, 50, 50, 48, 24, 4])
  })

  it('computes the same quantity in the database as in the rule', async () => {
    const units = fc.integer({ min: 0, max: 2_147_483_647 })
    const stock = fc.record({ onHand: units, onHold: units, allocated: units })
    const rule = fc.record({ buffer: fc.nat(1_000_000), percent: fc.nat(100), unitsPerItem: fc.integer({ min: 1, max: 10_000 }) })
    const many = fc.sample(fc.record({ stock: fc.oneof(stock, stock.map(({ onHand }) => ({ onHand, onHold: 3, allocated: 4 }))), rule }), 500)
    const rows = await stage.sql<{ told: number }>(
      `SELECT ${told} AS told FROM ROWS FROM (jsonb_to_recordset($1) AS (stock jsonb, rule jsonb)) WITH ORDINALITY AS given (stock, rule, n)
       CROSS JOIN LATERAL jsonb_to_record(stock) AS levels ("onHand" int, "onHold" int, allocated int)
       CROSS JOIN LATERAL (SELECT "onHand" AS on_hand, "onHold" AS on_hold, levels.allocated) AS item
       CROSS JOIN LATERAL (SELECT (rule->>'buffer')::int AS inventory_buffer, (rule->>'percent')::int AS inventory_percent) AS connection
       CROSS JOIN LATERAL (SELECT (rule->>'unitsPerItem')::int AS units_per_item) AS mapping ORDER BY n`,
      JSON.stringify(many),
    )
    expect(rows.map((row) => row.told)).toEqual(many.map((one) => toldQuantity(one.stock, one.rule)))
  })
})
