// Who stands behind a set-up link: once it is opened, the browser that opened it has a session, and that alone.
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Scope, ScopeFor } from '../auth/scope.ts'
import type { Database } from '../db/client.ts'
import type { Clock } from '../kit/clock.ts'
import { setupLinkById, setupLinkOfSession, type SetupLinkRow } from '../onboarding/setup-links.store.ts'

const COOKIE = 'cartage_setup'
const ACTOR = 'setup-link:'

export interface Session {
  link: SetupLinkRow
  /** Acts as the link's person, for their customer alone. */
  scope: Scope
}

const hashOf = (session: string): Buffer => createHash('sha256').update(session).digest()

/** A new session: what the browser keeps, and what is kept of it. */
export function newSession(): { secret: string; hash: Buffer } {
  const secret = randomBytes(32).toString('base64url')
  return { secret, hash: hashOf(secret) }
}

/** Over TLS by a name that browsers take from this very host alone: else another one of the same domain could plant a session of its own. */
function cookieOf(request: FastifyRequest, publicUrl: string): { name: string; where: string } {
  const secure = publicUrl.startsWith('https:') || request.protocol === 'https'
  return secure ? { name: `__Host-${COOKIE}`, where: 'Path=/; Secure' } : { name: COOKIE, where: 'Path=/setup' }
}

export function setCookie(reply: FastifyReply, secret: string, { expiresAt }: SetupLinkRow, publicUrl: string): FastifyReply {
  const { name, where } = cookieOf(reply.request, publicUrl)
  return reply.header('set-cookie', `${name}=${secret}; ${where}; HttpOnly; SameSite=Lax; Expires=${expiresAt.toUTCString()}`)
}

/** Whose session a request comes with; null where that is none, or over. */
export async function sessionOf(request: FastifyRequest, { db, clock, scopeFor, publicUrl }: { db: Database; clock: Clock; scopeFor: ScopeFor; publicUrl: string }): Promise<Session | null> {
  const secret = new RegExp(`(?:^|;\\s*)${cookieOf(request, publicUrl).name}=([\\w-]{43})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
  const link = secret === undefined ? null : await setupLinkOfSession(db.pool, hashOf(secret), clock())
  if (link === null) return null
  const actor = { id: actorIdOf(link), name: WHO, role: 'CUSTOMER', customerIds: [link.customerId] } as const
  return { link, scope: scopeFor(actor, request.id, { address: request.ip, action: 'set-up page' }) }
}

export const actorIdOf = ({ id }: Pick<SetupLinkRow, 'id'>): string => `${ACTOR}${id}`
/** Stays in events and in the audit log for good; the person's name does not stay so long: the link has it. */
export const WHO = 'the merchant (set-up link)'
export const isSetupLink = (actorId: string): boolean => actorId.startsWith(ACTOR)

/** Whether whoever acts by a set-up link may still do so. */
export async function isSetupLinkGood(scope: Scope, actorId: string): Promise<boolean> {
  const link = await setupLinkById(scope.db.pool, scope, actorId.slice(ACTOR.length))
  return link !== null && link.revokedAt === null && link.expiresAt > scope.clock()
}

/** Whether a form comes from our own pages: other sites' forms come without the cookie too, but browsers differ in age. */
export function isOurs(request: FastifyRequest, publicUrl: string): boolean {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const says = typeof site === 'string'
  if (says && site !== 'same-origin' && site !== 'none') return false
  // A browser that keeps referrers to itself says "null", and the other header says the rest.
  return origin === undefined || (says && origin === 'null') || origin === new URL(publicUrl).origin || origin === `${request.protocol}://${request.host}`
}
