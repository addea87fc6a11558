// What the operator's metrics tell of the database.
import type { Database } from './client.ts'
import { one, type Queryable, statement } from './sql.ts'

/** How the pool's connections are used at this moment, and how many wait for one. */
export function poolUse({ pool }: Pick<Database, 'pool'>): { busy: number; idle: number; waiting: number; most: number } {
  const { totalCount, idleCount, waitingCount, options } = pool
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: options.max }
}

const size = statement('databaseBytes', 'SELECT pg_database_size(current_database())::float8 AS bytes')
/** On disk: tables, indexes and all. */
export async function databaseBytes(on: Queryable): Promise<number> {
  return (await one<{ bytes: number }>(on, size))!.bytes
}
