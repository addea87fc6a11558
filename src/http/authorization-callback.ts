// Where a marketplace sends a seller back to. The URL's query holds a code and a state: neither is ever shown or logged.
import { createHash } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'

/** What a seller's browser is shown, in plain text. */
export interface AuthorizationPage {
  outcome: 'done' | 'refused' | 'unavailable'
  title: string
  /** A paragraph each. */
  words: readonly string[]
}

/** Finishes the authorization that a channel's marketplace speaks of in `answer`, the query without what stands there twice. */
export type FinishAuthorization = (channel: string, answer: Readonly<Record<string, string>>, requestId: string) => Promise<AuthorizationPage>

const statusOf = { done: 200, refused: 400, unavailable: 503 } as const

const style = `:root{color-scheme:light dark;--mark:#b42318}.done{--mark:#1a7f37}.unavailable{--mark:#9a6700}
body{font:1.1rem/1.55 system-ui,sans-serif;margin:14vh auto 0;max-width:36rem;padding:0 1.5rem;color:light-dark(#1b1f24,#e6edf3);background:light-dark(#fff,#161b22)}
main{border-left:.3rem solid var(--mark);padding:.1rem 0 .1rem 1.5rem}h1{font-size:1.5rem;line-height:1.25}`

const helmet = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: [`'sha256-${createHash('sha256').update(style).digest('base64')}'`],
      formAction: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
}

export function serveAuthorizationCallback(app: FastifyInstance, { finishAuthorization, log }: { finishAuthorization: FinishAuthorization | null; log: Log }): void {
  if (finishAuthorization === null) return
  app.route<{ Params: { channel: string }; Querystring: Record<string, string | string[]> }>({
    method: 'GET',
    url: '/authorize/:channel/callback',
    exposeHeadRoute: false, // a look at the link must not use it up
    helmet,
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

function send(reply: FastifyReply, status: number, { outcome, title, words }: AuthorizationPage): FastifyReply {
  const heading = escaped(title)
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${heading}</title><style>${style}</style></head>
<body><main class="${outcome}"><h1>${heading}</h1>${words.map((one) => `<p>${escaped(one)}</p>`).join('')}</main></body></html>\n`
  return reply.code(status).header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').type('text/html; charset=utf-8').send(body)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
