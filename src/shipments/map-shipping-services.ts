import { defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import { whyNot } from '../connections/connection.ts'
import { withConnection } from '../connections/with-connection.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import type { Carriers } from './carriers.ts'
import { mergeRouting, refuseIncomplete, refuseMalformed } from './routing.ts'

export interface ShippingServiceMappingRow {
  connectionId: string
  /** As the marketplace names it, e.g. "Expedited". */
  marketplaceService: string
  carrier: string
  scac: string
  service: string
}

const MOST = 200

const upsert = statement(
  'upsertShippingServiceMappings',
  `INSERT INTO shipping_service_mappings (customer_id, connection_id, marketplace_service, carrier, scac, service)
   SELECT $1, $2, "marketplaceService", carrier, scac, service FROM jsonb_to_recordset($3) AS m ("marketplaceService" text, carrier text, scac text, service text) ORDER BY 3
   ON CONFLICT (connection_id, marketplace_service) DO UPDATE SET carrier = excluded.carrier, scac = excluded.scac, service = excluded.service`,
)
const unblocked = statement(
  'importFailuresUnblockedByServices',
  `SELECT count(*)::int AS count FROM import_failures AS failure
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = $2 AND state = 'OPEN' AND code = 'SHIPPING_SERVICE_UNMAPPED'
     AND EXISTS (SELECT FROM shipping_service_mappings WHERE connection_id = $2 AND marketplace_service = failure.shipping_service)`,
)

/**
 * Says how the warehouse ships what a marketplace calls a shipping service: imported orders of it bear that routing from then on.
 * `unblocks` counts the import failures that a retry would now bring past their service.
 */
export async function mapShippingServices(
  scope: Scope,
  carriers: Carriers,
  input: { connectionId: string; mappings: readonly Omit<ShippingServiceMappingRow, 'connectionId'>[] },
): Promise<{ mappings: ShippingServiceMappingRow[]; unblocks: number } | { refusals: Refusal[] }> {
  if (input.mappings.length === 0) return { refusals: [refusal('REQUIRED', 'give at least one mapping', 'mappings')] }
  if (input.mappings.length > MOST) return { refusals: [refusal('TOO_MANY', `at most ${MOST} mappings`, 'mappings')] }
  const wanted = input.mappings.map((mapping, index) => ({
    marketplaceService: mapping.marketplaceService.trim(),
    merged: mergeRouting(carriers, { routing: { carrier: mapping.carrier, scac: mapping.scac, service: mapping.service }, path: ['mappings', index] }),
  }))
  const refusals = wanted.flatMap(({ marketplaceService, merged }, index) => [
    ...(marketplaceService === '' ? [refusal('REQUIRED', 'marketplaceService must not be blank', 'mappings', index, 'marketplaceService')] : []),
    ...(wanted.findIndex((other) => other.marketplaceService === marketplaceService) < index
      ? [refusal('TAKEN', `${marketplaceService} is given twice`, 'mappings', index, 'marketplaceService')] : []),
    ...refuseIncomplete(merged.routing, ['mappings', index], ['carrier', 'scac', 'service']),
    ...refuseMalformed(merged, ['mappings', index]),
  ])
  if (refusals.length > 0) return { refusals }
  return withConnection(scope, input.connectionId, async (tx, connection) => {
    const because = whyNot('mapSkus', connection.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    const mappings = wanted.map(({ marketplaceService, merged: { routing } }) => ({
      connectionId: connection.id, marketplaceService, carrier: routing.carrier!, scac: routing.scac!, service: routing.service!,
    }))
    await run(tx, upsert, [connection.customerId, connection.id, JSON.stringify(mappings)])
    return { mappings, unblocks: (await one<{ count: number }>(tx, unblocked, [scope.tenant, connection.id]))!.count }
  })
}

const ofConnections = statement(
  'shippingServiceMappingsOfConnections',
  `SELECT connection_id, marketplace_service, carrier, scac, service FROM shipping_service_mappings
   WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND connection_id = ANY($2::uuid[]) ORDER BY marketplace_service`,
)
export const shippingServiceMappingsOfConnection = defineLoader<ShippingServiceMappingRow[]>('shippingServiceMappingsOfConnection', async (scope, ids) =>
  groupBy(await rows<ShippingServiceMappingRow>(scope.db.pool, ofConnections, [scope.tenant, ids]), ids, (row) => row.connectionId),
)
