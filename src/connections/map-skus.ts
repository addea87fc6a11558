import type { Scope } from '../auth/scope.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { whyNot } from './connection.ts'
import { type SkuMappingRow, unblockedFailures, upsertSkuMappings } from './sku-mappings.store.ts'
import { withConnection } from './with-connection.ts'

const MOST = 500
const LONGEST_SKU = 100
const MOST_UNITS = 10_000

export interface NewSkuMapping {
  sellerSku: string
  warehouseSku: string
  /** Warehouse units in one item sold; 1 if left out. */
  unitsPerItem?: number | null
}

/**
 * Says what seller SKUs of a connection are in the warehouse, anew or for the first time. `unblocks` counts the import failures
 * that a retry would now bring past their SKUs.
 */
export async function mapSkus(
  scope: Scope,
  input: { connectionId: string; mappings: readonly NewSkuMapping[] },
): Promise<{ mappings: SkuMappingRow[]; unblocks: number } | { refusals: Refusal[] }> {
  if (input.mappings.length === 0) return { refusals: [refusal('REQUIRED', 'give at least one mapping', 'mappings')] }
  if (input.mappings.length > MOST) return { refusals: [refusal('TOO_MANY', `at most ${MOST} mappings`, 'mappings')] }
  const wanted = input.mappings.map((mapping) => ({ sellerSku: mapping.sellerSku.trim(), warehouseSku: mapping.warehouseSku.trim(), unitsPerItem: mapping.unitsPerItem ?? 1 }))
  const refusals = refuseMappings(wanted)
  if (refusals.length > 0) return { refusals }
  return withConnection(scope, input.connectionId, async (tx, connection) => {
    const because = whyNot('mapSkus', connection.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    const written = new Map((await upsertSkuMappings(tx, connection, wanted)).map((row) => [row.sellerSku, row]))
    return { mappings: wanted.map(({ sellerSku }) => written.get(sellerSku)!), unblocks: await unblockedFailures(tx, scope, connection.id) }
  })
}

function refuseMappings(mappings: readonly { sellerSku: string; warehouseSku: string; unitsPerItem: number }[]): Refusal[] {
  const seen = new Set<string>()
  return mappings.flatMap((mapping, index) => {
    const { sellerSku, unitsPerItem: units } = mapping
    const twice = seen.has(sellerSku)
    seen.add(sellerSku)
    return [
      ...(['sellerSku', 'warehouseSku'] as const).flatMap((field) => refuseSku(mapping[field], index, field)),
      ...(twice && sellerSku !== '' ? [refusal('TAKEN', `${sellerSku} is given twice`, 'mappings', index, 'sellerSku')] : []),
      ...(units < 1 || units > MOST_UNITS ? [refusal('INVALID', `unitsPerItem must be from 1 to ${MOST_UNITS}`, 'mappings', index, 'unitsPerItem')] : []),
    ]
  })
}

function refuseSku(sku: string, index: number, field: string): Refusal[] {
  if (sku === '') return [refusal('REQUIRED', `${field} must not be blank`, 'mappings', index, field)]
  return sku.length > LONGEST_SKU ? [refusal('INVALID', `${field} must have at most ${LONGEST_SKU} characters`, 'mappings', index, field)] : []
}
