// What it costs to know who asks, what they may do and whose rows they see: a page of 50 orders of one customer with their lines, connection and shipments, as
//   - bound: a CUSTOMER's token, which finds the customer's rows by itself;
//   - anybody: ADMIN's token, which asks for that customer's by a filter;
//   - open: the same room without authentication, roles, shares of requests and customers in its statements, asked by the same filter;
//   - rows: as open, with PostgreSQL's row-level security on what it reads, the customer being a setting of the session that costs nothing to set.
// All are rooms of one process, on one core: between processes that do the same, rates differ by a fifth. PostgreSQL and the 16 connections of load share the other, in
// turns, forwards and backwards.
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { createApiToken } from '../src/auth/api-tokens.ts'
import { toId } from '../src/kit/ids.ts'
import { DATABASE_FOLDER, median, onFreshDatabase } from './compare.ts'
import { type Asking, load } from './load.ts'
import { customerUuid, populate } from './population.ts'
import { pin, type Program, postmaster, startRival } from './processes.ts'
import { goal, setting } from './site.ts'

const ORDERS = setting('ORDERS', 100_000)
const ROUNDS = setting('ROUNDS', 9)
const SECONDS = setting('SECONDS', 2)
const CONNECTIONS = 16
/** One with 4 of 200 connections. */
const CUSTOMER = customerUuid(3)
const FIELDS = `id number status purchasedAt importedAt shipBy units version total { amount currencyCode } connection { id name }
  lines { id sellerSku quantity quantityShipped } shipments { id routing { carrier trackingNumber } tracking { status } }`
const QUERY = `query Page($filter: OrderFilter) { orders(first: 50, orderBy: IMPORTED_DESC, filter: $filter) { nodes { ${FIELDS} } } }`
const READ = ['orders', 'order_lines', 'shipments', 'connections']

await onFreshDatabase(async (scope, databaseUrl) => {
  console.log(`isolation: ${ORDERS} orders, ${ROUNDS} rounds of ${SECONDS} s each, ${CONNECTIONS} connections`)
  await populate(scope.db.pool, ORDERS)
  const server = postmaster(DATABASE_FOLDER)
  pin(1, server)
  pin(1, process.pid)
  const programs: Program[] = []
  const started = async (program: Promise<Program>): Promise<Program> => {
    const one = await program
    programs.push(one)
    return one
  }
  const role = `rows_${process.pid}`
  try {
    const [bound, admin] = [await createApiToken(scope.db, 'merchant', 'CUSTOMER', { customerIds: [CUSTOMER] }), await createApiToken(scope.db, 'admin', 'ADMIN')]
    const program = await started(startRival('isolation', fileURLToPath(new URL('isolation-room.js', import.meta.url)), { DATABASE_URL: databaseUrl, ROWS_URL: await guardRows(scope.db.pool, databaseUrl, role) }, 0, true))
    const [guarded, open, rows] = program.apiUrl!.split(',') as [string, string, string]
    const filter = { customerIds: [toId('Customer', CUSTOMER)] }
    const contenders: [string, Asking][] = [
      ['bound', asking(guarded, {}, bound)], ['anybody', asking(guarded, { filter }, admin)], ['open', asking(open, { filter })], ['rows', asking(rows, { filter })],
    ]
    const pages = await Promise.all(contenders.map(async ([, { url, body, headers }]) => JSON.parse(await (await fetch(url, { method: 'POST', headers, body })).text()) as { data: { orders: { nodes: unknown[] } } }))
    for (const { data } of pages) if (JSON.stringify(data) !== JSON.stringify(pages[0]!.data) || data.orders.nodes.length !== 50) throw new Error('they do not answer alike')
    const rates = new Map<string, number[]>(contenders.map(([name]) => [name, []]))
    for (let round = 0; round <= ROUNDS; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const [name, ask] = contenders[round % 2 === 0 ? turn : contenders.length - 1 - turn]!
        const { rate, failures } = await load(ask, { connections: CONNECTIONS, seconds: SECONDS })
        if (failures > 0) throw new Error(`${name}: ${failures} failures`)
        if (round > 0) rates.get(name)!.push(rate)
      }
    }
    for (const [name, measured] of rates) console.log(`  ${name.padEnd(8)} ${median(measured).toFixed(0).padStart(5)} pages a second`)
    const ratio = (one: string, other: string): number => median(rates.get(one)!.map((rate, round) => rate / rates.get(other)![round]!))
    goal(`bound is ${ratio('bound', 'open').toFixed(3)} of open, at least 0.95`, ratio('bound', 'open') >= 0.95)
    goal(`anybody is ${ratio('anybody', 'open').toFixed(3)} of open, at least 0.95`, ratio('anybody', 'open') >= 0.95)
    console.log(`  row-level security alone is ${ratio('rows', 'open').toFixed(3)} of open`)
  } finally {
    await Promise.all(programs.map((program) => program.end('SIGKILL')))
    await scope.db.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`).catch(() => {})
  }
})

function asking(url: string, variables: object, token?: string): Asking {
  return { url, body: JSON.stringify({ query: QUERY, variables }), headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } }
}

/** A role that sees the customer's rows alone, and the address by which it connects. */
async function guardRows(pool: pg.Pool, databaseUrl: string, role: string): Promise<string> {
  await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`)
  await pool.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`)
  for (const table of READ) {
    await pool.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`)
    await pool.query(`CREATE POLICY of_tenant ON ${table} TO ${role} USING (customer_id = ANY (current_setting('cartage.tenant')::uuid[]))`)
  }
  const url = new URL(databaseUrl)
  url.username = role
  url.password = role
  url.searchParams.set('options', `-c cartage.tenant={${CUSTOMER}}`)
  return url.href
}
