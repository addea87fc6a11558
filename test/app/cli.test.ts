import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../journeys/child.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'

let [database, dataDir]: [TestDatabase, string] = [{} as TestDatabase, '']
beforeAll(async () => {
  database = await createDatabase()
  dataDir = await temporaryFolder()
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

const program = path.resolve(import.meta.dirname, '../../dist/cli.js')
const cartage = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => new Promise((resolve) => {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, DATA_DIR: dataDir, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') }
  execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) => resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr }))
})

test('says what it can do, and its version', async () => {
  const help = await cartage()
  expect(help.code).toBe(0)
  for (const command of ['start', 'migrate', 'seed', 'token', 'verify', 'rotate-keys', 'privacy-report', 'simulator']) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  const { version } = JSON.parse(await readFile(path.resolve(program, '../../package.json'), 'utf8')) as { version: string }
  expect(await cartage('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

test('what is none of its commands does nothing', async () => {
  for (const name of ['destroy', 'constructor', '']) expect(await cartage(name)).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no command') })
})

test('each command does its own, with its arguments', async () => {
  expect(await cartage('migrate')).toMatchObject({ code: 0, stdout: 'The database has every migration of this version.\n' })
  expect((await cartage('token', 'Grace')).stdout).toMatch(/^cartage_\S{32}\n.*done by "Grace"/s)
  expect((await cartage('verify')).stdout).toMatch(/All \d+ hold\.\n$/)
  expect((await cartage('privacy-report')).stdout).toContain('order_recipients')
  expect(await cartage('rotate-keys')).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was sealed') })
  expect((await cartage('simulator', '--help')).stdout).toMatch(/simulator/i)
})
