import type { Order } from '@sp-api-sdk/orders-api-2026-01-01'
import { afterEach, expect, test } from 'vitest'
import { createSimulatorClock } from '../../../src/marketplaces/amazon/simulator/clock.ts'
import { demoSellers } from '../../../src/marketplaces/amazon/simulator/demo-sellers.ts'
import { createSeller } from '../../../src/marketplaces/amazon/simulator/seller.ts'
import { buy } from '../../../src/marketplaces/amazon/simulator/shop.ts'
import { State } from '../../../src/marketplaces/amazon/simulator/state.ts'
import { ago, type SellerAccess, simulate, type Simulated, start, US } from './simulated.ts'

let simulated: Simulated
afterEach(() => simulated.stop())

const everyOrder = async () => (await simulated.control<{ orders: Order[] }>('GET', '/orders')).body.orders
const statusOf = (order: Order) => order.fulfillment?.fulfillmentStatus ?? ''
const paid = (order: Order) => ['UNSHIPPED', 'PARTIALLY_SHIPPED'].includes(statusOf(order)) && order.fulfillment?.fulfilledBy === 'MERCHANT'

test('the past of each demonstration seller reaches up to now, and goes on appearing for two minutes', async () => {
  simulated = await simulate({ past: true })
  const { sellers } = (await simulated.control<{ sellers: SellerAccess[] }>('GET', '/sellers')).body
  for (const demo of demoSellers) {
    const { orders } = await simulated.apis(sellers.find((seller) => seller.sellerId === demo.merchantId)!)
    const search = async () =>
      (
        await orders.searchOrders({
          marketplaceIds: [demo.marketplaceId],
          lastUpdatedAfter: ago(7 * 3600),
          includedData: ['FULFILLMENT', 'CANCELLATION', 'RECIPIENT'],
        })
      ).data.orders
    const atOnce = await search()
    expect(atOnce.filter(paid).length).toBeGreaterThanOrEqual(15)
    expect(new Set(atOnce.map(statusOf))).toEqual(new Set(['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED', 'PENDING']))
    expect(atOnce.some((order) => order.fulfillment?.fulfilledBy === 'AMAZON')).toBe(true)
    expect(atOnce.some((order) => order.orderItems.some((item) => item.cancellation?.cancellationRequest))).toBe(true)
    expect(atOnce.every((order) => order.createdTime >= ago(6 * 3600))).toBe(true)
    const country = demo.marketplaceId === 'ATVPDKIKX0DER' ? 'US' : 'GB'
    expect(atOnce.filter(paid).every((order) => order.recipient?.deliveryAddress?.countryCode === country)).toBe(true)
    const young = (await everyOrder()).filter(
      (order) => order.salesChannel.marketplaceId === demo.marketplaceId && order.lastUpdatedTime > ago(120),
    )
    expect(young.filter(paid).length).toBeGreaterThanOrEqual(4)
    expect(new Set(young.map((order) => order.lastUpdatedTime)).size).toBe(young.length)
  }
  const { orders } = await simulated.apis(sellers[0]!)
  const shown = async () =>
    (
      await orders.searchOrders({ marketplaceIds: ['ATVPDKIKX0DER'], lastUpdatedAfter: ago(7 * 3600), includedData: ['FULFILLMENT'] })
    ).data.orders.filter(paid).length
  const counts: number[] = []
  for (let nth = 0; nth < 4; nth++) {
    counts.push(await shown())
    await simulated.advance(30)
  }
  for (const [index, count] of counts.slice(1).entries()) expect(count).toBeGreaterThan(counts[index]!)
})

test('pending orders of the past are paid within the minute', async () => {
  simulated = await simulate({ past: true })
  const pending = (await everyOrder()).filter((order) => statusOf(order) === 'PENDING').map((order) => order.orderId)
  expect(pending.length).toBeGreaterThanOrEqual(4)
  await simulated.advance(60)
  const now = (await everyOrder()).filter((order) => pending.includes(order.orderId))
  expect(now.map(statusOf)).toEqual(pending.map(() => 'UNSHIPPED'))
})

test('the same seed tells the same story, another seed another', async () => {
  const story = async (seed: number) => {
    simulated = await simulate({ past: true, seed })
    const orders = await everyOrder()
    await simulated.stop()
    return orders
  }
  const first = await story(7)
  expect(await story(7)).toEqual(first)
  expect((await story(8)).map((order) => order.orderId)).not.toEqual(first.map((order) => order.orderId))
})

test('buyers buy until they are told to stop: paid, pending then paid, cancelled, asked to cancel', async () => {
  simulated = await simulate({ buying: { everyMs: 10 }, past: false })
  const total = async () => (await simulated.control<{ total: number }>('GET', '/orders')).body.total
  await expect.poll(total, { interval: 50 }).toBeGreaterThan(250)
  expect((await simulated.control('POST', '/buying', { everyMs: null })).body).toEqual({ everyMs: null })
  const bought = await everyOrder()
  expect(new Set(bought.map(statusOf))).toEqual(new Set(['UNSHIPPED', 'PENDING']))
  await simulated.advance(301)
  const later = await everyOrder()
  expect(later).toHaveLength(bought.length)
  expect(later.some((order) => statusOf(order) === 'PENDING')).toBe(false)
  expect(later.some((order) => statusOf(order) === 'CANCELLED')).toBe(true)
  expect(later.some((order) => order.orderItems.some((item) => item.cancellation?.cancellationRequest))).toBe(true)
  const paidLater = bought.filter(
    (order) => statusOf(order) === 'PENDING' && statusOf(later.find((one) => one.orderId === order.orderId)!) === 'UNSHIPPED',
  )
  expect(paidLater.length).toBeGreaterThan(5)
  expect(later.some((order) => order.orderItems.some((item) => item.fulfillment?.packing?.giftOption))).toBe(true)
})

test('a shop that is open for long forgets its oldest orders, and what was planned for them brings none back', () => {
  const state = new State(createSimulatorClock(() => start), 1)
  const seller = createSeller({ marketplaceIds: [US] }, start.getTime())
  state.addSeller(seller)
  const made = Array.from({ length: 30 }, () => {
    const order = buy(state, seller, { marketplaceId: US, status: 'UNSHIPPED', createdAt: start.getTime(), updatedAt: start.getTime() })!
    state.schedule.plan(start.getTime() + 1000, (at) => state.changeOrder(order, at, () => {}))
    return order
  })
  state.forgetBeyond(10)
  state.clock.advance(1)
  state.settle()
  const kept = made.slice(20).map((order) => order.orderId)
  expect([...state.orders.keys()]).toEqual(kept)
  for (const index of Object.values(state.ordersOf(seller.sellerId))) expect([...index.from(0, 0)].map((order) => order.orderId)).toEqual(kept)
})
