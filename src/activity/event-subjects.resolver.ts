// What each event is about, as it is now: an event carries ids and facts, never a row.
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Scope } from '../auth/scope.ts'
import { JobRun } from '../connections/job-run.types.ts'
import { type JobRunRow, jobRunById } from '../connections/job-runs.store.ts'
import { eventByNumber, type EventRow } from '../events/read.ts'
import { Joined } from '../graphql/reads.ts'
import { InventoryItem } from '../inventory/inventory.types.ts'
import { inventoryItemById } from '../inventory/inventory.store.ts'
import type { ItemRow } from '../inventory/stock.store.ts'
import { ImportFailure } from '../orders/import-failure.types.ts'
import { importFailureById } from '../orders/import-failures.store.ts'
import { Order } from '../orders/order.types.ts'
import { orderById, type OrderRow } from '../orders/orders.store.ts'
import { Shipment } from '../shipments/shipment.types.ts'
import { shipmentById, type ShipmentRow } from '../shipments/shipments.store.ts'
import type { DeliveryRow } from '../webhooks/deliveries.store.ts'
import { WebhookDelivery } from '../webhooks/webhook.types.ts'
import { Event, EventPage, EventPageArguments, ImportEvent, ImportFailureEvent, InventoryEvent, OrderEvent, ShipmentEvent } from './event.types.ts'
import { findEvents } from './find-events.ts'

@Resolver(() => ImportEvent)
export class ImportEventsResolver {
  @Joined<EventRow, JobRunRow>(() => JobRun, jobRunById, 'jobRunId', { description: 'The run, as it is now.' })
  declare jobRun: JobRunRow
}

@Resolver(() => OrderEvent)
export class OrderEventsResolver {
  @Joined<EventRow, OrderRow>(() => Order, orderById, 'orderId', { description: 'The order, as it is now.' })
  declare order: OrderRow
}

@Resolver(() => ImportFailureEvent)
export class ImportFailureEventsResolver {
  @Joined<EventRow, ImportFailure>(() => ImportFailure, importFailureById, 'importFailureId', { description: 'The failure, as it is now.' })
  declare failure: ImportFailure
}

@Resolver(() => ShipmentEvent)
export class ShipmentEventsResolver {
  @Joined<EventRow, ShipmentRow>(() => Shipment, shipmentById, 'shipmentId', { description: 'The package, as it is now.' })
  declare shipment: ShipmentRow
}

@Resolver(() => InventoryEvent)
export class InventoryEventsResolver {
  @Joined<EventRow, ItemRow>(() => InventoryItem, inventoryItemById, 'inventoryItemId', { description: 'The item, as it is now.' })
  declare inventoryItem: ItemRow
}

@Resolver(() => Order)
export class OrderHistoryResolver {
  @FieldResolver(() => EventPage, { description: 'What happened to it, oldest first.' })
  history(@Root() order: Order, @Args(() => EventPageArguments) args: EventPageArguments, @Ctx() scope: Scope): Promise<EventPage> {
    return findEvents(scope, args, { types: null, connectionIds: null, customerIds: null, orderId: order.id })
  }
}

@Resolver(() => WebhookDelivery)
export class EventOfDeliveryResolver {
  @Joined<DeliveryRow, EventRow>(() => Event, eventByNumber, 'eventId', { description: 'What it was told.' })
  declare event: EventRow
}
