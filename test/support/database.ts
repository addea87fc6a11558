import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  url: string
  config: pg.PoolConfig
  /** Connections that are still open after a second are cut. The end of the run drops what was not. */
  drop(): Promise<void>
}

/** A database of one's own with all migrations applied, and nothing in it. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = inject('server')
  const database = `${server.prefix}${randomBytes(6).toString('hex')}`
  // Copying files beats writing the template through the log, as nothing here need survive a crash.
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${database} TEMPLATE ${server.template} STRATEGY file_copy`))
  return {
    url: server.url.replace(encodeURIComponent('$DATABASE'), database),
    config: { ...server.config, database },
    drop: () => asAdmin(async (admin) => {
      await departure(admin, database)
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
    }),
  }
}

// A pool's end() does not wait for its sockets to close, and a client that is cut while it closes throws at nobody.
async function departure(admin: pg.Client, database: string): Promise<void> {
  const deadline = Date.now() + 1000
  while (Date.now() < deadline) {
    const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1 LIMIT 1', [database])
    if (rowCount === 0) return
    await sleep(5)
  }
}

async function asAdmin(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ ...inject('server').config, database: 'postgres' })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}
