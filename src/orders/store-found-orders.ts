import type { SealedColumn } from '../auth/reseal.ts'
import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { FoundOrder } from '../marketplaces/channel.ts'
import type { ImportContext, StoredReceipt } from './import-context.ts'
import { ImportPage } from './import-page.ts'
import { type Failure, type NewOrderPlan, planNewOrder } from './plan-import.ts'

/** What a recorded failure's data is sealed for. */
export const failureSubject = (connectionId: string, number: string): string => `import-failure:${connectionId}:${number}`

export const sealedFailures: SealedColumn<{ id: string; connectionId: string; number: string }> = {
  table: 'import_failures', column: 'recorded', columns: 'id, connection_id, number', subject: ({ connectionId, number }) => failureSubject(connectionId, number),
}

/**
 * Stores one page of found orders, all or nothing: orders, lines, allocations, charges, sightings, failures, events and the
 * receipt commit together. The same page again changes nothing: constraints see to that, not this code. Where the database cannot
 * hold what an order says (a total beyond its range, say), the page is stored order by order, and that one alone is quarantined.
 */
export async function storeFoundOrders(scope: Scope, found: readonly FoundOrder[], context: ImportContext): Promise<StoredReceipt> {
  try {
    return await storePage(scope, found, context, (one) => planNewOrder(one, context.connection, context.mappings))
  } catch (error) {
    const code = dataError(error)
    if (code === null) throw error
    const [only, ...others] = found
    if (only === undefined) throw error
    if (others.length > 0) return oneByOne(scope, found, context)
    scope.log.error({ connection: context.connection.id, number: numberOf(only), sqlState: code }, 'an order could not be stored')
    return storePage(scope, [{ order: null, number: numberOf(only), problem: '', recorded: only.recorded }], context, () => unstorable(code))
  }
}

async function oneByOne(scope: Scope, found: readonly FoundOrder[], context: ImportContext): Promise<StoredReceipt> {
  const total: StoredReceipt = { found: 0, imported: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  for (const one of new Map(found.map((each) => [numberOf(each), each])).values()) {
    const stored = await storeFoundOrders(scope, [one], context)
    for (const key of Object.keys(total) as (keyof StoredReceipt)[]) total[key] += stored[key]
  }
  return total
}

/** The SQLSTATE of an error that the data itself makes, and that it will make again: 22, data exceptions; 23, constraints. Else null. */
function dataError(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^2[23]\w{3}$/.test(code) ? code : null
}

const unstorable = (code: string): Failure => ({
  outcome: 'fail', code: 'INTERNAL', message: 'The gateway cannot hold what the marketplace says of this order.',
  detail: `Tell those who run the gateway: its database refuses the order (${code}).`, sellerSkus: [], shippingService: null,
})

async function storePage(scope: Scope, found: readonly FoundOrder[], context: ImportContext, planOf: (one: FoundOrder) => NewOrderPlan): Promise<StoredReceipt> {
  // The last sight of a number counts; a page that names one twice would otherwise double its lines.
  const byNumber = new Map(found.map((one) => [numberOf(one), one]))
  const plans = new Map([...byNumber].map(([number, one]) => [number, planOf(one)]))
  const recorded = new Map<string, string>()
  for (const [number, plan] of plans) {
    if (plan.outcome === 'fail') recorded.set(number, await context.sealer.seal(byNumber.get(number)!.recorded, failureSubject(context.connection.id, number)))
  }
  const { receipt, itemIds } = await changing(scope, async (tx) => {
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
