import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client.ts'

/** The database of one process: one pool, and Prisma's client over the same pool. */
export interface Database {
  pool: pg.Pool
  prisma: PrismaClient
  /** For connections of one's own, such as LISTEN. */
  config: pg.ClientConfig
  close(): Promise<void>
}

export function openDatabase(config: pg.PoolConfig, onError: (error: Error) => void): Database {
  // No statement of ours is worth a second worker's start or a compiler's: each reads a page or writes a batch, whatever the planner fears.
  const pool = new pg.Pool({ ...config, types: { getTypeParser }, onConnect: async (client) => void (await client.query('SET jit = off; SET max_parallel_workers_per_gather = 0')) })
  pool.on('error', onError) // an idle connection that broke; the pool replaces it
  pool.on('connect', (client) => void client.on('error', () => {})) // one that breaks while a transaction has it: its next statement fails, and an error that nobody hears ends the process
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) }) })
  return {
    pool,
    prisma,
    config,
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** As PostgreSQL writes timestamptz where the session's time zone is UTC. */
const utc = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/
const parseOther = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date
/** A page of orders has hundreds of instants: the engine's own reading of ISO 8601 takes a third of the time of pg's. */
const parseInstant = (text: string): Date => (utc.test(text) ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : parseOther(text))

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.TIMESTAMPTZ && format !== 'binary' ? parseInstant : pg.types.getTypeParser(oid, format as never)

// Prisma's statements are few and parameterized: a name for each lets PostgreSQL keep their plans. Bounded all the same.
const prepared = new Map<string, string>()
function statementName(sql: string): string {
  const known = prepared.get(sql)
  if (known !== undefined) return known
  if (prepared.size >= 500) return ''
  const name = `prisma_${prepared.size}`
  prepared.set(sql, name)
  return name
}
