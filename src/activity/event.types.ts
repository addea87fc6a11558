import { ArgsType, Field, ID, InputType, Int, InterfaceType, ObjectType } from 'type-graphql'
import { eventCatalogue, type EventSubject, eventTypes, type EventType as Type } from '../events/catalogue.ts'
import type { EventRow } from '../events/read.ts'
import { DateTime, EventCursor } from '../graphql/scalars.ts'
import { enumOf, PageInfo } from '../graphql/shared.types.ts'

export const EventType = enumOf('EventType', eventTypes, 'What happened. Kinds may be added: pass over those that you do not know.', {
  IMPORT_STARTED: 'A run of an import began.',
  IMPORT_FINISHED: 'It ended; its receipt is whole.',
  IMPORT_FAILED: 'It ended early.',
  ORDER_IMPORTED: 'A new order is here.',
  ORDER_UPDATED: 'The marketplace changed it.',
  ORDER_IMPORT_FAILED: 'An order could not be imported.',
  ORDER_IMPORT_RECOVERED: 'One that could not be imported was, after all.',
  ORDER_CANCEL_REQUESTED: 'Its buyer has asked to cancel.',
  ORDER_CANCELLED: 'It is not to be shipped any more.',
  ORDER_HELD: 'It waits.',
  ORDER_RELEASED: 'It waits no more.',
  ORDER_SHIPPED: 'A package of it left.',
  ORDER_CLOSED: 'All of it has left.',
  ORDER_CONFLICT: 'The marketplace changed an order that is closed: nothing of it changes here, and a person must see to it.',
  TRACKING_ACCEPTED: 'The marketplace was read to have the package.',
  TRACKING_REJECTED: 'The marketplace refused it: a person must correct it.',
  INVENTORY_PUSHED: 'The marketplace took a quantity.',
  INVENTORY_REJECTED: 'The marketplace refused a quantity.',
  CONNECTION_CHANGED: 'A connection has another status or other settings.',
  CONNECTION_NEEDS_ATTENTION: 'It stopped until a person sets it right; CONNECTION_CHANGED tells of the same.',
  ONBOARDING_OVERDUE: 'The warehouse has not done its part of setting a connection up by the time that was promised.',
  NOTIFICATIONS_STOPPED: 'A contact or webhook gets nothing more, until somebody turns it on again.',
  AUTHORIZATION_EXPIRING: 'An authorization, or the application\'s secret, ends soon or has ended.',
})

const typeNames: Readonly<Record<EventSubject, string>> = {
  JOB_RUN: 'ImportEvent',
  ORDER: 'OrderEvent',
  IMPORT_FAILURE: 'ImportFailureEvent',
  SHIPMENT: 'ShipmentEvent',
  INVENTORY_ITEM: 'InventoryEvent',
  CONNECTION: 'ConnectionEvent',
}

/** Its source is an EventRow; what it is about decides its type. */
@InterfaceType({ description: 'What happened, as the durable log has it.', resolveType: (row: EventRow) => typeNames[eventCatalogue[row.type]] })
export abstract class Event {
  @Field(() => ID)
  id!: string

  @Field(() => EventType, { description: 'What kind of thing happened; new ones may be added.' })
  type!: Type

  @Field(() => DateTime, { description: 'When it happened.' })
  occurredAt!: Date

  @Field(() => String, { description: 'One sentence for people.' })
  summary!: string
}
export interface Event extends EventRow {}

@ObjectType({ implements: Event, description: 'A run of an import began, ended or failed.' })
export class ImportEvent extends Event {}

@ObjectType({ implements: Event, description: 'Something happened to an order.' })
export class OrderEvent extends Event {}

@ObjectType({ implements: Event, description: 'An order could not be imported, or could be after all.' })
export class ImportFailureEvent extends Event {}

@ObjectType({ implements: Event, description: 'A package left, or the marketplace took or refused its tracking.' })
export class ShipmentEvent extends Event {}

@ObjectType({ implements: Event, description: 'A marketplace was told a quantity, and took or refused it.' })
export class InventoryEvent extends Event {
  @Field(() => Int, { description: 'What the marketplace was told.' })
  declare quantity: number
}

@ObjectType({ implements: Event, description: 'A connection changed, or its authorization ends soon.' })
export class ConnectionEvent extends Event {}

@InputType({ description: 'Every condition given must hold; of a list, any one.' })
export class EventFilter {
  @Field(() => [EventType], { nullable: true, description: 'Any of these.' })
  types?: Type[] | null

  @Field(() => [ID], { nullable: true })
  connectionIds?: string[] | null

  @Field(() => [ID], { nullable: true })
  customerIds?: string[] | null

  @Field(() => ID, { nullable: true })
  orderId?: string | null
}

@ArgsType()
export class EventPageArguments {
  @Field(() => Int, { nullable: true, description: '1 to 100; 25 if left out.' })
  first?: number | null

  @Field(() => EventCursor, { nullable: true })
  after?: string | null
}

@ArgsType()
export class EventsArguments extends EventPageArguments {
  @Field(() => EventFilter, { nullable: true })
  filter?: EventFilter | null
}

@ObjectType({ simpleResolvers: true })
export class EventEdge {
  @Field(() => EventCursor)
  cursor!: string

  @Field(() => Event)
  node!: Event
}

@ObjectType({ simpleResolvers: true, description: 'The oldest first; cursors are positions in the log, as the subscriptions take them.' })
export class EventPage {
  @Field(() => [EventEdge])
  edges!: EventEdge[]

  @Field(() => [Event])
  nodes!: Event[]

  @Field(() => PageInfo)
  pageInfo!: PageInfo

  // A function, which graphql-js calls when the field is selected and not otherwise.
  @Field(() => Int, { description: 'Counted only when asked for. Exact up to 10000; 10000 means 10000 or more.' })
  totalCount!: () => Promise<number>
}
