import type { Scope } from '../auth/scope.ts'
import { whyNot } from '../connections/connection.ts'
import { withConnection } from '../connections/with-connection.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { changeRule, refuseRule, type RuleChange } from './inventory-rule.ts'
import { readRule, writeRule } from './inventory-rules.store.ts'
import { lockItem } from './inventory.store.ts'
import { forgetListings } from './listing-records.store.ts'

/**
 * Sets how one connection shares in the stock of one item, over the connection's settings; the next sync tells what follows. `itemId`
 * is a UUID. An item that is excluded no longer is told anew, as whoever else may have set its quantity meanwhile.
 */
export async function setInventoryRule(
  scope: Scope,
  { inventoryItemId, connectionId, ...change }: { inventoryItemId: string; connectionId: string } & RuleChange,
): Promise<{ itemId: string } | { refusals: Refusal[] }> {
  const itemId = uuidOf('InventoryItem', inventoryItemId)
  const refusals = [...(itemId === null ? [refusal('INVALID', 'not an id of an inventory item', 'inventoryItemId')] : []), ...refuseRule(change)]
  if (itemId === null || refusals.length > 0) return { refusals }
  return withConnection(scope, connectionId, async (tx, connection) => {
    const because = whyNot('updateSettings', connection.status)
    if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
    const item = await lockItem(tx, scope, itemId)
    if (item === null) throw new Refused(refusal('NOT_FOUND', 'no such inventory item', 'inventoryItemId'))
    if (item.customerId !== connection.customerId) throw new Refused(refusal('INVALID', "the item is not of the connection's customer", 'inventoryItemId'))
    if (item.warehouseId !== connection.warehouseId) {
      throw new Refused(refusal('INVALID', 'the item is in a warehouse that does not feed the connection', 'inventoryItemId'))
    }
    const key = { connectionId: connection.id, inventoryItemId: item.id, customerId: item.customerId }
    const present = await readRule(tx, scope, key)
    const rule = changeRule(present, change)
    await writeRule(tx, scope, key, rule)
    if (present.excluded && !rule.excluded) await forgetListings(tx, key, item.sku)
    return { itemId: item.id }
  })
}
