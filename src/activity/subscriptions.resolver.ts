import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { importEventTypes } from '../events/catalogue.ts'
import { endOfLog, eventFeed, placeOfCursor } from '../events/feed.ts'
import type { EventRow } from '../events/read.ts'
import { EventCursor } from '../graphql/scalars.ts'
import type { Source } from '../graphql/source.ts'
import { BadRequest } from '../kit/errors.ts'
import { requireUuid } from '../kit/ids.ts'
import { Order } from '../orders/order.types.ts'
import { orderById, type OrderRow } from '../orders/orders.store.ts'
import { Event, EventFilter } from './event.types.ts'
import { eventsWanted } from './find-events.ts'
import { presentThenChanges } from './present-then-changes.ts'

interface Subscribing<Args> {
  args: Args
  context: Scope
}

async function follow({ args, context }: Subscribing<{ after?: string | null; filter?: EventFilter | null }>, types?: Parameters<typeof eventsWanted>[1]): Promise<Source<EventRow>> {
  const by = eventsWanted(args.filter, types)
  return eventFeed(context, by, args.after == null ? await endOfLog(context) : placeOfCursor(args.after))
}

@Resolver()
export class SubscriptionsResolver {
  @Subscription(() => Event, {
    description: `Import events, live. With \`after\`, first everything in the log since that cursor, then live, with no gap and no repeat;
a consumer that keeps the last cursor it handled misses nothing, however long it was away.`,
    subscribe: ({ args, context }: Subscribing<{ connectionIds?: string[] | null; after?: string | null }>) =>
      follow({ args: { after: args.after ?? null, filter: { connectionIds: args.connectionIds ?? null } }, context }, importEventTypes),
  })
  importEvents(
    @Root() event: EventRow,
    @Arg('connectionIds', () => [ID], { nullable: true }) _connectionIds?: string[],
    @Arg('after', () => EventCursor, { nullable: true }) _after?: string,
  ): EventRow {
    return event
  }

  @Subscription(() => Event, { description: 'Every kind of event that the viewer may see, filtered. `after` as in `importEvents`.', subscribe: (subscribing: Subscribing<{ after?: string | null; filter?: EventFilter | null }>) => follow(subscribing) })
  events(
    @Root() event: EventRow,
    @Arg('filter', () => EventFilter, { nullable: true }) _filter?: EventFilter,
    @Arg('after', () => EventCursor, { nullable: true }) _after?: string,
  ): EventRow {
    return event
  }

  @Subscription(() => Order, {
    description: 'One order, whole, again each time it changes; its present state first.',
    subscribe: async ({ args, context }: Subscribing<{ id: string }>) => {
      const orderId = requireUuid('Order', args.id, 'id')
      if ((await load(context, orderById, orderId)) === null) throw new BadRequest('no such order', 'id')
      return presentThenChanges({ orderId }, () => endOfLog(context), eventFeed(context, { types: null, connectionIds: null, customerIds: null, orderId }, ''))
    },
  })
  order(@Root() about: { orderId: string }, @Arg('id', () => ID) _id: string, @Ctx() scope: Scope): Promise<OrderRow> {
    return loadExisting(scope, orderById, about.orderId)
  }
}
