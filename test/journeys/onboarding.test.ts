// A connection's way to live in whatever order its steps come, by the warehouse's calendar; who is told when it takes too long; and what ends it.
import { randomUUID } from 'node:crypto'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseId } from '../../src/kit/ids.ts'
import { DisconnectConnectionDocument, GoLiveDocument, RunJobNowDocument, SignAgreementDocument, type SignAgreementInput, TestConnectionDocument, VoidAgreementDocument } from '../generated/graphql.ts'
import { type Asked, codes, DOCK, linkIn, type Seller, type SettingUp, startSettingUp } from './setting-up.ts'
import { US } from './stage.ts'

const CA = 'A2EUQ1WTGCTBG2'
const A_DAY = 86_400
let here: SettingUp

beforeAll(async () => {
  here = await startSettingUp({ turnaroundHours: 48 })
})
afterAll(() => here.stop())

const sign = async (connectionId: string, more: Partial<SignAgreementInput> = {}) => (await here.graphql(SignAgreementDocument, { input: { connectionId, signature: 'Ada Smith', accepted: true, ...more } })).signAgreement
const voidIt = async (connectionId: string, reason = 'another text is wanted') => (await here.graphql(VoidAgreementDocument, { input: { connectionId, reason } })).voidAgreement
const goLive = async (connectionId: string) => (await here.graphql(GoLiveDocument, { input: { connectionId } })).goLive
const tried = async (connectionId: string) => (await here.graphql(TestConnectionDocument, { input: { connectionId } })).testConnection
const disconnect = async (connectionId: string) => (await here.graphql(DisconnectConnectionDocument, { input: { connectionId } })).disconnectConnection
async function sent(marketplaceIds = [US]): Promise<Asked> {
  const one = await here.asked({ marketplaceIds })
  expect(codes(await here.send(one))).toEqual([])
  return one
}
const operations = async ({ sellerId }: Seller): Promise<string[]> => (await here.simulator.control<{ calls: { operation: string }[] }>(`calls?sellerId=${sellerId}`)).calls.map(({ operation }) => operation)
const dueAt = async (id: string): Promise<Date> => new Date((await here.steps(id)).onboarding.dueAt!)
const locally = (at: Date): string => new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'America/Chicago' }).format(at)
const typesTold = async (id: string, type: string): Promise<number> => (await here.told(id)).filter((event) => event.type === type).length

test('authorized first, signed later: live after both, and nothing asks the marketplace for orders before', async () => {
  const [one, seller] = [await sent(), await here.newSeller()]
  expect(codes(await here.provide(one.id, seller))).toEqual([])
  expect(codes(await tried(one.id))).toEqual([])
  const waiting = await here.steps(one.id)
  expect(waiting.onboarding).toMatchObject({ stage: 'AGREEMENT', dueAt: null })
  expect(waiting.onboarding.steps.map(({ stage, doneAt, doneBy, waitingFor }) => [stage, doneAt !== null, doneBy, waitingFor])).toEqual([
    ['SURVEY', true, 'test', null], ['AGREEMENT', false, null, 'the merchant signs the agreement'], ['AUTHORIZATION', true, 'test', null], ['SETUP', true, 'test', null], ['LIVE', false, null, 'the warehouse sets it live'],
  ])
  expect(waiting.supportedActions.find(({ action }) => action === 'goLive')).toEqual({ action: 'goLive', allowed: false, reason: 'the merchant has not signed the agreement yet (sendAgreement)' })
  expect(codes(await goLive(one.id))).toEqual(['CONNECTION_NOT_READY connectionId'])
  expect(codes((await here.graphql(RunJobNowDocument, { input: { connectionId: one.id, kind: 'IMPORT_ORDERS' } })).runJobNow)).toEqual(['CONNECTION_NOT_READY connectionId'])

  expect(codes(await sign(one.id))).toEqual([])
  expect(await here.steps(one.id)).toMatchObject({ status: 'ONBOARDING', onboarding: { stage: 'LIVE', overdue: false } })
  const asked = await operations(seller) // each test of the account asks for orders too
  await here.db.pool.query(`UPDATE cadences SET next_run_at = now() - interval '1 hour' WHERE connection_id = $1`, [parseId(one.id)!.uuid])
  for (let ticks = 0; ticks < 3; ticks++) await here.chore('tick')
  expect(await operations(seller)).toEqual(asked)

  expect(codes(await tried(one.id))).toEqual([])
  const searches = async (): Promise<number> => (await operations(seller)).filter((operation) => operation === 'searchOrders').length
  const before = await searches()
  expect(codes(await goLive(one.id))).toEqual([])
  await expect.poll(searches).toBeGreaterThan(before)
  expect(await here.steps(one.id)).toMatchObject({ status: 'LIVE', onboarding: { stage: 'LIVE', dueAt: null } })
})

describe('a signature', () => {
  test('is refused with a code and a path, and then nothing has changed', async () => {
    const [one, other] = [await sent(), await sent()]
    const [{ documentSha256 }, { documentSha256: another }] = [(await here.agreementOf(one.id))!, (await here.agreementOf(other.id))!]
    expect(another).not.toBe(documentSha256)
    expect(codes(await sign(one.id, { documentSha256: another }))).toEqual(['VERSION_CONFLICT documentSha256'])
    expect(codes(await sign(one.id, { documentSha256, signature: 'Eve Adams' }))).toEqual(['INVALID signature'])
    expect(codes(await sign(one.id, { documentSha256, signature: '山田' }))).toEqual(['INVALID signature'])
    expect(codes(await sign(one.id, { documentSha256, signature: ' ', accepted: false }))).toEqual(['REQUIRED accepted', 'REQUIRED signature'])
    expect(codes(await sign('nothing'))).toEqual(['INVALID connectionId'])
    expect(codes(await sign((await here.asked()).id))).toEqual(['NOT_ALLOWED connectionId'])
    expect(await here.agreementOf(one.id)).toMatchObject({ status: 'SENT', signedAt: null, documentSha256 })
    expect((await here.summaries(one.id)).filter((summary) => /was signed/.test(summary))).toEqual([])
    expect(codes(await sign(one.id, { documentSha256: documentSha256!.toUpperCase(), signature: ' ada  SMITH ' }))).toEqual([])
    expect(codes(await sign(one.id, { documentSha256 }))).toEqual(['NOT_ALLOWED connectionId'])
    expect((await here.steps(one.id)).onboarding.steps[1]).toMatchObject({ doneBy: 'Ada Smith', waitingFor: null })
  })

  test('of a document that was changed by a byte is refused, and the document is not shown', async () => {
    const one = await sent()
    const { documentUrl } = (await here.agreementOf(one.id))!
    expect((await fetch(documentUrl!)).headers.get('content-type')).toBe('application/pdf')
    await here.db.pool.query(
      `UPDATE agreements SET document_sealed = overlay(document_sealed placing CASE substr(document_sealed, 3000, 1) WHEN 'A' THEN 'B' ELSE 'A' END FROM 3000 FOR 1) WHERE id = (SELECT agreement_id FROM connections WHERE id = $1)`, [parseId(one.id)!.uuid],
    )
    expect((await fetch(documentUrl!)).status).toBe(500)
    const { userErrors } = await sign(one.id)
    expect(userErrors).toEqual([{ code: 'NOT_ALLOWED', field: ['connectionId'], message: expect.stringMatching(/was altered: void it, and send another/) as string }])
    expect(codes(await voidIt(one.id))).toEqual([])
    expect(codes(await here.send(one))).toEqual([])
    expect(codes(await sign(one.id))).toEqual([])
  })

  test('is asked of nobody whose name, or whose parties’ names, the document cannot show', async () => {
    const one = await here.asked()
    expect(codes(await here.send(one, '山田 太郎'))).toEqual(['INVALID signerName'])
    const nameless = await here.asked({ of: await here.party(`窯元 山田 ${randomUUID()}`) })
    const { userErrors } = await here.send(nameless)
    expect(userErrors).toEqual([{ code: 'NOT_ALLOWED', field: ['connectionId'], message: expect.stringMatching(/cannot show 窯 元 山 田 of the names/) as string }])
    expect([await here.agreementOf(one.id), await here.agreementOf(nameless.id)]).toEqual([null, null])
  })
})

describe('an agreement that was withdrawn', () => {
  test('says so to whoever opens its link or its document, and cannot be signed; another can be', async () => {
    const one = await sent()
    const browser = await here.opened(linkIn(await here.mailTo(one.email, /please sign the agreement/)))
    const before = await browser.open('/setup/agreement')
    const { documentUrl, documentSha256 } = (await here.agreementOf(one.id))!
    expect(before.html).toContain(documentSha256)
    expect(codes(await voidIt(one.id, ' '))).toEqual(['REQUIRED reason'])
    expect(codes(await voidIt(one.id, 'x'.repeat(201)))).toEqual(['INVALID reason'])
    expect(codes(await voidIt(one.id, 'a <wrong> address'))).toEqual([])

    expect((await browser.open('/setup/agreement')).html).toContain('This agreement was withdrawn (a &lt;wrong&gt; address). The warehouse will send another.')
    const late = await browser.send('/setup/agreement', { signature: 'Ada Smith', accepted: 'true', documentSha256: documentSha256! })
    expect([late.status, /<input[^>]*name="signature"/.test(late.html)]).toEqual([422, false])
    const document = await fetch(documentUrl!)
    expect([document.status, /<h1>(.*?)<\/h1>/.exec(await document.text())?.[1]]).toEqual([410, 'This agreement was withdrawn'])
    expect((await here.steps(one.id)).onboarding).toMatchObject({ stage: 'AGREEMENT', agreement: { status: 'VOIDED', statusReason: 'a <wrong> address' }, dueAt: expect.any(String) })

    expect(codes(await here.send(one))).toEqual([])
    const again = await browser.open('/setup/agreement')
    expect(again.html).toContain('Type your name to sign')
    expect(again.html).not.toContain(documentSha256)
    expect((await browser.send('/setup/agreement', { signature: 'Ada Smith', accepted: 'true', documentSha256: documentSha256! })).status).toBe(422)
  })

  test('since its last connection was disconnected: its link offers nothing any more', async () => {
    const one = await sent([US, CA])
    const [us, ca] = one.ids as [string, string]
    const browser = await here.opened(linkIn(await here.mailTo(one.email, /please sign the agreement/)))
    expect(codes(await disconnect(us))).toEqual([])
    expect((await here.agreementOf(ca))!.status).toBe('SENT')
    expect((await browser.open('/setup/agreement')).html).toContain('Type your name to sign')
    expect(codes(await disconnect(ca))).toEqual([])
    for (const id of [us, ca]) expect(await here.agreementOf(id)).toMatchObject({ status: 'VOIDED', statusReason: 'the connection was disconnected' })
    expect((await here.summaries(ca)).filter((summary) => /withdrawn with its connection/.test(summary))).toHaveLength(1)
    expect(codes(await sign(ca))).toEqual(['NOT_ALLOWED connectionId'])
    expect(codes(await here.send(one))).toEqual(['NOT_ALLOWED connectionId'])
    for (const page of ['/setup', '/setup/agreement']) {
      const { html } = await browser.open(page)
      expect(html).toContain('nothing is being set up any more')
      expect(html).not.toMatch(/your part is done|Type your name/)
    }
  })

  test('is none that was signed: it is kept, and stays readable', async () => {
    const one = await sent()
    expect(codes(await sign(one.id))).toEqual([])
    expect(codes(await voidIt(one.id))).toEqual(['NOT_ALLOWED connectionId'])
    expect(codes(await disconnect(one.id))).toEqual([])
    const { status, documentUrl } = (await here.agreementOf(one.id))!
    expect(status).toBe('SIGNED')
    const pdf = new Uint8Array(await (await fetch(documentUrl!)).arrayBuffer())
    expect((await extractText(await getDocumentProxy(pdf), { mergePages: true })).text).toContain('Certificate of signature')
  })
})

describe('by the calendar', () => {
  test('what is promised on a Friday evening is due on business days of the warehouse', async () => {
    await untilFriday()
    const one = await here.asked()
    expect(locally(await dueAt(one.id))).toBe('Mon 18:30')
    expect(codes(await here.send(one))).toEqual([])
    expect((await here.steps(one.id)).onboarding.dueAt).toBeNull()
    await here.pass(A_DAY) // a Saturday
    expect(codes(await sign(one.id))).toEqual([])
    expect((await here.steps(one.id)).onboarding.dueAt).toBeNull()
    expect(codes(await here.provide(one.id, await here.newSeller()))).toEqual([])
    const due = await dueAt(one.id)
    expect([locally(due), (await here.steps(one.id)).onboarding.turnaroundHours]).toEqual(['Wed 00:00', 48])
  })

  test('what is overdue is told once for each promise: by an event, a mail to the warehouse, and a metric for as long as it is', async () => {
    const [late, signed] = [await here.asked(), await sent()]
    const told = async ({ id, name }: Asked) => [await typesTold(id, 'ONBOARDING_OVERDUE'), here.mailsTo(DOCK, new RegExp(`${name} on amazon.com is overdue`)).length, (await here.metric('cartage_onboarding_overdue')).filter((line) => line.includes(name)).length]
    await here.chore('onboarding')
    expect(await told(late)).toEqual([0, 0, 0])
    await here.pass(5 * A_DAY)
    for (let time = 0; time < 2; time++) await here.chore('onboarding')
    const mail = await here.mailTo(DOCK, new RegExp(`${late.name} on amazon.com is overdue`))
    expect(mail.text).toMatch(/waits: the warehouse sends the\s+agreement/)
    expect(mail.text).toContain(`/open/${late.id}`)
    expect(await told(late)).toEqual([1, 1, 1])
    expect(await told(signed)).toEqual([0, 0, 0]) // that one waits for the merchant

    expect(codes(await here.send(late))).toEqual([])
    expect(await told(late)).toEqual([1, 1, 0])
    expect(codes(await sign(late.id))).toEqual([])
    expect(codes(await here.provide(late.id, await here.newSeller()))).toEqual([])
    expect((await here.steps(late.id)).onboarding).toMatchObject({ overdue: false })
    await here.pass(7 * A_DAY)
    for (let time = 0; time < 2; time++) await here.chore('onboarding')
    await expect.poll(() => told(late)).toEqual([2, 2, 1])
    expect((await here.steps(late.id)).onboarding.overdue).toBe(true)
    expect(codes(await disconnect(late.id))).toEqual([])
    expect((await told(late))[2]).toBe(0)
  })

  test('a merchant whose turn it is is reminded after two days and after seven, of what is theirs to do, by a link that works', async () => {
    const one = await sent([US, CA])
    const reminders = (what: RegExp) => here.mailsTo(one.email, what).length
    const passing = async (days: number): Promise<void> => {
      await here.pass(days * A_DAY)
      for (let time = 0; time < 2; time++) await here.chore('onboarding')
    }
    const toSign = /the agreement waits for your signature/
    await passing(1.9)
    expect(reminders(toSign)).toBe(0)
    await passing(0.2)
    const browser = await here.opened(linkIn(await here.mailTo(one.email, toSign)))
    expect((await browser.open('/setup/agreement')).html).toContain('Type your name to sign')
    await passing(5)
    await expect.poll(() => reminders(toSign)).toBe(2)
    await passing(30)

    // Another agreement is another thing to be reminded of.
    expect(codes(await voidIt(one.id))).toEqual([])
    expect(codes(await here.send(one))).toEqual([])
    await passing(2.1)
    await expect.poll(() => reminders(toSign)).toBe(3)
    expect(codes(await sign(one.id))).toEqual([])
    await passing(2.1)
    await here.mailTo(one.email, /waits to be authorized at the marketplace/)
    expect(codes(await here.provide(one.id, await here.newSeller([US, CA])))).toEqual([])
    await passing(30)
    expect([reminders(toSign), reminders(/waits to be authorized/)]).toEqual([3, 1])
  })

  /** Half past six in the evening, where the warehouse is. */
  async function untilFriday(): Promise<void> {
    const at = here.scope.clock()
    for (let minutes = 0; ; minutes++) {
      const then = new Date(at.getTime() + minutes * 60_000)
      if (locally(then) === 'Fri 18:30') return here.pass((then.getTime() - at.getTime()) / 1000 + 1 - (then.getTime() % 60_000) / 1000)
    }
  }
})
