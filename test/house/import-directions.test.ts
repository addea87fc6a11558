import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

interface Cruise {
  modules: { source: string; dependencies: { resolved: string }[] }[]
  summary: { totalDependenciesCruised: number; violations: { from: string; to: string; rule: { name: string } }[] }
}

const root = path.join(import.meta.dirname, '../..')
const program = path.join(root, 'scripts/cruise.mjs')

function cruise(cwd: string): Promise<Cruise> {
  const args = [program, '--config', path.join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', 'src', 'console']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1e8 }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Cruise) // it exits with the count of violations
      } catch (error) {
        reject(new Error(stderr, { cause: error }))
      }
    })
  })
}

test('imports point the way the house says', async () => {
  const { summary } = await cruise(root)
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
})

test('no import of ours stays unseen, `import type` and decorated files included', async () => {
  const { modules } = await cruise(root)
  const seen = new Set(modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => `${source} -> ${resolved}`)))
  const files = (await readdir(path.join(root, 'src'), { recursive: true })).filter((file) => /\.tsx?$/.test(file) && !file.includes('generated'))
  const written = await Promise.all(files.map(async (file) => {
    const source = path.join('src', file)
    const text = await readFile(path.join(root, source), 'utf8')
    return [...text.matchAll(/^(?:import|export)\b[^'`]*?from '(\.{1,2}\/[^']+)'/gm)].map(([, to]) => `${source} -> ${path.join(path.dirname(source), to!)}`)
  }))
  expect(written.flat().length).toBeGreaterThan(50)
  expect(written.flat().filter((edge) => !seen.has(edge))).toEqual([])
})

/** Rule -> the file that breaks it, and how. */
const planted: Record<string, [file: string, text: string]> = {
  'kit-points-down': ['kit/wrong.ts', "import type { Row } from '../db/row.ts'\nexport type Wrong = Row"],
  'marketplaces-points-down': ['marketplaces/wrong.ts', "import { order } from '../orders/order.ts'\nexport const wrong = order"],
  'customers-points-down': ['customers/wrong.ts', "import type { Order } from '../orders/order.ts'\nexport type Wrong = Order"],
  'orders-points-down': ['orders/wrong.ts', "import '../app/compose.ts'"],
  'http-points-down': ['http/wrong.ts', "export * from '../orders/order.ts'"],
  'main-composes': ['main.ts', "import './orders/order.ts'"],
  'only-app-names-a-channel': ['shipments/wrong.ts', "export const wrong = () => import('../marketplaces/amazon/index.ts')"],
  'rules-stay-pure': ['orders/charges.ts', "import type { Pool } from 'pg'\nexport type Wrong = Pool"],
  'no-circle': ['orders/about.ts', "import type { Round } from './round.ts'\nexport interface About { round: Round }"],
  'no-orphan': ['orders/forgotten.ts', 'export const forgotten = 1'],
  'no-unresolvable': ['orders/lost.ts', "import './nowhere.ts'"],
  'simulator-stands-alone': ['marketplaces/amazon/simulator/wrong.ts', "import '../index.ts'"],
  'client-stands-alone': ['client/wrong.ts', "export * from '../kit/clock.ts'"],
  'client-asks-without-packages': ['client/request.ts', "import type { Client } from 'graphql-ws'\nexport type Wrong = Client"],
  'nobody-imports-the-client': ['http/client.ts', "export * from '../client/document.ts'"],
  'console-builds-on-the-client-kit-alone': ['../console/wrong.ts', "export * from '../src/orders/order.ts'"],
  'product-stands-without-tests': ['app/wrong.ts', "import '../../test/support/stage.ts'"],
}
const innocent: Record<string, string> = {
  'src/db/row.ts': 'export interface Row { id: string }',
  'src/orders/order.ts': "import { clock } from '../kit/clock.ts'\nexport interface Order { at: string }\nexport const order = clock",
  'src/orders/round.ts': "import type { About } from './about.ts'\nexport interface Round { about: About }",
  'src/app/compose.ts': "import { order } from '../orders/order.ts'\nimport '../marketplaces/amazon/index.ts'\nexport const compose = order",
  'src/marketplaces/amazon/index.ts': "import '../../kit/clock.ts'",
  'src/kit/clock.ts': 'export const clock = 1',
  'test/support/stage.ts': 'export const stage = 1',
  'node_modules/pg/package.json': '{ "name": "pg", "main": "index.js", "types": "index.d.ts" }',
  'node_modules/pg/index.js': '',
  'node_modules/pg/index.d.ts': 'export interface Pool { x: 1 }',
  'src/client/document.ts': 'export const document = 1',
  'node_modules/graphql-ws/package.json': '{ "name": "graphql-ws", "main": "index.js", "types": "index.d.ts" }',
  'node_modules/graphql-ws/index.js': '',
  'node_modules/graphql-ws/index.d.ts': 'export interface Client { x: 1 }',
  'package.json': '{ "type": "module", "dependencies": { "pg": "1.0.0", "graphql-ws": "1.0.0" } }',
}

test('each rule finds what breaks it, and nothing beside', async () => {
  const house = await mkdtemp(path.join(os.tmpdir(), 'cartage-house-'))
  onTestFinished(() => rm(house, { recursive: true }))
  const files = { ...innocent, ...Object.fromEntries(Object.values(planted).map(([file, text]) => [path.join('src', file), text])) }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(house, file)), { recursive: true })
    await writeFile(path.join(house, file), text)
  }
  const { summary } = await cruise(house)
  const found = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`)
  for (const [rule, [file]] of Object.entries(planted)) expect(found).toContain(`${rule}: ${path.join('src', file)}`)
  for (const file of ['src/app/compose.ts', 'src/orders/order.ts', 'src/marketplaces/amazon/index.ts', 'src/kit/clock.ts']) expect(found.join()).not.toContain(`: ${file}`)
})
