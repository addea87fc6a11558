import type { Sealer } from '../auth/seal.ts'
import type { ConnectionRow } from '../connections/connections.store.ts'
import { chargeRulesOfCustomer } from '../customers/customers.store.ts'
import { load, type Scope } from '../auth/scope.ts'
import { rows, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { Receipt } from '../jobs/runs.store.ts'
import type { AutomaticRule } from './automatic-charges.ts'
import type { Mappings } from './plan-import.ts'

/** What an import goes by: read once for a run or a retry. */
export interface ImportContext {
  connection: ConnectionRow
  mappings: Mappings
  chargeRules: readonly AutomaticRule[]
  sealer: Sealer
  /** Null where a person asked for these orders outside of a run. */
  runId: string | null
  /** First in the transaction: throws where this worker has lost its lock. */
  fence: (tx: Tx) => Promise<void>
  /** Ids of stock items by itemKey, as pages that are committed have found them: items stay, so they are looked up once a run. */
  itemIds: Map<string, string>
}

/** For orders that a person asks for: they come whatever their age. */
export const BEGINNING = new Date(0)

export type StoredReceipt = Required<Pick<Receipt, 'found' | 'imported' | 'updated' | 'unchanged' | 'skipped' | 'failed'>>

const skus = statement('skusOfConnection', 'SELECT seller_sku, warehouse_sku, units_per_item FROM sku_mappings WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2')
const services = statement(
  'servicesOfConnection',
  'SELECT marketplace_service, carrier, scac, service FROM shipping_service_mappings WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2',
)

/** What an import of this connection goes by, as it stands now. */
export async function importContext(
  scope: Scope,
  sealer: Sealer,
  connection: ConnectionRow,
  run: { runId: string | null; fence: (tx: Tx) => Promise<void> },
): Promise<ImportContext> {
  const [mapped, shipped, chargeRules] = await Promise.all([
    rows<{ sellerSku: string; warehouseSku: string; unitsPerItem: number }>(scope.db.pool, skus, [scope.tenant, connection.id]),
    rows<{ marketplaceService: string; carrier: string; scac: string; service: string }>(scope.db.pool, services, [scope.tenant, connection.id]),
    load(scope, chargeRulesOfCustomer, connection.customerId),
  ])
  return {
    connection,
    sealer,
    chargeRules: chargeRules ?? [],
    itemIds: new Map(),
    mappings: {
      skus: new Map(mapped.map((row) => [row.sellerSku, row])),
      shippingServices: new Map(shipped.map((row) => [row.marketplaceService, row])),
    },
    ...run,
  }
}
