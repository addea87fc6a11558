import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { mapSkus } from '../../src/connections/map-skus.ts'
import { receiveInventory } from '../../src/inventory/receive-inventory.ts'
import { type SyncOutcome, syncInventory } from '../../src/inventory/sync-inventory.ts'
import { type Claim, claimDue } from '../../src/jobs/cadences.ts'
import { type Clock, minutes } from '../../src/kit/clock.ts'
import { toId } from '../../src/kit/ids.ts'
import { writeCredentials } from '../../src/marketplaces/amazon/credentials.ts'
import { createAmazonChannel } from '../../src/marketplaces/amazon/index.ts'
import { demoApplication } from '../../src/marketplaces/amazon/simulator/demo-sellers.ts'
import { startSimulator } from '../../src/marketplaces/amazon/simulator/server.ts'
import type { Channel, ChannelAccount } from '../../src/marketplaces/channel.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createStage, US } from '../connections/stage.ts'

export interface SimulatedSku { sellerSku: string; quantity?: number; fulfilledBy?: 'MERCHANT' | 'AMAZON' }
interface Seller { sellerId: string; credentials: { refreshToken: string }; listings: { sellerSku: string; quantity: number; fulfilledBy: string; strayQuantity?: number | null }[] }

/** Simulator, channel and gateway's clock run together, and only ahead. */
export async function createSyncStage() {
  const stage = await createStage()
  const simulator = await startSimulator({ host: '127.0.0.1', port: 0, buying: null })
  let ahead = 0
  const clock: Clock = () => new Date(Date.now() + ahead)
  const scope = { ...stage.scope, clock }
  const { clientId, clientSecret } = demoApplication
  const channel = createAmazonChannel({
    endpoints: { NORTH_AMERICA: `${simulator.url}/na`, EUROPE: `${simulator.url}/eu`, FAR_EAST: `${simulator.url}/fe` },
    tokenUrl: `${simulator.url}/auth/o2/token`,
    application: { clientId, clientSecrets: [clientSecret], secretExpiresAt: null, applicationId: null, draft: false },
    clock, log: createLog('silent'), metrics: new Metrics(), quotaWaitMs: 1000, retry: { attempts: 2, backoffMs: 1 },
  })

  async function control<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${simulator.url}/_simulator${path}`, { method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return (await response.json()) as T
  }

  /** The sync of a connection of a new seller with those SKUs, which a warehouse of theirs feeds unless told. */
  async function sell(skus: readonly SimulatedSku[], { quotas = 'unlimited', ...given }: { quotas?: object | 'unlimited'; customerId?: string; warehouseId?: string } = {}) {
    const { seller } = await control<{ seller: Seller }>('POST', '/sellers', { marketplaces: [US], skus, quotas })
    const connection: ConnectionRow = await stage.connection({ ...given, merchantId: seller.sellerId, inventorySync: true }, { firstRunNow: true })
    const account: ChannelAccount = {
      connectionId: connection.id, authorizationId: connection.id, marketplaceId: US, merchantId: seller.sellerId, credentials: writeCredentials(seller.credentials),
    }
    const owner = { customerId: toId('Customer', connection.customerId), warehouseId: toId('Warehouse', connection.warehouseId) }
    const claim = await claimRun()

    /** As a worker does, be the last one dead. */
    async function claimRun(): Promise<Claim> {
      await stage.sql(`UPDATE cadences SET locked_until = now() - interval '1 s', next_run_at = now() - interval '1 s' WHERE connection_id = $1 AND kind = 'SYNC_INVENTORY'`, connection.id)
      const found = (await claimDue(stage.scope.db.pool, 'SYNC_INVENTORY', 100)).find(({ connectionId }) => connectionId === connection.id)
      if (found === undefined) throw new Error('the run is not due')
      return found
    }

    return {
      connection, account, claim, claimRun,
      async map(mappings: readonly { sellerSku: string; warehouseSku: string; unitsPerItem?: number }[]): Promise<void> {
        for (let start = 0; start < mappings.length; start += 500) {
          const result = await mapSkus(scope, { connectionId: toId('Connection', connection.id), mappings: mappings.slice(start, start + 500) })
          if ('refusals' in result) throw new Error(JSON.stringify(result.refusals))
        }
      },
      async receive(items: readonly { sku: string; quantity: number }[]): Promise<void> {
        for (let start = 0; start < items.length; start += 500) {
          const result = await receiveInventory(scope, { ...owner, items: items.slice(start, start + 500) })
          if ('refusals' in result) throw new Error(JSON.stringify(result.refusals))
        }
      },
      sync: (over: Partial<Channel> = {}, by: Claim = claim): Promise<SyncOutcome> =>
        syncInventory({ ...scope, tenant: [connection.customerId] }, { ...channel, ...over }, account, { claim: by, signal: new AbortController().signal }),
      /** What the marketplace offers. */
      async offered(): Promise<Record<string, number>> {
        const { listings } = await control<Pick<Seller, 'listings'>>('GET', `/sellers/${seller.sellerId}/listings`)
        return Object.fromEntries(listings.map(({ sellerSku, quantity }) => [sellerSku, quantity]))
      },
      listing: async (sku: string) => (await control<Pick<Seller, 'listings'>>('GET', `/sellers/${seller.sellerId}/listings`)).listings.find(({ sellerSku }) => sellerSku === sku),
      relist: (sku: string, change: object) => control('PATCH', `/sellers/${seller.sellerId}/listings/${sku}`, change),
      fault: (fault: object) => control('POST', '/faults', { sellerId: seller.sellerId, ...fault }),
      calls: async (operation: string): Promise<(string | null)[]> =>
        (await control<{ calls: { subject: string | null }[] }>('GET', `/calls?operation=${operation}&sellerId=${seller.sellerId}`)).calls.map(({ subject }) => subject),
      /** What the contract shows, by seller SKU. */
      async shown(): Promise<Record<string, { quantity: number; pushedQuantity: number | null; confirmedQuantity: number | null; status: string; message: string | null }>> {
        const { inventory } = await stage.ask<{ inventory: { nodes: { listings: { sellerSku: string; connection: { id: string } }[] }[] } }>(
          `query ($filter: InventoryFilter!) { inventory(first: 100, filter: $filter) { nodes { listings { connection { id } sellerSku quantity pushedQuantity confirmedQuantity status message } } } }`,
          { filter: { customerIds: [owner.customerId] } },
        )
        const own = inventory.nodes.flatMap(({ listings }) => listings).filter((one) => one.connection.id === toId('Connection', connection.id))
        return Object.fromEntries(own.map(({ sellerSku, connection: _, ...rest }) => [sellerSku, rest])) as never
      },
      events: async (): Promise<string[]> => (await stage.events(connection.id)).map(({ type }) => type),
      async receipt(): Promise<{ sent: number; accepted: number; rejected: number }> {
        const [sums] = await stage.sql<{ sent: number; accepted: number; rejected: number }>(
          'SELECT sum(sent)::int AS sent, sum(accepted)::int AS accepted, sum(rejected)::int AS rejected FROM job_runs WHERE connection_id = $1', connection.id,
        )
        return sums!
      },
      submissions: () => stage.sql<{ reference: string }>('SELECT reference FROM inventory_submissions WHERE connection_id = $1 ORDER BY submitted_at', connection.id),
    }
  }

  return {
    ...stage, scope, channel, control, sell,
    /** Lets time go by, here and at the marketplace. */
    async pass(milliseconds: number): Promise<void> {
      ahead += milliseconds
      await control('POST', '/clock', { advanceSeconds: milliseconds / 1000 })
    },
    now: clock,
    async close(): Promise<void> {
      await simulator.stop()
      await stage.close()
    },
  }
}

export type SyncStage = Awaited<ReturnType<typeof createSyncStage>>
export type Sync = Awaited<ReturnType<SyncStage['sell']>>

/** From one regular run to the next. */
export const AN_HOUR = minutes(60)
