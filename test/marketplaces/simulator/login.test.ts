import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf, type SellerAccess, simulate, type Simulated } from './simulated.ts'

let simulated: Simulated
let access: SellerAccess
beforeAll(async () => {
  simulated = await simulate()
  access = await simulated.seller()
})
afterAll(() => simulated.stop())

const trade = async (form: Record<string, string>) => {
  const answer = await simulated.token(form)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const client = () => ({ client_id: access.credentials.clientId, client_secret: access.credentials.clientSecret })

test('a refresh token buys an access token of an hour', async () => {
  const { status, body } = await trade({ grant_type: 'refresh_token', refresh_token: access.credentials.refreshToken, ...client() })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    access_token: expect.stringMatching(/^Atza\|/),
    token_type: 'bearer',
    expires_in: 3600,
    refresh_token: access.credentials.refreshToken,
  })
})

test("refusals are of Login with Amazon's own shape", async () => {
  const refused = async (form: Record<string, string>) => {
    const { status, body } = await trade(form)
    expect(Object.keys(body)).toEqual(['error', 'error_description'])
    return [status, body.error]
  }
  expect(await refused({ grant_type: 'refresh_token', refresh_token: 'Atzr|none', ...client() })).toEqual([400, 'invalid_grant'])
  expect(
    await refused({ grant_type: 'refresh_token', refresh_token: access.credentials.refreshToken, ...client(), client_secret: 'wrong' }),
  ).toEqual([401, 'invalid_client'])
  expect(await refused({ grant_type: 'password', ...client() })).toEqual([400, 'unsupported_grant_type'])
  expect(await refused({ grant_type: 'refresh_token', ...client() })).toEqual([400, 'invalid_request'])
  expect(await refused({ ...client() })).toEqual([400, 'invalid_request'])
  expect(await refused({ grant_type: 'client_credentials', scope: 'everything', ...client() })).toEqual([400, 'invalid_scope'])
  const json = await fetch(`${simulated.url}/auth/o2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(json.status).toBe(400)
})

test('a code is good once, within five minutes', async () => {
  const code = async () => (await simulated.control<{ code: string }>('POST', `/sellers/${access.sellerId}/authorization-code`)).body.code
  const used = await code()
  expect((await trade({ grant_type: 'authorization_code', code: used, ...client() })).body.refresh_token).toMatch(/^Atzr\|/)
  expect((await trade({ grant_type: 'authorization_code', code: used, ...client() })).body.error).toBe('invalid_grant')
  const late = await code()
  await simulated.advance(300)
  expect((await trade({ grant_type: 'authorization_code', code: late, ...client() })).body.error).toBe('invalid_grant')
})

test('the consent page leads back with state, seller and a code that can be traded', async () => {
  const query = new URLSearchParams({
    application_id: 'amzn1.sp.solution.cartage-simulator',
    state: 'st8',
    redirect_uri: 'http://localhost/callback?x=1',
  })
  const page = await fetch(`${simulated.url}/apps/authorize/consent?${query}`)
  expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer'])
  expect(await page.text()).toContain(access.sellerId)
  const answer = await fetch(`${simulated.url}/apps/authorize/consent?${query}&seller=${access.sellerId}`, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location')!)
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ x: '1', state: 'st8', selling_partner_id: access.sellerId })
  const code = back.searchParams.get('spapi_oauth_code')!
  expect((await trade({ grant_type: 'authorization_code', code, ...client() })).status).toBe(200)
  query.set('redirect_uri', 'javascript:alert(1)')
  expect((await fetch(`${simulated.url}/apps/authorize/consent?${query}`)).status).toBe(400)
})

const consentUrl = (more: Record<string, string> = {}) =>
  `${simulated.url}/apps/authorize/consent?${new URLSearchParams({
    application_id: 'amzn1.sp.solution.cartage-simulator',
    state: 'st8',
    redirect_uri: 'http://localhost/callback',
    ...more,
  })}`
const backOf = async (more: Record<string, string>) => {
  const answer = await fetch(consentUrl(more), { redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? 'http://nowhere/')
}

test('the page has a button for each seller and one to decline; declining leads back with an error and no code', async () => {
  const html = await (await fetch(consentUrl())).text()
  const values = [...html.matchAll(/<button name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])
  expect(values).toContainEqual(['seller', access.sellerId])
  expect(values).toContainEqual(['deny', '1'])
  const hidden = Object.fromEntries([...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value]) => [name, value]))
  expect(hidden).toEqual({
    application_id: 'amzn1.sp.solution.cartage-simulator',
    state: 'st8',
    redirect_uri: 'http://localhost/callback',
  })
  const back = await backOf({ deny: '1' })
  expect([back.searchParams.get('state'), back.searchParams.get('error'), back.searchParams.has('spapi_oauth_code')]).toEqual([
    'st8',
    'access_denied',
    false,
  ])
})

test('a page in whose address lies markup shows it as text', async () => {
  const html = await (await fetch(consentUrl({ state: '"><script>alert(1)</script>' }))).text()
  expect(html).not.toContain('<script>')
})

test("a consent's code is refused with another redirect_uri than the consent's", async () => {
  const code = async () => (await backOf({ seller: access.sellerId })).searchParams.get('spapi_oauth_code')!
  const redeem = async (more: Record<string, string>) => trade({ grant_type: 'authorization_code', code: await code(), ...client(), ...more })
  expect((await redeem({ redirect_uri: 'http://localhost/elsewhere' })).body.error).toBe('invalid_grant')
  expect((await redeem({ redirect_uri: 'http://localhost/callback' })).status).toBe(200)
  expect((await redeem({})).status).toBe(200)
})

test('an application that is a draft, or has its addresses registered, is held to it', async () => {
  await simulated.control('POST', '/application', { draft: true, redirectUris: ['http://localhost/callback'] })
  const page = async (more: Record<string, string>) => {
    const answer = await fetch(consentUrl(more))
    return [answer.status, /MD\d+/.exec(await answer.text())?.[0]]
  }
  expect(await page({})).toEqual([400, 'MD1000'])
  expect(await page({ version: 'beta' })).toEqual([200, undefined])
  expect(await page({ version: 'beta', redirect_uri: 'http://localhost/elsewhere' })).toEqual([400, 'MD5101'])
  await simulated.control('POST', '/application', { draft: false, redirectUris: null })
  expect(await page({ application_id: 'another' })).toEqual([400, undefined])
})

test('a second consent gives a refresh token of its own, beside the first one; each can be revoked', async () => {
  const seller = await simulated.seller()
  const { clientId: client_id, clientSecret: client_secret, refreshToken: first } = seller.credentials
  const { body } = await simulated.control<{ code: string }>('POST', `/sellers/${seller.sellerId}/authorization-code`)
  const second = String((await trade({ grant_type: 'authorization_code', code: body.code, client_id, client_secret })).body.refresh_token)
  expect(second).not.toBe(first)
  const refresh = async (refresh_token: string) => trade({ grant_type: 'refresh_token', refresh_token, client_id, client_secret })
  const token = String((await refresh(first)).body.access_token)
  expect((await refresh(second)).status).toBe(200)
  const listed = await simulated.control('DELETE', `/sellers/${seller.sellerId}/authorizations?refreshToken=${encodeURIComponent(first)}`)
  expect(listed.body).toMatchObject({
    authorizations: [
      { refreshToken: first, revoked: true, valid: false },
      { refreshToken: second, revoked: false, valid: true },
    ],
  })
  expect((await refresh(first)).body.error).toBe('invalid_grant')
  expect((await refresh(second)).status).toBe(200)
  const answer = await fetch(`${simulated.url}/sellers/v1/marketplaceParticipations`, { headers: { 'x-amz-access-token': token } })
  expect([answer.status, errorOf(await answer.json()).details]).toEqual([403, undefined])
})

test('secrets are valid side by side, and each until its end; refresh tokens outlive them', async () => {
  const refresh = async (client_secret: string) => {
    const { clientId: client_id, refreshToken: refresh_token } = access.credentials
    const { status, body } = await trade({ grant_type: 'refresh_token', refresh_token, client_id, client_secret })
    return status === 200 ? 200 : [status, body.error]
  }
  const { body } = await simulated.control<{ now: string }>('GET', '/clock')
  const expiresAt = new Date(Date.parse(body.now) + 7 * 86_400_000).toISOString()
  const old = access.credentials.clientSecret
  const set = await simulated.control('POST', '/application', { clientSecrets: ['the-new-one', { secret: old, expiresAt }] })
  expect(set.body).toMatchObject({ clientSecrets: [{ secret: 'the-new-one', expiresAt: null }, { secret: old, expiresAt }] })
  expect([await refresh(old), await refresh('the-new-one')]).toEqual([200, 200])
  await simulated.advance(7 * 86_400)
  expect([await refresh(old), await refresh('the-new-one')]).toEqual([[401, 'invalid_client'], 200])
  await simulated.control('POST', '/application', { clientSecrets: [old] })
  expect([await refresh(old), await refresh('the-new-one')]).toEqual([200, [401, 'invalid_client']])
})

test('an authorization ends after 365 days, on the clock of the simulator', async () => {
  const seller = await simulated.seller()
  const refresh = async () => {
    const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = seller.credentials
    return (await trade({ grant_type: 'refresh_token', refresh_token, client_id, client_secret })).body.error
  }
  await simulated.advance(365 * 86_400 - 1)
  expect(await refresh()).toBeUndefined()
  const token = await simulated.accessToken(seller)
  await simulated.advance(1)
  expect(await refresh()).toBe('invalid_grant')
  const answer = await fetch(`${simulated.url}/sellers/v1/marketplaceParticipations`, { headers: { 'x-amz-access-token': token } })
  expect([answer.status, errorOf(await answer.json()).details]).toEqual([403, undefined])
  access = await simulated.seller()
})

test('no token, an unknown one, one of the application alone: denied; an expired one is told apart', async () => {
  const url = `${simulated.url}/orders/2026-01-01/orders/111-0000000-0000000`
  const denied = async (headers: Record<string, string>) => {
    const answer = await fetch(url, { headers })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/[0-9a-f-]{36}/)
    return errorOf(await answer.json())
  }
  expect(await denied({})).toEqual({ code: 'Unauthorized', message: 'Access to requested resource is denied.' })
  expect((await denied({ 'x-amz-access-token': 'Atza|nobody' })).details).toBeUndefined()
  const { body } = await trade({ grant_type: 'client_credentials', scope: 'sellingpartnerapi::notifications', ...client() })
  expect((await denied({ 'x-amz-access-token': String(body.access_token) })).code).toBe('Unauthorized')
  const token = await simulated.accessToken(access)
  await simulated.advance(3599)
  expect((await fetch(url, { headers: { 'x-amz-access-token': token } })).status).toBe(404)
  await simulated.advance(1)
  expect((await denied({ 'x-amz-access-token': token })).details).toBe('The access token you provided has expired.')
})

test('a call without User-Agent is refused, or with one of more than 500 characters', async () => {
  const token = await simulated.accessToken(access)
  const statusWith = (agent: object) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(
        `${simulated.url}/sellers/v1/marketplaceParticipations`,
        { headers: { 'x-amz-access-token': token, ...agent } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
        .on('error', reject)
        .end()
    })
  expect(await statusWith({})).toBe(400)
  expect(await statusWith({ 'user-agent': 'x'.repeat(501) })).toBe(400)
  expect(await statusWith({ 'user-agent': 'x'.repeat(500) })).toBe(200)
})

test('an operation that is not simulated is not found, and recorded', async () => {
  expect((await fetch(`${simulated.url}/orders/v0/orders`)).status).toBe(404)
  expect((await simulated.calls()).counts.unknown).toBe(1)
})
