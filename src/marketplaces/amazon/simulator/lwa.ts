// Login with Amazon: access tokens, authorization codes, and the endpoint that trades them.
// https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
import { randomUUID } from 'node:crypto'
import { minutes } from '../../../kit/clock.ts'
import { type Answer, loginRefused } from './answer.ts'
import { demoApplication } from './demo-sellers.ts'
import type { Seller } from './seller.ts'

const LIFE_SECONDS = 3600
const CODE_LIFE = minutes(5)
const scopes = ['sellingpartnerapi::notifications', 'sellingpartnerapi::client_credential:rotation']

/** Whose an access token is: `seller` null where the token is of the application alone. */
export interface Grant {
  seller: Seller | null
  expiresAt: number
}

export class Login {
  readonly #grants = new Map<string, Grant>()
  readonly #codes = new Map<string, { seller: Seller; expiresAt: number }>()

  /** A single-use authorization code, as the consent page hands it to the application; it lives 5 minutes. */
  issueCode(seller: Seller, now: number): string {
    const code = `SPAPI${randomUUID().replaceAll('-', '')}`
    this.#codes.set(code, { seller, expiresAt: now + CODE_LIFE })
    return code
  }

  /** Undefined for a token that was never given. */
  grantOf(accessToken: string): Grant | undefined {
    return this.#grants.get(accessToken)
  }

  /** The token is of no more use from now on. */
  expire(accessToken: string, now: number): void {
    const grant = this.#grants.get(accessToken)
    if (grant !== undefined) grant.expiresAt = Math.min(grant.expiresAt, now)
  }

  /** The seller that a token request speaks for, as far as it can be told before the request is judged. */
  sellerOf(form: URLSearchParams, sellers: Iterable<Seller>): Seller | null {
    const code = form.get('code')
    if (code !== null) return this.#codes.get(code)?.seller ?? null
    const refreshToken = form.get('refresh_token')
    for (const seller of sellers) if (seller.refreshToken === refreshToken) return seller
    return null
  }

  trade(form: URLSearchParams, basic: { id: string; secret: string } | null, seller: Seller | null, now: number): Answer {
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
    if (id !== demoApplication.clientId || secret !== demoApplication.clientSecret)
      return loginRefused(401, 'invalid_client', 'Client authentication failed')
    if (grantType === 'refresh_token') return this.#refresh(form, seller, now)
    if (grantType === 'authorization_code') return this.#redeem(form, now)
    if (grantType === 'client_credentials') return this.#grantless(form, now)
    return loginRefused(400, 'unsupported_grant_type', 'The authorization grant type is not supported by the authorization server')
  }

  #refresh(form: URLSearchParams, seller: Seller | null, now: number): Answer {
    if (!form.get('refresh_token'))
      return loginRefused(400, 'invalid_request', 'The request is missing a required parameter : refresh_token')
    if (seller === null)
      return loginRefused(
        400,
        'invalid_grant',
        "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
      )
    return this.#give(seller, now, { refresh_token: seller.refreshToken })
  }

  #redeem(form: URLSearchParams, now: number): Answer {
    const code = form.get('code')
    if (!code) return loginRefused(400, 'invalid_request', 'The request is missing a required parameter : code')
    const issued = this.#codes.get(code)
    this.#codes.delete(code)
    if (issued === undefined || issued.expiresAt <= now)
      return loginRefused(400, 'invalid_grant', 'The request has an invalid grant parameter : code')
    return this.#give(issued.seller, now, { refresh_token: issued.seller.refreshToken })
  }

  #grantless(form: URLSearchParams, now: number): Answer {
    const scope = form.get('scope')
    if (scope === null) return loginRefused(400, 'invalid_request', 'The request is missing a required parameter : scope')
    if (!scope.split(' ').every((one) => scopes.includes(one))) return loginRefused(400, 'invalid_scope', 'An unknown scope was requested')
    return this.#give(null, now, { scope })
  }

  #give(seller: Seller | null, now: number, more: object): Answer {
    const accessToken = `Atza|${randomUUID()}${randomUUID()}`.replaceAll('-', '')
    if (this.#grants.size >= 10_000) for (const [token, grant] of this.#grants) if (grant.expiresAt <= now) this.#grants.delete(token)
    this.#grants.set(accessToken, { seller, expiresAt: now + LIFE_SECONDS * 1000 })
    return { status: 200, body: { access_token: accessToken, token_type: 'bearer', expires_in: LIFE_SECONDS, ...more } }
  }
}
