import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cadences, failureOf } from '../../src/app/jobs.ts'
import { Sealer } from '../../src/auth/seal.ts'
import { saveAuthorization } from '../../src/connections/authorizations.ts'
import { type Tx, transaction } from '../../src/db/transaction.ts'
import { fence } from '../../src/jobs/cadences.ts'
import { minutes } from '../../src/kit/clock.ts'
import type { Channel } from '../../src/marketplaces/channel.ts'
import { Channels } from '../../src/marketplaces/registry.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { AN_HOUR, createSyncStage, type Sync, type SyncStage } from './sync-stage.ts'

describe('many quantities at one stroke', () => {
  const skus = ['A', 'B', 'C', 'D', 'E', 'F', 'G']
  const many: Partial<Channel> = { bulk: { above: 2, most: 3 } }
  let stage: SyncStage
  let seller: Sync
  beforeAll(async () => {
    stage = await createSyncStage()
    await stage.control('POST', '/feeds', { queueSeconds: 60, processingSeconds: 60 })
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    seller = await stage.sell(skus.map((sellerSku) => ({ sellerSku, quantity: 1 })))
    await seller.map(skus.map((sku) => ({ sellerSku: sku, warehouseSku: sku })))
    await seller.receive(skus.map((sku) => ({ sku, quantity: 10 })))
  })

  const feeds = async (): Promise<string[]> => {
    const found = await stage.control<{ feeds: { processingStatus: string }[] }>('GET', `/feeds?sellerId=${seller.account.merchantId}`)
    return found.feeds.map(({ processingStatus }) => processingStatus)
  }
  const pushed = async (): Promise<(number | null)[]> => Object.values(await seller.shown()).map(({ pushedQuantity }) => pushedQuantity)

  it('are submitted in as few as hold them, and taken once the marketplace says so', async () => {
    const { nextAt, failure } = await seller.sync(many)
    expect(failure).toBeNull()
    expect(nextAt!.getTime() - stage.now().getTime()).toBeGreaterThan(minutes(0.9))
    expect(nextAt!.getTime() - stage.now().getTime()).toBeLessThanOrEqual(minutes(1))
    expect(await seller.submissions()).toHaveLength(3)
    expect(new Set(await pushed())).toEqual(new Set([null]))
    expect(await seller.receipt()).toEqual({ sent: 7, accepted: 0, rejected: 0 })

    await seller.receive([{ sku: 'A', quantity: 5 }])
    await seller.sync(many)
    expect(await feeds()).toHaveLength(3)
    expect(await seller.calls('patchListingsItem')).toEqual([])

    await stage.pass(minutes(3))
    expect(await seller.sync(many)).toEqual({ nextAt: null, failure: null })
    expect(await seller.submissions()).toEqual([])
    expect(await seller.receipt()).toEqual({ sent: 8, accepted: 7, rejected: 0 })
    expect(await seller.events()).toHaveLength(8)
    expect(await seller.calls('patchListingsItem')).toEqual(['A'])
    expect(await seller.offered()).toEqual({ A: 15, B: 10, C: 10, D: 10, E: 10, F: 10, G: 10 })
    expect(await pushed()).toEqual([15, 10, 10, 10, 10, 10, 10])
  })

  it('are told one by one where they are few', async () => {
    await seller.sync({ bulk: { above: 7, most: 3 } })
    expect(await feeds()).toEqual([])
    expect(await seller.calls('patchListingsItem')).toEqual(skus)
  })

  it('may be refused one by one: those are rejected, the others taken, and none is submitted again at once', async () => {
    await seller.relist('B', { refusal: { code: '90220', message: 'No.' } })
    await seller.relist('C', { refusal: { code: '90220', message: 'No.' } })
    await seller.relist('D', { refusal: { code: '90220', message: 'No.' } })
    await seller.sync(many)
    await stage.pass(minutes(3))
    expect(await seller.sync(many)).toEqual({ nextAt: null, failure: null })
    expect(await seller.receipt()).toEqual({ sent: 7, accepted: 4, rejected: 3 })
    const refused = { status: 'REJECTED', pushedQuantity: null, message: expect.stringContaining('No.') }
    expect(await seller.shown()).toMatchObject({ A: { status: 'IN_STEP' }, B: refused, D: refused })
    expect((await seller.events()).filter((type) => type === 'INVENTORY_REJECTED')).toHaveLength(3)
    expect(await feeds()).toHaveLength(3)
    await stage.pass(AN_HOUR)
    await seller.sync(many)
    await stage.pass(minutes(3))
    await seller.sync(many)
    expect(await seller.receipt()).toMatchObject({ rejected: 6 })
    expect((await seller.events()).filter((type) => type === 'INVENTORY_REJECTED')).toHaveLength(3)
  })

  it('that take long hold nothing back that has changed since, and what it told late is set right', async () => {
    await stage.control('POST', '/feeds', { queueSeconds: 7200, processingSeconds: 60 })
    await seller.sync(many)
    await stage.control('POST', '/feeds', { queueSeconds: 60, processingSeconds: 60 })
    expect(await feeds()).toEqual(['IN_QUEUE', 'IN_QUEUE', 'IN_QUEUE'])
    await seller.receive([{ sku: 'A', quantity: 5 }])
    await stage.pass(minutes(29))
    await seller.sync(many)
    expect(await seller.calls('patchListingsItem')).toEqual([])
    await stage.pass(minutes(2))
    await seller.sync(many)
    expect(await seller.calls('patchListingsItem')).toEqual(['A'])
    expect(await seller.offered()).toMatchObject({ A: 15, B: 1 })
    await seller.sync(many)
    expect(await seller.calls('patchListingsItem')).toEqual(['A'])

    // The submission comes through with its old number at last.
    await stage.pass(minutes(100))
    expect(await seller.offered()).toMatchObject({ A: 10, B: 10 })
    expect(await seller.sync(many)).toEqual({ nextAt: null, failure: null })
    expect(await seller.submissions()).toEqual([])
    expect(await seller.calls('patchListingsItem')).toEqual(['A', 'A'])
    expect(await seller.offered()).toEqual({ A: 15, B: 10, C: 10, D: 10, E: 10, F: 10, G: 10 })
    expect(await pushed()).toEqual([15, 10, 10, 10, 10, 10, 10])
  })

  it('that fail as a whole are an error of the run; a few are told singly, the rest submitted by the next one', async () => {
    await seller.fault({ operation: 'createFeed', kind: 'fatal', times: 1 })
    await seller.sync({ bulk: { above: 2, most: 100 } })
    await stage.pass(minutes(3))
    const { nextAt, failure } = await seller.sync({ bulk: { above: 2, most: 100 } })
    expect(nextAt).toBeNull()
    expect(failure).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/submission \d+ failed: /) })
    expect(await feeds()).toEqual(['FATAL'])
    expect(await seller.calls('patchListingsItem')).toEqual(['A', 'B'])
    expect(await seller.shown()).toMatchObject({ A: { status: 'IN_STEP', message: null }, C: { status: 'NEVER_PUSHED', message: expect.stringContaining('failed') } })
    await stage.pass(AN_HOUR)
    await seller.sync({ bulk: { above: 2, most: 100 } })
    await stage.pass(minutes(3))
    await seller.sync({ bulk: { above: 2, most: 100 } })
    expect(new Set(Object.values(await seller.offered()))).toEqual(new Set([10]))
    expect(await seller.shown()).toMatchObject({ C: { status: 'IN_STEP', message: null } })
  })

  it('that the marketplace will not take at all are told singly, a few each run', async () => {
    const { submitQuantities } = stage.channel
    const refusing: Partial<Channel> = {
      bulk: { above: 2, most: 100 },
      submitQuantities: (account, listings, signal) => submitQuantities({ ...account, marketplaceId: 'nowhere' }, listings, signal),
    }
    expect(await seller.sync(refusing)).toMatchObject({ nextAt: null, failure: { kind: 'rejected' } })
    await seller.sync(refusing)
    expect(await seller.calls('patchListingsItem')).toEqual(['A', 'B', 'C', 'D'])
  })

  it('are given up when the marketplace says nothing of them for hours', async () => {
    await seller.fault({ operation: 'createFeed', kind: 'late', delaySeconds: 90_000, times: 1 })
    await seller.sync({ bulk: { above: 2, most: 100 } })
    await stage.pass(minutes(5 * 60))
    expect(await seller.sync(many)).toMatchObject({ nextAt: expect.any(Date), failure: null })
    expect(await seller.calls('patchListingsItem')).toEqual([])
    await stage.pass(minutes(61))
    expect(await seller.sync(many)).toMatchObject({ failure: { message: expect.stringContaining('did not say in hours') } })
    expect(await seller.submissions()).toEqual([])
    expect(await seller.calls('patchListingsItem')).toEqual(['A', 'B'])
  })

  it('whose report cannot be read are asked for again, and hold up nothing else', async () => {
    await seller.sync({ bulk: { above: 2, most: 100 } })
    await stage.pass(minutes(3))
    await seller.map([{ sellerSku: 'H', warehouseSku: 'A' }])
    await stage.control('POST', `/sellers/${seller.account.merchantId}/listings`, { sellerSku: 'H', quantity: 0 })
    await seller.fault({ operation: 'getFeed', kind: 'malformed', part: 'answer', times: 1 })
    expect(await seller.sync(many)).toMatchObject({ nextAt: expect.any(Date), failure: null })
    expect(await seller.calls('patchListingsItem')).toEqual(['H'])
    expect(await seller.submissions()).toHaveLength(1)
    expect(await seller.sync(many)).toEqual({ nextAt: null, failure: null })
    expect(await seller.receipt()).toEqual({ sent: 8, accepted: 7, rejected: 0 })
  })

  it('survive their worker: another settles them, and the first one records nothing more', async () => {
    await seller.sync(many)
    await stage.pass(minutes(3))
    const successor = await seller.claimRun()
    await expect(seller.sync(many)).rejects.toThrow('held by another worker')
    expect(await seller.submissions()).toHaveLength(3)
    expect(await seller.sync(many, successor)).toEqual({ nextAt: null, failure: null })
    expect(await pushed()).toEqual(skus.map(() => 10))
    expect(await seller.receipt()).toEqual({ sent: 7, accepted: 7, rejected: 0 })
  })

  it('are submitted a second time where the worker died before it could note the first', async () => {
    const { submitQuantities } = stage.channel
    const dying: Partial<Channel> = {
      bulk: { above: 2, most: 100 },
      async submitQuantities(...call) {
        await submitQuantities(...call)
        throw new Error('killed')
      },
    }
    await expect(seller.sync(dying)).rejects.toThrow('killed')
    expect([await feeds(), await seller.submissions()]).toMatchObject([['IN_QUEUE'], []])
    const successor = await seller.claimRun()
    await seller.receive([{ sku: 'A', quantity: 1 }])
    await seller.sync({ bulk: { above: 2, most: 100 } }, successor)
    await stage.pass(minutes(3))
    await seller.sync({ bulk: { above: 2, most: 100 } }, successor)
    expect(await feeds()).toEqual(['DONE', 'DONE'])
    expect(await seller.offered()).toMatchObject({ A: 11, B: 10, G: 10 })
    expect(await pushed()).toEqual([11, ...skus.slice(1).map(() => 10)])
    expect(await seller.receipt()).toEqual({ sent: 7, accepted: 7, rejected: 0 })
  })
})

describe('the cadence', () => {
  it('comes back to what is submitted, and fails where that failed, though it told the rest', async () => {
    const stage = await createSyncStage()
    try {
      const seller = await stage.sell([{ sellerSku: 'A', quantity: 1 }, { sellerSku: 'B', quantity: 1 }])
      await seller.map([{ sellerSku: 'A', warehouseSku: 'A' }, { sellerSku: 'B', warehouseSku: 'A' }])
      await seller.receive([{ sku: 'A', quantity: 10 }])
      const sealer = new Sealer([randomBytes(32)])
      const { merchantId, credentials } = seller.account
      await transaction(stage.scope.db.pool, (tx) => saveAuthorization(tx, sealer, seller.connection, { merchantId, credentials, expiresAt: null }))
      const channels = new Channels([{ ...stage.channel, bulk: { above: 1, most: 100 } }])
      const sync = cadences({ channels, carriers: builtIn.carriers, sealer, metrics: new Metrics() }).find(({ kind }) => kind === 'SYNC_INVENTORY')!
      const context = { scope: stage.scope, claim: seller.claim, fence: (tx: Tx) => fence(tx, seller.claim), signal: new AbortController().signal }
      await seller.fault({ operation: 'createFeed', kind: 'fatal', times: 1 })

      await sync.run(context)
      const { dueIn } = (await stage.cadences(seller.connection.id)).SYNC_INVENTORY
      expect(dueIn).toBeGreaterThan(30)
      expect(dueIn).toBeLessThan(90)
      await stage.pass(minutes(3))
      const failure = await sync.run(context).catch((error: unknown) => failureOf(error))
      expect(failure).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('failed'), retryInSeconds: null })
      expect(await seller.offered()).toEqual({ A: 10, B: 1 })
    } finally {
      await stage.close()
    }
  })
})

describe('thousands', () => {
  it('are asked for, submitted and settled set by set', async () => {
    const stage = await createSyncStage()
    try {
      const skus = Array.from({ length: 2000 }, (_, index) => `SKU-${index}`)
      const seller = await stage.sell(skus.map((sellerSku) => ({ sellerSku, quantity: 0 })))
      await seller.map(skus.map((sku) => ({ sellerSku: sku, warehouseSku: sku })))
      await seller.receive(skus.map((sku, index) => ({ sku, quantity: 1 + index })))
      await seller.sync()
      expect(await seller.submissions()).toHaveLength(1)
      await stage.pass(minutes(3))
      let trips = 0
      stage.scope.db.pool.on('acquire', () => trips++)
      await seller.sync()
      expect(trips).toBeLessThan(30)
      expect(await seller.calls('patchListingsItem')).toEqual([])
      expect(await seller.receipt()).toEqual({ sent: 2000, accepted: 2000, rejected: 0 })
      expect(await seller.events()).toHaveLength(2000)
      expect(Object.values(await seller.offered())).toEqual(skus.map((_, index) => 1 + index))
    } finally {
      await stage.close()
    }
  })
})
