// Where a marketplace sends a seller back to. The URL's query holds a code and a state: neither is ever shown or logged.
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { createElement, Fragment } from 'react'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { sendPage, Words } from '../pages/page.tsx'

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
      const [title, words] = status === 429
        ? ['Too many requests', 'Your address has asked too often. Wait a minute, and load this page again.']
        : ['Something went wrong', `Nothing more is known here. Tell whoever sent you here the number of this request: ${request.id}`]
      return send(reply, status, { outcome: 'unavailable', title, words: [words] })
    },
    async handler(request, reply) {
      const { query } = request
      const answer = Object.fromEntries(Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
      const page = await finishAuthorization(request.params.channel, answer, request.id)
      return send(reply, statusOf[page.outcome], page)
    },
  })
}

const send = (reply: FastifyReply, status: number, { outcome, title, words, next }: AuthorizationPage): FastifyReply =>
  sendPage(reply, status, { title, mood: outcome, body: createElement(Fragment, null, createElement(Words, { words }), next && createElement('p', null, createElement('a', { href: next.url }, next.label))) })
