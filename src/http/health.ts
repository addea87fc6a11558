import type { FastifyInstance } from 'fastify'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'

/** What keeps a process from serving, in words for an operator; empty when it is ready. */
export type Readiness = () => Promise<string[]>

export function serveHealth(app: FastifyInstance, { metrics, readiness, log }: { metrics: Metrics; readiness: Readiness; log: Log }): void {
  // A monitor behind a shared address must not be told 429.
  const config = { rateLimit: false }
  app.get('/healthz', { config }, async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'alive' }))
  app.get('/readyz', { config }, async (_request, reply) => {
    const problems = await readiness().catch((error: unknown) => {
      log.warn({ causes: causes(error) }, 'readiness not known')
      return ['the database does not answer']
    })
    reply.header('cache-control', 'no-store')
    return problems.length === 0 ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', problems })
  })
  app.get('/metrics', { config }, async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()))
}
