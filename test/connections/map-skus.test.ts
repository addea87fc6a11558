import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage } from './stage.ts'

interface Mapped { mappings: { id: string; sellerSku: string; warehouseSku: string; unitsPerItem: number }[]; unblocks: number; userErrors: { code: string; field: string[] }[] }

describe('SKU mappings', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await createStage()))
  afterAll(() => stage.close())

  const map = async (connectionId: string, mappings: object[]): Promise<Mapped> => {
    const source = 'mutation ($input: MapSkusInput!) { mapSkus(input: $input) { mappings { id sellerSku warehouseSku unitsPerItem } unblocks userErrors { code field } } }'
    return (await stage.ask<{ mapSkus: Mapped }>(source, { input: { connectionId, mappings } })).mapSkus
  }

  it('are made and made anew, and found by either SKU', async () => {
    const connectionId = toId('Connection', (await stage.connection()).id)
    const first = await map(connectionId, [{ sellerSku: ' Z-MUG ', warehouseSku: 'MUG' }, { sellerSku: 'A-MUG6', warehouseSku: 'MUG', unitsPerItem: 6 }])
    expect(first).toEqual({
      mappings: [
        { id: expect.stringMatching(/^sku_/), sellerSku: 'Z-MUG', warehouseSku: 'MUG', unitsPerItem: 1 },
        { id: expect.stringMatching(/^sku_/), sellerSku: 'A-MUG6', warehouseSku: 'MUG', unitsPerItem: 6 },
      ],
      unblocks: 0,
      userErrors: [],
    })
    const again = await map(connectionId, [{ sellerSku: 'Z-MUG', warehouseSku: 'CUP', unitsPerItem: null }])
    expect(again.mappings).toEqual([{ id: first.mappings[0]!.id, sellerSku: 'Z-MUG', warehouseSku: 'CUP', unitsPerItem: 1 }])
    const list = async (args: string) =>
      (await stage.ask<{ connection: { skuMappings: { totalCount: number; nodes: { sellerSku: string }[]; pageInfo: { endCursor: string } } } }>(
        `query ($id: ID!) { connection(id: $id) { skuMappings(${args}) { totalCount nodes { sellerSku connection { id } } pageInfo { endCursor } } } }`, { id: connectionId },
      )).connection.skuMappings
    const page = await list('first: 1')
    expect(page).toMatchObject({ totalCount: 2, nodes: [{ sellerSku: 'A-MUG6', connection: { id: connectionId } }] })
    expect((await list(`first: 1, after: "${page.pageInfo.endCursor}"`)).nodes).toMatchObject([{ sellerSku: 'Z-MUG' }])
    expect((await list('search: "cu"')).nodes).toMatchObject([{ sellerSku: 'Z-MUG' }])
    expect((await list('search: "a-"')).nodes).toMatchObject([{ sellerSku: 'A-MUG6' }])
    const { node } = await stage.ask<{ node: object }>('query ($id: ID!) { node(id: $id) { ... on SkuMapping { warehouseSku } } }', { id: first.mappings[0]!.id })
    expect(node).toEqual({ warehouseSku: 'CUP' })
  })

  it('are refused each at its field, and then none is made', async () => {
    const { id } = await stage.connection()
    const connectionId = toId('Connection', id)
    const refusals = async (mappings: object[], to = connectionId) => (await map(to, mappings)).userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)
    const good = { sellerSku: 'S', warehouseSku: 'W' }
    expect(await refusals([])).toEqual(['REQUIRED mappings'])
    expect(await refusals(Array.from({ length: 501 }, () => good))).toEqual(['TOO_MANY mappings'])
    expect(await refusals([good, { sellerSku: ' ', warehouseSku: '' }, { ...good, unitsPerItem: 0 }, { sellerSku: 'x'.repeat(101), warehouseSku: 'W' }])).toEqual([
      'REQUIRED mappings.1.sellerSku', 'REQUIRED mappings.1.warehouseSku', 'TAKEN mappings.2.sellerSku', 'INVALID mappings.2.unitsPerItem', 'INVALID mappings.3.sellerSku',
    ])
    expect(await refusals([good], 'nonsense')).toEqual(['INVALID connectionId'])
    expect(await refusals([good], toId('Connection', '01890a5d-ac96-774b-bcce-b302099a8057'))).toEqual(['NOT_FOUND connectionId'])
    await stage.sql(`UPDATE connections SET status = 'DISCONNECTED' WHERE id = $1`, id)
    expect(await refusals([good])).toEqual(['NOT_ALLOWED connectionId'])
    expect(await stage.sql('SELECT 1 FROM sku_mappings WHERE connection_id = $1', id)).toEqual([])
  })

  it('count the failures that they unblock: open ones, for want of a mapping, of which no SKU is left without', async () => {
    const { id, customerId } = await stage.connection()
    const failures = [
      ['1', 'OPEN', 'SKU_UNMAPPED', ['A']], ['2', 'OPEN', 'SKU_UNMAPPED', ['A', 'B']], ['3', 'OPEN', 'SKU_UNMAPPED', ['C']],
      ['4', 'DISMISSED', 'SKU_UNMAPPED', ['A']], ['5', 'OPEN', 'ADDRESS_MISSING', []],
    ]
    for (const [number, state, code, skus] of failures) {
      await stage.sql(
        `INSERT INTO import_failures (customer_id, connection_id, number, state, code, message, seller_skus) VALUES ($1, $2, $3, $4::import_failure_state, $5::import_failure_code, '', $6)`,
        customerId, id, number, state, code, skus)
    }
    const connectionId = toId('Connection', id)
    expect((await map(connectionId, [{ sellerSku: 'A', warehouseSku: 'W' }])).unblocks).toBe(1)
    expect((await map(connectionId, [{ sellerSku: 'B', warehouseSku: 'W' }])).unblocks).toBe(2)
  })
})
