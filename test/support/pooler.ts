// A PgBouncer of one's own, in front of a test's database: two connections to PostgreSQL, lent by the transaction.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TestDatabase } from './database.ts'

const BINARY = process.env['PGBOUNCER_PATH'] ?? '/usr/sbin/pgbouncer'
/** Where none is, the tests say so. */
export const hasPooler = existsSync(BINARY)
/** Since 1.21 it can prepare statements for its clients. */
export const preparesStatements = hasPooler && Number(/1\.(\d+)/.exec(execFileSync(BINARY, ['--version']).toString())?.[1]) >= 21

export interface Pooler {
  url: string
  stop(): Promise<void>
}

export async function startPooler({ config }: TestDatabase): Promise<Pooler> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-pooler-'))
  const port = 6432
  // As whoever PostgreSQL runs as: its socket is open to nobody else, and PgBouncer too refuses to be root.
  const { uid, gid } = await stat(String(config.host))
  const settings = [
    '[databases]', `* = host=${String(config.host)} port=${String(config.port)} user=${String(config.user)}`,
    '[pgbouncer]', `unix_socket_dir = ${folder}`, `listen_port = ${port}`, 'listen_addr =', 'auth_type = any', 'pool_mode = transaction', 'default_pool_size = 2', 'max_client_conn = 200',
    ...(preparesStatements ? ['max_prepared_statements = 200'] : []),
  ]
  await writeFile(path.join(folder, 'pgbouncer.ini'), settings.join('\n'))
  await chmod(folder, 0o777)
  const child = spawn(BINARY, [path.join(folder, 'pgbouncer.ini')], { uid, gid, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const socket = path.join(folder, `.s.PGSQL.${port}`)
  for (const deadline = Date.now() + 10_000; !existsSync(socket); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`PgBouncer did not start: ${said}`)
  }
  return {
    url: `postgresql:///${String(config.database)}?host=${encodeURIComponent(folder)}&port=${port}&user=${String(config.user)}`,
    async stop() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
