// confirmShipment of Orders v0: one call tells of one package; the same reference again edits it.
// https://developer-docs.amazon.com/sp-api/docs/confirm-the-shipment-status
import type { ConfirmShipmentRequest } from '@sp-api-sdk/orders-api-v0'
import { z } from 'zod'
import { days } from '../../../kit/clock.ts'
import { type Answer, invalidInput, notFound, refused } from './answer.ts'
import type { Call } from './call.ts'
import { openFor, type Package, type StoredOrder } from './order.ts'
import { orderNumberForm, orderOf } from './orders.ts'
import { parseIso, parseJson } from './parse.ts'
import type { State } from './state.ts'

const filled = (name: string) => z.string(`${name} is required.`).refine((text) => text.trim() !== '', `${name} must not be blank.`)
const shape = z.object({
  marketplaceId: filled('marketplaceId'),
  codCollectionMethod: z.literal('DirectPayment', 'codCollectionMethod must be DirectPayment.').optional(),
  packageDetail: z.object(
    {
      packageReferenceId: z
        .string('packageReferenceId must be a string.')
        .regex(/^[1-9]\d*$/, 'packageReferenceId must be a positive numeric value.'),
      carrierCode: filled('carrierCode'),
      carrierName: filled('carrierName').optional(),
      shippingMethod: filled('shippingMethod').optional(),
      trackingNumber: filled('trackingNumber'),
      shipDate: z
        .string('shipDate is required.')
        .refine((text) => text.includes('T') && parseIso(text) !== null, 'shipDate must be a date-time in ISO 8601 format.'),
      shipFromSupplySourceId: z.string().optional(),
      orderItems: z
        .array(
          z.object({
            orderItemId: filled('orderItemId'),
            quantity: z.int('quantity must be a whole number.').min(1, 'quantity must be at least 1.'),
            transparencyCodes: z.array(z.string()).optional(),
          }),
          'orderItems must be a list.',
        )
        .min(1, 'orderItems must name at least one item.'),
    },
    'packageDetail is required.',
  ),
})

export function confirmShipment(call: Call): Answer {
  const { state, now, fired } = call
  const orderId = call.path.orderId ?? ''
  if (!orderNumberForm.test(orderId)) return invalidInput(`${orderId} is not an order id of the form 3-7-7.`)
  const order = orderOf(call, orderId)
  if (order === null) return notFound(`Order ${orderId} was not found.`)
  const read = shape.safeParse(parseJson(call.body))
  if (!read.success) return invalidInput(read.error.issues[0]?.message ?? 'The body is not a shipment confirmation.')
  const request: ConfirmShipmentRequest = read.data
  const reject = fired.find('reject')
  const problem =
    reject === undefined ? problemOf(order, request) : (reject.message ?? 'PackageToUpdateNotFound: no package to update was found.')
  if (problem !== null) return refused(400, reject?.code ?? 'InvalidInput', problem)

  const one = packageOf(request, now, order.confirmed.get(request.packageDetail.packageReferenceId))
  order.confirmed.set(one.reference, one)
  const late = fired.find('late')
  if (late === undefined) takeEffect(state, order, one.reference, now)
  else state.schedule.plan(now + late.delaySeconds * 1000, (at) => takeEffect(state, order, one.reference, at))
  return { status: 204 }
}

/** Why Amazon would not take it, or null. */
function problemOf(order: StoredOrder, { marketplaceId, packageDetail }: ConfirmShipmentRequest): string | null {
  if (marketplaceId !== order.marketplaceId) return `marketplaceId ${marketplaceId} is not the marketplace of order ${order.orderId}.`
  if (order.fulfilledBy === 'AMAZON') return 'The order is fulfilled by Amazon: its shipment cannot be confirmed.'
  if (order.programs.includes('FBM_SHIP_PLUS')) return 'Ship+ orders cannot be confirmed with this operation.'
  if (order.status === 'CANCELLED') return 'The order is cancelled.'
  if (order.status !== 'UNSHIPPED' && order.status !== 'PARTIALLY_SHIPPED' && order.status !== 'SHIPPED')
    return `The order is ${order.status}: it is not ready to be shipped.`
  if (packageDetail.carrierCode === 'Other' && packageDetail.carrierName === undefined)
    return 'carrierName is required when carrierCode is Other.'
  const edit = order.confirmed.has(packageDetail.packageReferenceId)
  if (order.status === 'SHIPPED' && !edit) return 'PackageToUpdateNotFound: the order is already shipped and has no such package.'
  const asked = new Map<string, number>()
  for (const { orderItemId, quantity } of packageDetail.orderItems) asked.set(orderItemId, (asked.get(orderItemId) ?? 0) + quantity)
  for (const [orderItemId, quantity] of asked) {
    const line = order.lines.find((one) => one.orderItemId === orderItemId)
    if (line === undefined) return `orderItemId ${orderItemId} is not an item of order ${order.orderId}.`
    const open = openFor(order, line, packageDetail.packageReferenceId)
    if (quantity > open) return `quantity ${quantity} of orderItemId ${orderItemId} is more than the ${open} that are left to ship.`
  }
  return null
}

function packageOf({ packageDetail: detail }: ConfirmShipmentRequest, now: number, edited: Package | undefined): Package {
  return {
    reference: detail.packageReferenceId,
    carrierCode: detail.carrierCode,
    carrierName: detail.carrierCode === 'Other' ? (detail.carrierName ?? null) : null,
    service: detail.shippingMethod ?? null,
    trackingNumber: detail.trackingNumber,
    shippedAt: parseIso(detail.shipDate) ?? now,
    createdAt: edited?.createdAt ?? now,
    status: 'SHIPPED',
    items: detail.orderItems,
  }
}

/** Shows the package, and lets it travel: a day until it is on its way, three until it is there. */
function takeEffect(state: State, order: StoredOrder, reference: string, at: number): void {
  state.showPackage(order, reference, at)
  const one = order.shown.get(reference)
  for (const [after, status] of [
    [days(1), 'IN_TRANSIT'],
    [days(3), 'DELIVERED'],
  ] as const) {
    state.schedule.plan(at + after, (then) => {
      if (one === undefined || order.shown.get(reference) !== one) return
      state.changeOrder(order, then, () => {
        one.status = status
      })
    })
  }
}
