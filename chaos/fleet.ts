// The gateway's processes, as a supervisor keeps them: one that ends is started again, one that cannot start is tried again.
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Program, startProgram } from '../bench/processes.ts'
import { Disk } from './postgres.ts'
import { Proxy, type Target } from './proxy.ts'

const clock = pathToFileURL(path.resolve('chaos/shift-clock.mjs')).href
const START_MS = 180_000
const AGAIN_MS = 1000
/** The gateway promises to be gone ten seconds after SIGTERM. */
const STOP_MS = 10_000
/** Of DATA_DIR, where it has a disk of its own. */
const DATA_BYTES = 256 * 1024

export type Role = 'api' | 'worker'

export interface FleetOptions {
  folder: string
  /** Of log files. */
  name: string
  apis: number
  workers: number
  database: Target
  amazon: Target
  /** What all of them are given, beside where their own proxies are. */
  env: Record<string, string>
}

/** One process, whichever it is by now: its ways to PostgreSQL and to Amazon are its own, as is its clock. */
export class Member {
  readonly name: string
  readonly role: Role
  readonly database: Proxy
  readonly amazon: Proxy
  readonly data: Disk
  readonly #clockFile: string
  readonly #env: Record<string, string>
  readonly #deaths: string[]
  readonly #logName: string
  #program: Program | null = null
  /** Ended because somebody meant it to, or about to be. */
  #meant = false
  #stopped = false
  /** Starts that ended before they ran, in the program's last words. */
  readonly refusals: string[] = []

  constructor(role: Role, name: string, logName: string, folder: string, database: Proxy, amazon: Proxy, env: Record<string, string>, deaths: string[]) {
    this.role = role
    this.name = name
    this.#logName = logName
    this.database = database
    this.amazon = amazon
    this.#deaths = deaths
    this.data = new Disk(path.join(folder, `data-${name}`), Disk.isAllowed ? DATA_BYTES : null)
    this.data.mount()
    this.#clockFile = path.join(folder, `clock-${name}`)
    fs.writeFileSync(this.#clockFile, '0')
    this.#env = {
      ...env, CARTAGE_ROLES: role, DATA_DIR: this.data.folder, CLOCK_FILE: this.#clockFile,
      DATABASE_URL: `postgresql://postgres@127.0.0.1:${database.port}/cartage?sslmode=disable`, SIMULATOR_URL: amazon.url,
      NODE_OPTIONS: `--import=${clock}`,
    }
  }

  get isRunning(): boolean {
    return this.#program !== null
  }

  get apiUrl(): string | undefined {
    return this.#program?.apiUrl
  }

  /** Resolves once it runs, however often that has to be tried. */
  async start(): Promise<void> {
    this.#meant = false
    for (const deadline = performance.now() + START_MS; ; await sleep(AGAIN_MS)) {
      if (this.#stopped) return
      try {
        const program = await startProgram(this.#logName, this.#env)
        this.#program = program
        void program.ended.then(() => this.#gone(program))
        return
      } catch (error) {
        this.refusals.push(error instanceof Error ? error.message : String(error))
        if (performance.now() > deadline) throw error
      }
    }
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Orderly; throws where it takes longer than is promised. */
  async stop(): Promise<void> {
    const since = performance.now()
    await this.#end('SIGTERM')
    const took = performance.now() - since
    if (took > STOP_MS + AGAIN_MS) throw new Error(`${this.name} took ${(took / 1000).toFixed(1)} s to stop`)
  }

  /** It does not run, and does not know. */
  freeze(): void {
    process.kill(this.#program!.pid, 'SIGSTOP')
  }

  thaw(): void {
    process.kill(this.#program!.pid, 'SIGCONT')
  }

  /** Its time of day, ahead of all others' by so much, or behind. */
  shiftClock(ms: number): void {
    fs.writeFileSync(this.#clockFile, String(ms))
  }

  /** For good. */
  async discard(): Promise<void> {
    this.#stopped = true
    await this.#end('SIGKILL')
    await Promise.all([this.database.stop(), this.amazon.stop()])
    this.data.unmount()
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#meant = true
    const program = this.#program
    // The balancer finds out by itself.
    await program?.end(signal)
    this.#program = null
  }

  #gone(program: Program): void {
    if (this.#meant || this.#program !== program) return
    this.#program = null
    this.#deaths.push(`${this.name} ended by itself at ${new Date().toISOString()}: see ${program.logFile}`)
    void this.start().catch((error: unknown) => this.#deaths.push(String(error)))
  }
}

export class Fleet {
  readonly apis: readonly Member[]
  readonly workers: readonly Member[]
  /** Processes that ended though nobody had meant them to. */
  readonly deaths: string[]

  static async start({ folder, name, apis, workers, database, amazon, env }: FleetOptions): Promise<Fleet> {
    const deaths: string[] = []
    const make = (role: Role, count: number): Promise<Member[]> =>
      Promise.all(Array.from({ length: count }, async (_, index) => new Member(role, `${role}-${index + 1}`, `${name}-${role}-${index + 1}`, folder, await Proxy.listen(database), await Proxy.listen(amazon), env, deaths)))
    const fleet = new Fleet(await make('api', apis), await make('worker', workers), deaths)
    try {
      await Promise.all(fleet.all.map((member) => member.start()))
      return fleet
    } catch (error) {
      await fleet.discard()
      throw error
    }
  }

  private constructor(apis: readonly Member[], workers: readonly Member[], deaths: string[]) {
    this.apis = apis
    this.workers = workers
    this.deaths = deaths
  }

  get all(): readonly Member[] {
    return [...this.apis, ...this.workers]
  }

  async discard(): Promise<void> {
    await Promise.all(this.all.map((member) => member.discard()))
  }
}

