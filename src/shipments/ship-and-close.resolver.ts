import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { uuidOf } from '../kit/ids.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { Charge, Order } from '../orders/order.types.ts'
import { toCharge } from '../orders/orders.resolver.ts'
import { chargeById, orderById, type OrderRow } from '../orders/orders.store.ts'
import type { Carriers } from './carriers.ts'
import type { ShipAndCloseInput as Call } from './plan.ts'
import { previewShipAndClose } from './preview-ship-and-close.ts'
import { shipAndClose } from './ship-and-close.ts'
import { ShipAndCloseInput, ShipAndClosePayload, ShipAndClosePreview, ShipAndClosePreviewResult, ShipAndCloseResult } from './ship-and-close.types.ts'
import { Shipment } from './shipment.types.ts'
import { shipmentById, type ShipmentRow } from './shipments.store.ts'

@Resolver(() => ShipAndCloseResult)
export class ShipAndCloseResolver {
  readonly #channels: Channels
  readonly #carriers: Carriers

  constructor(at: { channels: Channels; carriers: Carriers }) {
    this.#channels = at.channels
    this.#carriers = at.carriers
  }

  @Query(() => ShipAndClosePreview, {
    description: 'What shipAndClose would do with the same input: every error, every charge to the cent, what the marketplace would be sent. Changes nothing.',
  })
  async shipAndClosePreview(@Arg('input', () => ShipAndCloseInput, { description: 'What `shipAndClose` would be given.' }) input: ShipAndCloseInput, @Ctx() scope: Scope): Promise<ShipAndClosePreview> {
    const preview = await previewShipAndClose(scope, this.#carriers, parse(input))
    if ('refusals' in preview) return { results: [], userErrors: preview.refusals }
    const results = preview.results.map(({ orderId, order, closes, routing, charges, totalCharges, refusals, warnings }) => ({
      orderId, orderUuid: order?.id ?? null, wouldClose: closes, routing, additionalCharges: charges, totalCharges, userErrors: refusals, warnings,
      marketplaceCarrierCode: order === null || routing.carrier === null ? null : this.#carrierCode(order.row.marketplaceId, routing.carrier),
    }))
    return { results, userErrors: [] }
  }

  @Mutation(() => ShipAndClosePayload, {
    description: 'Records what left the building, adds charges, closes the orders, takes the stock and queues the tracking updates. All of it or, per order, nothing.',
  })
  async shipAndClose(@Arg('input', () => ShipAndCloseInput) input: ShipAndCloseInput, @Ctx() scope: Scope): Promise<ShipAndClosePayload> {
    const outcome = await shipAndClose(scope, this.#carriers, parse(input))
    if ('refusals' in outcome) return { results: [], closed: 0, failed: 0, userErrors: outcome.refusals }
    const results = outcome.results.map(({ order, shipments, charges, ...rest }) => ({ ...rest, orderUuid: order, shipmentUuids: shipments, chargeUuids: charges }))
    return { ...outcome, results, userErrors: [] }
  }

  // Read back, and only if asked for: a repeated call shows the orders as they are by then.
  @FieldResolver(() => Order, { nullable: true })
  async order(@Root() { orderUuid }: ShipAndCloseResult, @Ctx() scope: Scope): Promise<OrderRow | null> {
    return orderUuid === null ? null : load(scope, orderById, orderUuid)
  }

  @FieldResolver(() => [Shipment])
  async shipments(@Root() { shipmentUuids }: ShipAndCloseResult, @Ctx() scope: Scope): Promise<ShipmentRow[]> {
    return present(await Promise.all(shipmentUuids.map((id) => load(scope, shipmentById, id))))
  }

  @FieldResolver(() => [Charge])
  async charges(@Root() { chargeUuids }: ShipAndCloseResult, @Ctx() scope: Scope): Promise<Charge[]> {
    return present(await Promise.all(chargeUuids.map((id) => load(scope, chargeById, id)))).map(toCharge)
  }

  #carrierCode(marketplaceId: string, carrier: string): string | null {
    const marketplace = this.#channels.marketplace(marketplaceId)
    return marketplace === null ? null : this.#channels.get(marketplace.channel).carrierCode(carrier)
  }
}

@Resolver(() => ShipAndClosePreviewResult)
export class ShipAndClosePreviewResolver {
  @FieldResolver(() => Order, { nullable: true, description: 'As it is now; null where there is none.' })
  async order(@Root() { orderUuid }: ShipAndClosePreviewResult, @Ctx() scope: Scope): Promise<OrderRow | null> {
    return orderUuid === null ? null : load(scope, orderById, orderUuid)
  }
}

const present = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null)

function parse(input: ShipAndCloseInput): Call {
  return {
    idempotencyKey: input.idempotencyKey,
    orders: input.orders.map(({ orderId, expectedVersion, routing, packages, overrideCancelRequest }) => ({
      orderId, uuid: uuidOf('Order', orderId), expectedVersion: expectedVersion ?? null, routing: routing ?? null, overrideCancelRequest: overrideCancelRequest ?? false,
      packages: packages?.map(({ trackingNumber, weight, lines }) => ({
        trackingNumber: trackingNumber ?? null, weight: weight ?? null, lines: lines.map((line) => ({ orderLineId: uuidOf('OrderLine', line.orderLineId), quantity: line.quantity })),
      })) ?? null,
    })),
    routing: input.routing ?? null,
    charges: input.charges ?? [],
    applyCharges: input.applyCharges ?? 'SEPARATELY',
    onError: input.onError ?? 'SKIP_FAILED',
    incompleteRouting: input.incompleteRouting ?? 'REFUSE',
    shippedAt: input.shippedAt ?? null,
  }
}
