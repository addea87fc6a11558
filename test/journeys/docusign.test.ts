// Agreements that are signed at DocuSign, from the set-up link to the first imported order; and every way in which DocuSign or its callbacks fail.
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/agreements/document.ts'
import { type Envelope, type StandIn, startDocusign } from '../agreements/docusign-stand-in.ts'
import { DisconnectConnectionDocument, GoLiveDocument, MapSkusDocument, MailedOrdersDocument, SetupLinksDocument, SignAgreementDocument, type StepsFragment, TestConnectionDocument, VoidAgreementDocument } from '../generated/graphql.ts'
import { type Asked, codes, DOCK, linkIn, type SettingUp, startSettingUp } from './setting-up.ts'
import { fingerprint, until, US } from './stage.ts'

const CA = 'A2EUQ1WTGCTBG2'
let docusign: StandIn
let here: SettingUp

beforeAll(async () => {
  docusign = await startDocusign()
  here = await startSettingUp({ signing: 'docusign', docusign: docusign.config })
})
beforeEach(() => {
  docusign.trouble = null
  docusign.unconsented = false
})
afterAll(async () => {
  await here.stop()
  await docusign.stop()
})

const envelopesOf = ({ email }: { email: string }): Envelope[] => docusign.envelopes.filter(({ signer }) => signer.email === email)
const envelopeOf = (one: { email: string }): Envelope => {
  const [envelope, ...more] = envelopesOf(one)
  expect(more).toEqual([])
  return envelope!
}
async function sent(marketplaceIds = [US]): Promise<Asked & { envelope: Envelope }> {
  const one = await here.asked({ marketplaceIds })
  expect(codes(await here.send(one))).toEqual([])
  return { ...one, envelope: envelopeOf(one) }
}
const voidIt = async (connectionId: string) => (await here.graphql(VoidAgreementDocument, { input: { connectionId, reason: 'another text is wanted' } })).voidAgreement
const disconnect = async (connectionId: string) => (await here.graphql(DisconnectConnectionDocument, { input: { connectionId } })).disconnectConnection
const statusOf = async (id: string) => (await here.agreementOf(id))?.status
const down = { done: false, answer: null }

test('from the link to the first imported order: survey, one envelope, signature, callback, credentials copied by hand', { timeout: 60_000 }, async () => {
  const { customerId, warehouseId, name } = await here.party()
  const { email } = await here.linkFor({ customerId, warehouseId })
  const browser = await here.opened(linkIn(await here.mailTo(email, /connect the marketplace accounts/)))
  const answers = { marketplaceIds: [US], contactName: 'Ada Smith', contactEmail: email, importFrom: '2026-01-01' }
  expect((await browser.send('/setup/survey', answers)).title).toBe('Your connections')
  const { node } = await here.graphql(SetupLinksDocument, { id: customerId })
  const { id } = (node as { connections: { nodes: StepsFragment[] } }).connections.nodes[0]!

  const envelope = envelopeOf({ email })
  const agreement = (await here.agreementOf(id))!
  expect(agreement).toMatchObject({ status: 'SENT', provider: 'docusign', signerEmail: email, documentSha256: sha256(envelope.document) })
  expect(envelope).toMatchObject({ emailSubject: `Please sign: ${name} on amazon.com`, signer: { name: 'Ada Smith' }, callbackUrl: `${here.origin}/agreements/docusign/callback`, events: ['envelope-completed', 'envelope-declined', 'envelope-voided'] })
  expect((await extractText(await getDocumentProxy(envelope.document.slice()), { mergePages: true })).text).toContain(name)
  expect((await browser.open('/setup/agreement')).html).toContain('sent to you by e-mail by our signature provider')

  // Whoever asks again, by whatever way, makes no second one; and nobody signs it here.
  await Promise.all([browser.send('/setup/survey', answers), browser.send('/setup/agreement/send'), here.send({ id, email })])
  expect(codes(await here.send({ id, email }))).toEqual(['NOT_ALLOWED connectionId'])
  expect(codes((await here.graphql(SignAgreementDocument, { input: { connectionId: id, signature: 'Ada Smith', accepted: true } })).signAgreement)).toEqual(['NOT_ALLOWED connectionId'])
  expect((await browser.send('/setup/agreement', { signature: 'Ada Smith', accepted: 'true', documentSha256: agreement.documentSha256! })).status).toBe(422)
  envelopeOf({ email })
  expect(here.mailsTo(email, /sign the agreement/)).toEqual([])

  docusign.sign(envelope)
  expect((await docusign.tell(envelope)).status).toBe(204)
  const { onboarding } = await here.steps(id)
  expect(onboarding).toMatchObject({ stage: 'AUTHORIZATION', dueAt: null, agreement: { status: 'SIGNED' } })
  expect(Date.parse(onboarding.agreement!.signedAt!)).toBe(envelope.at.getTime())
  expect(onboarding.steps[1]).toMatchObject({ doneBy: 'Ada Smith', waitingFor: null })
  const pdf = new Uint8Array(await (await fetch(onboarding.agreement!.documentUrl!)).arrayBuffer())
  expect((await extractText(await getDocumentProxy(pdf), { mergePages: false })).text.at(-1)).toContain(`Certificate of completion: ${envelope.envelopeId}, completed, Ada Smith`)
  await here.mailTo(email, /The agreement is signed/)
  await here.mailTo(DOCK, new RegExp(`${name} has signed`))
  expect((await docusign.tell(envelope)).status).toBe(204) // Connect tells twice where it was not sure
  expect((await here.summaries(id)).filter((summary) => /was signed/.test(summary))).toHaveLength(1)

  const seller = await here.newSeller()
  expect((await browser.send(`/setup/connections/${id}/credentials`, { merchantId: seller.sellerId, refreshToken: 'Atzr|wrong' })).status).toBe(422)
  const after = await browser.send(`/setup/connections/${id}/credentials`, { merchantId: seller.sellerId, refreshToken: seller.refreshToken })
  expect(after.html).toContain('your part is done')
  const { testConnection } = await here.graphql(TestConnectionDocument, { input: { connectionId: id } })
  expect(testConnection.checks.filter(({ passed }) => !passed)).toEqual([])
  await here.graphql(MapSkusDocument, { input: { connectionId: id, mappings: [{ sellerSku: 'MUG', warehouseSku: 'MUG' }] } })
  await here.simulator.control('orders', 'POST', { sellerId: seller.sellerId, ageSeconds: 300, marketplaceId: US, items: [{ sellerSku: 'MUG', quantity: 2, unitPrice: '12.50' }] })
  expect(codes((await here.graphql(GoLiveDocument, { input: { connectionId: id } })).goLive)).toEqual([])
  expect((await until(async () => (await here.graphql(MailedOrdersDocument, { connectionId: id })).orders.nodes[0])).status).toBe('OPEN')
  expect(docusign.grants).toBe(1)
})

describe('a callback', () => {
  test('that is not proven to come from DocuSign changes nothing, and nobody is asked', async () => {
    const one = await sent()
    docusign.sign(one.envelope)
    // Mails that still wait would be sent meanwhile.
    await until(async () => (await here.stage.db.pool.query(`SELECT FROM mails WHERE status = 'PENDING'`)).rowCount === 0)
    const [before, asked] = [await fingerprint(here.stage, 'job_runs', 'cadences'), docusign.calls.length]
    const spoilt: Parameters<StandIn['tell']>[1][] = [
      { keys: ['another key'] }, { keys: [] }, { body: (signed) => signed.replace('completed', 'declined') }, { body: (signed) => `${signed} ` }, { headers: { 'x-docusign-signature-1': '' } }, { headers: { 'x-docusign-signature-1': 'not base64!' } },
    ]
    for (const more of spoilt) expect((await docusign.tell(one.envelope, more)).status).toBe(401)
    expect((await fetch(one.envelope.callbackUrl, { method: 'POST', body: '{}' })).status).toBe(401)
    expect((await fetch(one.envelope.callbackUrl.replace('docusign', 'another'), { method: 'POST', body: '{}' })).status).toBe(404)
    expect([await fingerprint(here.stage, 'job_runs', 'cadences'), docusign.calls.length]).toEqual([before, asked])
    expect(await statusOf(one.id)).toBe('SENT')
  })

  test('is signed by each key of Connect: one that we know is enough, while it is replaced', async () => {
    const one = await sent()
    docusign.sign(one.envelope)
    expect((await docusign.tell(one.envelope, { keys: ['another key', docusign.config.hmacKeys[0]] })).status).toBe(204)
    expect(await statusOf(one.id)).toBe('SIGNED')
  })

  test('of an envelope that is none of ours is not found', async () => {
    const { envelope } = await sent()
    expect((await docusign.tell({ ...envelope, envelopeId: 'f1d3c0de-0000-4000-8000-000000000000' })).status).toBe(404)
  })

  test('is asked about, not believed', async () => {
    const one = await sent()
    expect((await docusign.tell({ ...one.envelope, status: 'completed' })).status).toBe(204)
    expect(await statusOf(one.id)).toBe('SENT')
  })

  test('that comes while DocuSign cannot be asked is wanted again', async () => {
    const one = await sent()
    docusign.sign(one.envelope)
    for (const [part, trouble] of [[/include=recipients/, down], [/documents\/combined/, { done: true, answer: { status: 503, body: '' } }], [/include=recipients/, { done: true, answer: { status: 200, body: '{"status":' } }]] as const) {
      docusign.trouble = (call) => (part.test(call) ? trouble : null)
      expect((await docusign.tell(one.envelope)).status).toBe(503)
      expect(await statusOf(one.id)).toBe('SENT')
    }
    docusign.trouble = null
    expect((await Promise.all([1, 2, 3].map(() => docusign.tell(one.envelope)))).map(({ status }) => status)).toEqual([204, 204, 204])
    expect((await here.summaries(one.id)).filter((summary) => /was signed/.test(summary))).toHaveLength(1)
  })

  test('that never came is made good by asking', async () => {
    const [signed, declined, waiting] = [await sent(), await sent(), await sent()]
    docusign.sign(signed.envelope)
    docusign.decline(declined.envelope, 'wrong company')
    await here.chore('signatures elsewhere')
    expect(await Promise.all([signed, declined, waiting].map(({ id }) => statusOf(id)))).toEqual(['SIGNED', 'DECLINED', 'SENT'])
  })
})

describe('an agreement that is not signed', () => {
  test('since its signer declined: the warehouse sees why, is due again, and sends another', async () => {
    const one = await sent()
    docusign.decline(one.envelope, 'wrong company')
    expect((await docusign.tell(one.envelope)).status).toBe(204)
    const { onboarding } = await here.steps(one.id)
    expect(onboarding).toMatchObject({ stage: 'AGREEMENT', overdue: false, agreement: { status: 'DECLINED', statusReason: 'wrong company' } })
    expect(onboarding.dueAt).not.toBeNull()
    expect((await here.summaries(one.id)).at(-1)).toMatch(/the signer declined the agreement$/)
    expect(codes(await here.send(one))).toEqual([])
    expect(envelopesOf(one).map(({ status }) => status)).toEqual(['declined', 'sent'])
    expect((await docusign.tell(one.envelope)).status).toBe(204) // an old one's callback changes nothing of the new one
    expect(await statusOf(one.id)).toBe('SENT')
  })

  test('since it was voided at DocuSign', async () => {
    const one = await sent()
    docusign.void(one.envelope, 'sent by mistake')
    expect((await docusign.tell(one.envelope)).status).toBe(204)
    expect(await here.agreementOf(one.id)).toMatchObject({ status: 'VOIDED', statusReason: 'sent by mistake' })
  })

  test('since the warehouse withdrew it: at DocuSign first, or not at all', async () => {
    const one = await sent()
    docusign.trouble = () => down
    expect(codes(await voidIt(one.id))).toEqual(['SIGNATURE_PROVIDER_UNAVAILABLE connectionId'])
    expect(await statusOf(one.id)).toBe('SENT')
    docusign.trouble = null
    expect(codes(await voidIt(one.id))).toEqual([])
    expect(one.envelope).toMatchObject({ status: 'voided', reason: 'another text is wanted' })
    expect(await here.agreementOf(one.id)).toMatchObject({ status: 'VOIDED', statusReason: 'another text is wanted' })
    expect(codes(await voidIt(one.id))).toEqual(['NOT_ALLOWED connectionId'])
  })

  test('as far as we know, but is at DocuSign, cannot be withdrawn: its signature is kept', async () => {
    const one = await sent()
    docusign.sign(one.envelope)
    const { userErrors } = await voidIt(one.id)
    expect(userErrors).toEqual([{ code: 'NOT_ALLOWED', message: 'the agreement was signed meanwhile', field: ['connectionId'] }])
    expect(await statusOf(one.id)).toBe('SIGNED')
  })
})

describe('while DocuSign does not take it', () => {
  const isCreate = (call: string): boolean => /^POST .*\/envelopes$/.test(call)
  const wrong = (status: number, body: string) => ({ done: false, answer: { status, body } })

  test('nothing is half sent: it is said, stands as not sent, and is handed over by itself, once', async () => {
    const all: Asked[] = []
    for (const trouble of [down, wrong(503, ''), wrong(400, '{"errorCode":"HOURLY_APIINVOCATION_LIMIT_EXCEEDED"}'), wrong(200, '<html>'), wrong(201, '{"uri":"/"}')]) {
      docusign.trouble = (call) => (isCreate(call) || trouble === down ? trouble : null)
      const one = await here.asked()
      all.push(one)
      expect(codes(await here.send(one))).toEqual(['SIGNATURE_PROVIDER_UNAVAILABLE connectionId'])
      expect(await here.agreementOf(one.id)).toMatchObject({ status: 'NOT_SENT', sentAt: null })
      expect((await here.steps(one.id)).onboarding.dueAt).not.toBeNull()
      expect(codes(await here.send(one))).toEqual(['NOT_ALLOWED connectionId'])
      expect((await here.summaries(one.id)).filter((summary) => /was sent/.test(summary))).toEqual([])
    }
    docusign.trouble = null
    await here.pass(3 * 60)
    await here.chore('agreements elsewhere')
    for (const one of all) {
      expect(await here.agreementOf(one.id)).toMatchObject({ status: 'SENT', documentSha256: sha256(envelopeOf(one).document) })
      expect((await here.summaries(one.id)).filter((summary) => /was sent by housekeeping/.test(summary))).toHaveLength(1)
    }
  })

  test.each([true, false])('or its answer is lost, the envelope is found again, and no second one is made (answered whole: %s)', async (whole) => {
    docusign.wholeEnvelopes = whole
    docusign.trouble = (call) => (isCreate(call) ? { done: true, answer: null } : null)
    const [one, withdrawn] = [await here.asked(), await here.asked()]
    for (const each of [one, withdrawn]) {
      expect(codes(await here.send(each))).toEqual(['SIGNATURE_PROVIDER_UNAVAILABLE connectionId'])
      expect(envelopeOf(each).status).toBe('sent')
    }
    docusign.trouble = null
    expect(codes(await voidIt(withdrawn.id))).toEqual([])
    expect(envelopeOf(withdrawn).status).toBe('voided')
    await here.pass(3 * 60)
    await here.chore('agreements elsewhere')
    expect([await statusOf(one.id), await statusOf(withdrawn.id)]).toEqual(['SENT', 'VOIDED'])
    docusign.sign(envelopeOf(one))
    expect((await docusign.tell(envelopeOf(one))).status).toBe(204)
    expect(await statusOf(one.id)).toBe('SIGNED')
  })

  test('a survey is kept all the same, and its page says that the agreement is still to come', async () => {
    const { customerId, warehouseId } = await here.party()
    const { url, email } = await here.linkFor({ customerId, warehouseId, send: false })
    const browser = await here.opened(url)
    docusign.trouble = () => down
    expect((await browser.send('/setup/survey', { marketplaceIds: [US], contactName: 'Ada Smith', contactEmail: email })).title).toBe('Your connections')
    expect((await browser.open('/setup/agreement')).html).toContain('is being handed to our signature provider, which will send it')
    docusign.trouble = null
    await here.pass(3 * 60)
    await here.chore('agreements elsewhere')
    expect(envelopeOf({ email }).status).toBe('sent')
    expect((await browser.open('/setup/agreement')).html).toContain('was sent to you by e-mail')
  })

  test('one whose document was altered is not handed over, and keeps no other from it', async () => {
    docusign.trouble = () => down
    const [altered, other] = [await here.asked(), await here.asked()]
    for (const one of [altered, other]) await here.send(one)
    await here.db.pool.query(`UPDATE agreements SET document_sha256 = repeat('0', 64) WHERE signer_email = $1`, [altered.email])
    docusign.trouble = null
    await here.pass(3 * 60)
    await here.chore('agreements elsewhere')
    expect([await statusOf(altered.id), await statusOf(other.id), envelopesOf(altered)]).toEqual(['NOT_SENT', 'SENT', []])
  })

  test('since the token was revoked, another is asked for; since nobody consented to the integration, it is said', async () => {
    const before = docusign.grants
    docusign.revokeTokens()
    await sent()
    expect(docusign.grants).toBe(before + 1)
    docusign.revokeTokens()
    docusign.unconsented = true
    const { userErrors } = await here.send(await here.asked())
    expect(userErrors).toEqual([{ code: 'SIGNATURE_PROVIDER_UNAVAILABLE', message: expect.stringMatching(/consent to the integration once/) as string, field: ['connectionId'] }])
  })

  test('since it refuses the signer, its code is told and nothing of what it said besides', async () => {
    const one = await here.asked()
    docusign.trouble = (call) => (isCreate(call) ? wrong(400, '{"errorCode":"INVALID_EMAIL_ADDRESS_FOR_RECIPIENT","message":"Ada Smith <ada@merchant.example> is not known"}') : null)
    const { userErrors } = await here.send(one)
    expect(userErrors[0]!.message).toMatch(/^DocuSign refuses it \(INVALID_EMAIL_ADDRESS_FOR_RECIPIENT\)/)
    expect(JSON.stringify([userErrors, here.logged])).not.toMatch(/ada@merchant|Ada Smith </)
  })
})

describe('a connection that is disconnected', () => {
  test('takes its agreement with it, and the envelope, once no other connection is under it', async () => {
    const { ids, envelope } = await sent([US, CA])
    const [us, ca] = ids as [string, string]
    expect(codes(await disconnect(us))).toEqual([])
    expect([envelope.status, await statusOf(us), await statusOf(ca)]).toEqual(['sent', 'SENT', 'SENT'])
    expect(codes(await disconnect(ca))).toEqual([])
    expect(envelope).toMatchObject({ status: 'voided', reason: 'the connection was disconnected' })
    expect(await here.agreementOf(ca)).toMatchObject({ status: 'VOIDED', statusReason: 'the connection was disconnected' })
    expect((await here.summaries(ca)).slice(-2)).toEqual([expect.stringMatching(/was disconnected by test$/), expect.stringMatching(/the agreement was withdrawn with its connection$/)])
  })

  test('while DocuSign is down is disconnected all the same; the envelope is voided once DocuSign is back, and one that was never made is not made', async () => {
    const [one, unsent] = [await sent(), await here.asked()]
    docusign.trouble = () => down
    await here.send(unsent)
    for (const { id } of [one, unsent]) expect(await disconnect(id)).toMatchObject({ userErrors: [], connection: { status: 'DISCONNECTED' } })
    expect([one.envelope.status, await statusOf(one.id), await statusOf(unsent.id)]).toEqual(['sent', 'SENT', 'NOT_SENT'])
    docusign.trouble = null
    await here.pass(3 * 60)
    await here.chore('agreements elsewhere')
    expect([one.envelope.status, await statusOf(one.id), await statusOf(unsent.id), envelopesOf(unsent)]).toEqual(['voided', 'VOIDED', 'VOIDED', []])
  })

  test('after its agreement was signed keeps the signature', async () => {
    const [known, unknown] = [await sent(), await sent()]
    for (const { envelope } of [known, unknown]) docusign.sign(envelope)
    await docusign.tell(known.envelope)
    for (const { id } of [known, unknown]) expect(codes(await disconnect(id))).toEqual([])
    expect(await Promise.all([known, unknown].map(({ id }) => statusOf(id)))).toEqual(['SIGNED', 'SIGNED'])
  })
})

test('no line of the log bears a key, a token, an assertion or a signer’s address', () => {
  const logged = JSON.stringify(here.logged)
  for (const secret of [docusign.config.privateKey.slice(60, 100), docusign.config.hmacKeys[0], 'eyJ', ...docusign.envelopes.map(({ signer }) => signer.email)]) expect(logged).not.toContain(secret)
  expect(here.logged.filter((line) => Number(line['level']) >= 50 && !/was altered/.test(String(line['msg'])))).toEqual([])
})
