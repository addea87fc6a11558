import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { soon } from '../support/soon.ts'
import { type Planted, SECRET, startPlanted, unknownToken } from './planted.ts'

let server: Planted
beforeAll(async () => {
  server = await startPlanted()
})
afterAll(() => server.stop())

test('a good token is served, under the name of its holder', async () => {
  expect((await server.post({ query: '{ viewerName }' })).body).toMatchObject({ data: { viewerName: 'tester' } })
})

test.each([
  ['none', { authorization: '' }],
  ['an unknown one', { authorization: `Bearer ${unknownToken}` }],
  ['another scheme', { authorization: 'Basic dGVzdGVyOng=' }],
])('without a good token (%s): 401, in the shape of GraphQL', async (_name, headers) => {
  const { status, headers: answered, body } = await server.post({ query: '{ viewerName }' }, headers)
  expect(status).toBe(401)
  expect(answered.get('www-authenticate')).toBe('Bearer')
  expect(body.errors).toEqual([{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', requestId: answered.get('x-request-id') } }])
})

test('a revoked token is refused within the seconds that it was remembered, and its use was noted', async () => {
  const token = await createApiToken(server.db, 'short-lived', 'VIEWER')
  const headers = { authorization: `bearer ${token}` }
  expect((await server.post({ query: '{ viewerName }' }, headers)).status).toBe(200)
  await soon(async () => {
    const { rows } = await server.db.pool.query(`SELECT last_used_at FROM api_tokens WHERE name = 'short-lived'`)
    expect(rows[0].last_used_at).not.toBeNull()
  })
  await server.db.pool.query(`UPDATE api_tokens SET revoked_at = now() WHERE name = 'short-lived'`)
  await soon(async () => expect((await server.post({ query: '{ viewerName }' }, headers)).status).toBe(401), { interval: 500 })
})

test.each([
  ['is not JSON', '{ "query": ', {}, 400, 'BAD_REQUEST'],
  ['is empty', '', {}, 400, 'BAD_REQUEST'],
  ['has no query', '{"variables":{}}', {}, 400, 'BAD_REQUEST'],
  ['is a batch', '[{"query":"{ viewerName }"},{"query":"{ viewerName }"}]', {}, 400, 'BATCHING_NOT_SUPPORTED'],
  ['is an empty batch', '[]', {}, 400, 'BATCHING_NOT_SUPPORTED'],
  ['is text in JSON', '"{ viewerName }"', {}, 400, 'BAD_REQUEST'],
  ['has a query that is none', '{"query":{"kind":"Document"}}', {}, 400, 'BAD_REQUEST'],
  ['has variables in a string', '{"query":"{ viewerName }","variables":"{}"}', {}, 400, 'BAD_REQUEST'],
  ['pollutes prototypes', '{"query":"{ viewerName }","__proto__":{"polluted":true}}', {}, 400, 'BAD_REQUEST'],
  ['pollutes prototypes within its variables', '{"query":"{ viewerName }","variables":{"constructor":{"prototype":{"polluted":true}}}}', {}, 400, 'BAD_REQUEST'],
  ['is over 1 MiB', JSON.stringify({ query: `{ viewerName } #${'x'.repeat(1024 * 1024)}` }), {}, 413, 'PAYLOAD_TOO_LARGE'],
  ['is of another type', 'query=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['could come from a form', '{"query":"{ viewerName }"}', { 'content-type': 'text/plain' }, 400, 'BAD_REQUEST'],
  ['could come from a form with files', '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ viewerName }"}\r\n--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
])('a body that %s', async (_name, body, headers, status, code) => {
  const answer = await server.post(body, headers)
  expect(answer.status).toBe(status)
  expect(answer.body.errors).toMatchObject([{ extensions: { code, requestId: answer.headers.get('x-request-id') } }])
  expect(answer.body).not.toHaveProperty('data')
  expect({}).not.toHaveProperty('polluted')
})

test.each([
  ['a syntax error', '{ viewerName', 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a wrong literal', '{ double(n: "two") }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a wrong variable', 'query($n: Int!) { double(n: $n) }', 'BAD_USER_INPUT'],
  ['a null for a default', 'query($n: Int = 1) { double(n: $n) }', 'BAD_USER_INPUT'],
  ['a subscription', 'subscription { ticks(count: 1) }', 'BAD_REQUEST'],
  ['two operations and no name', 'query A { viewerName } query B { viewerName }', 'OPERATION_RESOLUTION_FAILURE'],
  ['too many tokens', `{ ${'viewerName '.repeat(6000)} }`, 'DOCUMENT_TOO_LARGE'],
])('%s is told in words', async (_name, query, code) => {
  const { body, headers } = await server.post({ query, variables: { n: null } })
  expect(body.errors?.[0]).toMatchObject({ message: expect.stringMatching(/.{5}/), extensions: { code, requestId: headers.get('x-request-id') } })
  expect(server.logged.filter((line) => line['requestId'] === headers.get('x-request-id') && line['level'] === 50)).toEqual([])
})

test('a malformed argument is told with its path', async () => {
  const { body } = await server.post({ query: '{ refuse }' })
  expect(body).toMatchObject({ data: null, errors: [{ message: 'not a cursor of this list', path: ['refuse'], extensions: { code: 'BAD_USER_INPUT', field: ['after'] } }] })
})

test.each(['leak', 'leakAsGraphqlError', 'notANumber { number }'])('an unexpected error tells nothing but a request id, which the log has with the cause: %s', async (field) => {
  const { status, headers, body } = await server.post({ query: `{ ${field} }` })
  const requestId = headers.get('x-request-id')
  expect(status).toBe(200)
  expect(body.errors).toEqual([{ message: 'Internal error', locations: expect.any(Array), path: expect.any(Array), extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }])
  expect(JSON.stringify(body)).not.toMatch(new RegExp(`${SECRET}|SELECT|stack`))
  const lines = server.logged.filter((line) => line['requestId'] === requestId && line['level'] === 50)
  expect(lines).toHaveLength(1)
  expect(JSON.stringify(lines[0])).toContain(SECRET) // planted in the message, which is all that the log has of it
  expect(lines[0]).not.toHaveProperty('causes.0.config')
})

test('one line for an operation, without its variables, and its measure', async () => {
  const { headers } = await server.post({ query: 'query Twice($n: Int!) { double(n: $n) }', variables: { n: 424242 } })
  const lines = server.logged.filter((line) => line['requestId'] === headers.get('x-request-id'))
  expect(lines).toMatchObject([{ operation: 'Twice', kind: 'query', outcome: 'ok', transport: 'http', ms: expect.any(Number) }])
  expect(JSON.stringify(lines)).not.toContain('424242')
  expect(await server.metrics.registry.metrics()).toMatch(/cartage_graphql_seconds_count\{operation="Twice",kind="query",outcome="ok"\} 1/)
})

test('what is not there is told in the same shape', async () => {
  const response = await fetch(`${server.url}/nothing`)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('introspection can be turned off, on either side of a "did you mean"', async () => {
  const closed = await startPlanted({ introspection: false })
  try {
    const { body } = await closed.post({ query: '{ __schema { queryType { name } } }' })
    expect(body.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(JSON.stringify((await closed.post({ query: '{ viewerNam }' })).body)).not.toContain('viewerName')
  } finally {
    await closed.stop()
  }
})

test('an address that asks too often is told 429, before it is asked for a token; health is not counted', async () => {
  const strict = await startPlanted({ rateLimit: 3 })
  try {
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push((await strict.post({ query: '{ viewerName }' })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const { headers, body } = await strict.post({ query: '{ viewerName }' }, { authorization: '' })
    expect(body.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', requestId: headers.get('x-request-id') } }])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await fetch(`${strict.url}/healthz`)).status).toBe(200)
  } finally {
    await strict.stop()
  }
})

test('a browser may call from the configured origins, and from no other; the page with the token from none', async () => {
  const open = await startPlanted({ corsOrigins: ['https://app.example'] })
  try {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${open.url}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } })
    const good = await preflight('https://app.example')
    expect(good.status).toBe(204)
    expect(good.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(good.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(good.headers.get('access-control-allow-methods')).toBe('GET, POST')
    expect(good.headers.get('access-control-allow-credentials')).toBeNull() // a token, never a cookie
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
    expect((await open.post({ query: '{ viewerName }' }, { origin: 'https://evil.example' })).headers.get('access-control-allow-origin')).toBeNull()
    const answer = await open.post({ query: '{ viewerName }' }, { origin: 'https://app.example' })
    expect(answer.headers.get('vary')).toMatch(/origin/i)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    const page = await fetch(`${open.url}/graphiql`, { headers: { origin: 'https://app.example' } })
    expect(page.headers.get('access-control-allow-origin')).toBeNull()
  } finally {
    await open.stop()
  }
})

test('stopping lets running requests end', async () => {
  const ending = await startPlanted()
  const slow = ending.post({ query: '{ slow(ms: 400) }' })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const stopped = ending.stop()
  expect((await slow).body).toMatchObject({ data: { slow: 400 } })
  await stopped
  await expect(fetch(`${ending.url}/healthz`)).rejects.toThrow()
})
