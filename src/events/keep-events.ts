// What the log no longer keeps. It is removed from its beginning on, a part at a time, and never what a reader has still to come to.
import type { Database } from '../db/client.ts'
import { one, type Queryable, type Statement, statement } from '../db/sql.ts'
import { eventCatalogue, eventTypes } from './catalogue.ts'
import { BEGINNING, isAfter, type Position } from './read.ts'

const AT_A_TIME = 5000

const tellOfRuns = eventTypes.filter((type) => eventCatalogue[type] === 'JOB_RUN').map((type) => `'${type}'`).join(', ')

// What is removed and how far the removing came commit together: whoever reads from before that place sees that something is gone.
const removal = (name: string, history: string, removed: string): Statement => statement(
  name,
  `WITH place AS (SELECT xid, id FROM history_starts WHERE name = '${history}' FOR UPDATE),
   next AS MATERIALIZED (SELECT id, xid, type, occurred_at FROM events WHERE (xid, id) > (SELECT xid, id FROM place) ORDER BY xid, id LIMIT ${AT_A_TIME}),
   past AS MATERIALIZED (
     SELECT * FROM (
       SELECT id, xid, type, bool_and(occurred_at < $1 AND NOT EXISTS (SELECT FROM event_readers AS reader WHERE (reader.xid, reader.id) < (next.xid, next.id))) OVER (ORDER BY xid, id) AS is_past FROM next
     ) AS judged WHERE is_past
   ),
   gone AS (DELETE FROM events USING past WHERE events.id = past.id AND ${removed}),
   noted AS (
     UPDATE history_starts SET before = greatest(before, $1), xid = last.xid, id = last.id FROM (SELECT xid, id FROM past ORDER BY xid DESC, id DESC LIMIT 1) AS last WHERE name = '${history}'
   )
   SELECT (SELECT count(*) FROM past)::int AS passed, EXISTS (SELECT FROM next WHERE occurred_at < $1 AND id NOT IN (SELECT id FROM past)) AS more`,
)

const removeAll = removal('removeEvents', 'events', 'true')
const removeOfRuns = removal('removeRunEvents', 'run events', `past.type IN (${tellOfRuns})`)

/** SQL: of what is younger than this, the log has every event. A transaction's events bear the time of its beginning, hence the day. */
export const wholeSince = `(SELECT before + interval '1 day' FROM history_starts WHERE name = 'events')`

/** Removes the events from before the moment. Who comes back with a cursor from there is told so: `hasExpired`. False where some had to stay. */
export const removeEvents = (db: Database, before: Date): Promise<boolean> => through(db, removeAll, before)

/** Removes the events from before the moment that tell of a run alone; cursors from there stay good. False where some had to stay. */
export const removeRunEvents = (db: Database, before: Date): Promise<boolean> => through(db, removeOfRuns, before)

async function through({ pool }: Database, remove: Statement, before: Date): Promise<boolean> {
  for (;;) {
    const { passed, more } = (await one<{ passed: number; more: boolean }>(pool, remove, [before]))!
    if (passed < AT_A_TIME) return !more
  }
}

const start = statement('startOfLog', `SELECT xid::text, id::text FROM history_starts WHERE name = 'events'`)
/**
 * Whether events after the position were removed, so that what is there begins with a gap. Ask after reading: what was removed before is seen
 * then. The beginning of the log is wherever it begins.
 */
export async function hasExpired(on: Queryable, after: Position): Promise<boolean> {
  return isAfter(after, BEGINNING) && isAfter((await one<Position>(on, start))!, after)
}
