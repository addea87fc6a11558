import { z } from 'zod'
import type { StoredFeed } from './feed-store.ts'
import { textOf, viewFeed } from './feeds.ts'
import type { State } from './state.ts'
import { fit, fitBody, Unfit } from './unfit.ts'

const paceInput = z.strictObject({
  queueSeconds: z.number().min(0).max(86_400).optional(),
  processingSeconds: z.number().min(0).max(86_400).optional(),
  gzip: z.boolean().optional(),
})

/** How feeds run from now on; what is left out stays as it is. */
export function changeFeeds(state: State, body: string | undefined): object {
  const { queueSeconds, processingSeconds, gzip } = fitBody(paceInput, body)
  const { pace } = state.feeds
  state.feeds.pace = {
    queueSeconds: queueSeconds ?? pace.queueSeconds,
    processingSeconds: processingSeconds ?? pace.processingSeconds,
    gzip: gzip ?? pace.gzip,
  }
  return state.feeds.pace
}

const listQuery = z.strictObject({ sellerId: z.string().optional() })

/** Newest first. */
export function listFeeds(state: State, query: unknown): object {
  const { sellerId } = fit(listQuery, query)
  const found = [...state.feeds.feeds.values()].filter((feed) => (sellerId ?? feed.sellerId) === feed.sellerId)
  return { feeds: found.reverse().map(shown), ...state.feeds.pace }
}

export function showFeed(state: State, feedId: string): object {
  const feed = state.feeds.feeds.get(feedId)
  if (feed === undefined) throw new Unfit(404, `there is no feed ${feedId}`)
  const result = feed.resultDocumentId === null ? undefined : state.feeds.documents.get(feed.resultDocumentId)
  return { feed: shown(feed), report: result === undefined ? null : textOf(result) }
}

const shown = (feed: StoredFeed): object => ({ ...viewFeed(feed), sellerId: feed.sellerId, summary: feed.summary })
