import { Args, Ctx, ID, Query, Resolver } from 'type-graphql'
import type { Scope } from '../auth/scope.ts'
import { Connection } from '../connections/connection.types.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById, type CustomerRow } from '../customers/customers.store.ts'
import { encodePosition, endOfEvents, type EventRow, type Position } from '../events/read.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { EventCursor } from '../graphql/scalars.ts'
import { Event, EventPage, EventsArguments } from './event.types.ts'
import { eventsWanted, findEvents } from './find-events.ts'

@Resolver(() => Event)
export class EventsResolver {
  @Query(() => EventPage, { description: 'The event log, oldest first after a cursor: the same events that the subscriptions stream.' })
  events(@Args(() => EventsArguments) args: EventsArguments, @Ctx() scope: Scope): Promise<EventPage> {
    return findEvents(scope, args, eventsWanted(args.filter))
  }

  @Query(() => EventCursor, { description: 'Where the log ends now. Taken before a state is read, and given as `after`: what changes the state from then on is told, and nothing of it missed.' })
  async eventCursor(@Ctx() scope: Scope): Promise<string> {
    return encodePosition(await endOfEvents(scope))
  }

  @Derived<EventRow, 'id'>(() => ID, ['id'], ({ id }) => `evt_${id}`)
  declare id: string

  @Derived<EventRow, keyof Position>(() => EventCursor, ['xid', 'id'], encodePosition)
  declare cursor: string

  @Joined<EventRow, ConnectionRow>(() => Connection, connectionById, 'connectionId', { description: 'The connection that it happened on.' })
  declare connection: Connection

  @Joined<EventRow, CustomerRow>(() => Customer, customerById, 'customerId', { description: 'The merchant whom it concerns.' })
  declare customer: Customer
}
