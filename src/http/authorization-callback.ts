// Where a marketplace sends a seller back to. The URL's query holds a code and a state: neither is ever shown or logged.
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { createElement, Fragment } from 'react'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { sendPage, Words } from '../pages/page.tsx'
import { sendErrorPage } from './error-page.ts'
import { refuse } from './refuse.ts'

/** What a seller's browser is shown, in plain text. */
export interface AuthorizationPage {
  outcome: 'done' | 'refused' | 'unavailable'
  title: string
  /** A paragraph each. */
  words: readonly string[]
  /** Where to go on; none: the page may be closed. */
  next?: { label: string; url: string } | null
}

/** Finishes the authorization that a channel's marketplace speaks of in `answer`, the query without what stands there twice. */
export type FinishAuthorization = (channel: string, answer: Readonly<Record<string, string>>, requestId: string) => Promise<AuthorizationPage>

const channelCode = /^[a-z0-9-]{1,50}$/

const statusOf = { done: 200, refused: 400, unavailable: 503 } as const

export function serveAuthorizationCallback(app: FastifyInstance, { finishAuthorization, log }: { finishAuthorization: FinishAuthorization | null; log: Log }): void {
  if (finishAuthorization === null) return
  app.route<{ Params: { channel: string }; Querystring: Record<string, string | string[]> }>({
    method: 'GET',
    url: '/authorize/:channel/callback',
    exposeHeadRoute: false, // a look at the link must not use it up
    errorHandler(error: FastifyError, request, reply) {
      const status = error.statusCode ?? 500
      if (status >= 500) log.error({ requestId: request.id, causes: causes(error), path: request.routeOptions.url }, 'request failed')
      return sendErrorPage(request, reply, status)
    },
    async handler(request, reply) {
      const { query, params } = request
      if (!channelCode.test(params.channel)) return refuse(request, reply, 404)
      const answer = Object.fromEntries(Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
      const page = await finishAuthorization(params.channel, answer, request.id)
      return send(reply, statusOf[page.outcome], page)
    },
  })
}

const send = (reply: FastifyReply, status: number, { outcome, title, words, next }: AuthorizationPage): FastifyReply =>
  sendPage(reply, status, { title, mood: outcome, body: createElement(Fragment, null, createElement(Words, { words }), next && createElement('p', null, createElement('a', { href: next.url }, next.label))) })
