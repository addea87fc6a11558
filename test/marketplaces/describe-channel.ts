import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type Channel,
  type ChannelAccount,
  ChannelError,
  type ChannelErrorKind,
  type MarketplaceOrder,
  type OrderPage,
  type ShipmentConfirmation,
} from '../../src/marketplaces/channel.ts'

export interface NewOrders {
  count?: number
  status?: 'PENDING' | 'UNSHIPPED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'CANCELLED'
  fulfilledBy?: 'MERCHANT' | 'MARKETPLACE'
  items?: { sellerSku: string | null; quantity: number; unitPrice: string }[]
}

/**
 * - `throttle`: refused as over budget, with and `throttle-silently` without a word on how long; `error`: 5xx;
 *   `reset`: cut before any work; `reset-after`: cut when the work is done; `truncated`: half an answer; `slow`: ten seconds late.
 * - `malformed-order`: one order of the answer is none; `malformed-answer`: the answer is none.
 * - `expired`: a token is refused before its time; `revoked`: the authorization is no more; `refused`: the write is refused with a reason.
 */
export type FaultKind =
  | 'throttle' | 'throttle-silently' | 'error' | 'reset' | 'reset-after' | 'truncated' | 'slow'
  | 'malformed-order' | 'malformed-answer' | 'expired' | 'revoked' | 'refused'
export type FaultyOperation = 'searchOrders' | 'getOrder' | 'confirmShipment' | 'setQuantity' | 'getQuantity' | '*'

/** A marketplace that does as it is told. Its clock runs and can be advanced; it shows changes at the latest `showsAfterSeconds` later. */
export interface ChannelHarness {
  channel: Channel
  /** Of a seller with a budget that no test uses up. */
  account: ChannelAccount
  /** Of another seller, with a budget that a hundred calls of getOrder at once use up. */
  scarceAccount: ChannelAccount
  /** Texts that no error may show. */
  secrets: string[]
  /** A listing that the merchant ships, and one that the marketplace ships. */
  merchantSku: string
  marketplaceSku: string
  showsAfterSeconds: number
  /** How often the channel tries before it gives up. */
  attempts: number
  createOrders(orders: NewOrders): Promise<string[]>
  patchOrder(number: string, change: { status?: 'UNSHIPPED' | 'CANCELLED'; cancelRequest?: string }): Promise<void>
  /** Every confirmation that reached the marketplace, in order. */
  confirmations(number: string): Promise<{ reference: string; accepted: boolean }[]>
  now(): Promise<Date>
  advance(seconds: number): Promise<void>
  fault(operation: FaultyOperation, kind: FaultKind, times?: number): Promise<void>
  clearFaults(): Promise<void>
  stop(): Promise<void>
}

/** What every channel must do, whatever its protocol. */
export function describeChannel(name: string, start: () => Promise<ChannelHarness>): void {
  describe(`channel ${name}`, () => {
    let harness: ChannelHarness
    const signal = (): AbortSignal => AbortSignal.timeout(25_000)

    beforeAll(async () => {
      harness = await start()
    })
    afterEach(async () => harness.clearFaults())
    afterAll(async () => harness.stop())

    /** Creates orders, lets them become visible, and answers from when they are found. */
    async function created(...batches: NewOrders[]): Promise<{ from: Date; numbers: string[] }> {
      await harness.advance(5)
      const from = await harness.now()
      const numbers: string[] = []
      for (const batch of batches) numbers.push(...(await harness.createOrders(batch)))
      await shown()
      return { from, numbers }
    }
    const shown = (): Promise<void> => harness.advance(harness.showsAfterSeconds + 5)

    async function searched(updatedFrom: Date, betweenPages?: (page: OrderPage, number: number) => Promise<void>): Promise<OrderPage[]> {
      const pages: OrderPage[] = []
      for await (const page of harness.channel.searchOrders(harness.account, { updatedFrom, signal: signal() })) {
        pages.push(page)
        await betweenPages?.(page, pages.length)
      }
      return pages
    }
    const found = (pages: OrderPage[]): MarketplaceOrder[] => pages.flatMap((page) => page.orders.flatMap((one) => one.order ?? []))
    const numbersOf = (pages: OrderPage[]): string[] => found(pages).map((order) => order.number)

    async function read(number: string): Promise<MarketplaceOrder> {
      const one = await harness.channel.getOrder(harness.account, number, signal())
      if (one?.order == null) throw new Error(`order ${number} cannot be read`)
      return one.order
    }

    /** The error of a call that must fail, after making sure that it shows no secret, however deep one looks. */
    async function failure(call: Promise<unknown>): Promise<ChannelError> {
      const error: unknown = await call.then(() => null, (reason: unknown) => reason)
      expect(error).toBeInstanceOf(ChannelError)
      const seen = `${inspect(error, { depth: Infinity, showHidden: true })} ${JSON.stringify(error)} ${String(error)}`
      for (const secret of harness.secrets) expect(seen).not.toContain(secret)
      expect((error as ChannelError).cause).toBeUndefined()
      return error as ChannelError
    }

    async function confirmationOf(number: string, changes: Partial<ShipmentConfirmation> = {}): Promise<ShipmentConfirmation> {
      const order = await read(number)
      return {
        orderNumber: number,
        packageReference: '1',
        carrier: 'UPS',
        carrierCode: harness.channel.carrierCode('UPS'),
        service: 'Ground',
        trackingNumber: '1Z999AA10123456784',
        shippedAt: await harness.now(),
        lines: order.lines.map(({ itemId, quantity }) => ({ itemId, quantity })),
        ...changes,
      }
    }
    const confirm = (confirmation: ShipmentConfirmation): Promise<void> =>
      harness.channel.confirmShipment(harness.account, confirmation, signal())
    const oneLine = (quantity: number): NewOrders => ({ items: [{ sellerSku: harness.merchantSku, quantity, unitPrice: '12.50' }] })

    describe('orders', () => {
      it('finds orders of every state and whoever ships them, each once, with what they bear', async () => {
        const { from, numbers } = await created(
          { status: 'UNSHIPPED', items: [{ sellerSku: harness.merchantSku, quantity: 3, unitPrice: '12.50' }] },
          { status: 'PENDING' },
          { status: 'CANCELLED' },
          { status: 'SHIPPED' },
          { status: 'UNSHIPPED', fulfilledBy: 'MARKETPLACE' },
          { status: 'UNSHIPPED', items: [{ sellerSku: null, quantity: 1, unitPrice: '5.00' }] },
        )
        const pages = await searched(from)
        expect(numbersOf(pages).toSorted()).toEqual(numbers.toSorted())
        const byNumber = new Map(found(pages).map((order) => [order.number, order]))
        const [paid, pending, cancelled, shipped, marketplaces, skuless] = numbers.map((number) => byNumber.get(number)!)
        expect(paid).toMatchObject({ status: 'UNSHIPPED', fulfilledBy: 'MERCHANT', cancelRequested: false, packages: [] })
        expect(paid!.lines).toMatchObject([{ sellerSku: harness.merchantSku, quantity: 3, quantityShipped: 0, quantityCancelled: 0 }])
        expect(Number(paid!.lines[0]!.unitPrice)).toBe(12.5)
        expect(paid!.currencyCode).toMatch(/^[A-Z]{3}$/)
        expect(paid!.shipTo?.line1).toBeTruthy()
        expect(paid!.shipBy).toBeInstanceOf(Date)
        expect(paid!.purchasedAt.getTime()).toBeGreaterThanOrEqual(from.getTime() - 1000)
        expect(pending).toMatchObject({ status: 'PENDING' })
        expect(pending!.lines.every((line) => line.quantityCancelled === 0)).toBe(true)
        expect(cancelled).toMatchObject({ status: 'CANCELLED' })
        expect(cancelled!.lines.every((line) => line.quantityCancelled === line.quantity)).toBe(true)
        expect(shipped).toMatchObject({ status: 'SHIPPED' })
        expect(shipped!.lines.every((line) => line.quantityShipped === line.quantity)).toBe(true)
        expect(marketplaces).toMatchObject({ fulfilledBy: 'MARKETPLACE' })
        expect(skuless!.lines).toMatchObject([{ sellerSku: null }])
      })

      it('shows what is too young in a later window, so that none falls between', async () => {
        await harness.advance(5)
        const from = await harness.now()
        const [number] = await harness.createOrders({})
        const early = await searched(from)
        expect(numbersOf(early)).not.toContain(number)
        await shown()
        expect(numbersOf(await searched(early[0]!.windowTo))).toContain(number)
      })

      it('reads many pages of one window while an order changes: none doubled, none lost between two windows', async () => {
        const { from, numbers } = await created({ count: 230 })
        const changed = numbers.at(-1)!
        const pages = await searched(from, async (_page, number) => {
          if (number === 1) await harness.patchOrder(changed, { cancelRequest: 'Ordered by mistake' })
        })
        expect(pages.length).toBeGreaterThan(1)
        expect(new Set(pages.map((page) => page.windowTo.getTime())).size).toBe(1)
        const first = numbersOf(pages)
        expect(new Set(first).size).toBe(first.length)
        await shown()
        const second = found(await searched(pages[0]!.windowTo))
        const asked = second.find((order) => order.number === changed)
        expect(asked).toMatchObject({ cancelRequested: true, cancelReason: 'Ordered by mistake' })
        expect([...new Set([...first, ...second.map((order) => order.number)])].toSorted()).toEqual(numbers.toSorted())
      })

      it('sees a pending order paid and a paid one cancelled', async () => {
        const { numbers } = await created({ status: 'PENDING' }, { status: 'UNSHIPPED' })
        const from = await harness.now()
        await harness.patchOrder(numbers[0]!, { status: 'UNSHIPPED' })
        await harness.patchOrder(numbers[1]!, { status: 'CANCELLED' })
        await shown()
        const states = new Map(found(await searched(from)).map((order) => [order.number, order.status]))
        expect(states).toEqual(new Map([[numbers[0], 'UNSHIPPED'], [numbers[1], 'CANCELLED']]))
      })

      it('sets apart an order that cannot be read, and reads the others', async () => {
        const { from, numbers } = await created({ count: 5 })
        await harness.fault('searchOrders', 'malformed-order', 1)
        const pages = await searched(from)
        const unread = pages.flatMap((page) => page.orders.filter((one) => one.order === null))
        expect(numbersOf(pages)).toHaveLength(4)
        expect(unread).toHaveLength(1)
        const some = expect.stringMatching(/./)
        expect(unread[0]).toMatchObject({ number: some, problem: some, recorded: expect.stringMatching(/^\{/) })
        await harness.clearFaults()
        expect(numbersOf(await searched(from)).toSorted()).toEqual(numbers.toSorted())
      })

      it('reads an order again from what was recorded of it, and never throws at what is none', async () => {
        const { from } = await created({})
        const [one] = (await searched(from))[0]!.orders
        const { number } = one!.order!
        expect(harness.channel.readRecorded(harness.account, number, one!.recorded)).toEqual(one)
        for (const recorded of ['', '{', 'null', '[]', '{"order":{}}', '7']) {
          expect(harness.channel.readRecorded(harness.account, number, recorded)).toMatchObject({ order: null, number, recorded })
        }
      })

      it('answers null for a number that the marketplace does not know', async () => {
        expect(await harness.channel.getOrder(harness.account, '999-9999999-9999999', signal())).toBeNull()
        expect(await harness.channel.getOrder(harness.account, '../no number', signal())).toBeNull()
      })
    })

    describe('faults', () => {
      const passing: FaultKind[] = ['throttle', 'throttle-silently', 'error', 'reset', 'truncated', 'expired']
      it.each(passing)('gets over two of %s', async (kind) => {
        const { from, numbers } = await created({ count: 2 })
        await searched(from)
        await harness.fault('searchOrders', kind, kind === 'expired' ? 1 : 2)
        expect(numbersOf(await searched(from)).toSorted()).toEqual(numbers.toSorted())
      })

      it.each<[FaultKind, ChannelErrorKind]>([
        ['throttle', 'throttled'],
        ['error', 'unavailable'],
        ['reset', 'unavailable'],
        ['malformed-answer', 'invalid-answer'],
        ['expired', 'unauthorized'],
      ])('gives up on lasting %s as %s', async (kind, expected) => {
        const { from } = await created({})
        await harness.fault('searchOrders', kind)
        const error = await failure(searched(from))
        expect(error.kind).toBe(expected)
        if (expected === 'throttled') expect(error.retryAfterMs).toBeGreaterThan(0)
      })

      it('tells a revoked authorization, and works again once it is restored', async () => {
        const { from, numbers } = await created({})
        await harness.fault('*', 'revoked')
        expect(await failure(searched(from))).toMatchObject({ kind: 'unauthorized', notSent: true })
        await harness.clearFaults()
        expect(numbersOf(await searched(from))).toEqual(numbers)
      })

      it('ends at once when it is told to', async () => {
        const { numbers } = await created({})
        await harness.fault('getOrder', 'slow')
        const startedAt = performance.now()
        const error = await failure(harness.channel.getOrder(harness.account, numbers[0]!, AbortSignal.timeout(100)))
        expect(error.kind).toBe('cancelled')
        expect(performance.now() - startedAt).toBeLessThan(3000)
      })
    })

    describe('shipments', () => {
      it('confirms a package, which can be read back; the same reference again edits it', async () => {
        const { numbers } = await created(oneLine(3))
        const number = numbers[0]!
        const confirmation = await confirmationOf(number)
        const [line] = confirmation.lines
        await confirm({ ...confirmation, lines: [{ ...line!, quantity: 1 }] })
        expect(await read(number)).toMatchObject({
          status: 'PARTIALLY_SHIPPED',
          lines: [{ quantityShipped: 1 }],
          packages: [{ reference: '1', carrierCode: confirmation.carrierCode, trackingNumber: '1Z999AA10123456784' }],
        })
        await confirm({ ...confirmation, trackingNumber: '1Z999AA10123456785', lines: [{ ...line!, quantity: 1 }] })
        expect((await read(number)).packages).toMatchObject([{ reference: '1', trackingNumber: '1Z999AA10123456785' }])
        await confirm({ ...confirmation, packageReference: '2', lines: [{ ...line!, quantity: 2 }] })
        const shipped = await read(number)
        expect(shipped).toMatchObject({ status: 'SHIPPED', lines: [{ quantityShipped: 3 }] })
        expect(shipped.packages.map((one) => one.reference).toSorted()).toEqual(['1', '2'])
      })

      it('names a carrier that the marketplace does not list', async () => {
        expect(harness.channel.carrierCode('NO_SUCH_CARRIER')).toBe('Other')
        const { numbers } = await created(oneLine(1))
        await confirm(await confirmationOf(numbers[0]!, { carrier: 'Pigeon Post', carrierCode: 'Other' }))
        expect((await read(numbers[0]!)).packages).toHaveLength(1)
      })

      it('tells the reason of a refusal, and does not try again', async () => {
        const { numbers } = await created(oneLine(1))
        const confirmation = await confirmationOf(numbers[0]!)
        const tooMany = { ...confirmation, lines: [{ ...confirmation.lines[0]!, quantity: 2 }] }
        const error = await failure(confirm(tooMany))
        expect(error).toMatchObject({ kind: 'rejected', notSent: true })
        expect(error.message.length).toBeGreaterThan(20)
        expect(await harness.confirmations(numbers[0]!)).toEqual([{ reference: '1', accepted: false }])
        expect((await read(numbers[0]!)).packages).toEqual([])
      })

      it('is uncertain where the answer never came, and the package is there once', async () => {
        const { numbers } = await created(oneLine(2))
        const confirmation = await confirmationOf(numbers[0]!)
        await harness.fault('confirmShipment', 'reset-after', harness.attempts)
        expect(await failure(confirm(confirmation))).toMatchObject({ kind: 'unavailable', notSent: false })
        expect(await read(numbers[0]!)).toMatchObject({ status: 'SHIPPED', packages: [{ reference: '1' }] })
        await confirm(confirmation)
        expect((await read(numbers[0]!)).packages).toHaveLength(1)
      })

      it('stays uncertain where a try was cut and the next one refused', async () => {
        const { numbers } = await created(oneLine(1))
        const confirmation = await confirmationOf(numbers[0]!)
        await harness.fault('confirmShipment', 'reset', 1)
        const error = await failure(confirm({ ...confirmation, lines: [{ ...confirmation.lines[0]!, quantity: 5 }] }))
        expect(error).toMatchObject({ kind: 'rejected', notSent: false })
      })

      it('gets over a cut connection by itself, without a second package', async () => {
        const { numbers } = await created(oneLine(2))
        await harness.fault('confirmShipment', 'reset-after', 1)
        await confirm(await confirmationOf(numbers[0]!))
        expect(await harness.confirmations(numbers[0]!)).toHaveLength(2)
        expect((await read(numbers[0]!)).packages).toHaveLength(1)
      })
    })

    describe('stock', () => {
      const listing = (quantity: number): { sellerSku: string; quantity: number } => ({ sellerSku: harness.merchantSku, quantity })
      const offered = (sellerSku: string): Promise<number | null> => harness.channel.getQuantity(harness.account, sellerSku, signal())

      it('sets a quantity and reads it back, nought included', async () => {
        for (const quantity of [17, 0, 230]) {
          await harness.channel.setQuantity(harness.account, listing(quantity), signal())
          expect(await offered(harness.merchantSku)).toBe(quantity)
        }
      })

      it('offers nothing of its own where the marketplace ships or the SKU is unknown', async () => {
        expect(await offered(harness.marketplaceSku)).toBeNull()
        expect(await offered('no/such sku?&#')).toBeNull()
      })

      it('tells the reason of a refused quantity', async () => {
        const unknown = harness.channel.setQuantity(harness.account, { sellerSku: 'NO-SUCH-SKU', quantity: 1 }, signal())
        expect((await failure(unknown)).kind).toBe('rejected')
        await harness.fault('setQuantity', 'refused', 1)
        const error = await failure(harness.channel.setQuantity(harness.account, listing(5), signal()))
        expect(error.kind).toBe('rejected')
        expect(error.message.length).toBeGreaterThan(20)
      })
    })

    describe('budgets', () => {
      it('counts the calls of a connection', async () => {
        const before = harness.channel.calls(harness.account.connectionId)
        await harness.channel.getQuantity(harness.account, harness.merchantSku, signal())
        expect(harness.channel.calls(harness.account.connectionId)).toBe(before + 1)
        expect(harness.channel.calls('no such connection')).toBe(0)
        expect(harness.channel.quotas('no such connection')).toEqual([])
      })

      it('makes one connection wait for its own budget only, and says how long', async () => {
        const { numbers } = await created({})
        const ask = () => harness.channel.getOrder(harness.scarceAccount, '999-9999999-9999999', signal())
        const scarce = Array.from({ length: 100 }, () => failureOrNull(ask()))
        const startedAt = performance.now()
        await read(numbers[0]!)
        expect(performance.now() - startedAt).toBeLessThan(2000)
        const refused = (await Promise.all(scarce)).filter((error) => error !== null)
        expect(refused.length).toBeGreaterThan(0)
        for (const error of refused) {
          expect(error).toMatchObject({ kind: 'throttled', notSent: true, httpStatus: null })
          expect(error.retryAfterMs).toBeGreaterThan(0)
        }
        const readings = harness.channel.quotas(harness.scarceAccount.connectionId)
        expect(readings.some((reading) => reading.available < 2 && reading.ratePerSecond > 0 && reading.burst > 0)).toBe(true)
      })
      const failureOrNull = async (call: Promise<unknown>): Promise<ChannelError | null> => {
        const ended = await Promise.allSettled([call])
        return ended[0].status === 'fulfilled' ? null : failure(Promise.reject(ended[0].reason))
      }
    })
  })
}
