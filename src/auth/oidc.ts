// Access tokens of an identity provider (OpenID Connect): JWTs, verified here by its published keys. Nothing but asymmetric algorithms is
// taken, so that none of those keys serves as a shared secret, and only what was issued for this gateway.
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose'
import type { OidcConfig } from '../config/env.ts'
import type { Database } from '../db/client.ts'
import { rows, statement } from '../db/sql.ts'
import { minutes, seconds } from '../kit/clock.ts'
import { uuidOf } from '../kit/ids.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { roleNames } from './permissions.ts'
import type { Actor, RoleName } from './scope.ts'

/** The identity provider's keys cannot be had. */
export class SignInUnavailable extends Error {}

/** Clocks differ. */
const TOLERANCE_S = 30
const ASK_MS = seconds(5)
/** Keys are asked for again after so long; at a key that is unknown at once, but no oftener than this. */
const KEYS_MS = minutes(10)
const COOLDOWN_MS = seconds(30)
const LONGEST_NAME = 100
const LONGEST_SUBJECT = 255
/** Customers that one token may name. */
const MOST_CUSTOMERS = 1000

/** Whether a bearer token looks like a JWT: what is ours never has a point. */
export const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)

const customersNamed = statement('customersNamed', 'SELECT id FROM customers WHERE reference = ANY($1::text[]) OR id = ANY($2::uuid[])')

export class OidcVerifier {
  readonly #config: OidcConfig
  readonly #db: Database
  readonly #log: Log
  #keys: { get: Promise<JWTVerifyGetKey>; until: number } | undefined

  constructor({ config, db, log }: { config: OidcConfig; db: Database; log: Log }) {
    this.#config = config
    this.#db = db
    this.#log = log
  }

  /** Who a token says it is; null where it is none for us, or names no role or no customers that are here. @throws SignInUnavailable */
  async actorOf(token: string, now: Date): Promise<Actor | null> {
    const { issuer, audience, algorithms } = this.#config
    let claims: JWTPayload
    try {
      const { payload } = await jwtVerify(token, await this.#keysAt(now), { issuer, audience, algorithms, clockTolerance: TOLERANCE_S, currentDate: now, requiredClaims: ['sub', 'exp'] })
      claims = payload
    } catch (error) {
      if (error instanceof SignInUnavailable) throw error
      if (!isVerdict(error)) return this.#unavailable(error)
      this.#log.info({ code: error.code }, 'an access token was refused')
      return null
    }
    return this.#actor(claims)
  }

  async #actor(claims: JWTPayload): Promise<Actor | null> {
    const { roleClaim, customersClaim, nameClaim } = this.#config
    const subject = claims.sub!
    const role = this.#roleIn(claimOf(claims, roleClaim))
    if (role === null || subject === '' || subject.length > LONGEST_SUBJECT) return this.#without('role')
    const named = claimOf(claims, customersClaim)
    const customerIds = named === undefined ? null : await this.#customers(named)
    const bound = role === 'CUSTOMER' || role === 'VIEWER'
    if (bound && ((role === 'CUSTOMER' && customerIds === null) || customerIds?.length === 0)) return this.#without('customers')
    return { id: `oidc:${subject}`, name: nameIn(claims, nameClaim), role, customerIds: bound ? customerIds : null, expiresAt: new Date(claims.exp! * 1000) }
  }

  #without(what: string): null {
    this.#log.info({ what }, 'an access token names no role or customers that are here')
    return null
  }

  /** Of several the one that may most. */
  #roleIn(value: unknown): RoleName | null {
    const { roles } = this.#config
    const named = new Set(stringsIn(value).map((one) => (roles === null ? one : Object.hasOwn(roles, one) ? roles[one] : undefined)))
    return roleNames.find((role) => named.has(role)) ?? null
  }

  /** By reference or id; those that are not here are left out. */
  async #customers(value: unknown): Promise<string[]> {
    const named = stringsIn(value).slice(0, MOST_CUSTOMERS)
    const ids = named.map((one) => uuidOf('Customer', one)).filter((id) => id !== null)
    return (await rows<{ id: string }>(this.#db.pool, customersNamed, [named, ids])).map(({ id }) => id)
  }

  #keysAt(now: Date): Promise<JWTVerifyGetKey> {
    if (this.#keys !== undefined && now.getTime() < this.#keys.until) return this.#keys.get
    const get = this.#findKeys()
    this.#keys = { get, until: Number.POSITIVE_INFINITY }
    get.catch(() => (this.#keys = undefined))
    return get
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    try {
      const url = this.#config.jwksUrl ?? (await discover(this.#config.issuer))
      return createRemoteJWKSet(new URL(url), { cacheMaxAge: KEYS_MS, cooldownDuration: COOLDOWN_MS, timeoutDuration: ASK_MS })
    } catch (error) {
      return this.#unavailable(error)
    }
  }

  #unavailable(error: unknown): never {
    this.#log.warn({ causes: causes(error) }, "the identity provider's keys cannot be had")
    throw new SignInUnavailable()
  }
}

/** Whether the token is to blame: everything else is about the keys, which could not be had. */
const isVerdict = (error: unknown): error is errors.JOSEError =>
  error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && !(error instanceof errors.JWKSInvalid) && error.code !== 'ERR_JOSE_GENERIC'

/** OpenID Connect Discovery 1.0, section 4: the issuer's own word for where its keys are. */
async function discover(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(ASK_MS), redirect: 'error' })
  if (!response.ok) throw new Error(`discovery answered ${response.status}`)
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown }
  if (found.issuer !== issuer) throw new Error('discovery speaks of another issuer')
  if (typeof found.jwks_uri !== 'string') throw new Error('discovery names no keys')
  return found.jwks_uri
}

/** A claim by its name, or by the path to it, e.g. `realm_access.roles`. */
function claimOf(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((at, part) => (typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Record<string, unknown>)[part] : undefined), claims)
}

/** A list, or words with spaces between, as scopes come. */
const stringsIn = (value: unknown): string[] => (typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : []).filter((one): one is string => typeof one === 'string' && one !== '' && !one.includes('\0'))

const nameIn = (claims: JWTPayload, nameClaim: string): string =>
  // eslint-disable-next-line no-control-regex
  ([claimOf(claims, nameClaim), claims['preferred_username'], claims.sub].find((one): one is string => typeof one === 'string' && one.trim() !== '') ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim().slice(0, LONGEST_NAME)
