// What the HTTP layer itself refuses, in the shape of a GraphQL answer.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { sendErrorPage, wantsPage } from './error-page.ts'

declare module 'fastify' {
  interface FastifyInstance {
    countError: (code: string) => void
  }
}

const byStatus: Record<number, { code: string; message: string }> = {
  400: { code: 'BAD_REQUEST', message: 'The request body is not JSON' },
  401: { code: 'UNAUTHENTICATED', message: 'A good API token is needed: Authorization: Bearer <token>' },
  404: { code: 'NOT_FOUND', message: 'There is nothing here; GraphQL is at /graphql' },
  406: { code: 'NOT_ACCEPTABLE', message: 'Answers come as text/event-stream, which the request must accept' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'The request body is larger than 1 MiB' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'The request body must be application/json' },
  403: { code: 'FORBIDDEN', message: 'This is not for the role of this token' },
  431: { code: 'TOO_MANY_HEADERS', message: 'The request has more than 100 headers' },
  429: { code: 'RATE_LIMITED', message: 'Too many requests from this address; try again shortly' },
  503: { code: 'SIGN_IN_UNAVAILABLE', message: 'The identity provider cannot be reached, so that access tokens cannot be verified; API tokens are not concerned' },
}

/** Answers with that status in the words of the table. */
export const refuse = (request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply => refuseFor(request, reply, status, (byStatus[status] ?? byStatus[400]!).message)

/** As refuse, in words of one's own. */
export function refuseFor(request: FastifyRequest, reply: FastifyReply, status: number, message: string): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return refuseAs(request, reply, status, (byStatus[status] ?? byStatus[400]!).code, message)
}

/** As refuseFor, by a code of one's own. */
export function refuseAs(request: FastifyRequest, reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  request.server.countError(code)
  return reply.code(status).type('application/json; charset=utf-8').send({ errors: [{ message, extensions: { code, requestId: request.id } }] })
}

/** What is no address at all is refused before anything of ours has run, and so without the headers that all else is given. */
export function refuseAddress(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none';frame-ancestors 'none'", 'referrer-policy': 'no-referrer' })
  refuseFor(request, reply, 400, 'The address of the request is none')
}

/** Fastify's errors, and whatever else is thrown outside of GraphQL: the former in words, the latter logged and untold. */
export function errorHandler(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const status = error.statusCode ?? 500
    if (status < 500) {
      log.info({ requestId: request.id, status, path: request.routeOptions.url }, 'request refused')
      return wantsPage(request) ? sendErrorPage(request, reply, status) : refuse(request, reply, status)
    }
    log.error({ requestId: request.id, causes: causes(error), path: request.routeOptions.url }, 'request failed')
    if (wantsPage(request)) return sendErrorPage(request, reply, 500)
    return refuseAs(request, reply, 500, 'INTERNAL_SERVER_ERROR', 'Internal error')
  }
}
