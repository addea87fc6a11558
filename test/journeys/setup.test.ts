// A merchant without an account: from the link in the mail to a signed, authorized connection; and what such a link must not do.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCustomer } from '../../src/customers/create-customer.ts'
import { createWarehouse } from '../../src/customers/create-warehouse.ts'
import { parseId, toId } from '../../src/kit/ids.ts'
import { CreateSetupLinkDocument, type CreateSetupLinkInput, GoLiveDocument, MapSkusDocument, MailedOrdersDocument, OnboardingStepsDocument, RevokeSetupLinkDocument, SetupLinksDocument, type StepsFragment, TestConnectionDocument } from '../generated/graphql.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { type Browser, newBrowser, type Page, unescaped } from './merchant-browser.ts'
import { type Stage, startStage, until, US } from './stage.ts'

const [CA, UK] = ['A2EUQ1WTGCTBG2', 'A1F83G8C2ARO7P']
let stage: Stage
let smtp: TestSmtp
let origin: string

beforeAll(async () => {
  smtp = await startSmtp()
  stage = await startStage({ config: { mail: { smtpUrl: smtp.url, from: 'Riverside <gateway@riverside.example>', operators: ['dock@riverside.example'] } } })
  origin = new URL(stage.url).origin
})
afterAll(async () => {
  await stage.stop()
  await smtp.stop()
})

async function party(): Promise<{ customerId: string; warehouseId: string; name: string }> {
  const name = `Kiln ${randomUUID().slice(0, 8)}`
  const made = await createCustomer(stage.scope, { name })
  const dock = await createWarehouse(stage.scope, { name: 'Riverside', code: `W-${randomUUID().slice(0, 8)}`, timeZone: 'America/Chicago', address: { line1: '1 Dock Road', city: 'Reno', countryCode: 'US' } })
  if ('refusals' in made || 'refusals' in dock) throw new Error('not made')
  return { customerId: toId('Customer', made.customer.id), warehouseId: toId('Warehouse', dock.warehouse.id), name }
}
async function newSeller(marketplaces: string[]): Promise<{ sellerId: string; refreshToken: string }> {
  const { seller } = await stage.simulator.control<{ seller: { sellerId: string; credentials: { refreshToken: string } } }>('sellers', 'POST', { marketplaces, quotas: 'unlimited', skus: [{ sellerSku: 'MUG', unitPrice: '12.50', quantity: 1000 }] })
  return { sellerId: seller.sellerId, refreshToken: seller.credentials.refreshToken }
}
const linkFor = async (input: Omit<CreateSetupLinkInput, 'name' | 'email'>, email = `ada-${randomUUID().slice(0, 8)}@merchant.example`) => {
  const { createSetupLink } = await stage.graphql(CreateSetupLinkDocument, { input: { name: 'Ada Smith', email, ...input } })
  expect(createSetupLink.userErrors).toEqual([])
  return { ...createSetupLink.setupLink!, url: createSetupLink.url!, email }
}
const mailTo = (address: string, subject: RegExp): Promise<TestSmtp['mails'][number]> => until(async () => smtp.mails.find((mail) => mail.to.includes(address) && subject.test(mail.headers['subject']!)))
const linkIn = ({ text }: { text: string }): string => /https?:\/\/\S+\/setup\/\S+/.exec(text)![0]
/** A browser that has opened a link. */
async function opened(url: string): Promise<Browser> {
  const browser = newBrowser(origin)
  expect((await browser.open(url)).title).toBe('Connect your marketplace accounts')
  expect((await browser.send(url)).status).toBe(200)
  return browser
}
const answers = { marketplaceIds: [US], contactName: 'Ada Smith', contactEmail: 'ada@merchant.example' }
const connectionsOf = async (customerId: string): Promise<(StepsFragment & { marketplace: { id: string } })[]> => {
  const { node } = await stage.graphql(SetupLinksDocument, { id: customerId })
  return (node as { connections: { nodes: (StepsFragment & { marketplace: { id: string } })[] } }).connections.nodes
}
const shaOf = (page: Page): string => /name="documentSha256" value="([0-9a-f]{64})"/.exec(page.html)![1]!
async function surveyed(more: Record<string, string | string[]> = {}): Promise<{ browser: Browser; customerId: string; connections: (StepsFragment & { marketplace: { id: string } })[]; url: string }> {
  const { customerId, warehouseId } = await party()
  const { url } = await linkFor({ customerId, warehouseId, send: false })
  const browser = await opened(url)
  expect((await browser.send('/setup/survey', { ...answers, ...more })).title).toBe('Your connections')
  return { browser, customerId, connections: await connectionsOf(customerId), url }
}

test('from the link to the first imported order: survey, signature, consent', { timeout: 60_000 }, async () => {
  const { customerId, warehouseId, name } = await party()
  const { email } = await linkFor({ customerId, warehouseId })
  const mail = await mailTo(email, /connect the marketplace accounts/)
  expect(mail.text).toContain(name)
  expect(mail.html).toContain('Begin</')
  const browser = await opened(linkIn(mail))

  const survey = await browser.open('/setup')
  expect(survey.title).toBe('Which accounts are to be connected?')
  expect(survey.html).toContain('amazon.co.jp')
  const after = await browser.send('/setup/survey', { ...answers, marketplaceIds: [US, CA], expectedOrdersPerDay: '40', notes: 'Fragile <b>mugs</b>' })
  expect(after.title).toBe('Your connections')
  expect((await mailTo('dock@riverside.example', new RegExp(`${name} asks to be connected`))).text).toContain(`${name} on amazon.ca`)
  const [ca, us] = (await connectionsOf(customerId)).sort((one, other) => one.name.localeCompare(other.name))
  expect(us).toMatchObject({ status: 'ONBOARDING', onboarding: { stage: 'AGREEMENT', dueAt: null, agreement: { status: 'SENT', provider: 'built-in', signerName: 'Ada Smith' } } })
  expect(ca!.onboarding.agreement!.documentSha256).toBe(us!.onboarding.agreement!.documentSha256) // one for both
  expect(smtp.mails.filter(({ to, headers }) => to.includes(email) && /sign the agreement/.test(headers['subject']!))).toEqual([]) // they are here already

  const agreement = await browser.open('/setup/agreement')
  const pdf = new Uint8Array(await (await fetch(new URL(/<iframe[^>]*src="([^"]+)"/.exec(agreement.html)![1]!, origin))).arrayBuffer())
  const { text } = await extractText(await getDocumentProxy(pdf), { mergePages: true })
  expect(text).toContain(name)
  expect(text.replace(/\s/g, '')).toContain('amazon.caandamazon.com')
  const signed = await browser.send('/setup/agreement', { signature: 'ADA  Smith', accepted: 'true', documentSha256: shaOf(agreement) })
  expect(signed.html).toContain('The agreement is signed. Thank you.')
  await mailTo(email, /The agreement is signed/)
  await mailTo('dock@riverside.example', new RegExp(`${name} has signed`))
  const copy = new Uint8Array(await (await fetch(new URL(/<a href="(\/agreements\/[^"]+)"/.exec(signed.html)![1]!, origin))).arrayBuffer())
  const certificate = (await extractText(await getDocumentProxy(copy), { mergePages: false })).text.at(-1)
  expect(certificate).toContain(us!.onboarding.agreement!.documentSha256)
  expect(certificate).toContain('ADA Smith')
  expect(certificate).toMatch(/127\.0\.0\.1|::1/)

  const seller = await newSeller([US, CA])
  expect((await browser.open(`/setup/connections/${us!.id}`)).html).toContain('3PL Central')
  const consent = new URL((await browser.sendOnly(`/setup/connections/${us!.id}/consent`)).headers.get('location')!)
  consent.searchParams.set('seller', seller.sellerId)
  const back = await fetch(consent, { redirect: 'manual' })
  const done = await browser.open(back.headers.get('location')!)
  expect(done.title).toBe('The account is connected')
  expect(done.html).toContain('href="/setup"')
  const progress = await browser.open('/setup')
  expect(progress.html).toContain('your part is done') // the consent reached both marketplaces
  expect(progress.html).toContain('America/Chicago')
  const waiting = (await stage.graphql(OnboardingStepsDocument, { id: us!.id })).connection!
  expect(waiting.onboarding).toMatchObject({ stage: 'LIVE', overdue: false, dueAt: expect.any(String), steps: expect.arrayContaining([expect.objectContaining({ stage: 'AUTHORIZATION', doneBy: 'the merchant (set-up link)' })]) })

  // The warehouse's part.
  const { testConnection } = await stage.graphql(TestConnectionDocument, { input: { connectionId: us!.id } })
  expect(testConnection.checks.every(({ passed }) => passed)).toBe(true)
  await stage.graphql(MapSkusDocument, { input: { connectionId: us!.id, mappings: [{ sellerSku: 'MUG', warehouseSku: 'MUG' }] } })
  await stage.simulator.control('orders', 'POST', { sellerId: seller.sellerId, ageSeconds: 300, marketplaceId: US, items: [{ sellerSku: 'MUG', quantity: 2, unitPrice: '12.50' }] })
  await stage.db.pool.query(`UPDATE connections SET import_from = now() - interval '1 day' WHERE id = ANY(SELECT connection_id FROM surveys)`)
  expect((await stage.graphql(GoLiveDocument, { input: { connectionId: us!.id } })).goLive.userErrors).toEqual([])
  const live = await until(async () => (await stage.graphql(MailedOrdersDocument, { connectionId: us!.id })).orders.nodes[0])
  expect(live.status).toBe('OPEN')
  const { stage: reached, steps } = (await stage.graphql(OnboardingStepsDocument, { id: us!.id })).connection!.onboarding
  expect([reached, steps.every(({ doneAt }) => doneAt !== null)]).toEqual(['LIVE', true])
  // Whoever came by the link is in the audit log, from its opening on.
  const { rows } = await stage.db.pool.query<{ action: string }>(`SELECT DISTINCT action FROM audit_entries WHERE actor_id LIKE 'setup-link:%' AND customer_id = $1`, [parseId(customerId)!.uuid])
  expect(rows.map(({ action }) => action).toSorted()).toEqual(['finishAuthorization', 'openSetupLink', 'set-up page'])
})

describe('a link', () => {
  test('is good once: the browser that opened it goes on, every other one is sent another by mail, seldom', async () => {
    const { customerId, warehouseId } = await party()
    const { url, email } = await linkFor({ customerId, warehouseId, send: false })
    const first = await opened(url)
    const other = newBrowser(origin)
    for (const page of [await other.open(url), await other.send(url)]) expect([page.status, page.title]).toEqual([410, 'This link was opened already'])
    expect((await other.open('/setup')).status).toBe(401)
    await stage.db.pool.query(`UPDATE setup_links SET created_at = created_at - interval '11 minutes' WHERE email = $1`, [email])
    expect((await other.send(`${new URL(url).pathname}/renew`)).title).toBe('Look into your mail')
    expect((await other.send(`${new URL(url).pathname}/renew`)).title).toBe('Look into your mail')
    const second = await opened(linkIn(await mailTo(email, /connect the marketplace/)))
    expect((await second.open('/setup')).title).toBe('Which accounts are to be connected?')
    expect((await first.open('/setup')).status).toBe(200)
    expect(smtp.mails.filter(({ to }) => to.includes(email))).toHaveLength(1)
  })

  test('that two open at the same instant is one’s', async () => {
    const { customerId, warehouseId } = await party()
    const { url } = await linkFor({ customerId, warehouseId, send: false })
    const answered = await Promise.all([1, 2, 3, 4].map(() => newBrowser(origin).sendOnly(url)))
    expect(answered.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410])
  })

  test('that is altered, of another kind, too old or taken back opens nothing', { timeout: 60_000 }, async () => {
    const { customerId, warehouseId } = await party()
    const { id, url, email } = await linkFor({ customerId, warehouseId, send: false })
    const browser = newBrowser(origin)
    const token = new URL(url).pathname.split('/').at(-1)!
    await fc.assert(fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'ABCxyz019_-.'), async (at, character) => {
      const altered = `${token.slice(0, at)}${character}${token.slice(at + 1)}`
      if (altered === token || Buffer.from(altered.split('.').at(-1)!, 'base64url').equals(Buffer.from(token.split('.').at(-1)!, 'base64url')) && altered.split('.').slice(0, 2).join() === token.split('.').slice(0, 2).join()) return
      expect((await browser.sendOnly(`/setup/${altered}`)).status).toBe(404)
    }), { numRuns: 60 })
    const { connections } = await surveyed()
    const document = new URL(connections[0]!.onboarding.agreement!.documentUrl!).pathname.split('/').at(-1)!
    expect((await browser.send(`/setup/${document}`)).status).toBe(404)
    expect((await fetch(`${origin}/agreements/${token}`)).status).toBe(404)

    await stage.db.pool.query(`UPDATE setup_links SET expires_at = now() - interval '1 minute' WHERE email = $1`, [email])
    expect((await browser.send(url)).title).toBe('This link is too old')
    expect((await stage.graphql(RevokeSetupLinkDocument, { input: { id } })).revokeSetupLink.setupLink?.status).toBe('REVOKED')
    expect((await browser.send(url)).title).toBe('This link was taken back')
    expect((await browser.send(`${new URL(url).pathname}/renew`)).status).toBe(404)
    expect(browser.cookie).toBeNull()
  })

  test('that is taken back ends its session, and a consent that was begun with it', async () => {
    const { browser, connections, customerId } = await surveyed()
    const seller = await newSeller([US])
    const consent = new URL((await browser.sendOnly(`/setup/connections/${connections[0]!.id}/consent`)).headers.get('location')!)
    consent.searchParams.set('seller', seller.sellerId)
    const { node } = await stage.graphql(SetupLinksDocument, { id: customerId })
    await stage.graphql(RevokeSetupLinkDocument, { input: { id: (node as { setupLinks: { id: string }[] }).setupLinks[0]!.id } })
    expect((await browser.open('/setup')).status).toBe(401)
    expect((await browser.send('/setup/agreement', { signature: 'Ada Smith', accepted: 'true' })).status).toBe(401)
    const back = await fetch(consent, { redirect: 'manual' })
    expect((await browser.open(back.headers.get('location')!)).title).toBe('This authorization cannot be finished')
  })

  test('is for its own connections: not another customer’s, nor another survey’s of the same one', async () => {
    const [mine, other] = [await surveyed(), await surveyed()]
    const [theirs] = other.connections
    for (const path of ['', '/consent', '/credentials']) {
      const form = { merchantId: 'A1', refreshToken: 'x' }
      const page = path === '' ? await mine.browser.open(`/setup/connections/${theirs!.id}`) : await mine.browser.send(`/setup/connections/${theirs!.id}${path}`, form)
      expect([page.status, page.html.includes(theirs!.name)]).toEqual([404, false])
    }
    const { connections } = await surveyed()
    const { url } = await linkFor({ connectionId: connections[0]!.id, send: false })
    const guest = await opened(url)
    expect((await guest.open('/setup')).html).toContain(connections[0]!.name)
    expect((await guest.open(`/setup/connections/${mine.connections[0]!.id}`)).status).toBe(404)
    const graphql = await fetch(stage.url, { method: 'POST', headers: { 'content-type': 'application/json', cookie: mine.browser.cookie! }, body: '{"query":"{ customers { totalCount } }"}' })
    expect(graphql.status).toBe(401)
  })

  test('answers one survey; forms from other sites, and more than a form holds, do nothing', async () => {
    const { customerId, warehouseId } = await party()
    const browser = await opened((await linkFor({ customerId, warehouseId, send: false })).url)
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }] as Record<string, string>[]) expect((await browser.send('/setup/survey', answers, headers)).status).toBe(403)
    expect((await browser.sendOnly('/setup/survey', { ...answers, notes: 'x'.repeat(70_000) })).status).toBe(413)
    expect(await connectionsOf(customerId)).toEqual([])
    await Promise.all([1, 2, 3].map(() => browser.sendOnly('/setup/survey', answers)))
    expect(await connectionsOf(customerId)).toHaveLength(1)
  })

  test('says what is wrong at its field, and keeps what was typed', async () => {
    const { customerId, warehouseId } = await party()
    const browser = await opened((await linkFor({ customerId, warehouseId, send: false })).url)
    const hostile = `"><script>alert(1)</script>' OR 1=1 -- {{x}} \u202e`
    const page = await browser.send('/setup/survey', { marketplaceIds: [US, 'NOWHERE'], contactName: hostile, contactEmail: 'nobody', expectedOrdersPerDay: '-5', importFrom: 'soon', notes: hostile })
    expect(page.status).toBe(422)
    expect(page.html).not.toContain('<script>')
    expect(unescaped(page.html)).toContain(hostile)
    expect(page.html).toContain('A whole number is wanted.')
    const again = await browser.send('/setup/survey', { marketplaceIds: [US, 'NOWHERE'], contactName: '', contactEmail: 'nobody' })
    expect(again.html).toMatch(/id="contactEmail"[^>]*aria-invalid="true"/)
    expect(again.html).toContain('No such marketplace.')
    expect(await connectionsOf(customerId)).toEqual([])
    expect(stage.logged.map((line) => JSON.stringify(line)).join('\n')).not.toContain('ada@merchant.example')
  })
})

describe('a signature', () => {
  test('is of the document that was read, by whoever was asked, once, and kept as it was given', async () => {
    const { browser, connections } = await surveyed({ marketplaceIds: [US, UK] })
    const page = await browser.open('/setup/agreement')
    const form = { signature: 'Ada Smith', accepted: 'true', documentSha256: shaOf(page) }
    for (const [wrong, words] of [[{ documentSha256: 'a'.repeat(64) }, 'That is another document'], [{ signature: 'Eve Adams' }, 'This is not the name'], [{ signature: '山田' }, 'cannot show'], [{ signature: ' ' }, 'Type the name to sign'], [{ accepted: '' }, 'The agreement must be accepted']] as const) {
      const refused = await browser.send('/setup/agreement', { ...form, ...wrong })
      expect([refused.status, refused.html.includes(words)]).toEqual([422, true])
    }
    const answered = await Promise.all([1, 2, 3].map(() => browser.sendOnly('/setup/agreement', form)))
    expect(answered.filter(({ status }) => status === 303)).toHaveLength(1)
    const signed = (await stage.graphql(OnboardingStepsDocument, { id: connections[0]!.id })).connection!.onboarding
    expect(signed.agreement).toMatchObject({ status: 'SIGNED', documentSha256: form.documentSha256 })

    // Whoever changes what is stored is found out.
    const where = 'WHERE document_sha256 = $1'
    await stage.db.pool.query(`UPDATE agreements SET signed_sha256 = repeat('0', 64) ${where}`, [form.documentSha256])
    const answer = await fetch(signed.agreement!.documentUrl!)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8'])
    await stage.db.pool.query(`UPDATE agreements SET signed_sealed = (SELECT document_sealed FROM agreements ${where}) ${where}`, [form.documentSha256])
    expect((await fetch(signed.agreement!.documentUrl!)).status).toBe(500)
    await stage.pass(16 * 60)
    expect((await fetch(signed.agreement!.documentUrl!)).status).toBe(410)
  })
})

