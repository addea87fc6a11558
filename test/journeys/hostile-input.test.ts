// Whatever stands in a string: every text that the contract takes is answered as text, and does nothing else.
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import path from 'node:path'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { walk } from '../support/walk.ts'
import { type Merchant, type Stage, startStage, US } from './stage.ts'

let stage: Stage
let merchant: Merchant
let orderId: string
let eventCursor: string
beforeAll(async () => {
  stage = await startStage({ config: { maxCost: 1e9, tokenRateLimit: 1e9 } })
  merchant = await stage.merchant()
  await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  ;({ eventCursor } = await stage.graphql<{ eventCursor: string }>('{ eventCursor }'))
  orderId = (await stage.graphql<{ orders: { nodes: { id: string }[] } }>('{ orders { nodes { id } } }')).orders.nodes[0]!.id
})
afterAll(() => stage.stop())

/** In each of them, to be found where it must not be. */
const MARK = 'hostile9f1c'
const ESC = '\u001b'
const fixed = [
  `${MARK}'; DROP TABLE canary; --`, `${MARK}' OR '1'='1`, `${MARK}\\'; SELECT pg_sleep(60); --`, `${MARK}$$; DROP TABLE canary; $$`, `${MARK}%_\\%`, `${MARK}\0after`, `${MARK}\r\n{"level":60,"msg":"forged"}`, `${MARK}${ESC}[2J${ESC}]0;x\u0007`,
  `${MARK}"}}) { __schema { types { name } } }`, `${MARK}{{7*7}}\${7*7}<script>alert(1)</script>`, `${MARK}\ud800`, `${MARK}\u202e\u2066\ufeff`, `../../${MARK}/../etc/passwd`, `${MARK}`.repeat(2000), `{"__proto__":{"polluted":"${MARK}"}}`, '', ' ', `${MARK}\u2028\u2029`,
]
const hostile = fc.oneof(
  fc.constantFrom(...fixed),
  fc.tuple(fc.constantFrom("'", '"', '\\', ';--', '\0', '\n', '$1', '%', '`', '<', '{', '\ud800', '\u0000\u001b['), fc.string({ unit: 'binary', maxLength: 40 })).map((parts) => `${parts.join('')}${MARK}`),
)

function plausible(name: string, type: string): string | undefined {
  if (name === 'idempotencyKey') return crypto.randomUUID()
  if (name === 'number') return '701-0000000-0000000'
  if (name === 'marketplaceIds') return US
  if (name === 'currencyCode') return 'USD'
  if (name === 'countryCode') return 'US'
  if (name === 'timeZone') return 'UTC'
  if (type === 'EventCursor') return eventCursor
  if (type !== 'ID') return undefined
  if (name.startsWith('connection')) return merchant.connectionId
  if (name.startsWith('customer')) return merchant.customerId
  if (name.startsWith('warehouse')) return merchant.warehouseId
  return orderId
}

test('every text that the contract takes: data, a user error or a bad request, never an error of ours; nothing of it in the log', async () => {
  const schema = buildSchema(await readFile(path.resolve(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'))
  await stage.db.pool.query('CREATE TABLE canary AS SELECT 1 AS n')
  const all = [...walk(schema, schema.getQueryType()!, () => true, plausible).asked, ...walk(schema, schema.getMutationType()!, (type) => !/Page|Edge/.test(type), plausible, 'mutation').asked.filter(({ coordinate }) => coordinate.startsWith('Mutation.'))]
  const slots = all.flatMap((call) => call.slots.map((slot) => ({ call, slot })))
  expect(slots.length).toBeGreaterThan(200)
  const before = stage.logged.length
  let asked = 0
  const amiss: string[] = []
  for (const { call: { coordinate, document, argumentsOf }, slot } of slots) {
    const values = [...fixed, ...fc.sample(hostile, { numRuns: 6, seed: asked })]
    await Promise.all(values.map(async (value) => {
      const response = await fetch(stage.url, { method: 'POST', headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: document, variables: argumentsOf(slot, value) }) })
      const answer = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string }; message: string }[] }
      const codes = (answer.errors ?? []).map(({ extensions }) => extensions.code)
      if (codes.some((code) => code !== 'BAD_USER_INPUT') || (answer.data == null && codes.length === 0)) amiss.push(`${coordinate} ${slot.path.join('.')} ${JSON.stringify(value.slice(0, 60))} ${JSON.stringify(answer.errors)?.slice(0, 200)}`)
      asked++
    }))
  }
  expect(amiss).toEqual([])
  expect((await stage.db.pool.query('SELECT n FROM canary')).rows).toEqual([{ n: 1 }])
  expect({}).not.toHaveProperty('polluted')
  for (const line of stage.logged.slice(before)) {
    expect(JSON.stringify(line)).not.toContain(MARK)
    expect(line['level']).not.toBe(60)
  }
  process.stdout.write(`hostile input: ${slots.length} texts of the contract, ${asked} requests\n`)
}, 180_000)

test('a JSON that would pollute is refused, wherever it comes in', async () => {
  const bodies = [`{"query":"{ viewer { name } }","variables":{"__proto__":{"polluted":1}}}`, `{"query":"{ viewer { name } }","variables":{"a":{"constructor":{"prototype":{"polluted":1}}}}}`, `{"query":"{ viewer { name } }","extensions":{"__proto__":{"polluted":1}}}`]
  for (const url of [stage.url, `${stage.url}/stream`]) {
    for (const body of bodies) {
      const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }, body })
      expect(response.status).toBe(400)
    }
  }
  const socket = stage.subscribe('query ($a: String) { viewer { name } }', JSON.parse('{"__proto__":{"polluted":1},"a":"x"}') as Record<string, unknown>)
  await socket.next().catch(() => {})
  await socket.return()
  expect({}).not.toHaveProperty('polluted')
})

test('no path leads out of what is served', async () => {
  const origin = new URL(stage.url).origin
  const ways = ['..', '%2e%2e', '..%2f..', '%2e%2e%2f%2e%2e', '..%5c..', '....//', '%252e%252e%252f', '..;', '%c0%ae%c0%ae']
  for (const base of ['/graphiql/', '/agreements/', '/setup/', '/mailbox/', '/open/', '/unsubscribe/', '/']) {
    for (const way of ways) {
      const answers = await Promise.all([`${base}${way}/package.json`, `${base}${way}/${way}/package.json`, `${base}${way}/etc/passwd`, `${base}graphiql.min.js/${way}/${way}/package.json`].map((at) => rawGet(origin, at)))
      for (const answer of answers) expect(answer).not.toMatch(/"devDependencies"|root:.*:0:0/)
    }
  }
})

/** As it stands: `fetch` would mend the path first. */
function rawGet(origin: string, at: string): Promise<string> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: at, headers: { connection: 'close' } }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(text))
    }).on('error', reject).end()
  })
}
