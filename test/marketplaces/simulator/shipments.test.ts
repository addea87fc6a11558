import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf, type SellerAccess, simulate, type Simulated, US } from './simulated.ts'

let simulated: Simulated
let access: SellerAccess
let apis: Awaited<ReturnType<Simulated['apis']>>
beforeAll(async () => {
  simulated = await simulate()
  access = await simulated.seller()
  apis = await simulated.apis(access)
})
afterAll(() => simulated.stop())

const twoLines = (more: object = {}) =>
  simulated.order(access, {
    items: [
      { sellerSku: 'HK-MUG-2', quantity: 2 },
      { sellerSku: 'ST-PEN-5', quantity: 1 },
    ],
    ...more,
  })
const pack = (reference: string, items: [string, number][], more: object = {}) => ({
  packageReferenceId: reference,
  carrierCode: 'UPS',
  shippingMethod: 'Ground',
  trackingNumber: '1Z999AA10123456784',
  shipDate: '2026-03-02T10:00:00Z',
  orderItems: items.map(([orderItemId, quantity]) => ({ orderItemId, quantity })),
  ...more,
})
const confirm = (orderId: string, packageDetail: ReturnType<typeof pack>, marketplaceId = US) =>
  apis.shipments.confirmShipment({ orderId, payload: { marketplaceId, packageDetail } })
const read = async (orderId: string) => (await apis.orders.getOrder({ orderId, includedData: ['FULFILLMENT', 'PACKAGES'] })).data.order

test('in part, then in full; each package is read back and moves lastUpdatedTime', async () => {
  const {
    orderId,
    orderItems: [mugs, pens],
    lastUpdatedTime,
  } = await twoLines()
  await simulated.advance(10)
  const first = await confirm(orderId, pack('1', [[mugs!.orderItemId, 1]]))
  expect(first.status).toBe(204)
  expect(first.data).toBe('')
  const half = await read(orderId)
  expect(half.fulfillment?.fulfillmentStatus).toBe('PARTIALLY_SHIPPED')
  expect(half.lastUpdatedTime > lastUpdatedTime).toBe(true)
  expect(half.orderItems[0]!.fulfillment).toEqual({ quantityFulfilled: 1, quantityUnfulfilled: 1 })
  expect(half.packages).toMatchObject([
    {
      packageReferenceId: '1',
      carrier: 'UPS',
      shippingService: 'Ground',
      trackingNumber: '1Z999AA10123456784',
      packageItems: [{ quantity: 1 }],
    },
  ])
  expect(
    (
      await confirm(
        orderId,
        pack(
          '2',
          [
            [mugs!.orderItemId, 1],
            [pens!.orderItemId, 1],
          ],
          { carrierCode: 'Other', carrierName: 'Velo Post' },
        ),
      )
    ).status,
  ).toBe(204)
  const whole = await read(orderId)
  expect(whole.fulfillment?.fulfillmentStatus).toBe('SHIPPED')
  expect(whole.packages?.map((one) => one.carrier)).toEqual(['UPS', 'Velo Post'])
})

test('the same reference edits the package, its own units being free again', async () => {
  const {
    orderId,
    orderItems: [mugs, pens],
  } = await twoLines()
  const all: [string, number][] = [
    [mugs!.orderItemId, 2],
    [pens!.orderItemId, 1],
  ]
  await confirm(orderId, pack('7', all))
  expect((await confirm(orderId, pack('7', all, { trackingNumber: 'CORRECTED1' }))).status).toBe(204)
  expect((await read(orderId)).packages).toMatchObject([{ packageReferenceId: '7', trackingNumber: 'CORRECTED1' }])
  expect((await confirm(orderId, pack('7', [[mugs!.orderItemId, 2]]))).status).toBe(204)
  expect((await read(orderId)).fulfillment?.fulfillmentStatus).toBe('PARTIALLY_SHIPPED')
  const { body } = await simulated.control<{ confirmations: { status: number; applied: boolean; body: object }[] }>(
    'GET',
    `/orders/${orderId}`,
  )
  expect(body.confirmations.map(({ status, applied }) => [status, applied])).toEqual([
    [204, true],
    [204, true],
    [204, true],
  ])
  expect(body.confirmations[1]!.body).toMatchObject({ packageDetail: { trackingNumber: 'CORRECTED1' } })
})

test('over-quantity is refused, also within one call and beyond an edit', async () => {
  const {
    orderId,
    orderItems: [mugs],
  } = await twoLines()
  const id = mugs!.orderItemId
  const over = await confirm(orderId, pack('1', [[id, 3]]))
  expect(over.status).toBe(400)
  expect(errorOf(over.data)).toMatchObject({ code: 'InvalidInput', message: expect.stringContaining('more than the 2') })
  expect(
    (
      await confirm(
        orderId,
        pack('1', [
          [id, 1],
          [id, 2],
        ]),
      )
    ).status,
  ).toBe(400)
  expect((await confirm(orderId, pack('1', [[id, 1]]))).status).toBe(204)
  expect((await confirm(orderId, pack('2', [[id, 2]]))).status).toBe(400)
  expect((await confirm(orderId, pack('1', [[id, 3]]))).status).toBe(400)
  expect((await confirm(orderId, pack('1', [[id, 2]]))).status).toBe(204)
})

test('what Amazon refuses, and what it says', async () => {
  const {
    orderId,
    orderItems: [mugs],
  } = await twoLines()
  const items: [string, number][] = [[mugs!.orderItemId, 1]]
  const refusal = async (reference: unknown, more: object, marketplaceId: unknown = US) => {
    const answer = await apis.http.post(`${simulated.url}/orders/v0/orders/${orderId}/shipmentConfirmation`, {
      marketplaceId,
      packageDetail: { ...pack('1', items, more), packageReferenceId: reference },
    })
    expect(answer.status).toBe(400)
    const { code, message } = errorOf(answer.data)
    expect(code).toBe('InvalidInput')
    return message
  }
  expect(await refusal(1, {})).toContain('packageReferenceId must be a string')
  for (const reference of ['0', '-1', 'box', '1.5', '']) expect(await refusal(reference, {})).toContain('positive numeric')
  expect(await refusal(undefined, {})).toContain('packageReferenceId')
  for (const shipDate of ['2 March 2026', '2026-03-02', '2026-13-02T00:00:00Z', undefined])
    expect(await refusal('1', { shipDate })).toContain('shipDate')
  expect(await refusal('1', { carrierCode: ' ' })).toContain('carrierCode must not be blank')
  expect(await refusal('1', { carrierCode: 'Other' })).toContain('carrierName is required')
  expect(await refusal('1', { trackingNumber: '' })).toContain('trackingNumber must not be blank')
  expect(await refusal('1', { shippingMethod: '' })).toContain('shippingMethod must not be blank')
  expect(await refusal('1', { orderItems: [] })).toContain('at least one item')
  expect(await refusal('1', { orderItems: { orderItemId: mugs!.orderItemId, quantity: 1 } })).toContain('must be a list')
  expect(await refusal('1', { orderItems: [{ orderItemId: '99', quantity: 1 }] })).toContain('is not an item of order')
  expect(await refusal('1', { orderItems: [{ orderItemId: mugs!.orderItemId, quantity: 0 }] })).toContain('at least 1')
  expect(await refusal('1', {}, 'A1F83G8C2ARO7P')).toContain('is not the marketplace')
  expect((await read(orderId)).packages).toBeUndefined()
})

test("orders that are not the seller's to ship now", async () => {
  const attempt = async (more: object) => {
    const {
      orderId,
      orderItems: [item],
    } = await twoLines(more)
    const answer = await confirm(orderId, pack('1', [[item!.orderItemId, 1]]))
    return answer.status === 400 ? errorOf(answer.data).message : answer.status
  }
  expect(await attempt({ status: 'CANCELLED' })).toContain('cancelled')
  expect(await attempt({ status: 'PENDING' })).toContain('PENDING')
  expect(await attempt({ fulfilledBy: 'AMAZON' })).toContain('Amazon')
  expect(await attempt({ programs: ['FBM_SHIP_PLUS'] })).toContain('Ship+')
  expect(await attempt({ status: 'SHIPPED' })).toContain('PackageToUpdateNotFound')
  expect((await confirm('111-0000000-0000000', pack('1', [['1', 1]]))).status).toBe(404)
  expect((await confirm('abc', pack('1', [['1', 1]]))).status).toBe(400)
})

test('a package travels and arrives by the clock, each step an update', async () => {
  const {
    orderId,
    orderItems: [mugs, pens],
  } = await twoLines()
  await confirm(
    orderId,
    pack('1', [
      [mugs!.orderItemId, 2],
      [pens!.orderItemId, 1],
    ]),
  )
  const at = (await read(orderId)).lastUpdatedTime
  await simulated.advance(3 * 86_400)
  apis = await simulated.apis(access)
  const order = await read(orderId)
  expect(order.packages?.[0]!.packageStatus?.status).toBe('DELIVERED')
  expect(Date.parse(order.lastUpdatedTime) - Date.parse(at)).toBe(3 * 86_400_000)
})
