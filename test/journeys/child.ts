// The built program as a process of its own, so that it can be stopped and killed. `npm test` builds it first.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Stage } from './stage.ts'

const main = path.resolve(import.meta.dirname, '../../dist/main.js')

export interface Child {
  process: ChildProcess
  /** All that it has printed. */
  output(): string
  /** Once it says that it runs. */
  ready: Promise<string>
  /** Sends the signal; its exit code, and how long it took in milliseconds. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>
}

export function startChild(env: Record<string, string>): Child {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', WORKER_PORT: '0', SIMULATOR_PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'close') as Promise<[number | null]>
  let output = ''
  const ready = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes('Cartage is running') && output.includes('  Roles ')) resolve(output)
      })
    }
    void exited.then(() => reject(new Error(`ended before it ran: ${output}`)))
  })
  ready.catch(() => {}) // a child that is killed before it runs
  return {
    process: child,
    output: () => output,
    ready,
    async end(signal) {
      const since = performance.now()
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      const [code] = await exited
      return { code, ms: performance.now() - since }
    },
  }
}

/** A worker on the stage's database and simulator. */
export async function startWorkerChild(stage: Stage, env: Record<string, string> = {}): Promise<Child> {
  const dataDir = await temporaryFolder()
  const child = startChild({
    CARTAGE_ROLES: 'worker', DATABASE_URL: stage.database.url, ENCRYPTION_KEY: Buffer.from(stage.key[0]).toString('base64'), SIMULATOR_URL: stage.simulator.url, DATA_DIR: dataDir, DATABASE_POOL_SIZE: '8',
    LOG_LEVEL: 'debug', ...env,
  })
  child.process.once('exit', () => void rm(dataDir, { recursive: true, force: true }))
  await child.ready
  return child
}

export const temporaryFolder = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'cartage-child-'))
