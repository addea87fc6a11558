// Two `api` processes on one database against one: the requests that they answer together. Asked is what the gateway knows by heart (the directory of
// carriers), so that PostgreSQL is not the limit, and besides, for comparison, a page of orders, for which it soon is. Real: the built program, HTTP,
// PostgreSQL. A node has a core's worth of work to give; this process asks, on the same machine. QUICK=1: shorter rounds.
import { createApiToken } from '../src/auth/api-tokens.ts'
import { median, onFreshDatabase } from './compare.ts'
import { type Asking, load } from './load.ts'
import { populate } from './population.ts'
import { cpuSeconds, type Program, startProgram } from './processes.ts'
import { goal, setting } from './site.ts'

const QUICK = process.env['QUICK'] === '1'
const ROUNDS = setting('ROUNDS', QUICK ? 2 : 5)
const SECONDS = setting('SECONDS', QUICK ? 2 : 6)
/** Of each node. */
const CONNECTIONS = 16

const questions = {
  'the carriers': '{ carriers { code name scacs services } }',
  'a page of orders': '{ orders(first: 25, filter: { statuses: [OPEN] }, orderBy: SHIP_BY_ASC) { nodes { id number status shipBy units customer { name } connection { name } shipTo { city countryCode } lines { warehouseSku quantity } } } }',
}

await onFreshDatabase(async (scope, databaseUrl) => {
  await populate(scope.db.pool, 20_000)
  const token = await createApiToken(scope.db, 'bench', 'ADMIN')
  const env = { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'), CARTAGE_ROLES: 'api', RATE_LIMIT: '100000000', TOKEN_RATE_LIMIT: '100000000', DATABASE_POOL_SIZE: '8' }
  const nodes = [await startProgram('two-nodes-1', env), await startProgram('two-nodes-2', env)]
  try {
    for (const [name, query] of Object.entries(questions)) {
      const ratios: number[] = []
      const rates: Record<1 | 2, number[]> = { 1: [], 2: [] }
      for (let round = 0; round <= ROUNDS; round++) {
        const found: Record<1 | 2, number> = { 1: 0, 2: 0 }
        for (const count of round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const)) found[count] = await ask(nodes.slice(0, count), query, token)
        if (round === 0) continue // warms up
        for (const count of [1, 2] as const) rates[count].push(found[count])
        ratios.push(found[2] / found[1])
      }
      console.log(`two-nodes, ${name}: ${median(rates[1]).toFixed(0)} a second of one, ${median(rates[2]).toFixed(0)} of two; medians of ${ROUNDS} rounds`)
      if (name === 'the carriers') goal(`two answer ${median(ratios).toFixed(2)} times as many, goal 1.7`, median(ratios) >= 1.7)
      else console.log(`          two answer ${median(ratios).toFixed(2)} times as many`)
    }
    for (const [index, node] of nodes.entries()) console.log(`  node ${index + 1}: ${cpuSeconds(node.pid)?.toFixed(0)} s of CPU`)
  } finally {
    await Promise.all(nodes.map((node) => node.end('SIGTERM')))
  }
})

async function ask(nodes: readonly Program[], query: string, token: string): Promise<number> {
  const of = ({ apiUrl }: Program): Asking => ({ url: apiUrl!, body: JSON.stringify({ query }), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } })
  const loaded = await Promise.all(nodes.map((node) => load(of(node), { connections: CONNECTIONS, seconds: SECONDS })))
  const failures = loaded.reduce((sum, one) => sum + one.failures, 0)
  if (failures > 0) throw new Error(`${failures} requests failed`)
  return loaded.reduce((sum, { rate }) => sum + rate, 0)
}
