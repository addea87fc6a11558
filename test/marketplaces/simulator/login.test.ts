import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf, type SellerAccess, simulate, type Simulated, US } from './simulated.ts'

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
  expect((await trade({ grant_type: 'authorization_code', code: used, ...client() })).body.refresh_token).toBe(
    access.credentials.refreshToken,
  )
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

test('a call without User-Agent is refused', async () => {
  const token = await simulated.accessToken(access)
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(`${simulated.url}/orders/2026-01-01/orders?marketplaceIds=${US}`, { headers: { 'x-amz-access-token': token } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(status).toBe(400)
})

test('an operation that is not simulated is not found, and recorded', async () => {
  expect((await fetch(`${simulated.url}/orders/v0/orders`)).status).toBe(404)
  expect((await simulated.calls()).counts.unknown).toBe(1)
})
