// What is beyond the limits, through the contract itself and over both transports: the exact code, and nothing of it runs.
import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { type Gateway, startGateway } from '../support/gateway.ts'

let gateway: Gateway
let client: Client
let statements = 0
beforeAll(async () => {
  gateway = await startGateway({ roles: ['api'] })
  client = createClient({ url: gateway.wsUrl, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${gateway.token}` }, retryAttempts: 0 })
  gateway.db.pool.on('acquire', () => statements++)
})
afterAll(async () => {
  await client.dispose()
  await gateway.stop()
})

interface Answer {
  data?: unknown
  errors?: { message: string; extensions: Record<string, unknown> }[]
  extensions?: Record<string, unknown>
}
interface Asked {
  query: string
  variables?: Record<string, unknown>
}

async function overHttp(asked: Asked, accept = 'application/graphql-response+json'): Promise<Answer & { status: number }> {
  const headers = { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json', accept }
  const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify(asked) })
  return { status: response.status, ...((await response.json()) as Answer) }
}

const overWebsocket = (asked: Asked): Promise<Answer> =>
  new Promise((resolve) => {
    let answer: Answer = {}
    client.subscribe(asked, { next: (value) => (answer = value as Answer), error: (errors) => resolve({ errors: errors as NonNullable<Answer['errors']> }), complete: () => resolve(answer) })
  })

const times = (n: number, what: string | ((at: number) => string)): string => Array.from({ length: n }, (_, at) => (typeof what === 'string' ? what : what(at))).join(' ')
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
/** `levels` fields within each other. */
const chain = (levels: number): string => `${times(levels - 1, (at) => `${['orders(first: 1)', 'nodes', 'connection'][at % 3]} {`)} ${['totalCount', 'id', 'name'][(levels - 2) % 3]} ${'}'.repeat(levels - 1)}`

const refusals: [name: string, asked: Asked, code: string][] = [
  ['tokens', { query: `{ ${times(4999, '__typename')} }` }, 'DOCUMENT_TOO_LARGE'],
  ['10,000 aliases', { query: `{ ${times(10_000, (n) => `a${n}: __typename`)} }` }, 'DOCUMENT_TOO_LARGE'],
  ['aliases', { query: `{ ${times(101, (n) => `a${n}: __typename`)} }` }, 'TOO_MANY_ALIASES'],
  ['1,000 directives on a field', { query: `{ __typename ${times(1000, '@a')} }` }, 'TOO_MANY_DIRECTIVES'],
  ['directives', { query: `{ ${times(101, '__typename @skip(if: false)')} }` }, 'TOO_MANY_DIRECTIVES'],
  ['depth', { query: `{ ${chain(16)} }` }, 'OPERATION_TOO_DEEP'],
  ['depth through fragments', { query: `{ ...A } fragment A on Query { orders { ...B } } fragment B on OrderPage { nodes { connection { ${chain(13)} } } }` }, 'OPERATION_TOO_DEEP'],
  ['depth beyond many a stack', { query: '{a'.repeat(1600) + '}'.repeat(1600) }, 'OPERATION_TOO_DEEP'],
  ['wide: fields', { query: `{ ${times(1001, (n) => `field${n}`)} }` }, 'TOO_MANY_FIELDS'],
  ['wide through fragments', { query: `{ ${times(100, (n) => `a${n}: orders { ...F }`)} } fragment F on OrderPage { totalCount nodes { id number status version units importedAt cancelRequested placedAt } }` }, 'TOO_MANY_FIELDS'],
  ['repeated fields', { query: `{ ${times(302, '__typename')} }` }, 'TOO_MANY_REPEATED_FIELDS'],
  ['repeated fields, merged from below', { query: `{ ${times(30, 'orders { totalCount nodes { id number status version units cancelRequested importedAt placedAt } }')} }` }, 'TOO_MANY_REPEATED_FIELDS'],
  ['fragments', { query: `{ __typename } ${times(101, (n) => `fragment F${n} on Query { __typename }`)}` }, 'TOO_MANY_FRAGMENTS'],
  ['fragments that double each other', { query: `{ ...F0 } ${times(60, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F60 on Query { __typename }` }, 'TOO_MANY_FRAGMENTS'],
  ['fragments that double each other and select nothing', { query: `{ ...F0 } ${times(60, (n) => `fragment F${n} on Query { ...F${(n + 1) % 60} ...F${(n + 1) % 60} }`)}` }, 'TOO_MANY_FRAGMENTS'],
  ['a fragment within itself', { query: '{ ...F } fragment F on Query { orders { nodes { ...G } } } fragment G on Order { connection { orders { nodes { ...G } } } }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['operations', { query: times(51, (n) => `query Q${n} { __typename }`) }, 'TOO_MANY_DEFINED_OPERATIONS'],
  ['a deep literal', { query: `{ orders(filter: { search: ${'['.repeat(30)}${']'.repeat(30)} }) { totalCount } }` }, 'VALUE_TOO_DEEP'],
  ['deep variables', { query: 'query($f: OrderFilter) { orders(filter: $f) { totalCount } }', variables: { f: nested(21) } }, 'VALUE_TOO_DEEP'],
  ['introspection a hundred times', { query: `{ ${times(60, (n) => `a${n}: __schema { types { fields { name } } }`)} }` }, 'COST_EXCEEDED'],
  ['a hundred times a hundred times a hundred', { query: '{ customers(first: 100) { nodes { connections(first: 100) { nodes { orders(first: 100) { nodes { id } } } } } } }' }, 'COST_EXCEEDED'],
  ['the same by variables', { query: 'query($n: Int) { customers(first: $n) { nodes { connections(first: $n) { nodes { orders(first: $n) { nodes { id } } } } } } }', variables: { n: 100 } }, 'COST_EXCEEDED'],
  ['unknown fields', { query: '{ orders { nodes { idd } } nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a wrong type', { query: '{ orders(first: "ten") { totalCount } }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a wrong variable', { query: 'query($n: Int) { orders(first: $n) { totalCount } }', variables: { n: 'ten' } }, 'BAD_USER_INPUT'],
  ['an unknown key of a variable', { query: 'query($f: OrderFilter) { orders(filter: $f) { totalCount } }', variables: { f: { polluted: true } } }, 'BAD_USER_INPUT'],
]

describe.each([
  ['HTTP', overHttp],
  ['WebSocket', overWebsocket],
])('over %s', (_transport, ask) => {
  test.each(refusals)('is refused before it runs: %s', async (_name, asked, code) => {
    await ask({ query: '{ __typename }' }) // the token is known from here on
    const before = statements
    const { data, errors } = await ask(asked)
    expect(data ?? null).toBeNull()
    expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(/.{10}/), extensions: { code, requestId: expect.any(String) } })
    expect(statements).toBe(before)
  })

  test.each<[name: string, asked: Asked]>([
    ['as deep as is allowed', { query: `{ ${chain(15)} }` }],
    ['100 aliases', { query: `{ ${times(100, (n) => `a${n}: __typename`)} }` }],
    ['a literal as deep as is allowed, in variables as well', { query: 'query($x: [ID!]) { orders(filter: { connectionIds: [], customerIds: $x }) { totalCount } }', variables: { x: [], unused: nested(20) } }],
    ['a page of 100 orders with all that belongs to them', { query: '{ orders(first: 100) { nodes { number connection { name } lines { sellerSku } charges { code } shipments { id } } } }' }],
  ])('is answered: %s', async (_name, asked) => {
    const { data, errors } = await ask(asked)
    expect(errors).toBeUndefined()
    expect(data).not.toBeNull()
  })

  test('a document with several errors tells all of them', async () => {
    const { errors } = await ask({ query: '{ one two orders(first: "x") { totalCount } }' })
    expect(errors?.map((error) => error.message)).toEqual([expect.stringContaining('"one"'), expect.stringContaining('"two"'), expect.stringContaining('"x"')])
  })
})

test('each answer tells its cost, and so does the error of one that is too dear', async () => {
  const wanted = '{ orders(first: 3) { totalCount nodes { number } } }'
  expect(await overHttp({ query: wanted })).toMatchObject({ data: { orders: {} }, extensions: { cost: { requested: 14, allowed: 50_000 } } })
  const cost = { requested: 1_020_201, allowed: 50_000 }
  const [dear] = refusals.filter(([name]) => name.startsWith('a hundred times a')).map(([, asked]) => asked)
  expect(await overHttp(dear!)).toMatchObject({ status: 400, errors: [{ message: 'The operation costs 1020201; at most 50000 is allowed', extensions: { code: 'COST_EXCEEDED', cost } }], extensions: { cost } })
  expect((await overHttp(dear!, 'application/json')).status).toBe(200)
  expect(await overHttp({ query: '{ nothing }' })).not.toHaveProperty('extensions')
})

test('variables may be as deep as a body is large: they are refused all the same', async () => {
  const body = `{ "query": "query($f: OrderFilter) { orders(filter: $f) { totalCount } }", "variables": { "f": ${'['.repeat(500_000)}${']'.repeat(500_000)} } }`
  const response = await fetch(gateway.url, { method: 'POST', headers: { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json' }, body })
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'VALUE_TOO_DEEP' } }] })
})

test('a document that was read is not read again, whatever its variables', async () => {
  const query = `query Twice($n: Int) { ${times(60, (n) => `a${n}: orders(first: $n) { nodes { id number } pageInfo { endCursor } }`)} }`
  for (const n of [1, 2]) expect(await overHttp({ query, variables: { n } })).toMatchObject({ extensions: { cost: { requested: 60 * (2 + n) } } })
})
