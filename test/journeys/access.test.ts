// Who may come in, and what each role may do: tokens through the API, access tokens of an identity provider, and the table of permissions.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { RoleName } from '../../src/auth/scope.ts'
import { type Gateway, GraphqlFailure, startGateway } from '../support/gateway.ts'
import { AUDIENCE, startIdentityProvider } from '../support/identity-provider.ts'
import { type Merchant, type Stage, startStage, until } from './stage.ts'

let provider: Awaited<ReturnType<typeof startIdentityProvider>>
let stage: Stage
/** Another process' API on the same database. */
let other: Gateway
let merchant: Merchant
let number: string
beforeAll(async () => {
  provider = await startIdentityProvider()
  stage = await startStage({ config: { oidc: provider.config() } })
  other = await startGateway({ roles: ['api'], simulator: stage.simulator.url, database: stage.database })
  merchant = await stage.merchant()
  ;[number] = (await stage.buy(merchant, { address: { name: 'Wilhelmina Sampleford', addressLine1: '77 Larkspur Terrace', city: 'Reno', stateOrRegion: 'NV', postalCode: '89501', countryCode: 'US', phone: '775-555-0101' } })).map(({ orderId }) => orderId) as [string]
  await stage.run(merchant, 'IMPORT_ORDERS')
})
afterAll(async () => {
  await other.stop()
  await stage.stop()
  await provider.stop()
})

interface Made {
  createApiToken: { token: string | null; apiToken: Record<string, unknown> & { id: string } | null; userErrors: { code: string; field: string[] | null }[] }
}
const make = async (input: Record<string, unknown>): Promise<Made['createApiToken']> =>
  (await stage.graphql<Made>(`mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token apiToken { id name role prefix createdBy expiresAt lastUsedAt customers { id } } userErrors { code field } } }`, { input })).createApiToken
const tokenOf = async (role: RoleName, more: Record<string, unknown> = {}): Promise<string> => (await make({ name: `a ${role.toLowerCase()}`, role, ...(role === 'CUSTOMER' ? { customerIds: [merchant.customerId] } : {}), ...more })).token!
const revoke = (id: string): Promise<unknown> => stage.graphql('mutation ($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { apiToken { revokedAt } userErrors { code } } }', { input: { id } })
const codesOf = (promise: Promise<unknown>): Promise<string[]> => promise.then(() => [], (error: unknown) => {
  if (error instanceof GraphqlFailure) return error.errors.map(({ extensions }) => String(extensions?.['code']))
  throw error
})

test('a token is shown once, works, shows its prefix and its last use, and ends when it is revoked', async () => {
  const { token, apiToken } = await make({ name: 'Packing station 4', role: 'OPERATOR' })
  expect(apiToken).toMatchObject({ name: 'Packing station 4', role: 'OPERATOR', prefix: token!.slice(0, 12), createdBy: 'test', expiresAt: null, lastUsedAt: null, customers: null })
  expect(await stage.graphql('{ viewer { name role customers { id } } }', {}, token!)).toEqual({ viewer: { name: 'Packing station 4', role: 'OPERATOR', customers: null } })
  const listed = await until(async () => {
    const { viewer } = await stage.graphql<{ viewer: { apiTokens: { nodes: { id: string; lastUsedAt: string | null }[] } } }>('{ viewer { apiTokens(first: 100) { totalCount nodes { id lastUsedAt } } } }')
    return viewer.apiTokens.nodes.find(({ id, lastUsedAt }) => id === apiToken!.id && lastUsedAt !== null)
  })
  expect(JSON.stringify(listed)).not.toContain(token)
  expect((await stage.db.pool.query('SELECT FROM api_tokens WHERE strpos(row_to_json(api_tokens)::text, $1) > 0', [token!.slice(12)])).rowCount).toBe(0)
  await revoke(apiToken!.id)
  expect(await codesOf(stage.graphql('{ viewer { name } }', {}, token!))).toEqual(['UNAUTHENTICATED'])
  await until(async () => (await codesOf(other.graphql('{ viewer { name } }', {}, token!)))[0] === 'UNAUTHENTICATED', 10_000)
})

test.each([
  ['no name', { name: ' ', role: 'VIEWER' }, 'REQUIRED name'],
  ['a name without end', { name: 'x'.repeat(101), role: 'VIEWER' }, 'INVALID name'],
  ['an end that has passed', { name: 'x', role: 'VIEWER', expiresAt: '2020-01-01T00:00:00Z' }, 'INVALID expiresAt'],
  ['a merchant without a merchant', { name: 'x', role: 'CUSTOMER' }, 'REQUIRED customerIds'],
  ['a merchant of nobody', { name: 'x', role: 'CUSTOMER', customerIds: [] }, 'REQUIRED customerIds'],
  ['an administrator who is bound', { name: 'x', role: 'ADMIN', customerIds: ['cust_00000000000000000000000000'] }, 'NOT_ALLOWED customerIds'],
  ['a customer who is not there', { name: 'x', role: 'VIEWER', customerIds: ['cust_00000000000000000000000000'] }, 'NOT_FOUND customerIds.0'],
  ['an id of something else', { name: 'x', role: 'VIEWER', customerIds: ['ord_00000000000000000000000000'] }, 'INVALID customerIds.0'],
])('a token is refused: %s', async (_what, input, refused) => {
  const { rowCount: before } = await stage.db.pool.query('SELECT FROM api_tokens')
  const { token, userErrors } = await make(input)
  expect(token).toBeNull()
  expect(userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)).toContain(refused)
  expect((await stage.db.pool.query('SELECT FROM api_tokens')).rowCount).toBe(before)
})

/** Opens a socket that stays, and says how it ended. */
function staying(url: string, token: string): { opened: Promise<void>; closed: Promise<{ code: number; after: number }> } {
  let [open, close]: [() => void, (how: { code: number; after: number }) => void] = [() => {}, () => {}]
  const opened = new Promise<void>((resolve) => (open = resolve))
  const closed = new Promise<{ code: number; after: number }>((resolve) => (close = resolve))
  const client = createClient({
    url, webSocketImpl: WebSocket, lazy: false, retryAttempts: 0, shouldRetry: () => false, connectionParams: { authorization: `Bearer ${token}` }, onNonLazyError: () => {},
    on: { connected: () => open(), closed: (event) => close({ code: (event as { code: number }).code, after: performance.now() }) },
  })
  client.subscribe({ query: 'subscription { events { cursor } }' }, { next: () => {}, error: () => {}, complete: () => {} })
  return { opened, closed }
}

test("a revoked token's sockets and streams are closed at once, those of other processes too; others' stay", async () => {
  const { token, apiToken } = await make({ name: 'leaving', role: 'VIEWER' })
  const doomed = [staying(stage.wsUrl, token!), staying(other.wsUrl, token!)]
  const stays = staying(other.wsUrl, await tokenOf('VIEWER'))
  const stream = await fetch(`${other.url}/stream`, { method: 'POST', headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'content-type': 'application/json' }, body: JSON.stringify({ query: 'subscription { events { cursor } }' }) })
  await Promise.all([...doomed, stays].map(({ opened }) => opened))
  await sleep(200)
  const at = performance.now()
  await revoke(apiToken!.id)
  const ended = await Promise.all([...doomed.map(({ closed }) => closed), stream.text().then(() => ({ code: 4403, after: performance.now() }), () => ({ code: 4403, after: performance.now() }))])
  for (const { code, after } of ended) {
    expect(code).toBe(4403)
    expect(after - at).toBeLessThan(5000) // else somebody looks every 15 s
  }
  expect(await Promise.race([stays.closed, sleep(300).then(() => 'open')])).toBe('open')
})

test('a socket ends when its token does', async () => {
  const token = await tokenOf('VIEWER', { expiresAt: new Date(Date.now() + 2500).toISOString() })
  const { opened, closed } = staying(stage.wsUrl, token)
  await opened
  expect((await closed).code).toBe(4403)
  expect(await codesOf(stage.graphql('{ viewer { name } }', {}, token))).toEqual(['UNAUTHENTICATED'])
})

test('an access token of the identity provider serves over every transport, and its socket ends when it does', async () => {
  const bound = await provider.token({ cartage_role: 'CUSTOMER', cartage_customers: [merchant.customerId], aud: [AUDIENCE, 'other'], exp: Math.floor(Date.now() / 1000) + 4 - 30 })
  expect(await stage.graphql('{ viewer { name role customers { id } } customers { totalCount } }', {}, bound)).toEqual({ viewer: { name: 'Ada', role: 'CUSTOMER', customers: [{ id: merchant.customerId }] }, customers: { totalCount: 1 } })
  const good = await provider.token({ cartage_role: 'OPERATOR', exp: Math.floor(Date.now() / 1000) + 3 })
  const { opened, closed } = staying(stage.wsUrl, good)
  await opened
  expect((await closed).code).toBe(4403)
})

test('a provider that cannot be reached is said to be so, and API tokens are not concerned', async () => {
  provider.break(true)
  const fresh = await startGateway({ roles: ['api'], simulator: stage.simulator.url, database: stage.database, config: { oidc: provider.config() } })
  expect(await codesOf(fresh.graphql('{ viewer { name } }', {}, await provider.token()))).toEqual(['SIGN_IN_UNAVAILABLE'])
  expect(await codesOf(fresh.graphql('{ viewer { name } }'))).toEqual([])
  provider.break(false)
  await fresh.stop()
})

const buyer = 'query ($connectionId: ID!, $number: String!) { orderByNumber(connectionId: $connectionId, number: $number) { shipTo { name line1 city postalCode countryCode redacted } lines { gift { message } } supportedActions { action allowed reason } } }'
interface Buyer {
  orderByNumber: { shipTo: { name: string | null; redacted: boolean }; supportedActions: { action: string; allowed: boolean; reason: string | null }[] }
}

test('buyers are seen by those who ship, redacted for others, and not found by their names', async () => {
  const find = async (token: string, search: string): Promise<number> => (await stage.graphql<{ orders: { totalCount: number } }>('query ($search: String!) { orders(filter: { search: $search }) { totalCount } }', { search }, token)).orders.totalCount
  for (const role of ['ADMIN', 'OPERATOR', 'CUSTOMER', 'VIEWER'] as const) {
    const token = await tokenOf(role)
    const ships = role === 'ADMIN' || role === 'OPERATOR'
    const { orderByNumber: { shipTo } } = await stage.graphql<Buyer>(buyer, { connectionId: merchant.connectionId, number }, token)
    expect(shipTo).toEqual(ships
      ? { name: 'Wilhelmina Sampleford', line1: '77 Larkspur Terrace', city: 'Reno', postalCode: '89501', countryCode: 'US', redacted: false }
      : { name: null, line1: null, city: null, postalCode: null, countryCode: 'US', redacted: true })
    expect(await find(token, 'wilhelmina')).toBe(ships ? 1 : 0)
    expect(await find(token, number)).toBe(1)
  }
})

test("supportedActions are the role's, and an action that is not is refused before anything runs", async () => {
  const token = await tokenOf('VIEWER')
  const { orderByNumber: { supportedActions } } = await stage.graphql<Buyer>(buyer, { connectionId: merchant.connectionId, number }, token)
  expect(supportedActions.filter(({ allowed }) => allowed)).toEqual([])
  expect(supportedActions[0]).toMatchObject({ action: 'shipAndClose', reason: 'it is not for the role VIEWER' })
  const { id } = await stage.order(merchant, number)
  const hold = 'mutation ($input: HoldOrdersInput!) { holdOrders(input: $input) { userErrors { code } } }'
  const input = { orderIds: [id], reason: 'OTHER' }
  await expect(stage.graphql(hold, { input }, token)).rejects.toMatchObject({ errors: [{ message: 'Mutation.holdOrders is not for the role VIEWER', extensions: { code: 'FORBIDDEN' } }] })
  const overSocket = stage.subscribe(`mutation { holdOrders(input: { orderIds: ["${id}"], reason: OTHER }) { userErrors { code } } }`, {}, token)
  await expect(overSocket.next()).rejects.toMatchObject([{ message: 'Mutation.holdOrders is not for the role VIEWER', extensions: { code: 'FORBIDDEN' } }])
  expect((await stage.order(merchant, number)).holds).toEqual([])
  // A fragment, an alias and a condition hide nothing.
  const hidden = await codesOf(stage.graphql('query ($no: Boolean = false) { v: viewer { ...all @include(if: $no) } } fragment all on Viewer { t: apiTokens { totalCount } }', {}, token))
  expect(new Set(hidden)).toEqual(new Set(['FORBIDDEN']))
})

test('what a role may not see is not found by its id', async () => {
  const { apiToken } = await make({ name: 'to be found', role: 'VIEWER' })
  const query = 'query ($id: ID!) { node(id: $id) { __typename id } }'
  expect(await stage.graphql(query, { id: apiToken!.id })).toMatchObject({ node: { __typename: 'ApiToken' } })
  expect(await stage.graphql(query, { id: apiToken!.id }, await tokenOf('OPERATOR'))).toEqual({ node: null })
})

test('each token has its own share of requests, over HTTP and over a socket', async () => {
  const limited = await startGateway({ roles: ['api'], simulator: stage.simulator.url, database: stage.database, config: { tokenRateLimit: 5 } })
  const [one, another] = [await tokenOf('VIEWER'), await tokenOf('VIEWER')]
  const ask = (token: string): Promise<Response> => fetch(limited.url, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{"query":"{ viewer { name } }"}' })
  const answers = []
  for (let n = 0; n < 7; n++) answers.push(await ask(one))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
  expect(Number(answers[6]!.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await answers[6]!.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
  expect((await ask(another)).status).toBe(200)
  await expect(limited.subscribe('{ viewer { name } }', {}, one).next()).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
  await limited.stop()
})

test('attempts with tokens that are none are slowed, over HTTP and over sockets, and good tokens go on', async () => {
  const guarded = await startGateway({ roles: ['api'], simulator: stage.simulator.url, database: stage.database })
  const token = await tokenOf('VIEWER')
  const ask = (bearer: string): Promise<Response> => fetch(guarded.url, { method: 'POST', headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }, body: '{"query":"{ viewer { name } }"}' })
  expect((await ask(token)).status).toBe(200)
  const statuses = new Set<number>()
  for (let n = 0; n < 50; n++) statuses.add((await ask(`cartage_guess${n}`)).status)
  expect([...statuses]).toEqual([401, 429])
  const refused = await ask('cartage_another')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await staying(guarded.wsUrl, 'cartage_yet_another').closed).code).toBe(4429)
  expect((await ask(token)).status).toBe(200)
  await guarded.stop()
})
