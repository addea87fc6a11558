// Pages as clients meet them: what a search finds, what a cursor is good for, how far totalCount counts.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectionUuid, customerUuid, populate } from '../../bench/population.ts'
import { toId } from '../../src/kit/ids.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { type Gateway, GraphqlFailure, startGateway } from '../support/gateway.ts'

let database: TestDatabase
let gateway: Gateway
beforeAll(async () => {
  database = await createDatabase()
  gateway = await startGateway({ database, roles: ['api'] })
  await populate(gateway.db.pool, 60)
})
afterAll(async () => {
  await gateway?.stop()
  await database?.drop()
})

interface Page { nodes: { number: string }[]; totalCount: number; pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean } }
const find = async (args: object): Promise<Page> =>
  (await gateway.graphql<{ orders: Page }>(
    `query ($first: Int, $after: String, $last: Int, $before: String, $filter: OrderFilter, $orderBy: OrderOrder) {
       orders(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) { nodes { number } totalCount pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`, { ...args },
  )).orders
const failure = async (work: Promise<unknown>): Promise<unknown> => {
  const error = await work.then(() => null, (thrown: unknown) => thrown)
  if (!(error instanceof GraphqlFailure)) throw new Error('nothing was refused')
  return error.errors.map(({ message, extensions }) => ({ message, code: extensions?.['code'], field: extensions?.['field'] }))
}

test('a search finds by what an order number, a reference, a SKU, a tracking number or a recipient begins with', async () => {
  const { rows: [order] } = await gateway.db.pool.query<{ id: string; number: string }>(`SELECT id, number FROM orders WHERE status = 'CLOSED' ORDER BY number LIMIT 1`)
  const set = (sql: string, value: string) => gateway.db.pool.query(sql, [order!.id, value])
  await set('UPDATE orders SET bill_of_lading = $2 WHERE id = $1', 'BOL_77%')
  await set('UPDATE orders SET load_number = $2 WHERE id = $1', 'Load-9')
  await set('UPDATE order_lines SET seller_sku = $2 WHERE order_id = $1', 'mug-ä')
  await set('UPDATE order_lines SET warehouse_sku = $2 WHERE order_id = $1', 'W\\MUG')
  await set('UPDATE shipments SET tracking_number = $2 WHERE order_id = $1', '1Zabc')
  await set('UPDATE order_recipients SET name = $2 WHERE order_id = $1', 'Weiß 100% Größe')
  const found = async (search: string): Promise<boolean> => {
    const { nodes, totalCount } = await find({ filter: { search } })
    expect(totalCount).toBe(nodes.length)
    return nodes.some(({ number }) => number === order!.number)
  }
  for (const search of [order!.number, order!.number.slice(0, -2), 'bol_7', 'LOAD-9', 'Mug-Ä', 'mug', 'w\\m', '1ZABC', ' weiß 100% g ', 'WEIß 100% GRÖSSE'.slice(0, 9)]) expect(await found(search), search).toBe(true)
  // Its parts do not count, nor do wildcards.
  for (const search of [order!.number.slice(1), 'OL_7', 'bol%', 'b_l', 'weiß 100_', 'w%', '%', '_', 'größe']) expect(await found(search), search).toBe(false)
  expect(await failure(find({ filter: { search: 'a\0b' } }))).toMatchObject([{ code: 'BAD_USER_INPUT', field: ['filter', 'search'] }])
})

test('a cursor is good for its list and order alone, with any filter, in both directions', async () => {
  const first = await find({ first: 5 })
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  const { endCursor: after } = first.pageInfo
  const second = await find({ first: 5, after })
  expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
  expect((await find({ last: 5, before: second.pageInfo.startCursor })).nodes).toEqual(first.nodes)
  expect((await find({ first: 100, after, filter: { statuses: ['OPEN', 'CLOSED'] } })).nodes.length).toBeGreaterThan(0)

  const refused = (field: string) => [{ code: 'BAD_USER_INPUT', field: [field], message: 'not a cursor of this list and order' }]
  expect(await failure(find({ after, orderBy: 'IMPORTED_ASC' }))).toEqual(refused('after'))
  expect(await failure(find({ last: 2, before: after, orderBy: 'PURCHASED_DESC' }))).toEqual(refused('before'))
  expect(await failure(gateway.graphql('query ($after: String) { shipments(after: $after) { totalCount } }', { after }))).toEqual(refused('after'))
  expect(await failure(gateway.graphql('query ($id: ID!, $after: String) { node(id: $id) { ... on Connection { jobRuns(after: $after) { totalCount } } } }', { id: toId('Connection', connectionUuid(1)), after }))).toEqual(refused('after'))
  const another = Buffer.from(Buffer.from(after, 'base64url').toString().replace(/^\[1,/, '[9,')).toString('base64url')
  expect(await failure(find({ after: another }))).toMatchObject([{ code: 'BAD_USER_INPUT', field: ['after'], message: expect.stringContaining('version 9') }])
  const forged = Buffer.from(Buffer.from(after, 'base64url').toString().replace(/"\d{4}-[^"]*"/, '"tomorrow"')).toString('base64url')
  expect(await failure(find({ after: forged }))).toEqual(refused('after'))
})

test('of a list any one is meant: of an empty one, none', async () => {
  expect(await find({ filter: { statuses: [] } })).toMatchObject({ nodes: [], totalCount: 0, pageInfo: { startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false } })
})

test('totalCount counts to 10000', async () => {
  const count = async (): Promise<number> =>
    (await gateway.graphql<{ node: { skuMappings: { totalCount: number } } }>('query ($id: ID!) { node(id: $id) { ... on Connection { skuMappings(first: 1) { totalCount } } } }', { id: toId('Connection', connectionUuid(5)) })).node.skuMappings.totalCount
  const add = (from: number, to: number) => gateway.db.pool.query(
    `INSERT INTO sku_mappings (customer_id, connection_id, seller_sku, warehouse_sku) SELECT $1, $2, 'S-' || n, 'S-' || n FROM generate_series($3::int, $4::int) AS n`, [customerUuid(1), connectionUuid(5), from, to],
  )
  await add(1, 9_999)
  expect(await count()).toBe(9_999)
  await add(10_000, 10_500)
  expect(await count()).toBe(10_000)
})
