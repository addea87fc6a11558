// What a later sight of an order changes in the one that we have. Rules only.
import type { MarketplaceAddress, MarketplaceOrder } from '../marketplaces/channel.ts'
import { type Mappings, type PlannedLine, planLine, type Recipient } from './plan-import.ts'
import { openItems } from './order.ts'
import type { LineRow, OrderRow, RecipientRow } from './orders.store.ts'

export interface ExistingOrder {
  order: OrderRow
  lines: readonly LineRow[]
  recipient: RecipientRow | null
}

/** A line whose quantities change, and by how many items its open quantity grows (or shrinks, below 0). */
export interface LineChange {
  line: LineRow
  quantity: number
  quantityCancelled: number
  opens: number
}

export interface OrderUpdate {
  /** Nothing is open any more: it ends, as cancelled, or as closed where some of it was shipped. */
  ends: 'CANCELLED' | 'CLOSED' | null
  cancelRequested: boolean
  recipient: Recipient | null
  lineChanges: LineChange[]
  newLines: PlannedLine[]
  /** Shipped at the marketplace by someone else: a hold keeps the warehouse from shipping it twice. */
  shippedElsewhere: boolean
  /** Sentences for the ORDER_UPDATED event; empty where it says nothing new to people. */
  changes: string[]
  /** The buyer asks to cancel, which was not so before. */
  newCancelRequest: boolean
}

/** Null where this sight is no newer than what is stored: polls overlap, so most are not. */
export function planUpdate(existing: ExistingOrder, seen: MarketplaceOrder, mappings: Mappings): OrderUpdate | null {
  const { order } = existing
  if (seen.updatedAt <= order.marketplaceUpdatedAt) return null
  const update: OrderUpdate = {
    ends: null, cancelRequested: seen.cancelRequested, recipient: null, lineChanges: [], newLines: [], shippedElsewhere: false, changes: [],
    newCancelRequest: seen.cancelRequested && !order.cancelRequested,
  }
  if (order.status !== 'OPEN') return conflict(update, order, seen)
  if (seen.status === 'CANCELLED') {
    for (const line of existing.lines) change(update, line, line.quantity, line.quantity - line.quantityShipped)
    return { ...update, ends: ended(existing.lines), newCancelRequest: false, changes: [] }
  }
  if (order.cancelRequested && !seen.cancelRequested) update.changes.push('the buyer withdrew the request to cancel')
  const address = changedAddress(existing.recipient, seen.shipTo)
  if (address !== null) {
    update.recipient = address
    update.changes.push('the delivery address changed')
  }
  compareLines(update, existing.lines, seen, mappings)
  // A line that is new to us may be cancelled or shipped already.
  const lines = [...existing.lines, ...update.newLines]
  const open = lines.reduce((sum, line) => sum + openItems(line), 0) + update.lineChanges.reduce((sum, one) => sum + one.opens, 0)
  if (open === 0) update.ends = ended(lines)
  if (seen.status === 'UNFULFILLABLE') update.changes.push('the marketplace calls it unfulfillable')
  return update
}

const ended = (lines: readonly Pick<LineRow, 'quantityShipped'>[]): 'CANCELLED' | 'CLOSED' => (lines.some((line) => line.quantityShipped > 0) ? 'CLOSED' : 'CANCELLED')

/** A closed order never changes: what the marketplace says against it is told, and stored nowhere. */
function conflict(update: OrderUpdate, order: OrderRow, seen: MarketplaceOrder): OrderUpdate {
  const changes = order.status === 'CLOSED' && seen.status === 'CANCELLED' && order.marketplaceStatus !== seen.marketplaceStatus ? ['the marketplace cancelled it after it was closed'] : []
  return { ...update, newCancelRequest: update.newCancelRequest && order.status === 'CLOSED', changes }
}

function compareLines(update: OrderUpdate, lines: readonly LineRow[], seen: MarketplaceOrder, mappings: Mappings): void {
  const known = new Map(lines.map((line) => [line.itemId, line]))
  for (const item of seen.lines) {
    const line = known.get(item.itemId)
    known.delete(item.itemId)
    if (line === undefined) {
      if ((item.sellerSku ?? '').trim() === '' || item.quantity < 1) continue
      update.newLines.push(planLine(item, mappings))
      update.changes.push(`${item.quantity} of ${item.sellerSku} were added`)
      continue
    }
    if (item.quantityShipped > line.quantityShipped) update.shippedElsewhere = true
    // What has left the building stays: neither count falls below it.
    const quantity = Math.max(item.quantity, line.quantityShipped)
    const quantityCancelled = Math.min(Math.max(item.quantityCancelled, 0), quantity - line.quantityShipped)
    change(update, line, quantity, quantityCancelled)
  }
  for (const line of known.values()) change(update, line, line.quantity, line.quantity - line.quantityShipped)
  if (update.shippedElsewhere) update.changes.push('it was shipped outside of the warehouse: it is on hold')
}

function change(update: OrderUpdate, line: LineRow, quantity: number, quantityCancelled: number): void {
  if (quantity === line.quantity && quantityCancelled === line.quantityCancelled) return
  const opens = quantity - quantityCancelled - (line.quantity - line.quantityCancelled)
  update.lineChanges.push({ line, quantity, quantityCancelled, opens })
  update.changes.push(`${line.sellerSku}: ${quantity - quantityCancelled} instead of ${line.quantity - line.quantityCancelled}`)
}

const addressFields = ['name', 'company', 'line1', 'line2', 'line3', 'city', 'region', 'postalCode', 'countryCode', 'phone'] as const

function changedAddress(stored: RecipientRow | null, seen: MarketplaceAddress | null): Recipient | null {
  if (stored === null || stored.redactedAt !== null || seen === null || seen.countryCode === null || (seen.line1 ?? seen.line2 ?? seen.company ?? '') === '') return null
  return addressFields.some((field) => (stored[field] ?? '') !== (seen[field] ?? '')) ? { ...seen, countryCode: seen.countryCode } : null
}
