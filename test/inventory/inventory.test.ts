import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mapSkus } from '../../src/connections/map-skus.ts'
import { transaction } from '../../src/db/transaction.ts'
import { BadRequest } from '../../src/kit/errors.ts'
import { toId } from '../../src/kit/ids.ts'
import { toldQuantity } from '../../src/inventory/level.ts'
import { type ListingState, listingStatus, strays } from '../../src/inventory/listing.ts'
import { presentStatus, strayed, told } from '../../src/inventory/listings.store.ts'
import { ensureItems, itemKey, moveStock } from '../../src/inventory/stock.store.ts'
import { createStage, type Stage } from '../connections/stage.ts'

interface Item { id: string; sku: string; onHand: number; available: number; version: number }
interface Payload { items: Item[]; userErrors: { code: string; field: string[] }[] }

const fields = 'items { id sku title onHand onHold allocated available version } userErrors { code field }'
const receive = `mutation ($input: ReceiveInventoryInput!) { receiveInventory(input: $input) { ${fields} } }`
const adjust = `mutation ($input: AdjustInventoryInput!) { adjustInventory(input: $input) { ${fields} } }`

const plain = { buffer: 0, percent: 100, unitsPerItem: 1, maximum: null }

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

  it('computes quantity and status in the database as in the rules', async () => {
    const units = fc.integer({ min: 0, max: 2_147_483_647 })
    const stock = fc.oneof(fc.record({ onHand: units, onHold: units, allocated: units }), units.map((onHand) => ({ onHand, onHold: 3, allocated: 4 })))
    const rule = fc.record({
      buffer: fc.nat(1_000_000), percent: fc.nat(100), unitsPerItem: fc.integer({ min: 1, max: 10_000 }), maximum: fc.option(fc.nat(1_000_000)),
    })
    const few = fc.option(fc.nat(3), { freq: 5 })
    const at = fc.option(fc.constantFrom('2026-01-01T00:00Z', '2026-01-01T00:05Z', '2026-01-02T00:04:59.999Z', '2026-01-02T00:05Z').map((text) => new Date(text)), { freq: 8 })
    const listing = fc.record({
      excluded: fc.boolean(), fulfilledBy: fc.constantFrom('MERCHANT', 'MERCHANT', 'MARKETPLACE', null),
      pushedQuantity: few, pushedAt: at, readQuantity: few, readAt: at, mismatches: fc.nat(4),
      recordedStatus: fc.constantFrom('REJECTED', 'IN_STEP', null), message: fc.constant(null),
    }) satisfies fc.Arbitrary<ListingState>
    const many = fc.sample(fc.record({ stock: fc.oneof(stock, fc.record({ onHand: fc.nat(9), onHold: fc.nat(2), allocated: fc.nat(2) })), rule: fc.oneof(rule, fc.constant(plain)), listing }), 1000)
    const rows = await stage.sql<{ told: number; strayed: boolean; status: string }>(
      `SELECT ${told} AS told, ${strayed('listing', 'listing')} AS strayed, ${presentStatus} AS status
       FROM ROWS FROM (jsonb_to_recordset($1) AS (stock jsonb, rule jsonb, listing jsonb)) WITH ORDINALITY AS given (stock, sharing, state, n)
       CROSS JOIN LATERAL jsonb_to_record(stock) AS levels ("onHand" int, "onHold" int, allocated int)
       CROSS JOIN LATERAL (SELECT "onHand" AS on_hand, "onHold" AS on_hold, levels.allocated) AS item
       CROSS JOIN LATERAL (SELECT (sharing->>'buffer')::int AS inventory_buffer, 7 AS inventory_percent) AS connection
       CROSS JOIN LATERAL (SELECT NULL::int AS buffer, (sharing->>'percent')::int AS percent, (sharing->>'maximum')::int AS maximum, (state->>'excluded')::bool AS excluded) AS rule
       CROSS JOIN LATERAL (SELECT (sharing->>'unitsPerItem')::int AS units_per_item) AS mapping
       CROSS JOIN LATERAL (SELECT state->>'fulfilledBy' AS fulfilled_by, (state->>'pushedQuantity')::int AS pushed_quantity, (state->>'pushedAt')::timestamptz AS pushed_at,
         (state->>'readQuantity')::int AS read_quantity, (state->>'readAt')::timestamptz AS read_at, state->>'recordedStatus' AS status) AS listing ORDER BY n`,
      JSON.stringify(many),
    )
    expect(rows).toEqual(many.map((one) => {
      const quantity = toldQuantity(one.stock, one.rule)
      return { told: quantity, strayed: strays(one.listing), status: listingStatus(quantity, one.listing) }
    }))
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['EXCLUDED', 'IN_STEP', 'REJECTED', 'NEVER_PUSHED', 'BEHIND']))
  })
})
