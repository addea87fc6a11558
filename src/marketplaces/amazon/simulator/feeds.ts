// createFeedDocument, createFeed, getFeed and getFeedDocument of Feeds 2021-06-30, and the storage behind their presigned URLs.
// https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-use-case-guide
import { gunzipSync, gzipSync } from 'node:zlib'
import type { CreateFeedDocumentResponse, CreateFeedResponse, Feed, FeedDocument } from '@sp-api-sdk/feeds-api-2021-06-30'
import { z } from 'zod'
import { accessDenied, type Answer, refused, storageRefused } from './answer.ts'
import type { Call } from './call.ts'
import { iso } from './clock.ts'
import type { Fired } from './faults.ts'
import { processFeed } from './feed-report.ts'
import type { StoredDocument, StoredFeed } from './feed-store.ts'
import { parseJson } from './parse.ts'
import type { State } from './state.ts'

const feedType = 'JSON_LISTINGS_FEED'
const badRequest = (message: string): Answer => refused(400, '400', message)
const missing = (message: string): Answer => refused(404, '404', message)

const documentInput = z.object({ contentType: z.string('contentType is required.').min(1, 'contentType is required.') })
const feedInput = z.object({
  feedType: z.literal(feedType, `feedType must be ${feedType}: the simulator has no other.`),
  marketplaceIds: z
    .array(z.string(), 'marketplaceIds is required.')
    .min(1, 'marketplaceIds is required.')
    .max(25, 'marketplaceIds takes at most 25 values.'),
  inputFeedDocumentId: z.string('inputFeedDocumentId is required.'),
  feedOptions: z.record(z.string(), z.string()).optional(),
})

export function createFeedDocument({ state, seller, body, now, origin }: Call): Answer {
  const read = documentInput.safeParse(parseJson(body))
  if (!read.success) return badRequest(read.error.issues[0]?.message ?? 'The body is not a feed document.')
  const { documentId } = state.feeds.addDocument(seller.sellerId, read.data.contentType)
  const made: CreateFeedDocumentResponse = { feedDocumentId: documentId, url: origin + state.feeds.presign('PUT', documentId, now) }
  return { status: 201, body: made }
}

export function createFeed(call: Call): Answer {
  const { state, seller, marketplaceIds, now, fired } = call
  const read = feedInput.safeParse(parseJson(call.body))
  if (!read.success) return badRequest(read.error.issues[0]?.message ?? 'The body is not a feed.')
  const input = read.data
  if (input.marketplaceIds.some((id) => !marketplaceIds.includes(id))) return accessDenied()
  const document = state.feeds.documents.get(input.inputFeedDocumentId)
  if (document === undefined || document.sellerId !== seller.sellerId) return badRequest('inputFeedDocumentId is not a feed document of yours.')
  if (document.used) return badRequest('inputFeedDocumentId was used by another feed.')
  if (document.content === null) return badRequest('inputFeedDocumentId has no content: upload it first.')
  document.used = true
  const feed = state.feeds.addFeed({
    sellerId: seller.sellerId,
    marketplaceIds: input.marketplaceIds,
    createdAt: now,
    inputDocumentId: document.documentId,
  })
  const { queueSeconds, processingSeconds } = state.feeds.pace
  const late = fired.find('late')?.delaySeconds ?? 0
  state.schedule.plan(now + queueSeconds * 1000, (then) => {
    if (fired.has('cancelled')) {
      feed.status = 'CANCELLED'
      feed.endedAt = then
      document.content = null
      return
    }
    feed.status = 'IN_PROGRESS'
    feed.startedAt = then
    state.schedule.plan(then + (processingSeconds + late) * 1000, (at) => finish(state, feed, document, fired, at))
  })
  const made: CreateFeedResponse = { feedId: feed.feedId }
  return { status: 202, body: made }
}

function finish(state: State, feed: StoredFeed, document: StoredDocument, fired: Fired, at: number): void {
  const seller = state.sellers.get(feed.sellerId)
  const { content } = document
  document.content = null
  feed.endedAt = at
  feed.status = 'FATAL'
  if (seller === undefined || content === null || fired.has('fatal')) return
  const { status, report } = processFeed(feed, seller, content, at, fired.find('reject'))
  const { gzip } = state.feeds.pace
  const text = Buffer.from(JSON.stringify(report))
  const result = state.feeds.addDocument(seller.sellerId, 'application/json; charset=UTF-8', { content: gzip ? gzipSync(text) : text, gzip })
  feed.status = status
  feed.summary = report.summary
  feed.resultDocumentId = result.documentId
}

export const viewFeed = (feed: StoredFeed): Feed => ({
  feedId: feed.feedId,
  feedType,
  marketplaceIds: feed.marketplaceIds,
  createdTime: iso(feed.createdAt),
  processingStatus: feed.status,
  ...(feed.startedAt !== null && { processingStartTime: iso(feed.startedAt) }),
  ...(feed.endedAt !== null && { processingEndTime: iso(feed.endedAt) }),
  ...(feed.resultDocumentId !== null && { resultFeedDocumentId: feed.resultDocumentId }),
})

export function getFeed({ state, seller, marketplaceIds, path }: Call): Answer {
  const feed = state.feeds.feeds.get(path.feedId ?? '')
  if (feed === undefined || feed.sellerId !== seller.sellerId || feed.marketplaceIds.some((id) => !marketplaceIds.includes(id)))
    return missing(`Feed ${path.feedId} was not found.`)
  return { status: 200, body: viewFeed(feed) }
}

export function getFeedDocument({ state, seller, path, query, now, origin }: Call): Answer {
  const document = state.feeds.documents.get(path.feedDocumentId ?? '')
  if (document === undefined || document.sellerId !== seller.sellerId || document.content === null)
    return missing(`Feed document ${path.feedDocumentId} was not found.`)
  const encoding = document.gzip && query.get('enableContentEncodingUrlHeader') === 'true' ? 'gzip' : undefined
  const body: FeedDocument = {
    feedDocumentId: document.documentId,
    url: origin + state.feeds.presign('GET', document.documentId, now, encoding),
    ...(document.gzip && { compressionAlgorithm: 'GZIP' }),
  }
  return { status: 200, body }
}

/** A request of a presigned URL. */
export interface StorageCall {
  state: State
  now: number
  document: StoredDocument | undefined
  documentId: string
  query: URLSearchParams
  contentType: string | undefined
  content: Buffer
}

export function uploadFeedDocument(call: StorageCall): Answer {
  const { document, content, contentType } = call
  const refusal = unsigned('PUT', call)
  if (refusal !== null) return refusal
  if (document === undefined) return storageRefused(404, 'NoSuchKey', 'The specified key does not exist.')
  if (contentType !== document.contentType)
    return storageRefused(403, 'SignatureDoesNotMatch', 'The Content-Type is not the one that the URL was signed for.')
  if (document.used) return storageRefused(403, 'AccessDenied', 'A feed was made of this document already.')
  document.content = content
  return { status: 200 }
}

export function downloadFeedDocument(call: StorageCall): Answer {
  const refusal = unsigned('GET', call)
  if (refusal !== null) return refusal
  const content = call.document?.content ?? null
  if (call.document === undefined || content === null) return storageRefused(404, 'NoSuchKey', 'The specified key does not exist.')
  const encoded = call.query.get('response-content-encoding') === 'gzip'
  return { status: 200, raw: { type: call.document.contentType, content, ...(encoded && { encoding: 'gzip' }) } }
}

function unsigned(method: 'GET' | 'PUT', { state, documentId, query, now }: StorageCall): Answer | null {
  const verdict = state.feeds.judge(method, documentId, query, now)
  if (verdict === 'good') return null
  return verdict === 'expired'
    ? storageRefused(403, 'AccessDenied', 'Request has expired')
    : storageRefused(403, 'SignatureDoesNotMatch', 'The request signature does not match.')
}

/** A report as JSON, whatever its compression. */
export const textOf = ({ content, gzip }: StoredDocument): unknown =>
  content === null ? null : parseJson((gzip ? gunzipSync(content) : content).toString('utf8'))
