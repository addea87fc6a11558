import { afterEach, describe, expect, it } from 'vitest'
import { accountChecks, type AccountTest, ChannelError } from '../../src/marketplaces/channel.ts'
import { application, grant, json, type Reply, type Script, type ScriptedAmazon, scriptedAmazon } from './scripted-amazon.ts'

const US = 'ATVPDKIKX0DER'
const CA = 'A2EUQ1WTGCTBG2'
const DE = 'A1PA6795UKMFR9'
const now = new Date('2026-03-01T10:00:00Z')
const inAYear = new Date('2027-03-01T10:00:00Z')
const signal = new AbortController().signal
let amazon: ScriptedAmazon
afterEach(() => amazon.stop())

const start = async (script: Script = () => json({}), options: Parameters<typeof scriptedAmazon>[1] = {}): Promise<void> => {
  amazon = await scriptedAmazon(script, { clock: () => now, ...options })
}
async function failure(call: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await call.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(ChannelError)
  return error as ChannelError
}

describe('the consent page', () => {
  const to = { state: 'the state/+&', redirectUrl: 'https://cartage.example/authorized?channel=amazon' }

  it('is in the Seller Central of the marketplace, and takes everything along', async () => {
    await start()
    const url = new URL(amazon.channel.consentUrl(DE, to)!)
    expect(url.origin + url.pathname).toBe('https://sellercentral-europe.amazon.com/apps/authorize/consent')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      application_id: 'amzn1.sp.solution.the-application',
      state: to.state,
      redirect_uri: to.redirectUrl,
    })
  })

  it('is asked for the draft of an application that is not published, wherever the portal is', async () => {
    const sellerPortal = (marketplace: { id: string }): string => `http://portal.example/${marketplace.id}/`
    await start(undefined, { application: { ...application, draft: true }, sellerPortal })
    const url = new URL(amazon.channel.consentUrl(US, to)!)
    expect(url.origin + url.pathname).toBe(`http://portal.example/${US}/apps/authorize/consent`)
    expect(url.searchParams.get('version')).toBe('beta')
  })

  it('is not there without the id of an application', async () => {
    await start(undefined, { application: { ...application, applicationId: null } })
    expect(amazon.channel.consentUrl(US, to)).toBeNull()
    expect(() => amazon.channel.consentUrl('NOWHERE', to)).toThrow(ChannelError)
  })
})

describe('a consent', () => {
  const back = { state: 's', selling_partner_id: ' A2SELLER1234 ', spapi_oauth_code: ' SPAPIcode ' }
  const redirectUrl = 'https://cartage.example/authorized'
  const redeem = (answer: Record<string, string> = back): Promise<unknown> => amazon.channel.grantOfConsent(US, answer, redirectUrl, signal)
  const tokens = (refresh_token?: string): Script => () => json({ access_token: 'Atza|a', token_type: 'bearer', expires_in: 3600, refresh_token })

  it('is exchanged for a grant of a year', async () => {
    await start(undefined, { tokens: tokens('Atzr|fresh') })
    expect(await redeem()).toEqual({ merchantId: 'A2SELLER1234', credentials: '{"refreshToken":"Atzr|fresh"}', expiresAt: inAYear })
    expect(Object.fromEntries(new URLSearchParams(amazon.tokensAsked[0]!.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'SPAPIcode',
      redirect_uri: redirectUrl,
      client_id: 'the-client',
      client_secret: 'the-client-secret',
    })
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['nothing', {}, /did not confirm/],
    ['no code', { selling_partner_id: 'A2SELLER1234' }, /did not confirm/],
    ['no seller', { spapi_oauth_code: 'SPAPIcode' }, /did not confirm/],
    ['a blank code', { ...back, spapi_oauth_code: '  ' }, /did not confirm/],
    ['what is no Merchant ID', { ...back, selling_partner_id: "A2' OR 1" }, /no Merchant ID/],
  ])('is none with %s, and Amazon is not asked', async (_name, answer, words) => {
    await start()
    const error = await failure(redeem(answer))
    expect(error).toMatchObject({ kind: 'rejected', notSent: true })
    expect(error.message).toMatch(words)
    expect(amazon.tokensAsked).toHaveLength(0)
  })

  it('says in plain words that its code is of no more use, and is not tried again', async () => {
    await start(undefined, { tokens: () => json({ error: 'invalid_grant', error_description: 'The code SPAPIcode is bad' }, 400) })
    const error = await failure(redeem())
    expect(error).toMatchObject({ kind: 'rejected', code: 'invalid_grant', httpStatus: 400, requestId: 'request-1' })
    expect(error.message).toMatch(/used already, is older than 5 minutes/)
    expect(amazon.tokensAsked).toHaveLength(1)
  })

  it('passes other refusals on without the code, and gets over passing faults', async () => {
    const replies: Reply[] = [json({ error: 'invalid_request', error_description: 'redirect_uri of SPAPIcode' }, 400), json({}, 503), json({ error: 'invalid_client' }, 401), json({})]
    await start(undefined, { tokens: () => replies.shift() ?? 'cut' })
    expect(await failure(redeem())).toMatchObject({ kind: 'rejected', message: 'token: invalid_request: redirect_uri of [redacted]' })
    expect(await failure(redeem())).toMatchObject({ kind: 'unauthorized', code: 'invalid_client' })
    expect(await failure(redeem())).toMatchObject({ kind: 'invalid-answer' })
    expect(await failure(redeem())).toMatchObject({ kind: 'unavailable', notSent: true })
  })

  it('is no grant without a refresh token', async () => {
    await start(undefined, { tokens: tokens() })
    expect(await failure(redeem())).toMatchObject({ kind: 'invalid-answer' })
  })

  it('can be left', async () => {
    await start(undefined, { tokens: () => new Promise(() => undefined) })
    expect(await failure(amazon.channel.grantOfConsent(US, back, redirectUrl, AbortSignal.timeout(30)))).toMatchObject({ kind: 'cancelled' })
  })
})

it('takes credentials copied by hand, without the blanks around them', async () => {
  await start()
  expect(amazon.channel.grantOfCopy({ merchantId: ' A2SELLER1234\n', token: '\tAtzr|copied \n' })).toEqual({
    merchantId: 'A2SELLER1234',
    credentials: '{"refreshToken":"Atzr|copied"}',
    expiresAt: inAYear,
  })
})

describe('the test of an account', () => {
  const participation = (id: string, isParticipating = true, hasSuspendedListings = false) => ({ marketplace: { id }, participation: { isParticipating, hasSuspendedListings } })
  const denied = (): Reply => json({ errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.' }] }, 403)
  const order = (address: object | null) => ({ orderId: '1', recipient: address === null ? undefined : { deliveryAddress: address } })
  const street = { name: 'Jane Roe', addressLine1: '1 Main St', city: 'Reno' }
  const whole = {
    sellers: (): Reply => json({ payload: [participation(US), participation(CA), participation('A0UNKNOWN')] }),
    listings: (): Reply => json({ errors: [{ code: 'NOT_FOUND', message: 'SKU not found' }] }, 404),
    orders: (): Reply => json({ orders: [order(street)] }),
  }
  /** An Amazon of three operations. */
  const answering = (changes: Partial<Record<keyof typeof whole, () => Reply>> = {}): Script => ({ url: { pathname } }) => {
    const { sellers, listings, orders } = { ...whole, ...changes }
    return pathname === '/sellers/v1/marketplaceParticipations' ? sellers() : pathname.startsWith('/listings/') ? listings() : orders()
  }
  const tryOut = (changes: object = {}): Promise<AccountTest> => amazon.channel.testAccount({ ...amazon.account, authorizationId: null, ...changes }, signal)
  const passed = ({ checks }: AccountTest): string[] => checks.filter((check) => check.passed).map((check) => check.name)
  const wordsOf = ({ checks }: AccountTest, name: string): string => checks.find((check) => check.name === name)!.message

  it('passes what is in order, and names the marketplaces that the authorization serves', async () => {
    await start(answering())
    const test = await tryOut()
    expect(test.checks.map((check) => check.name)).toEqual([...accountChecks])
    expect(passed(test)).toEqual([...accountChecks])
    expect(test.marketplaceIds).toEqual([US, CA])
    expect(JSON.stringify(test)).not.toMatch(/Jane|Main St|Atz/)
    const [, listings, orders] = amazon.asked.map(({ method, url }) => ({ method, path: url.pathname, ...Object.fromEntries(url.searchParams) }))
    expect(listings).toEqual({ method: 'GET', path: expect.stringMatching(/^\/listings\/2021-08-01\/items\/SELLER\//), marketplaceIds: US })
    expect(orders).toMatchObject({ createdAfter: '2026-01-30T10:00:00.000Z', marketplaceIds: US, fulfilledBy: 'MERCHANT', includedData: 'FULFILLMENT,RECIPIENT' })
  })

  it('gets a new access token, as a kept one would outlive the authorization', async () => {
    let revoked = false
    await start(answering(), { tokens: () => (revoked ? json({ error: 'invalid_grant' }, 400) : grant()) })
    expect(passed(await tryOut())).toHaveLength(6)
    revoked = true
    const test = await tryOut()
    expect(passed(test)).toEqual([])
    expect(wordsOf(test, 'TOKEN')).toMatch(/revoked/)
    expect(wordsOf(test, 'ORDERS_ROLE')).toMatch(/Not tested, as there is no access token/)
    expect(test.marketplaceIds).toEqual([])
  })

  it.each<[string, object, Reply, RegExp]>([
    ['no token', { credentials: '{"refreshToken":" "}' }, grant(), /no authorization token/],
    ['an application that Amazon does not know', {}, json({ error: 'invalid_client' }, 401), /administrator/],
    ['a token of another application', {}, json({ error: 'unauthorized_client' }, 400), /another application/],
  ])('tells %s', async (_name, changes, reply, words) => {
    await start(answering(), { tokens: () => reply })
    const test = await tryOut(changes)
    expect(passed(test)).toEqual([])
    expect(wordsOf(test, 'TOKEN')).toMatch(words)
    expect(amazon.asked).toHaveLength(0)
  })

  it.each<[string, () => Reply, RegExp]>([
    ['not covered', () => json({ payload: [participation(CA)] }), /does not cover amazon\.com\. It covers amazon\.ca\./],
    ['left', () => json({ payload: [participation(US, false), participation(CA)] }), /does not sell on amazon\.com at present\. It covers amazon\.ca\./],
    ['without any', () => json({ payload: [] }), /It covers no marketplace of this region/],
  ])('tells a marketplace that is %s, and tests nothing there', async (_name, sellers, words) => {
    await start(answering({ sellers }))
    const test = await tryOut()
    expect(passed(test)).toEqual(['TOKEN'])
    expect(wordsOf(test, 'MARKETPLACE')).toMatch(words)
    expect(wordsOf(test, 'SELLER')).toBe('Not tested, as the authorization does not cover amazon.com.')
    expect(amazon.asked).toHaveLength(1)
  })

  it('warns of suspended listings', async () => {
    await start(answering({ sellers: () => json({ payload: [participation(US, true, true)] }) }))
    const test = await tryOut()
    expect(passed(test)).toHaveLength(6)
    expect(wordsOf(test, 'MARKETPLACE')).toMatch(/suspended/)
  })

  it('takes a refusal of everything as another region or a revoked authorization', async () => {
    await start(answering({ sellers: denied, listings: denied, orders: denied }))
    const test = await tryOut()
    expect(passed(test)).toEqual(['TOKEN'])
    expect(wordsOf(test, 'MARKETPLACE')).toMatch(/North America.*another region.*revoked/)
    expect(wordsOf(test, 'SELLER')).toMatch(/refuses every call/)
    expect(wordsOf(test, 'SELLER')).not.toMatch(/role/)
  })

  it.each<[string, Parameters<typeof answering>[0], string[], [string, RegExp][]]>([
    ['listings', { listings: denied }, ['SELLER', 'LISTINGS_ROLE'], [['SELLER', /Merchant Token.*Product Listing/], ['LISTINGS_ROLE', /another account.*Product Listing/]]],
    ['orders', { orders: denied }, ['ORDERS_ROLE', 'PERSONAL_DATA_ROLE'], [['ORDERS_ROLE', /Inventory and Order Tracking/], ['PERSONAL_DATA_ROLE', /orders cannot be read/]]],
    ['participations', { sellers: denied }, ['MARKETPLACE'], [['MARKETPLACE', /Selling Partner Insights/]]],
  ])('tells of refused %s what is to be done', async (_name, changes, failed, words) => {
    await start(answering(changes))
    const test = await tryOut()
    expect(test.checks.filter((check) => !check.passed).map((check) => check.name)).toEqual(failed)
    for (const [name, expected] of words) expect(wordsOf(test, name)).toMatch(expected)
  })

  it.each<[string, unknown[], boolean, RegExp]>([
    ['no order', [], true, /no order/],
    ['an address without a street', [order({ city: 'Reno', addressLine1: ' ' }), order(null)], false, /Direct-to-Consumer Shipping/],
    ['one street among others', [order(null), 7, order({ addressLine2: 'Dock 4' })], true, /come with the address/],
  ])('judges personal data by %s', async (_name, orders, expected, words) => {
    await start(answering({ orders: () => json({ orders }) }))
    const check = (await tryOut()).checks.find((one) => one.name === 'PERSONAL_DATA_ROLE')
    expect(check).toMatchObject({ passed: expected, message: expect.stringMatching(words) })
  })

  it('passes on what Amazon says of a call that it does not understand', async () => {
    const invalid = (): Reply => json({ errors: [{ code: 'InvalidInput', message: 'includedData is not supported here' }] }, 400)
    await start(answering({ orders: invalid }))
    const test = await tryOut()
    expect(wordsOf(test, 'ORDERS_ROLE')).toBe('Amazon refuses the call: searchOrders: 400 InvalidInput: includedData is not supported here')
    expect(passed(test)).toEqual(['TOKEN', 'MARKETPLACE', 'SELLER', 'LISTINGS_ROLE'])
  })

  it.each<[string, Script, string]>([
    ['is away', () => 'cut', 'unavailable'],
    ['is overrun', () => json({}, 429), 'throttled'],
    ['answers what is none', () => json({ payload: {} }), 'invalid-answer'],
  ])('knows nothing where Amazon %s', async (_name, script, kind) => {
    await start(script, { retry: { attempts: 2, backoffMs: 1, longestBackoffMs: 1, deadlineMs: 50 } })
    expect((await failure(tryOut())).kind).toBe(kind)
  })

  it('knows nothing where the token endpoint is away, and gets over a fault that passes', async () => {
    const replies: Reply[] = ['cut', grant(), 'cut', 'cut', 'cut']
    await start(answering(), { tokens: () => replies.shift() ?? 'cut' })
    expect(passed(await tryOut())).toHaveLength(6)
    expect((await failure(tryOut())).kind).toBe('unavailable')
  })
})
