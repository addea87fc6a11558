// All that the simulator knows, in memory, and the few ways in which it changes.
import { CallLog } from './call-log.ts'
import type { SimulatorClock } from './clock.ts'
import { Faults } from './faults.ts'
import { FeedStore } from './feed-store.ts'
import { Login } from './lwa.ts'
import { type Line, statusByShipment, type StoredOrder, toShipOf } from './order.ts'
import { createRandom, type Random } from './random.ts'
import { Schedule } from './schedule.ts'
import { listingOf, type Seller } from './seller.ts'
import { TimeIndex } from './time-index.ts'

export interface SellerOrders {
  byUpdated: TimeIndex<StoredOrder>
  byCreated: TimeIndex<StoredOrder>
}

export class State {
  readonly clock: SimulatorClock
  /** What buyers do; faults have a generator of their own, so that they change no story. */
  random: Random
  readonly faults: Faults
  readonly login = new Login()
  readonly calls = new CallLog()
  readonly schedule = new Schedule()
  readonly feeds = new FeedStore()
  readonly sellers = new Map<string, Seller>()
  readonly orders = new Map<string, StoredOrder>()
  readonly #bySeller = new Map<string, SellerOrders>()
  #sequence = 0

  constructor(clock: SimulatorClock, seed: number) {
    this.clock = clock
    this.random = createRandom(seed)
    this.faults = new Faults(seed + 1)
  }

  /** The time now, once everything that was due by now has happened. */
  settle(): number {
    const now = this.clock.now()
    this.schedule.settle(now)
    return now
  }

  /** Of one more order: higher than that of any before. */
  nextSequence(): number {
    return this.#sequence++
  }

  /** Forgets the oldest orders beyond that many, so that a shop that is open for weeks does not fill the memory. */
  forgetBeyond(most: number): void {
    for (const [orderId, order] of this.orders) {
      if (this.orders.size <= most) return
      this.orders.delete(orderId)
      const { byUpdated, byCreated } = this.ordersOf(order.sellerId)
      byUpdated.remove(order)
      byCreated.remove(order)
    }
  }

  ordersOf(sellerId: string): SellerOrders {
    let found = this.#bySeller.get(sellerId)
    if (found === undefined) {
      found = { byUpdated: new TimeIndex((order) => order.updatedAt), byCreated: new TimeIndex((order) => order.createdAt) }
      this.#bySeller.set(sellerId, found)
    }
    return found
  }

  /** The seller has authorized the application from the start. */
  addSeller(seller: Seller): void {
    this.sellers.set(seller.sellerId, seller)
    this.login.authorize(seller, this.clock.now(), seller.refreshToken)
  }

  addOrder(order: StoredOrder): void {
    this.orders.set(order.orderId, order)
    const indexes = this.ordersOf(order.sellerId)
    indexes.byUpdated.add(order)
    indexes.byCreated.add(order)
    if (order.status !== 'CANCELLED') for (const line of order.lines) this.returnStock(order, line, -toShipOf(line), order.createdAt)
  }

  /** Every change of an order goes through here, as it moves the order's lastUpdatedTime. */
  changeOrder(order: StoredOrder, at: number, change: (order: StoredOrder) => void): void {
    const { byUpdated } = this.ordersOf(order.sellerId)
    byUpdated.remove(order)
    change(order)
    order.updatedAt = at
    // What was planned for an order that is forgotten must not bring it back.
    if (this.orders.has(order.orderId)) byUpdated.add(order)
  }

  cancelOrder(order: StoredOrder, at: number, by: 'BUYER' | 'MERCHANT' | 'AMAZON', reason: string): void {
    for (const line of order.lines) this.returnStock(order, line, toShipOf(line), at)
    this.changeOrder(order, at, () => {
      order.status = 'CANCELLED'
      for (const line of order.lines) {
        line.cancelled = line.quantity
        line.cancellation = { by, reason }
      }
    })
  }

  /** Lets confirmed packages take effect: shown, and counted in the status. */
  showPackage(order: StoredOrder, reference: string, at: number): void {
    const one = order.confirmed.get(reference)
    if (one === undefined) return
    this.changeOrder(order, at, () => {
      order.shown.set(reference, one)
      order.status = statusByShipment(order)
    })
  }

  /** Units that return to the listing of that line, or leave it where negative. */
  returnStock(order: StoredOrder, line: Line, units: number, at: number): void {
    const seller = this.sellers.get(order.sellerId)
    const listing = seller === undefined || line.sellerSku === null ? undefined : listingOf(seller, order.marketplaceId, line.sellerSku)
    if (listing === undefined || units === 0) return
    listing.quantity = Math.max(0, listing.quantity + units)
    listing.updatedAt = at
  }
}
