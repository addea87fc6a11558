import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Authenticator } from '../../src/auth/authenticate.ts'
import { OidcVerifier, SignInUnavailable } from '../../src/auth/oidc.ts'
import type { OidcConfig } from '../../src/config/env.ts'
import type { CustomerRow } from '../../src/customers/customers.store.ts'
import { systemClock } from '../../src/kit/clock.ts'
import { toId } from '../../src/kit/ids.ts'
import { createLog } from '../../src/observability/log.ts'
import { createStage } from '../connections/stage.ts'
import { AUDIENCE, startIdentityProvider } from '../support/identity-provider.ts'

let provider: Awaited<ReturnType<typeof startIdentityProvider>>
let stage: Awaited<ReturnType<typeof createStage>>
let customer: CustomerRow
const logged: string[] = []
beforeAll(async () => {
  provider = await startIdentityProvider()
  stage = await createStage()
  customer = await stage.customer('Kiln and Co')
})
afterAll(async () => {
  await provider.stop()
  await stage.close()
})

const log = createLog('debug', { write: (line) => void logged.push(line) })
function authenticator(config: Partial<OidcConfig> = {}): Authenticator {
  const { db } = stage.scope
  return new Authenticator({ db, clock: systemClock, log, oidc: new OidcVerifier({ config: provider.config(config), db, log }) })
}
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = (n: number): number => Math.floor(Date.now() / 1000) + n

test('an access token says who somebody is, for as long as it is good', async () => {
  const exp = seconds(600)
  const token = await provider.token({ exp, sub: 'auth0|42' })
  expect(await authenticator().actorOf(`Bearer ${token}`)).toEqual({ id: 'oidc:auth0|42', name: 'Ada', role: 'OPERATOR', customerIds: null, expiresAt: new Date(exp * 1000) })
  expect(await authenticator().actorOf(`Bearer ${await provider.token({}, { key: provider.keys[1]! })}`)).toMatchObject({ id: 'oidc:ada' })
})

test.each([
  ['has expired', () => provider.token({ exp: seconds(-60) })],
  ['is not good yet', () => provider.token({ nbf: seconds(60) })],
  ['is for another audience', () => provider.token({ aud: 'https://elsewhere.example' })],
  ['is for nobody', () => provider.token({ aud: null })],
  ['is of another issuer', () => provider.token({ iss: 'https://issuer.example' })],
  ['never expires', () => provider.token({ exp: null })],
  ['names nobody', () => provider.token({ sub: null })],
  ['names no role', () => provider.token({ cartage_role: null })],
  ['names a role that is none', () => provider.token({ cartage_role: 'ROOT' })],
  ['names a role of every object', () => provider.token({ cartage_role: 'constructor' })],
  ['is a merchant\'s without a merchant', () => provider.token({ cartage_role: 'CUSTOMER' })],
  ['is a merchant\'s whom nobody knows', () => provider.token({ cartage_role: 'CUSTOMER', cartage_customers: ['NOBODY'] })],
  ['is a viewer\'s of customers whom nobody knows', () => provider.token({ cartage_role: 'VIEWER', cartage_customers: [] })],
  ['is signed by nothing (alg none)', async () => `${encoded({ alg: 'none' })}.${(await provider.token()).split('.')[1]}.`],
  ['is signed by nothing, in other letters', async () => `${encoded({ alg: 'nOnE', kid: 'first' })}.${(await provider.token()).split('.')[1]}.`],
  ['is signed with a public key as a shared secret', async () => {
    const [, payload] = (await provider.token()).split('.')
    const signed = `${encoded({ alg: 'HS256', kid: 'second', typ: 'JWT' })}.${payload}`
    return `${signed}.${createHmac('sha256', await provider.publicPem()).update(signed).digest('base64url')}`
  }],
  ['brings its own key', async () => {
    const other = await startIdentityProvider()
    const token = await other.token({ iss: provider.url }, { header: { jwk: { kty: 'EC' }, jku: `${other.url}/keys`, kid: 'first' } })
    await other.stop()
    return token
  }],
  ['has other claims than were signed', async () => {
    const [header, payload, signature] = (await provider.token()).split('.')
    return `${header}.${encoded({ ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), cartage_role: 'ADMIN' })}.${signature}`
  }],
  ['has a critical header that nobody knows', () => provider.token({}, { header: { crit: ['unheard'], unheard: true } }).catch(() => `${encoded({ alg: 'ES256', crit: ['x'], x: 1 })}.e30.AAAA`)],
])('a token that %s is none', async (_what, make) => {
  expect(await authenticator().actorOf(`Bearer ${await make()}`)).toBeNull()
})

test('whatever is no token is refused, and never an error', async () => {
  const checked = authenticator()
  const part = fc.base64String({ maxLength: 60 }).map((text) => text.replace(/[+/=]/g, '-'))
  await fc.assert(fc.asyncProperty(fc.oneof(fc.tuple(part, part, part).map((parts) => parts.join('.')), fc.string({ unit: 'binary', maxLength: 300 })), fc.ipV4(), async (text, address) => {
    expect(await checked.actorOf(`Bearer ${text}`, address)).toBeNull()
  }), { numRuns: 300 })
})

test('customers come by reference or by id, and bind', async () => {
  for (const named of [[customer.reference], [toId('Customer', customer.id), 'NOBODY'], customer.reference]) {
    expect(await authenticator().actorOf(`Bearer ${await provider.token({ cartage_role: 'CUSTOMER', cartage_customers: named })}`)).toMatchObject({ role: 'CUSTOMER', customerIds: [customer.id] })
  }
  expect(await authenticator().actorOf(`Bearer ${await provider.token({ cartage_role: 'VIEWER', cartage_customers: null })}`)).toMatchObject({ role: 'VIEWER', customerIds: null })
})

test("roles come by the provider's own words, from wherever they stand; of several the one that may most", async () => {
  const mapped = authenticator({ roleClaim: 'realm_access.roles', roles: { floor: 'OPERATOR', boss: 'ADMIN', guest: 'VIEWER' } })
  const as = async (roles: unknown): Promise<string | undefined> => (await mapped.actorOf(`Bearer ${await provider.token({ cartage_role: 'ADMIN', realm_access: { roles } })}`))?.role
  expect([await as(['guest', 'floor']), await as(['boss', 'floor']), await as('guest offline_access'), await as(['ADMIN']), await as(['__proto__']), await as(7)]).toEqual(['OPERATOR', 'ADMIN', 'VIEWER', undefined, undefined, undefined])
})

test('keys are kept, and asked for again at one that is unknown', async () => {
  const checked = authenticator()
  const before = provider.asked
  for (let n = 0; n < 5; n++) await checked.actorOf(`Bearer ${await provider.token({ jti: String(n) })}`)
  expect(provider.asked - before).toBe(1)
})

test('a key that the provider has changed to is found, and the one before is good no more', async () => {
  const other = await startIdentityProvider()
  const { db } = stage.scope
  const fresh = (): Authenticator => new Authenticator({ db, clock: systemClock, log, oidc: new OidcVerifier({ config: other.config(), db, log }) })
  const old = await other.token()
  expect(await fresh().actorOf(`Bearer ${old}`)).not.toBeNull()
  const key = await other.rotate()
  const checked = fresh()
  expect(await checked.actorOf(`Bearer ${await other.token({}, { key })}`)).toMatchObject({ id: 'oidc:ada' })
  expect(await checked.actorOf(`Bearer ${old}`)).toBeNull()
  await other.stop()
})

test('while the provider cannot be reached nobody is called a liar, and then they come in', async () => {
  const other = await startIdentityProvider()
  const { db } = stage.scope
  const checked = new Authenticator({ db, clock: systemClock, log, oidc: new OidcVerifier({ config: other.config(), db, log }) })
  other.break(true)
  const token = await other.token()
  await expect(checked.actorOf(`Bearer ${token}`)).rejects.toBeInstanceOf(SignInUnavailable)
  other.break(false)
  expect(await checked.actorOf(`Bearer ${token}`)).not.toBeNull()
  await other.stop()
})

test('without a provider a JWT is no token', async () => {
  expect(await new Authenticator({ db: stage.scope.db, clock: systemClock, log }).actorOf(`Bearer ${await provider.token({ aud: AUDIENCE })}`)).toBeNull()
})

test('names bear no line of their own into logs, and no token is logged', async () => {
  const token = await provider.token({ name: 'Ada\n{"level":50}\u001b[31m' })
  expect((await authenticator().actorOf(`Bearer ${token}`))?.name).toBe('Ada {"level":50} [31m')
  for (const line of logged) expect(line).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
})
