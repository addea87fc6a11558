// Login with Amazon: authorizations, their codes and access tokens, and the endpoint that trades them.
// https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
import { randomUUID } from 'node:crypto'
import { days, minutes } from '../../../kit/clock.ts'
import { type Answer, loginRefused } from './answer.ts'
import { createApplication, secretIsValid } from './application.ts'
import type { Seller } from './seller.ts'

const LIFE_SECONDS = 3600
const CODE_LIFE = minutes(5)
const AUTHORIZATION_LIFE = days(365)
const KEPT_TOKENS = 50_000
const scopes = ['sellingpartnerapi::notifications', 'sellingpartnerapi::client_credential:rotation']

/** A seller's consent: good for a year, or until it is revoked. A later consent leaves it as it is. */
export interface Authorization {
  refreshToken: string
  seller: Seller
  createdAt: number
  expiresAt: number
  revoked: boolean
}

/** Whose an access token is: `authorization` null where the token is of the application alone. */
export interface Grant {
  authorization: Authorization | null
  expiresAt: number
}

interface Code {
  seller: Seller
  /** Where the consent led back to; null where nobody was led anywhere. */
  redirectUri: string | null
  expiresAt: number
}

export const isGood = ({ revoked, expiresAt }: Authorization, now: number): boolean => !revoked && expiresAt > now

export class Login {
  application = createApplication()
  /** By refresh token. */
  readonly authorizations = new Map<string, Authorization>()
  readonly #grants = new Map<string, Grant>()
  readonly #codes = new Map<string, Code>()

  authorize(seller: Seller, now: number, refreshToken = `Atzr|${randomUUID()}`): Authorization {
    const made = { refreshToken, seller, createdAt: now, expiresAt: now + AUTHORIZATION_LIFE, revoked: false }
    this.authorizations.set(refreshToken, made)
    return made
  }

  /** A single-use authorization code, as the consent page hands it to the application; it lives 5 minutes. */
  issueCode(seller: Seller, now: number, redirectUri: string | null): string {
    for (const [code, { expiresAt }] of this.#codes) if (expiresAt <= now) this.#codes.delete(code)
    const code = `SPAPI${randomUUID().replaceAll('-', '')}`
    this.#codes.set(code, { seller, redirectUri, expiresAt: now + CODE_LIFE })
    return code
  }

  /** Undefined for a token that was never given, or so long ago that it is forgotten. */
  grantOf(accessToken: string): Grant | undefined {
    return this.#grants.get(accessToken)
  }

  /** The token is of no more use from now on. */
  expire(accessToken: string, now: number): void {
    const grant = this.#grants.get(accessToken)
    if (grant !== undefined) grant.expiresAt = Math.min(grant.expiresAt, now)
  }

  /** The seller that a token request speaks for, as far as it can be told before the request is judged. */
  sellerOf(form: URLSearchParams): Seller | null {
    const code = form.get('code')
    if (code !== null) return this.#codes.get(code)?.seller ?? null
    return this.authorizations.get(form.get('refresh_token') ?? '')?.seller ?? null
  }

  trade(form: URLSearchParams, basic: { id: string; secret: string } | null, now: number): Answer {
    const grantType = form.get('grant_type')
    if (grantType === null || grantType === '')
      return loginRefused(400, 'invalid_request', 'The request is missing a required parameter : grant_type')
    const id = basic?.id ?? form.get('client_id')
    const secret = basic?.secret ?? form.get('client_secret')
    if (id === null || secret === null) {
      return loginRefused(
        400,
        'invalid_request',
        `The request is missing a required parameter : ${id === null ? 'client_id' : 'client_secret'}`,
      )
    }
    if (id !== this.application.clientId || !secretIsValid(this.application, secret, now))
      return loginRefused(401, 'invalid_client', 'Client authentication failed')
    if (grantType === 'refresh_token') return this.#refresh(form, now)
    if (grantType === 'authorization_code') return this.#redeem(form, now)
    if (grantType === 'client_credentials') return this.#grantless(form, now)
    return loginRefused(400, 'unsupported_grant_type', 'The authorization grant type is not supported by the authorization server')
  }

  #refresh(form: URLSearchParams, now: number): Answer {
    const refreshToken = form.get('refresh_token')
    if (!refreshToken) return loginRefused(400, 'invalid_request', 'The request is missing a required parameter : refresh_token')
    const authorization = this.authorizations.get(refreshToken)
    if (authorization === undefined || !isGood(authorization, now))
      return loginRefused(
        400,
        'invalid_grant',
        "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
      )
    return this.#give(authorization, now, { refresh_token: refreshToken })
  }

  #redeem(form: URLSearchParams, now: number): Answer {
    const code = form.get('code')
    if (!code) return loginRefused(400, 'invalid_request', 'The request is missing a required parameter : code')
    const issued = this.#codes.get(code)
    this.#codes.delete(code)
    if (issued === undefined || issued.expiresAt <= now)
      return loginRefused(400, 'invalid_grant', 'The request has an invalid grant parameter : code')
    const redirectUri = form.get('redirect_uri')
    if (redirectUri !== null && issued.redirectUri !== null && redirectUri !== issued.redirectUri)
      return loginRefused(400, 'invalid_grant', 'The request has an invalid grant parameter : redirect_uri')
    const authorization = this.authorize(issued.seller, now)
    return this.#give(authorization, now, { refresh_token: authorization.refreshToken })
  }

  #grantless(form: URLSearchParams, now: number): Answer {
    const scope = form.get('scope')
    if (scope === null) return loginRefused(400, 'invalid_request', 'The request is missing a required parameter : scope')
    if (!scope.split(' ').every((one) => scopes.includes(one))) return loginRefused(400, 'invalid_scope', 'An unknown scope was requested')
    return this.#give(null, now, { scope })
  }

  #give(authorization: Authorization | null, now: number, more: object): Answer {
    const accessToken = `Atza|${randomUUID()}${randomUUID()}`.replaceAll('-', '')
    this.#grants.set(accessToken, { authorization, expiresAt: now + LIFE_SECONDS * 1000 })
    for (const oldest of this.#grants.keys()) {
      if (this.#grants.size <= KEPT_TOKENS) break
      this.#grants.delete(oldest)
    }
    return { status: 200, body: { access_token: accessToken, token_type: 'bearer', expires_in: LIFE_SECONDS, ...more } }
  }
}
