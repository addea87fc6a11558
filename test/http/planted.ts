// The HTTP room with a schema of its own that does what ours must not.
import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import pg from 'pg'
import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { Authenticator } from '../../src/auth/authenticate.ts'
import type { Scope } from '../../src/auth/scope.ts'
import { cancellable } from '../../src/db/cancellable.ts'
import { type Database, openDatabase } from '../../src/db/client.ts'
import { createSchema } from '../../src/graphql/schema.ts'
import type { HttpOptions } from '../../src/http/http-options.ts'
import { type Http, startHttp } from '../../src/http/server.ts'
import { Buckets } from '../../src/kit/buckets.ts'
import { BadRequest } from '../../src/kit/errors.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { MemorySource } from '../subscriptions/memory-source.ts'
import { createDatabase } from '../support/database.ts'

export const SECRET = 'hunter2-9f1c'

@ObjectType({ simpleResolvers: true })
class Nested {
  @Field(() => Int)
  number!: number
}

@ObjectType({ simpleResolvers: true })
class Fed {
  @Field(() => Int)
  number!: number

  @Field(() => String)
  padding!: string
}

@Resolver(() => Nested)
export class PlantedResolver {
  static left = 0
  /** Events of feeds that were executed. */
  static executed = 0

  @Query(() => String)
  viewerName(@Ctx() scope: Scope): string {
    return scope.actor.name
  }

  @Query(() => String)
  leak(): string {
    throw Object.assign(new Error(`relation does not exist: SELECT * FROM vault WHERE key = '${SECRET}'`, { cause: new Error(`connect as ${SECRET}`) }), {
      code: '42P01',
      config: { password: SECRET },
      extensions: { code: 'LIBRARY', password: SECRET },
    })
  }

  @Query(() => String)
  leakAsGraphqlError(): string {
    throw new GraphQLError(`a library says ${SECRET}`)
  }

  @Query(() => Nested)
  notANumber(): Nested {
    return { number: SECRET as unknown as number }
  }

  @Query(() => String)
  refuse(): string {
    throw new BadRequest('not a cursor of this list', 'after')
  }

  @Query(() => Int)
  double(@Arg('n', () => Int) n: number): number {
    return n * 2
  }

  @Query(() => Nested)
  nested(): Nested {
    return { number: 1 }
  }

  @Query(() => Int)
  async slow(@Arg('ms', () => Int) ms: number): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return ms
  }

  // Shared by those who ask alike; with `private`, each tenant has its own.
  @Subscription(() => Fed, { subscribe: ({ args, context }) => feedOf(args['private'] === true ? (context as Scope).tenant : null).source(args['after'] == null ? undefined : Number(args['after'])) })
  feed(@Root() number: number, @Arg('after', { nullable: true }) _after?: string, @Arg('private', { nullable: true }) _private?: boolean): Fed {
    PlantedResolver.executed++
    return { number, padding: 'x'.repeat(1000) }
  }

  // Ends when left, or after `count`; with `leak` it ends with an error.
  @Subscription(() => Int, { subscribe: ({ args }) => ticks(args['count'] as number, args['leak'] as boolean) })
  ticks(@Root() tick: number, @Arg('count', () => Int) _count: number, @Arg('leak', { defaultValue: false }) _leak: boolean): number {
    return tick
  }
}

/** What a test adds to. */
export function feedOf(tenant: readonly string[] | null): MemorySource {
  const key = JSON.stringify(tenant)
  const known = feeds.get(key) ?? new MemorySource()
  feeds.set(key, known)
  return known
}
const feeds = new Map<string, MemorySource>()

function ticks(count: number, leak: boolean): AsyncIterableIterator<number> {
  let at = 0
  let leave: (() => void) | undefined
  return {
    async next() {
      if (at < count) return { done: false, value: ++at }
      if (leak) throw new Error(`the pool of ${SECRET} is gone`)
      await new Promise<void>((resolve) => (leave = resolve))
      return { done: true, value: undefined }
    },
    async return() {
      PlantedResolver.left++
      leave?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

export interface Planted extends Http {
  db: Database
  token: string
  metrics: Metrics
  logged: Record<string, unknown>[]
  post(body: unknown, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; body: { data?: Record<string, unknown> | null; errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[] } }>
}

export async function startPlanted(options: Partial<HttpOptions> = {}): Promise<Planted> {
  const database = await createDatabase()
  const db = openDatabase(database.config as pg.PoolConfig, () => {})
  const metrics = new Metrics()
  const logged: Record<string, unknown>[] = []
  const log = createLog('debug', { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) })
  const token = await createApiToken(db, 'tester', 'ADMIN')
  const http = await startHttp({
    host: '127.0.0.1',
    port: 0,
    rateLimit: 100_000,
    connectionsPerAddress: 10_000,
    pingSeconds: 15,
    socketIdleSeconds: 600,
    socketLifetimeSeconds: 86_400,
    operationsPerSocket: 100,
    socketsPerToken: 10_000,
    corsOrigins: [],
    introspection: true,
    graphiql: true,
    maxCost: 50_000,
    requestTimeoutSeconds: 30,
    mayUse: () => true,
    tokenRates: new Buckets(1_000_000, 1_000_000),
    trusted: new Map(),
    trustedDocumentsOnly: false,
    schema: await createSchema([PlantedResolver]),
    authenticator: new Authenticator({ db, clock: systemClock, log }),
    scopeFor: (actor, requestId, { signal } = {}): Scope => ({ tenant: null, actor, db: signal === undefined ? db : cancellable(db, signal, () => {}), clock: systemClock, log: log.child({ requestId }), requestId }),
    log,
    metrics,
    readiness: async () => [],
    localToken: null,
    finishAuthorization: null,
    sites: [],
    trustedProxies: [],
    ...options,
  })
  return {
    ...http,
    db,
    token,
    metrics,
    logged,
    async post(body, headers = {}) {
      const response = await fetch(`${http.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      return { status: response.status, headers: response.headers, body: (await response.json()) as never }
    },
    async stop() {
      await http.stop()
      await db.close()
      await database.drop()
    },
  }
}

export const unknownToken = `cartage_${randomUUID()}`
