import type { Scope } from '../auth/scope.ts'
import { transaction } from '../db/transaction.ts'
import type { FoundOrder } from '../marketplaces/channel.ts'
import type { ImportContext, StoredReceipt } from './import-context.ts'
import { ImportPage } from './import-page.ts'
import { planNewOrder } from './plan-import.ts'

/** What a recorded failure's data is sealed for. */
export const failureSubject = (connectionId: string, number: string): string => `import-failure:${connectionId}:${number}`

/**
 * Stores one page of found orders, all or nothing: orders, lines, allocations, charges, sightings, failures, events and the
 * receipt commit together. The same page again changes nothing: constraints see to that, not this code.
 */
export async function storeFoundOrders(scope: Scope, found: readonly FoundOrder[], context: ImportContext): Promise<StoredReceipt> {
  // The last sight of a number counts; a page that names one twice would otherwise double its lines.
  const byNumber = new Map(found.map((one) => [numberOf(one), one]))
  const plans = new Map([...byNumber].map(([number, one]) => [number, planNewOrder(one, context.connection, context.mappings)]))
  const recorded = new Map<string, string>()
  for (const [number, plan] of plans) {
    if (plan.outcome === 'fail') recorded.set(number, await context.sealer.seal(byNumber.get(number)!.recorded, failureSubject(context.connection.id, number)))
  }
  const { receipt, itemIds } = await transaction(scope.db.pool, async (tx) => {
    await context.fence(tx)
    const page = new ImportPage(scope, tx, context)
    const numbers = [...byNumber.keys()]
    await page.load(numbers)
    for (const number of numbers) page.sort(number, byNumber.get(number)!, plans.get(number)!, recorded.get(number))
    return { receipt: await page.store(numbers.length), itemIds: page.itemIds }
  })
  for (const [key, id] of itemIds) context.itemIds.set(key, id)
  return receipt
}

const numberOf = (one: FoundOrder): string => (one.order === null ? one.number : one.order.number)
