import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Running, start } from '../../src/app/compose.ts'
import { encryptionKey } from '../../src/app/data-folder.ts'
import { type Config, readConfig } from '../../src/config/env.ts'
import { createLog } from '../../src/observability/log.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'

const silent = { log: createLog('silent') }
let folder: string
let database: TestDatabase
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-start-'))
  database = await createDatabase()
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const config = (name: string, env: Record<string, string> = {}): Config => readConfig({ DATA_DIR: path.join(folder, name), PORT: '0', WORKER_PORT: '0', SIMULATOR_PORT: '0', CARTAGE_ROLES: 'api', ...env })
const outside = (name: string): Config => config(name, { DATABASE_URL: database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') })
const statusWith = async ({ urls }: Running, token: string): Promise<number> =>
  (await fetch(urls.api!, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' })).status

test('embedded: the token and the key are made once and kept for this user alone; a lost token is replaced', async () => {
  const first = await start(config('embedded'), silent)
  const { adminToken: token, adminTokenFile } = first
  expect(await statusWith(first, token!)).toBe(200)
  expect((await readFile(adminTokenFile, 'utf8')).trim()).toBe(token)
  expect(await (await fetch(first.urls.graphiql!)).text()).toContain(token)
  for (const file of [adminTokenFile, path.join(folder, 'embedded/encryption-key')]) expect((await stat(file)).mode & 0o777).toBe(0o600)
  const key = await encryptionKey(path.join(folder, 'embedded'))
  await first.stop()

  const second = await start(config('embedded'), silent)
  expect(second.adminToken).toBeNull()
  expect(await statusWith(second, token!)).toBe(200)
  expect(await encryptionKey(path.join(folder, 'embedded'))).toEqual(key)
  await second.stop()

  await rm(adminTokenFile)
  const third = await start(config('embedded'), silent)
  expect(await statusWith(third, third.adminToken!)).toBe(200)
  await third.stop()
})

test('a database of one\'s own: of processes that start at once, one makes the first token', async () => {
  const processes = await Promise.all(['a', 'b', 'c'].map((name) => start(outside(name), silent)))
  const tokens = processes.map((one) => one.adminToken).filter((token) => token !== null)
  expect(tokens).toHaveLength(1)
  for (const one of processes) expect(await statusWith(one, tokens[0]!)).toBe(200)
  await Promise.all(processes.map((one) => one.stop()))
})

test('a port in use is an error that names it, and what had started is stopped again', async () => {
  const first = await start(outside('first'), silent)
  const { port } = new URL(first.urls.api!)
  await expect(start({ ...outside('second'), port: Number(port) }, silent)).rejects.toMatchObject({ code: 'EADDRINUSE', port: Number(port) })
  await first.stop()
})

test('a damaged key stops the start: nothing is sealed with another', async () => {
  const damaged = path.join(folder, 'damaged')
  await encryptionKey(await mkdtemp(damaged)) // one that is made is good
  await mkdir(damaged)
  await writeFile(path.join(damaged, 'encryption-key'), 'c2hvcnQ=\n')
  await expect(encryptionKey(damaged)).rejects.toThrow(/not a key of 32 bytes/)
})
