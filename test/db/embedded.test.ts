import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts'
import { postgresBinaries } from '../../src/db/embedded-binaries.ts'

// As tests run as root too: then the server is another user's, who may not enter this folder.
let folder: string
const started: Embedded[] = []

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-embedded-'))
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
})
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

const settings = { fsync: 'off', shared_buffers: '8MB', max_connections: '20' }

async function start(dataDir = path.join(folder, 'postgres')): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, settings })
  started.push(server)
  return server
}

async function ask(server: Embedded, sql: string): Promise<Record<string, unknown>> {
  const client = new pg.Client(server.url('postgres'))
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows[0] ?? {}
  } finally {
    await client.end()
  }
}

const birth = async (server: Embedded): Promise<unknown> => (await ask(server, 'SELECT pg_postmaster_start_time()::text AS at'))['at']
const program = (): string => {
  const { uid, gid } = fs.statSync(path.join(folder, 'postgres'))
  return postgresBinaries(process.getuid?.() === 0 ? { uid, gid } : null).postgres
}
const postmaster = (): number => Number(fs.readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])

test('a fresh server speaks UTF8, sorts by code point, and is reached by its socket alone', async () => {
  const server = await start()
  const settled = await ask(server, `
    SELECT current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS addresses, datlocprovider AS provider, datlocale AS locale,
      'Zebra' < 'apple' AS by_code_point, upper('straße é') AS upper FROM pg_database WHERE datname = 'postgres'`)
  expect(settled).toEqual({ encoding: 'UTF8', addresses: '', provider: 'b', locale: 'C.UTF-8', by_code_point: true, upper: 'STRAßE É' })
})

test('what was written is there after a stop and a start', async () => {
  const first = await start()
  await ask(first, "CREATE TABLE kept AS SELECT 'Grüße' AS word")
  await first.stop()
  expect(fs.existsSync(path.join(folder, 'postgres/postmaster.pid'))).toBe(false)
  expect(await ask(await start(), 'SELECT word FROM kept')).toEqual({ word: 'Grüße' })
})

test('a second user joins the server; the last to leave stops it', async () => {
  const first = await start()
  const second = await start()
  expect(await birth(second)).toBe(await birth(first))
  await first.stop()
  expect(await ask(second, 'SELECT 1 AS one')).toEqual({ one: 1 })
  await second.stop()
  await expect(ask(second, 'SELECT 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
})

test('first starts at the same time share one server', async () => {
  const servers = await Promise.all([start(), start(), start()])
  const births = await Promise.all(servers.map(birth))
  expect(new Set(births).size).toBe(1)
  expect(fs.readdirSync(folder)).toEqual(['postgres'])
})

test('a server whose process was killed with kill -9 serves again, with what was committed', async () => {
  const server = await start()
  await ask(server, 'CREATE TABLE kept AS SELECT 1 AS one')
  const before = await birth(server)
  process.kill(postmaster(), 'SIGKILL')
  const deadline = Date.now() + 20_000
  let row: unknown
  while (row === undefined && Date.now() < deadline) {
    row = await ask(server, 'SELECT one FROM kept').catch(() => sleep(50, undefined))
  }
  expect(row).toEqual({ one: 1 })
  expect(await birth(server)).not.toBe(before)
})

test('a server that a killed process left over is joined', async () => {
  const left = await start()
  const before = await birth(left)
  await left.stop()
  // A process that knows no more than to start the server, as this one does, and is killed before it can stop it.
  const owner = fs.statSync(path.join(folder, 'postgres'))
  const orphan = spawn(process.execPath, ['-e', `
    require('node:child_process').spawn(${JSON.stringify(program())}, ['-D', ${JSON.stringify(process.platform === 'linux' ? '/proc/self/cwd' : path.join(folder, 'postgres'))},
      '-p', '5432', '-c', 'listen_addresses=', '-c', 'unix_socket_directories=.'], {
      uid: ${owner.uid}, gid: ${owner.gid}, cwd: ${JSON.stringify(path.join(folder, 'postgres'))}, env: { LC_ALL: 'C' }, detached: true, stdio: 'ignore' }).unref()
    setInterval(() => {}, 1000)`], { stdio: 'ignore' })
  while (!fs.existsSync(path.join(folder, 'postgres/.s.PGSQL.5432'))) await sleep(20)
  orphan.kill('SIGKILL')
  await once(orphan, 'exit')
  const pid = postmaster()
  const server = await start()
  expect(postmaster()).toBe(pid)
  expect(await birth(server)).not.toBe(before)
})

test('a folder too deep for a socket is no hindrance', async () => {
  const deep = path.join(folder, ...Array.from({ length: 8 }, () => 'a-folder-with-a-long-name'), 'postgres')
  expect(Buffer.byteLength(deep)).toBeGreaterThan(107)
  const server = await start(deep)
  expect(server.config.host).not.toContain(deep)
  expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 })
  expect(fs.statSync(server.config.host).mode & 0o777).toBe(0o700)
})

test('an address reaches folders with any letters in their names', async () => {
  const server = await start(path.join(folder, 'Lager & Söhne #1 100%', 'postgres'))
  expect(await ask(server, 'SELECT 1 AS one')).toEqual({ one: 1 })
})

test('a server that cannot start says why', async () => {
  const dataDir = path.join(folder, 'postgres')
  await expect(startEmbedded({ dataDir, settings: { shared_buffers: 'much' } })).rejects.toThrow(/did not start.*invalid value for parameter "shared_buffers"/s)
}, 60_000)
