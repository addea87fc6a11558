import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'

const root = path.join(import.meta.dirname, '../..')
const changelog = `# Changelog

## 0.2.0

### Breaking

- \`Order.units\` is gone: add up the lines.

## 0.1.0

### Breaking

- \`Order.shipBy\`, in those days.
`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cartage-contract-'))
  await mkdir(path.join(folder, 'schema'))
  for (const name of ['schema.graphql', 'contract.graphql', 'promised.json']) await cp(path.join(root, 'schema', name), path.join(folder, 'schema', name))
  await writeFile(path.join(folder, 'CHANGELOG.md'), changelog)
  onTestFinished(() => rm(folder, { recursive: true }))
})

/** What the check says; an empty list where it passes. */
function check(...flags: string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [path.join(root, 'scripts/contract.mjs'), '--root', folder, ...flags], (error, _stdout, stderr) => {
      const lines = stderr.split('\n').filter((line) => line !== '')
      if ((error === null) === (lines.length === 0)) resolve(lines)
      else reject(new Error(`it ends as if all were well, and says ${stderr}`, { cause: error }))
    })
  })
}

async function edit(name: string, from: string | RegExp, to: string): Promise<void> {
  const file = path.join(folder, 'schema', name)
  const text = await readFile(file, 'utf8')
  if (text.replace(from, to) === text) throw new Error(`${name} has no ${from}`)
  await writeFile(file, text.replace(from, to))
}

test('the code keeps what clients were promised', async () => {
  expect(await check()).toEqual([])
})

test.each([
  ['a field that is gone', 'purchasedAt: DateTime!', 'boughtAt: DateTime!', 'Order.purchasedAt'],
  ['a field that may be null now', 'purchasedAt: DateTime!', 'purchasedAt: DateTime', 'Order.purchasedAt'],
  ['a value that is gone', 'AVAILABLE_ASC', 'SCARCEST', 'InventoryOrder.AVAILABLE_ASC'],
  ['an argument that is gone', 'orderByNumber(', 'orderByNumber(wanted: Boolean!, ', 'Query.orderByNumber(wanted:)'],
  ['an input that must be given now', /(input HoldOrdersInput \{[^}]*)note: String\n/, '$1note: String!\n', 'HoldOrdersInput.note'],
  ['another default', 'applyCharges: ChargeApplication = SEPARATELY', 'applyCharges: ChargeApplication = DIVIDED_EVENLY', 'AddChargesInput.applyCharges'],
  ['a break that an older version recorded', 'shipBy: DateTime', 'leaveBy: DateTime', 'Order.shipBy'],
])('breaks clients: %s', async (_what, from, to, coordinate) => {
  await edit('schema.graphql', from, to)
  // Accepting accepts no break: what it refuses, the check without it refuses as well.
  expect(await check('--accept')).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^${coordinate.replace(/[.()]/g, '\\$&')}: .*CHANGELOG`))]))
  expect(await readFile(path.join(folder, 'schema/contract.graphql'), 'utf8')).toBe(await readFile(path.join(root, 'schema/contract.graphql'), 'utf8'))
})

test('a break that the changelog records is written into the contract', async () => {
  await edit('schema.graphql', 'units: Int!', 'items: Int!')
  expect(await check()).toEqual([expect.stringContaining('--accept')])
  expect(await check('--accept')).toEqual([])
  expect(await check()).toEqual([])
})

/** Something that clients were promised, and that is still to come. */
async function promise(): Promise<void> {
  await edit('contract.graphql', /$/, '\n"""Made for this test."""\ntype Planned {\n  """Of it."""\n  planned: Int\n}\n')
  await writeFile(path.join(folder, 'schema/promised.json'), JSON.stringify([{ reason: 'Later.', coordinates: ['Planned'] }]))
}

test('what is added is written into the contract, beside what is promised', async () => {
  await promise()
  await edit('schema.graphql', /$/, '\n"""Made for this test."""\ntype Added {\n  """Of it."""\n  more: Int\n}\n')
  expect(await check()).toEqual([expect.stringContaining('--accept')])
  expect(await check('--accept')).toEqual([])
  const contract = await readFile(path.join(folder, 'schema/contract.graphql'), 'utf8')
  expect(contract).toContain('type Added')
  expect(contract).toContain('planned: Int')
  expect(await check()).toEqual([])
})

test('a gap that nobody listed', async () => {
  await promise()
  await edit('promised.json', '"Planned"', '')
  expect(await check()).toEqual([expect.stringMatching(/^Planned: .*promised\.json/)])
})

test('an entry that is there now, and one that was never promised', async () => {
  await promise()
  await edit('promised.json', '"Planned"', '"Planned", "Order.number", "Order.colour"')
  expect(await check()).toEqual([expect.stringMatching(/^Order\.number: it is there now/), expect.stringMatching(/^Order\.colour: .*contract\.graphql does not have it/)])
})

test('what has no description, and what is deprecated without a word', async () => {
  await edit('schema.graphql', /$/, '\ntype Bare {\n  bare(by: Int): Int @deprecated\n}\n')
  expect(await check()).toEqual(expect.arrayContaining([
    'Bare: it has no description.', 'Bare.bare: it has no description.', 'Bare.bare(by:): it has no description.', expect.stringMatching(/^Bare\.bare: it is deprecated without/),
  ]))
})
