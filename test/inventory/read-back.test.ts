import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { days, minutes } from '../../src/kit/clock.ts'
import { AN_HOUR, createSyncStage, type Sync, type SyncStage } from './sync-stage.ts'

describe('reading back', () => {
  let stage: SyncStage
  let seller: Sync
  beforeAll(async () => {
    stage = await createSyncStage()
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    seller = await stage.sell([{ sellerSku: 'CUP', quantity: 1 }])
    await seller.map([{ sellerSku: 'CUP', warehouseSku: 'CUP' }])
    await seller.receive([{ sku: 'CUP', quantity: 20 }])
    await seller.sync()
  })

  const reads = async (): Promise<number> => (await seller.calls('searchListingsItems')).length
  const told = async (): Promise<number> => (await seller.calls('patchListingsItem')).length

  it('looks once at what was told, and not before it may show', async () => {
    expect(await seller.shown()).toMatchObject({ CUP: { pushedQuantity: 20, confirmedQuantity: 1, status: 'IN_STEP' } })
    await seller.sync()
    expect(await reads()).toBe(1)
    await stage.pass(minutes(6))
    await seller.sync()
    expect(await seller.shown()).toMatchObject({ CUP: { confirmedQuantity: 20, status: 'IN_STEP' } })
    await stage.pass(AN_HOUR)
    await seller.sync()
    expect([await reads(), await told()]).toEqual([2, 1])
  })

  it('tells again where the marketplace offers more than it took, and says so where that goes on', async () => {
    for (let times = 1; times <= 3; times++) {
      await seller.relist('CUP', { quantity: 25 })
      await stage.pass(AN_HOUR)
      await seller.sync()
      expect([await seller.offered(), await told()]).toEqual([{ CUP: 20 }, 1 + times])
      expect((await seller.shown()).CUP).toMatchObject({ status: 'IN_STEP', message: times < 3 ? null : expect.stringContaining('3 times in a row') })
    }
    await stage.pass(AN_HOUR)
    await seller.sync()
    expect((await seller.shown()).CUP).toMatchObject({ confirmedQuantity: 20, status: 'IN_STEP', message: null })
  })

  it('shows as behind what it may not tell again, with what is there', async () => {
    await seller.relist('CUP', { quantity: 25 })
    await stage.pass(AN_HOUR)
    await seller.fault({ operation: 'patchListingsItem', kind: 'malformed', part: 'answer', times: 1 })
    await seller.sync()
    const message = expect.stringContaining('took 20, yet offers 25')
    expect((await seller.shown()).CUP).toMatchObject({ quantity: 20, pushedQuantity: 20, confirmedQuantity: 25, status: 'BEHIND', message })
  })

  it('leaves less, which was sold, for a day, and then tells it again', async () => {
    await seller.relist('CUP', { quantity: 18 })
    await stage.pass(AN_HOUR)
    await seller.sync()
    await stage.pass(AN_HOUR)
    await seller.sync()
    expect((await seller.shown()).CUP).toMatchObject({ confirmedQuantity: 18, status: 'IN_STEP', message: null })
    expect([await reads(), await told()]).toEqual([2, 1])
    await stage.pass(days(1))
    await seller.sync()
    expect([await seller.offered(), await told()]).toEqual([{ CUP: 20 }, 2])
  })

  it('tells anew a quantity that was accepted and never applied', async () => {
    await seller.fault({ operation: 'patchListingsItem', kind: 'late', delaySeconds: 10 * 86_400, times: 1 })
    await seller.receive([{ sku: 'CUP', quantity: 5 }])
    await seller.sync()
    expect([await seller.offered(), await seller.shown()]).toMatchObject([{ CUP: 20 }, { CUP: { pushedQuantity: 25 } }])
    await stage.pass(minutes(6))
    await seller.sync()
    await stage.pass(days(1))
    await seller.sync()
    expect(await seller.offered()).toEqual({ CUP: 25 })
  })

  it('looks at what was refused, and learns so who ships it now', async () => {
    await seller.relist('CUP', { refusal: { code: '90220', message: 'No.' } })
    await seller.receive([{ sku: 'CUP', quantity: 1 }])
    await seller.sync()
    expect((await seller.shown()).CUP).toMatchObject({ status: 'REJECTED', pushedQuantity: 20, confirmedQuantity: 1 })
    await seller.relist('CUP', { fulfilledBy: 'AMAZON' })
    await seller.sync()
    expect((await seller.shown()).CUP).toMatchObject({ status: 'EXCLUDED', pushedQuantity: null, confirmedQuantity: null })
    await seller.relist('CUP', { refusal: null })
    await stage.pass(AN_HOUR)
    await seller.sync()
    expect(await seller.listing('CUP')).toMatchObject({ strayQuantity: null })
  })

  it('leaves no listing unread for more than a week', async () => {
    await stage.pass(minutes(6))
    await seller.sync()
    await seller.relist('CUP', { quantity: 30 })
    await stage.pass(days(7))
    await seller.sync()
    expect(await seller.offered()).toEqual({ CUP: 20 })
  })

  it('takes a sample of a hundred, the longest told first', async () => {
    const skus = Array.from({ length: 120 }, (_, index) => `S-${String(index).padStart(3, '0')}`)
    const other = await stage.sell(skus.map((sellerSku) => ({ sellerSku, quantity: 0 })))
    await other.map(skus.map((sku) => ({ sellerSku: sku, warehouseSku: sku })))
    await other.receive(skus.map((sku) => ({ sku, quantity: 5 })))
    await other.sync()
    await stage.pass(minutes(6))
    const confirmed = async (): Promise<number> =>
      (await stage.sql<{ n: number }>('SELECT count(*)::int AS n FROM listings WHERE connection_id = $1 AND read_at > pushed_at', other.connection.id))[0]!.n
    await other.sync()
    expect(await confirmed()).toBe(100)
    await other.sync()
    expect(await confirmed()).toBe(120)
  })
})
