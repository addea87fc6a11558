// Calls of DocuSign's API under a token of the JWT grant (https://developers.docusign.com/platform/auth/jwt/): the integration acts as one user
// who has consented to it once.
import { importPKCS8, SignJWT } from 'jose'
import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import { ProviderError } from '../provider.ts'

export interface DocusignAccount {
  /** The REST API's, e.g. https://na4.docusign.net/restapi */
  baseUrl: string
  /** Where access tokens come from, e.g. https://account.docusign.com */
  authUrl: string
  accountId: string
  integrationKey: string
  /** Whom the integration impersonates. */
  userId: string
  /** PEM. */
  privateKey: string
}

const SCOPE = 'signature impersonation'
const ASSERTION_SECONDS = 600
/** A token is replaced so long before its end. */
const EARLY_MS = 60_000
const LARGEST_DOCUMENT = 25 * 1024 * 1024

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number() })
const refused = z.object({ errorCode: z.string().optional(), error: z.string().optional() })

export class DocusignClient {
  readonly #account: DocusignAccount
  #token: Promise<{ text: string; until: number }> | null = null

  constructor(account: DocusignAccount) {
    this.#account = account
  }

  /** What is answered; where it is one of the `forgiven` codes of error, that code. @throws ProviderError */
  async json(method: 'GET' | 'POST' | 'PUT', path: string, body: object | undefined, signal: AbortSignal, forgiven: readonly string[] = []): Promise<unknown> {
    const response = await this.#call(method, path, body, signal)
    if (response.ok) return response.json().catch(unfinished)
    const { errorCode = `HTTP ${response.status}` } = refused.catch({}).parse(await response.json().catch(() => ({})))
    if (forgiven.includes(errorCode)) return errorCode
    throw failureOf(response.status, errorCode)
  }

  /** @throws ProviderError */
  async bytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
    const response = await this.#call('GET', path, undefined, signal)
    if (!response.ok) throw failureOf(response.status, `HTTP ${response.status}`)
    const bytes = new Uint8Array(await response.arrayBuffer().catch(unfinished))
    if (bytes.length > LARGEST_DOCUMENT) throw new ProviderError('refused', 'DocuSign answered a document that is too large')
    return bytes
  }

  async #call(method: string, path: string, body: object | undefined, signal: AbortSignal): Promise<Response> {
    for (let again = true; ; again = false) {
      const { text } = await this.#authorized(signal)
      const response = await reach(`${this.#account.baseUrl}/v2.1/accounts/${encodeURIComponent(this.#account.accountId)}/${path}`, {
        method, signal, redirect: 'error', headers: { authorization: `Bearer ${text}`, accept: 'application/json, application/pdf', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (response.status !== 401 || !again) return response
      this.#token = null // it was revoked before its time
    }
  }

  async #authorized(signal: AbortSignal): Promise<{ text: string; until: number }> {
    const present = await this.#token?.catch(() => null)
    if (present != null && Date.now() < present.until) return present
    return (this.#token = this.#grant(signal))
  }

  async #grant(signal: AbortSignal): Promise<{ text: string; until: number }> {
    const { authUrl, integrationKey, userId, privateKey } = this.#account
    const key = await importPKCS8(createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' }) as string, 'RS256')
    const now = Math.floor(Date.now() / 1000)
    const assertion = await new SignJWT({ scope: SCOPE }).setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(integrationKey).setSubject(userId).setAudience(new URL(authUrl).host).setIssuedAt(now).setExpirationTime(now + ASSERTION_SECONDS).sign(key)
    const response = await reach(`${authUrl}/oauth/token`, { method: 'POST', signal, redirect: 'error', body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }) })
    const answer: unknown = await response.json().catch(() => ({}))
    if (!response.ok) {
      const { error = `HTTP ${response.status}` } = refused.catch({}).parse(answer)
      if (error === 'consent_required') throw new ProviderError('refused', 'DocuSign wants its user to consent to the integration once: see docs/agreements.md')
      throw failureOf(response.status, error)
    }
    const { data } = granted.safeParse(answer)
    if (data === undefined) throw new ProviderError('unavailable', 'DocuSign answered something that cannot be read')
    const { access_token: text, expires_in: seconds } = data
    return { text, until: Date.now() + seconds * 1000 - EARLY_MS }
  }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    return unfinished(error)
  }
}

/** Nothing came, or not all of it, or no JSON. */
function unfinished(error: unknown): never {
  throw Object.assign(new ProviderError('unavailable', 'DocuSign does not answer now'), { cause: error })
}

/** DocuSign's own words may quote a name: its code is told alone. */
function failureOf(status: number, code: string): ProviderError {
  const told = /^[\w .-]{1,80}$/.test(code) ? code : `HTTP ${status}`
  return status === 429 || status >= 500 || /_LIMIT_EXCEEDED$/i.test(told) ? new ProviderError('unavailable', `DocuSign cannot do it now (${told})`) : new ProviderError('refused', `DocuSign refuses it (${told})`)
}
