// What every route answers with beside its answer, and what its pages take from browsers, programs and strangers.
import { request } from 'node:http'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SettingUp, startSettingUp } from './setting-up.ts'
import { US } from './stage.ts'

let here: SettingUp
beforeAll(async () => {
  here = await startSettingUp({}, { config: { graphiql: true, corsOrigins: ['https://console.example'] } })
})
afterAll(() => here.stop())

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}
/** As it stands: `fetch` would mend the path, and lets no Host be set. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body: string | Buffer = ''): Promise<Answer> {
  const { hostname, port } = new URL(here.origin)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: { connection: 'close', ...(body.length === 0 ? {} : { 'content-length': String(Buffer.byteLength(body)) }), ...headers } }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1')
        if (String(response.headers['content-type']).startsWith('text/event-stream')) response.destroy()
      })
      response.on('close', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
    })
    asked.on('error', reject).end(body)
  })
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const token = (): Record<string, string> => ({ authorization: `Bearer ${here.token}` })

test('every route, answered or refused: its type is not guessed, nothing frames it, no script of elsewhere runs in it, nobody is told where from', async () => {
  const { customerId, warehouseId } = await here.party()
  const link = new URL((await here.linkFor({ customerId, warehouseId, send: false })).url).pathname
  const json = { ...token(), 'content-type': 'application/json' }
  const routes: [status: number, method: string, path: string, headers?: Record<string, string>, body?: string][] = [
    [200, 'POST', '/graphql', json, '{"query":"{ __typename }"}'],
    [401, 'POST', '/graphql', { 'content-type': 'application/json' }, '{"query":"{ __typename }"}'],
    [400, 'POST', '/graphql', json, '{'],
    [413, 'POST', '/graphql', json, 'x'.repeat(1024 * 1024 + 1)],
    [415, 'POST', '/graphql', { ...json, 'content-type': 'text/xml' }, '<a/>'],
    [204, 'OPTIONS', '/graphql', { origin: 'https://console.example', 'access-control-request-method': 'POST' }],
    [200, 'POST', '/graphql/stream', { ...json, accept: 'text/event-stream' }, '{"query":"{ __typename }"}'],
    [401, 'GET', '/graphql/stream'],
    [200, 'GET', '/graphiql'],
    [200, 'GET', '/graphiql/graphiql.min.js'],
    [200, 'GET', link],
    [404, 'GET', '/setup/x'],
    [401, 'GET', '/setup'],
    [403, 'POST', '/setup/survey', { ...form, origin: 'https://evil.example' }, 'contactName=x'],
    [415, 'POST', '/setup/survey', { 'content-type': 'application/json', accept: 'text/html' }, '{}'],
    [404, 'GET', '/agreements/x'],
    [404, 'POST', '/agreements/docusign/callback', {}, '{}'],
    [400, 'GET', '/authorize/amazon/callback?state=x'],
    [404, 'GET', '/unsubscribe/x'],
    [404, 'GET', '/open/x'],
    [404, 'GET', '/nothing'],
    [404, 'DELETE', '/graphql'],
    [404, 'TRACE', '/graphql'],
    [400, 'GET', '/%'],
    [400, 'GET', `/setup/${'x'.repeat(2001)}`],
    [431, 'GET', '/graphiql', Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x-${n}`, '']))],
    [200, 'GET', '/healthz'],
    [200, 'GET', '/readyz'],
    [200, 'GET', '/metrics'],
  ]
  for (const [expected, method, path, headers, body] of routes) {
    const answer = await ask(method, path, headers, body)
    const where = `${method} ${path.slice(0, 60)}`
    expect([where, answer.status]).toEqual([where, expected])
    const policy = String(answer.headers['content-security-policy'])
    expect([where, policy]).toEqual([where, expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'/)])
    expect([where, policy]).toEqual([where, expect.not.stringMatching(/script-src (?!'self')|unsafe-eval|https?:|\*/)])
    expect([where, answer.headers['x-content-type-options'], answer.headers['referrer-policy']]).toEqual([where, 'nosniff', expect.stringMatching(/^(no-referrer|same-origin)$/)])
    expect([where, answer.headers['x-request-id']]).toEqual([where, expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect([where, answer.headers['x-powered-by'], answer.headers['server'], answer.headers['access-control-allow-credentials']]).toEqual([where, undefined, undefined, undefined])
    if (!path.startsWith('/graphql')) expect([where, answer.headers['access-control-allow-origin']]).toEqual([where, undefined])
    if (String(answer.headers['content-type']).startsWith('text/html')) expect([where, answer.headers['cache-control']]).toEqual([where, 'no-store'])
  }
})

test('what may stand in a frame stands in our own alone', async () => {
  const { id, email } = await here.asked()
  expect((await here.send({ id, email })).userErrors).toEqual([])
  const document = new URL((await here.agreementOf(id))!.documentUrl!)
  const answer = await fetch(new URL(document.pathname, here.origin))
  expect([answer.headers.get('x-frame-options'), answer.headers.get('content-security-policy')]).toEqual(['SAMEORIGIN', expect.stringContaining("frame-ancestors 'self'")])
  expect((await extractText(await getDocumentProxy(new Uint8Array(await answer.arrayBuffer())))).totalPages).toBeGreaterThan(0)
  expect((await ask('GET', '/graphiql')).headers['x-frame-options']).toBe('DENY')
})

describe('the session of a set-up link', () => {
  const begun = async (headers: Record<string, string> = {}): Promise<{ set: string; cookie: string }> => {
    const { customerId, warehouseId } = await here.party()
    const link = new URL((await here.linkFor({ customerId, warehouseId, send: false })).url)
    const answer = await ask('POST', link.pathname, { ...form, ...headers })
    expect([answer.status, answer.headers['location']]).toEqual([303, '/setup'])
    const [set] = answer.headers['set-cookie'] as string[]
    return { set: set!, cookie: set!.split(';')[0]! }
  }

  test('is a cookie of these pages alone, which no script and no other site’s form has', async () => {
    const { set, cookie } = await begun()
    expect(set).toMatch(/^cartage_setup=[\w-]{43}; Path=\/setup; HttpOnly; SameSite=Lax; Expires=[^;]+GMT$/)
    expect((await ask('GET', '/setup', { cookie })).status).toBe(200)
    expect((await ask('GET', '/setup', { cookie: `other=1; ${cookie}; more=2` })).status).toBe(200)
    for (const bad of [cookie.slice(0, -1), `x${cookie}`, `${cookie}x`, `cartage_setup=${'\''.repeat(43)}`, '='.repeat(5000)]) expect((await ask('GET', '/setup', { cookie: bad })).status).toBe(401)
  })

  test('is one that other hosts of the domain cannot plant, behind TLS', async () => {
    for (const [publicUrl, trustedProxies, headers] of [['https://gateway.example', [], {}], [null, ['127.0.0.1'], { 'x-forwarded-proto': 'https' }]] as const) {
      const tls = await startSettingUp({}, { config: { publicUrl, trustedProxies: [...trustedProxies] } })
      const plain = here
      here = tls
      try {
        const { set, cookie } = await begun(headers)
        expect(set).toMatch(/^__Host-cartage_setup=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Expires=[^;]+GMT$/)
        expect((await ask('GET', '/setup', { ...headers, cookie })).status).toBe(200)
        expect((await ask('GET', '/setup', { ...headers, cookie: cookie.replace('__Host-', '') })).status).toBe(401)
      } finally {
        here = plain
        await tls.stop()
      }
    }
  })
})

test('forms are forms: what is sent in another shape does nothing, and is told in words', async () => {
  const { customerId, warehouseId } = await here.party()
  const browser = await here.opened((await here.linkFor({ customerId, warehouseId, send: false })).url)
  const browsers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', cookie: browser.cookie!, origin: here.origin }
  for (const [type, body] of [
    ['application/json', '{"contactName":{"0":5},"marketplaceIds":7,"topics":7}'], ['application/json', '{"__proto__":{"polluted":1}}'], ['text/plain', 'contactName=x'], ['multipart/form-data; boundary=x', '--x--'], ['application/octet-stream', 'x'],
  ] as const) {
    const answer = await ask('POST', '/setup/survey', { ...browsers, 'content-type': type }, body)
    expect([type, answer.status, answer.text]).toEqual([type, 415, expect.stringContaining('<h1>This was not understood</h1>')])
  }
  const polluted = await ask('POST', '/setup/survey', { ...browsers, ...form }, '__proto__=polluted&__proto__[polluted]=1&constructor=1&constructor.prototype.polluted=1&toString=x&contactName=x')
  expect(polluted.status).toBe(422)
  expect({}).not.toHaveProperty('polluted')
  const large = await ask('POST', '/setup/survey', { ...browsers, ...form }, `notes=${'x'.repeat(70_000)}`)
  expect([large.status, large.text]).toEqual([413, expect.stringContaining('<h1>This is too much</h1>')])
  const many = await ask('POST', '/setup/survey', { ...browsers, ...form }, `marketplaceIds=${US}&`.repeat(2000))
  expect(many.status).toBe(422)
})
