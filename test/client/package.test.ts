// The kit as a front end has it: packed, installed with nothing beside it, compiled for a browser, run in Node.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = path.join(import.meta.dirname, '../..')

let project: string
beforeAll(async () => {
  project = await mkdtemp(path.join(os.tmpdir(), 'cartage-front-end-'))
  const { stdout } = await run(process.execPath, [path.join(root, 'scripts/pack-client.mjs')], { cwd: root })
  await writeFile(path.join(project, 'package.json'), '{ "name": "front-end", "private": true, "type": "module" }')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', path.join(root, stdout.trim())], { cwd: project })
})
afterAll(() => rm(project, { recursive: true }))

const compile = (file: string, module: string, resolution: string) =>
  run(path.join(root, 'node_modules/.bin/tsc'), ['--noEmit', '--strict', '--lib', 'ES2022,DOM', '--types', '', '--skipLibCheck', 'false', '--module', module, '--moduleResolution', resolution, file], { cwd: project })

const asks = `import { createClient, FindOrdersDocument, GatewayError } from 'cartage/client'
const { request } = createClient({ url: 'https://gateway.example/graphql', token: 'secret' })
export async function open(): Promise<string[]> {
  const { orders } = await request(FindOrdersDocument, { filter: { statuses: ['OPEN'] } })
  return orders.nodes.map((order): string => order.number)
}
// @ts-expect-error -- no such status
export const wrong = () => request(FindOrdersDocument, { filter: { statuses: ['LOST'] } })
export const failed = (error: unknown): string => (error instanceof GatewayError ? error.code : 'UNKNOWN')
`

test('nothing is installed beside it', async () => {
  expect((await readdir(path.join(project, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual(['cartage'])
})

test.each([['ES2022', 'bundler'], ['NodeNext', 'NodeNext']])('its types serve a browser project, module %s', async (module, resolution) => {
  await writeFile(path.join(project, 'asks.ts'), asks)
  await compile('asks.ts', module, resolution)
})

test('Node runs it, and without graphql-ws all but subscriptions', async () => {
  await writeFile(path.join(project, 'runs.js'), `
    import { createClient, EventCursorDocument } from 'cartage/client'
    const { request } = createClient({ url: 'http://127.0.0.1:9/graphql', token: 'none' })
    const failure = await request(EventCursorDocument).catch((error) => error)
    const subscribing = await import('cartage/client/subscribe').then(() => 'there', (error) => error.code)
    console.log(failure.code, subscribing)`)
  expect((await run(process.execPath, ['runs.js'], { cwd: project })).stdout.trim()).toBe('NETWORK_ERROR ERR_MODULE_NOT_FOUND')
})

test('with graphql-ws it subscribes', async () => {
  for (const name of ['graphql-ws', 'graphql']) await symlink(path.join(root, 'node_modules', name), path.join(project, 'node_modules', name), 'dir')
  await writeFile(path.join(project, 'follows.ts'), `import { createSubscriber } from 'cartage/client/subscribe'
import { WatchEventsDocument } from 'cartage/client'
const { subscribe } = createSubscriber({ url: 'https://gateway.example/graphql', token: () => 'secret' })
export async function watch(after: string | null): Promise<void> {
  for await (const event of subscribe(WatchEventsDocument, { after }, { onCursor: (cursor) => localStorage.setItem('cursor', cursor) })) document.title = event.summary
}
`)
  await compile('follows.ts', 'ES2022', 'bundler')
})
