import { changing } from '../auth/changing.ts'
import { load, type Scope } from '../auth/scope.ts'
import { customerById } from '../customers/customers.store.ts'
import { warehouseById } from '../customers/warehouses.store.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { setTitles } from './inventory.store.ts'
import { ensureItems, itemKey, type ItemRow, moveStock } from './stock.store.ts'

const MOST = 500
const LONGEST_SKU = 100
/** Of one item at once: far from where a level overflows. */
const LARGEST = 10_000_000

export interface Receipt {
  customerId: string
  warehouseId: string
  /** The carrier's or the customer's own, e.g. of an advance shipping notice. */
  reference?: string | null
  items: readonly { sku: string; title?: string | null; quantity: number }[]
}

/** Adds what came in to what is on hand; SKUs not yet known become items. `itemIds` are UUIDs, in the order given. */
export async function receiveInventory(scope: Scope, input: Receipt): Promise<{ itemIds: string[] } | { refusals: Refusal[] }> {
  if (input.items.length === 0) return { refusals: [refusal('REQUIRED', 'give at least one item', 'items')] }
  if (input.items.length > MOST) return { refusals: [refusal('TOO_MANY', `at most ${MOST} items`, 'items')] }
  const items = input.items.map(({ sku, title, quantity }) => ({ sku: sku.trim(), title: title?.trim() || null, quantity }))
  const customerId = uuidOf('Customer', input.customerId)
  const warehouseId = uuidOf('Warehouse', input.warehouseId)
  const refusals = [
    ...(await refuseId(scope, customerById, customerId, 'customerId')),
    ...(await refuseId(scope, warehouseById, warehouseId, 'warehouseId')),
    ...items.flatMap(({ sku, quantity }, index) => refuseItem(sku, quantity, items.findIndex((other) => other.sku === sku) < index, index)),
  ]
  if (refusals.length > 0 || customerId === null || warehouseId === null) return { refusals }

  const reference = input.reference?.trim() || null
  const keyed = items.map((item) => ({ ...item, customerId, warehouseId }))
  return changing(scope, async (tx) => {
    const rows = await ensureItems(tx, scope, keyed)
    const received = keyed.map((item) => ({ ...item, row: rows.get(itemKey(item)) as ItemRow }))
    await moveStock(tx, received.map(({ row, quantity }) => ({ inventoryItemId: row.id, customerId, kind: 'RECEIPT', quantity, reference, by: scope.actor.name })))
    await setTitles(tx, scope, received.flatMap(({ row, title }) => (title === null || title === row.title ? [] : [{ id: row.id, title }])))
    return { itemIds: received.map(({ row }) => row.id) }
  })
}

async function refuseId(scope: Scope, loader: typeof customerById | typeof warehouseById, uuid: string | null, field: string): Promise<Refusal[]> {
  if (uuid === null) return [refusal('INVALID', `${field} is no id of that kind`, field)]
  return (await load<string, object>(scope, loader, uuid)) === null ? [refusal('NOT_FOUND', `no such ${field.replace('Id', '')}`, field)] : []
}

function refuseItem(sku: string, quantity: number, twice: boolean, index: number): Refusal[] {
  return [
    ...(sku === '' ? [refusal('REQUIRED', 'sku must not be blank', 'items', index, 'sku')] : []),
    ...(sku.length > LONGEST_SKU ? [refusal('INVALID', `sku must have at most ${LONGEST_SKU} characters`, 'items', index, 'sku')] : []),
    ...(twice && sku !== '' ? [refusal('TAKEN', `${sku} is given twice`, 'items', index, 'sku')] : []),
    ...(quantity < 1 || quantity > LARGEST ? [refusal('INVALID', `quantity must be from 1 to ${LARGEST}`, 'items', index, 'quantity')] : []),
  ]
}
