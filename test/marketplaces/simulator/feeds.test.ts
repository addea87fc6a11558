import { gunzipSync } from 'node:zlib'
import type { FeedProcessingStatusEnum } from '@sp-api-sdk/feeds-api-2021-06-30'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ProcessingReport } from '../../../src/marketplaces/amazon/simulator/feed-report.ts'
import { errorOf, type SellerAccess, simulate, type Simulated, UK, US } from './simulated.ts'

let simulated: Simulated
let access: SellerAccess
let apis: Awaited<ReturnType<Simulated['apis']>>
beforeAll(async () => {
  simulated = await simulate({ feeds: { queueSeconds: 2, processingSeconds: 3 } })
})
afterAll(() => simulated.stop())
beforeEach(async () => {
  await simulated.control('POST', '/reset')
  access = await simulated.seller({
    marketplaces: [US, UK],
    skus: [
      { sellerSku: 'A', quantity: 10 },
      { sellerSku: 'B', quantity: 10 },
    ],
  })
  apis = await simulated.apis(access)
})

const contentType = 'application/json; charset=UTF-8'
const message = (messageId: number, sku: string, quantity: unknown, more: object = {}) => ({
  messageId,
  sku,
  operationType: 'PATCH',
  productType: 'PRODUCT',
  patches: [{ op: 'merge', path: '/attributes/fulfillment_availability', value: [{ fulfillment_channel_code: 'DEFAULT', quantity }] }],
  ...more,
})
const feedOf = (messages: unknown[], header: object = {}) => ({ header: { sellerId: access.sellerId, version: '2.0', ...header }, messages })
const upload = async (url: string, content: string, type = contentType) =>
  fetch(url, { method: 'PUT', headers: { 'content-type': type }, body: content })
const documentOf = async (content: unknown) => {
  const { status, data } = await apis.feeds.createFeedDocument({ body: { contentType } })
  expect(status).toBe(201)
  expect((await upload(data.url, typeof content === 'string' ? content : JSON.stringify(content))).status).toBe(200)
  return data.feedDocumentId
}
const create = (inputFeedDocumentId: string, more: object = {}) =>
  apis.feeds.createFeed({ body: { feedType: 'JSON_LISTINGS_FEED', marketplaceIds: [US], inputFeedDocumentId, ...more } })
const submit = async (content: unknown) => {
  const { status, data } = await create(await documentOf(content))
  expect(status).toBe(202)
  return data.feedId
}
const statusOf = async (feedId: string): Promise<FeedProcessingStatusEnum> => (await apis.feeds.getFeed({ feedId })).data.processingStatus
const reportOf = async (feedId: string): Promise<ProcessingReport> => {
  const { data: feed } = await apis.feeds.getFeed({ feedId })
  const { data } = await apis.feeds.getFeedDocument({ feedDocumentId: feed.resultFeedDocumentId! })
  const content = Buffer.from(await (await fetch(data.url)).arrayBuffer())
  return JSON.parse((data.compressionAlgorithm === 'GZIP' ? gunzipSync(content) : content).toString('utf8')) as ProcessingReport
}
const stock = async () => {
  const { body } = await simulated.control<{ seller: SellerAccess }>('GET', `/sellers/${access.sellerId}`)
  return Object.fromEntries(body.seller.listings.map((one) => [`${one.sellerSku} ${one.marketplaceId === US ? 'US' : 'UK'}`, one.quantity]))
}

test('queue, progress, done by the clock; the report tells of each message that was refused, the others are applied', async () => {
  const feedId = await submit(
    feedOf([message(1, 'A', 3), message(2, 'NONE', 4), message(3, 'B', -1), message(3, 'B', 6), message(5, 'B', 7, { operationType: 'DELETE' })]),
  )
  expect(await statusOf(feedId)).toBe('IN_QUEUE')
  await simulated.advance(2)
  expect(await statusOf(feedId)).toBe('IN_PROGRESS')
  expect(await stock()).toMatchObject({ 'A US': 10 })
  await simulated.advance(3)
  const { data: feed } = await apis.feeds.getFeed({ feedId })
  expect(feed).toMatchObject({
    feedId,
    feedType: 'JSON_LISTINGS_FEED',
    marketplaceIds: [US],
    processingStatus: 'DONE',
    createdTime: '2026-03-02T10:00:00.000Z',
    processingStartTime: '2026-03-02T10:00:02.000Z',
    processingEndTime: '2026-03-02T10:00:05.000Z',
  })
  const report = await reportOf(feedId)
  expect(report.header).toEqual({ sellerId: access.sellerId, version: '2.0', feedId })
  expect(report.summary).toEqual({ errors: 4, warnings: 0, messagesProcessed: 5, messagesAccepted: 1, messagesInvalid: 4 })
  expect(report.issues.map(({ messageId, sku, code, severity }) => [messageId, sku, code, severity])).toEqual([
    [2, 'NONE', '8541', 'ERROR'],
    [3, 'B', '90244', 'ERROR'],
    [3, 'B', '4000002', 'ERROR'],
    [5, 'B', '4000001', 'ERROR'],
  ])
  expect(await stock()).toEqual({ 'A US': 3, 'B US': 10, 'A UK': 10, 'B UK': 10 })
  const shown = await simulated.control<{ report: ProcessingReport }>('GET', `/feeds/${feedId}`)
  expect(shown.body.report).toEqual(report)
})

test('the document: five minutes, the same Content-Type, our own URL, and none after a feed was made of it', async () => {
  const { data } = await apis.feeds.createFeedDocument({ body: { contentType } })
  const url = new URL(data.url)
  expect(url.origin).toBe(simulated.url)
  const refused = async (answer: Response) => {
    expect(answer.status).toBe(403)
    return /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]
  }
  expect(await refused(await upload(data.url, '{}', 'application/json'))).toBe('SignatureDoesNotMatch')
  expect(await refused(await upload(`${data.url}0`, '{}'))).toBe('SignatureDoesNotMatch')
  expect(await refused(await fetch(data.url))).toBe('SignatureDoesNotMatch')
  expect((await upload(data.url, '{}')).status).toBe(200)
  expect((await create(data.feedDocumentId)).status).toBe(202)
  expect(await refused(await upload(data.url, '{}'))).toBe('AccessDenied')
  const late = (await apis.feeds.createFeedDocument({ body: { contentType } })).data
  await simulated.advance(299)
  expect((await upload(late.url, '{}')).status).toBe(200)
  await simulated.advance(1)
  expect(await refused(await upload(late.url, '{}'))).toBe('AccessDenied')
})

test("a feed is refused: unknown, foreign, empty or used documents, another type, another region's marketplace", async () => {
  const message400 = async (documentId: string, more: object = {}) => {
    const answer = await create(documentId, more)
    expect(answer.status).toBe(400)
    return errorOf(answer.data).message
  }
  const fresh = (await apis.feeds.createFeedDocument({ body: { contentType } })).data
  expect(await message400('none')).toContain('not a feed document of yours')
  expect(await message400(fresh.feedDocumentId)).toContain('has no content')
  const other = await simulated.apis(await simulated.seller())
  const foreign = (await other.feeds.createFeedDocument({ body: { contentType } })).data
  await upload(foreign.url, '{}')
  expect(await message400(foreign.feedDocumentId)).toContain('not a feed document of yours')
  await upload(fresh.url, '{}')
  expect(await message400(fresh.feedDocumentId, { feedType: 'POST_FLAT_FILE_INVLOADER_DATA' })).toContain('feedType')
  expect(await message400(fresh.feedDocumentId, { marketplaceIds: [] })).toContain('marketplaceIds')
  const na = await simulated.apis(access, 'na')
  const abroad = { feedType: 'JSON_LISTINGS_FEED', marketplaceIds: [UK], inputFeedDocumentId: fresh.feedDocumentId }
  expect((await na.feeds.createFeed({ body: abroad })).status).toBe(403)
  const { data } = await create(fresh.feedDocumentId)
  expect(await message400(fresh.feedDocumentId)).toContain('used by another feed')
  expect((await apis.feeds.createFeedDocument({ body: { contentType: '' } })).status).toBe(400)
  expect((await other.feeds.getFeed({ feedId: data.feedId })).status).toBe(404)
  expect((await other.feeds.getFeedDocument({ feedDocumentId: fresh.feedDocumentId })).status).toBe(404)
  const eu = await simulated.apis(access, 'eu')
  expect((await eu.feeds.getFeed({ feedId: data.feedId })).status).toBe(404)
  expect((await na.feeds.getFeed({ feedId: data.feedId })).status).toBe(200)
})

test('what is no listings feed of this seller is FATAL, with a report that says why; nothing is applied', async () => {
  const many = Array.from({ length: 25_001 }, (_, index) => message(index + 1, 'A', 1))
  const contents: [unknown, string][] = [
    ['not json', 'expected object'],
    [feedOf([message(1, 'A', 1)], { sellerId: 'ASOMEBODY' }), 'header.sellerId'],
    [feedOf([message(1, 'A', 1)], { version: '1.0' }), 'header.version'],
    [feedOf([]), 'messages must not be empty'],
    [feedOf(many), 'at most 25000 messages'],
    [feedOf([message(1, 'A', 1, { padding: 'x'.repeat(10 * 1024 * 1024) })]), '10 MiB'],
  ]
  for (const [content, words] of contents) {
    const feedId = await submit(content)
    await simulated.advance(5)
    expect([words, await statusOf(feedId)]).toEqual([words, 'FATAL'])
    const report = await reportOf(feedId)
    expect(report.issues[0]?.message).toContain(words)
    expect(report.summary).toMatchObject({ errors: 1, messagesAccepted: 0 })
  }
  expect(await stock()).toMatchObject({ 'A US': 10 })
})

test('25,000 messages are one feed; a report comes plain if told, and its URL ends after five minutes', async () => {
  await simulated.control('POST', '/feeds', { gzip: false })
  const messages = Array.from({ length: 25_000 }, (_, index) => message(index + 1, index % 2 === 0 ? 'A' : 'B', index))
  const feedId = await submit(feedOf(messages))
  await simulated.advance(5)
  expect((await reportOf(feedId)).summary).toMatchObject({ messagesProcessed: 25_000, messagesAccepted: 25_000 })
  expect(await stock()).toMatchObject({ 'A US': 24_998, 'B US': 24_999 })
  const { data: feed } = await apis.feeds.getFeed({ feedId })
  const { data } = await apis.feeds.getFeedDocument({ feedDocumentId: feed.resultFeedDocumentId! })
  expect(data.compressionAlgorithm).toBeUndefined()
  await simulated.advance(300)
  expect((await fetch(data.url)).status).toBe(403)
})

test('a compressed report is unpacked by the client itself where its URL was asked to say so', async () => {
  const feedId = await submit(feedOf([message(1, 'A', 1)]))
  await simulated.advance(5)
  const { data: feed } = await apis.feeds.getFeed({ feedId })
  const { data } = await apis.feeds.getFeedDocument({ feedDocumentId: feed.resultFeedDocumentId!, enableContentEncodingUrlHeader: true })
  expect(data.compressionAlgorithm).toBe('GZIP')
  expect(await (await fetch(data.url)).json()).toMatchObject({ summary: { messagesAccepted: 1 } })
})

test('faults: fatal, cancelled, late, refused messages; storage that fails', async () => {
  const fault = (more: object) => simulated.control('POST', '/faults', { operation: 'createFeed', times: 1, ...more })
  await fault({ kind: 'fatal' })
  const fatal = await submit(feedOf([message(1, 'A', 1)]))
  await fault({ kind: 'cancelled' })
  const cancelled = await submit(feedOf([message(1, 'A', 2)]))
  await fault({ kind: 'late', delaySeconds: 60 })
  const late = await submit(feedOf([message(1, 'B', 3)]))
  await fault({ kind: 'reject', sku: 'A', code: '99001', message: 'The offer is blocked.' })
  const refused = await submit(feedOf([message(1, 'A', 4), message(2, 'B', 5)]))
  await simulated.advance(5)
  expect(await Promise.all([fatal, cancelled, late, refused].map(statusOf))).toEqual(['FATAL', 'CANCELLED', 'IN_PROGRESS', 'DONE'])
  expect((await apis.feeds.getFeed({ feedId: fatal })).data.resultFeedDocumentId).toBeUndefined()
  expect((await reportOf(refused)).issues).toEqual([
    { messageId: 1, sku: 'A', code: '99001', severity: 'ERROR', message: 'The offer is blocked.', attributeName: 'fulfillment_availability' },
  ])
  expect(await stock()).toMatchObject({ 'A US': 10, 'B US': 5 })
  await simulated.advance(60)
  expect(await statusOf(late)).toBe('DONE')
  expect(await stock()).toMatchObject({ 'B US': 3 })
  await simulated.control('POST', '/faults', { operation: 'uploadFeedDocument', kind: 'error', times: 1 })
  const { data } = await apis.feeds.createFeedDocument({ body: { contentType } })
  expect((await upload(data.url, '{}')).status).toBe(500)
  expect((await upload(data.url, '{}')).status).toBe(200)
})
