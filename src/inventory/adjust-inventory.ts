import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { lockItem } from './inventory.store.ts'
import { moveStock } from './stock.store.ts'

const MOST_ON_HAND = 2_147_483_647

export interface Adjustment {
  inventoryItemId: string
  /** Units, signed. */
  change: number
  reason: string
  expectedVersion?: number | null
}

/** Sets right what is on hand, after a count or a loss. Never below 0. `itemId` is a UUID. */
export async function adjustInventory(scope: Scope, { inventoryItemId, change, expectedVersion, ...rest }: Adjustment): Promise<{ itemId: string } | { refusals: Refusal[] }> {
  const itemId = uuidOf('InventoryItem', inventoryItemId)
  const reason = rest.reason.trim()
  const refusals = [
    ...(change === 0 ? [refusal('INVALID', 'change must not be 0', 'change')] : []),
    ...(reason === '' ? [refusal('REQUIRED', 'reason must not be blank', 'reason')] : []),
  ]
  if (itemId === null) return { refusals: [refusal('INVALID', 'not an id of an inventory item', 'inventoryItemId'), ...refusals] }
  if (refusals.length > 0) return { refusals }
  try {
    return await changing(scope, async (tx) => {
      const item = await lockItem(tx, scope, itemId)
      if (item === null) throw new Refused(refusal('NOT_FOUND', 'no such inventory item', 'inventoryItemId'))
      if (expectedVersion != null && expectedVersion !== item.version) {
        throw new Refused(refusal('VERSION_CONFLICT', `the item is at version ${item.version} now`, 'expectedVersion'))
      }
      if (item.onHand + change < 0) throw new Refused(refusal('STOCK_SHORT', `only ${item.onHand} are on hand`, 'change'))
      if (item.onHand + change > MOST_ON_HAND) throw new Refused(refusal('INVALID', `at most ${MOST_ON_HAND} can be on hand`, 'change'))
      await moveStock(tx, [{ inventoryItemId: item.id, customerId: item.customerId, kind: 'ADJUSTMENT', quantity: change, reason, by: scope.actor.name }])
      return { itemId: item.id }
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}
