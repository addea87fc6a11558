import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import type { NodeSource } from '../graphql/node.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { requireUuid, requireUuids, toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { likePrefix } from '../kit/search.ts'
import { OrdersPayload, UpdateRoutingInput } from '../orders/order-inputs.types.ts'
import { Order, OrderLine, Routing } from '../orders/order.types.ts'
import { ordersPayload } from '../orders/orders.resolver.ts'
import { type LineRow, orderById, orderLineById, type OrderRow } from '../orders/orders.store.ts'
import type { Carriers } from './carriers.ts'
import { correctTracking, retryTracking } from './correct-tracking.ts'
import {
  CorrectTrackingInput, Shipment, ShipmentIdsInput, ShipmentLine, ShipmentPage, ShipmentPayload, ShipmentsArguments, ShipmentsPayload, TrackingUpdate, Weight,
} from './shipment.types.ts'
import { linesOfShipment, shipmentById, type ShipmentLineRow, type ShipmentRow, shipmentsCount, shipmentsOfOrder, shipmentsPage } from './shipments.store.ts'
import { updateRouting } from './update-routing.ts'

@Resolver(() => Shipment)
export class ShipmentsResolver {
  readonly #carriers: Carriers

  constructor(carriers: Carriers) {
    this.#carriers = carriers
  }

  @Query(() => ShipmentPage)
  async shipments(@Args(() => ShipmentsArguments) { filter, orderBy, ...args }: ShipmentsArguments, @Ctx() scope: Scope): Promise<Page<ShipmentRow>> {
    const order = orderBy ?? 'SHIPPED_DESC'
    const request = parsePage(args, order)
    const wanted = {
      connectionIds: requireUuids('Connection', filter?.connectionIds, 'filter', 'connectionIds'),
      customerIds: requireUuids('Customer', filter?.customerIds, 'filter', 'customerIds'),
      trackingStatuses: filter?.trackingStatuses ?? null,
      trackingNumber: likePrefix(filter?.trackingNumber),
      shippedFrom: filter?.shippedFrom ?? null,
      shippedBefore: filter?.shippedBefore ?? null,
    }
    return toPage(request, order, await shipmentsPage(scope, request, order, wanted), (row) => row, () => shipmentsCount(scope, wanted))
  }

  @Query(() => Shipment, { nullable: true })
  shipment(@Arg('id', () => ID) id: string, @Ctx() scope: Scope): Promise<ShipmentRow | null> {
    return load(scope, shipmentById, requireUuid('Shipment', id, 'id'))
  }

  @Mutation(() => ShipmentPayload, { description: 'Corrects the routing of a shipment whose tracking update was refused or wrong, and sends it again: the same package, edited.' })
  async correctTracking(@Arg('input', () => CorrectTrackingInput) input: CorrectTrackingInput, @Ctx() scope: Scope): Promise<ShipmentPayload> {
    const result = await correctTracking(scope, this.#carriers, input)
    return 'refusals' in result ? { shipment: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => ShipmentsPayload, { description: 'Sends rejected tracking updates again as they are.' })
  async retryTracking(@Arg('input', () => ShipmentIdsInput) input: ShipmentIdsInput, @Ctx() scope: Scope): Promise<ShipmentsPayload> {
    const result = await retryTracking(scope, input)
    return 'refusals' in result ? { shipments: [], userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Derived<ShipmentRow>(() => ID, ({ id }) => toId('Shipment', id))
  declare id: string

  @Joined<ShipmentRow, OrderRow>(() => Order, orderById, 'orderId')
  declare order: Order

  @Derived<ShipmentRow>(() => Routing, (shipment) => shipment)
  declare routing: Routing

  @Derived<ShipmentRow>(() => Weight, ({ weight, weightUnit }) => (weight === null || weightUnit === null ? null : { value: weight.replace(/\.?0+$/, ''), unit: weightUnit }), { nullable: true })
  declare weight: Weight | null

  @Joined<ShipmentRow, ShipmentLineRow[]>(() => [ShipmentLine], linesOfShipment, 'id')
  declare lines: ShipmentLine[]

  @FieldResolver(() => TrackingUpdate)
  tracking(@Root() row: ShipmentRow): TrackingUpdate {
    return {
      status: row.trackingStatus, attempts: row.trackingAttempts, lastAttemptAt: row.trackingLastAttemptAt, nextAttemptAt: row.trackingNextAttemptAt,
      acceptedAt: row.trackingAcceptedAt, code: row.trackingCode, message: row.trackingMessage, field: correctable(row.trackingField),
      marketplaceMessage: row.trackingMarketplaceMessage, trackingUrl: this.#carriers.trackingUrl(row.carrier, row.trackingNumber),
    }
  }
}

/** Its lines are as they left the building: no correction changes them. */
const correctable = (field: ShipmentRow['trackingField']): string[] | null =>
  field === null || field === 'lines' ? null : field === 'shippedAt' ? ['shippedAt'] : ['routing', field]

@Resolver(() => ShipmentLine)
export class ShipmentLinesResolver {
  @Joined<ShipmentLineRow, LineRow>(() => OrderLine, orderLineById, 'orderLineId')
  declare orderLine: OrderLine
}

/** Order.shipments stands here, as shipments know orders and not the other way round. */
@Resolver(() => Order)
export class ShipmentsOfOrderResolver {
  readonly #carriers: Carriers

  constructor(carriers: Carriers) {
    this.#carriers = carriers
  }

  @Joined<OrderRow, ShipmentRow[]>(() => [Shipment], shipmentsOfOrder, 'id')
  declare shipments: ShipmentRow[]

  @Mutation(() => OrdersPayload, { description: 'Sets how open orders are to travel, before they are shipped.' })
  async updateRouting(@Arg('input', () => UpdateRoutingInput) input: UpdateRoutingInput, @Ctx() scope: Scope): Promise<OrdersPayload> {
    return ordersPayload(await updateRouting(scope, this.#carriers, input))
  }
}

export const shipmentNodes: NodeSource[] = [{ type: 'Shipment', read: (scope, id) => load(scope, shipmentById, id) }]
