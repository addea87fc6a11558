import { gzipSync } from 'node:zlib'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { Documents } from '../../src/marketplaces/amazon/documents.ts'
import { bulk, quantityFeed } from '../../src/marketplaces/amazon/feeds.ts'
import { ChannelError, type MarketplaceRegion, type OfferedListing, type SubmissionState } from '../../src/marketplaces/channel.ts'
import { createLog } from '../../src/observability/log.ts'
import { type Asked, json, type Reply, type Script, type ScriptedAmazon, scriptedAmazon } from './scripted-amazon.ts'

const signal = new AbortController().signal
let amazon: ScriptedAmazon
afterEach(() => amazon.stop())

async function failure(call: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await call.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(ChannelError)
  return error as ChannelError
}
const refusal = (status: number, message: string, code = 'InvalidInput'): Reply => json({ errors: [{ code, message }] }, status)
const asked = (method: string, path: string): Asked[] =>
  amazon.asked.filter((one) => one.method === method && one.url.pathname.startsWith(path))

describe('listings', () => {
  const base = '/listings/2021-08-01/items/SELLER'
  const merchant = (sku: string, quantity?: number): object => ({ sku, fulfillmentAvailability: [{ fulfillmentChannelCode: 'DEFAULT', quantity }] })
  const read = (...skus: string[]): Promise<OfferedListing[]> => amazon.channel.readListings(amazon.account, skus, signal)
  /** Knows all SKUs but those that begin with NO, each offered as often as its name is long. */
  const shop: Script = ({ url }) => {
    const known = (sku: string): boolean => !sku.startsWith('NO')
    if (url.pathname === base) {
      const skus = (url.searchParams.get('identifiers') ?? '').split(',')
      return json({ numberOfResults: skus.length, items: skus.filter(known).map((sku) => merchant(sku, sku.length)) })
    }
    const sku = decodeURIComponent(url.pathname.slice(base.length + 1))
    return known(sku) ? json(merchant(sku, sku.length)) : refusal(404, 'not found', 'NOT_FOUND')
  }

  it('are asked twenty at a time, each once, for what they offer alone', async () => {
    amazon = await scriptedAmazon(shop)
    const skus = Array.from({ length: 45 }, (_, place) => `SKU-${place}`)
    const found = await read(...skus, 'SKU-7', '', 'NO-SUCH')
    expect(found.map((one) => one.sellerSku)).toEqual(skus)
    expect(found[9]).toEqual({ sellerSku: 'SKU-9', fulfilledBy: 'MERCHANT', quantity: 5 })
    expect(amazon.asked.map(({ url }) => (url.searchParams.get('identifiers') ?? '').split(',').length)).toEqual([20, 20, 6])
    expect(Object.fromEntries(amazon.asked[0]!.url.searchParams)).toMatchObject({
      marketplaceIds: 'ATVPDKIKX0DER', identifiersType: 'SKU', includedData: 'fulfillmentAvailability', pageSize: '20',
    })
    amazon.asked.length = 0
    expect(await read()).toEqual([])
    expect(amazon.asked).toEqual([])
  })

  it('whose SKUs cannot stand in a list are asked alone', async () => {
    amazon = await scriptedAmazon(shop)
    const odd = ['A,B', ' EDGE', 'C/D?#&+%', 'NO,SUCH']
    expect((await read('PLAIN', ...odd)).map((one) => one.sellerSku).toSorted()).toEqual([' EDGE', 'A,B', 'C/D?#&+%', 'PLAIN'])
    expect(asked('GET', base).map(({ url }) => url.searchParams.get('identifiers') ?? decodeURIComponent(url.pathname.slice(base.length + 1))))
      .toEqual(['PLAIN,C/D?#&+%', 'A,B', ' EDGE', 'NO,SUCH'])
  })

  it('with a blank in the SKU that a list did not find are asked alone, too', async () => {
    amazon = await scriptedAmazon((one, number) => (one.url.pathname === base ? json({ items: [] }) : shop(one, number)))
    expect(await read('RED MUG', 'PLAIN')).toEqual([{ sellerSku: 'RED MUG', fulfilledBy: 'MERCHANT', quantity: 7 }])
  })

  it.each([
    ['by the merchant', [{ fulfillmentChannelCode: 'DEFAULT', quantity: 0 }], 'MERCHANT', 0],
    ['by the merchant, never told', [{ fulfillmentChannelCode: 'DEFAULT' }], 'MERCHANT', null],
    ['by nobody yet', [], 'MERCHANT', null],
    ['in words that are not there', undefined, 'MERCHANT', null],
    ['by Amazon', [{ fulfillmentChannelCode: 'AMAZON_EU' }], 'MARKETPLACE', null],
    ['by both', [{ fulfillmentChannelCode: 'DEFAULT', quantity: 3 }, { fulfillmentChannelCode: 'AMAZON_NA' }], 'MARKETPLACE', 3],
  ])('are offered %s', async (_name, fulfillmentAvailability, fulfilledBy, quantity) => {
    amazon = await scriptedAmazon(() => json({ items: [{ sku: 'MUG', fulfillmentAvailability }] }))
    expect(await read('MUG')).toEqual([{ sellerSku: 'MUG', fulfilledBy, quantity }])
  })

  it('are read to the last page, without what was not asked for and once where a page comes twice', async () => {
    const page = (nextToken: string | null, ...items: object[]): Reply => json({ items, ...(nextToken && { pagination: { nextToken } }) })
    amazon = await scriptedAmazon(({ url }) =>
      url.searchParams.get('pageToken') === 'second' ? page(null, merchant('A', 1), merchant('B', 2)) : page('second', merchant('A', 1), merchant('OTHER', 9)))
    expect(await read('A', 'B')).toEqual([
      { sellerSku: 'A', fulfilledBy: 'MERCHANT', quantity: 1 },
      { sellerSku: 'B', fulfilledBy: 'MERCHANT', quantity: 2 },
    ])
    await amazon.stop()
    amazon = await scriptedAmazon(() => page('round', merchant('A', 1)))
    expect((await failure(read('A'))).kind).toBe('invalid-answer')
  })

  it('of a list that is refused are asked one by one, and one refused alone is left out', async () => {
    amazon = await scriptedAmazon((one, number) => {
      if (one.url.pathname === base || one.url.pathname.endsWith('BAD')) return refusal(400, 'Invalid \'sku\' provided.')
      return shop(one, number)
    })
    expect((await read('A', 'BAD', 'NO')).map((one) => one.sellerSku)).toEqual(['A'])
  })

  it('are not left out where all are refused: the refusal is told', async () => {
    amazon = await scriptedAmazon(() => refusal(400, 'Invalid marketplaceIds.'))
    expect(await failure(read('A', 'B', 'C,D'))).toMatchObject({ kind: 'rejected', httpStatus: 400 })
  })

  it.each([
    ['no list', {}],
    ['a listing without a SKU', { items: [{}] }],
    ['a quantity that is none', { items: [merchant('A', 1.5)] }],
    ['a quantity below nought', { items: [merchant('A', -1)] }],
  ])('are refused as %s', async (_name, body) => {
    amazon = await scriptedAmazon(() => json(body))
    expect((await failure(read('A'))).kind).toBe('invalid-answer')
  })
})

describe('one quantity', () => {
  const set = (): Promise<void> => amazon.channel.setQuantity(amazon.account, { sellerSku: 'A/B C', quantity: 7 }, signal)

  it('is merged into what the listing says, under the SKU as it is', async () => {
    amazon = await scriptedAmazon(() => json({ sku: 'A/B C', status: 'ACCEPTED', submissionId: '1', issues: [] }))
    await set()
    const [one] = amazon.asked
    expect([one?.method, one?.url.pathname]).toEqual(['PATCH', '/listings/2021-08-01/items/SELLER/A%2FB%20C'])
    expect(JSON.parse(one?.body ?? '')).toEqual({
      productType: 'PRODUCT',
      patches: [{ op: 'merge', path: '/attributes/fulfillment_availability', value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 7 }] }],
    })
  })

  it.each<[string, Reply, object]>([
    ['with 200', json({ status: 'INVALID', issues: [{ code: '90244', message: 'quantity too large', severity: 'ERROR' }, { code: '1', message: 'mind', severity: 'WARNING' }] }),
      { kind: 'rejected', code: '90244', message: 'patchListingsItem: INVALID: quantity too large', advice: { code: 'QUANTITY_REFUSED' } }],
    ['without a word', json({ status: 'INVALID' }), { kind: 'rejected', code: null, advice: { code: 'REFUSED' } }],
    ['with 400', refusal(400, 'Unknown SKU', 'BAD_REQUEST'), { kind: 'rejected', advice: { code: 'LISTING_NOT_FOUND' } }],
    ['for want of a right', refusal(403, 'Access denied', 'Unauthorized'), { kind: 'unauthorized', advice: { code: 'ACCESS_DENIED' } }],
  ])('that is refused %s comes with advice', async (_name, reply, expected) => {
    amazon = await scriptedAmazon(() => reply)
    expect(await failure(set())).toMatchObject(expected)
  })
})

const documents = '/feeds/2021-06-30/documents'
const feeds = '/feeds/2021-06-30/feeds'
const storage = '/storage/document'
const link = (): string => `${amazon.url}${storage}?X-Amz-Signature=the-signature`

interface Routes {
  createDocument?: Script
  put?: Script
  createFeed?: Script
  getFeed?: Script
  getDocument?: Script
  get?: Script
}
/** Amazon as it should be but for what is given. */
const feedsApi = (given: Routes): Script => (one, number) => {
  const routes: Record<string, Script> = {
    [`POST ${documents}`]: given.createDocument ?? (() => json({ feedDocumentId: 'input-1', url: link() }, 201)),
    [`PUT ${storage}`]: given.put ?? (() => ({ status: 200 })),
    [`POST ${feeds}`]: given.createFeed ?? (() => json({ feedId: 'feed-1' }, 202)),
    [`GET ${feeds}/feed-1`]: given.getFeed ?? (() => json({ processingStatus: 'DONE', resultFeedDocumentId: 'result-1' })),
    [`GET ${documents}/result-1`]: given.getDocument ?? (() => json({ feedDocumentId: 'result-1', url: link() })),
    [`GET ${storage}`]: given.get ?? (() => report([])),
  }
  const route = routes[`${one.method} ${one.url.pathname}`]
  return route === undefined ? refusal(404, 'no such thing', 'NotFound') : route(one, number)
}
/** The first calls to go otherwise. */
const firstly = (replies: Reply[], later: Script): Script => (one, number) => replies.shift() ?? later(one, number)

const summary = (messagesAccepted: number): object => ({ errors: 0, warnings: 0, messagesProcessed: 1, messagesAccepted, messagesInvalid: 0 })
const reported = (issues: object[], accepted = 1, feedId = 'feed-1'): string =>
  JSON.stringify({ header: { sellerId: 'SELLER', version: '2.0', feedId }, issues, summary: summary(accepted) })
const report = (issues: object[], accepted?: number): Reply => ({ status: 200, body: reported(issues, accepted) })

describe('many quantities', () => {
  const submit = (listings = [{ sellerSku: 'B', quantity: 2 }, { sellerSku: 'A', quantity: 0 }]): Promise<string> =>
    amazon.channel.submitQuantities(amazon.account, listings, signal)

  it('go up as one document, of which a feed is made', async () => {
    amazon = await scriptedAmazon(feedsApi({}))
    expect(await submit()).toBe('feed-1')
    const [create, put, feed] = amazon.asked
    const patch = (quantity: number): object => ({
      operationType: 'PATCH',
      productType: 'PRODUCT',
      patches: [{ op: 'merge', path: '/attributes/fulfillment_availability', value: [{ fulfillment_channel_code: 'DEFAULT', quantity }] }],
    })
    expect(amazon.asked).toHaveLength(3)
    expect(JSON.parse(create!.body)).toEqual({ contentType: 'application/json; charset=UTF-8' })
    expect(put).toMatchObject({ method: 'PUT', headers: { 'content-type': 'application/json; charset=UTF-8' } })
    expect(put!.url.search).toBe('?X-Amz-Signature=the-signature')
    expect(JSON.parse(put!.body)).toEqual({
      header: { sellerId: 'SELLER', version: '2.0', issueLocale: 'en_US' },
      messages: [
        { messageId: 1, sku: 'A', ...patch(0) },
        { messageId: 2, sku: 'B', ...patch(2) },
      ],
    })
    expect(JSON.parse(feed!.body)).toEqual({ feedType: 'JSON_LISTINGS_FEED', marketplaceIds: ['ATVPDKIKX0DER'], inputFeedDocumentId: 'input-1' })
  })

  it('tell the storage neither the token nor where it was sent from, and nobody the link', async () => {
    amazon = await scriptedAmazon(feedsApi({ put: firstly(['cut', { status: 503, body: 'the-signature' }], () => ({ status: 200 })) }))
    await submit()
    for (const put of asked('PUT', storage)) {
      expect(JSON.stringify(put.headers)).not.toMatch(/Atz|the-client/)
      expect(put.headers['x-amz-access-token']).toBeUndefined()
    }
    expect(asked('PUT', storage)).toHaveLength(3)
    expect(amazon.logged.join()).toContain('putDocument')
    expect(amazon.logged.join()).not.toContain('the-signature')
    expect(amazon.logged.join()).not.toContain('/storage')
  })

  it.each<[string, Routes, object]>([
    ['the storage refuses', { put: () => ({ status: 403, body: '<Error>the-signature</Error>' }) }, { kind: 'invalid-answer', notSent: true, httpStatus: 403 }],
    ['the storage sends elsewhere', { put: () => ({ status: 307, headers: { location: '/storage/other' } }) }, { kind: 'invalid-answer', notSent: true }],
    ['the storage keeps failing', { put: () => ({ status: 503 }) }, { kind: 'unavailable', notSent: true }],
    ['the storage cuts', { put: () => 'cut' }, { kind: 'unavailable', notSent: true }],
    ['no document is to be had', { createDocument: () => 'cut' }, { kind: 'unavailable', notSent: true }],
    ['the document is none', { createDocument: () => json({ feedDocumentId: 'input-1' }) }, { kind: 'invalid-answer', notSent: true }],
    ['the link is none', { createDocument: () => json({ feedDocumentId: 'input-1', url: 'storage' }) }, { kind: 'invalid-answer', notSent: true }],
    ['the feed is refused', { createFeed: () => refusal(400, 'Computer says no.', '400') }, { kind: 'rejected', notSent: true, advice: { code: 'REFUSED' } }],
    ['the right is wanting', { createFeed: () => refusal(403, 'Denied', 'Unauthorized') }, { kind: 'unauthorized', advice: { code: 'ACCESS_DENIED' } }],
    ['the feed is cut', { createFeed: () => 'cut' }, { kind: 'unavailable', notSent: false }],
    ['the feed is none', { createFeed: () => json({}, 202) }, { kind: 'invalid-answer', notSent: false }],
  ])('that fail as %s say whether they may have been taken', async (_name, routes, expected) => {
    amazon = await scriptedAmazon(feedsApi(routes))
    const error = await failure(submit())
    expect(error).toMatchObject(expected)
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('the-signature')
    expect(amazon.asked.some(({ url }) => url.pathname === '/storage/other')).toBe(false)
  })

  it('may have been taken where a cut feed is refused the next time', async () => {
    amazon = await scriptedAmazon(feedsApi({ createFeed: firstly(['cut'], () => refusal(400, 'The document was used already.')) }))
    expect(await failure(submit())).toMatchObject({ kind: 'unavailable', httpStatus: 400, notSent: false })
  })

  it('go in clear text only where Amazon itself is spoken to so', async () => {
    amazon = await scriptedAmazon(() => ({ status: 200 }))
    const plain = amazon.url
    const secure = 'https://amazon.example'
    const documentsOf = new Documents({
      endpoints: { NORTH_AMERICA: plain, EUROPE: secure, FAR_EAST: secure },
      timeoutMs: 1000, retry: { attempts: 1, deadlineMs: 0, backoffMs: 0, longestBackoffMs: 0 }, log: createLog('silent'), metrics: amazon.metrics,
    })
    const put = (region: MarketplaceRegion, url: string): Promise<void> =>
      documentsOf.put({ url, region, connectionId: 'connection' }, Buffer.from('x'), 'text/plain', signal)
    await put('NORTH_AMERICA', plain)
    expect(await failure(put('EUROPE', plain))).toMatchObject({ kind: 'invalid-answer', message: 'putDocument: the link to the document is none over TLS' })
    for (const url of ['ftp://127.0.0.1/x', 'file:///etc/passwd', 'data:,x']) expect((await failure(put('NORTH_AMERICA', url))).kind).toBe('invalid-answer')
    expect(amazon.asked).toHaveLength(1)
  })

  it('are no more than Amazon takes', async () => {
    amazon = await scriptedAmazon(feedsApi({}))
    expect(bulk).toEqual({ above: 305, most: 25_000 })
    expect(amazon.channel.bulk).toBe(bulk)
    const many = (count: number, name: string): { sellerSku: string; quantity: number }[] =>
      Array.from({ length: count }, (_, place) => ({ sellerSku: `${name}${place}`, quantity: 2_147_483_647 }))
    // The longest SKUs there are, forty characters, of which few have more than two bytes.
    expect(Buffer.byteLength(quantityFeed('SELLER', many(25_000, 'é'.repeat(34))))).toBeLessThan(10 * 1024 * 1024)
    await expect(submit(many(25_001, 'A'))).rejects.toBeInstanceOf(RangeError)
    await expect(submit([])).rejects.toBeInstanceOf(RangeError)
    expect(await failure(submit(many(20_000, 'x'.repeat(400))))).toMatchObject({ kind: 'rejected', notSent: true })
    expect(amazon.asked).toEqual([])
  })
})

describe('what became of them', () => {
  const read = (...skus: string[]): Promise<SubmissionState> => amazon.channel.readSubmission(amazon.account, 'feed-1', signal, skus)
  const issue = (more: object): object => ({ code: '90244', severity: 'ERROR', message: 'quantity too large', ...more })

  it.each<[string, object, SubmissionState]>([
    ['in the queue', { processingStatus: 'IN_QUEUE' }, { state: 'PROCESSING' }],
    ['under way', { processingStatus: 'IN_PROGRESS', resultFeedDocumentId: null }, { state: 'PROCESSING' }],
    ['cancelled', { processingStatus: 'CANCELLED' }, { state: 'FAILED', message: expect.stringContaining('cancelled') as string }],
    ['given up', { processingStatus: 'FATAL' }, { state: 'FAILED', message: 'Amazon gave the feed up.' }],
  ])('%s', async (_name, body, expected) => {
    amazon = await scriptedAmazon(feedsApi({ getFeed: () => json({ feedId: 'feed-1', ...body }) }))
    expect(await read('A')).toEqual(expected)
    expect(amazon.asked).toHaveLength(1)
  })

  it('is told with Amazon\'s reasons where it gave up, if they can be read', async () => {
    const getFeed: Script = () => json({ processingStatus: 'FATAL', resultFeedDocumentId: 'result-1' })
    amazon = await scriptedAmazon(feedsApi({ getFeed, get: () => report([issue({ message: 'Attribute Merchant is required.' })], 0) }))
    expect(await read('A')).toEqual({ state: 'FAILED', message: 'Amazon gave the feed up. Its reasons: Attribute Merchant is required.' })
    await amazon.stop()
    amazon = await scriptedAmazon(feedsApi({ getFeed, get: () => ({ status: 200, body: '<Fatal/>' }) }))
    expect(await read('A')).toEqual({ state: 'FAILED', message: 'Amazon gave the feed up.' })
  })

  it('is over where Amazon no longer knows the feed', async () => {
    amazon = await scriptedAmazon(feedsApi({}))
    expect(await amazon.channel.readSubmission(amazon.account, 'another', signal, ['A'])).toMatchObject({ state: 'FAILED' })
  })

  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['packed', (text: string) => gzipSync(text)],
  ])('stands in a report, %s: what is refused once a SKU, by its name or its place', async (_name, pack) => {
    const issues = [
      issue({ messageId: 2, sku: 'B' }),
      issue({ messageId: 2, sku: 'B', code: '90220', message: '\'batteries\' is required but not supplied.' }),
      issue({ messageId: 1 }),
      issue({ sku: 'E' }),
      issue({ messageId: 3, sku: 'C', severity: 'WARNING' }),
      issue({ messageId: 4, code: undefined, message: 'Computer says no.' }),
    ]
    amazon = await scriptedAmazon(feedsApi({ get: () => ({ status: 200, body: pack(reported(issues)) }) }))
    const state = await read('D', 'B', 'E', 'A', 'C')
    expect(state).toMatchObject({ state: 'DONE', refused: [{ sellerSku: 'B', code: '90244' }, { sellerSku: 'A', code: '90244' }, { sellerSku: 'E' }, { sellerSku: 'D', code: null }] })
    const [b, , , d] = state.state === 'DONE' ? state.refused : []
    expect(b?.message).toContain('(Amazon: "quantity too large \'batteries\' is required but not supplied.")')
    expect(d?.message).toContain('"Computer says no."')
    expect(d?.message.match(/Computer/g)).toHaveLength(1)
    expect(amazon.logged.join()).not.toContain('the-signature')
    expect(asked('GET', storage)[0]?.headers['x-amz-access-token']).toBeUndefined()
  })

  it('is all well where nothing is named', async () => {
    amazon = await scriptedAmazon(feedsApi({ get: () => report([issue({ severity: 'INFO' })], 2) }))
    expect(await read('A', 'B')).toEqual({ state: 'DONE', refused: [] })
  })

  it('is a failure where the whole was refused', async () => {
    const whole = issue({ code: '4002005', message: 'Attribute Merchant is required, but not present.' })
    amazon = await scriptedAmazon(feedsApi({ get: () => report([whole], 0) }))
    expect(await read('A')).toEqual({ state: 'FAILED', message: 'Amazon took none of the feed: Attribute Merchant is required, but not present.' })
    await amazon.stop()
    amazon = await scriptedAmazon(feedsApi({ get: () => report([whole, issue({ messageId: 1 })], 1) }))
    expect(await read('A', 'B')).toMatchObject({ state: 'DONE', refused: [{ sellerSku: 'A' }] })
  })

  it('is asked for again where the storage fails for a moment or cuts the report in the middle', async () => {
    const text = reported([])
    const cut: Reply = { status: 200, headers: { 'content-length': String(text.length + 9), connection: 'close' }, body: text }
    amazon = await scriptedAmazon(feedsApi({ get: firstly([{ status: 500 }, cut], () => report([])) }))
    expect(await read('A')).toEqual({ state: 'DONE', refused: [] })
    expect(asked('GET', storage)).toHaveLength(3)
  })

  it.each<[string, Routes]>([
    ['no status', { getFeed: () => json({}) }],
    ['an unknown status', { getFeed: () => json({ processingStatus: 'SLEEPING' }) }],
    ['a feed done without a report', { getFeed: () => json({ processingStatus: 'DONE' }) }],
    ['no link', { getDocument: () => json({ feedDocumentId: 'result-1' }) }],
    ['no JSON', { get: () => ({ status: 200, body: 'sku\tmessage' }) }],
    ['nothing', { get: () => ({ status: 200 }) }],
    ['no text', { get: () => ({ status: 200, body: Buffer.from([0x22, 0xff, 0x22]) }) }],
    ['no report', { get: () => json({ issues: [] }) }],
    ['a report of another feed', { get: () => ({ status: 200, body: reported([], 1, 'feed-2') }) }],
    ['a message that was not sent', { get: () => report([issue({ messageId: 9 })]) }],
    ['half a package', { get: () => ({ status: 200, body: gzipSync(reported([])).subarray(0, 40) }) }],
    ['a link that is too old', { get: () => ({ status: 403, body: 'Request has expired' }) }],
  ])('is no answer: %s', async (_name, routes) => {
    amazon = await scriptedAmazon(feedsApi(routes))
    const error = await failure(read('A'))
    expect(error.kind).toBe('invalid-answer')
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('the-signature')
  })

  it('is read up to its largest size, and not beyond', async () => {
    const padded = Buffer.concat([Buffer.from(reported([])), Buffer.alloc(40 * 1024 * 1024, ' ')])
    amazon = await scriptedAmazon(feedsApi({ get: () => ({ status: 200, body: padded }) }), { timeoutMs: 20_000 })
    expect(await read('A')).toEqual({ state: 'DONE', refused: [] })
    await amazon.stop()
    const large = Buffer.alloc(64 * 1024 * 1024 + 1, ' ')
    amazon = await scriptedAmazon(feedsApi({ get: () => ({ status: 200, body: gzipSync(large, { level: 1 }) }) }), { timeoutMs: 20_000 })
    expect(await failure(read('A'))).toMatchObject({ kind: 'invalid-answer', message: expect.stringContaining('too large') })
    await amazon.stop()
    amazon = await scriptedAmazon(feedsApi({ get: () => ({ status: 200, body: large }) }), { timeoutMs: 20_000 })
    expect(await failure(read('A'))).toMatchObject({ kind: 'invalid-answer', message: 'getDocument: the document is too large' })
    expect(asked('GET', storage)).toHaveLength(1)
  })

  it('is known again from the SKUs alone, in whatever order they are kept', () => {
    const sku = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(fc.uniqueArray(sku, { minLength: 1, maxLength: 30 }), fc.nat(), (skus, turn) => {
        const listings = skus.map((sellerSku, quantity) => ({ sellerSku, quantity }))
        const turned = [...listings.slice(turn % skus.length), ...listings.slice(0, turn % skus.length)]
        expect(quantityFeed('SELLER', turned)).toBe(quantityFeed('SELLER', listings))
        const { messages } = JSON.parse(quantityFeed('SELLER', listings)) as { messages: { messageId: number; sku: string }[] }
        expect(messages.map((one) => [one.messageId, one.sku])).toEqual(skus.toSorted().map((one, place) => [place + 1, one]))
      }),
    )
  })
})
