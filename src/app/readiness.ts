import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../db/client.ts'
import { rows, statement } from '../db/sql.ts'
import type { Readiness } from '../http/health.ts'

const PATIENCE_MS = 2000
const applied = statement('appliedMigrations', 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL')

/** Ready: the database answers, and has every migration that this code was written for. */
export async function databaseReadiness({ pool }: Database, migrations: string): Promise<Readiness> {
  const needed = (await readdir(migrations, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return async () => {
    const timer = new AbortController()
    const silence = sleep(PATIENCE_MS, null, { signal: timer.signal }).catch(() => null)
    const found = await Promise.race([rows<{ migrationName: string }>(pool, applied), silence])
    timer.abort()
    if (found === null) return ['the database does not answer']
    const names = new Set(found.map((row) => row.migrationName))
    return needed.filter((name) => !names.has(name)).map((name) => `migration ${name} is not applied`)
  }
}
