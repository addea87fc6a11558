// The processes of a bench, each real: the built program by its roles, Amazon's simulator, and what they have cost.
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const main = path.resolve('dist/main.js')
/** As `npm start` has them. */
const flags = ['--enable-source-maps', '--max-semi-space-size=32']
const READY = 'Cartage is running'
/** Of /proc: what every Linux counts in. */
const TICKS_A_SECOND = 100

export interface Program {
  pid: number
  /** All that it has printed, to be read when something is amiss. */
  logFile: string
  /** Undefined until it listens, and for one that serves nothing. */
  apiUrl: string | undefined
  /** Settles once it has ended, for whatever reason. */
  ended: Promise<unknown>
  /** Ends once it has ended. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** Resolves once it runs. `name` is its log file's, which is added to; `cpu`: the one processor that it may use. */
export async function startProgram(name: string, env: Record<string, string>, cpu?: number): Promise<Program> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-bench-'))
  const { printed, ...program } = await start(name, [...flags, main], { HOST: '127.0.0.1', PORT: '0', WORKER_PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env }, READY, cpu)
  void program.ended.then(() => fs.rmSync(dataDir, { recursive: true, force: true }))
  return { ...program, apiUrl: /GraphQL +(\S+)/.exec(printed)?.[1] }
}

/** Another server, that prints `ready` and its URL; `asOurs`: by the flags of `npm start`. */
export async function startRival(name: string, file: string, env: Record<string, string>, cpu?: number, asOurs = false): Promise<Program> {
  const { printed, ...program } = await start(name, [...(asOurs ? flags : []), file], { NODE_ENV: 'production', ...env }, 'ready ', cpu)
  return { ...program, apiUrl: /ready (\S+)/.exec(printed)?.[1] }
}

async function start(name: string, args: readonly string[], env: Record<string, string>, ready: string, cpu?: number): Promise<Omit<Program, 'apiUrl'> & { printed: string }> {
  const logFile = path.resolve('.cache', `bench-${name}.log`)
  const log = fs.createWriteStream(logFile, { flags: 'a' })
  const [command, ...pinning] = cpu === undefined ? [process.execPath] : pinned(cpu, process.execPath)
  const child = spawn(command!, [...pinning, ...args], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      log.write(chunk)
      if (printed.includes(ready)) return
      printed += chunk.toString()
      if (printed.includes(ready)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void ended.then(() => {
      log.end()
      reject(new Error(`${name} ended before it ran: ${printed}`))
    })
  })
  return { pid: child.pid!, logFile, printed, ended, end: (signal) => end(child, ended, signal) }
}

const canPin = os.cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0

/** A command that runs `program` on that processor alone, where the system can do so. */
export const pinned = (cpu: number, program: string): string[] => (canPin ? ['taskset', '-c', String(cpu), program] : [program])

/** From now on a process, what it has started and what it will start use that processor alone, where the system can do so. */
export function pin(cpu: number, pid: number): void {
  if (!canPin) return
  for (const one of [pid, ...childrenOf(pid)]) spawnSync('taskset', ['-a', '-p', '-c', String(cpu), String(one)])
}

export interface Amazon {
  url: string
  pid: number
  /** Its control API; throws what it refuses. */
  control<T = Record<string, unknown>>(name: string, method?: string, body?: unknown): Promise<T>
  stop(): Promise<void>
}

/** The simulator in a process of its own, its clock at `startsAt` now and `factor` times as fast as ours. */
export async function startAmazon({ factor, startsAt, seed }: { factor: number; startsAt: Date; seed: number }): Promise<Amazon> {
  const child = fork(fileURLToPath(new URL('simulated-amazon.js', import.meta.url)), {
    env: { ...process.env, FACTOR: String(factor), START: String(startsAt.getTime()), SEED: String(seed) }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'close')
  const [url] = (await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error('the simulator did not start')))])) as [string]
  return {
    url,
    pid: child.pid!,
    control: controlAt(url),
    stop: () => end(child, ended, 'SIGKILL'),
  }
}

/** The control API of a simulator. */
export const controlAt = (url: string): Amazon['control'] => async <T>(name: string, method = 'GET', body?: unknown): Promise<T> => {
  const response = await fetch(`${url}/_simulator/${name}`, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${name}: ${response.status} ${text}`)
  return (text === '' ? {} : JSON.parse(text)) as T
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  await ended
}

/** CPU seconds of a process, and with `family` of all that it has started; null where the system has no /proc. */
export function cpuSeconds(pid: number, family = false): number | null {
  try {
    const own = ticksOf(pid)
    const ticks = family ? own.self + own.gone + childrenOf(pid).reduce((sum, child) => sum + ticksOf(child).self, 0) : own.self
    return ticks / TICKS_A_SECOND
  } catch {
    return null
  }
}

/** The embedded server of that data folder. */
export function postmaster(dataDir: string): number {
  return Number(fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** Fields 14 to 17 of /proc/pid/stat; what stands before may hold spaces, in brackets. */
function ticksOf(pid: number): { parent: number; self: number; gone: number } {
  const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number)
  const at = (field: number): number => fields[field - 3] ?? 0
  return { parent: at(4), self: at(14) + at(15), gone: at(16) + at(17) }
}

function childrenOf(pid: number): number[] {
  const all = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return all.filter((one) => {
    try {
      return ticksOf(one).parent === pid
    } catch {
      return false // gone meanwhile
    }
  })
}
