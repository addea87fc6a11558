// Find Orders over HTTP, as pages of the warehouse ask it: filter, search and nested pages among 1,000,000 orders against the very same
// among 10,000, by turns in one run. QUICK=1: 100,000 orders and fewer rounds.
import { randomBytes } from 'node:crypto'
import { createApiToken } from '../src/auth/api-tokens.ts'
import type { Scope } from '../src/auth/scope.ts'
import { orderingOf } from '../src/db/list.ts'
import { toId } from '../src/kit/ids.ts'
import { encodeCursor } from '../src/kit/page.ts'
import { ordersList } from '../src/orders/find-orders.ts'
import { median, onFreshDatabase } from './compare.ts'
import { BUYER, CUSTOMERS, customerUuid, populate } from './population.ts'
import { startProgram } from './processes.ts'
import { goal, setting } from './site.ts'

const quick = process.env['QUICK'] === '1'
const LARGE = setting('ORDERS', quick ? 100_000 : 1_000_000)
const SMALL = 10_000
const ROUNDS = setting('ROUNDS', quick ? 60 : 300)
/** Rounds before they count: statements get their plans, pages their place in memory. */
const WARM = 12
const AT_MOST = 3

const order = `id number status purchasedAt importedAt shipBy units customer { name } connection { name } shipTo { name city countryCode }
  lines { sellerSku warehouseSku quantity quantityShipped } shipments { id shippedAt routing { carrier trackingNumber } tracking { status } }`
const page = `edges { cursor node { ${order} } } pageInfo { endCursor hasNextPage hasPreviousPage }`
const find = (fields: string): string => `query ($filter: OrderFilter, $orderBy: OrderOrder, $after: String) { orders(first: 25, filter: $filter, orderBy: $orderBy, after: $after) { ${fields} } }`

interface Ground {
  orders: number
  ask(query: string, variables: object): Promise<{ edges?: unknown[]; totalCount?: number }>
  /** Of orders here and there, to search for. */
  trackingNumbers: string[]
  recipients: string[]
  /** A cursor so many orders from the newest. */
  deep: string
}

interface Question {
  name: string
  query?: string
  variables(ground: Ground, round: number): object
}

const dayAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000)
const pick = <T>(from: readonly T[], round: number): T => from[round % from.length]!

const questions: readonly Question[] = [
  { name: 'open orders, the next to ship first', variables: () => ({ filter: { statuses: ['OPEN'] }, orderBy: 'SHIP_BY_ASC' }) },
  { name: 'open orders, the newest first', variables: () => ({ filter: { statuses: ['OPEN'] } }) },
  { name: "a customer's open orders, the newest first", variables: (_ground, round) => ({ filter: { statuses: ['OPEN'], customerIds: [toId('Customer', customerUuid(1 + (round % CUSTOMERS)))] }, orderBy: round % 2 === 0 ? 'IMPORTED_DESC' : 'PURCHASED_DESC' }) },
  { name: 'held orders', variables: () => ({ filter: { onHold: true } }) },
  { name: 'search: a recipient of 30 orders', variables: () => ({ filter: { search: BUYER } }) },
  { name: 'search: a recipient', variables: ({ recipients }, round) => ({ filter: { search: pick(recipients, round).toLowerCase() } }) },
  { name: 'search: a tracking number', variables: ({ trackingNumbers }, round) => ({ filter: { search: pick(trackingNumbers, round) } }) },
  { name: 'search: what all numbers begin with', variables: () => ({ filter: { search: '1' } }) },
  { name: "a customer's orders of last week", variables: () => ({ filter: { customerIds: [toId('Customer', customerUuid(1))], importedFrom: dayAgo(7), importedBefore: new Date() } }) },
  { name: "a customer's purchases of last week", variables: () => ({ filter: { customerIds: [toId('Customer', customerUuid(1))], purchasedFrom: dayAgo(7) }, orderBy: 'PURCHASED_DESC' }) },
  { name: 'a deep page', variables: ({ deep }) => ({ after: deep }) },
  { name: "a customer's orders with totalCount", query: find(`totalCount ${page}`), variables: (_ground, round) => ({ filter: { customerIds: [toId('Customer', customerUuid(1 + (round % 3)))] } }) },
]

async function onGround(scope: Scope, databaseUrl: string, orders: number, work: (ground: Ground) => Promise<void>): Promise<void> {
  const began = performance.now()
  await populate(scope.db.pool, orders)
  console.log(`${orders} orders made in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  const token = await createApiToken(scope.db, 'bench', 'ADMIN')
  const api = await startProgram(`find-orders-${orders}`, { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: randomBytes(32).toString('base64'), CARTAGE_ROLES: 'api', RATE_LIMIT: '1000000', DATABASE_POOL_SIZE: '4' })
  const texts = async (sql: string): Promise<string[]> => (await scope.db.pool.query<{ text: string }>(sql)).rows.map(({ text }) => text)
  const { rows: [deep] } = await scope.db.pool.query<{ keys: string[] }>(`SELECT ARRAY[imported_at::text, id::text] AS keys FROM orders ORDER BY imported_at DESC, id DESC OFFSET ${Math.min(30_000, orders / 2)} LIMIT 1`)
  try {
    await work({
      orders,
      async ask(query, variables) {
        const response = await fetch(api.apiUrl!, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })
        const { data, errors } = (await response.json()) as { data: { orders: { edges: unknown[] } }; errors?: unknown }
        if (errors !== undefined) throw new Error(`${response.status}: ${JSON.stringify(errors)}`)
        return data.orders
      },
      trackingNumbers: await texts(`SELECT tracking_number AS text FROM orders TABLESAMPLE BERNOULLI(${20_000 / orders}) REPEATABLE (1) WHERE tracking_number IS NOT NULL`),
      recipients: await texts(`SELECT name AS text FROM order_recipients TABLESAMPLE BERNOULLI(${20_000 / orders}) REPEATABLE (2)`),
      deep: encodeCursor(orderingOf(ordersList, 'IMPORTED_DESC'), deep!.keys),
    })
  } finally {
    await api.end('SIGTERM')
  }
}

await onFreshDatabase((smallScope, smallUrl) => onGround(smallScope, smallUrl, SMALL, (small) =>
  onFreshDatabase((largeScope, largeUrl) => onGround(largeScope, largeUrl, LARGE, async (large) => {
    console.log(`ms, among ${SMALL} and among ${LARGE} orders, ${ROUNDS} rounds by turns`)
    for (const question of questions) {
      const times = new Map<Ground, number[]>([[small, []], [large, []]])
      const found = new Map<Ground, number>()
      for (let round = -WARM; round < ROUNDS; round++) {
        for (const ground of round % 2 === 0 ? [small, large] : [large, small]) {
          const variables = question.variables(ground, round + WARM)
          const begin = performance.now()
          const { edges } = await ground.ask(question.query ?? find(page), variables)
          if (round >= 0) times.get(ground)!.push(performance.now() - begin)
          found.set(ground, edges!.length)
        }
      }
      const p99 = (ground: Ground): number => times.get(ground)!.sort((a, b) => a - b)[Math.ceil(ROUNDS * 0.99) - 1]!
      const [few, many] = [p99(small), p99(large)]
      const [usualFew, usualMany] = [median(times.get(small)!), median(times.get(large)!)]
      console.log(`${question.name}: p50 ${usualFew.toFixed(1)} and ${usualMany.toFixed(1)} (x ${(usualMany / usualFew).toFixed(2)}), p99 ${few.toFixed(1)} and ${many.toFixed(1)}, rows ${found.get(small)!} and ${found.get(large)!}`)
      goal(`p99 at most ${AT_MOST} times: ${(many / few).toFixed(2)}`, many / few <= AT_MOST)
    }
  })),
))
