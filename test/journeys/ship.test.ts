import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CorrectTrackingDocument, PreviewShipAndCloseDocument, ShipAndCloseDocument, type ShipAndCloseInput } from '../generated/graphql.ts'
import { addsUp, countOf, type Merchant, routing, type SoldOrder, type Stage, startStage, typesOf } from './stage.ts'

let stage: Stage
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-carriers-'))
  const carriersFile = path.join(folder, 'carriers.json')
  await writeFile(carriersFile, JSON.stringify({ carriers: [
    { code: 'PONY', name: 'Pony Express', scacs: ['PONX'], trackingUrl: 'https://pony.example/%s', amazonCarrierCode: 'PonyExpressUS', trackingNumbers: [{ pattern: 'PX(\\d{9})(\\d)', checkDigit: 'mod7' }] },
    { code: 'MULE', name: 'Mule Train' },
  ] }))
  stage = await startStage({ config: { carriersFile } })
})
afterAll(async () => {
  await stage.stop()
  await rm(folder, { recursive: true })
})

const charged = async (merchant: Merchant, sold: SoldOrder[]): Promise<(string | undefined)[]> => Promise.all(sold.map(async ({ orderId }) => (await stage.order(merchant, orderId)).chargesTotal?.amount))

async function call(merchant: Merchant, sold: SoldOrder[], changes: Partial<ShipAndCloseInput>): Promise<ShipAndCloseInput> {
  const orders = await Promise.all(sold.map(async ({ orderId }, index) => {
    const { id, version } = await stage.order(merchant, orderId)
    return { orderId: id, expectedVersion: version, routing: { trackingNumber: `1Z${String(index).padStart(16, '0')}` } }
  }))
  const { trackingNumber: _, ...shared } = routing
  return { idempotencyKey: randomUUID(), orders, routing: shared, ...changes }
}

test.concurrent.each([
  ['SEPARATELY', ['14.20', '14.20', '14.20']],
  // 3.20 by the rules, and of 10.00 the first bears the odd cent.
  ['DIVIDED_EVENLY', ['6.54', '6.53', '6.53']],
] as const)('import, ship and close with a charge %s, tracking sent and read back', async (applyCharges, totals) => {
  const merchant = await stage.merchant({ chargeRules: [{ code: 'HANDLING', amount: '2.50', basis: 'ORDER' }, { code: 'PICK', amount: '0.35', basis: 'UNIT' }] })
  const sold = await stage.buy(merchant, { count: 3 })
  const imported = await stage.run(merchant, 'IMPORT_ORDERS')
  expect(imported).toMatchObject({ status: 'SUCCEEDED', trigger: 'MANUAL', found: 3, imported: 3, calls: 1 })
  expect(addsUp(imported)).toBe(true)
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 6] })
  expect(await charged(merchant, sold)).toEqual(['3.20', '3.20', '3.20'])

  const amount = applyCharges === 'SEPARATELY' ? '11' : '10.00'
  const input = await call(merchant, sold, { applyCharges, charges: [{ code: 'PALLET', amount: { amount, currencyCode: 'USD' } }] })
  const { shipAndClosePreview: preview } = await stage.graphql(PreviewShipAndCloseDocument, { input })
  expect(preview.results.map((one) => [one.wouldClose, one.marketplaceCarrierCode, one.totalCharges?.amount])).toEqual(totals.map((total) => [true, 'UPS', total]))
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [1000, 6] })

  const { shipAndClose: first } = await stage.graphql(ShipAndCloseDocument, { input })
  expect(first).toMatchObject({ closed: 3, failed: 0, userErrors: [] })
  expect(first.results.map((one) => one.order?.status)).toEqual(['CLOSED', 'CLOSED', 'CLOSED'])
  const again = (await stage.graphql(ShipAndCloseDocument, { input })).shipAndClose
  expect(again.results.map((one) => one.shipments.map(({ id }) => id))).toEqual(first.results.map((one) => one.shipments.map(({ id }) => id)))
  expect(await charged(merchant, sold)).toEqual(totals)
  expect(await stage.levels(merchant)).toMatchObject({ MUG: [994, 0] })

  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ status: 'SUCCEEDED', sent: 3, rejected: 0 })
  await stage.pass(60)
  expect(await stage.run(merchant, 'CONFIRM_TRACKING')).toMatchObject({ status: 'SUCCEEDED', accepted: 3 })
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ status: 'SUCCEEDED', sent: 0 })
  for (const { orderId, orderItems } of sold) {
    const order = await stage.order(merchant, orderId)
    expect(order.shipments).toMatchObject([{ tracking: { status: 'ACCEPTED', attempts: 1, acceptedAt: expect.any(String) } }])
    const { confirmations } = await stage.simulator.control<{ confirmations: unknown[] }>(`orders/${orderId}`)
    expect(confirmations).toMatchObject([{
      status: 204, applied: true,
      body: { packageDetail: { packageReferenceId: '1', carrierCode: 'UPS', shippingMethod: 'Ground', trackingNumber: order.shipments[0]!.routing.trackingNumber, orderItems: [{ orderItemId: orderItems[0]!.orderItemId, quantity: 2 }] } },
    }])
  }
  expect(countOf(typesOf(await stage.told(merchant)))).toEqual({ IMPORT_STARTED: 1, IMPORT_FINISHED: 1, ORDER_IMPORTED: 3, ORDER_SHIPPED: 3, ORDER_CLOSED: 3, TRACKING_ACCEPTED: 3 })
})

test.concurrent('two packages, shipped one after the other: one confirmation each, and the order closes with the second', async () => {
  const merchant = await stage.merchant()
  const [sold] = await stage.buy(merchant, { items: [{ sellerSku: 'MUG', quantity: 3 }, { sellerSku: 'PACK', quantity: 1 }] })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const order = await stage.order(merchant, sold!.orderId)
  const mug = order.lines.find((line) => line.sellerSku === 'MUG')!
  const part: ShipAndCloseInput = {
    idempotencyKey: randomUUID(), routing, orders: [{ orderId: order.id, packages: [{ trackingNumber: 'PART1', lines: [{ orderLineId: mug.id, quantity: 2 }] }] }],
  }
  expect((await stage.graphql(ShipAndCloseDocument, { input: part })).shipAndClose).toMatchObject({ closed: 0, failed: 0, results: [{ order: { status: 'OPEN' } }] })
  expect(await stage.levels(merchant)).toEqual({ MUG: [998, 1], PACK: [1000, 1] })
  const rest: ShipAndCloseInput = { idempotencyKey: randomUUID(), routing, orders: [{ orderId: order.id }] }
  expect((await stage.graphql(ShipAndCloseDocument, { input: rest })).shipAndClose).toMatchObject({ closed: 1, results: [{ order: { status: 'CLOSED' } }] })
  expect(await stage.levels(merchant)).toEqual({ MUG: [997, 0], PACK: [999, 0] })
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ sent: 2 })
  await stage.pass(60)
  expect(await stage.run(merchant, 'CONFIRM_TRACKING')).toMatchObject({ accepted: 2 })
  const { confirmations } = await stage.simulator.control<{ confirmations: { body: { packageDetail: { packageReferenceId: string } } }[] }>(`orders/${sold!.orderId}`)
  expect(confirmations.map(({ body }) => body.packageDetail.packageReferenceId).sort()).toEqual(['1', '2'])
})

test.concurrent('rejected with its reason, corrected, and accepted as an edit of the same package', async () => {
  const merchant = await stage.merchant()
  const sold = await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  await stage.graphql(ShipAndCloseDocument, { input: await call(merchant, sold, {}) })
  await stage.simulator.control('faults', 'POST', { operation: 'confirmShipment', sellerId: merchant.sellerId, kind: 'reject', times: 1, message: 'The tracking number is not ours.' })
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ sent: 0, rejected: 1 })
  const rejected = await stage.order(merchant, sold[0]!.orderId)
  expect(rejected.shipments).toMatchObject([{ tracking: {
    status: 'REJECTED', code: 'TRACKING_NUMBER_REFUSED', field: ['routing', 'trackingNumber'], message: expect.stringContaining('Check it'), marketplaceMessage: expect.stringContaining('not ours'),
  } }])
  const { correctTracking } = await stage.graphql(CorrectTrackingDocument, { input: { shipmentId: rejected.shipments[0]!.id, routing: { trackingNumber: 'CORRECTED1' } } })
  expect(correctTracking).toMatchObject({ userErrors: [], shipment: { tracking: { status: 'PENDING' } } })
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ sent: 1 })
  await stage.pass(60)
  expect(await stage.run(merchant, 'CONFIRM_TRACKING')).toMatchObject({ accepted: 1 })
  const { confirmations } = await stage.simulator.control<{ confirmations: { status: number; body: { packageDetail: { packageReferenceId: string; trackingNumber: string } } }[] }>(`orders/${sold[0]!.orderId}`)
  expect(confirmations.map(({ status, body }) => [status, body.packageDetail.packageReferenceId, body.packageDetail.trackingNumber])).toEqual([[400, '1', expect.any(String)], [204, '1', 'CORRECTED1']])
  expect(typesOf(await stage.told(merchant)).filter((type) => type.startsWith('TRACKING'))).toEqual(['TRACKING_REJECTED', 'TRACKING_ACCEPTED'])
})

test.concurrent('carriers of one\'s own: listed, checked and sent under their name at Amazon; one that Amazon has no code for goes as Other, with its name', async () => {
  interface Listed { carriers: { code: string; name: string; scacs: string[]; amazonCarrierCode: string }[] }
  const { carriers } = await stage.graphql<Listed>('{ carriers { code name scacs amazonCarrierCode } }')
  expect(carriers.slice(-2)).toEqual([{ code: 'PONY', name: 'Pony Express', scacs: ['PONX'], amazonCarrierCode: 'PonyExpressUS' }, { code: 'MULE', name: 'Mule Train', scacs: [], amazonCarrierCode: 'Other' }])
  const merchant = await stage.merchant()
  const sold = await stage.buy(merchant, { count: 3 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const orders = await Promise.all(sold.map(({ orderId }) => stage.order(merchant, orderId)))
  const by = (carrier: string, trackingNumber: string, scac: string) => ({ carrier, scac, service: 'Saddle', trackingNumber })
  const routings = [by('pony express', 'PX1234567891', 'PONX'), by('Mule Train', 'M1', 'MULE'), by('Camel Post', 'C1', 'CMLP')]
  const wrong = { idempotencyKey: randomUUID(), orders: [{ orderId: orders[0]!.id, routing: by('PONY', 'PX1234567892', 'UPSN') }] }
  const preview = await stage.graphql<{ shipAndClosePreview: { results: object[] } }>('query ($input: ShipAndCloseInput!) { shipAndClosePreview(input: $input) { results { marketplaceCarrierCode userErrors { code } warnings { code } } } }', { input: wrong })
  expect(preview.shipAndClosePreview.results).toEqual([{ marketplaceCarrierCode: 'PonyExpressUS', userErrors: [{ code: 'SCAC_MISMATCH' }], warnings: [{ code: 'TRACKING_NUMBER_MALFORMED' }] }])
  const { shipAndClose } = await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: randomUUID(), orders: orders.map(({ id: orderId }, index) => ({ orderId, routing: routings[index]! })) } })
  expect(shipAndClose.results.map((one) => [one.order?.status, one.shipments[0]?.routing.carrier, one.warnings.map(({ code }) => code)])).toEqual([
    ['CLOSED', 'PONY', []], ['CLOSED', 'MULE', []], ['CLOSED', 'Camel Post', ['CARRIER_UNKNOWN']],
  ])
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ sent: 3, rejected: 0 })
  const told = await Promise.all(sold.map(({ orderId }) => stage.simulator.control<{ confirmations: { body: { packageDetail: { carrierCode: string; carrierName?: string } } }[] }>(`orders/${orderId}`)))
  expect(told.map(({ confirmations }) => [confirmations[0]!.body.packageDetail.carrierCode, confirmations[0]!.body.packageDetail.carrierName])).toEqual([
    ['PonyExpressUS', undefined], ['Other', 'Mule Train'], ['Other', 'Camel Post'],
  ])
})
