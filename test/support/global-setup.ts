// One PostgreSQL for the whole run, kept from run to run, and in it one migrated template that each test file clones.
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'

export interface TestServer {
  config: { host: string; port: number; user: string; ssl: false }
  /** Where the database `$DATABASE` is. */
  url: string
  /** Every database of this run is named so, and then something more. */
  prefix: string
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer
  }
}

const root = path.join(import.meta.dirname, '../..')

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const embedded = await startEmbedded({
    dataDir: path.join(root, '.cache/test-postgres'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  })
  const run = randomBytes(6).toString('hex')
  const prefix = `test_${run}_`
  const template = `${prefix}template`
  const admin = new pg.Client({ ...embedded.config, database: 'postgres' })
  await admin.connect()
  // Held as long as this run lives, however it ends: so another can tell whose databases are left over.
  await admin.query('SELECT pg_advisory_lock($1)', [keyOf(run)])
  await dropLeftovers(admin)
  await admin.query(`CREATE DATABASE ${template}`)
  const pool = new pg.Pool({ ...embedded.config, database: template })
  await migrate(pool, path.join(root, 'prisma/migrations'))
  await pool.end()
  project.provide('server', { config: embedded.config, url: embedded.url('$DATABASE'), prefix, template })
  return async () => {
    await dropAll(admin, prefix)
    await admin.end()
    await embedded.stop()
  }
}

const keyOf = (run: string): string => BigInt(`0x${run}`).toString()

async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ run: string }>(`SELECT DISTINCT substring(datname FROM '^test_([0-9a-f]{12})_') AS run FROM pg_database WHERE datname ~ '^test_[0-9a-f]{12}_'`)
  for (const { run } of rows) {
    const { rows: [lock] } = await admin.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [keyOf(run)])
    if (lock?.free !== true) continue
    await dropAll(admin, `test_${run}_`)
    await admin.query('SELECT pg_advisory_unlock($1)', [keyOf(run)])
  }
}

async function dropAll(admin: pg.Client, prefix: string): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix])
  for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)} WITH (FORCE)`)
}
