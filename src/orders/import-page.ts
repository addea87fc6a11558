import { groupBy, type Scope } from '../auth/scope.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import type { NewEvent } from '../events/catalogue.ts'
import { ensureItems, itemKey, moveStock, type StockMove } from '../inventory/stock.store.ts'
import { addToReceipt } from '../jobs/runs.store.ts'
import { newUuid } from '../kit/ids.ts'
import { sumOf } from '../kit/money.ts'
import type { FoundOrder, MarketplaceOrder } from '../marketplaces/channel.ts'
import { automaticCharges } from './automatic-charges.ts'
import { placeHolds } from './holds.store.ts'
import type { ImportContext, StoredReceipt } from './import-context.ts'
import {
  insertLines, insertOrders, lockFailuresByNumber, lockOrdersByNumber, type NewFailure, type NewLine, type NewOrder, type NewSighting, recordFailures,
  recordSightings, resolveFailures, type StoredFailure, updateGifts, updateLineQuantities, updateRecipients, updateSeenOrders,
} from './import.store.ts'
import { openItems } from './order.ts'
import { linesOfOrders, type OrderRow, recipientsOfOrders } from './orders.store.ts'
import type { NewOrderPlan, PlannedLine, PlannedOrder } from './plan-import.ts'
import { type OrderUpdate, planUpdate } from './plan-update.ts'

/** The work of one page within its transaction: first every order is sorted, then each kind is written at once. */
export class ImportPage {
  readonly #scope: Scope
  readonly #tx: Tx
  readonly #context: ImportContext
  #existing = new Map<string, OrderRow>()
  #failures = new Map<string, StoredFailure>()
  readonly #creations: (PlannedOrder & { id: string })[] = []
  readonly #sights: { order: OrderRow; seen: MarketplaceOrder }[] = []
  readonly #failed: NewFailure[] = []
  readonly #resolved: { id: string; orderId: string | null }[] = []
  readonly #sightings: NewSighting[] = []
  readonly #events: NewEvent[] = []
  readonly #moves: StockMove[] = []
  /** Found by this page; good for others once it is committed. */
  readonly itemIds = new Map<string, string>()
  readonly #receipt: StoredReceipt = { found: 0, imported: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }

  constructor(scope: Scope, tx: Tx, context: ImportContext) {
    this.#scope = scope
    this.#tx = tx
    this.#context = context
  }

  async load(numbers: readonly string[]): Promise<void> {
    const { id } = this.#context.connection
    this.#existing = new Map((await lockOrdersByNumber(this.#scope, this.#tx, id, numbers)).map((row) => [row.number, row]))
    this.#failures = new Map((await lockFailuresByNumber(this.#tx, id, numbers)).map((row) => [row.number, row]))
  }

  sort(number: string, found: FoundOrder, plan: NewOrderPlan, recorded: string | undefined): void {
    const failure = this.#failures.get(number)
    const existing = this.#existing.get(number)
    const marketplaceStatus = found.order?.marketplaceStatus ?? null
    if (existing !== undefined && found.order !== null) {
      if (failure?.state === 'OPEN') {
        this.#resolved.push({ id: failure.id, orderId: existing.id })
        this.#event({ type: 'ORDER_IMPORT_RECOVERED', importFailureId: failure.id, orderId: existing.id, summary: `Order ${number} can be read again.` })
      }
      this.#sights.push({ order: existing, seen: found.order })
      this.#sightings.push({ number, state: 'IMPORTED', skipReason: null, marketplaceStatus })
    } else if (plan.outcome === 'skip' && plan.reason === 'BEFORE_IMPORT_FROM' && failure?.state === 'OPEN') {
      // A person had asked for it by its number, and is still to mend it.
      this.#receipt.failed++
      this.#sightings.push({ number, state: 'FAILED', skipReason: null, marketplaceStatus })
    } else if (plan.outcome === 'skip') {
      if (failure?.state === 'OPEN') this.#resolved.push({ id: failure.id, orderId: null })
      this.#receipt.skipped++
      this.#sightings.push({ number, state: 'SKIPPED', skipReason: plan.reason, marketplaceStatus })
    } else if (plan.outcome === 'fail' || (failure?.state === 'DISMISSED' && this.#context.runId !== null)) {
      this.#fail(number, plan, failure, recorded)
      this.#sightings.push({ number, state: 'FAILED', skipReason: null, marketplaceStatus })
    } else {
      this.#creations.push({ ...plan, id: newUuid() })
      this.#sightings.push({ number, state: 'IMPORTED', skipReason: null, marketplaceStatus })
    }
  }

  #fail(number: string, plan: NewOrderPlan, failure: StoredFailure | undefined, recorded: string | undefined): void {
    this.#receipt.failed++
    if (plan.outcome !== 'fail' || recorded === undefined) return // dismissed by a person, and left so by a run
    const { outcome: _, ...rest } = plan
    const id = failure?.id ?? newUuid()
    this.#failed.push({ ...rest, id, number, recorded })
    if (failure === undefined || failure.state === 'RESOLVED' || (failure.state === 'OPEN' && failure.code !== plan.code)) {
      this.#event({ type: 'ORDER_IMPORT_FAILED', importFailureId: id, summary: `Order ${number} could not be imported: ${plan.message}` })
    }
  }

  async store(found: number): Promise<StoredReceipt> {
    await this.#create()
    await this.#update()
    await recordFailures(this.#tx, this.#of, this.#failed)
    await resolveFailures(this.#tx, this.#resolved)
    await recordSightings(this.#tx, { ...this.#of, runId: this.#context.runId }, this.#sightings)
    await moveStock(this.#tx, this.#moves)
    await appendEvents(this.#tx, this.#events)
    this.#receipt.found = found
    if (this.#context.runId !== null) await addToReceipt(this.#tx, this.#context.runId, this.#receipt)
    return this.#receipt
  }

  async #create(): Promise<void> {
    if (this.#creations.length === 0) return
    const { connection, chargeRules } = this.#context
    const lines = await this.#linesFor(this.#creations.map(({ id, lines: planned }) => ({ orderId: id, lines: planned, after: 0 })))
    const orders = this.#creations.map((creation) => newOrder(creation))
    const charges = this.#creations.flatMap(({ id, order, lines: planned }) =>
      automaticCharges({ currency: order.currencyCode, lines: planned.map((line) => ({ open: openItems(line) })) }, chargeRules).map((charge) => ({ ...charge, orderId: id })),
    )
    const of = { ...this.#of, warehouseId: connection.warehouseId, marketplaceId: connection.marketplaceId, by: this.#scope.actor.name }
    const stored = await insertOrders(this.#tx, of, orders, lines, charges)
    for (const { id, order } of this.#creations) {
      if (!stored.has(id)) {
        this.#receipt.unchanged++ // stored by another at this very moment
        continue
      }
      this.#receipt.imported++
      const failure = this.#failures.get(order.number)
      if (failure !== undefined && failure.state !== 'RESOLVED') {
        this.#resolved.push({ id: failure.id, orderId: id })
        this.#event({ type: 'ORDER_IMPORT_RECOVERED', importFailureId: failure.id, orderId: id, summary: `Order ${order.number} could be imported now.` })
      }
      this.#event({ type: 'ORDER_IMPORTED', orderId: id, summary: `Order ${order.number} was imported.` })
      if (order.cancelRequested) this.#event({ type: 'ORDER_CANCEL_REQUESTED', orderId: id, summary: `The buyer asks to cancel order ${order.number}.` })
    }
    this.#allocate(lines.filter((line) => stored.has(line.orderId)))
  }

  async #update(): Promise<void> {
    const newer = this.#sights.filter(({ order, seen }) => seen.updatedAt > order.marketplaceUpdatedAt)
    this.#receipt.unchanged += this.#sights.length - newer.length
    if (newer.length === 0) return
    const ids = newer.map(({ order }) => order.id)
    const lines = groupBy(await linesOfOrders(this.#scope, this.#tx, ids), ids, (line) => line.orderId)
    const recipients = new Map((await recipientsOfOrders(this.#scope, this.#tx, ids)).map((row) => [row.orderId, row]))
    const updates = newer.map(({ order, seen }) => {
      const existing = { order, lines: lines.get(order.id) ?? [], recipient: recipients.get(order.id) ?? null }
      return { order, seen, existing, update: planUpdate(existing, seen, this.#context.mappings, this.#context.connection)! }
    })
    for (const { order, update } of updates) this.#tell(order, update)
    const added = await this.#linesFor(
      updates.map(({ order, existing, update }) => ({ orderId: order.id, lines: update.newLines, after: Math.max(0, ...existing.lines.map((line) => line.lineNumber)) })),
    )
    await insertLines(this.#tx, this.#context.connection.customerId, added)
    this.#allocate(added)
    await updateLineQuantities(this.#scope, this.#tx, updates.flatMap(({ update }) => update.lineChanges.map(({ line, quantity, quantityCancelled }) => ({ id: line.id, quantity, quantityCancelled }))))
    await updateRecipients(this.#scope, this.#tx, updates.flatMap(({ order, update }) => (update.recipient === null ? [] : { ...update.recipient, orderId: order.id })))
    await updateGifts(this.#scope, this.#tx, updates.flatMap(({ order, update: { gifts } }) => (gifts === undefined ? [] : { orderId: order.id, gifts })))
    await updateSeenOrders(this.#scope, this.#tx, updates.map(({ order, seen, update }) => ({
      id: order.id, marketplaceStatus: seen.marketplaceStatus, marketplaceUpdatedAt: seen.updatedAt, cancelRequested: update.cancelRequested, ends: update.ends,
      changed: isChange(update) && order.status === 'OPEN',
      units: update.lineChanges.reduce((sum, one) => sum + one.quantity - one.line.quantity, 0) + update.newLines.reduce((sum, line) => sum + line.quantity, 0),
    })))
    for (const { order, update } of updates) {
      if (update.hold !== null && update.ends === null && order.status === 'OPEN') await placeHolds(this.#scope, this.#tx, [order.id], { reason: 'OTHER', note: update.hold })
    }
  }

  #tell(order: OrderRow, update: OrderUpdate): void {
    if (isChange(update)) this.#receipt.updated++
    else this.#receipt.unchanged++
    for (const { line, opens } of update.lineChanges) {
      if (opens !== 0) this.#move(order.id, line.inventoryItemId, opens * line.unitsPerItem)
    }
    const about = { orderId: order.id }
    if (update.newCancelRequest) {
      const after = order.status === 'CLOSED' ? ', which is closed already' : ''
      this.#event({ ...about, type: 'ORDER_CANCEL_REQUESTED', summary: `The buyer asks to cancel order ${order.number}${after}.` })
    }
    if (update.changes.length > 0) this.#event({ ...about, type: 'ORDER_UPDATED', summary: `Order ${order.number}: ${update.changes.join('; ')}.` })
    const against = [...update.changes, ...(update.newCancelRequest ? ['its buyer asks to cancel it'] : [])]
    if (order.status === 'CLOSED' && against.length > 0) this.#event({ ...about, type: 'ORDER_CONFLICT', summary: `Order ${order.number} is closed, and ${against.join('; ')}.` })
    if (update.ends === 'CANCELLED') this.#event({ ...about, type: 'ORDER_CANCELLED', summary: `Order ${order.number} was cancelled at the marketplace.` })
    if (update.ends === 'CLOSED') this.#event({ ...about, type: 'ORDER_CLOSED', summary: `Order ${order.number} was closed: what was still open was cancelled at the marketplace.` })
  }

  /** Rows for planned lines, with the stock item of each; items not known yet are made. */
  async #linesFor(orders: readonly { orderId: string; lines: readonly PlannedLine[]; after: number }[]): Promise<NewLine[]> {
    const { customerId, warehouseId } = this.#context.connection
    const key = (line: PlannedLine) => ({ customerId, warehouseId, sku: line.warehouseSku })
    const known = (line: PlannedLine): string | undefined => this.itemIds.get(itemKey(key(line))) ?? this.#context.itemIds.get(itemKey(key(line)))
    const unknown = orders.flatMap(({ lines }) => lines.filter((line) => known(line) === undefined).map((line) => ({ ...key(line), title: line.title })))
    for (const [itemKey, { id }] of await ensureItems(this.#tx, this.#scope, unknown)) this.itemIds.set(itemKey, id)
    return orders.flatMap(({ orderId, lines, after }) =>
      lines.map((line, index) => ({ ...line, id: newUuid(), orderId, lineNumber: after + index + 1, inventoryItemId: known(line)! })),
    )
  }

  #allocate(lines: readonly NewLine[]): void {
    for (const line of lines) this.#move(line.orderId, line.inventoryItemId, openItems(line) * line.unitsPerItem)
  }

  #move(orderId: string, inventoryItemId: string, units: number): void {
    if (units === 0) return
    const { customerId } = this.#context.connection
    this.#moves.push({ inventoryItemId, customerId, orderId, kind: units > 0 ? 'ALLOCATION' : 'RELEASE', quantity: Math.abs(units), by: this.#scope.actor.name })
  }

  #event(event: Omit<NewEvent, 'customerId' | 'connectionId'>): void {
    this.#events.push({ ...event, ...this.#of })
  }

  get #of(): { connectionId: string; customerId: string } {
    const { id, customerId } = this.#context.connection
    return { connectionId: id, customerId }
  }
}

const isChange = (update: OrderUpdate): boolean => update.ends !== null || update.newCancelRequest || update.changes.length > 0

function newOrder({ id, order, shipTo, lines, gifts, routing }: PlannedOrder & { id: string }): NewOrder {
  const priced = lines.filter((line) => line.unitPrice !== null)
  return {
    id,
    number: order.number,
    marketplaceStatus: order.marketplaceStatus,
    marketplaceUpdatedAt: order.updatedAt,
    cancelRequested: order.cancelRequested,
    purchasedAt: order.purchasedAt,
    shipBy: order.shipBy,
    deliverBy: order.deliverBy,
    shippingService: order.shippingService,
    currency: order.currencyCode,
    total: order.currencyCode === null || priced.length === 0 ? null : sumOf(priced.map((line) => ({ amount: line.unitPrice!, quantity: line.quantity }))),
    units: lines.reduce((sum, line) => sum + line.quantity, 0),
    carrier: routing?.carrier ?? null,
    scac: routing?.scac ?? null,
    service: routing?.service ?? null,
    recipient: shipTo,
    gifts,
  }
}
