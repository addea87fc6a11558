import { ArgsType, Field, ID, InputType, Int, InterfaceType, ObjectType } from 'type-graphql'
import { eventCatalogue, type EventSubject, type EventType as Type } from '../events/catalogue.ts'
import { EventType } from '../events/event-type.types.ts'
import type { EventRow } from '../events/read.ts'
import { DateTime, EventCursor } from '../graphql/scalars.ts'
import { PageInfo } from '../graphql/shared.types.ts'

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
