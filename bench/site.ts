// Where a bench of whole processes takes place: a fresh database on PostgreSQL, the simulator, the API and workers as processes of
// their own, and merchants whose connections are live. This process only plays buyers, operators and the bookkeeper.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApiToken } from '../src/auth/api-tokens.ts'
import type { Scope } from '../src/auth/scope.ts'
import { Sealer } from '../src/auth/seal.ts'
import { saveAuthorization } from '../src/connections/authorizations.ts'
import { createConnection } from '../src/connections/create-connection.ts'
import { upsertSkuMappings } from '../src/connections/sku-mappings.store.ts'
import { createCustomer } from '../src/customers/create-customer.ts'
import { createWarehouse } from '../src/customers/create-warehouse.ts'
import { transaction } from '../src/db/transaction.ts'
import { receiveInventory } from '../src/inventory/receive-inventory.ts'
import { type JobKind, slotAfter } from '../src/jobs/cadences.ts'
import { toId } from '../src/kit/ids.ts'
import { writeCredentials } from '../src/marketplaces/amazon/credentials.ts'
import { upsCheckDigit } from '../src/shipments/tracking-numbers.ts'
import { onFreshDatabase } from './compare.ts'
import { type Amazon, type Program, startAmazon, startProgram } from './processes.ts'

const MARKETPLACE = 'ATVPDKIKX0DER'
const SKUS = Array.from({ length: 40 }, (_, index) => `SKU-${index}`)
const STOCK = 10_000_000

export interface Merchant {
  sellerId: string
  /** The connection's, as in the database. */
  connectionId: string
}

export interface MerchantOptions {
  name: string
  importFrom: Date
  cadenceSeconds: Partial<Record<JobKind, number>>
  sendTrackingImmediately: boolean
  /** False unless told. */
  inventorySync?: boolean
  /** Of the simulator: Amazon's own unless told. */
  quotas?: unknown
}

export interface Site {
  scope: Scope
  amazon: Amazon
  api: Program
  /** Data; throws where there are errors. */
  graphql<Data>(query: string, variables: Record<string, unknown>): Promise<Data>
  /** Rows of the database. */
  rows<Row>(sql: string, values?: unknown[]): Promise<Row[]>
  startWorker(env?: Record<string, string>): Promise<Program>
  addMerchant(options: MerchantOptions): Promise<Merchant>
}

export interface SiteOptions {
  /** Of log files. */
  name: string
  /** Of Amazon's clock. */
  factor: number
  startsAt: Date
  seed: number
}

/** Whatever becomes of `work`, no process is left over. */
export async function onSite({ name, ...clock }: SiteOptions, work: (site: Site) => Promise<void>): Promise<void> {
  for (const file of fs.readdirSync('.cache').filter((one) => one.startsWith(`bench-${name}-`) && one.endsWith('.log'))) fs.rmSync(path.join('.cache', file))
  await onFreshDatabase(async (scope, databaseUrl) => {
    const amazon = await startAmazon(clock)
    const programs: Program[] = []
    try {
      const key = randomBytes(32)
      const sealer = new Sealer([key])
      const env = { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: key.toString('base64'), SIMULATOR_URL: amazon.url, RATE_LIMIT: '1000000' }
      const start = async (role: string, more: Record<string, string>): Promise<Program> => {
        const program = await startProgram(`${name}-${role}`, { ...env, CARTAGE_ROLES: role, ...more })
        programs.push(program)
        return program
      }
      const api = await start('api', { DATABASE_POOL_SIZE: '8' })
      const token = await createApiToken(scope.db, 'bench', 'ADMIN')
      const made = await createWarehouse(scope, { name: 'Bench', code: 'BENCH', timeZone: 'UTC', address: { line1: '1', city: 'Reno', countryCode: 'US' } })
      if ('refusals' in made) throw new Error(JSON.stringify(made.refusals))
      await work({
        scope, amazon, api,
        async graphql<Data>(query: string, variables: Record<string, unknown>) {
          const response = await fetch(api.apiUrl!, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })
          const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
          if (errors !== undefined) throw new Error(`${response.status}: ${JSON.stringify(errors)}`)
          return data
        },
        rows: async <Row>(sql: string, values: unknown[] = []) => (await scope.db.pool.query(sql, values)).rows as Row[],
        startWorker: (more = {}) => start('worker', { DATABASE_POOL_SIZE: '20', ...more }),
        addMerchant: (options) => addMerchant(scope, sealer, amazon, made.warehouse.id, options),
      })
    } finally {
      await Promise.all([...programs.map((program) => program.end('SIGKILL')), amazon.stop()])
    }
  })
}

/** A seller on the simulator, and the customer, stock, mappings and live connection that go with it. No cadence is due before `beginCadences`. */
export async function addMerchant(scope: Scope, sealer: Sealer, amazon: Amazon, warehouseUuid: string, options: MerchantOptions): Promise<Merchant> {
  const { name, quotas, ...rest } = options
  const { seller: { sellerId, credentials } } = await amazon.control<{ seller: { sellerId: string; credentials: { refreshToken: string } } }>('sellers', 'POST', {
    name, marketplaces: [MARKETPLACE], skus: SKUS.map((sellerSku) => ({ sellerSku, unitPrice: '12.50', quantity: STOCK })), ...(quotas === undefined ? {} : { quotas }),
  })
  const money = (amount: string) => ({ amount, currencyCode: 'USD' })
  const created = await createCustomer(scope, { name, chargeRules: [{ code: 'HANDLING', amount: money('2.50'), basis: 'ORDER' }, { code: 'PICK', amount: money('0.35'), basis: 'UNIT' }] })
  if ('refusals' in created) throw new Error(JSON.stringify(created.refusals))
  const { id: customerId } = created.customer
  const received = await receiveInventory(scope, { customerId: toId('Customer', customerId), warehouseId: toId('Warehouse', warehouseUuid), items: SKUS.map((sku) => ({ sku, quantity: STOCK })) })
  if ('refusals' in received) throw new Error(JSON.stringify(received.refusals))
  const { cadenceSeconds, importFrom, sendTrackingImmediately, inventorySync = false } = rest
  const connectionId = await transaction(scope.db.pool, async (tx) => {
    const connection = await createConnection(
      tx,
      { customerId, warehouseId: warehouseUuid, name, channel: 'amazon', marketplaceId: MARKETPLACE, merchantId: sellerId, status: 'LIVE', importFrom, sendTrackingImmediately, inventorySync },
      { cadenceSeconds },
    )
    await saveAuthorization(tx, sealer, connection, { merchantId: sellerId, credentials: writeCredentials({ refreshToken: credentials.refreshToken }), expiresAt: null })
    await upsertSkuMappings(tx, connection, SKUS.map((sku) => ({ sellerSku: sku, warehouseSku: sku, unitsPerItem: 1 })))
    await tx.query(`UPDATE cadences SET next_run_at = now() + interval '1 day' WHERE connection_id = $1`, [connection.id])
    return connection.id
  })
  return { sellerId, connectionId }
}

/** From now on cadences fall due, spread over their intervals as those of new connections are. */
export async function beginCadences({ rows }: Pick<Site, 'rows'>): Promise<void> {
  await rows(`UPDATE cadences SET next_run_at = ${slotAfter('now()')}`)
}

/** The nth of UPS's numbers that this bench uses, its check digit right. */
export function trackingNumber(nth: number): string {
  const characters = `5R8939${String(nth).padStart(9, '0')}`
  return `1Z${characters}${upsCheckDigit(characters)}`
}

/** True once `look` finds so; false where it has not within `seconds`. */
export async function within(seconds: number, look: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    if (await look()) return true
    if (performance.now() > deadline) return false
    await sleep(500)
  }
}

/** A number from the environment. */
export function setting(name: string, otherwise: number): number {
  const given = process.env[name]
  if (given === undefined || given === '') return otherwise
  const value = Number(given)
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} must be a number above 0`)
  return value
}

/** What was claimed, and whether it was kept; a bench that missed one ends with code 1. */
export function goal(words: string, kept: boolean): void {
  console.log(`  ${kept ? 'kept  ' : 'MISSED'}  ${words}`)
  if (!kept) process.exitCode = 1
}
