import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Binaries, Identity } from './embedded-binaries.ts'

export const SUPERUSER = 'postgres'
/** A name part of the socket's file; nothing listens on TCP. */
export const PORT = 5432

/**
 * How the server's own processes name their data folder. They start within it, put there before root's rights are dropped: so an
 * unprivileged server can live below folders that it may not enter.
 */
export const here = (dataDir: string): string => (process.platform === 'linux' ? '/proc/self/cwd' : dataDir)

/** Nothing of the caller's environment (PGDATA, LANG, TZ, secrets) may leak into the server. */
export const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'],
  LC_ALL: 'C',
  TZ: 'UTC',
})

/**
 * PostgreSQL refuses to run as root, so for root another user is taken: the one that owns the data, else `postgres`, else `nobody`.
 * @returns null when this process is not root's: the server then runs as the same user
 */
export function serverIdentity(dataDir: string): Identity | null {
  if (process.getuid?.() !== 0) return null
  if (exists(dataDir)) {
    const { uid, gid } = fs.statSync(dataDir)
    if (uid === 0) throw new Error(`${dataDir} belongs to root, as whom PostgreSQL refuses to run: give it to another user (chown -R nobody)`)
    return { uid, gid }
  }
  const users = fs.readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!user) throw new Error('PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor "nobody": set DATABASE_URL')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

const exists = (dataDir: string): boolean => fs.existsSync(path.join(dataDir, 'PG_VERSION'))

/** Makes the cluster where there is none: UTF8, sorted by code point alike on every machine. Several processes may try at once. */
export function ensureCluster(dataDir: string, { initdb }: Binaries, runAs: Identity | null): void {
  if (exists(dataDir)) return
  fs.mkdirSync(path.dirname(dataDir), { recursive: true })
  sweep(dataDir)
  // In a folder of its own, then renamed: a first start that was cut short, or had company, leaves nothing half made.
  const fresh = `${dataDir}.${process.pid}`
  fs.mkdirSync(fresh, { mode: 0o700 })
  try {
    if (runAs) fs.chownSync(fresh, runAs.uid, runAs.gid)
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
    const options = ['-D', here(fresh), '-U', SUPERUSER, '--auth=trust', ...locale, '--no-sync', '--no-instructions']
    const { error, status, stderr } = spawnSync(initdb, options, { ...runAs, cwd: fresh, env: environment(), stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
    if (error) throw new Error(`initdb could not be started${runAs ? ` as user ${runAs.uid}` : ''}: ${error.message}`, { cause: error })
    if (status !== 0) throw new Error(`initdb failed: ${stderr.trim()}`)
    fs.renameSync(fresh, dataDir)
  } catch (error) {
    if (!exists(dataDir)) throw error // else another process was faster
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true })
  }
}

/** Removes what first starts that were killed have left, this process id's included. */
function sweep(dataDir: string): void {
  for (const name of fs.readdirSync(path.dirname(dataDir))) {
    const pid = name.startsWith(`${path.basename(dataDir)}.`) ? Number(name.slice(path.basename(dataDir).length + 1)) : NaN
    if (Number.isInteger(pid) && (pid === process.pid || !alive(pid))) fs.rmSync(path.join(path.dirname(dataDir), name), { recursive: true, force: true })
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** The server's process id, by its own file; null where no server runs or it ended cleanly. */
export function postmasterPid(dataDir: string): number | null {
  try {
    return Number(fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return null
  }
}

/**
 * Removes the file of a server that was killed when its number now is another process's, or a dead one's that nobody waited for (both
 * usual in containers): PostgreSQL would take it for a running server and refuse to start, for ever. Should its children still live,
 * PostgreSQL notices by the shared memory.
 */
export function forgetDeadPostmaster(dataDir: string): void {
  const pid = postmasterPid(dataDir)
  if (pid === null || process.platform !== 'linux') return
  try {
    const [, name, state] = /\((.*)\) (\w)/s.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    if (name === 'postgres' && state !== 'Z') return
  } catch {
    return // no such process: PostgreSQL sees that itself
  }
  fs.rmSync(path.join(dataDir, 'postmaster.pid'), { force: true })
}

/**
 * The folder of the server's socket: the data folder, or, where that would be too long a name for a socket (107 bytes on Linux, 103 on
 * macOS), one in the folder for temporary files, that only the server's user may enter.
 */
export function socketDirectory(dataDir: string): string {
  const fits = (directory: string): boolean => Buffer.byteLength(path.join(directory, `.s.PGSQL.${PORT}`)) <= 100
  if (fits(dataDir)) return dataDir
  const name = `cartage-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
  return [os.tmpdir(), '/tmp'].map((directory) => path.join(directory, name)).find(fits) ?? dataDir
}

/** Makes that folder, or sees that the one there is the server's alone. */
export function ensureSocketDirectory(directory: string, runAs: Identity | null): void {
  try {
    fs.mkdirSync(directory, { mode: 0o700 })
    if (runAs) fs.chownSync(directory, runAs.uid, runAs.gid)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const { uid, mode } = fs.lstatSync(directory)
  if (uid !== (runAs?.uid ?? process.getuid?.()) || (mode & 0o077) !== 0 || !fs.lstatSync(directory).isDirectory()) {
    throw new Error(`${directory}, the folder of the database's socket, belongs to somebody else: remove it`)
  }
}
