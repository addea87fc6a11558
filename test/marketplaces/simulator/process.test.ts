import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readOptions } from '../../../src/marketplaces/amazon/simulator/options.ts'

test('flags come before the environment, and the environment before what is usual', () => {
  expect(readOptions([], {})).toEqual({ host: '127.0.0.1', port: 4010, seed: 1, buying: { everyMs: 4000 }, past: true })
  const env = { SIMULATOR_HOST: '0.0.0.0', SIMULATOR_PORT: '4020', SIMULATOR_SEED: '7', SIMULATOR_BUYING_MS: '500', SIMULATOR_EMPTY: '' }
  expect(readOptions([], env)).toEqual({ host: '0.0.0.0', port: 4020, seed: 7, buying: { everyMs: 500 }, past: true })
  expect(readOptions(['--port', '0', '--seed=9', '--empty'], env)).toEqual({ host: '0.0.0.0', port: 0, seed: 9, buying: null, past: false })
  expect(readOptions(['--buying-ms', '0'], {})).toMatchObject({ buying: null, past: true })
  expect(readOptions(['--help'], {})).toBe('help')
})

test('what cannot be read is said in words', () => {
  expect(() => readOptions(['--port', 'many'], {})).toThrow('--port must be a whole number from 0 to 65535')
  expect(() => readOptions([], { SIMULATOR_SEED: '-1' })).toThrow('--seed must be')
  expect(() => readOptions(['--colour', 'red'], {})).toThrow('--colour')
})

// The built program: `npm test` builds it first.
test('it runs as a process of its own, without a database, and stops when it is told', async () => {
  const main = path.resolve(import.meta.dirname, '../../../dist/marketplaces/amazon/simulator/main.js')
  const child = spawn(process.execPath, [main, '--port', '0'], { env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'warn' } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await expect.poll(() => output).toMatch(/An offline Amazon at http:\/\/127\.0\.0\.1:\d+/)
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)![0]
  const { orders, total } = (await (await fetch(`${url}/_simulator/orders`)).json()) as { orders: object[]; total: number }
  expect(total).toBeGreaterThan(50)
  expect(orders).toHaveLength(total)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})
