// Who may come in over HTTP: whose token is good, and has not been used too often.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { TooManyAttempts } from '../auth/authenticate.ts'
import { SignInUnavailable } from '../auth/oidc.ts'
import type { Actor } from '../auth/scope.ts'
import type { HttpOptions } from './http-options.ts'
import { refuse, refuseFor } from './refuse.ts'

export type Door = Pick<HttpOptions, 'authenticator' | 'tokenRates'>

/** Who calls; null where that was answered with a refusal. */
export async function authenticated(request: FastifyRequest, reply: FastifyReply, { authenticator, tokenRates }: Door): Promise<Actor | null> {
  try {
    const actor = await authenticator.actorOf(request.headers.authorization, request.ip)
    if (actor === null) return refused(refuse(request, reply, 401))
    const wait = tokenRates.take(actor.id, performance.now())
    if (wait > 0) return refused(refuseFor(request, reply.header('retry-after', Math.ceil(wait / 1000)), 429, 'Too many requests with this token; try again shortly'))
    return actor
  } catch (error) {
    if (error instanceof TooManyAttempts) return refused(refuseFor(request, reply.header('retry-after', error.retryAfterSeconds), 429, 'Too many tokens that are no good came from there; try again shortly'))
    if (error instanceof SignInUnavailable) return refused(refuse(request, reply.header('retry-after', 5), 503))
    throw error
  }
}

const refused = (_reply: FastifyReply): null => null
