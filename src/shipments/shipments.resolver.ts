import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { Derived, Joined, Same, Takes } from '../graphql/reads.ts'
import { DateTime, URLScalar } from '../graphql/scalars.ts'
import { requireUuid, requireUuids, toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { searchText } from '../kit/search.ts'
import { OrdersPayload, TrackingStatus, UpdateRoutingInput } from '../orders/order-inputs.types.ts'
import { Order, OrderLine, Routing } from '../orders/order.types.ts'
import { ordersPayload } from '../orders/orders.resolver.ts'
import { type LineRow, orderById, orderLineById, type OrderRow } from '../orders/orders.store.ts'
import type { Carriers } from './carriers.ts'
import { correctTracking, retryTracking } from './correct-tracking.ts'
import {
  CorrectTrackingInput, Shipment, ShipmentIdsInput, ShipmentLine, ShipmentPage, ShipmentPayload, ShipmentsArguments, ShipmentsPayload, TrackingUpdate, Weight,
} from './shipment.types.ts'
import { linesOfShipment, shipmentById, type ShipmentLineRow, type ShipmentRow, shipmentsCount, shipmentsList, shipmentsOfOrder, shipmentsPage } from './shipments.store.ts'
import { updateRouting } from './update-routing.ts'

@Resolver(() => Shipment)
export class ShipmentsResolver {
  readonly #carriers: Carriers

  constructor(carriers: Carriers) {
    this.#carriers = carriers
  }

  @Query(() => ShipmentPage, { description: 'Packages that left the building.' })
  async shipments(@Args(() => ShipmentsArguments) { filter, orderBy, ...args }: ShipmentsArguments, @Ctx() scope: Scope): Promise<Page<ShipmentRow>> {
    const order = orderBy ?? 'SHIPPED_DESC'
    const ordering = orderingOf(shipmentsList, order)
    const request = parsePage(args, ordering)
    const wanted = {
      connectionIds: requireUuids('Connection', filter?.connectionIds, 'filter', 'connectionIds'),
      customerIds: requireUuids('Customer', filter?.customerIds, 'filter', 'customerIds'),
      trackingStatuses: filter?.trackingStatuses ?? null,
      trackingNumber: searchText(filter?.trackingNumber, 'filter', 'trackingNumber'),
      shippedFrom: filter?.shippedFrom ?? null,
      shippedBefore: filter?.shippedBefore ?? null,
    }
    return toPage(request, ordering, await shipmentsPage(scope, request, order, wanted), (row) => row, () => shipmentsCount(scope, order, wanted))
  }

  @Query(() => Shipment, { nullable: true, description: 'A package by its id; null where there is none.' })
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

  @Derived<ShipmentRow, 'id'>(() => ID, ['id'], ({ id }) => toId('Shipment', id))
  declare id: string

  @Joined<ShipmentRow, OrderRow>(() => Order, orderById, 'orderId', { description: 'The order that it is of.' })
  declare order: Order

  @Same(() => Routing, { description: 'How it travels.' })
  declare routing: Routing

  @Derived<ShipmentRow, 'weight' | 'weightUnit'>(() => Weight, ['weight', 'weightUnit'], ({ weight, weightUnit }) => (weight === null || weightUnit === null ? null : { value: weight.replace(/\.?0+$/, ''), unit: weightUnit }), { nullable: true, description: 'As it was given.' })
  declare weight: Weight | null

  @Joined<ShipmentRow, ShipmentLineRow[]>(() => [ShipmentLine], linesOfShipment, 'id', { description: 'What lies in it.' })
  declare lines: ShipmentLine[]

  @Same(() => TrackingUpdate, { description: 'What the marketplace was told, and what it said.' })
  declare tracking: TrackingUpdate
}

/** Its lines are as they left the building: no correction changes them. */
const correctable = (field: ShipmentRow['trackingField']): string[] | null =>
  field === null || field === 'lines' ? null : field === 'shippedAt' ? ['shippedAt'] : ['routing', field]

/** Its root is the shipment: only what is asked for is read and worked out. */
@Resolver(() => TrackingUpdate)
export class TrackingUpdatesResolver {
  readonly #carriers: Carriers

  constructor(carriers: Carriers) {
    this.#carriers = carriers
  }

  @Derived<ShipmentRow, 'trackingStatus'>(() => TrackingStatus, ['trackingStatus'], ({ trackingStatus }) => trackingStatus, { description: 'How far it is.' })
  declare status: ShipmentRow['trackingStatus']

  @Derived<ShipmentRow, 'trackingAttempts'>(() => Int, ['trackingAttempts'], ({ trackingAttempts }) => trackingAttempts, { description: 'How often it was sent.' })
  declare attempts: number

  @Derived<ShipmentRow, 'trackingLastAttemptAt'>(() => DateTime, ['trackingLastAttemptAt'], (row) => row.trackingLastAttemptAt, { nullable: true, description: 'When it was last sent.' })
  declare lastAttemptAt: Date | null

  @Derived<ShipmentRow, 'trackingNextAttemptAt'>(() => DateTime, ['trackingNextAttemptAt'], (row) => row.trackingNextAttemptAt, {
    nullable: true, description: 'When it is sent (PENDING) or looked for (UNCONFIRMED), or soon after.',
  })
  declare nextAttemptAt: Date | null

  @Derived<ShipmentRow, 'trackingAcceptedAt'>(() => DateTime, ['trackingAcceptedAt'], (row) => row.trackingAcceptedAt, { nullable: true, description: 'When it was read back.' })
  declare acceptedAt: Date | null

  @Derived<ShipmentRow, 'trackingCode'>(() => String, ['trackingCode'], ({ trackingCode }) => trackingCode, {
    nullable: true,
    description: "Why it is not accepted, for programs: what is known of the refusal (such as TRACKING_NUMBER_REFUSED), else the marketplace's own code; NOT_CONFIRMED, ROUTING_INCOMPLETE, CONNECTION_DISCONNECTED.",
  })
  declare code: string | null

  @Derived<ShipmentRow, 'trackingMessage'>(() => String, ['trackingMessage'], ({ trackingMessage }) => trackingMessage, { nullable: true, description: 'Why, and what to do about it.' })
  declare message: string | null

  @Derived<ShipmentRow, 'trackingField'>(() => [String], ['trackingField'], ({ trackingField }) => correctable(trackingField), {
    nullable: true, description: 'What to correct, as the path into the input of `correctTracking`; null where that cannot mend it, or nobody knows.',
  })
  declare field: string[] | null

  @Derived<ShipmentRow, 'trackingMarketplaceMessage'>(() => String, ['trackingMarketplaceMessage'], (row) => row.trackingMarketplaceMessage, {
    nullable: true, description: "The marketplace's own words for its refusal.",
  })
  declare marketplaceMessage: string | null

  @FieldResolver(() => URLScalar, { nullable: true, description: "The carrier's page of the parcel." })
  @Takes<ShipmentRow, 'carrier' | 'trackingNumber'>('carrier', 'trackingNumber')
  trackingUrl(@Root() { carrier, trackingNumber }: Pick<ShipmentRow, 'carrier' | 'trackingNumber'>): string | null {
    return this.#carriers.trackingUrl(carrier, trackingNumber)
  }
}

@Resolver(() => ShipmentLine)
export class ShipmentLinesResolver {
  @Joined<ShipmentLineRow, LineRow>(() => OrderLine, orderLineById, 'orderLineId', { description: 'The line.' })
  declare orderLine: OrderLine
}

/** Order.shipments stands here, as shipments know orders and not the other way round. */
@Resolver(() => Order)
export class ShipmentsOfOrderResolver {
  readonly #carriers: Carriers

  constructor(carriers: Carriers) {
    this.#carriers = carriers
  }

  @Joined<OrderRow, ShipmentRow[]>(() => [Shipment], shipmentsOfOrder, 'id', { description: 'Its packages, the first shipped first.' })
  declare shipments: ShipmentRow[]

  @Mutation(() => OrdersPayload, { description: 'Sets how open orders are to travel, before they are shipped.' })
  async updateRouting(@Arg('input', () => UpdateRoutingInput) input: UpdateRoutingInput, @Ctx() scope: Scope): Promise<OrdersPayload> {
    return ordersPayload(await updateRouting(scope, this.#carriers, input))
  }
}

export const shipmentNodes: NodeSource[] = [{ type: 'Shipment', read: (scope, id) => load(scope, shipmentById, id) }]
