// The buyers: the past that the simulator starts with, and one purchase after another from then on.
import { hours } from './clock.ts'
import { minutes, seconds } from '../../../kit/clock.ts'
import type { StoredOrder } from './order.ts'
import { participationOf, type Seller } from './seller.ts'
import { buy, type WantedOrder } from './shop.ts'
import type { State } from './state.ts'

const SHOWN_AFTER = minutes(2)
/** Beyond these a purchase drops the oldest. Orders made by hand drop none. */
const KEPT_ORDERS = 100_000

/**
 * Six hours of trade for one seller: 22 paid orders, of which 16 are shown at once and 6 within two minutes, one after the
 * other; besides, some that are pending, cancelled, fulfilled by Amazon, or shipped.
 */
export function inventPast(state: State, seller: Seller): void {
  const now = state.clock.now()
  const { random } = state
  const order = (age: number, wanted: Partial<WantedOrder> = {}, settled = minutes(random.between(0, 2))) =>
    buy(state, seller, {
      marketplaceId: seller.marketplaceIds[0]!,
      status: 'UNSHIPPED',
      createdAt: now - age,
      updatedAt: Math.max(now - age, Math.min(now - age + settled, now - SHOWN_AFTER - seconds(5))),
      ...wanted,
    })
  for (let nth = 0; nth < 15; nth++) order(hours(6) - nth * minutes(22) - seconds(random.between(0, 900)))
  order(hours(5), { status: 'PARTIALLY_SHIPPED' }, hours(2))
  for (const age of [hours(5.5), hours(4.2), hours(3)]) order(age, { status: 'SHIPPED' }, hours(1.5))
  for (const age of [hours(4.6), hours(1.4)]) order(age, { status: 'CANCELLED' }, minutes(30))
  for (const age of [hours(3.7), hours(0.8)]) order(age, { status: 'SHIPPED', fulfilledBy: 'AMAZON' }, minutes(20))
  const wavering = order(minutes(50))
  if (wavering !== null) askToCancel(state, wavering, now - minutes(20))
  for (const age of [minutes(12), minutes(4)]) {
    const pending = order(age, { status: 'PENDING' }, 0)
    if (pending !== null) payLater(state, pending, now + seconds(random.between(5, 40)))
  }
  // Too young to be shown: they appear while a newcomer watches.
  for (const age of [112, 93, 71, 48, 22]) order(seconds(age), { updatedAt: now - seconds(age) })
}

/** One purchase now, at some seller that has buyers. Null where nothing is on offer. */
export function shopOnce(state: State): StoredOrder | null {
  const { random } = state
  const sellers = [...state.sellers.values()].filter((seller) => seller.buying && isOpen(seller))
  const [first, ...others] = sellers
  if (first === undefined) return null
  const seller = random.pick([first, ...others])
  const now = state.clock.now()
  const turn = random.fraction()
  const order = buy(state, seller, {
    marketplaceId: seller.marketplaceIds[0]!,
    status: turn < 0.2 ? 'PENDING' : 'UNSHIPPED',
    fulfilledBy: turn >= 0.96 ? 'AMAZON' : 'MERCHANT',
    createdAt: now,
    updatedAt: now,
  })
  if (order === null) return null
  state.forgetBeyond(KEPT_ORDERS)
  if (turn < 0.17) payLater(state, order, now + seconds(random.between(20, 60)))
  else if (turn < 0.2) cancelLater(state, order, now + seconds(random.between(20, 60)), 'AMAZON', 'Payment was not authorized')
  else if (turn < 0.27) cancelLater(state, order, now + seconds(random.between(60, 300)), 'BUYER', 'No longer needed')
  else if (turn < 0.31) {
    state.schedule.plan(now + seconds(random.between(30, 180)), (at) => {
      if (order.status === 'UNSHIPPED') askToCancel(state, order, at)
    })
  }
  return order
}

/** Nobody buys from a seller that does not take part, or whose listings are suspended. */
function isOpen(seller: Seller): boolean {
  const { isParticipating, hasSuspendedListings } = participationOf(seller, seller.marketplaceIds[0]!)
  return isParticipating && !hasSuspendedListings
}

function payLater(state: State, order: StoredOrder, at: number): void {
  state.schedule.plan(at, (then) => {
    if (order.status !== 'PENDING') return
    state.changeOrder(order, then, () => {
      order.status = 'UNSHIPPED'
    })
  })
}

function cancelLater(state: State, order: StoredOrder, at: number, by: 'BUYER' | 'AMAZON', reason: string): void {
  state.schedule.plan(at, (then) => {
    if (order.status === 'UNSHIPPED' || order.status === 'PENDING') state.cancelOrder(order, then, by, reason)
  })
}

function askToCancel(state: State, order: StoredOrder, at: number): void {
  state.changeOrder(order, at, () => {
    for (const line of order.lines) line.cancelRequest = 'Ordered by mistake'
  })
}
