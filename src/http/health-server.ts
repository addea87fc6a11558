import fastify from 'fastify'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { bounds } from './bounds.ts'
import { type Readiness, serveHealth } from './health.ts'
import { drain, listen } from './listen.ts'

export interface HealthServerOptions {
  host: string
  port: number
  log: Log
  metrics: Metrics
  readiness: Readiness
}

/** /healthz, /readyz and /metrics, of a process that serves nothing else. @throws EADDRINUSE and its kin. */
export async function startHealthServer({ host, port, log, metrics, readiness }: HealthServerOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const app = fastify({ ...bounds(), forceCloseConnections: 'idle' })
  let stopping = false
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'There is nothing here but /healthz, /readyz and /metrics: this process serves no API' }))
  serveHealth(app, { metrics, log, readiness: async () => (stopping ? ['the process is stopping'] : readiness()) })
  const url = await listen(app, { host, port })
  log.info({ url }, 'health listening')
  return {
    url,
    stop() {
      stopping = true
      return drain(app)
    },
  }
}
