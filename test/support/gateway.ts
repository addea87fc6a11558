// A whole gateway in this process, used as a client would: over HTTP and WebSocket.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type DocumentNode, type GraphQLFormattedError, print } from 'graphql'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { type Running, start } from '../../src/app/compose.ts'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { type Config, type ProcessRole, readConfig } from '../../src/config/env.ts'
import type { Database } from '../../src/db/client.ts'
import type { Clock } from '../../src/kit/clock.ts'
import type { SimulatorOptions } from '../../src/marketplaces/amazon/simulator/server.ts'
import { createLog } from '../../src/observability/log.ts'
import { createDatabase, type TestDatabase } from './database.ts'

export interface GatewayOptions {
  /** All of them unless told. */
  roles?: ProcessRole[]
  /** Options of its simulator, or the URL of another gateway's. Unless told, nobody buys and nobody has bought. */
  simulator?: Partial<SimulatorOptions> | string
  /** Another gateway's, to share; it then is not dropped by this one. */
  database?: TestDatabase
  /** Over those of a test: ephemeral ports, a database of one's own, a data folder of one's own. */
  config?: Partial<Config>
  clock?: Clock
}

export type Document<Data, Variables> = TypedDocumentNode<Data, Variables> | string

export interface GatewaySimulator {
  url: string
  /** Calls its control API, e.g. control('orders', 'POST', { ... }); throws what it refuses. */
  control<T = Record<string, unknown>>(path: string, method?: string, body?: unknown): Promise<T>
}

/** Data of a subscription, one by one; errors are thrown. */
export interface Subscribed<Data> extends AsyncIterableIterator<Data> {
  next(): Promise<IteratorResult<Data, undefined>>
  return(): Promise<IteratorResult<Data, undefined>>
  /** Cuts the socket without a goodbye. */
  cut(): void
}

export interface Gateway {
  /** Of GraphQL. */
  url: string
  wsUrl: string
  /** An administrator's. */
  token: string
  simulator: GatewaySimulator
  db: Database
  database: TestDatabase
  running: Running
  /** What was logged, as parsed lines. */
  logged: Record<string, unknown>[]
  /** Data; throws a GraphqlFailure where there are errors. With the administrator's token, unless told. */
  graphql<Data = Record<string, unknown>, Variables = Record<string, unknown>>(document: Document<Data, Variables>, variables?: Variables, as?: string): Promise<Data>
  subscribe<Data = Record<string, unknown>, Variables = Record<string, unknown>>(document: Document<Data, Variables>, variables?: Variables, as?: string): Subscribed<Data>
  stop(): Promise<void>
}

export class GraphqlFailure extends Error {
  readonly errors: readonly GraphQLFormattedError[]
  readonly status: number
  constructor(errors: readonly GraphQLFormattedError[], status: number) {
    super(`${status}: ${errors.map((error) => `${String(error.extensions?.['code'])} ${error.message}`).join('; ')}`)
    this.errors = errors
    this.status = status
  }
}

export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const database = options.database ?? (await createDatabase())
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'cartage-test-'))
  const elsewhere = typeof options.simulator === 'string' ? options.simulator : null
  const logged: Record<string, unknown>[] = []
  const roles = options.roles ?? (elsewhere === null ? ['api', 'worker', 'simulator'] : ['api', 'worker'])
  const defaults = readConfig({ DATABASE_URL: database.url, ENCRYPTION_KEY: sharedKey, DATA_DIR: dataDir, PORT: '0', WORKER_PORT: '0', SIMULATOR_PORT: '0' })
  const running = await start(
    {
      ...defaults,
      roles: new Set(roles),
      rateLimit: 1_000_000,
      databasePoolSize: 10,
      amazon: { ...defaults.amazon, simulatorUrl: elsewhere },
      ...options.config,
    },
    {
      log: createLog('debug', { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) }),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      simulator: { seed: 1, buying: null, ...(typeof options.simulator === 'object' ? options.simulator : {}) },
    },
  )
  const token = await createApiToken(running.db, 'test', 'ADMIN')
  const url = running.urls.api ?? ''
  const wsUrl = url.replace(/^http/, 'ws')
  const clients = new Set<{ dispose(): void | Promise<void> }>()
  return {
    url,
    wsUrl,
    token,
    db: running.db,
    database,
    running,
    logged,
    simulator: simulatorAt(elsewhere ?? running.urls.simulator ?? ''),
    async graphql(document, variables, as = token) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: text(document), variables }),
      })
      const { data, errors } = (await response.json()) as { data: never; errors?: GraphQLFormattedError[] }
      if (errors !== undefined) throw new GraphqlFailure(errors, response.status)
      return data
    },
    subscribe: (document, variables, as = token) => subscribe(wsUrl, as, text(document), variables as Record<string, unknown> | undefined, clients),
    async stop() {
      await Promise.all([...clients].map((client) => client.dispose()))
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
      if (options.database === undefined) await database.drop()
    },
  }
}

/** Of every gateway of a test run, so that several can share a database. */
const sharedKey = randomBytes(32).toString('base64')

const text = (document: DocumentNode | string): string => (typeof document === 'string' ? document : print(document))

function simulatorAt(url: string): GatewaySimulator {
  return {
    url,
    async control<T>(name: string, method = 'GET', body?: unknown) {
      const response = await fetch(`${url}/_simulator/${name.replace(/^\//, '')}`, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      const answer = await response.text()
      if (!response.ok) throw new Error(`${method} ${name}: ${response.status} ${answer}`)
      return (answer === '' ? {} : JSON.parse(answer)) as T
    },
  }
}

function subscribe<Data>(url: string, token: string, query: string, variables: Record<string, unknown> | undefined, clients: Set<{ dispose(): void | Promise<void> }>): Subscribed<Data> {
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` }, retryAttempts: 0, shouldRetry: () => false })
  clients.add(client)
  const results = client.iterate<Data>({ query, ...(variables === undefined ? {} : { variables }) })
  const leave = async (): Promise<void> => {
    clients.delete(client)
    await client.dispose()
  }
  return {
    async next() {
      const { done, value } = await results.next()
      if (done === true) return { done: true, value: undefined }
      if (value.errors !== undefined) throw new GraphqlFailure(value.errors, 200)
      return { done: false, value: value.data as Data }
    },
    async return() {
      await results.return?.()
      await leave()
      return { done: true, value: undefined }
    },
    cut() {
      client.terminate()
      void leave()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
