import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  accountChecks,
  type AccountTest,
  type Channel,
  type ChannelAccount,
  ChannelError,
  type ChannelErrorKind,
  type Grant,
  type MarketplaceOrder,
  type OfferedListing,
  type OrderPage,
  type ShipmentConfirmation,
  type SubmissionState,
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
 * - `given-up`: a submission is taken, and comes to nothing.
 */
export type FaultKind =
  | 'throttle' | 'throttle-silently' | 'error' | 'reset' | 'reset-after' | 'truncated' | 'slow'
  | 'malformed-order' | 'malformed-answer' | 'expired' | 'revoked' | 'refused' | 'given-up'
export type FaultyOperation =
  | 'searchOrders' | 'getOrder' | 'confirmShipment' | 'setQuantity' | 'readListings' | 'submitQuantities' | 'readSubmission' | '*'

/** What an application may be allowed to do. */
export type Right = 'orders' | 'personalData' | 'listings' | 'marketplaces'

/** A seller of their own, who has authorized the application once and may do so again. */
export interface Newcomer {
  merchantId: string
  /** As they would copy it by hand. */
  token: string
  /** Opens a consent page and confirms, or not; answers what the marketplace adds to the redirect URL. */
  consent(url: string, confirms?: boolean): Promise<Record<string, string>>
  withdraw(right: Right): Promise<void>
  /** Ends whatever they authorized so far. */
  revoke(): Promise<void>
  /** Buyers order of them. */
  sell(): Promise<void>
}

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
  /** Sells on `sites.sold`, two sites of one region; not on `sites.unsold` of that region, nor on `sites.abroad` of another. */
  newcomer(): Promise<Newcomer>
  sites: { sold: [string, string]; unsold: string; abroad: string }
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

    async function searched(updatedFrom: Date, betweenPages?: (page: OrderPage, number: number) => Promise<void>, goOn: string | null = null): Promise<OrderPage[]> {
      const pages: OrderPage[] = []
      for await (const page of harness.channel.searchOrders(harness.account, { updatedFrom, goOn, signal: signal() })) {
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
        shipBy: order.shipBy,
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

      it('goes on with a search where another left it, within its window', async () => {
        const { from, numbers } = await created({ count: 230 })
        const whole = await searched(from)
        const { value: first } = await harness.channel.searchOrders(harness.account, { updatedFrom: from, signal: signal() })[Symbol.asyncIterator]().next() as { value: OrderPage }
        expect(first.next).toBeTypeOf('string')
        await harness.createOrders({})
        await shown()
        // Somebody who begins elsewhere goes on in the same window all the same.
        const rest = await searched(await harness.now(), undefined, first.next)
        expect(rest.length).toBe(whole.length - 1)
        expect(rest.at(-1)!.next).toBeNull()
        expect(new Set([first, ...rest].map((page) => page.windowTo.getTime())).size).toBe(1)
        expect(numbersOf([first, ...rest]).toSorted()).toEqual(numbers.toSorted())
      })

      it('begins with the first page where nothing is known of the place', async () => {
        const { from, numbers } = await created({ count: 3 })
        for (const goOn of ['', 'nowhere', '{}', 'null']) expect(numbersOf(await searched(from, undefined, goOn)).toSorted()).toEqual(numbers.toSorted())
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
      const unknown = 'no/such sku?&#'
      const listing = (quantity: number, sellerSku = harness.merchantSku): { sellerSku: string; quantity: number } => ({ sellerSku, quantity })
      const set = (quantity: number, sellerSku?: string): Promise<void> =>
        harness.channel.setQuantity(harness.account, listing(quantity, sellerSku), signal())
      const listed = (...skus: string[]): Promise<OfferedListing[]> => harness.channel.readListings(harness.account, skus, signal())
      const offered = async (): Promise<number | null> => (await listed(harness.merchantSku))[0]?.quantity ?? null

      const submit = (...listings: { sellerSku: string; quantity: number }[]): Promise<string> =>
        harness.channel.submitQuantities(harness.account, listings, signal())
      /** What became of a submission, and how often it was asked for. */
      async function worked(reference: string, ...skus: string[]): Promise<SubmissionState> {
        for (let times = 0; times < 30; times += 1) {
          const state = await harness.channel.readSubmission(harness.account, reference, signal(), skus)
          if (state.state !== 'PROCESSING') return state
          await harness.advance(10)
        }
        throw new Error('the submission was never worked through')
      }

      it('sets a quantity and reads it back, nought included', async () => {
        for (const quantity of [17, 0, 230]) {
          await set(quantity)
          expect(await offered()).toBe(quantity)
        }
      })

      it('reads any number of listings, each once: who ships, and how many', async () => {
        await set(12)
        const { merchantSku, marketplaceSku } = harness
        const strangers = Array.from({ length: 50 }, (_, place) => `STRANGER-${place}`)
        const found = await listed(merchantSku, ...strangers, unknown, 'A,B', marketplaceSku, merchantSku)
        expect(found.toSorted((one, other) => one.sellerSku.localeCompare(other.sellerSku))).toEqual(
          [
            { sellerSku: merchantSku, fulfilledBy: 'MERCHANT', quantity: 12 },
            { sellerSku: marketplaceSku, fulfilledBy: 'MARKETPLACE', quantity: null },
          ].toSorted((one, other) => one.sellerSku.localeCompare(other.sellerSku)),
        )
        expect(await listed()).toEqual([])
        expect(await listed(unknown)).toEqual([])
      })

      it.each<FaultKind>(['throttle', 'error', 'reset', 'truncated', 'expired'])('reads listings in spite of one %s', async (kind) => {
        await set(13)
        await harness.fault('readListings', kind, 1)
        expect(await offered()).toBe(13)
      })

      it('leaves out no listing of an answer that is none', async () => {
        await harness.fault('readListings', 'malformed-answer')
        expect((await failure(listed(harness.merchantSku))).kind).toBe('invalid-answer')
      })

      it('tells the reason of a refused quantity, and what to do', async () => {
        expect(await failure(set(1, 'NO-SUCH-SKU'))).toMatchObject({ kind: 'rejected', advice: { code: 'LISTING_NOT_FOUND' } })
        await harness.fault('setQuantity', 'refused', 1)
        const error = await failure(set(5))
        expect(error).toMatchObject({ kind: 'rejected', advice: { words: expect.stringMatching(/.{20}/) } })
        expect(error.message.length).toBeGreaterThan(20)
      })

      it('submits many quantities at one stroke, and tells which were refused', async () => {
        const { merchantSku } = harness
        expect(harness.channel.bulk.most).toBeGreaterThan(harness.channel.bulk.above)
        const reference = await submit(listing(77), listing(1, unknown))
        expect(await harness.channel.readSubmission(harness.account, reference, signal(), [merchantSku, unknown])).toEqual({ state: 'PROCESSING' })
        const state = await worked(reference, merchantSku, unknown)
        expect(state).toMatchObject({ state: 'DONE', refused: [{ sellerSku: unknown, message: expect.stringMatching(/.{20}/) }] })
        await shown()
        expect(await offered()).toBe(77)
      })

      it('tells a submission that came to nothing', async () => {
        await set(20)
        await harness.fault('submitQuantities', 'given-up', 1)
        const reference = await submit(listing(21))
        expect(await worked(reference, harness.merchantSku)).toMatchObject({ state: 'FAILED', message: expect.stringMatching(/.{10}/) })
        expect(await worked('no-such-submission', harness.merchantSku)).toMatchObject({ state: 'FAILED' })
        expect(await offered()).toBe(20)
      })

      it('may have submitted where the answer never came, and can submit again', async () => {
        await harness.fault('submitQuantities', 'reset-after', 1)
        expect(await failure(submit(listing(31)))).toMatchObject({ kind: 'unavailable', notSent: false })
        const reference = await submit(listing(31))
        expect(await worked(reference, harness.merchantSku)).toEqual({ state: 'DONE', refused: [] })
        await shown()
        expect(await offered()).toBe(31)
      })

      it.each<[FaultyOperation, FaultKind]>([
        ['submitQuantities', 'error'],
        ['submitQuantities', 'reset'],
        ['readSubmission', 'throttle'],
        ['readSubmission', 'truncated'],
      ])('gets over one fault of %s: %s', async (operation, kind) => {
        await harness.fault(operation, kind, 1)
        expect(await worked(await submit(listing(41)), harness.merchantSku)).toEqual({ state: 'DONE', refused: [] })
      })
    })

    describe('authorization', () => {
      const redirectUrl = 'http://127.0.0.1:4000/authorized?of=seller'
      const accountOf = (grant: Grant, marketplaceId = harness.sites.sold[0]): ChannelAccount =>
        ({ ...grant, connectionId: `trial of ${grant.merchantId}`, authorizationId: null, marketplaceId })
      const pageOf = (marketplaceId = harness.sites.sold[0], state = 'the state'): string => {
        const url = harness.channel.consentUrl(marketplaceId, { state, redirectUrl })
        if (url === null) throw new Error('the channel has no consent page')
        return url
      }
      const finish = (answer: Record<string, string>, to = redirectUrl): Promise<Grant> =>
        harness.channel.grantOfConsent(harness.sites.sold[0], answer, to, signal())
      const copied = (seller: Newcomer): Grant => harness.channel.grantOfCopy({ merchantId: ` ${seller.merchantId} `, token: `${seller.token}\n` })
      /** The test of an account, after making sure that it shows no secret. */
      async function tested(account: ChannelAccount): Promise<AccountTest> {
        const test = await harness.channel.testAccount(account, signal())
        for (const secret of [...harness.secrets, account.credentials]) expect(JSON.stringify(test)).not.toContain(secret)
        expect(test.checks.map((check) => check.name)).toEqual([...accountChecks])
        expect(test.checks.every((check) => check.message.length > 10)).toBe(true)
        return test
      }
      const failed = ({ checks }: AccountTest): string[] => checks.filter((check) => !check.passed).map((check) => check.name)

      it('goes by the consent page and back, and serves', async () => {
        const seller = await harness.newcomer()
        const answer = await seller.consent(pageOf(undefined, 'state/&=+'))
        expect(answer).toMatchObject({ of: 'seller', state: 'state/&=+' })
        const given = await finish(answer)
        expect(given.merchantId).toBe(seller.merchantId)
        expect(given.credentials).not.toContain(seller.token)
        expect(given.expiresAt === null || given.expiresAt.getTime() > Date.now()).toBe(true)
        const test = await tested(accountOf(given))
        expect(failed(test)).toEqual([])
        expect(test.marketplaceIds.toSorted()).toEqual(harness.sites.sold.toSorted())
        await expect(harness.channel.getOrder(accountOf(given), '999-9999999-9999999', signal())).resolves.toBeNull()
      })

      it('takes a consent once, within its time, and for the address that it was asked for', async () => {
        const seller = await harness.newcomer()
        const answer = await seller.consent(pageOf())
        await finish(answer)
        const another = await seller.consent(pageOf())
        const late = await seller.consent(pageOf())
        for (const refused of [finish(answer), finish(another, `${redirectUrl}2`), harness.advance(301).then(() => finish(late))]) {
          const error = await failure(refused)
          expect(error).toMatchObject({ kind: 'rejected', notSent: true })
          expect(error.message).toMatch(/again/)
        }
      })

      it('takes no refusal and nothing at all for a consent', async () => {
        const seller = await harness.newcomer()
        for (const answer of [{}, { state: 'the state' }, await seller.consent(pageOf(), false)]) {
          expect(await failure(finish(answer))).toMatchObject({ kind: 'rejected', notSent: true })
        }
      })

      it('goes by credentials copied by hand, on every site where the seller sells', async () => {
        const seller = await harness.newcomer()
        const given = copied(seller)
        expect(given.merchantId).toBe(seller.merchantId)
        for (const site of harness.sites.sold) {
          const test = await tested(accountOf(given, site))
          expect(failed(test)).toEqual([])
          expect(test.marketplaceIds.toSorted()).toEqual(harness.sites.sold.toSorted())
        }
      })

      it('looks at an order, where there is one', async () => {
        const seller = await harness.newcomer()
        const words = (test: AccountTest): string => test.checks.find((check) => check.name === 'PERSONAL_DATA_ROLE')!.message
        const before = words(await tested(accountOf(copied(seller))))
        await seller.sell()
        await shown()
        const test = await tested(accountOf(copied(seller)))
        expect(failed(test)).toEqual([])
        expect(words(test)).not.toBe(before)
      })

      it.each<[Right, string[]]>([
        ['orders', ['ORDERS_ROLE', 'PERSONAL_DATA_ROLE']],
        ['personalData', ['PERSONAL_DATA_ROLE']],
        ['listings', ['SELLER', 'LISTINGS_ROLE']],
        ['marketplaces', ['MARKETPLACE']],
      ])('finds that the right to %s is missing', async (right, expected) => {
        const seller = await harness.newcomer()
        await seller.sell()
        await shown()
        await seller.withdraw(right)
        expect(failed(await tested(accountOf(copied(seller))))).toEqual(expected)
      })

      it('finds a revoked authorization, and a token that is none', async () => {
        const seller = await harness.newcomer()
        const given = copied(seller)
        expect(failed(await tested(accountOf(given)))).toEqual([])
        await seller.revoke()
        for (const grant of [given, harness.channel.grantOfCopy({ merchantId: seller.merchantId, token: 'made up' })]) {
          const test = await tested(accountOf(grant))
          expect(failed(test)).toEqual([...accountChecks])
          expect(test.marketplaceIds).toEqual([])
        }
      })

      it('finds a site where the seller does not sell, in their region and beyond', async () => {
        const given = copied(await harness.newcomer())
        const unsold = await tested(accountOf(given, harness.sites.unsold))
        expect(failed(unsold)).toEqual(accountChecks.filter((name) => name !== 'TOKEN'))
        expect(unsold.marketplaceIds.toSorted()).toEqual(harness.sites.sold.toSorted())
        const abroad = await tested(accountOf(given, harness.sites.abroad))
        expect(failed(abroad)).toEqual(accountChecks.filter((name) => name !== 'TOKEN'))
        expect(abroad.marketplaceIds).toEqual([])
      })

      it('finds a Merchant ID of another account', async () => {
        const [seller, another] = [await harness.newcomer(), await harness.newcomer()]
        const test = await tested(accountOf({ ...copied(seller), merchantId: another.merchantId }))
        expect(failed(test)).toEqual(['SELLER', 'LISTINGS_ROLE'])
      })

      it('gets over a passing fault of the test, and throws where the marketplace is away', async () => {
        const given = copied(await harness.newcomer())
        await harness.fault('searchOrders', 'error', 2)
        expect(failed(await tested(accountOf(given)))).toEqual([])
        await harness.fault('*', 'reset')
        expect(await failure(harness.channel.testAccount(accountOf(given), signal()))).toMatchObject({ kind: 'unavailable' })
      })
    })

    describe('budgets', () => {
      it('counts the calls of a connection', async () => {
        const before = harness.channel.calls(harness.account.connectionId)
        await harness.channel.getOrder(harness.account, '999-9999999-9999999', signal())
        expect(harness.channel.calls(harness.account.connectionId)).toBe(before + 1)
        expect(harness.channel.calls('no such connection')).toBe(0)
      })

      it('makes one authorization wait for its own budget only, and says how long', async () => {
        const { numbers } = await created({})
        const ask = () => harness.channel.getOrder(harness.scarceAccount, '999-9999999-9999999', signal())
        const scarce = Array.from({ length: 100 }, () => failureOrNull(ask()))
        const startedAt = performance.now()
        await read(numbers[0]!)
        expect(performance.now() - startedAt).toBeLessThan(10_000) // behind the others' budget it would be minutes
        const refused = (await Promise.all(scarce)).filter((error) => error !== null)
        expect(refused.length).toBeGreaterThan(0)
        for (const error of refused) {
          expect(error).toMatchObject({ kind: 'throttled', notSent: true, httpStatus: null })
          expect(error.retryAfterMs).toBeGreaterThan(0)
        }
        const sharing = { ...harness.scarceAccount, connectionId: 'another of the same seller' }
        // A few calls come back with the seconds that pass; with a budget of its own it would have all of them.
        const theirs = await Promise.all(Array.from({ length: 10 }, () => failureOrNull(harness.channel.getOrder(sharing, '999-9999999-9999999', signal()))))
        expect(theirs.filter((error) => error !== null).map(({ kind }) => kind)).toContain('throttled')
      })
      const failureOrNull = async (call: Promise<unknown>): Promise<ChannelError | null> => {
        const ended = await Promise.allSettled([call])
        return ended[0].status === 'fulfilled' ? null : failure(Promise.reject(ended[0].reason))
      }
    })
  })
}
