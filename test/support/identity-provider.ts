// An OpenID Connect provider over HTTP: discovery, sign-in by code and PKCE, keys that change, and tokens that are signed as whoever asks wants them.
import { createHash, randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { OidcConfig } from '../../src/config/env.ts'

export const AUDIENCE = 'https://gateway.example'

export async function startIdentityProvider() {
  const make = async (alg: string, kid: string) => ({ alg, kid, ...(await generateKeyPair(alg, { extractable: true })) })
  const keys = [await make('ES256', 'first'), await make('RS256', 'second')]
  let published = [...keys]
  let asked = 0
  let broken = false
  const codes = new Map<string, { challenge: string; clientId: string }>()
  const server = http.createServer(async (request, response) => {
    if (broken) return void response.writeHead(500).end()
    response.setHeader('content-type', 'application/json')
    response.setHeader('access-control-allow-origin', '*')
    const { pathname, searchParams } = new URL(request.url!, url)
    if (pathname === '/.well-known/openid-configuration') return void response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys`, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` }))
    // Signs everybody in at once, as Ada, and sends them back with a code.
    if (pathname === '/authorize') {
      const code = randomUUID()
      codes.set(code, { challenge: searchParams.get('code_challenge')!, clientId: searchParams.get('client_id')! })
      const back = new URL(searchParams.get('redirect_uri')!)
      back.search = new URLSearchParams({ code, state: searchParams.get('state')! }).toString()
      return void response.writeHead(302, { location: back.href }).end()
    }
    if (pathname === '/token') {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const form = new URLSearchParams(body)
      const given = codes.get(form.get('code') ?? '')
      codes.delete(form.get('code') ?? '')
      if (given === undefined || createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') !== given.challenge) return void response.writeHead(400).end('{"error":"invalid_grant"}')
      return void response.end(JSON.stringify({ access_token: await sign({}), id_token: await sign({ aud: given.clientId }), token_type: 'Bearer', expires_in: 3600, scope: 'openid profile' }))
    }
    if (request.url !== '/keys') return void response.writeHead(404).end()
    asked++
    response.end(JSON.stringify({ keys: await Promise.all(published.map(async ({ alg, kid, publicKey }) => ({ ...(await exportJWK(publicKey)), alg, kid, use: 'sig' }))) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  async function sign(claims: Record<string, unknown> = {}, { key = keys[0]!, header = {} }: { key?: (typeof keys)[number]; header?: Record<string, unknown> } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const all = Object.entries({ iss: url, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 3600, name: 'Ada', cartage_role: 'OPERATOR', ...claims }).filter(([, value]) => value !== null)
    return new SignJWT(Object.fromEntries(all) as JWTPayload).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey)
  }
  return {
    url,
    keys,
    get asked() {
      return asked
    },
    config(more: Partial<OidcConfig> = {}): OidcConfig {
      return {
        issuer: url, audience: [AUDIENCE], jwksUrl: null, algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'], roleClaim: 'cartage_role', customersClaim: 'cartage_customers', nameClaim: 'name', roles: null,
        clientId: null, ...more,
      }
    },
    /** A token that is good for an hour, unless its claims or its header say otherwise; `null` leaves a claim out. */
    token: sign,
    publicPem: () => exportSPKI(keys[1]!.publicKey),
    /** Another key, which tokens are signed with from now on; the others are published no more. */
    async rotate() {
      const key = await make('ES256', `rotated-${published.length}-${Date.now()}`)
      published = [key]
      return key
    },
    break(is: boolean) {
      broken = is
    },
    stop: () => new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
}
