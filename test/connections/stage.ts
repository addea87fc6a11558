import { randomBytes } from 'node:crypto'
import { graphql, type GraphQLSchema } from 'graphql'
import { createChannels } from '../../src/app/channels.ts'
import { resolverClasses, resolverInstances } from '../../src/app/resolvers.ts'
import { Sealer } from '../../src/auth/seal.ts'
import type { Scope } from '../../src/auth/scope.ts'
import type { JobKind } from '../../src/jobs/cadences.ts'
import { budgetLedger } from '../../src/connections/budgets.store.ts'
import type { ConnectionRow, NewConnection } from '../../src/connections/connections.store.ts'
import { type CadenceOptions, createConnection } from '../../src/connections/create-connection.ts'
import { createCustomer } from '../../src/customers/create-customer.ts'
import { createWarehouse } from '../../src/customers/create-warehouse.ts'
import type { CustomerRow } from '../../src/customers/customers.store.ts'
import type { WarehouseRow } from '../../src/customers/warehouses.store.ts'
import { openDatabase } from '../../src/db/client.ts'
import { transaction } from '../../src/db/transaction.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { createSchema } from '../../src/graphql/schema.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { Networks } from '../../src/webhooks/target.ts'
import { createDatabase } from '../support/database.ts'
import { plainOnboarding } from '../support/onboarding.ts'

export const US = 'ATVPDKIKX0DER'

/** A database of one's own, the whole schema over it, and makers of what most tests start from. */
export async function createStage() {
  const database = await createDatabase()
  const db = openDatabase(database.config, (error) => {
    if ((error as { code?: string }).code !== '57P01') throw error // cut by close(), which drops the database
  })
  const log = createLog('silent')
  const scope: Scope = { tenant: null, actor: { id: 'test', name: 'Ada', role: 'ADMIN' }, db, clock: systemClock, log, requestId: 'test' }
  const amazon = { app: null, tokenUrl: '', endpoints: { NORTH_AMERICA: '', EUROPE: '', FAR_EAST: '' }, simulatorUrl: null, developerName: '3PL Central', legacyDeveloperAccounts: {} }
  const channels = createChannels(amazon, 'http://127.0.0.1:9', { ledger: budgetLedger(db.pool), clock: systemClock, log, metrics: new Metrics() })
  const sealer = new Sealer([randomBytes(32)])
  const schema: GraphQLSchema = await createSchema(resolverClasses, resolverInstances({ channels, carriers: builtIn.carriers, sealer, publicUrl: () => 'https://gateway.example', networks: new Networks([]), onboarding: plainOnboarding() }))
  let made = 0

  async function customer(name = `Customer ${++made}`): Promise<CustomerRow> {
    const result = await createCustomer(scope, { name })
    if ('refusals' in result) throw new Error(JSON.stringify(result.refusals))
    return result.customer
  }
  async function warehouse(): Promise<WarehouseRow> {
    const code = `W${++made}`
    const address = { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' }
    const result = await createWarehouse(scope, { name: `Warehouse ${code}`, code, timeZone: 'America/Los_Angeles', address })
    if ('refusals' in result) throw new Error(JSON.stringify(result.refusals))
    return result.warehouse
  }

  return {
    scope,
    schema,
    channels,
    sealer,
    customer,
    warehouse,
    async connection(given: Partial<NewConnection> = {}, options?: CadenceOptions): Promise<ConnectionRow> {
      const customerId = given.customerId ?? (await customer()).id
      const warehouseId = given.warehouseId ?? (await warehouse()).id
      const merchantId = `MERCHANT${++made}`
      const whole: NewConnection = { name: `Connection ${made}`, channel: 'amazon', marketplaceId: US, merchantId, status: 'LIVE', ...given, customerId, warehouseId }
      return transaction(db.pool, (tx) => createConnection(tx, whole, options))
    },
    /** `data` of an operation that must have no errors. */
    async ask<T>(source: string, variables: Record<string, unknown> = {}, as: Scope = scope): Promise<T> {
      const { data, errors } = await graphql({ schema, source, variableValues: variables, contextValue: as })
      if (errors) throw errors[0]!.originalError ?? errors[0]!
      return structuredClone(data) as T
    },
    async sql<T>(text: string, ...values: unknown[]): Promise<T[]> {
      return (await db.pool.query(text, values)).rows as T[]
    },
    async events(connectionId: string): Promise<{ type: string; summary: string }[]> {
      return (await db.pool.query('SELECT type, summary FROM events WHERE connection_id = $1 ORDER BY id', [connectionId])).rows as { type: string; summary: string }[]
    },
    async cadences(connectionId: string): Promise<Record<JobKind, { enabled: boolean; every: number; dueIn: number }>> {
      const { rows } = await db.pool.query<{ kind: JobKind; enabled: boolean; every: number; dueIn: number }>(
        `SELECT kind, enabled, every_seconds AS every, extract(epoch FROM next_run_at - now())::float8 AS "dueIn" FROM cadences WHERE connection_id = $1`,
        [connectionId],
      )
      return Object.fromEntries(rows.map(({ kind, ...rest }) => [kind, rest])) as Record<JobKind, { enabled: boolean; every: number; dueIn: number }>
    },
    async close(): Promise<void> {
      await db.close()
      await database.drop()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof createStage>>
