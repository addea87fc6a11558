import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { postgresBinaries } from '../../src/db/embedded-binaries.ts'
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts'

const settings = { fsync: 'off', shared_buffers: '8MB' }
const folders: string[] = []
const running: Embedded[] = []
let model: string

// Making a cluster takes a second; copying one does not.
beforeAll(async () => {
  model = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-model-')), 'postgres')
  await (await startEmbedded({ dataDir: model, settings })).stop()
})
afterAll(() => fs.rmSync(path.dirname(model), { recursive: true, force: true }))

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
  for (const made of folders.splice(0)) fs.rmSync(made, { recursive: true, force: true })
})

function folder(): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-corner-'))
  folders.push(made)
  return made
}

function cluster(below = ''): string {
  const dataDir = path.join(folder(), below, 'postgres')
  fs.mkdirSync(path.dirname(dataDir), { recursive: true })
  execFileSync('cp', ['-a', model, dataDir]) // with its owner
  return dataDir
}

async function start(dataDir: string): Promise<Embedded> {
  const one = await startEmbedded({ dataDir, settings })
  running.push(one)
  return one
}

async function ask(one: Embedded, sql: string): Promise<unknown> {
  const client = new pg.Client({ ...one.config, database: 'postgres' })
  await client.connect()
  try {
    return (await client.query<pg.QueryResultRow>(sql)).rows[0]
  } finally {
    await client.end()
  }
}

test('one that comes while the last one leaves gets a server all the same', async () => {
  const dataDir = cluster()
  let one = await start(dataDir)
  for (let round = 0; round < 6; round++) {
    const leaving = one
    const [next] = await Promise.all([start(dataDir), sleep(round * 3).then(() => leaving.stop())])
    expect(await ask(next, 'SELECT 1 AS one')).toEqual({ one: 1 })
    one = next
  }
})

test('one folder is one server, by whatever name it is reached', async () => {
  const dataDir = cluster()
  fs.symlinkSync(dataDir, `${dataDir}-link`)
  const [first, second] = [await start(dataDir), await start(`${dataDir}-link`)]
  expect(second.config).toEqual(first.config)
})

test('the number of a killed server that now is another process is no obstacle', async () => {
  const dataDir = cluster()
  const pidFile = path.join(dataDir, 'postmaster.pid')
  const one = await start(dataDir)
  const text = fs.readFileSync(pidFile, 'utf8')
  await one.stop()
  fs.writeFileSync(pidFile, text.replace(/^\d+/, String(process.pid)))
  expect(await ask(await start(dataDir), 'SELECT 1 AS one')).toEqual({ one: 1 })
})

test('a socket that lies elsewhere leaves no folder behind', async () => {
  const one = await start(cluster('a'.repeat(110)))
  expect(fs.existsSync(one.config.host)).toBe(true)
  await one.stop()
  expect(fs.existsSync(one.config.host)).toBe(false)
})

test('nothing of a failed statement reaches the log of the server', async () => {
  const dataDir = cluster()
  const one = await start(dataDir)
  await ask(one, 'CREATE TABLE people (email text PRIMARY KEY)')
  const insert = "INSERT INTO people VALUES ('ann@example.com')"
  await ask(one, insert)
  await expect(ask(one, insert)).rejects.toThrow('duplicate key')
  const log = fs.readFileSync(path.join(dataDir, 'server.log'), 'utf8')
  expect(log).toContain('duplicate key')
  expect(log).not.toContain('ann@example.com')
})

// An ordinary user runs the server as itself: no rights are dropped that could be too few.
describe.runIf(process.getuid?.() === 0)('as root', () => {
  test('the server is another user, below a folder that only root may enter', async () => {
    const dataDir = path.join(folder(), 'project/.cartage/postgres')
    await start(dataDir)
    const pid = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]!
    const { uid } = fs.statSync(dataDir)
    expect(uid).not.toBe(0)
    expect(fs.statSync(`/proc/${pid}`).uid).toBe(uid)
  })

  test('programs out of that user\'s reach are copied once to where it can run them, and only a copy of our own is trusted', () => {
    const runAs = { uid: 65534, gid: 65534 }
    const source = path.dirname(path.dirname(postgresBinaries(null).postgres))
    const native = path.join(folder(), 'package/native')
    fs.cpSync(path.dirname(source), path.dirname(native), { recursive: true, verbatimSymlinks: true })
    // Of another size than the real ones, so that what this leaves is no other's copy.
    fs.appendFileSync(path.join(native, 'pg-symlinks.json'), ' '.repeat(1 + (process.pid % 1000)))
    const copyOf = (): string => {
      const { postgres } = postgresBinaries(runAs, native)
      expect(execFileSync(postgres, ['--version'], { ...runAs, cwd: '/', encoding: 'utf8' })).toContain('PostgreSQL')
      const copy = path.dirname(path.dirname(postgres))
      if (!folders.includes(copy)) folders.push(copy)
      return copy
    }
    const copy = copyOf()
    expect(path.dirname(copy)).not.toContain(path.dirname(native))
    const made = fs.statSync(copy).ctimeMs
    expect(copyOf()).toBe(copy)
    expect(fs.statSync(copy).ctimeMs).toBe(made)
    fs.chmodSync(copy, 0o777)
    expect(copyOf()).not.toBe(copy)
  })

  test('data that belongs to root is refused in words', async () => {
    const dataDir = path.join(folder(), 'postgres')
    fs.mkdirSync(dataDir)
    fs.writeFileSync(path.join(dataDir, 'PG_VERSION'), '18\n')
    await expect(startEmbedded({ dataDir })).rejects.toThrow('belongs to root')
  })
})
