import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transaction } from '../../src/db/transaction.ts'
import { ensureItems, itemKey, type ItemRow, lockItems, type MovementKind, moveStock, type StockMove } from '../../src/inventory/stock.store.ts'
import { createStage, type Stage } from '../connections/stage.ts'

describe('stock', () => {
  let stage: Stage
  let customerId: string
  let warehouseId: string
  let made = 0
  beforeAll(async () => {
    stage = await createStage()
    customerId = (await stage.customer()).id
    warehouseId = (await stage.warehouse()).id
  })
  afterAll(() => stage.close())

  const keyOf = (sku: string) => ({ customerId, warehouseId, sku, title: `Title of ${sku}` })
  const pool = () => stage.scope.db.pool
  async function items(count: number): Promise<ItemRow[]> {
    const keys = Array.from({ length: count }, () => keyOf(`SKU-${++made}`))
    const rows = await transaction(pool(), (tx) => ensureItems(tx, stage.scope, keys))
    return keys.map((key) => rows.get(itemKey(key))!)
  }
  const move = (moves: StockMove[]) => transaction(pool(), (tx) => moveStock(tx, moves))
  const levels = (ids: string[]) => transaction(pool(), (tx) => lockItems(tx, ids))

  it('makes items once, and answers with the same ones again', async () => {
    const keys = [keyOf('A'), keyOf('B'), keyOf('A')]
    const [first, second] = await Promise.all([1, 2].map(() => transaction(pool(), (tx) => ensureItems(tx, stage.scope, keys))))
    expect([...first!.keys()].toSorted()).toEqual([itemKey(keyOf('A')), itemKey(keyOf('B'))])
    expect(first!.get(itemKey(keyOf('A')))).toMatchObject({ sku: 'A', title: 'Title of A', onHand: 0, onHold: 0, allocated: 0, version: 1 })
    expect([...second!.values()].map((row) => row.id).toSorted()).toEqual([...first!.values()].map((row) => row.id).toSorted())
    const again = await transaction(pool(), (tx) => ensureItems(tx, stage.scope, [keyOf('B'), keyOf('C')]))
    expect(again.get(itemKey(keyOf('B')))?.id).toBe(first!.get(itemKey(keyOf('B')))?.id)
    expect(again.get(itemKey(keyOf('C')))?.sku).toBe('C')
  })

  it('makes no item of a customer that the scope may not touch', async () => {
    const scope = { ...stage.scope, tenant: [(await stage.customer()).id] }
    expect(await transaction(pool(), (tx) => ensureItems(tx, scope, [keyOf('STRANGE')]))).toEqual(new Map())
    expect(await stage.sql(`SELECT 1 FROM inventory_items WHERE sku = 'STRANGE'`)).toEqual([])
  })

  it('moves the levels as each kind says, and signs the movements', async () => {
    const [item] = await items(1)
    const to = { inventoryItemId: item!.id, customerId, by: 'Ada' }
    await move([{ ...to, kind: 'RECEIPT', quantity: 10, reference: 'ASN 1' }])
    await move([{ ...to, kind: 'ALLOCATION', quantity: 4 }, { ...to, kind: 'ALLOCATION', quantity: 3 }])
    await move([{ ...to, kind: 'RELEASE', quantity: 3 }, { ...to, kind: 'SHIPMENT', quantity: 4 }, { ...to, kind: 'ADJUSTMENT', quantity: -1, reason: 'broken' }])
    expect(await levels([item!.id])).toEqual(new Map([[item!.id, { onHand: 5, onHold: 0, allocated: 0 }]]))
    expect(await stage.sql('SELECT kind, quantity, reason, reference, by FROM inventory_movements WHERE inventory_item_id = $1 ORDER BY id', item!.id)).toEqual([
      { kind: 'RECEIPT', quantity: 10, reason: null, reference: 'ASN 1', by: 'Ada' },
      { kind: 'ALLOCATION', quantity: 4, reason: null, reference: null, by: 'Ada' },
      { kind: 'ALLOCATION', quantity: 3, reason: null, reference: null, by: 'Ada' },
      { kind: 'RELEASE', quantity: -3, reason: null, reference: null, by: 'Ada' },
      { kind: 'SHIPMENT', quantity: -4, reason: null, reference: null, by: 'Ada' },
      { kind: 'ADJUSTMENT', quantity: -1, reason: 'broken', reference: null, by: 'Ada' },
    ])
    expect(await stage.sql('SELECT version FROM inventory_items WHERE id = $1', item!.id)).toEqual([{ version: 4 }])
  })

  it('keeps every level the sum of its movements, whatever comes, and refuses what would fall below 0 whole', async () => {
    const kinds: MovementKind[] = ['RECEIPT', 'ADJUSTMENT', 'ALLOCATION', 'RELEASE', 'SHIPMENT']
    const step = fc.record({ item: fc.nat(2), kind: fc.constantFrom(...kinds), quantity: fc.integer({ min: 1, max: 20 }), loss: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), async (batches) => {
        const three = await items(3)
        const model = new Map(three.map(({ id }) => [id, { onHand: 0, onHold: 0, allocated: 0 }]))
        for (const batch of batches) {
          const next = structuredClone(model)
          const moves = batch.map(({ item, kind, quantity, loss }): StockMove => {
            const level = next.get(three[item]!.id)!
            const signed = kind === 'ADJUSTMENT' && loss ? -quantity : quantity
            level.onHand += kind === 'RECEIPT' || kind === 'ADJUSTMENT' ? signed : kind === 'SHIPMENT' ? -quantity : 0
            level.allocated += kind === 'ALLOCATION' ? quantity : kind === 'RELEASE' || kind === 'SHIPMENT' ? -quantity : 0
            return { inventoryItemId: three[item]!.id, customerId, kind, quantity: signed, by: 'Ada' }
          })
          if ([...next.values()].some(({ onHand, allocated }) => onHand < 0 || allocated < 0)) {
            await expect(move(moves)).rejects.toThrow(/inventory_items_levels/)
          } else {
            await move(moves)
            for (const [id, level] of next) model.set(id, level)
          }
        }
        expect(await levels([...model.keys()])).toEqual(model)
        const sums = await stage.sql<{ id: string; on_hand: number; allocated: number }>(
          `SELECT item.id, coalesce(sum(quantity) FILTER (WHERE kind IN ('RECEIPT', 'ADJUSTMENT', 'SHIPMENT')), 0)::int AS on_hand,
             coalesce(sum(quantity) FILTER (WHERE kind IN ('ALLOCATION', 'RELEASE', 'SHIPMENT')), 0)::int AS allocated
           FROM inventory_items AS item LEFT JOIN inventory_movements ON inventory_item_id = item.id WHERE item.id = ANY($1) GROUP BY item.id`,
          [...model.keys()],
        )
        for (const { id, on_hand, allocated } of sums) expect(model.get(id)).toEqual({ onHand: on_hand, onHold: 0, allocated })
      }),
      { numRuns: 25 },
    )
  })

  it('serves writers of the same items in opposite orders without loss', async () => {
    const many = await items(20)
    const receipt = ({ id }: ItemRow): StockMove => ({ inventoryItemId: id, customerId, kind: 'RECEIPT', quantity: 1, by: 'Ada' })
    await Promise.all(Array.from({ length: 16 }, (_, index) => move((index % 2 ? many : many.toReversed()).map(receipt))))
    for (const level of (await levels(many.map(({ id }) => id))).values()) expect(level.onHand).toBe(16)
  })

  it("refuses an item of another customer's, and one that is not there", async () => {
    const [item] = await items(1)
    const stranger = (await stage.customer()).id
    await expect(move([{ inventoryItemId: item!.id, customerId: stranger, kind: 'RECEIPT', quantity: 1, by: 'Ada' }])).rejects.toThrow('1 items, of which 0')
    expect((await levels([item!.id])).get(item!.id)?.onHand).toBe(0)
    expect(await stage.sql('SELECT 1 FROM inventory_movements WHERE inventory_item_id = $1', item!.id)).toEqual([])
  })
})
