// What becomes of a JSON_LISTINGS_FEED: each message is a patch of its own, and the report tells of those that were refused.
// Shapes: amzn/selling-partner-api-models, schemas/feeds/listings-feed-schema-v2.json and listings-feed-processing-report-schema-v2.json
import type { IssueSeverityEnum } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { z } from 'zod'
import type { FaultOf } from './faults.ts'
import { patchesShape, planPatch } from './listing-patch.ts'
import { parseJson } from './parse.ts'
import type { Seller } from './seller.ts'

const MOST_MESSAGES = 25_000
const MOST_BYTES = 10 * 1024 * 1024

export interface ReportIssue {
  /** Left out where the issue is the whole feed's. */
  messageId?: number
  sku?: string
  code: string
  severity: IssueSeverityEnum
  message: string
  attributeName?: string
}
export interface ReportSummary {
  errors: number
  warnings: number
  messagesProcessed: number
  messagesAccepted: number
  messagesInvalid: number
}
export interface ProcessingReport {
  header: { sellerId: string; version: '2.0'; feedId: string }
  issues: ReportIssue[]
  summary: ReportSummary
}

const feedShape = z.object({
  header: z.object({
    sellerId: z.string(),
    version: z.literal('2.0', 'header.version must be 2.0.'),
    issueLocale: z.string().optional(),
  }),
  messages: z
    .array(z.unknown(), 'messages must be a list.')
    .min(1, 'messages must not be empty.')
    .max(MOST_MESSAGES, `A feed takes at most ${MOST_MESSAGES} messages.`),
})
const messageShape = z.object({
  messageId: z.int('messageId must be a whole number.').min(1, 'messageId must be at least 1.').max(2_147_483_647),
  sku: z.string('sku is required.').min(1, 'sku is required.'),
  operationType: z.literal('PATCH', 'The simulator takes operationType PATCH alone.'),
  productType: z.string('productType is required.').min(1, 'productType is required.'),
  requirements: z.never('requirements is not applicable to PATCH.').optional(),
  attributes: z.never('attributes is not applicable to PATCH.').optional(),
  patches: patchesShape,
})

export interface ProcessedFeed {
  status: 'DONE' | 'FATAL'
  report: ProcessingReport
}

/** Reads a feed and applies the messages that are fit, those of a feed that is not fit at all excepted. */
export function processFeed(
  feed: { feedId: string; marketplaceIds: readonly string[] },
  seller: Seller,
  content: Buffer,
  now: number,
  reject: FaultOf<'reject'> | undefined,
): ProcessedFeed {
  const header: ProcessingReport['header'] = { sellerId: seller.sellerId, version: '2.0', feedId: feed.feedId }
  const read = feedShape.safeParse(content.length > MOST_BYTES ? undefined : parseJson(content.toString('utf8')))
  const fatal = (message: string): ProcessedFeed => ({
    status: 'FATAL',
    report: {
      header,
      issues: [{ code: '4000003', severity: 'ERROR', message }],
      summary: { errors: 1, warnings: 0, messagesProcessed: 0, messagesAccepted: 0, messagesInvalid: 0 },
    },
  })
  if (content.length > MOST_BYTES) return fatal('A feed takes at most 10 MiB.')
  if (!read.success) return fatal(read.error.issues[0]?.message ?? 'The document is not a listings feed.')
  if (read.data.header.sellerId !== seller.sellerId) return fatal('header.sellerId is not the seller that the feed was submitted for.')

  const issues: ReportIssue[] = []
  const seen = new Set<number>()
  let invalid = 0
  for (const raw of read.data.messages) {
    const found = judge(raw, seen, feed.marketplaceIds, seller, now, reject)
    if (found.length > 0) invalid++
    issues.push(...found)
  }
  const processed = read.data.messages.length
  return {
    status: 'DONE',
    report: {
      header,
      issues,
      summary: {
        errors: issues.length,
        warnings: 0,
        messagesProcessed: processed,
        messagesAccepted: processed - invalid,
        messagesInvalid: invalid,
      },
    },
  }
}

/** What is wrong with a message; where nothing is, it is applied. */
function judge(
  raw: unknown,
  seen: Set<number>,
  marketplaceIds: readonly string[],
  seller: Seller,
  now: number,
  reject: FaultOf<'reject'> | undefined,
): ReportIssue[] {
  const message = messageShape.safeParse(raw)
  const named = z.object({ messageId: messageShape.shape.messageId, sku: messageShape.shape.sku.optional() }).safeParse(raw)
  const about = named.success ? { messageId: named.data.messageId, ...(named.data.sku !== undefined && { sku: named.data.sku }) } : {}
  if (!message.success)
    return [{ ...about, code: '4000001', severity: 'ERROR', message: message.error.issues[0]?.message ?? 'The message is not fit.' }]
  const { messageId, sku, patches } = message.data
  if (seen.has(messageId))
    return [{ ...about, code: '4000002', severity: 'ERROR', message: `messageId ${messageId} is that of an earlier message of this feed.` }]
  seen.add(messageId)
  const { issues, apply } = planPatch(seller, marketplaceIds, sku, patches, reject)
  if (issues.length === 0) apply(now)
  return issues.map(({ code, message: words, severity, attributeNames }) => ({
    messageId,
    sku,
    code,
    severity,
    message: words,
    ...(attributeNames?.[0] !== undefined && { attributeName: attributeNames[0] }),
  }))
}
