// A reader of the log that keeps its place in the database: what it does with a batch and its new place commit together, so that a kill
// repeats nothing and loses nothing.
import type { Database } from '../db/client.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import { type Tx, transaction } from '../db/transaction.ts'
import { endOfEvents, type EventRow, readNewEvents } from './read.ts'

const BATCH = 500

const begin = statement('beginReader', 'INSERT INTO event_readers (name, xid, id) VALUES ($1, $2::xid8, $3::bigint) ON CONFLICT (name) DO NOTHING')
const take = statement('takeReader', 'SELECT xid::text, id::text FROM event_readers WHERE name = $1 FOR UPDATE SKIP LOCKED')
const move = statement('moveReader', 'UPDATE event_readers SET xid = $2::xid8, id = $3::bigint WHERE name = $1')

/** A new reader begins at the log's end: nobody is told of the past. */
export async function beginReader(db: Database, name: string): Promise<void> {
  const { xid, id } = await endOfEvents({ db })
  await run(db.pool, begin, [name, xid, id])
}

const lags = statement(
  'readerLags',
  `SELECT name AS reader, coalesce(extract(epoch FROM now() - (
     SELECT occurred_at FROM events WHERE (events.xid, events.id) > (reader.xid, reader.id) ORDER BY events.xid, events.id LIMIT 1
   )), 0)::float8 AS seconds FROM event_readers AS reader ORDER BY name`,
)
/** For how long what each reader comes to next has waited for it; for the operator's metrics. */
export const readerLags = (on: Queryable): Promise<{ reader: string; seconds: number }[]> => rows(on, lags)

/** Handles the next events of every tenant, oldest first, in one transaction with the reader's place. False where another has it, or nothing is new; true where there may be more. */
export async function readOn(db: Database, name: string, handle: (tx: Tx, events: readonly EventRow[]) => Promise<void>): Promise<boolean> {
  return transaction(db.pool, async (tx) => {
    const place = await one<{ xid: string; id: string }>(tx, take, [name])
    if (place === null) return false
    const { events } = await readNewEvents(tx, place, BATCH)
    const last = events.at(-1)
    if (last === undefined) return false
    await handle(tx, events)
    await run(tx, move, [name, last.xid, last.id])
    return events.length === BATCH
  })
}
