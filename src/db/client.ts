import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { isTracing, SpanKind, spanned } from '../observability/trace.ts'
import { PrismaClient } from './generated/client.ts'
import { type Patience, usualPatience, Vanished } from './vanished.ts'

/** The database of one process: one pool, and Prisma's client over the same pool. */
export interface Database {
  pool: pg.Pool
  prisma: PrismaClient
  /** For connections of one's own, such as LISTEN. */
  config: pg.ClientConfig
  /** Where the pool's connections end, if that is not PostgreSQL itself: a pooler, which links them with one of its own for a transaction each. */
  pooler: pg.ClientConfig | null
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** PostgreSQL itself, where the pool's is a pooler in front of it. */
  direct?: pg.ClientConfig | null
  /** Whether statements are prepared once a connection; unless told, they are. */
  prepares?: boolean
  patience?: Patience
}

/** No statement of ours is worth a second worker's start or a compiler's: each reads a page or writes a batch, whatever the planner fears. */
const settings = 'SET jit = off; SET max_parallel_workers_per_gather = 0'

export function openDatabase(given: pg.PoolConfig, onError: (error: Error) => void, { direct = null, prepares = true, patience = usualPatience }: DatabaseOptions = {}): Database {
  const config = { ...given, keepAlive: true, keepAliveInitialDelayMillis: patience.suspiciousMs }
  // Of the pool, a limit of its own would count the waiting for a free connection too.
  class Connection extends pg.Client {
    constructor() {
      super({ ...config, types: { getTypeParser }, connectionTimeoutMillis: patience.answerMs })
    }
  }
  const pool: pg.Pool = new pg.Pool({ ...config, Client: Connection, onConnect: (client) => vanished.meet(client, settings) })
  const vanished = new Vanished(pool, config, patience)
  pool.on('error', onError) // an idle connection that broke; the pool replaces it
  pool.on('connect', (client) => void client.on('error', () => {})) // one that breaks while a transaction has it: its next statement fails, and an error that nobody hears ends the process
  if (!prepares) pool.on('connect', unname)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) }) })
  return {
    pool,
    prisma: isTracing() ? tracing(prisma) : prisma,
    config: direct ?? config,
    pooler: direct === null ? null : config,
    async close() {
      vanished.stop()
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** A statement without a name is prepared for once, and forgotten. */
function unname(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (what: unknown, ...more: unknown[]) => unknown
  client.query = ((what: unknown, ...more: unknown[]) => query(typeof what === 'object' && what !== null && 'name' in what ? Object.assign(what, { name: undefined }) : what, ...more)) as typeof client.query
}

/** The same, traced by model and operation: as statements are, without what they bear. */
function tracing(prisma: PrismaClient): PrismaClient {
  const traced = prisma.$extends({
    query: {
      $allModels: {
        $allOperations: ({ model, operation, args, query }) => {
          const name = `${model}.${operation}`
          return spanned(name, { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql', 'db.query.summary': name } }, () => query(args))
        },
      },
    },
  })
  return traced as unknown as PrismaClient
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
