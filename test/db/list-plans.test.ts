// What the database would do for every condition of every list, in every order, in both directions, for everybody and for a scoped viewer:
// walk indexes, and never read a table that grows. The lists' own tables of conditions and orders say what there is to ask. The price of
// reading a table grows with it and that of these ways does not: so what loses here loses by more at a million. The tables are filled to a
// tenth, that reading them costs as much as of 200,000 orders, though there are 20,000.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customerUuid, populate } from '../../bench/population.ts'
import type { Scope } from '../../src/auth/scope.ts'
import { countStatement, pageStatement } from '../../src/db/list-statement.ts'
import { statements } from '../../src/db/sql.ts'
import { eventTypes } from '../../src/events/catalogue.ts'
import { BEGINNING, eventsCountStatement, eventsStatement, type EventsWanted } from '../../src/events/read.ts'
import { ordersList } from '../../src/orders/find-orders.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { connectionIds, customerIds, daysAgo, everyList, item, populateDeliveries, type Questions, warehouseIds } from './list-questions.ts'

const small = new Set(['connections', 'customers', 'warehouses', 'inventory_rules'])
const sparse = ['orders', 'order_lines', 'order_recipients', 'shipments', 'import_failures', 'job_runs', 'events', 'inventory_items', 'inventory_movements', 'sku_mappings', 'listings', 'mails', 'webhook_deliveries']
/** Of a million orders. */
const SHARE = 0.02
const tenant = [customerUuid(7)]

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await createDatabase()
  const pool = new pg.Pool({ ...database.config, max: 1 })
  for (const table of sparse) await pool.query(`ALTER TABLE ${table} SET (fillfactor = 10)`)
  await populate(pool, 20_000)
  await populateDeliveries(pool)
  await pool.end()
  client = new pg.Client(database.config)
  await client.connect()
  await client.query('SET jit = off; SET max_parallel_workers_per_gather = 0') // as src/db/client.ts does
})
afterAll(async () => {
  await client?.end()
  await database?.drop()
})

interface Plan { 'Node Type': string; 'Total Cost': number; 'Index Name'?: string; 'Relation Name'?: string; 'Subplan Name'?: string; Filter?: string; 'Index Cond'?: string; Plans?: Plan[] }
const ofCustomers = (filter: string): boolean => filter.replaceAll(/'[^']*'/g, '').split(' AND ').every((part) => part.includes('customer_id'))
const amongACustomers = (plan: Plan): boolean => plan['Index Cond']?.includes('customer_id =') === true || (plan.Plans ?? []).some(amongACustomers)
/** Rows are found through an index of just them, or of just a customer's: one that is read and then sifted may have to be read to its end. */
const sifts = (plan: Plan): string[] => [
  ...(plan.Filter !== undefined && plan['Relation Name'] !== undefined && !small.has(plan['Relation Name']) && !ofCustomers(plan.Filter) && !amongACustomers(plan) ? [`${plan['Relation Name']} sifted by ${plan.Filter}`] : []),
  ...(plan.Plans ?? []).flatMap(sifts),
]
const gathers = (plan: Plan): string[] => (/^CTE (few|way)\d/.test(plan['Subplan Name'] ?? '') ? sifts(plan) : (plan.Plans ?? []).flatMap(gathers))
const readsWhole = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' && !small.has(plan['Relation Name']!) ? [plan['Relation Name']!] : []), ...(plan.Plans ?? []).flatMap(readsWhole),
]

/** Tables that are read whole, with these values and with any: PostgreSQL comes to prefer a plan for any once it has seen a statement five times. */
async function tablesRead({ text, values }: { text: string; values: unknown[] }): Promise<string[]> {
  const { rows: [own] } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values)
  const { rows: [any] } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`)
  return [own!, any!].flatMap((row) => [...readsWhole(row['QUERY PLAN'][0].Plan), ...gathers(row['QUERY PLAN'][0].Plan)])
}

async function offenders({ list, asked, cursors, always }: Questions): Promise<string[]> {
  const wants: Record<string, unknown>[] = [{}, ...Object.entries(asked).flatMap(([key, values]) => (values as unknown[]).map((value) => ({ [key]: value })))]
  const found = []
  for (const order of Object.keys(list.sorts)) {
    for (const want of wants) {
      const wanted = { ...always, ...want }
      for (const viewer of [null, tenant]) {
        const from = [cursors[order]!, item]
        const pages = [{ backwards: false, from: null }, { backwards: false, from }, { backwards: true, from }].map((page) => pageStatement(list, viewer, { limit: 25, ...page }, order, wanted, undefined, SHARE))
        for (const [index, asking] of [...pages, countStatement(list, viewer, order, wanted, SHARE)].entries()) {
          const tables = (await tablesRead(asking)).filter((table) => list.sorts[order]!.wholeTable !== true || table !== list.table)
          if (tables.length > 0) found.push(`${order} ${JSON.stringify(want)} ${viewer === null ? 'everybody' : 'scoped'} ${['first page', 'after', 'before', 'count'][index]!}: ${[...new Set(tables)].join(', ')}`)
        }
      }
    }
  }
  return found
}

test.each(everyList.map((questions) => [questions.list.name, questions] as const))('%s: no condition, order or search reads a table that grows', async (_name, questions) => {
  expect(Object.keys(questions.asked).sort()).toEqual(Object.keys(questions.list.conditions).sort())
  expect(await offenders(questions)).toEqual([])
}, 60_000)

test('a condition that is only checked on the way is one that is known to be met soon', () => {
  const checked = everyList.flatMap(({ list }) => Object.entries(list.conditions).filter(([key, condition]) => condition.gather === undefined && condition.parent !== true && list.spread?.[key as never] === undefined).map(([key]) => `${list.name}.${key}`))
  expect(checked).toEqual([
    'shipments.shippedFrom', 'shipments.shippedBefore', // where the walk begins and ends
    'importFailures.codes', 'jobRuns.kinds', // one alone has an index in the list's order
    'inventory.belowAvailable', // levels have none
    'inventory.warehouseIds', // one alone has an index by SKU
    'connections.marketplaceIds', 'connections.statuses', // a table that stays small
  ])
})

test('nor do conditions of orders together', async () => {
  for (const wanted of [
    { statuses: ['OPEN'], connectionIds: connectionIds[1]! }, { search: 'maya', customerIds: customerIds[0]!, statuses: ['CLOSED'] }, { purchasedFrom: daysAgo(2), purchasedBefore: daysAgo(1), customerIds: customerIds[0]! },
    { onHold: true, search: '1' }, { sku: 'SKU-000001', trackingStatuses: ['REJECTED'], warehouseIds: warehouseIds[0]! }, { shipByBefore: daysAgo(1), statuses: ['OPEN'] },
  ] as const) {
    for (const order of Object.keys(ordersList.sorts) as (keyof typeof ordersList.sorts)[]) {
      for (const viewer of [null, tenant]) {
        expect(await tablesRead(pageStatement(ordersList, viewer, { limit: 25, backwards: false, from: null }, order, wanted, undefined, SHARE)), `${order} ${JSON.stringify(wanted)}`).toEqual([])
      }
    }
  }
})

// Else a connection that has had none for long is walked to its first order.
test('open orders of some connections are found through an index of open ones, in every order', async () => {
  const within = (plan: Plan): string[] => [
    ...(/connection_id = \w+\.(?:id|connection)/.test(plan['Index Cond'] ?? '') ? [plan['Index Name']!] : []), ...(plan.Plans ?? []).flatMap(within),
  ]
  for (const order of Object.keys(ordersList.sorts) as (keyof typeof ordersList.sorts)[]) {
    for (const wanted of [{ customerIds: customerIds[0]! }, { connectionIds: connectionIds[1]! }, { warehouseIds: warehouseIds[0]! }]) {
      const { text, values } = pageStatement(ordersList, null, { limit: 25, backwards: false, from: null }, order, { ...wanted, statuses: ['OPEN'] }, undefined, SHARE)
      const { rows: [found] } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values)
      expect(new Set(within(found!['QUERY PLAN'][0].Plan)), `${order} ${JSON.stringify(wanted)}`).toEqual(new Set(['orders_open_of_connection']))
    }
  }
})

test('nor does any reader of the event log', async () => {
  const found = []
  const none: EventsWanted = { types: null, connectionIds: null, customerIds: null, orderId: null }
  for (const wanted of [none, ...eventTypes.map((type) => ({ ...none, types: [type] })), { ...none, types: ['ORDER_HELD', 'ORDER_CLOSED'] as const }, ...connectionIds.map((ids) => ({ ...none, connectionIds: ids })), { ...none, customerIds: customerIds[0]! }, { ...none, orderId: item }]) {
    for (const viewer of [null, tenant]) {
      const scope = { tenant: viewer } as Scope
      const tables = [await tablesRead(eventsStatement(scope, wanted, BEGINNING, { xid: '9999999', id: '0' }, 26)), await tablesRead(eventsCountStatement(scope, wanted, 10_000 * SHARE))].flat()
      if (tables.length > 0) found.push(`${JSON.stringify(wanted)} ${viewer === null ? 'everybody' : 'scoped'}: ${tables.join(', ')}`)
    }
  }
  expect(found).toEqual([])
})

const sources = path.join(import.meta.dirname, '../../src')
/** These may, and why. */
const readsAll: Readonly<Record<string, string>> = {
  forgetMailBodies: 'of a month, once an hour', removeMails: 'of a month, once an hour', removeRuns: 'one pass over them, once an hour', forgetRecorded: 'every six hours',
  personalDataKept: 'the report counts all of it', resolveFailures: 'a hundred of the thousand that there are here: of more it looks for each',
}

async function plansOfAll(): Promise<{ name: string; plan: Plan }[]> {
  for (const file of await readdir(sources, { recursive: true })) {
    if (file.endsWith('.ts') && (await readFile(path.join(sources, file), 'utf8')).includes('statement(')) await import(path.join(sources, file))
  }
  expect(statements.size).toBeGreaterThan(250)
  const plans = []
  for (const { name, text } of statements.values()) {
    const { rows: [any] } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`)
    plans.push({ name, plan: any!['QUERY PLAN'][0].Plan })
  }
  return plans
}

test('nor does any statement of the program', async () => {
  const found = (await plansOfAll()).filter(({ plan }) => readsWhole(plan).some((table) => sparse.includes(table))).map(({ name }) => name)
  expect(found.sort()).toEqual(Object.keys(readsAll).sort())
})

// Of a table without gaps the first row costs next to nothing: where PostgreSQL thinks that every third would do, it begins to read, and reads all of it where none does.
test('nor does any bet that the first rows of one would do', async () => {
  for (const table of sparse) await client.query(`ALTER TABLE ${table} SET (fillfactor = 100)`)
  await client.query(`VACUUM (FULL, ANALYZE) ${sparse.join(', ')}`)
  const bets = (plan: Plan, all: number): string[] => [
    ...(plan['Node Type'] === 'Seq Scan' && sparse.includes(plan['Relation Name']!) && plan['Total Cost'] > all ? [plan['Relation Name']!] : []), ...(plan.Plans ?? []).flatMap((part) => bets(part, all)),
  ]
  const found = (await plansOfAll()).flatMap(({ name, plan }) => bets(plan, plan['Total Cost']).map((table) => `${name}: ${table}`))
  expect(found).toEqual([])
})
