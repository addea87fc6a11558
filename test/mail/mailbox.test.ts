import { createElement } from 'react'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../src/db/transaction.ts'
import { Letter } from '../../src/mail/letter.tsx'
import { serveMailbox } from '../../src/mail/mailbox.tsx'
import { queueMail } from '../../src/mail/queue-mail.ts'
import { createStage, type Stage } from '../connections/stage.ts'
import { type Planted, startPlanted } from '../http/planted.ts'

let stage: Stage
let server: Planted
let id: string
beforeAll(async () => {
  stage = await createStage()
  server = await startPlanted({ sites: [serveMailbox({ db: stage.scope.db, host: '127.0.0.1' })] })
  const body = createElement(Letter, { preview: 'p', heading: 'Set <b>up</b>', action: { label: 'Begin', url: 'https://gateway.example/setup/SECRET' }, children: null })
  id = (await transaction(stage.scope.db.pool, (tx) => queueMail(tx, { kind: 'SETUP_LINK', customerId: null, connectionId: null, recipient: 'ada@merchant.example', subject: '<script>alert(1)</script>', body })))!
})
afterAll(async () => {
  await server.stop()
  await stage.close()
})
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${server.url}${path}`, { headers })

test('lists what was sent, finds it, and shows it as it looks, in a frame without scripts or rights', async () => {
  const list = await get('/mailbox')
  expect(list.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  expect(list.headers.get('content-security-policy')).not.toMatch(/script|unsafe/)
  const html = await list.text()
  expect(html).toContain(`<a href="/mailbox/${id}">&lt;script&gt;alert(1)&lt;/script&gt;</a>`)
  expect(html).not.toContain('<script')
  expect(await (await get('/mailbox?q=merchant.example')).text()).toContain(id)
  expect(await (await get('/mailbox?q=nobody')).text()).not.toContain(id)
  expect(await (await get('/mailbox?q=%00%27&after=nothing')).text()).toContain('No mail has that')
  const mail = await (await get(`/mailbox/${id}`)).text()
  expect(mail).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"')
  expect(mail).toContain('https://gateway.example/setup/SECRET') // of the plain text
  const body = await get(`/mailbox/${id}/body`)
  expect(body.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox allow-popups/)
  expect(await body.text()).toContain('Set &lt;b&gt;up&lt;/b&gt;')
})

test.each([['/mailbox'], ['/mailbox/ID'], ['/mailbox/ID/body']])('%s is for browsers on this machine that ask for this machine', async (path) => {
  const there = path.replace('ID', id)
  for (const headers of [{ 'x-forwarded-for': '203.0.113.9' }, { forwarded: 'for=203.0.113.9' }] as Record<string, string>[]) {
    const answer = await get(there, headers)
    expect([answer.status, (await answer.text()).includes('SECRET')]).toEqual([403, false])
  }
})

test.each(['nothing', '00000000-0000-0000-0000-000000000000', `%27%20OR%201=1`])('a mail that is none: %s', async (name) => {
  expect((await get(`/mailbox/${name}`)).status).toBe(404)
  expect((await get(`/mailbox/${name}/body`)).status).toBe(404)
})
