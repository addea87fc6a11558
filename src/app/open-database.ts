import path from 'node:path'
import pg from 'pg'
import type { Config } from '../config/env.ts'
import { type Database, openDatabase } from '../db/client.ts'
import { startEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import type { Log } from '../observability/log.ts'
import { causes } from '../observability/causes.ts'

export const migrations = path.resolve(import.meta.dirname, '../../prisma/migrations')

const NAME = 'cartage'

/** The configured database, or the embedded one in the data folder; migrated. What it starts, it hands to `stops`, in order. */
export async function openConfiguredDatabase(config: Config, log: Log, stops: (() => Promise<void>)[]): Promise<Database> {
  const address = config.databaseUrl === null ? await embedded(config, log, stops) : { connectionString: nameless(config.databaseUrl) }
  const direct = config.databaseDirectUrl === null ? null : { connectionString: nameless(config.databaseDirectUrl), application_name: NAME }
  const db = openDatabase({ ...address, max: config.databasePoolSize, application_name: NAME }, (error) => log.warn({ causes: causes(error) }, 'database connection lost'), { direct, prepares: config.preparedStatements })
  stops.push(() => db.close())
  // The lock of the migrations is a session's.
  const own = direct === null ? null : new pg.Pool({ ...direct, max: 1 })
  try {
    await migrate(own ?? db.pool, migrations, (line) => log.info(line))
  } finally {
    await own?.end()
  }
  return db
}

/** The gateway's connections bear its own name, whatever the address says: the audit log tells them from others by it. */
function nameless(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.searchParams.delete('application_name')
  return url.href
}

async function embedded(config: Config, log: Log, stops: (() => Promise<void>)[]): Promise<pg.ClientConfig> {
  const server = await startEmbedded({ dataDir: path.join(config.dataDir, 'postgres'), log: (line) => log.info(line) })
  stops.push(() => server.stop())
  const client = new pg.Client({ ...server.config, database: 'postgres' })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`)
  } catch (error) {
    // Another process was quicker.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    await client.end()
  }
  return { ...server.config, database: NAME }
}
