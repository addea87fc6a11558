// Ship and close, and what is seen of it, as a client of the contract does it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { BadRequest } from '../../src/kit/errors.ts'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage } from '../connections/stage.ts'
import { routing, stock, type StoredOrder, storeOrders } from './stored-orders.ts'

const call = `mutation ($input: ShipAndCloseInput!) { shipAndClose(input: $input) { closed failed userErrors { code field } results {
  orderId userErrors { code field } warnings { code field } charges { kind code amount { amount currencyCode } } order { status version }
  shipments { id shippedBy order { id } routing { carrier trackingNumber } weight { value unit } lines { quantity orderLine { id sellerSku } } tracking { status attempts trackingUrl } } } } }`
const preview = `query ($input: ShipAndCloseInput!) { shipAndClosePreview(input: $input) { userErrors { code field } results {
  orderId order { number } wouldClose marketplaceCarrierCode routing { carrier } additionalCharges { code amount { amount } } totalCharges { amount currencyCode } userErrors { code field } warnings { code } } } }`

interface Shipped { shipAndClose: { closed: number; results: { shipments: { id: string }[] }[] } }

describe('the contract of shipments', () => {
  let stage: Stage
  let connection: ConnectionRow
  let orders: StoredOrder[]
  beforeAll(async () => {
    stage = await createStage()
    connection = await stage.connection()
    await stock(stage.scope, connection, { MUG: 100 })
    orders = await storeOrders(stage.scope, connection, [{}, {}, { cancelRequested: true }, {}])
  })
  afterAll(() => stage.close())
  const id = (index: number): string => toId('Order', orders[index]!.id)
  const line = (index: number): string => toId('OrderLine', orders[index]!.lines[0]!.id)

  it('previews, ships and closes, and shows what it did', async () => {
    const input = {
      idempotencyKey: 'contract', routing: { ...routing, carrier: 'ups' }, applyCharges: 'DIVIDED_EVENLY', charges: [{ code: 'FREIGHT', amount: { amount: '10.01', currencyCode: 'USD' } }],
      orders: [{ orderId: id(0), packages: [{ weight: { value: '2.50', unit: 'POUND' }, lines: [{ orderLineId: line(0), quantity: 2 }] }] }, { orderId: id(1), routing: { trackingNumber: '1Z1' } }, { orderId: id(2) }, { orderId: 'nonsense' }],
    }
    const seen = await stage.ask<{ shipAndClosePreview: object }>(preview, { input })
    expect(seen.shipAndClosePreview).toMatchObject({
      userErrors: [],
      results: [
        { orderId: id(0), order: { number: orders[0]!.number }, wouldClose: true, marketplaceCarrierCode: 'UPS', routing: { carrier: 'UPS' }, additionalCharges: [{ code: 'FREIGHT', amount: { amount: '5.01' } }], totalCharges: { amount: '5.01', currencyCode: 'USD' }, warnings: [] },
        { wouldClose: true, totalCharges: { amount: '5.00' }, warnings: [{ code: 'TRACKING_NUMBER_MALFORMED' }] },
        { wouldClose: false, userErrors: [{ code: 'CANCEL_REQUESTED', field: ['orders', '2', 'overrideCancelRequest'] }] },
        { order: null, userErrors: [{ code: 'INVALID', field: ['orders', '3', 'orderId'] }] },
      ],
    })
    const done = await stage.ask<Shipped>(call, { input })
    expect(done.shipAndClose).toMatchObject({
      closed: 2, failed: 2, userErrors: [],
      results: [
        {
          order: { status: 'CLOSED', version: 2 }, charges: [{ kind: 'ADDITIONAL', code: 'FREIGHT', amount: { amount: '5.01', currencyCode: 'USD' } }],
          shipments: [{
            shippedBy: 'Ada', order: { id: id(0) }, routing: { carrier: 'UPS', trackingNumber: routing.trackingNumber }, weight: { value: '2.5', unit: 'POUND' }, lines: [{ quantity: 2, orderLine: { id: line(0), sellerSku: 'MUG' } }],
            tracking: { status: 'PENDING', attempts: 0, trackingUrl: 'https://www.ups.com/track?tracknum=1Z5R89390357567127' },
          }],
        },
        { order: { status: 'CLOSED' } },
        { order: { status: 'OPEN' }, shipments: [], charges: [] },
        { order: null, shipments: [] },
      ],
    })
    expect(await stage.ask(call, { input })).toEqual(done)
    const shipment = done.shipAndClose.results[0]!.shipments[0]!.id
    expect(await stage.ask('query ($id: ID!, $order: ID!) { node(id: $id) { __typename id } shipment(id: $id) { id } order(id: $order) { shipments { id } } }', { id: shipment, order: id(0) })).toEqual({
      node: { __typename: 'Shipment', id: shipment }, shipment: { id: shipment }, order: { shipments: [{ id: shipment }] },
    })
  })

  it.each([
    [{ idempotencyKey: '' }, 'REQUIRED idempotencyKey'],
    [{ orders: [] }, 'REQUIRED orders'],
    [{ charges: [{ code: 'A', amount: { amount: '-1', currencyCode: 'USD' } }] }, 'AMOUNT_INVALID charges.0.amount.amount'],
    [{ shippedAt: '2099-01-01T00:00:00Z' }, 'INVALID shippedAt'],
  ])('refuses %j as such', async (changes, expected) => {
    const input = { idempotencyKey: 'other', orders: [{ orderId: id(3) }], routing, ...changes }
    const { shipAndClose } = await stage.ask<{ shipAndClose: { results: object[]; userErrors: { code: string; field: string[] }[] } }>(call, { input })
    expect([shipAndClose.results, shipAndClose.userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)]).toEqual([[], [expected]])
  })

  it('pages through shipments in either direction, filtered', async () => {
    interface Answer { shipments: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean }; totalCount: number } }
    const query = `query ($first: Int, $after: String, $filter: ShipmentFilter, $orderBy: ShipmentOrder) {
      shipments(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`
    const ask = async (variables: object): Promise<Answer['shipments']> => (await stage.ask<Answer>(query, { ...variables })).shipments
    const first = await ask({ first: 1, orderBy: 'SHIPPED_ASC' })
    expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } })
    const second = await ask({ first: 1, orderBy: 'SHIPPED_ASC', after: first.pageInfo.endCursor })
    expect(second.pageInfo.hasNextPage).toBe(false)
    expect((await ask({})).nodes).toEqual([...second.nodes, ...first.nodes])
    const filters: [object, number][] = [
      [{ trackingNumber: '1z5r' }, 1], [{ trackingNumber: '1Z' }, 2], [{ trackingNumber: '%' }, 0], [{ trackingStatuses: ['ACCEPTED'] }, 0], [{ trackingStatuses: ['PENDING'] }, 2],
      [{ connectionIds: [toId('Connection', connection.id)] }, 2], [{ customerIds: [toId('Customer', connection.warehouseId)] }, 0], [{ shippedFrom: '2099-01-01T00:00:00Z' }, 0], [{ shippedBefore: '2099-01-01T00:00:00Z' }, 2],
    ]
    for (const [filter, count] of filters) expect([filter, (await ask({ filter })).totalCount]).toEqual([filter, count])
    await expect(ask({ filter: { connectionIds: ['nonsense'] } })).rejects.toThrow(BadRequest)
    await expect(ask({ first: 0 })).rejects.toThrow(BadRequest)
  })

  it('names the carriers, with what Amazon calls them', async () => {
    const { carriers } = await stage.ask<{ carriers: { code: string; amazonCarrierCode: string; scacs: string[] }[] }>('{ carriers { code name scacs services amazonCarrierCode } }')
    expect(carriers.find(({ code }) => code === 'FEDEX')).toMatchObject({ amazonCarrierCode: 'FedEx', scacs: expect.arrayContaining(['FDEG', 'FXFE']) })
    expect(carriers.find(({ code }) => code === 'EVRI')).toMatchObject({ scacs: [] })
  })
})
