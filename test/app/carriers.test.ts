import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCarriers } from '../../src/app/carriers.ts'
import { start } from '../../src/app/compose.ts'
import { ConfigError, readConfig } from '../../src/config/env.ts'
import { createLog } from '../../src/observability/log.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-carriers-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(content: string): Promise<string> {
  const file = path.join(folder, 'carriers.json')
  await writeFile(file, content)
  return file
}
const problemsOf = (file: string): Promise<string[]> => loadCarriers(file).then(() => [], (error: unknown) => (error instanceof ConfigError ? error.problems : [String(error)]))

test('without a file, the built-in carriers; with one, its own as well', async () => {
  const { carriers } = await loadCarriers(null)
  const more = await loadCarriers(await written('\uFEFF{"carriers": [{"code": "PONY", "name": "Pony Express"}]}'))
  expect(more.carriers.all.map(({ code }) => code)).toEqual([...carriers.all.map(({ code }) => code), 'PONY'])
})

test('a file that is not there, is not JSON, or has problems: each is told with the file', async () => {
  const missing = path.join(folder, 'missing.json')
  expect(await problemsOf(missing)).toEqual([`CARRIERS_FILE ${missing} cannot be read: ENOENT`])
  expect(await problemsOf(folder)).toEqual([`CARRIERS_FILE ${folder} cannot be read: EISDIR`])
  const torn = await written('{"carriers": [')
  expect(await problemsOf(torn)).toEqual([expect.stringContaining(`CARRIERS_FILE ${torn} is not JSON: `)])
  const wrong = await written('{"carriers": [{"code": "a"}, {"code": "NEW"}]}')
  expect(await problemsOf(wrong)).toEqual([expect.stringContaining(`CARRIERS_FILE ${wrong}: carriers.0.code`), expect.stringContaining('carriers.1.name')])
})

test('a start with such a file fails before anything has begun', async () => {
  const file = await written('{"carriers": [{"code": "NEW"}]}')
  const config = readConfig({ DATA_DIR: path.join(folder, 'data'), PORT: '0', SIMULATOR_PORT: '0', CARRIERS_FILE: file })
  await expect(start(config, { log: createLog('silent') })).rejects.toThrow(ConfigError)
  await expect(rm(path.join(folder, 'data'))).rejects.toThrow('ENOENT')
})
