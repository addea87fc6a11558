// A PostgreSQL with a synchronous standby, of the embedded binaries: killed, restarted, failed over and short of disk on demand. What
// was committed stands on both before anybody is told, so that nothing committed may be lost, whichever of them goes.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { chown, copyFile, mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import type { NetConnectOpts } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Binaries, type Identity, postgresBinaries } from '../src/db/embedded-binaries.ts'
import { ensureCluster, environment, forgetDeadPostmaster, here, PORT, serverIdentity, SUPERUSER } from '../src/db/embedded-cluster.ts'

const START_SECONDS = 120
const PAUSE_MS = 100

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '', unix_socket_directories: '.', unix_socket_permissions: '0700', timezone: 'UTC', log_timezone: 'UTC', max_connections: '200',
  max_wal_size: '256MB', wal_keep_size: '256MB', wal_retrieve_retry_interval: '200ms', log_min_error_statement: 'panic', log_error_verbosity: 'terse',
}

/** One server, on one folder. */
class Server {
  readonly dataDir: string
  readonly #binaries: Binaries
  readonly #runAs: Identity | null
  #child: ChildProcess | null = null

  constructor(dataDir: string, binaries: Binaries, runAs: Identity | null) {
    this.dataDir = dataDir
    this.#binaries = binaries
    this.#runAs = runAs
  }

  get config(): pg.ClientConfig {
    return { host: this.dataDir, port: PORT, user: SUPERUSER, database: 'postgres' }
  }

  get socket(): NetConnectOpts {
    return { path: path.join(this.dataDir, `.s.PGSQL.${PORT}`) }
  }

  /** Resolves once it takes connections, after whatever it has to recover. `standbyOf`: whose log it follows. */
  async start(standbyOf?: Server): Promise<void> {
    const given = { ...settings, ...(standbyOf === undefined ? {} : { primary_conninfo: `host=${standbyOf.dataDir} port=${PORT} user=${SUPERUSER} application_name=standby` }) }
    for (const deadline = performance.now() + START_SECONDS * 1000; ; await sleep(PAUSE_MS)) {
      // What the killed server left running holds its memory for a moment.
      if (this.#child === null || this.#child.exitCode !== null || this.#child.signalCode !== null) await this.#spawn(given)
      if (await this.ask('SELECT 1').then(() => true, () => false)) return
      if (performance.now() > deadline) throw new Error(`PostgreSQL in ${this.dataDir} did not start: see its server.log`)
    }
  }

  async #spawn(given: Readonly<Record<string, string>>): Promise<void> {
    forgetDeadPostmaster(this.dataDir)
    const out = fs.openSync(path.join(this.dataDir, '..', 'server.log'), 'a')
    const args = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    this.#child = spawn(this.#binaries.postgres, ['-D', here(this.dataDir), '-p', String(PORT), ...args], { ...this.#runAs, cwd: this.dataDir, env: environment(), detached: true, stdio: ['ignore', out, out] })
    fs.closeSync(out)
    await once(this.#child, 'spawn')
  }

  /** As a superuser, on a connection of its own. */
  async ask<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
    const client = new pg.Client({ ...this.config, connectionTimeoutMillis: 5000 })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<Row>(sql)).rows
    } finally {
      await client.end().catch(() => {})
    }
  }

  /** SIGKILL: a crash. SIGINT: cuts all connections and ends in order. Of one that has ended by itself: nothing. */
  async end(signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  get hasEnded(): boolean {
    return this.#child === null || this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** A folder of this server's files as they are, from which a standby can start. */
  async copyTo(dataDir: string): Promise<Server> {
    const client = new pg.Client(this.config)
    await client.connect()
    try {
      await client.query(`SELECT pg_backup_start('standby', true)`)
      await this.#copyFolder('', dataDir)
      const { rows: [stopped] } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
      for (const [name, text] of [['backup_label', stopped!.labelfile], ['standby.signal', '']] as const) await this.#own(path.join(dataDir, name), (file) => writeFile(file, text, { mode: 0o600 }))
    } finally {
      await client.end()
    }
    return new Server(dataDir, this.#binaries, this.#runAs)
  }

  async #copyFolder(below: string, to: string): Promise<void> {
    await this.#own(path.join(to, below), (folder) => mkdir(folder, { mode: 0o700 }))
    if (['pg_wal', 'pg_replslot', 'pg_stat_tmp'].includes(below)) return
    for (const entry of await readdir(path.join(this.dataDir, below), { withFileTypes: true })) {
      const name = path.join(below, entry.name)
      if (entry.isDirectory()) await this.#copyFolder(name, to)
      else if (entry.isFile() && !/^postmaster\.|^\.s\.|^pg_internal\.init/.test(entry.name)) await this.#own(path.join(to, name), (file) => copyFile(path.join(this.dataDir, name), file)).catch(passOverGone)
    }
  }

  async #own(at: string, make: (at: string) => Promise<unknown>): Promise<void> {
    await make(at)
    if (this.#runAs !== null) await chown(at, this.#runAs.uid, this.#runAs.gid)
  }
}

function passOverGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

export interface ClusterOptions {
  /** A short name: sockets lie below it. It must be there. */
  folder: string
  /** Of the small disk that each server's folder is on; null: no disk of its own, and none that can fill. */
  diskBytes: number | null
}

/** The server that all connect to, and the one that would take its place. */
export class Cluster {
  readonly #disks: readonly [Disk, Disk]
  #primary: Server
  #standby: Server | null = null
  /** Which of the two folders is the primary's. */
  #at = 0
  #generation = 0

  static async start({ folder, diskBytes }: ClusterOptions): Promise<Cluster> {
    const runAs = serverIdentity(path.join(folder, 'a', 'data'))
    const disks = ['a', 'b'].map((name) => new Disk(path.join(folder, name), diskBytes, runAs)) as [Disk, Disk]
    for (const disk of disks) disk.mount()
    const cluster = new Cluster(disks, runAs)
    await cluster.#primary.start()
    await cluster.#primary.ask('CREATE DATABASE cartage')
    await cluster.addStandby()
    return cluster
  }

  private constructor(disks: readonly [Disk, Disk], runAs: Identity | null) {
    this.#disks = disks
    const binaries = postgresBinaries(runAs)
    const dataDir = path.join(disks[0].folder, 'data')
    ensureCluster(dataDir, binaries, runAs)
    this.#primary = new Server(dataDir, binaries, runAs)
  }

  /** Where the primary listens, whichever it is. */
  readonly target = (): NetConnectOpts => this.#primary.socket

  get canFill(): boolean {
    return this.#disks[0].bytes !== null
  }

  /** Down for so long. */
  async crash(ms: number): Promise<void> {
    await this.#primary.end('SIGKILL')
    await sleep(ms)
    await this.#primary.start()
  }

  async restart(ms: number): Promise<void> {
    await this.#primary.end('SIGINT')
    await sleep(ms)
    await this.#primary.start()
  }

  /** The primary dies, after `before`, and is never seen again; the standby takes its place, with all that was committed. */
  async failOver(before: () => void = () => {}): Promise<void> {
    const standby = this.#standby
    if (standby === null || !(await this.#isInStep())) throw new Error('the standby is not in step with the primary')
    before()
    await this.#primary.end('SIGKILL')
    this.#standby = null
    await standby.ask('SELECT pg_promote(true, 60)')
    this.#primary = standby
    this.#at = 1 - this.#at
  }

  /** In place of the one that was lost; whoever commits from then on waits for it. */
  async addStandby(): Promise<void> {
    const disk = this.#disks[1 - this.#at]!
    for (const name of await readdir(disk.folder)) if (name.startsWith('data')) await rm(path.join(disk.folder, name), { recursive: true, force: true, maxRetries: 10, retryDelay: PAUSE_MS })
    this.#standby = await this.#primary.copyTo(path.join(disk.folder, `data${++this.#generation}`))
    await this.#standby.start(this.#primary)
    await this.#primary.ask(`ALTER SYSTEM SET synchronous_standby_names = 'standby'`)
    await this.#primary.ask('SELECT pg_reload_conf()')
    for (const deadline = performance.now() + START_SECONDS * 1000; !(await this.#isInStep()); await sleep(PAUSE_MS)) {
      if (performance.now() > deadline) throw new Error('the standby did not catch up')
    }
  }

  /** Nothing more can be written where the primary's files are, for so long; should it have died of that, it is started again. `log`: its log wants room at once. */
  async fillDisk(ms: number, log: boolean): Promise<{ died: boolean }> {
    const disk = this.#disks[this.#at]!
    await disk.fill()
    for (const until = performance.now() + ms; performance.now() < until; await sleep(PAUSE_MS * 5)) {
      if (log) await this.#primary.ask('SELECT pg_switch_wal()').catch(() => {})
    }
    const died = this.#primary.hasEnded
    disk.free()
    await this.#primary.start()
    return { died }
  }

  async stop(): Promise<void> {
    for (const server of [this.#primary, this.#standby]) await server?.end('SIGKILL')
    await sleep(PAUSE_MS)
    for (const disk of this.#disks) disk.unmount()
  }

  async #isInStep(): Promise<boolean> {
    const found = await this.#primary.ask(`SELECT FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'`).catch(() => [])
    return found.length > 0
  }
}

/** A small file system in memory, that is as large as it is told to be. */
export class Disk {
  readonly folder: string
  readonly bytes: number | null

  constructor(folder: string, bytes: number | null, owner: Identity | null = null) {
    this.folder = folder
    this.bytes = bytes
    fs.mkdirSync(folder, { recursive: true })
    fs.chmodSync(folder, 0o755)
    if (owner !== null) fs.chownSync(folder, owner.uid, owner.gid)
  }

  /** Only root may; whoever may not has no disk that can fill. */
  static get isAllowed(): boolean {
    return process.platform === 'linux' && process.getuid?.() === 0
  }

  mount(): void {
    if (this.bytes === null) return
    const { uid, gid } = fs.statSync(this.folder)
    mount('-t', 'tmpfs', '-o', `size=${this.bytes},uid=${uid},gid=${gid},mode=0755`, 'cartage-chaos', this.folder)
  }

  /** As large as what is on it, from now on. */
  async fill(): Promise<void> {
    const { blocks, bfree, bsize } = await statfs(this.folder)
    this.#resize((blocks - bfree + 1) * bsize)
  }

  free(): void {
    this.#resize(this.bytes!)
  }

  unmount(): void {
    if (this.bytes !== null) spawnSync('umount', ['-l', this.folder])
  }

  #resize(bytes: number): void {
    mount('-o', `remount,size=${bytes}`, this.folder)
  }
}

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`)
}
