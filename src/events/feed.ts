import type { Scope } from '../auth/scope.ts'
import { defineSource, type Place, type Source } from '../graphql/source.ts'
import { placeOf } from './place.ts'
import { decodePosition, type EventRow, type EventsWanted } from './read.ts'
import { eventTail } from './tail.ts'

/** Where the log ends now: where one begins who wants nothing of the past. */
export const endOfLog = ({ db }: Pick<Scope, 'db'>): Promise<Place> => eventTail(db).now()

/** The place of a cursor. @throws BadRequest */
export const placeOfCursor = (cursor: string, name?: string): Place => placeOf(decodePosition(cursor, name))

/** Every event after the place that is wanted and the scope's: those of the log, then each new one, once and in order. */
export function eventFeed({ tenant, db }: Pick<Scope, 'tenant' | 'db'>, by: EventsWanted, start: Place): Source<EventRow> {
  const tail = eventTail(db)
  return defineSource<EventRow>({
    start,
    replays: true,
    resume: (cursor) => placeOfCursor(cursor, 'Last-Event-ID'),
    read: (place, limit, upTo) => tail.read({ tenant }, by, place, limit, upTo),
    watch: (onMore) => tail.watch(onMore),
  })
}
