// Feeds and their documents, in memory: the newest of each are kept.
import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { FeedProcessingStatusEnum } from '@sp-api-sdk/feeds-api-2021-06-30'
import { minutes } from '../../../kit/clock.ts'
import type { ReportSummary } from './feed-report.ts'

const URL_LIFE = minutes(5)
const KEPT_FEEDS = 1000
const KEPT_DOCUMENTS = 3000

export interface StoredDocument {
  documentId: string
  sellerId: string
  /** What an upload's Content-Type must be, to the letter. */
  contentType: string
  /** Null until it is uploaded, and again once its feed has been read. */
  content: Buffer | null
  gzip: boolean
  /** A feed was made of it: it takes no other, and no further upload. */
  used: boolean
}

export interface StoredFeed {
  feedId: string
  sellerId: string
  marketplaceIds: string[]
  createdAt: number
  status: FeedProcessingStatusEnum
  startedAt: number | null
  endedAt: number | null
  inputDocumentId: string
  resultDocumentId: string | null
  summary: ReportSummary | null
}

/** How feeds run from now on; seconds of the simulator's clock. */
export interface FeedPace {
  queueSeconds: number
  processingSeconds: number
  /** Whether reports come compressed. */
  gzip: boolean
}

export class FeedStore {
  readonly documents = new Map<string, StoredDocument>()
  readonly feeds = new Map<string, StoredFeed>()
  pace: FeedPace = { queueSeconds: 2, processingSeconds: 4, gzip: true }
  readonly #secret = randomBytes(32)
  /** Begins elsewhere at each start: a number that a client still remembers must not name another feed. */
  #last = randomInt(50_000_000_000, 90_000_000_000)

  addDocument(sellerId: string, contentType: string, more: { content?: Buffer; gzip?: boolean } = {}): StoredDocument {
    const document: StoredDocument = {
      documentId: `amzn1.tortuga.4.na.${randomUUID()}.SIMULATED`,
      sellerId,
      contentType,
      content: more.content ?? null,
      gzip: more.gzip ?? false,
      used: false,
    }
    keep(this.documents, document.documentId, document, KEPT_DOCUMENTS)
    return document
  }

  addFeed(feed: Omit<StoredFeed, 'feedId' | 'status' | 'startedAt' | 'endedAt' | 'resultDocumentId' | 'summary'>): StoredFeed {
    const made: StoredFeed = {
      ...feed,
      feedId: String(++this.#last),
      status: 'IN_QUEUE',
      startedAt: null,
      endedAt: null,
      resultDocumentId: null,
      summary: null,
    }
    keep(this.feeds, made.feedId, made, KEPT_FEEDS)
    return made
  }

  /** The path and query of a URL that serves that document for five minutes. */
  presign(method: 'GET' | 'PUT', documentId: string, now: number, encoding?: 'gzip'): string {
    const expires = String(now + URL_LIFE)
    const query = new URLSearchParams({ expires, signature: this.#sign(method, documentId, expires) })
    if (encoding !== undefined) query.set('response-content-encoding', encoding)
    return `/_storage/${documentId}?${query}`
  }

  /** Whether a URL was made by `presign`, and is still good. */
  judge(method: 'GET' | 'PUT', documentId: string, query: URLSearchParams, now: number): 'good' | 'expired' | 'forged' {
    const expires = query.get('expires') ?? ''
    if (query.get('signature') !== this.#sign(method, documentId, expires)) return 'forged'
    return Number(expires) <= now ? 'expired' : 'good'
  }

  #sign(method: string, documentId: string, expires: string): string {
    return createHmac('sha256', this.#secret).update(`${method} ${documentId} ${expires}`).digest('hex')
  }
}

function keep<Row>(rows: Map<string, Row>, key: string, row: Row, most: number): void {
  rows.set(key, row)
  for (const oldest of rows.keys()) {
    if (rows.size <= most) break
    rows.delete(oldest)
  }
}
