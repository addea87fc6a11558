// The simulator: an offline Amazon over HTTP. See `/` of a running one for what it serves.
import { setMaxListeners } from 'node:events'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { type Clock, systemClock } from '../../../kit/clock.ts'
import type { Log } from '../../../observability/log.ts'
import { invalidInput, loginRefused, refused } from './answer.ts'
import { createBuying } from './buying.ts'
import { inventPast, shopOnce } from './buyers.ts'
import { createSimulatorClock } from './clock.ts'
import { serveConsent } from './consent.ts'
import { serveControl } from './control.ts'
import { demoSellers, type DemoSeller, type DemoSellers } from './demo-sellers.ts'
import type { Served } from './door.ts'
import type { FeedPace } from './feed-store.ts'
import { frontPage } from './front-page.ts'
import { serveOperations, serveUnknown } from './operations.ts'
import { fromDemo } from './seller.ts'
import { createRandom } from './random.ts'
import { State } from './state.ts'
import { serveStorage } from './storage.ts'

export interface SimulatorOptions {
  host: string
  /** 0: any free one. */
  port: number
  log?: Log
  /** The same seed invents the same buyers and orders, and throws the same dice for faults. 1 unless told. */
  seed?: number
  /** For what is bought from the start on, if it is to differ from start to start while the past stays the same. */
  buyersSeed?: number
  /** Invented purchases, one each so many milliseconds of real time; 4000 unless told, none where null. */
  buying?: { everyMs: number } | null
  /** Whether the sellers start with six hours of past orders; as `buying` unless told. */
  past?: boolean
  /** The demonstration's two unless told. More are made by the control API. */
  sellers?: readonly DemoSeller[]
  /** How feeds run: two seconds in the queue and four in progress unless told. */
  feeds?: Partial<FeedPace>
  /** What the simulator's clock is based on; frozen in tests that drive it by the control API. */
  clock?: Clock
}

export interface Simulator {
  url: string
  demo: DemoSellers
  stop(): Promise<void>
}

const DEFAULT_PACE = 4000

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const stopping = new AbortController()
  // Every delayed call waits for it.
  setMaxListeners(0, stopping.signal)
  const pace = options.buying === undefined ? DEFAULT_PACE : (options.buying?.everyMs ?? null)
  const served: Served = { state: begin(options), stopping: stopping.signal }
  const buying = createBuying(() => {
    served.state.settle()
    shopOnce(served.state)
  })
  const app = fastify({ forceCloseConnections: true, bodyLimit: 8 * 1024 * 1024, routerOptions: { maxParamLength: 1000 } })
  // Bodies are read by the operation itself: what is wrong with one is answered in the operation's own words, and recorded.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  serveOperations(app, served)
  serveStorage(app, served)
  serveConsent(app, served)
  serveControl(app, served, buying, () => {
    served.state = begin(options)
    buying.set(pace)
  })
  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(frontPage(served.state, buying)))
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/_simulator')
      ? reply.code(404).send({ error: `${request.method} ${request.url.split('?')[0]} is not part of the control API` })
      : serveUnknown(served, reply),
  )
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.log?.error({ err: error.message, route: request.routeOptions.url }, 'simulator failed')
    const words = status >= 500 ? 'The simulator failed.' : error.message
    if (request.url.startsWith('/_simulator')) return reply.code(status).send({ error: words })
    const answer = request.url.startsWith('/auth')
      ? loginRefused(status, 'invalid_request', words)
      : status === 400
        ? invalidInput(words)
        : refused(status, 'InternalFailure', words)
    return reply.code(answer.status).send(answer.body)
  })
  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`
  buying.set(pace)
  options.log?.info({ url }, 'simulator listening')
  return {
    url,
    demo: demoSellers,
    async stop() {
      buying.set(null)
      stopping.abort()
      await app.close()
    },
  }
}

function begin(options: SimulatorOptions): State {
  const state = new State(createSimulatorClock(options.clock ?? systemClock), options.seed ?? 1)
  const now = state.clock.now()
  state.feeds.pace = { ...state.feeds.pace, ...options.feeds }
  for (const demo of options.sellers ?? demoSellers) state.addSeller(fromDemo(demo, now))
  if (options.past ?? options.buying !== null) for (const seller of state.sellers.values()) inventPast(state, seller)
  if (options.buyersSeed !== undefined) state.random = createRandom(options.buyersSeed)
  return state
}
