// A page of 50 orders with their lines, connection and shipments, deep in 200,000 of them: how many a second, against
//   - bare: node:http, pg and one prepared json_agg statement, no GraphQL at all;
//   - PostGraphile 5 on the same database;
//   - the same contract on Apollo with its defaults, and Prisma's include.
// Each server is a process of its own, on one core; PostgreSQL and the 16 connections of load share the other, in the same run,
// in turns. `DATABASE_URL` is the embedded server's; the gateway is the built program with its api role, authentication and limits.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createApiToken } from '../src/auth/api-tokens.ts'
import { DATABASE_FOLDER, median, onFreshDatabase } from './compare.ts'
import { type Asking, load } from './load.ts'
import { populate } from './population.ts'
import { cpuSeconds, pin, type Program, postmaster, startProgram, startRival } from './processes.ts'
import { goal, setting } from './site.ts'

const QUICK = process.env['QUICK'] === '1'
const ORDERS = setting('ORDERS', QUICK ? 20_000 : 200_000)
const ROUNDS = setting('ROUNDS', QUICK ? 3 : 9)
const SECONDS = setting('SECONDS', QUICK ? 1 : 2)
const CONNECTIONS = 16
/** Pages before the one that is asked for: past what is still open, and has no shipments. */
const DEEP = 40
const FIELDS = `id number status purchasedAt importedAt shipBy units version total { amount currencyCode } connection { id name }
  lines { id sellerSku quantity quantityShipped } shipments { id routing { carrier trackingNumber } tracking { status } }`

const rivals = path.resolve('bench/rivals')
if (!fs.existsSync(path.join(rivals, 'node_modules'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefix', rivals], { stdio: 'inherit' })

interface Contender {
  name: string
  program: Program
  ask: Asking
}

await onFreshDatabase(async (scope, databaseUrl) => {
  console.log(`orders-page: ${ORDERS} orders, ${ROUNDS} rounds of ${SECONDS} s each, ${CONNECTIONS} connections`)
  await populate(scope.db.pool, ORDERS)
  const server = postmaster(DATABASE_FOLDER)
  pin(1, server)
  pin(1, process.pid)
  const { rows: [after] } = await scope.db.pool.query<{ at: string; id: string }>(
    `SELECT imported_at::text AS at, id::text FROM orders ORDER BY imported_at DESC, id DESC OFFSET ${Math.min(DEEP * 50, ORDERS / 2)} LIMIT 1`)
  const env = { DATABASE_URL: databaseUrl, AFTER_AT: after!.at, AFTER_ID: after!.id }
  const programs: Program[] = []
  const started = async (program: Promise<Program>): Promise<Program> => {
    const one = await program
    programs.push(one)
    return one
  }
  try {
    const token = await createApiToken(scope.db, 'bench', 'ADMIN')
    const gateway = await started(startProgram('orders-page-gateway', { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'), CARTAGE_ROLES: 'api', DATABASE_POOL_SIZE: '16', RATE_LIMIT: '100000000' }, 0))
    const cursor = await cursorAt(gateway.apiUrl!, token, Math.min(DEEP * 50, ORDERS / 2))
    const contenders: Contender[] = [
      { name: 'gateway', program: gateway, ask: asking(gateway.apiUrl!, { query: `query Page($after: String) { orders(first: 50, after: $after, orderBy: IMPORTED_DESC) { nodes { ${FIELDS} } } }`, variables: { after: cursor } }, token) },
    ]
    for (const [name, file, query] of [
      ['bare', 'bare.mjs', '{ x }'],
      ['postgraphile', 'postgraphile.mjs', ''],
      ['prisma include', 'prisma-include.mjs', `query Page { orders(first: 50) { nodes { ${FIELDS} } } }`],
    ] as const) {
      const program = await started(startRival(`orders-page-${file}`, path.join(rivals, file), env, 0))
      const asked = name === 'postgraphile' ? await postgraphileQuery(program.apiUrl!, env) : { query }
      contenders.push({ name, program, ask: asking(program.apiUrl!, asked) })
    }
    await compare(contenders, server)
  } finally {
    await Promise.all(programs.map((program) => program.end('SIGKILL')))
  }
})

async function compare(contenders: readonly Contender[], server: number): Promise<void> {
  for (const { name, ask } of contenders) {
    const { bytes, failures } = await load(ask, { connections: 1, seconds: 0.2 })
    if (failures > 0) throw new Error(`${name} does not answer`)
    console.log(`  ${name.padEnd(15)} ${(bytes / 1024).toFixed(1)} kB a page`)
    await load(ask, { connections: CONNECTIONS, seconds: SECONDS })
  }
  const measured = new Map(contenders.map(({ name }) => [name, [] as { rate: number; p50: number; p99: number; node: number; postgresql: number }[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, program, ask } of contenders) {
      const before = [cpuSeconds(program.pid) ?? 0, cpuSeconds(server, true) ?? 0]
      const { count, rate, p50, p99, failures } = await load(ask, { connections: CONNECTIONS, seconds: SECONDS })
      if (failures > 0) throw new Error(`${name}: ${failures} failures`)
      measured.get(name)!.push({ rate, p50, p99, node: ((cpuSeconds(program.pid) ?? 0) - before[0]!) / count * 1000, postgresql: ((cpuSeconds(server, true) ?? 0) - before[1]!) / count * 1000 })
    }
  }
  const of = (name: string, what: 'rate' | 'p50' | 'p99' | 'node' | 'postgresql'): number => median(measured.get(name)!.map((one) => one[what]))
  /** Of rates within the same round. */
  const ratio = (rival: string): number => median(measured.get('gateway')!.map(({ rate }, round) => rate / measured.get(rival)![round]!.rate))
  for (const { name } of contenders) {
    console.log(`  ${name.padEnd(15)} ${of(name, 'rate').toFixed(0).padStart(5)} a second, p50 ${of(name, 'p50').toFixed(1)} ms, p99 ${of(name, 'p99').toFixed(1)} ms, CPU ${of(name, 'node').toFixed(2)} ms Node.js + ${of(name, 'postgresql').toFixed(2)} ms PostgreSQL a page`)
  }
  for (const [rival, least] of [['bare', 0.8], ['postgraphile', 1.8], ['prisma include', 3]] as const) goal(`${ratio(rival).toFixed(2)} times ${rival}, at least ${least}`, ratio(rival) >= least)
}

function asking(url: string, body: object, token?: string): Asking {
  return { url, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } }
}

async function answer<Data>(url: string, body: object, token?: string): Promise<Data> {
  const { headers } = asking(url, body, token)
  const { data, errors } = (await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as { data: Data; errors?: unknown }
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}

async function cursorAt(url: string, token: string, depth: number): Promise<string> {
  let after: string | null = null
  for (let passed = 0; passed < depth; passed += 50) {
    const { orders }: { orders: { pageInfo: { endCursor: string } } } = await answer(url, { query: 'query Walk($after: String) { orders(first: 50, after: $after) { pageInfo { endCursor } } }', variables: { after } }, token)
    after = orders.pageInfo.endCursor
  }
  return after!
}

/** Its own names for the same page. */
async function postgraphileQuery(url: string, { AFTER_AT }: { AFTER_AT: string }): Promise<{ query: string; variables: object }> {
  const page = `first: 50, after: $after, orderBy: [IMPORTED_AT_DESC, ROW_ID_DESC]`
  const query = `query Page($after: Cursor) { allOrders(${page}) { nodes { id: rowId number status purchasedAt importedAt shipBy units version total currency connectionByConnectionId { id: rowId name }
    orderLinesByOrderId(orderBy: LINE_NUMBER_ASC) { nodes { id: rowId sellerSku quantity quantityShipped } }
    shipmentsByOrderId(orderBy: PACKAGE_NUMBER_ASC) { nodes { id: rowId carrier trackingNumber trackingStatus } } } } }`
  let after: string | null = null
  for (;;) {
    const { allOrders }: { allOrders: { nodes: { importedAt: string }[]; pageInfo: { endCursor: string } } } =
      await answer(url, { query: `query Walk($after: Cursor) { allOrders(${page}) { nodes { importedAt } pageInfo { endCursor } } }`, variables: { after } })
    after = allOrders.pageInfo.endCursor
    if (new Date(allOrders.nodes.at(-1)!.importedAt) <= new Date(AFTER_AT)) return { query, variables: { after } }
  }
}
