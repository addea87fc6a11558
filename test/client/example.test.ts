// The examples as their readers run them, on the kit under its own name.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebhooksDocument } from '../generated/graphql.ts'
import { startStage, until } from '../journeys/stage.ts'

const examples = path.join(import.meta.dirname, '../../examples')

function start(name: string, env: Record<string, string>): { output: () => string; ended: Promise<number | null>; interrupt: () => void } {
  const child = spawn(process.execPath, [path.join(examples, name)], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { output: () => output, ended: once(child, 'close').then(([code]) => code as number | null), interrupt: () => void child.kill('SIGINT') }
}

test('it ships three orders and waits until the marketplace has their tracking', { timeout: 60_000 }, async () => {
  const stage = await startStage()
  onTestFinished(() => stage.stop())
  const env = { CARTAGE_URL: stage.url, CARTAGE_TOKEN: stage.token }
  const merchant = await stage.merchant()

  const early = start('ship-orders.mjs', env)
  expect(await early.ended).toBe(1)
  expect(early.output()).toContain('NOTHING_OPEN')

  const sold = await stage.buy(merchant, { count: 3 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  const example = start('ship-orders.mjs', env)
  await until(async () => example.output().includes('waiting until'))
  expect(await stage.run(merchant, 'SEND_TRACKING')).toMatchObject({ sent: 3 })
  await stage.pass(60)
  expect(await stage.run(merchant, 'CONFIRM_TRACKING')).toMatchObject({ accepted: 3 })
  expect([await example.ended, example.output()]).toEqual([0, expect.stringMatching(/pallet 3\.34.*pallet 3\.33.*pallet 3\.33/s)])
  for (const { orderId } of sold) {
    for (const word of ['open', 'preview', 'closed', 'accepted']) expect(example.output()).toMatch(new RegExp(`^${word} +${orderId}`, 'm'))
  }

  const refused = start('ship-orders.mjs', { ...env, CARTAGE_TOKEN: 'none' })
  expect(await refused.ended).toBe(1)
  expect(refused.output()).toContain('UNAUTHENTICATED')
})

test('it is told by webhook of an import, and takes its webhook along when it goes', { timeout: 60_000 }, async () => {
  const stage = await startStage({ config: { webhookNetworks: ['127.0.0.0/8'] } })
  onTestFinished(() => stage.stop())
  const merchant = await stage.merchant()
  const example = start('receive-webhooks.mjs', { CARTAGE_URL: stage.url, CARTAGE_TOKEN: stage.token })
  await until(async () => example.output().includes('listening to Connection 1'))
  const sold = await stage.buy(merchant, { count: 2 })
  await stage.run(merchant, 'IMPORT_ORDERS')
  for (const { orderId } of sold) await until(async () => new RegExp(`^ORDER_IMPORTED +.*${orderId}`, 'm').test(example.output()))
  await until(async () => example.output().includes('IMPORT_FINISHED'))
  example.interrupt()
  expect(await example.ended).toBe(0)
  expect((await stage.graphql(WebhooksDocument, { connectionId: merchant.connectionId })).connection!.webhooks).toEqual([])
})
