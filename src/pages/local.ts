import type { FastifyRequest } from 'fastify'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/**
 * Whether a browser on this machine asks for this machine. Any other Host is a name that some site had resolved to loopback, and
 * its scripts could read the page; what a proxy passes on comes from loopback too, for whomever.
 */
export function isLocal(request: FastifyRequest, host: string): boolean {
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]', host])
  return loopback.test(request.socket.remoteAddress ?? '') && hosts.has(request.hostname.toLowerCase()) && !passedOn.some((name) => name in request.headers)
}
