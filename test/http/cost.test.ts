import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { buildSchema, getOperationAST, parse, print, separateOperations, type GraphQLSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/env.ts'
import { limitCodes, limits } from '../../src/http/document-limits.ts'
import { Documents } from '../../src/http/documents.ts'
import { exampleTabs } from '../../src/http/graphiql.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const { maxCost } = readConfig({})

const measuredBy = (schema: GraphQLSchema) => {
  const documents = new Documents(schema, { introspection: true, maxCost: Number.MAX_VALUE, trusted: new Map(), trustedOnly: false, mayUse: () => true })
  return (query: string, variables: Record<string, unknown> = {}): number => {
    const operationName = getOperationAST(parse(query))?.name?.value ?? null
    const opened = documents.open({ query, variables, operationName }, 'ADMIN')
    if ('errors' in opened) throw opened.errors[0]
    return opened.cost.requested
  }
}
const cost = measuredBy(buildSchema(read('schema/schema.graphql')))

describe('docs/limits.md', () => {
  const text = read('docs/limits.md')
  const examples = [...text.matchAll(/```graphql\n([^`]+)```\n\n(?:```json\n([^`]+)```\n\n)?(?:(?!```)[^])*?Cost: \*\*(\d+)\*\*/g)].map(([, query, variables, expected]) => ({ query: query!, variables, expected: Number(expected) }))

  test('its examples are reckoned as it says', () => {
    expect(examples).toHaveLength(5)
    for (const { query, variables, expected } of examples) expect([query, cost(query, JSON.parse(variables ?? '{}') as Record<string, unknown>)]).toEqual([query, expected])
  })

  test('its numbers are those of the code', () => {
    const rows = new Map([...text.matchAll(/^\| `(\w+)` \| ([\d,]+) \| (.*) \|$/gm)].map(([, code, number, of]) => [code, { limit: Number(number!.replace(',', '')), of: of! }]))
    expect(new Set(rows.keys())).toEqual(new Set(limitCodes))
    const { tokens, depth, fields, repeatedFields, aliases, directives, fragments, operations, valueDepth } = limits
    expect([...rows.values()].map((row) => row.limit)).toEqual([tokens, depth, fields, repeatedFields, aliases, directives, fragments, operations, valueDepth])
    expect(rows.get('TOO_MANY_FRAGMENTS')?.of).toContain(`; ${limits.spreads} that an operation spreads`)
    expect(text.replaceAll('\n', ' ')).toContain(`At most ${maxCost.toLocaleString('en')} are allowed (\`MAX_COST\`)`)
  })
})

test('the queries of the README and of GraphiQL cost less than a hundredth of what is allowed', async () => {
  const inReadme = [...read('README.md').matchAll(/```graphql\n([^`]+)```/g)].map(([, query]) => query!)
  expect(inReadme.length).toBeGreaterThan(3)
  const texts = [...inReadme, ...(await exampleTabs()).map((tab) => tab.query)]
  for (const query of texts.flatMap((text) => Object.values(separateOperations(parse(text))))) expect(cost(print(query))).toBeLessThan(maxCost / 100)
})

test('500 orders shipped and closed at once, with all that is known of each, are within what is allowed', () => {
  const [, fragments] = /(fragment OrderFacts[\s\S]*?)query/.exec(read('test/journeys/orders.graphql'))!
  const query = `mutation M($input: ShipAndCloseInput!) { shipAndClose(input: $input) { results { order { ...OrderFacts } shipments { ...ShipmentFacts } charges { amount { amount } } userErrors { code } warnings { code } } } } ${fragments}`
  const dear = cost(query, { input: { orders: Array.from({ length: 500 }, () => ({})) } })
  expect(dear).toBeLessThan(maxCost)
  expect(dear).toBeGreaterThan(maxCost / 2) // as long as it matters where the line is
})

test.each<[query: string, variables: Record<string, unknown>, expected: number]>([
  ['{ __typename viewer: __typename }', {}, 0],
  ['{ orders { nodes { id } } }', {}, 26],
  ['{ orders(last: 7) { nodes { id } } }', {}, 8],
  ['{ orders(first: 2) { edges { cursor node { id } } } }', {}, 5],
  ['query($n: Int = 9) { orders(first: $n) { nodes { id } } }', {}, 10],
  ['query($n: Int = 9) { orders(first: $n) { nodes { id } } }', { n: 2 }, 3],
  ['query($n: Int = 9) { orders(first: $n) { nodes { id } } }', { n: null }, 26],
  ['query($n: Int) { orders(first: $n) { nodes { id } } }', { n: 'many' }, 26],
  ['query($n: Int) { orders(first: $n) { nodes { id } } }', JSON.parse('{ "__proto__": { "n": 90 }, "constructor": 1 }') as Record<string, unknown>, 26],
  ['{ orders(first: 1000000000) { nodes { id } } }', {}, 101],
  ['{ orders(first: -1000000000) { nodes { id } } }', {}, 1],
  ['{ nodes(ids: ["a", "b", "c", "d"]) { id } }', {}, 4],
  ['query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c', 'd', 'e'] }, 5],
  ['mutation($ids: [ID!]!) { releaseOrders(input: { orderIds: $ids }) { orders { id } } }', { ids: ['a', 'b', 'c', 'd', 'e'] }, 6],
  ['query($yes: Boolean!) { orders(first: 5) { nodes @include(if: $yes) { id } totalCount @skip(if: $yes) } }', { yes: true }, 6],
  ['query($yes: Boolean!) { orders(first: 5) { nodes @include(if: $yes) { id } totalCount @skip(if: $yes) } }', { yes: false }, 11],
  ['{ node(id: "x") { id ... on Order { lines { id } } ... on Node { ... on Shipment { order { lines { id } } } } } }', {}, 5],
  ['{ node(id: "x") { ... on Order { shipTo { city } } ... on Order { routing { scac } } } }', {}, 3],
  ['subscription { events { cursor ... on OrderEvent { order { id connection { name } } } } }', {}, 3],
  ['{ __schema { types { name } } }', {}, 1000],
  ['{ a: __type(name: "Order") { name } b: __type(name: "Money") { name } }', {}, 200],
])('%s with %j', (query, variables, expected) => expect(cost(query, variables)).toBe(expected))

describe('for any pages within pages', () => {
  const schema = buildSchema(`
    type Query { items(first: Int, last: Int): ItemPage! }
    type Item { id: ID!, one: Item!, some: [Item!]!, items(first: Int, last: Int): ItemPage! }
    type ItemPage { nodes: [Item!]!, edges: [ItemEdge!]!, pageInfo: PageInfo!, totalCount: Int! }
    type ItemEdge { node: Item! }
    type PageInfo { endCursor: String }
  `)
  const ofItems = measuredBy(schema)
  type Item = { one?: Item | undefined; some?: Item | undefined; page?: { first: number; node: Item; counted: boolean } | undefined }
  const { item } = fc.letrec<{ item: Item }>((tie) => ({
    item: fc.record(
      { one: fc.option(tie('item'), { nil: undefined }), some: fc.option(tie('item'), { nil: undefined }), page: fc.option(fc.record({ first: fc.integer({ min: 1, max: 100 }), node: tie('item'), counted: fc.boolean() }), { nil: undefined }) },
      { requiredKeys: [] },
    ),
  }))
  const itemAtMost = (depth: number, { one, some, page }: Item): Item =>
    depth === 0 ? {} : {
      ...(one === undefined ? {} : { one: itemAtMost(depth - 1, one) }),
      ...(some === undefined ? {} : { some: itemAtMost(depth - 1, some) }),
      ...(page === undefined ? {} : { page: { ...page, node: itemAtMost(depth - 1, page.node) } }),
    }
  const write = ({ one, some, page }: Item): string =>
    `{ id ${one === undefined ? '' : `one ${write(one)}`} ${some === undefined ? '' : `some ${write(some)}`} ${page === undefined ? '' : writePage(page)} }`
  const writePage = ({ first, node, counted }: NonNullable<Item['page']>): string => `items(first: ${first}) { nodes ${write(node)} ${counted ? 'totalCount' : ''} }`
  /** Walks them as if they were there, and counts what it meets. */
  const objectsOf = ({ one, some, page }: Item): number =>
    (one === undefined ? 0 : 1 + objectsOf(one)) + (some === undefined ? 0 : 3 * (1 + objectsOf(some))) + (page === undefined ? 0 : 1 + (page.counted ? 10 : 0) + page.first * (1 + objectsOf(page.node)))

  test('the cost is the number of objects, were all pages full', () => {
    fc.assert(fc.property(item, (any) => {
      const small = { page: { first: 3, counted: false, node: itemAtMost(4, any) } }
      expect(ofItems(`{ ${writePage(small.page)} }`)).toBe(objectsOf(small))
    }))
  })

  test('a larger page never costs less', () => {
    fc.assert(fc.property(fc.integer(), fc.integer(), (a, b) => {
      const query = 'query($n: Int) { items(first: $n) { nodes { id some { id } } } }'
      const [smaller, larger] = [Math.min(a, b), Math.max(a, b)]
      expect(ofItems(query, { n: smaller })).toBeLessThanOrEqual(ofItems(query, { n: larger }))
    }))
  })
})
