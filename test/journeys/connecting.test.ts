// A merchant is connected, by consent and by hand, as a front end and a seller's browser do it; and what must not connect anybody.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { createCustomer } from '../../src/customers/create-customer.ts'
import { createWarehouse } from '../../src/customers/create-warehouse.ts'
import { parseId, toId } from '../../src/kit/ids.ts'
import {
  BeginAuthorizationDocument, ConnectionStandingDocument, DisconnectConnectionDocument, GoLiveDocument, MapSkusDocument, MarketplacesWholeDocument, ProvideCredentialsDocument,
  RequestConnectionsDocument, type RequestConnectionsInput, RunJobNowDocument, type StandingFragment, TestConnectionDocument, UpdateSettingsDocument,
} from '../generated/graphql.ts'
import { readConfig } from '../../src/config/env.ts'
import { type Merchant, type Stage, startStage, until, US } from './stage.ts'

const [CA, MX, UK] = ['A2EUQ1WTGCTBG2', 'A1AM78C64UM0Y8', 'A1F83G8C2ARO7P']

interface Seller {
  sellerId: string
  refreshToken: string
}
interface Party {
  customerId: string
  warehouseId: string
}
interface Shown {
  status: number
  title: string
  text: string
  headers: Headers
}

let stage: Stage
/** Whatever must never be logged. */
const secrets = new Set<string>()
const email = 'morgan.private@merchant.example'

beforeAll(async () => {
  // The steps at the marketplace; the agreement's are onboarding.test.ts's.
  stage = await startStage({ config: { onboarding: readConfig({ AGREEMENT_SIGNING: 'none' }).onboarding } })
})
afterAll(() => stage.stop())

async function party(): Promise<Party> {
  const made = await createCustomer(stage.scope, { name: `Kiln ${randomUUID()}` })
  const address = { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' }
  const dock = await createWarehouse(stage.scope, { name: 'Dock', code: `W-${randomUUID().slice(0, 8)}`, timeZone: 'America/Chicago', address })
  if ('refusals' in made || 'refusals' in dock) throw new Error('not made')
  return { customerId: toId('Customer', made.customer.id), warehouseId: toId('Warehouse', dock.warehouse.id) }
}

async function newSeller(marketplaces: string[] = [US], more: object = {}): Promise<Seller> {
  const { seller } = await stage.simulator.control<{ seller: { sellerId: string; credentials: { refreshToken: string } } }>('sellers', 'POST', {
    marketplaces, quotas: 'unlimited', skus: [{ sellerSku: 'MUG', unitPrice: '12.50', quantity: 100_000 }], ...more,
  })
  secrets.add(seller.credentials.refreshToken)
  return { sellerId: seller.sellerId, refreshToken: seller.credentials.refreshToken }
}

const ask = async (of: Party, more: Partial<RequestConnectionsInput> = {}) =>
  (await stage.graphql(RequestConnectionsDocument, { input: { ...of, marketplaceIds: [US], contactName: 'Morgan Private', contactEmail: email, ...more } })).requestConnections
const asked = async (of?: Party, more: Partial<RequestConnectionsInput> = {}): Promise<StandingFragment[]> => {
  const { connections, userErrors } = await ask(of ?? (await party()), more)
  expect(userErrors).toEqual([])
  return connections
}
const askedOne = async (of?: Party, more: Partial<RequestConnectionsInput> = {}): Promise<string> => (await asked(of, more))[0]!.id

const begin = async (connectionId: string) => (await stage.graphql(BeginAuthorizationDocument, { input: { connectionId } })).beginAuthorization
/** Where the marketplace sends the seller's browser once they have consented (or not). */
async function consent(url: string | null | undefined, as: Seller | null): Promise<string> {
  const at = new URL(url!)
  at.searchParams.set(as === null ? 'deny' : 'seller', as?.sellerId ?? '1')
  const response = await fetch(at, { redirect: 'manual' })
  expect(response.status).toBe(302)
  const back = response.headers.get('location')!
  for (const name of ['state', 'spapi_oauth_code']) secrets.add(new URL(back).searchParams.get(name) ?? '\0')
  return back
}
async function open(url: string): Promise<Shown> {
  const response = await fetch(url)
  const html = await response.text()
  return { status: response.status, title: /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? '', text: html, headers: response.headers }
}
const authorize = async (connectionId: string, as: Seller): Promise<Shown> => open(await consent((await begin(connectionId)).authorizationUrl, as))
const provide = async (connectionId: string, { sellerId, refreshToken }: Seller) =>
  (await stage.graphql(ProvideCredentialsDocument, { input: { connectionId, merchantId: sellerId, refreshToken } })).provideCredentials
const tried = async (connectionId: string) => (await stage.graphql(TestConnectionDocument, { input: { connectionId } })).testConnection
const goLive = async (connectionId: string) => (await stage.graphql(GoLiveDocument, { input: { connectionId } })).goLive
const disconnect = async (connectionId: string) => (await stage.graphql(DisconnectConnectionDocument, { input: { connectionId } })).disconnectConnection
const standing = async (id: string): Promise<StandingFragment> => (await stage.graphql(ConnectionStandingDocument, { id })).connection!
const codes = ({ userErrors }: { userErrors: { code: string; field?: string[] | null }[] }): string[] => userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)
const allowed = ({ supportedActions }: StandingFragment): string[] => supportedActions.flatMap((one) => (one.allowed ? [one.action] : []))
const uuid = (id: string): string => parseId(id)!.uuid
const asMerchant = (connectionId: string): Merchant => ({ connectionId, uuid: uuid(connectionId), sellerId: '', customerId: '', warehouseId: '' })
const told = async (id: string): Promise<string[]> => (await stage.told(asMerchant(id))).map(({ summary }) => summary)
const authorizationOf = async (id: string): Promise<string | null> =>
  (await stage.db.pool.query<{ authorization_id: string | null }>('SELECT authorization_id FROM connections WHERE id = $1', [uuid(id)])).rows[0]!.authorization_id
const authorizationsOf = async (of: Party): Promise<number> =>
  (await stage.db.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM authorizations WHERE customer_id = $1', [uuid(of.customerId)])).rows[0]!.count
const callsOf = async ({ sellerId }: Seller): Promise<number> => (await stage.simulator.control<{ calls: unknown[] }>(`calls?sellerId=${sellerId}`)).calls.length
const live = async (id: string): Promise<void> => {
  expect(codes(await tried(id))).toEqual([])
  expect(codes(await goLive(id))).toEqual([])
}

describe('a merchant is connected', () => {
  test.concurrent('by one consent for three marketplaces, and nothing asks for orders before it is live', async () => {
    const [seller, of] = [await newSeller([US, CA, MX]), await party()]
    await stage.buy({ ...asMerchant(toId('Connection', randomUUID())), sellerId: seller.sellerId }, { count: 2, marketplaceId: US })
    const importFrom = new Date(Date.now() - 86_400_000).toISOString()
    const [us, ca, mx] = await asked(of, { marketplaceIds: [US, CA, MX], expectedOrdersPerDay: 40, notes: 'Glass', importFrom }) as [StandingFragment, StandingFragment, StandingFragment]
    expect(us).toMatchObject({ status: 'ONBOARDING', merchantId: null, marketplace: { id: US }, settings: { inventorySync: false, importFrom }, health: { nextOrderImportAt: null } })
    expect(us.name).toMatch(/^Kiln .* on amazon\.com$/)
    expect(allowed(us)).toEqual(['beginAuthorization', 'provideCredentials', 'disconnect', 'updateSettings', 'pauseJobs', 'resumeJobs', 'mapSkus'])
    expect(us.supportedActions.find(({ action }) => action === 'goLive')?.reason).toMatch(/not authorized/)
    expect(codes(await tried(us.id))).toEqual(['CONNECTION_NOT_READY connectionId'])

    const { authorizationUrl, expiresAt } = await begin(us.id)
    expect(Math.abs(Date.parse(expiresAt!) - Date.now() - 30 * 60_000)).toBeLessThan(60_000)
    const back = await consent(authorizationUrl, seller)
    expect(back).toMatch(new RegExp(`^${new URL(stage.url).origin}/authorize/amazon/callback\\?`))
    const shown = await open(back)
    expect(shown).toMatchObject({ status: 200, title: 'The account is connected' })
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer')
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect(shown.headers.get('content-security-policy')).toMatch(/default-src 'none'/)
    for (const secret of new URL(back).searchParams.values()) if (secret !== seller.sellerId) expect(shown.text).not.toContain(secret)

    const after = await Promise.all([us, ca, mx].map(({ id }) => standing(id)))
    for (const one of after) {
      expect(one).toMatchObject({ status: 'ONBOARDING', merchantId: seller.sellerId, version: 2 })
      expect(Date.parse(one.health.authorizationExpiresAt!)).toBeGreaterThan(Date.now() + 364 * 86_400_000)
    }
    expect(await authorizationsOf(of)).toBe(1)
    expect((await told(us.id)).slice(1)).toEqual([`${us.name} was authorized by test`])
    expect((await told(ca.id)).slice(1)).toEqual([`${ca.name} shares the authorization of ${us.name}, which test gave`])
    // Its own account was tested on the way, the others' were not.
    expect(allowed(after[0]!)).toContain('goLive')
    expect(codes(await goLive(ca.id))).toEqual(['CONNECTION_NOT_READY connectionId'])

    // Due as nothing could be more, and workers look: a live connection's run shows it.
    const before = await callsOf(seller)
    await stage.db.pool.query(`UPDATE cadences SET next_run_at = now() - interval '1 day' WHERE connection_id = ANY($1)`, [[us, ca, mx].map(({ id }) => uuid(id))])
    const other = await stage.merchant()
    expect(await stage.run(other, 'IMPORT_ORDERS')).toMatchObject({ status: 'SUCCEEDED' })
    expect(await callsOf(seller)).toBe(before)

    await stage.graphql(MapSkusDocument, { input: { connectionId: us.id, mappings: [{ sellerSku: 'MUG', warehouseSku: 'MUG' }] } })
    expect(await goLive(us.id)).toMatchObject({ userErrors: [], connection: { status: 'LIVE' } })
    expect(codes(await goLive(us.id))).toEqual(['NOT_ALLOWED connectionId'])
    await until(async () => (await standing(us.id)).health.lastOrderImport?.status === 'SUCCEEDED')
    await until(async () => (await stage.told(asMerchant(us.id))).filter(({ type }) => type === 'ORDER_IMPORTED').length === 2)
    expect((await standing(ca.id)).health.lastOrderImport).toBeNull()
    const metrics = await (await fetch(new URL('/metrics', stage.url))).text()
    const days = (id: string): number => Number(new RegExp(`cartage_authorization_days_left\\{connection="${uuid(id)}"\\} (\\S+)`).exec(metrics)?.[1])
    expect(days(us.id)).toBeGreaterThan(364)
    expect(days(ca.id)).toBeNaN()
    await live(ca.id)
  })

  test.concurrent('by credentials copied by hand, which a sibling shares, and tested by hand', async () => {
    const [seller, of] = [await newSeller([US, CA]), await party()]
    const [us, ca] = (await asked(of, { marketplaceIds: [US, CA] })).map(({ id }) => id) as [string, string]
    expect(codes(await provide(us, { sellerId: ' ', refreshToken: '' }))).toEqual(['REQUIRED merchantId', 'REQUIRED refreshToken'])
    expect(codes(await provide(us, { sellerId: 'A'.repeat(51), refreshToken: 'x'.repeat(5000) }))).toEqual(['INVALID merchantId', 'INVALID refreshToken'])
    expect(codes(await provide('conn_x', seller))).toEqual(['INVALID connectionId'])
    expect(codes(await provide(toId('Connection', randomUUID()), seller))).toEqual(['NOT_FOUND connectionId'])
    expect(await provide(us, { ...seller, refreshToken: ` ${seller.refreshToken}\n` })).toMatchObject({ userErrors: [], connection: { merchantId: seller.sellerId } })
    expect(await authorizationOf(ca)).toBe(await authorizationOf(us))
    const test = await tried(ca)
    expect(test.checks.map(({ name, passed }) => [name, passed])).toEqual(
      ['TOKEN', 'MARKETPLACE', 'SELLER', 'ORDERS_ROLE', 'PERSONAL_DATA_ROLE', 'LISTINGS_ROLE'].map((name) => [name, true]),
    )
    expect(codes(await goLive(ca))).toEqual([])
    expect((await told(ca)).slice(0, 4).map((summary) => summary.replace(/.* (was|shares) (\w+).*/, '$1 $2'))).toEqual(['was requested', 'shares the', 'was tested', 'was set'])
    // The same verdict again is no news.
    expect(codes(await tried(ca))).toEqual([])
    expect((await told(ca)).filter((summary) => summary.includes('was tested'))).toHaveLength(1)
  })

  test.concurrent('without the right to listings where no stock is told, and not where it is', async () => {
    const seller = await newSeller([US], { roles: { listings: false } })
    const id = await askedOne()
    expect(codes(await provide(id, seller))).toEqual(['CREDENTIALS_REJECTED merchantId'])
    expect(await authorize(id, seller)).toMatchObject({ status: 200 })
    await stage.graphql(UpdateSettingsDocument, { input: { connectionId: id, inventorySync: true } })
    const refused = await goLive(id)
    expect(codes(refused)).toEqual(['CONNECTION_NOT_READY connectionId', 'CONNECTION_NOT_READY connectionId'])
    expect(refused.userErrors[0]!.message).toMatch(/listings/)
    await stage.graphql(UpdateSettingsDocument, { input: { connectionId: id, inventorySync: false } })
    expect(codes(await goLive(id))).toEqual([])
  })

  test.concurrent('with a role missing only after it was added and tested anew', async () => {
    const seller = await newSeller([US], { roles: { orders: false } })
    const id = await askedOne()
    expect(await authorize(id, seller)).toMatchObject({ status: 200 })
    const refused = await goLive(id)
    expect(new Set(codes(refused))).toEqual(new Set(['CONNECTION_NOT_READY connectionId']))
    expect(refused.userErrors[0]!.message).toMatch(/Inventory and Order Tracking/)
    await stage.simulator.control(`sellers/${seller.sellerId}`, 'PATCH', { roles: { orders: true } })
    await live(id)
  })

  test.concurrent('a new authorization serves runs under way and those that share it, and sets a stopped connection to work', async () => {
    const [seller, of] = [await newSeller([US, CA]), await party()]
    const [us, ca] = (await asked(of, { marketplaceIds: [US, CA] })).map(({ id }) => id) as [string, string]
    await authorize(us, seller)
    await Promise.all([us, ca].map(live))
    await until(async () => (await standing(us)).health.lastOrderImport?.status === 'SUCCEEDED' && (await standing(ca)).health.lastOrderImport?.status === 'SUCCEEDED')
    const first = await authorizationOf(us)

    await stage.simulator.control('faults', 'POST', { operation: 'searchOrders', sellerId: seller.sellerId, kind: 'latency', latencyMs: 1500, times: 1 })
    const running = await stage.queueRun(asMerchant(ca), 'IMPORT_ORDERS')
    await until(async () => (await stage.db.pool.query(`SELECT FROM job_runs WHERE connection_id = $1 AND status = 'RUNNING'`, [uuid(ca)])).rowCount === 1)
    expect(codes(await provide(us, seller))).toEqual([])
    expect(await stage.ended(running)).toMatchObject({ status: 'SUCCEEDED' })
    expect([await authorizationOf(us), await authorizationOf(ca), await authorizationsOf(of)]).toEqual([first, first, 1])

    await stage.simulator.control(`sellers/${seller.sellerId}/authorizations`, 'DELETE')
    for (const id of [us, ca]) {
      expect(await stage.run(asMerchant(id), 'IMPORT_ORDERS')).toMatchObject({ status: 'FAILED', errorCode: 'UNAUTHORIZED' })
      expect(await standing(id)).toMatchObject({ status: 'NEEDS_ATTENTION', statusReason: expect.stringMatching(/authorization/) })
    }
    expect(codes(await provide(us, seller))).toContain('CREDENTIALS_REJECTED refreshToken')
    expect(await authorize(us, seller)).toMatchObject({ status: 200 })
    for (const id of [us, ca]) {
      expect(await standing(id)).toMatchObject({ status: 'LIVE', statusReason: null })
      await until(async () => (await standing(id)).health.lastOrderImport?.status === 'SUCCEEDED')
    }
    expect(await authorizationOf(us)).toBe(first)
  })
})

describe('nobody is connected', () => {
  const untouched = async (id: string): Promise<void> => {
    expect(await standing(id)).toMatchObject({ status: 'ONBOARDING', merchantId: null, version: 1 })
    expect(await authorizationOf(id)).toBeNull()
  }

  test.concurrent('by a state that is forged, missing, of another channel, or used already', async () => {
    const seller = await newSeller()
    const id = await askedOne()
    const back = new URL(await consent((await begin(id)).authorizationUrl, seller))
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(back)
      change(url)
      return url.href
    }
    for (const state of ['', 'forged', 'x'.repeat(5000), `${back.searchParams.get('state')}x`]) {
      expect(await open(changed((url) => url.searchParams.set('state', state)))).toMatchObject({ status: 400, title: 'This link is not known' })
    }
    expect(await open(changed((url) => url.searchParams.append('state', 'twice')))).toMatchObject({ status: 400, title: 'This link is not known' })
    expect(await open(changed((url) => (url.search = '')))).toMatchObject({ status: 400, title: 'This link is not known' })
    expect(await open(changed((url) => (url.pathname = '/authorize/bazaar/callback')))).toMatchObject({ status: 400, title: 'This link is not known' })
    expect((await fetch(back, { method: 'HEAD' })).status).toBe(404)
    await untouched(id)
    expect(await open(back.href)).toMatchObject({ status: 200 })
    expect(await open(back.href)).toMatchObject({ status: 400, title: 'This link was used already' })
    expect(await standing(id)).toMatchObject({ version: 2 })
  })

  test.concurrent('twice: of two callbacks at the same instant one stores', async () => {
    const [seller, of] = [await newSeller(), await party()]
    const id = await askedOne(of)
    const back = await consent((await begin(id)).authorizationUrl, seller)
    const shown = await Promise.all(Array.from({ length: 5 }, () => open(back)))
    expect(shown.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400])
    expect(await authorizationsOf(of)).toBe(1)
    expect(await told(id)).toHaveLength(2)
  })

  test.concurrent('by a seller who declines, or a code that was used', async () => {
    const seller = await newSeller()
    const [id, other] = [await askedOne(), await askedOne()]
    expect(await open(await consent((await begin(id)).authorizationUrl, null))).toMatchObject({ status: 400, title: 'The authorization was declined' })
    const used = new URL(await consent((await begin(other)).authorizationUrl, seller))
    expect(await open(used.href)).toMatchObject({ status: 200 })
    const back = new URL(await consent((await begin(id)).authorizationUrl, seller))
    back.searchParams.set('spapi_oauth_code', used.searchParams.get('spapi_oauth_code')!)
    expect(await open(back.href)).toMatchObject({ status: 400, title: 'The marketplace refused the authorization' })
    await untouched(id)
  })

  test.concurrent('by another account than the survey names, or than it already has', async () => {
    const [named, another] = [await newSeller(), await newSeller()]
    const id = await askedOne(undefined, { merchantId: named.sellerId })
    const shown = await authorize(id, another)
    expect(shown).toMatchObject({ status: 400, title: 'This is another account' })
    expect(shown.text).toContain(named.sellerId)
    expect(codes(await provide(id, another))).toEqual(['CREDENTIALS_REJECTED merchantId'])
    await untouched(id)
    expect(await authorize(id, named)).toMatchObject({ status: 200 })
    const unnamed = await askedOne()
    expect(codes(await provide(unnamed, another))).toEqual([])
    const fresh = await newSeller()
    expect(await authorize(unnamed, fresh)).toMatchObject({ status: 400, title: 'This is another account' })
    expect(await standing(unnamed)).toMatchObject({ merchantId: another.sellerId, version: 2 })
  })

  test.concurrent('by an account of another region, a revoked token, or the merchant ID of somebody else', async () => {
    const [european, seller, another] = [await newSeller([UK]), await newSeller(), await newSeller()]
    const id = await askedOne()
    const shown = await authorize(id, european)
    expect(shown).toMatchObject({ status: 400, title: 'The account cannot be used' })
    expect(shown.text).toMatch(/North America/)
    expect(codes(await provide(id, european))[0]).toBe('CREDENTIALS_REJECTED refreshToken')
    const wrong = await provide(id, { ...seller, sellerId: another.sellerId })
    expect(codes(wrong)).toEqual(['CREDENTIALS_REJECTED merchantId'])
    expect(wrong.userErrors[0]!.message).toMatch(/Merchant ID/)
    expect(codes(await provide(id, { ...seller, refreshToken: 'Atzr|never' }))).toContain('CREDENTIALS_REJECTED refreshToken')
    await stage.simulator.control(`sellers/${seller.sellerId}/authorizations`, 'DELETE')
    expect(codes(await provide(id, seller))).toContain('CREDENTIALS_REJECTED refreshToken')
    await untouched(id)
  })

  test.concurrent("by the account of another customer's connection, of which nothing is told", async () => {
    const seller = await newSeller([US, CA])
    const [owner, other] = [await party(), await party()]
    const first = await askedOne(owner)
    expect(await authorize(first, seller)).toMatchObject({ status: 200 })
    const [us, ca] = (await asked(other, { marketplaceIds: [US, CA] })).map(({ id }) => id) as [string, string]
    const shown = await authorize(us, seller)
    expect(shown).toMatchObject({ status: 400, title: 'This account is connected already' })
    const refused = await provide(us, seller)
    expect(codes(refused)).toEqual(['TAKEN merchantId'])
    const { name } = await standing(first)
    for (const text of [shown.text, JSON.stringify(refused)]) for (const word of [name, first, owner.customerId]) expect(text).not.toContain(word)
    await untouched(us)
    expect(await authorizationsOf(other)).toBe(0)
    // It is free on the other marketplace, and the sibling's conflict does not spoil that.
    expect(codes(await provide(ca, seller))).toEqual([])
    expect(await authorizationOf(us)).toBeNull()
  })

  test.concurrent('in the name of a viewer whose token was revoked in between', async () => {
    const seller = await newSeller()
    const id = await askedOne()
    const name = `short ${randomUUID()}`
    const token = await createApiToken(stage.db, name, 'OPERATOR')
    const response = await fetch(stage.url, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'mutation ($id: ID!) { beginAuthorization(input: { connectionId: $id }) { authorizationUrl } }', variables: { id } }),
    })
    const { data } = (await response.json()) as { data: { beginAuthorization: { authorizationUrl: string } } }
    const back = await consent(data.beginAuthorization.authorizationUrl, seller)
    await stage.db.pool.query('UPDATE api_tokens SET revoked_at = now() WHERE name = $1', [name])
    expect(await open(back)).toMatchObject({ status: 400, title: 'This authorization cannot be finished' })
    await untouched(id)
  })

  test.concurrent('while the marketplace does not answer, until it does', async () => {
    const seller = await newSeller()
    const id = await askedOne()
    const { id: fault } = await stage.simulator.control<{ id: string }>('faults', 'POST', { operation: 'getMarketplaceParticipations', sellerId: seller.sellerId, kind: 'malformed', part: 'answer' })
    expect(await authorize(id, seller)).toMatchObject({ status: 503, title: 'The marketplace does not answer' })
    expect(codes(await provide(id, seller))).toEqual(['MARKETPLACE_UNAVAILABLE connectionId'])
    await untouched(id)
    await stage.simulator.control(`faults/${fault}`, 'DELETE')
    expect(await authorize(id, seller)).toMatchObject({ status: 200 })
    await stage.simulator.control('faults', 'POST', { operation: 'getMarketplaceParticipations', sellerId: seller.sellerId, kind: 'malformed', part: 'answer' })
    expect(codes(await tried(id))).toEqual(['MARKETPLACE_UNAVAILABLE connectionId'])
  })
})

describe('while the marketplace is asked', () => {
  const slowly = (operation: string, { sellerId }: Seller) => stage.simulator.control('faults', 'POST', { operation, sellerId, kind: 'latency', latencyMs: 1500, times: 1 })
  const askedAbout = (seller: Seller) => until(async () => (await callsOf(seller)) > 0)

  test.concurrent('the connection may be disconnected: then nothing is stored', async () => {
    const [seller, of] = [await newSeller(), await party()]
    const id = await askedOne(of)
    await slowly('getMarketplaceParticipations', seller)
    const [shown, disconnected] = await Promise.all([authorize(id, seller), askedAbout(seller).then(() => disconnect(id))])
    expect(codes(disconnected)).toEqual([])
    expect(shown).toMatchObject({ status: 400, title: 'This authorization cannot be finished' })
    expect(await standing(id)).toMatchObject({ status: 'DISCONNECTED', merchantId: null })
    expect(await authorizationsOf(of)).toBe(0)
  })

  test.concurrent('the connection may become another merchant\'s: then that one stays', async () => {
    const [seller, another] = [await newSeller(), await newSeller()]
    const id = await askedOne()
    await slowly('getMarketplaceParticipations', seller)
    const [slow, quick] = await Promise.all([provide(id, seller), askedAbout(seller).then(() => provide(id, another))])
    expect(codes(quick)).toEqual([])
    expect(codes(slow)).toEqual(['CREDENTIALS_REJECTED merchantId'])
    expect(await standing(id)).toMatchObject({ merchantId: another.sellerId, version: 2 })
  })

  test.concurrent('its authorization may become another: then the test of the former one does not count', async () => {
    const seller = await newSeller()
    const id = await askedOne()
    await provide(id, seller)
    const before = await callsOf(seller)
    await slowly('getMarketplaceParticipations', seller)
    const [test, renewed] = await Promise.all([tried(id), until(async () => (await callsOf(seller)) > before).then(() => provide(id, seller))])
    expect(codes(renewed)).toEqual([])
    expect(codes(test)).toEqual(['VERSION_CONFLICT connectionId'])
  })

  test.concurrent('a run may be under way on a connection that is disconnected: it ends, what waited is dropped, and nothing runs again', async () => {
    const seller = await newSeller()
    const id = await askedOne(undefined, { importFrom: new Date(Date.now() - 86_400_000).toISOString() })
    await authorize(id, seller)
    await live(id)
    await until(async () => (await standing(id)).health.lastOrderImport?.status === 'SUCCEEDED')
    await stage.buy({ ...asMerchant(id), sellerId: seller.sellerId }, { count: 150, marketplaceId: US })
    await slowly('searchOrders', seller)
    const running = await stage.queueRun(asMerchant(id), 'IMPORT_ORDERS')
    await until(async () => (await stage.db.pool.query(`SELECT FROM job_runs WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS' AND status = 'RUNNING'`, [uuid(id)])).rowCount === 1)
    const waiting = await stage.queueRun(asMerchant(id), 'IMPORT_ORDERS')
    expect(codes(await disconnect(id))).toEqual([])
    // The credentials that it began with are gone, and so is what its further calls are counted on.
    expect(await stage.ended(running)).toMatchObject({ status: 'FAILED', errorCode: 'CANCELLED', found: 100 })
    expect(await stage.ended(waiting)).toMatchObject({ status: 'FAILED', errorCode: 'DISCONNECTED' })
    expect(await standing(id)).toMatchObject({ status: 'DISCONNECTED', health: { nextOrderImportAt: null } })
  })
})

test.concurrent('disconnected: its credentials are destroyed once nobody shares them, and nothing but reading is left', async () => {
  const [seller, of] = [await newSeller([US, CA]), await party()]
  const [us, ca] = (await asked(of, { marketplaceIds: [US, CA] })).map(({ id }) => id) as [string, string]
  await authorize(us, seller)
  await Promise.all([us, ca].map(live))
  const pending = await consent((await begin(us)).authorizationUrl, seller)
  expect(await disconnect(us)).toMatchObject({ userErrors: [], connection: { status: 'DISCONNECTED', merchantId: seller.sellerId, health: { nextOrderImportAt: null, authorizationExpiresAt: null } } })
  expect(await authorizationsOf(of)).toBe(1)
  expect(await open(pending)).toMatchObject({ status: 400, title: 'This link is not known' })
  expect(allowed(await standing(us))).toEqual([])
  expect(allowed(await standing(ca))).toContain('pause')

  expect(codes(await disconnect(us))).toEqual(['NOT_ALLOWED connectionId'])
  expect(codes(await begin(us))).toEqual(['NOT_ALLOWED connectionId'])
  expect(codes(await provide(us, seller))).toEqual(['NOT_ALLOWED connectionId'])
  expect(codes(await tried(us))).toEqual(['NOT_ALLOWED connectionId'])
  expect(codes(await goLive(us))).toEqual(['NOT_ALLOWED connectionId'])
  expect(codes((await stage.graphql(RunJobNowDocument, { input: { connectionId: us, kind: 'IMPORT_ORDERS' } })).runJobNow)).toEqual(['CONNECTION_NOT_READY connectionId'])
  const { importOrder } = await stage.graphql<{ importOrder: { userErrors: { code: string; field: string[] }[] } }>(
    'mutation ($id: ID!) { importOrder(input: { connectionId: $id, number: "902-1" }) { userErrors { code field } } }', { id: us },
  )
  expect(codes(importOrder)).toEqual(['CONNECTION_NOT_READY connectionId'])

  expect(codes(await disconnect(ca))).toEqual([])
  expect(await authorizationsOf(of)).toBe(0)
  expect(await told(ca)).toContainEqual(expect.stringMatching(/was disconnected by test$/)) // its first import may end after it
  const anew = await askedOne(of, { merchantId: seller.sellerId })
  expect(await authorize(anew, seller)).toMatchObject({ status: 200 })
})

test('every marketplace can be asked for by channel and region, with all that its seller must know', async () => {
  const { marketplaces } = await stage.graphql(MarketplacesWholeDocument, { channel: 'amazon', region: 'NORTH_AMERICA' })
  expect(marketplaces.map(({ countryCode }) => countryCode).sort()).toEqual(['BR', 'CA', 'MX', 'US'])
  expect(marketplaces.find(({ id }) => id === US)).toMatchObject({ name: 'amazon.com', currencyCode: 'USD', developerName: '3PL Central', legacyDeveloperAccount: '6009-1364-0071' })
  for (const { authorizationSteps, timeZone, sellerPortalUrl } of marketplaces) {
    expect([authorizationSteps.length > 2, timeZone.includes('/'), String(sellerPortalUrl).startsWith('http')]).toEqual([true, true, true])
  }
  expect((await stage.graphql(MarketplacesWholeDocument, { channel: 'bazaar' })).marketplaces).toEqual([])
})

test('a consent comes too late: after half an hour by the state, after five minutes by the code', async () => {
  const seller = await newSeller()
  const id = await askedOne()
  const late = await consent((await begin(id)).authorizationUrl, seller)
  await stage.pass(6 * 60)
  expect(await open(late)).toMatchObject({ status: 400, title: 'The marketplace refused the authorization' })
  const tooLate = await consent((await begin(id)).authorizationUrl, seller)
  await stage.pass(31 * 60)
  expect(await open(tooLate)).toMatchObject({ status: 400, title: 'This link is too old' })
  expect(await standing(id)).toMatchObject({ merchantId: null, version: 1 })
})

test('no event and no line of the log bears a code, a state, a token or an address', async () => {
  const { rows: [stored] } = await stage.db.pool.query<{ words: string }>(`SELECT (SELECT string_agg(summary, ' ') FROM events) || (SELECT string_agg(sealed, ' ') FROM authorizations) AS words`)
  const written = JSON.stringify(stage.gateway.logged) + stored!.words
  secrets.delete('\0')
  expect(secrets.size).toBeGreaterThan(20)
  expect(stage.gateway.logged.filter((line) => line['outcome'] === 'done').length).toBeGreaterThan(3)
  for (const secret of [...secrets, email, 'Morgan Private']) expect(written).not.toContain(secret)
  expect(stage.gateway.logged.filter((line) => Number(line['level']) >= 50)).toEqual([])
})
