import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { seconds } from '../kit/clock.ts'

/** The advisory lock of Prisma's schema engine. */
const LOCK = 72_707_369
const LOOK_MS = 200

/** So long a statement of a migration waits for a table: whoever else wants that table waits behind it. */
const PATIENCE = '3s'
/** Then it lets them by, and tries again. */
const REST_MS = seconds(2)
const MOST_TRIES = 30
const LOCK_NOT_AVAILABLE = '55P03'

/** Prisma's own books: https://github.com/prisma/prisma-engines, schema-engine, `imperative_migration_persistence`. */
const BOOKS = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`

interface Entry {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

/**
 * Applies the migrations that the database has not had, as `prisma migrate deploy` would and in its books, so that either may follow
 * the other. Several processes may call it at once. Unlike there, a migration and its entry are one transaction: one that fails, or
 * whose process is killed, leaves nothing behind and is applied at the next start. One that is a single CREATE INDEX CONCURRENTLY has
 * none, as that refuses it: an index that was left unfinished is made anew.
 *
 * A gateway at work beside it is held up for three seconds at most by a migration that waits for a table.
 *
 * @param directory holds a folder for each migration, applied by order of their names
 * @returns the names of those it applied
 * @throws Error when one fails, was edited since, or was left half done by the CLI
 */
export async function migrate(pool: pg.Pool, directory: string, log: (line: string) => void = () => {}): Promise<string[]> {
  const client = await pool.connect()
  try {
    // Who waits in one statement has a snapshot, for which CREATE INDEX CONCURRENTLY would wait.
    while (!(await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [LOCK])).rows[0]!.got) await sleep(LOOK_MS)
    await client.query(BOOKS)
    const { rows } = await client.query<Entry>('SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL')
    const entries = new Map(rows.map((entry) => [entry.migration_name, entry]))
    const applied: string[] = []
    for (const migration of await read(directory)) {
      if (isDone(migration, entries.get(migration.name))) continue
      await apply(client, migration, log)
      log(`applied the migration ${migration.name}`)
      applied.push(migration.name)
    }
    return applied
  } finally {
    client.release(true) // closes the session, and with it goes the lock
  }
}

interface Migration {
  name: string
  sql: string
  checksum: string
}

async function read(directory: string): Promise<Migration[]> {
  const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const names = folders.map((folder) => folder.name).sort()
  return Promise.all(names.map(async (name) => {
    const sql = await readFile(path.join(directory, name, 'migration.sql'))
    return { name, sql: sql.toString(), checksum: createHash('sha256').update(sql).digest('hex') }
  }))
}

function isDone({ name, checksum }: Migration, entry: Entry | undefined): boolean {
  if (!entry) return false
  if (entry.finished_at === null) throw new Error(`The migration ${name} was left half done: mend the database, then "npx prisma migrate resolve"`)
  if (entry.checksum !== checksum) throw new Error(`The migration ${name} was edited after it had been applied`)
  return true
}

async function apply(client: pg.PoolClient, migration: Migration, log: (line: string) => void): Promise<void> {
  const { name, sql } = migration
  const index = concurrent.exec(sql)?.[1]
  try {
    if (index !== undefined) return await build(client, migration, index)
    for (let tries = 1; !(await inTransaction(client, migration)); tries++) {
      if (tries === MOST_TRIES) throw new Error('its tables are in use: whoever holds them stands in pg_stat_activity')
      log(`the migration ${name} waits for tables that are in use`)
      await sleep(REST_MS)
    }
  } catch (error) {
    throw new Error(`The migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** False where a table was not to be had. */
async function inTransaction(client: pg.PoolClient, migration: Migration): Promise<boolean> {
  await client.query(`BEGIN; SET LOCAL lock_timeout = '${PATIENCE}'`)
  try {
    await client.query(migration.sql)
    await note(client, migration)
    await client.query('COMMIT')
    return true
  } catch (error) {
    await client.query('ROLLBACK')
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return false
    throw error
  }
}

/** The one statement of a migration, and the name of its index. */
const concurrent = /^(?:\s*--[^\n]*\n)*\s*CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?"?(\w+)"?[^;]*;?\s*$/i

async function build(client: pg.PoolClient, migration: Migration, index: string): Promise<void> {
  const { rows: [left] } = await client.query<{ valid: boolean }>('SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)', [pg.escapeIdentifier(index)])
  if (left?.valid === false) await client.query(`DROP INDEX CONCURRENTLY ${pg.escapeIdentifier(index)}`)
  if (left?.valid !== true) await client.query(migration.sql)
  await note(client, migration)
}

async function note(client: pg.PoolClient, { name, checksum }: Migration): Promise<void> {
  await client.query(
    'INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, clock_timestamp(), 1)',
    [randomUUID(), checksum, name],
  )
}
