// What a later sight of an order changes in the one that we have. Rules only.
import type { MarketplaceAddress, MarketplaceOrder } from '../marketplaces/channel.ts'
import { type Gifts, giftsOf, type ImportPolicy, type Mappings, type PlannedLine, planLine, type Recipient } from './plan-import.ts'
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
  /** The gifts as they are now; undefined where they stay. */
  gifts: Gifts | null | undefined
  lineChanges: LineChange[]
  newLines: PlannedLine[]
  /** Why the warehouse must not ship it before a person has looked, for people; null where it may. */
  hold: string | null
  /** Sentences for the ORDER_UPDATED event; empty where it says nothing new to people. */
  changes: string[]
  /** The buyer asks to cancel, which was not so before. */
  newCancelRequest: boolean
}

/** Null where this sight is no newer than what is stored: polls overlap, so most are not. */
export function planUpdate(existing: ExistingOrder, seen: MarketplaceOrder, mappings: Mappings, policy: Pick<ImportPolicy, 'unknownSku'>): OrderUpdate | null {
  const { order } = existing
  if (seen.updatedAt <= order.marketplaceUpdatedAt) return null
  const update: OrderUpdate = {
    ends: null, cancelRequested: seen.cancelRequested, recipient: null, gifts: undefined, lineChanges: [], newLines: [], hold: null, changes: [],
    newCancelRequest: seen.cancelRequested && !order.cancelRequested,
  }
  if (order.status !== 'OPEN') return conflict(update, existing, seen)
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
  update.gifts = changedGifts(existing.recipient, seen)
  if (update.gifts !== undefined) update.changes.push('what is a gift changed')
  compareLines(update, existing.lines, seen)
  addLines(update, existing.lines, seen, mappings, policy)
  // A line that is new to us may be cancelled or shipped already.
  const lines = [...existing.lines, ...update.newLines]
  const open = lines.reduce((sum, line) => sum + openItems(line), 0) + update.lineChanges.reduce((sum, one) => sum + one.opens, 0)
  if (open === 0) update.ends = ended(lines)
  if (seen.status === 'UNFULFILLABLE' && order.marketplaceStatus !== seen.marketplaceStatus) update.changes.push('the marketplace calls it unfulfillable')
  return update
}

const ended = (lines: readonly Pick<LineRow, 'quantityShipped'>[]): 'CANCELLED' | 'CLOSED' => (lines.some((line) => line.quantityShipped > 0) ? 'CLOSED' : 'CANCELLED')

/** A closed order never changes: what the marketplace says against it is told, and stored nowhere. */
function conflict(update: OrderUpdate, { order, recipient }: ExistingOrder, seen: MarketplaceOrder): OrderUpdate {
  const changes: string[] = []
  if (order.status === 'CLOSED' && seen.status === 'CANCELLED' && order.marketplaceStatus !== seen.marketplaceStatus) changes.push('the marketplace cancelled it after it was closed')
  // Until the marketplace knows that it has left, the parcel may be stopped.
  const mayBeHere = seen.status === 'UNSHIPPED' || seen.status === 'PARTIALLY_SHIPPED'
  if (order.status === 'CLOSED' && mayBeHere && changedAddress(recipient, seen.shipTo) !== null) changes.push('the delivery address changed after it was closed, and the parcel bears the old one')
  return { ...update, newCancelRequest: update.newCancelRequest && order.status === 'CLOSED', changes }
}

function compareLines(update: OrderUpdate, lines: readonly LineRow[], seen: MarketplaceOrder): void {
  const items = new Map(seen.lines.map((item) => [item.itemId, item]))
  for (const line of lines) {
    const item = items.get(line.itemId)
    // What has left the building stays: neither count falls below it.
    const quantity = item === undefined ? 0 : Math.max(item.quantity, line.quantityShipped)
    if (item === undefined || quantity === 0) change(update, line, line.quantity, line.quantity - line.quantityShipped)
    else change(update, line, quantity, Math.min(Math.max(item.quantityCancelled, 0), quantity - line.quantityShipped))
  }
  if (!lines.some((line) => (items.get(line.itemId)?.quantityShipped ?? 0) > line.quantityShipped)) return
  update.hold = 'Shipped outside of the warehouse, as the marketplace says'
  update.changes.push('it was shipped outside of the warehouse: it is on hold')
}

/** What a new order would fail for, one that is there is held for. */
function addLines(update: OrderUpdate, lines: readonly LineRow[], seen: MarketplaceOrder, mappings: Mappings, policy: Pick<ImportPolicy, 'unknownSku'>): void {
  const known = new Set(lines.map((line) => line.itemId))
  for (const item of seen.lines) {
    if (known.has(item.itemId) || item.quantity < 1) continue
    known.add(item.itemId)
    const sku = (item.sellerSku ?? '').trim()
    if (sku === '') {
      update.hold = `Item ${item.itemId}, which has no seller SKU, was added at the marketplace and is not part of the order here`
      update.changes.push(`item ${item.itemId} was added, which has no seller SKU: it is on hold`)
      continue
    }
    update.newLines.push(planLine(item, mappings))
    update.changes.push(`${item.quantity} of ${item.sellerSku} were added`)
    if (policy.unknownSku === 'ACCEPT' || mappings.skus.has(item.sellerSku!)) continue
    update.hold = `${sku} was added at the marketplace, and no warehouse SKU is mapped to it`
    update.changes.push(`no warehouse SKU is mapped to ${sku}: it is on hold`)
  }
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

/** Undefined where they stay; so too where the marketplace keeps what is personal to itself, which shows by its giving no address. */
function changedGifts(stored: RecipientRow | null, seen: MarketplaceOrder): Gifts | null | undefined {
  if (stored === null || stored.redactedAt !== null || seen.shipTo === null) return undefined
  const [before, after] = [stored.gifts ?? {}, giftsOf(seen.lines)]
  const items = new Set([...Object.keys(before), ...Object.keys(after ?? {})])
  const same = [...items].every((item) => {
    const [one, other] = [before[item], after?.[item]]
    return one !== undefined && other !== undefined && one.wrapping === other.wrapping && one.message === other.message
  })
  return same ? undefined : after
}
