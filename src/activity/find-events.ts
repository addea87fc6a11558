import type { Scope } from '../auth/scope.ts'
import type { EventType } from '../events/catalogue.ts'
import { hasExpired } from '../events/keep-events.ts'
import { BEGINNING, countEvents, decodePosition, encodePosition, type EventsWanted, horizon, readEvents } from '../events/read.ts'
import { CursorExpired } from '../kit/errors.ts'
import { requireUuid, requireUuids } from '../kit/ids.ts'
import { parsePage } from '../kit/page.ts'
import type { EventFilter, EventPage, EventPageArguments } from './event.types.ts'

/** A filter's ids are the contract's; a malformed one is a BadRequest. */
export function eventsWanted(filter: EventFilter | null | undefined, types: readonly EventType[] | null = filter?.types ?? null): EventsWanted {
  return {
    types,
    connectionIds: requireUuids('Connection', filter?.connectionIds, 'filter', 'connectionIds'),
    customerIds: requireUuids('Customer', filter?.customerIds, 'filter', 'customerIds'),
    orderId: filter?.orderId == null ? null : requireUuid('Order', filter.orderId, 'filter', 'orderId'),
  }
}

/** A page of the log, oldest first. */
export async function findEvents(scope: Scope, args: EventPageArguments, by: EventsWanted): Promise<EventPage> {
  const { limit } = parsePage({ first: args.first }, { list: 'events', order: 'LOGGED', keys: [] })
  const after = args.after == null ? BEGINNING : decodePosition(args.after)
  const found = await readEvents(scope, by, after, await horizon(scope), limit + 1)
  if (await hasExpired(scope.db.pool, after)) throw new CursorExpired()
  const edges = found.slice(0, limit).map((node) => ({ cursor: encodePosition(node), node }))
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: found.length > limit, hasPreviousPage: args.after != null,
    },
    totalCount: () => countEvents(scope, by),
  }
}
