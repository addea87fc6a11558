import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuthorizationPage, FinishAuthorization } from '../../src/http/authorization-callback.ts'
import { type Planted, SECRET, startPlanted } from './planted.ts'

let server: Planted
const asked: Parameters<FinishAuthorization>[] = []
let page: AuthorizationPage | Error = { outcome: 'done', title: 'Done', words: ['All of it.'] }
const finishAuthorization: FinishAuthorization = async (...given) => {
  asked.push(given)
  if (page instanceof Error) throw page
  return page
}

beforeAll(async () => {
  server = await startPlanted({ finishAuthorization })
})
afterAll(() => server.stop())

const callback = (query = `state=${SECRET}&code=${SECRET}`, init?: RequestInit): Promise<Response> => fetch(`${server.url}/authorize/amazon/callback?${query}`, init)

test('a browser without a token is shown what became of it, in a page that is kept nowhere and leads nowhere', async () => {
  page = { outcome: 'done', title: 'Done & <b>dusted</b>', words: ['"One"', "<script>alert('two')</script>"] }
  const response = await callback()
  const html = await response.text()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/default-src 'none'/)
  expect(policy).not.toMatch(/unsafe|script-src|http/)
  expect(html).toContain('<h1>Done &amp; &lt;b&gt;dusted&lt;/b&gt;</h1>')
  expect(html).toContain('<p>&quot;One&quot;</p><p>&lt;script&gt;alert(&#x27;two&#x27;)&lt;/script&gt;</p>')
  expect(html).not.toMatch(/<script|<a |<img|<form|src=|href=/)
  expect(html).not.toContain(SECRET)
})

test('what the marketplace sends is handed over as plain text, and what stands there twice is not', async () => {
  page = { outcome: 'refused', title: 'No', words: [] }
  const response = await callback('state=s%20t&code=c&code=d&__proto__=x&empty=')
  expect(response.status).toBe(400)
  const [channel, answer, requestId] = asked.at(-1)!
  expect(channel).toBe('amazon')
  expect(Object.entries(answer)).toEqual(expect.arrayContaining([['state', 's t'], ['empty', '']]))
  expect(answer).not.toHaveProperty('code')
  expect(requestId).toBe(response.headers.get('x-request-id'))
  page = { outcome: 'unavailable', title: 'Later', words: [] }
  expect((await callback()).status).toBe(503)
})

test.each(['x%00', "a'--", '%F0%9F%92%A9', 'x'.repeat(51), '..', 'Amazon'])('what can be no channel is not looked for: %s', async (channel) => {
  const before = asked.length
  expect((await fetch(`${server.url}/authorize/${channel}/callback?state=x`)).status).toBe(404)
  expect(asked.length).toBe(before)
})

test('a look at the link does not use it up', async () => {
  const before = asked.length
  expect((await callback(undefined, { method: 'HEAD' })).status).toBe(404)
  expect((await callback(undefined, { method: 'POST' })).status).toBe(404)
  expect(asked.length).toBe(before)
})

test('an unexpected error tells nothing but the number of the request, and the log has no query', async () => {
  page = new Error('the pool is gone')
  const response = await callback()
  const html = await response.text()
  expect(response.status).toBe(500)
  expect(html).toContain(response.headers.get('x-request-id'))
  expect(html).not.toContain('pool')
  const lines = server.logged.filter((line) => line['requestId'] === response.headers.get('x-request-id'))
  expect(lines).toMatchObject([{ level: 50, path: '/authorize/:channel/callback', causes: [{ message: 'the pool is gone' }] }])
  expect(JSON.stringify(server.logged)).not.toContain(SECRET)
})

test('an address that asks too often is told so in words', async () => {
  const strict = await startPlanted({ finishAuthorization: async () => ({ outcome: 'refused', title: 'No', words: [] }), rateLimit: 2 })
  try {
    const ask = (): Promise<Response> => fetch(`${strict.url}/authorize/amazon/callback?state=x`)
    expect([(await ask()).status, (await ask()).status]).toEqual([400, 400])
    const third = await ask()
    expect([third.status, third.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8'])
    expect(await third.text()).toContain('Too many requests')
  } finally {
    await strict.stop()
  }
})

test('where no seller is sent, there is nothing', async () => {
  const closed = await startPlanted()
  try {
    expect((await fetch(`${closed.url}/authorize/amazon/callback?state=x`)).status).toBe(404)
  } finally {
    await closed.stop()
  }
})
