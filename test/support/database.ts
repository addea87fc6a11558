import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  url: string
  config: pg.PoolConfig
  /** Also while connections are open: those are cut. The end of the run drops what was not. */
  drop(): Promise<void>
}

/** A database of one's own with all migrations applied, and nothing in it. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = inject('server')
  const database = `${server.prefix}${randomBytes(6).toString('hex')}`
  // Copying files beats writing the template through the log, as nothing here need survive a crash.
  await asAdmin(`CREATE DATABASE ${database} TEMPLATE ${server.template} STRATEGY file_copy`)
  return {
    url: server.url.replace(encodeURIComponent('$DATABASE'), database),
    config: { ...server.config, database },
    drop: () => asAdmin(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`),
  }
}

async function asAdmin(statement: string): Promise<void> {
  const admin = new pg.Client({ ...inject('server').config, database: 'postgres' })
  await admin.connect()
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}
