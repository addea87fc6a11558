import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { loadExisting, type Scope } from '../auth/scope.ts'
import { Connection } from '../connections/connection.types.ts'
import { connectionById } from '../connections/connections.store.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById } from '../customers/customers.store.ts'
import { encodePosition, type EventRow } from '../events/read.ts'
import { EventCursor } from '../graphql/scalars.ts'
import { Event, EventPage, EventsArguments } from './event.types.ts'
import { eventsWanted, findEvents } from './find-events.ts'

@Resolver(() => Event)
export class EventsResolver {
  @Query(() => EventPage, { description: 'The event log, oldest first after a cursor: the same events that the subscriptions stream.' })
  events(@Args(() => EventsArguments) args: EventsArguments, @Ctx() scope: Scope): Promise<EventPage> {
    return findEvents(scope, args, eventsWanted(args.filter))
  }

  @FieldResolver(() => ID)
  id(@Root() event: EventRow): string {
    return `evt_${event.id}`
  }

  @FieldResolver(() => EventCursor)
  cursor(@Root() event: EventRow): string {
    return encodePosition(event)
  }

  @FieldResolver(() => Connection)
  connection(@Root() event: EventRow, @Ctx() scope: Scope): Promise<Connection> {
    return loadExisting(scope, connectionById, event.connectionId)
  }

  @FieldResolver(() => Customer)
  customer(@Root() event: EventRow, @Ctx() scope: Scope): Promise<Customer> {
    return loadExisting(scope, customerById, event.customerId)
  }
}
