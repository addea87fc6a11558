import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { seconds } from '../kit/clock.ts'

/** How long running requests have to end before their connections are cut. */
const DRAIN_MS = seconds(5)

/** Answers where it listens, e.g. http://127.0.0.1:4000. @throws EADDRINUSE and its kin. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  await app.listen({ host, port })
  const at = app.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${at.port}`
}

/** Accepts nothing more and ends what runs. */
export async function drain(app: FastifyInstance): Promise<void> {
  const impatient = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)
  await app.close()
  clearTimeout(impatient)
}
