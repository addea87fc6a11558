// Many quantities at one stroke: a JSON_LISTINGS_FEED of Feeds v2021-06-30.
// Formats: amzn/selling-partner-api-models, schemas/feeds/listings-feed-schema-v2.json and listings-feed-processing-report-schema-v2.json.
import { FeedProcessingStatusEnum } from '@sp-api-sdk/feeds-api-2021-06-30'
import type { AxiosResponse, RawAxiosRequestConfig } from 'axios'
import { z } from 'zod'
import { type Channel, type ChannelAccount, ChannelError, type ListingQuantity, type Marketplace, type SubmissionState } from '../channel.ts'
import type { Documents } from './documents.ts'
import { quantityPatch } from './inventory.ts'
import { problemOf } from './order-answer.ts'
import { advised, listingAdvice } from './rejections.ts'
import type { RegionApis, SpApiClient } from './sp-api/client.ts'
import { type Operation, operations } from './sp-api/operations.ts'
import { cleaned } from './sp-api/refusal.ts'

export interface Feeds {
  client: SpApiClient
  documents: Documents
}

const { burst, ratePerSecond } = operations.patchListingsItem

/**
 * `above`: what the budget of patchListingsItem tells within a minute; a feed is rarely done sooner. `most`: a feed's messages, as the
 * schema allows. Amazon wants no more than five of these feeds in five minutes, and suggests twenty minutes between two.
 */
export const bulk: Channel['bulk'] = { above: burst + 60 * ratePerSecond, most: 25_000 }

/** Of a feed, by Amazon's advice. */
const largestFeed = 10 * 1024 * 1024
const contentType = 'application/json; charset=UTF-8'

/** The place of a message is its id, and this order its place: known again from the SKUs alone, in whatever order they are kept. */
const inOrder = (sellerSkus: readonly string[]): string[] => sellerSkus.toSorted()

/** @throws RangeError where there are more than `bulk.most`, or none */
export function quantityFeed(sellerId: string, listings: readonly ListingQuantity[]): string {
  const quantities = new Map(listings.map(({ sellerSku, quantity }) => [sellerSku, quantity]))
  if (quantities.size === 0 || quantities.size > bulk.most) throw new RangeError(`a feed of ${quantities.size} quantities`)
  const messages = inOrder([...quantities.keys()]).map((sku, place) => ({
    messageId: place + 1,
    sku,
    operationType: 'PATCH',
    ...quantityPatch(quantities.get(sku) ?? 0),
  }))
  return JSON.stringify({ header: { sellerId, version: '2.0', issueLocale: 'en_US' }, messages })
}

const uploadTarget = z.object({ feedDocumentId: z.string().min(1), url: z.string().min(1) })
const createdFeed = z.object({ feedId: z.string().min(1).max(200) })

/**
 * Answers the feed's id. Only its last call, createFeed, has an effect: what fails before is `notSent`; where that one is cut, the feed
 * may have been taken. To submit again does no harm, since each quantity is told as it is to be, not as a difference.
 */
export async function submitQuantities(
  feeds: Feeds,
  account: ChannelAccount,
  marketplace: Marketplace,
  listings: readonly ListingQuantity[],
  signal: AbortSignal,
): Promise<string> {
  const content = Buffer.from(quantityFeed(account.merchantId, listings))
  if (content.length > largestFeed) throw new ChannelError('rejected', 'createFeed: more than Amazon takes at once: submit fewer quantities')
  const call = caller(feeds.client, account, marketplace, signal)
  try {
    const inputFeedDocumentId = await uploaded(feeds.documents, call, account, marketplace, content, signal)
    const body = { feedType: 'JSON_LISTINGS_FEED', marketplaceIds: [marketplace.id], inputFeedDocumentId }
    const { feedId } = await call('createFeed', createdFeed, (apis, options) => apis.feeds.createFeed({ body }, options))
    return feedId
  } catch (error) {
    throw advised(unlessUncertain(error), listingAdvice)
  }
}

/** After a cut, a refusal of the next try may be one of the document, as used already: it says nothing of the quantities. */
function unlessUncertain(error: unknown): unknown {
  if (!(error instanceof ChannelError) || error.kind !== 'rejected' || error.notSent) return error
  const { message, code, httpStatus, requestId } = error
  return new ChannelError('unavailable', message, { code, httpStatus, requestId, notSent: false })
}

/** The id of a document with that content. A document has no effect of its own, whatever failed. */
async function uploaded(
  documents: Documents,
  call: Caller,
  { connectionId }: ChannelAccount,
  { region }: Marketplace,
  content: Buffer,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { feedDocumentId, url } = await call('createFeedDocument', uploadTarget, (apis, options) =>
      apis.feeds.createFeedDocument({ body: { contentType } }, options),
    )
    await documents.put({ url, region, connectionId }, content, contentType, signal)
    return feedDocumentId
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    const { kind, message, code, httpStatus, requestId, retryAfterMs } = error
    throw new ChannelError(kind, message, { code, httpStatus, requestId, retryAfterMs, notSent: true })
  }
}

const feed = z.object({ processingStatus: z.enum(FeedProcessingStatusEnum), resultFeedDocumentId: z.string().min(1).nullish() })

/** `sellerSkus`: those of the feed; Amazon's report names a message by its id, and its SKU not always. */
export async function readSubmission(
  feeds: Feeds,
  account: ChannelAccount,
  marketplace: Marketplace,
  feedId: string,
  sellerSkus: readonly string[],
  signal: AbortSignal,
): Promise<SubmissionState> {
  const call = caller(feeds.client, account, marketplace, signal)
  const report = async (feedDocumentId: string): Promise<Report> => {
    const { url } = await call('getFeedDocument', z.object({ url: z.string().min(1) }), (apis, options) =>
      apis.feeds.getFeedDocument({ feedDocumentId }, options),
    )
    const { region } = marketplace
    return readReport(await feeds.documents.get({ url, region, connectionId: account.connectionId }, signal), feedId)
  }
  try {
    const { processingStatus, resultFeedDocumentId } = await call('getFeed', feed, (apis, options) => apis.feeds.getFeed({ feedId }, options))
    switch (processingStatus) {
      case 'IN_QUEUE':
      case 'IN_PROGRESS':
        return { state: 'PROCESSING' }
      case 'CANCELLED':
        return { state: 'FAILED', message: 'The feed was cancelled before Amazon worked on it.' }
      case 'FATAL':
        return { state: 'FAILED', message: await fatalWords(resultFeedDocumentId ?? null, report) }
      case 'DONE':
        if (resultFeedDocumentId == null) throw new ChannelError('invalid-answer', 'getFeed: resultFeedDocumentId: none, though the feed is done')
        return judged(await report(resultFeedDocumentId), inOrder(sellerSkus))
    }
  } catch (error) {
    // Amazon keeps feeds for some weeks; one that it no longer knows will never be done.
    if (error instanceof ChannelError && error.httpStatus === 404 && error.message.startsWith('getFeed:')) {
      return { state: 'FAILED', message: 'Amazon does not know the feed, or no longer.' }
    }
    throw advised(error, listingAdvice)
  }
}

const issue = z.object({
  messageId: z.int().min(1).nullish(),
  sku: z.string().min(1).nullish(),
  code: z.string().nullish(),
  severity: z.string(),
  message: z.string(),
})
const reportShape = z.object({
  header: z.object({ feedId: z.string() }),
  issues: z.array(issue),
  summary: z.object({ messagesAccepted: z.int().min(0) }),
})
type Report = z.output<typeof reportShape>
type Issue = Report['issues'][number]

function readReport(content: Buffer, feedId: string): Report {
  const invalid = (problem: string): ChannelError => new ChannelError('invalid-answer', `getFeedDocument: the processing report: ${problem}`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    throw invalid('no JSON')
  }
  const read = reportShape.safeParse(value)
  if (!read.success) throw invalid(problemOf(read.error))
  if (read.data.header.feedId !== feedId) throw invalid('header.feedId: of another feed')
  return read.data
}

const errorsOf = ({ issues }: Report): Issue[] => issues.filter((one) => one.severity === 'ERROR')
const wordsOf = (issues: readonly Issue[]): string =>
  [...new Set(issues.map((one) => cleaned(one.message, [])))].slice(0, 3).join(' ').slice(0, 800)

/** What is refused is told once a SKU. An error that names no message is one of the whole feed: it counts where nothing was accepted. */
function judged(report: Report, skus: readonly string[]): SubmissionState {
  const errors = errorsOf(report)
  const bySku = new Map<string, Issue[]>()
  for (const one of errors) {
    const sku = one.sku ?? skus[(one.messageId ?? 0) - 1]
    if (sku === undefined) {
      if (one.messageId != null) throw new ChannelError('invalid-answer', 'getFeedDocument: the processing report: issues: messageId: of no message of the feed')
      continue
    }
    bySku.set(sku, [...(bySku.get(sku) ?? []), one])
  }
  if (bySku.size === 0 && report.summary.messagesAccepted === 0) {
    return { state: 'FAILED', message: `Amazon took none of the feed: ${wordsOf(errors) || 'no reason given'}` }
  }
  return { state: 'DONE', refused: [...bySku].map(([sellerSku, issues]) => refusedOf(sellerSku, issues)) }
}

function refusedOf(sellerSku: string, issues: readonly Issue[]): { sellerSku: string; code: string | null; message: string } {
  const code = issues[0]?.code ? cleaned(issues[0].code, []).slice(0, 60) : null
  const words = wordsOf(issues)
  const advice = listingAdvice({ httpStatus: null, code, message: words })
  return { sellerSku, code, message: words === '' || advice.words.includes(words) ? advice.words : `${advice.words} (Amazon: "${words}")` }
}

/** The report of what went wrong, where there is one and it can be read: the feed is lost either way. */
async function fatalWords(feedDocumentId: string | null, report: (feedDocumentId: string) => Promise<Report>): Promise<string> {
  const words = 'Amazon gave the feed up.'
  if (feedDocumentId === null) return words
  try {
    const reasons = wordsOf(errorsOf(await report(feedDocumentId)))
    return reasons === '' ? words : `${words} Its reasons: ${reasons}`
  } catch (error) {
    if (!(error instanceof ChannelError) || error.kind === 'cancelled') throw error
    return words
  }
}

type Caller = <Shape extends z.ZodType>(
  operation: Operation,
  shape: Shape,
  send: (apis: RegionApis, options: RawAxiosRequestConfig) => Promise<AxiosResponse<unknown>>,
) => Promise<z.output<Shape>>

const caller =
  (client: SpApiClient, account: ChannelAccount, { region }: Marketplace, signal: AbortSignal): Caller =>
  async (operation, shape, send) => {
    const { body, requestId, status: httpStatus } = await client.call({ operation, account, region, signal, send })
    const parsed = shape.safeParse(body)
    if (parsed.success) return parsed.data
    throw new ChannelError('invalid-answer', `${operation}: ${problemOf(parsed.error)}`, { requestId, httpStatus })
  }
