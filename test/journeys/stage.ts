// A gateway, merchants who sell on its simulator, and the few things that every journey does.
import { randomUUID } from 'node:crypto'
import { createConnection } from '../../src/connections/create-connection.ts'
import { saveAuthorization } from '../../src/connections/authorizations.ts'
import type { StoredSettings } from '../../src/connections/settings.ts'
import { upsertSkuMappings } from '../../src/connections/sku-mappings.store.ts'
import { createCustomer } from '../../src/customers/create-customer.ts'
import { createWarehouse } from '../../src/customers/create-warehouse.ts'
import type { Scope } from '../../src/auth/scope.ts'
import { Sealer } from '../../src/auth/seal.ts'
import { transaction } from '../../src/db/transaction.ts'
import { receiveInventory } from '../../src/inventory/receive-inventory.ts'
import type { Refusal } from '../../src/kit/errors.ts'
import { toId } from '../../src/kit/ids.ts'
import { writeCredentials } from '../../src/marketplaces/amazon/credentials.ts'
import { createLog } from '../../src/observability/log.ts'
import { ConnectionDocument, EventsDocument, type EventFactsFragment, type JobKind, JobRunDocument, OrderByNumberDocument, RunJobNowDocument, type RunFactsFragment, type OrderFactsFragment } from '../generated/graphql.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../support/gateway.ts'

export const US = 'ATVPDKIKX0DER'
export const routing = { carrier: 'UPS', scac: 'UPSN', service: 'Ground', trackingNumber: '1Z5R89390357567127' }

type EventFacts<T> = T extends { cursor: string } ? T : never
export type Told = EventFacts<EventFactsFragment>

export interface Merchant {
  sellerId: string
  /** As the contract shows it. */
  connectionId: string
  /** The row's. */
  uuid: string
  customerId: string
  warehouseId: string
}

export interface MerchantOptions {
  /** Listed, mapped one to one and in stock; MUG and PACK unless told. */
  skus?: string[]
  /** Listed by the seller, and mapped to nothing. */
  unmapped?: string[]
  stock?: number
  quotas?: unknown
  /** amazon.com unless told; prices and charges are in its currency. */
  marketplaceId?: string
  currency?: string
  unitPrice?: string
  settings?: Partial<StoredSettings>
  chargeRules?: { code: string; amount: string; basis: 'ORDER' | 'LINE' | 'UNIT' }[]
}

/** Of the simulator. */
export interface SoldOrder {
  orderId: string
  orderItems: { orderItemId: string; quantityOrdered: number }[]
}

export async function startStage(options: Omit<GatewayOptions, 'clock'> = {}) {
  let ahead = 0
  const clock = (): Date => new Date(Date.now() + ahead)
  const key = options.config?.encryptionKeys ?? ([crypto.getRandomValues(new Uint8Array(32))] as [Uint8Array])
  const gateway: Gateway = await startGateway({ ...options, clock, config: { ...options.config, encryptionKeys: key } })
  const { db, graphql, simulator } = gateway
  const scope: Scope = { tenant: null, actor: { id: 'test', name: 'Ada', role: 'ADMIN' }, db, clock, log: createLog('silent'), requestId: 'test' }
  const sealer = new Sealer(key)
  let made = 0

  async function merchant(options: MerchantOptions = {}): Promise<Merchant> {
    const { skus = ['MUG', 'PACK'], unmapped = [], stock = 1000, quotas = 'unlimited', chargeRules = [], marketplaceId = US, currency = 'USD', unitPrice = '12.50', settings = {} } = options
    const number = ++made
    const { seller } = await simulator.control<{ seller: { sellerId: string; credentials: { refreshToken: string } } }>('sellers', 'POST', {
      name: `Seller ${number}`, marketplaces: [marketplaceId], quotas, skus: [...skus, ...unmapped].map((sellerSku) => ({ sellerSku, unitPrice, quantity: 100_000 })),
    })
    const { customer } = done(await createCustomer(scope, {
      name: `Merchant ${randomUUID()}`, chargeRules: chargeRules.map(({ code, amount, basis }) => ({ code, basis, amount: { amount, currencyCode: currency } })),
    }))
    const address = { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' }
    const { warehouse } = done(await createWarehouse(scope, { name: 'Dock', code: `W-${randomUUID().slice(0, 8)}`, timeZone: 'America/Chicago', address }))
    const [customerId, warehouseId] = [toId('Customer', customer.id), toId('Warehouse', warehouse.id)]
    if (stock > 0) done(await receiveInventory(scope, { customerId, warehouseId, items: skus.map((sku) => ({ sku, quantity: stock })) }))
    const uuid = await transaction(db.pool, async (tx) => {
      const connection = await createConnection(tx, {
        customerId: customer.id, warehouseId: warehouse.id, name: `Connection ${number}`, channel: 'amazon', marketplaceId, merchantId: seller.sellerId,
        status: 'LIVE', importFrom: new Date(Date.now() - 86_400_000), ...settings,
      })
      await saveAuthorization(tx, sealer, connection, { merchantId: seller.sellerId, credentials: writeCredentials({ refreshToken: seller.credentials.refreshToken }), expiresAt: null })
      await upsertSkuMappings(tx, connection, skus.map((sku) => ({ sellerSku: sku, warehouseSku: sku, unitsPerItem: 1 })))
      // A journey runs its jobs when it wants them, and no other runs meanwhile.
      await tx.query(`UPDATE cadences SET next_run_at = now() + interval '1 day' WHERE connection_id = $1`, [connection.id])
      return connection.id
    })
    return { sellerId: seller.sellerId, connectionId: toId('Connection', uuid), uuid, customerId, warehouseId }
  }

  /** Old enough that the next search shows them. */
  async function buy({ sellerId }: Merchant, order: Record<string, unknown> = {}): Promise<SoldOrder[]> {
    return (await simulator.control<{ orders: SoldOrder[] }>('orders', 'POST', { sellerId, ageSeconds: 300, items: [{ sellerSku: 'MUG', quantity: 2, unitPrice: '12.50' }], ...order })).orders
  }

  const runOf = async (id: string): Promise<RunFactsFragment> => {
    const { node } = await graphql(JobRunDocument, { id })
    if (node === null || !('kind' in node)) throw new Error(`no run ${id}`)
    return node as RunFactsFragment
  }

  async function queueRun({ connectionId }: Merchant, kind: JobKind): Promise<string> {
    const { runJobNow } = await graphql(RunJobNowDocument, { input: { connectionId, kind } })
    if (runJobNow.jobRun === null) throw new Error(JSON.stringify(runJobNow.userErrors))
    return runJobNow.jobRun.id
  }

  async function ended(id: string, withinMs = 40_000): Promise<RunFactsFragment> {
    return until(async () => {
      const run = await runOf(id)
      return run.status === 'SUCCEEDED' || run.status === 'FAILED' ? run : null
    }, withinMs)
  }

  return {
    ...gateway,
    gateway,
    key,
    scope,
    merchant,
    buy,
    queueRun,
    ended,
    /** Runs a job to its end. */
    run: async (one: Merchant, kind: JobKind) => ended(await queueRun(one, kind)),
    /** Time passes, for the gateway and its marketplace alike. */
    async pass(seconds: number): Promise<void> {
      ahead += seconds * 1000
      await simulator.control('clock', 'POST', { advanceSeconds: seconds })
    },
    async order({ connectionId }: Merchant, number: string): Promise<OrderFactsFragment> {
      const { orderByNumber } = await graphql(OrderByNumberDocument, { connectionId, number })
      if (orderByNumber === null) throw new Error(`order ${number} is not here`)
      return orderByNumber
    },
    async connection({ connectionId }: Merchant) {
      return (await graphql(ConnectionDocument, { id: connectionId })).connection!
    },
    /** Every event of a connection that is committed by now, by pages. */
    async told({ connectionId }: Merchant, after: string | null = null): Promise<Told[]> {
      // The log is told up to the oldest transaction that is open, be it another database's on the same server.
      const { rows: [now] } = await db.pool.query<{ last: string }>('SELECT coalesce(max(xid), xid8 \'0\')::text AS last FROM events')
      await until(async () => (await db.pool.query<{ past: boolean }>('SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 AS past', [now!.last])).rows[0]!.past)
      const all: Told[] = []
      for (let from = after; ; ) {
        const { events } = await graphql(EventsDocument, { filter: { connectionIds: [connectionId] }, first: 100, after: from })
        all.push(...events.nodes)
        if (!events.pageInfo.hasNextPage) return all
        from = events.pageInfo.endCursor
      }
    },
    /** On hand and allocated by SKU, which must be the sums of their movements. */
    async levels({ uuid }: Merchant): Promise<Record<string, [number, number]>> {
      const { rows } = await db.pool.query<{ sku: string; on_hand: number; allocated: number; sum_on_hand: number; sum_allocated: number }>(
        `SELECT sku, on_hand, allocated, coalesce(sum(quantity) FILTER (WHERE kind IN ('RECEIPT', 'ADJUSTMENT', 'SHIPMENT')), 0)::int AS sum_on_hand,
           coalesce(sum(quantity) FILTER (WHERE kind IN ('ALLOCATION', 'RELEASE', 'SHIPMENT')), 0)::int AS sum_allocated
         FROM inventory_items AS item LEFT JOIN inventory_movements AS movement ON movement.inventory_item_id = item.id
         WHERE item.customer_id = (SELECT customer_id FROM connections WHERE id = $1) GROUP BY item.id`, [uuid])
      for (const row of rows) if (row.on_hand !== row.sum_on_hand || row.allocated !== row.sum_allocated) throw new Error(`${row.sku} is not the sum of its movements`)
      return Object.fromEntries(rows.map(({ sku, on_hand, allocated }) => [sku, [on_hand, allocated]]))
    },
  }

  function done<T extends object>(result: T | { refusals: Refusal[] }): Exclude<T, { refusals: Refusal[] }> {
    if ('refusals' in result) throw new Error(JSON.stringify(result.refusals))
    return result as Exclude<T, { refusals: Refusal[] }>
  }
}

export type Stage = Awaited<ReturnType<typeof startStage>>

/** What `look` finds once it finds something. */
export async function until<T>(look: () => Promise<T | null | false | undefined>, withinMs = 40_000, everyMs = 50): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

export const typesOf = (events: readonly Told[]): string[] => events.map((event) => event.type)
export const countOf = (all: readonly string[]): Record<string, number> => all.reduce<Record<string, number>>((counts, one) => ({ ...counts, [one]: (counts[one] ?? 0) + 1 }), {})
/** found = imported + updated + unchanged + skipped + failed. */
export const addsUp = (run: RunFactsFragment): boolean => run.found === run.imported + run.updated + run.unchanged + run.skipped + run.failed

/** A fingerprint of every table's rows: what differs was changed. Tokens note their use, Agenda its ticks, and readers of the log how far they are. */
export async function fingerprint({ db }: Pick<Stage, 'db'>, ...except: string[]): Promise<Record<string, string>> {
  const { rows } = await db.pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1)`, [['api_tokens', 'agenda_jobs', 'event_readers', ...except]])
  const sums = await Promise.all(rows.map(async ({ name }): Promise<[string, string]> => {
    const found = await db.pool.query<{ sum: string }>(`SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') AS sum FROM "${name}" AS row`)
    return [name, found.rows[0]!.sum]
  }))
  return Object.fromEntries(sums)
}
