// An OpenID Connect provider over HTTP: discovery, keys that change, and tokens that are signed as whoever asks wants them.
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
  const server = http.createServer(async (request, response) => {
    if (broken) return void response.writeHead(500).end()
    response.setHeader('content-type', 'application/json')
    if (request.url === '/.well-known/openid-configuration') return void response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }))
    if (request.url !== '/keys') return void response.writeHead(404).end()
    asked++
    response.end(JSON.stringify({ keys: await Promise.all(published.map(async ({ alg, kid, publicKey }) => ({ ...(await exportJWK(publicKey)), alg, kid, use: 'sig' }))) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
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
    async token(claims: Record<string, unknown> = {}, { key = keys[0]!, header = {} }: { key?: (typeof keys)[number]; header?: Record<string, unknown> } = {}): Promise<string> {
      const now = Math.floor(Date.now() / 1000)
      const all = Object.entries({ iss: url, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 3600, name: 'Ada', cartage_role: 'OPERATOR', ...claims }).filter(([, value]) => value !== null)
      return new SignJWT(Object.fromEntries(all) as JWTPayload).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey)
    },
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
