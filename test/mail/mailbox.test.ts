import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createElement } from 'react'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../src/db/transaction.ts'
import { Letter } from '../../src/mail/letter.tsx'
import { serveMailbox } from '../../src/mail/mailbox.tsx'
import { queueMail } from '../../src/mail/queue-mail.ts'
import { createStage, type Stage } from '../connections/stage.ts'
import { type Planted, startPlanted } from '../http/planted.ts'
import { hasChromium, openChromium } from '../support/chromium.ts'

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

test('tells the console the same list, on this machine alone', async () => {
  const answer = await get('/mailbox.json?q=merchant.example')
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(await answer.json()).toMatchObject({ mails: [{ id, recipient: 'ada@merchant.example', subject: '<script>alert(1)</script>', status: 'PENDING' }], more: false })
  expect(await (await get('/mailbox.json?q=nobody&after=nothing')).json()).toEqual({ mails: [], more: false })
  const passedOn = await get('/mailbox.json', { 'x-forwarded-for': '203.0.113.9' })
  expect([passedOn.status, await passedOn.json()]).toEqual([403, { mails: [], more: false }])
})

test('looks again by itself, but not while somebody types', async () => {
  expect(await (await get('/mailbox')).text()).toContain('http-equiv="refresh"')
  for (const finding of ['/mailbox?q=', '/mailbox?q=merchant']) {
    const html = await (await get(finding)).text()
    expect(html).toContain('type="search"')
    expect(html).not.toContain('http-equiv="refresh"')
  }
})

test.skipIf(!hasChromium)('in a browser: a mail is seen, its link opens beside the page, and nothing in it runs or is fetched', async () => {
  const fetched: (string | undefined)[] = []
  const receiver = http.createServer((request, response) => {
    fetched.push(request.url)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const elsewhere = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const browser = await openChromium()
  try {
    const tab = await browser.newPage({ viewport: { width: 360, height: 700 } })
    await tab.context().route(/gateway\.example/, (route) => route.fulfill({ body: 'there' }))
    // What no letter of ours has: as if something had not been escaped.
    const evil = `<script>top.location = "${elsewhere}/script"</script><img src="${elsewhere}/pixel" onerror="top.location = '${elsewhere}/error'">`
    await stage.sql(`UPDATE mails SET html = replace(html, '</h1>', '</h1>' || $2) WHERE id = $1`, id, evil)
    await tab.goto(`${server.url}/mailbox`)
    await tab.getByRole('link', { name: 'alert(1)' }).click()
    const frame = tab.frameLocator('iframe')
    await frame.getByRole('heading', { name: 'Set <b>up</b>' }).waitFor()
    const [opened] = await Promise.all([tab.context().waitForEvent('page'), frame.getByRole('link', { name: 'Begin' }).click()])
    await opened.waitForURL('https://gateway.example/setup/SECRET')
    expect(tab.url()).toBe(`${server.url}/mailbox/${id}`)
    expect(fetched).toEqual([])
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(360)
  } finally {
    await browser.close()
    receiver.close()
  }
})

test.each([['/mailbox'], ['/mailbox/ID'], ['/mailbox/ID/body']])('%s is for browsers on this machine that ask for this machine', async (path) => {
  const there = path.replace('ID', id)
  for (const headers of [{ 'x-forwarded-for': '203.0.113.9' }, { forwarded: 'for=203.0.113.9' }] as Record<string, string>[]) {
    const answer = await get(there, headers)
    expect([answer.status, (await answer.text()).includes('SECRET')]).toEqual([403, false])
  }
  // A name that some site has resolved to this machine; fetch does not let a Host be set.
  const status = await new Promise<number | undefined>((resolve, reject) => {
    http.get(`${server.url}${there}`, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.resume().statusCode)).on('error', reject)
  })
  expect(status).toBe(403)
})

test.each(['nothing', '00000000-0000-0000-0000-000000000000', `%27%20OR%201=1`])('a mail that is none: %s', async (name) => {
  expect((await get(`/mailbox/${name}`)).status).toBe(404)
  expect((await get(`/mailbox/${name}/body`)).status).toBe(404)
})
