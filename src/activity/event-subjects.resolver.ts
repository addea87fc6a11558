// What each event is about, as it is now: an event carries ids and facts, never a row.
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { loadExisting, type Scope } from '../auth/scope.ts'
import { JobRun } from '../connections/job-run.types.ts'
import { type JobRunRow, jobRunById } from '../connections/job-runs.store.ts'
import type { EventRow } from '../events/read.ts'
import { InventoryItem } from '../inventory/inventory.types.ts'
import { inventoryItemById } from '../inventory/inventory.store.ts'
import type { ItemRow } from '../inventory/stock.store.ts'
import { ImportFailure } from '../orders/import-failure.types.ts'
import { importFailureById } from '../orders/import-failures.store.ts'
import { Order } from '../orders/order.types.ts'
import { orderById } from '../orders/orders.store.ts'
import { Shipment } from '../shipments/shipment.types.ts'
import { shipmentById, type ShipmentRow } from '../shipments/shipments.store.ts'
import { EventPage, EventPageArguments, ImportEvent, ImportFailureEvent, InventoryEvent, OrderEvent, ShipmentEvent } from './event.types.ts'
import { findEvents } from './find-events.ts'

@Resolver(() => ImportEvent)
export class ImportEventsResolver {
  @FieldResolver(() => JobRun)
  jobRun(@Root() event: EventRow, @Ctx() scope: Scope): Promise<JobRunRow> {
    return loadExisting(scope, jobRunById, event.jobRunId!)
  }
}

@Resolver(() => OrderEvent)
export class OrderEventsResolver {
  @FieldResolver(() => Order)
  order(@Root() event: EventRow, @Ctx() scope: Scope): Promise<Order> {
    return loadExisting(scope, orderById, event.orderId!)
  }
}

@Resolver(() => ImportFailureEvent)
export class ImportFailureEventsResolver {
  @FieldResolver(() => ImportFailure)
  failure(@Root() event: EventRow, @Ctx() scope: Scope): Promise<ImportFailure> {
    return loadExisting(scope, importFailureById, event.importFailureId!)
  }
}

@Resolver(() => ShipmentEvent)
export class ShipmentEventsResolver {
  @FieldResolver(() => Shipment)
  shipment(@Root() event: EventRow, @Ctx() scope: Scope): Promise<ShipmentRow> {
    return loadExisting(scope, shipmentById, event.shipmentId!)
  }
}

@Resolver(() => InventoryEvent)
export class InventoryEventsResolver {
  @FieldResolver(() => InventoryItem)
  inventoryItem(@Root() event: EventRow, @Ctx() scope: Scope): Promise<ItemRow> {
    return loadExisting(scope, inventoryItemById, event.inventoryItemId!)
  }
}

@Resolver(() => Order)
export class OrderHistoryResolver {
  @FieldResolver(() => EventPage, { description: 'What happened to it, oldest first.' })
  history(@Root() order: Order, @Args(() => EventPageArguments) args: EventPageArguments, @Ctx() scope: Scope): Promise<EventPage> {
    return findEvents(scope, args, { types: null, connectionIds: null, customerIds: null, orderId: order.id })
  }
}
