import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type pg from 'pg'

/** The advisory lock of Prisma's schema engine. */
const LOCK = 72_707_369

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
 * whose process is killed, leaves nothing behind and is applied at the next start. (So none may hold a statement that refuses
 * transactions, such as CREATE INDEX CONCURRENTLY.)
 *
 * @param directory holds a folder for each migration, applied by order of their names
 * @returns the names of those it applied
 * @throws Error when one fails, was edited since, or was left half done by the CLI
 */
export async function migrate(pool: pg.Pool, directory: string, log: (line: string) => void = () => {}): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query(BOOKS)
    const { rows } = await client.query<Entry>('SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL')
    const entries = new Map(rows.map((entry) => [entry.migration_name, entry]))
    const applied: string[] = []
    for (const migration of await read(directory)) {
      if (isDone(migration, entries.get(migration.name))) continue
      await apply(client, migration)
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

async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, clock_timestamp(), 1)',
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`The migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
