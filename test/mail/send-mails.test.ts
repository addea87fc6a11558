import { createElement } from 'react'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { transaction, type Tx } from '../../src/db/transaction.ts'
import { minutes } from '../../src/kit/clock.ts'
import { keepMail } from '../../src/mail/keep-mail.ts'
import { Letter, Paragraph } from '../../src/mail/letter.tsx'
import { claimMails, settleMail } from '../../src/mail/mails.store.ts'
import { queueMail } from '../../src/mail/queue-mail.ts'
import { MailPump, type MailProcess } from '../../src/mail/send-mails.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createStage, type Stage } from '../connections/stage.ts'
import { type SmtpBehaviour, startSmtp, type TestSmtp } from '../support/smtp.ts'

let stage: Stage
beforeAll(async () => {
  stage = await createStage()
})
afterAll(() => stage.close())

interface Row { status: string; attempts: number; error: string | null; due: number | null }

/** A pump over the stage's database, whose time is told to it. */
function pump(server: string, bounced: (tx: Tx, mail: { id: string }) => Promise<void> = async () => {}, patience?: MailProcess['patience']) {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  const time = { ahead: 0 }
  const mails = new MailPump({ db: stage.scope.db, clock: () => new Date(Date.now() + time.ahead), log, metrics: new Metrics(), server, from: 'Riverside <gateway@riverside.example>', bounced, ...(patience && { patience }) })
  onTestFinished(() => mails.stop(0))
  return { mails, lines, time }
}

async function smtp(behaviour: SmtpBehaviour = {}, port?: number): Promise<TestSmtp> {
  const server = await startSmtp(behaviour, port)
  onTestFinished(() => server.stop().catch(() => {}))
  return server
}

async function queue(recipient: string, subject = 'Two orders', headers: Record<string, string> = {}): Promise<string> {
  const body = createElement(Letter, { preview: 'short', heading: 'Two <orders>', action: { label: 'See them', url: 'https://gateway.example/open/ord_1' }, children: createElement(Paragraph, null, 'They came & went.') })
  return (await transaction(stage.scope.db.pool, (tx) => queueMail(tx, { kind: 'TEST', customerId: null, connectionId: null, recipient, subject, body, headers })))!
}
const row = async (id: string): Promise<Row> =>
  (await stage.sql<Row>('SELECT status, attempts, error, extract(epoch FROM next_attempt_at - now())::float8 AS due FROM mails WHERE id = $1', id))[0]!
/** Ticks until it has come so far. */
const become = (mails: MailPump, id: string, status: string) => expect.poll(async () => {
  await mails.tick()
  return (await row(id)).status
}, { interval: 30 }).toBe(status)

test('what is queued is sent once, in HTML and plain text, and says that a machine sent it', async () => {
  const server = await smtp()
  const { mails } = pump(server.url)
  const id = await queue('ada@merchant.example', 'Ünïcode: 2 orders', { 'List-Unsubscribe': '<https://gateway.example/unsubscribe/x>' })
  await become(mails, id, 'SENT')
  await mails.tick()
  expect(server.mails).toHaveLength(1)
  const [mail] = server.mails
  expect(mail).toMatchObject({
    to: ['ada@merchant.example'],
    headers: { from: 'Riverside <gateway@riverside.example>', subject: 'Ünïcode: 2 orders', 'message-id': `<${id}@riverside.example>`, 'auto-submitted': 'auto-generated', 'list-unsubscribe': '<https://gateway.example/unsubscribe/x>' },
  })
  expect(mail!.html).toContain('Two &lt;orders&gt;')
  expect(mail!.text).toMatch(/Two <orders>\s+They came & went\.\s+See them https:\/\/gateway\.example\/open\/ord_1/)
})

test('a second mail of one key is not queued', async () => {
  const [first, second] = await transaction(stage.scope.db.pool, async (tx) => {
    const mail = { kind: 'TEST', key: 'overdue:1', customerId: null, connectionId: null, recipient: 'ada@merchant.example', subject: 'Once', body: createElement('p', null, 'once') }
    return [await queueMail(tx, mail), await queueMail(tx, mail)]
  })
  expect(first).not.toBeNull()
  expect(second).toBeNull()
  await stage.sql('DELETE FROM mails WHERE id = $1', first)
})

test('two senders on one database send each mail once', async () => {
  const server = await smtp({ delayMs: 20 })
  const [one, other] = [pump(server.url), pump(server.url)]
  const ids = await Promise.all(Array.from({ length: 30 }, (_, index) => queue(`to${index}@merchant.example`)))
  await expect.poll(async () => {
    await Promise.all([one.mails.tick(), other.mails.tick()])
    return (await Promise.all(ids.map(row))).filter(({ status }) => status === 'SENT').length
  }, { interval: 30 }).toBe(30)
  expect(server.mails.map(({ to }) => to[0]).sort()).toEqual(ids.map((_, index) => `to${index}@merchant.example`).sort())
})

test('a server that is down costs no mail a try, and nobody asks it a thousand times', async () => {
  const server = await smtp()
  const port = Number(new URL(server.url).port)
  await server.stop()
  const { mails, lines } = pump(server.url)
  const ids = await Promise.all(Array.from({ length: 20 }, () => queue('ada@merchant.example')))
  await expect.poll(async () => {
    await mails.tick()
    return lines.length
  }).toBe(5) // those of one look
  for (let look = 0; look < 10; look++) await mails.tick() // it rests
  expect(lines).toHaveLength(5)
  const rows = () => Promise.all(ids.map(row))
  await expect.poll(async () => (await rows()).flatMap(({ error }) => error ?? [])).toEqual(Array.from({ length: 5 }, () => 'the server could not be reached (ESOCKET)'))
  expect((await rows()).every(({ status, attempts }) => status === 'PENDING' && attempts === 0)).toBe(true)
  const again = await smtp({}, port)
  for (const id of ids) await become(mails, id, 'SENT')
  expect(again.mails).toHaveLength(20)
})

test('a server that takes connections and says nothing is given up in time, at no mail’s cost', async () => {
  const server = await smtp({ hangs: true })
  const { mails, lines } = pump(server.url, undefined, { silenceMs: 100, wholeMs: 1000 })
  const id = await queue('ada@merchant.example')
  await expect.poll(async () => {
    await mails.tick()
    return (await row(id)).error
  }, { interval: 20 }).toBe('the server did not answer in time')
  expect(await row(id)).toMatchObject({ status: 'PENDING', attempts: 0 })
  expect(lines).toHaveLength(1)
  await stage.sql('DELETE FROM mails WHERE id = $1', id)
})

test('one recipient whom the server thinks about for ever holds up no other, and waits by itself', async () => {
  const server = await smtp({ refuse: (address) => (address.startsWith('slow') ? new Promise(() => {}) : null) })
  const { mails } = pump(server.url, undefined, { silenceMs: 5000, wholeMs: 400 })
  const [slow, ...others] = [await queue('slow@merchant.example'), await queue('a@merchant.example'), await queue('b@merchant.example')]
  for (const id of others) await become(mails, id, 'SENT')
  expect((await row(slow!)).error).toBeNull()
  await expect.poll(async () => (await row(slow!)).error).toBe('the server did not answer in time')
  const late = await queue('c@merchant.example')
  await become(mails, late, 'SENT') // the server does not rest
  const { status, attempts, due } = await row(slow!)
  expect([status, attempts, due! > 20]).toEqual(['PENDING', 1, true])
  await stage.sql('DELETE FROM mails WHERE id = $1', slow)
})

test('a stop ends what hangs after its grace, and leaves it waiting', async () => {
  const server = await smtp({ refuse: () => new Promise(() => {}) })
  const { mails } = pump(server.url)
  const id = await queue('ada@merchant.example')
  await mails.tick()
  await expect.poll(() => server.connections).toBe(1)
  const since = performance.now()
  await mails.stop(100)
  expect(performance.now() - since).toBeLessThan(2000)
  expect(await row(id)).toMatchObject({ status: 'PENDING', attempts: 0 })
  await mails.tick() // no more
  expect(await stage.sql('SELECT token FROM mails WHERE id = $1', id)).toEqual([{ token: null }])
  await stage.sql('DELETE FROM mails WHERE id = $1', id)
})

test('a recipient who is refused for good fails at once and is told of, once; the others get theirs', async () => {
  const server = await smtp({ refuse: (address) => (address.startsWith('gone') ? { code: 550, message: `5.1.1 <${address}> is not known here` } : null) })
  const bounced: string[] = []
  const { mails, lines } = pump(server.url, async (_tx, { id }) => void bounced.push(id))
  const [gone, here] = [await queue('gone@merchant.example'), await queue('here@merchant.example')]
  await become(mails, gone, 'FAILED')
  await become(mails, here, 'SENT')
  expect(bounced).toEqual([gone])
  expect(await row(gone)).toMatchObject({ attempts: 1, error: expect.stringContaining('5.1.1') })
  expect(`${(await row(gone)).error} ${lines.join('')}`).not.toContain('gone@')
})

test('one that is put off comes again later, and not before', async () => {
  let greylisted = true
  const server = await smtp({ refuse: () => (greylisted ? { code: 451, message: '4.7.1 greylisted' } : null) })
  const { mails, time } = pump(server.url)
  const id = await queue('ada@merchant.example')
  await expect.poll(async () => {
    await mails.tick()
    return (await row(id)).attempts
  }).toBe(1)
  greylisted = false
  expect(await row(id)).toMatchObject({ status: 'PENDING', error: '451 4.7.1 greylisted' })
  await mails.tick()
  expect(server.mails).toHaveLength(0)
  time.ahead = minutes(1)
  await become(mails, id, 'SENT')
})

test('a server that takes neither our name nor our mail is no recipient’s fault', async () => {
  const wrong = await smtp({ credentials: { user: 'gateway', password: 'right' } })
  const bounced: string[] = []
  const { mails } = pump(wrong.url.replace('//', '//gateway:wrong@'), async (_tx, { id }) => void bounced.push(id))
  const id = await queue('ada@merchant.example')
  await expect.poll(async () => {
    await mails.tick()
    return (await row(id)).error
  }).toContain('535')
  expect(await row(id)).toMatchObject({ status: 'PENDING', attempts: 0 })

  const strict = await smtp({ answer: () => ({ code: 554, message: '5.7.1 message refused by policy' }) })
  const other = pump(strict.url, async (_tx, { id }) => void bounced.push(id))
  await expect.poll(async () => {
    await other.mails.tick()
    return (await row(id)).attempts
  }).toBe(1)
  expect(await row(id)).toMatchObject({ status: 'PENDING', error: '554 5.7.1 message refused by policy' })
  const relay = await smtp({ refuse: () => ({ code: 554, message: '5.7.1 <ada@merchant.example>: Relay access denied' }) })
  const third = pump(relay.url, async (_tx, { id }) => void bounced.push(id))
  third.time.ahead = minutes(5)
  await expect.poll(async () => {
    await third.mails.tick()
    return (await row(id)).attempts
  }).toBe(2)
  expect(await row(id)).toMatchObject({ status: 'PENDING', error: '554 5.7.1 <address>: Relay access denied' })
  expect(bounced).toEqual([])
  await stage.sql('DELETE FROM mails WHERE id = $1', id)
})

test('a sender that dies after the server has taken a mail: it goes out again under the same Message-ID, and no more', async () => {
  const server = await smtp()
  const id = await queue('ada@merchant.example')
  // What a process does that is killed between the server's word and its own: it has claimed, and settles nothing.
  const [lost] = await claimMails(stage.scope.db.pool, 5, new Date(), 180)
  expect(lost!.id).toBe(id)
  const { mails, time } = pump(server.url)
  await mails.tick()
  expect((await row(id)).status).toBe('PENDING')
  time.ahead = minutes(4)
  await become(mails, id, 'SENT')
  expect(server.mails.map(({ headers }) => headers['message-id'])).toEqual([`<${id}@riverside.example>`])
  expect(await settleMail(stage.scope.db.pool, lost!, { sent: false, error: 'late', retryAt: new Date(), counts: true }, new Date())).toBe(false)
  expect((await row(id)).status).toBe('SENT')
})

test('hostile words make no header and no recipient of their own', async () => {
  const server = await smtp()
  const bounced: string[] = []
  const { mails } = pump(server.url, async (_tx, { id }) => void bounced.push(id))
  const id = await queue('ada@merchant.example', 'Hello\r\nBcc: eve@evil.example\r\n\r\n<script>', { 'X-About': 'a\r\nBcc: eve@evil.example' })
  await become(mails, id, 'SENT')
  const sneaky = ['ada@merchant.example>\r\nRCPT TO:<eve@evil.example', 'ada@merchant.example, eve@evil.example', '"<eve@evil.example>" <ada@merchant.example>', 'ada']
  for (const recipient of sneaky) {
    const one = await queue(recipient)
    await become(mails, one, 'FAILED')
    expect([(await row(one)).error, bounced.at(-1)]).toEqual(['the address can be none', one])
  }
  expect(server.mails.flatMap(({ to }) => to)).not.toContain('eve@evil.example')
  expect(server.mails.some(({ headers }) => 'bcc' in headers)).toBe(false)
})

test('without a server of mails they wait, or count as sent where the mailbox shows them', async () => {
  const id = await queue('ada@merchant.example')
  const none = new MailPump({ db: stage.scope.db, clock: () => new Date(), log: createLog('silent'), metrics: new Metrics(), server: null, from: 'a@b', bounced: async () => {} })
  await none.tick()
  expect(await row(id)).toMatchObject({ status: 'PENDING', attempts: 0 })
  const { mails } = pump('mailbox')
  await become(mails, id, 'SENT')
})

test('what nobody could send in three days is given up, old bodies go, and then the rows', async () => {
  const [stuck, read, ancient] = [await queue('a@merchant.example'), await queue('b@merchant.example'), await queue('c@merchant.example')]
  await stage.sql(`UPDATE mails SET created_at = now() - interval '4 days' WHERE id = $1`, stuck)
  await stage.sql(`UPDATE mails SET status = 'SENT', sent_at = now(), next_attempt_at = NULL, created_at = now() - CASE WHEN id = $1 THEN interval '31 days' ELSE interval '366 days' END WHERE id IN ($1, $2)`, read, ancient)
  const lines: string[] = []
  await keepMail(stage.scope.db, new Date(), createLog('info', { write: (line: string) => void lines.push(line) }))
  expect(lines).toEqual([expect.stringContaining('"mails":1')])
  expect(await row(stuck)).toMatchObject({ status: 'FAILED' })
  expect(await stage.sql('SELECT html, text FROM mails WHERE id = $1', read)).toEqual([{ html: null, text: null }])
  expect(await row(ancient)).toBeUndefined()
})
