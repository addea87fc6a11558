// GraphQL over server-sent events: with the client of graphql-sse, and with plain fetch, byte by byte.
import http from 'node:http'
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { soon } from '../support/soon.ts'
import { feedOf, type Planted, PlantedResolver, SECRET, startPlanted, unknownToken } from './planted.ts'

let server: Planted
beforeAll(async () => {
  server = await startPlanted({ corsOrigins: ['https://app.example'] })
})
afterAll(() => server.stop())

const FEED = 'subscription Feed($after: String) { feed(after: $after) { number } }'
const clientOf = (at: Planted) => createClient({ url: `${at.url}/graphql/stream`, headers: { authorization: `Bearer ${at.token}` }, retryAttempts: 0 })
const metric = async (at: Planted, name: string): Promise<number> => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await at.metrics.registry.metrics())![1])

interface Asked {
  at?: Planted
  body?: unknown
  method?: string
  query?: Record<string, string>
  headers?: Record<string, string>
}
async function ask({ at = server, body, method = 'POST', query = {}, headers = {} }: Asked): Promise<Response> {
  return fetch(`${at.url}/graphql/stream?${new URLSearchParams(query)}`, {
    method,
    headers: { accept: 'text/event-stream', authorization: `Bearer ${at.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

interface Reading {
  text: () => string
  until(part: string): Promise<void>
  ended: Promise<void>
  cancel(): Promise<void>
}
function read(response: Response): Reading {
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
    }
  })()
  ended.catch(() => {})
  return { text: () => text, ended, until: (part) => soon(() => expect(text).toContain(part)), cancel: () => reader.cancel() }
}

test('the client of graphql-sse: a subscription that is left, one that is complete, a query, a mutation-free schema\'s errors', async () => {
  const client = clientOf(server)
  const feed = feedOf(null)
  const from = feed.count
  const following = client.iterate<{ feed: { number: number } }>({ query: FEED, variables: { after: String(from) } })
  feed.add(2)
  for (const number of [from + 1, from + 2]) expect((await following.next()).value).toEqual({ data: { feed: { number } } })
  expect(await metric(server, 'cartage_event_streams')).toBe(1)
  expect(await metric(server, 'cartage_subscriptions')).toBe(1)
  await following.return?.()
  await soon(async () => expect(await metric(server, 'cartage_event_streams') + (await metric(server, 'cartage_subscriptions'))).toBe(0))
  const answers: unknown[] = []
  for await (const answer of client.iterate({ query: '{ viewerName }' })) answers.push(answer)
  expect(answers).toEqual([{ data: { viewerName: 'tester' } }])
  for await (const answer of client.iterate({ query: '{ nothing }' })) expect(answer.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) } }])
  expect(server.logged.filter((line) => line['operation'] === 'Feed')).toMatchObject([{ kind: 'subscription', outcome: 'ok', transport: 'sse' }])
})

test('the stream as it is written: headers, a first comment, cursors as ids, complete with data', async () => {
  const response = await ask({ body: { query: FEED, variables: { after: '0' } }, headers: { origin: 'https://app.example' } })
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'access-control-allow-origin': 'https://app.example', 'x-request-id': expect.any(String),
  })
  const reading = read(response)
  feedOf(null).add()
  await reading.until('event: next\nid: 1\ndata: {"data":{"feed":{"number":1}}}\n\n')
  expect(reading.text().startsWith(':\n\n')).toBe(true)
  await reading.cancel()
  expect(await (await ask({ body: { query: '{ viewerName }' } })).text()).toBe(':\n\nevent: next\ndata: {"data":{"viewerName":"tester"}}\n\nevent: complete\ndata:\n\n')
})

test('GET, as EventSource does it; Last-Event-ID goes before what the document says', async () => {
  const feed = feedOf(null)
  feed.add(3)
  const get = await ask({ method: 'GET', query: { query: FEED, variables: JSON.stringify({ after: '0' }) }, headers: { 'last-event-id': String(feed.count - 1) } })
  const reading = read(get)
  await reading.until(`data: {"data":{"feed":{"number":${feed.count}}}}`)
  expect(reading.text().match(/event: next/g)).toHaveLength(1)
  await reading.cancel()
})

test.each<[name: string, asked: Asked, status: number, code: string]>([
  ['no token', { headers: { authorization: '' } }, 401, 'UNAUTHENTICATED'],
  ['an unknown token', { headers: { authorization: `Bearer ${unknownToken}` } }, 401, 'UNAUTHENTICATED'],
  ['nothing but JSON accepted', { headers: { accept: 'application/json' }, body: { query: '{ viewerName }' } }, 406, 'NOT_ACCEPTABLE'],
  ['no JSON', { body: '{' }, 400, 'BAD_REQUEST'],
  ['no query', { body: {} }, 400, 'BAD_REQUEST'],
  ['a list', { body: [{ query: '{ viewerName }' }] }, 400, 'BAD_REQUEST'],
  ['variables as text', { body: { query: '{ viewerName }', variables: 'x' } }, 400, 'BAD_REQUEST'],
  ['malformed variables of a GET', { method: 'GET', query: { query: '{ viewerName }', variables: '{' } }, 400, 'BAD_REQUEST'],
  ['another content type', { body: 'x', headers: { 'content-type': 'text/plain' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a body over 1 MiB', { body: { query: 'x'.repeat(1024 * 1024) } }, 413, 'PAYLOAD_TOO_LARGE'],
])('refused before there is a stream: %s', async (_name, asked, status, code) => {
  const response = await ask(asked)
  expect([response.status, await response.json()]).toEqual([status, { errors: [{ message: expect.any(String), extensions: { code, requestId: response.headers.get('x-request-id') } }] }])
})

test.each<[name: string, body: Record<string, unknown>, code: string]>([
  ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', { query: 'subscription { nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['an operation that is not there', { query: '{ viewerName }', operationName: 'Other' }, 'OPERATION_RESOLUTION_FAILURE'],
  ['a wrong variable', { query: 'subscription($n: Int!) { ticks(count: $n) }', variables: { n: 'x' } }, 'BAD_USER_INPUT'],
  ['a malformed argument', { query: '{ refuse }' }, 'BAD_USER_INPUT'],
])('what is wrong with the operation comes as an event, as over WebSocket: %s', async (_name, body, code) => {
  const response = await ask({ body })
  const text = await response.text()
  expect(response.status).toBe(200)
  expect(JSON.parse(/data: (.+)/.exec(text)![1]!)).toMatchObject({ errors: [{ message: expect.any(String), extensions: { code, requestId: response.headers.get('x-request-id') } }] })
  expect(text.endsWith('event: complete\ndata:\n\n')).toBe(true)
})

test('an unexpected error tells nothing but a request id', async () => {
  const text = await (await ask({ body: { query: '{ leak }' } })).text()
  expect(text).toContain('Internal error')
  expect(text).not.toMatch(new RegExp(`${SECRET}|SELECT|stack`))
})

test('subscribers over either transport share each execution', async () => {
  const feed = feedOf(null)
  const streams = await Promise.all([1, 2, 3].map(async () => read(await ask({ body: { query: FEED } }))))
  const executed = PlantedResolver.executed
  await soon(async () => expect([await metric(server, 'cartage_subscriptions'), await metric(server, 'cartage_subscription_groups')]).toEqual([3, 1]))
  feed.add()
  await Promise.all(streams.map((stream) => stream.until(`"number":${feed.count}}`)))
  expect(PlantedResolver.executed - executed).toBe(1)
  await Promise.all(streams.map((stream) => stream.cancel()))
})

test('a stream that is read slowly gets everything once and in order', async () => {
  const feed = feedOf(null)
  const from = feed.count
  const [count, wide] = [20_000, 'subscription($after: String) { feed(after: $after) { number padding } }']
  const text = await new Promise<string>((resolve, reject) => {
    const request = http.request(`${server.url}/graphql/stream`, { method: 'POST', headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' } }, async (response) => {
      response.pause()
      feed.add(count)
      await soon(async () => expect(await metric(server, 'cartage_subscriptions_behind')).toBe(1)).catch(reject)
      const chunks: string[] = []
      response.setEncoding('utf8').on('data', (chunk: string) => {
        chunks.push(chunk)
        if (!chunks.slice(-2).join('').includes(`"number":${from + count},`)) return
        resolve(chunks.join(''))
        request.destroy()
      })
      response.resume()
    })
    request.on('error', () => {})
    request.end(JSON.stringify({ query: wide, variables: { after: String(from) } }))
  })
  expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual(Array.from({ length: count }, (_, index) => from + index + 1))
})

test('signs of life, the limit of a token, a revoked one, and the end of a lifetime', async () => {
  const strict = await startPlanted({ pingSeconds: 1, socketsPerToken: 1, socketLifetimeSeconds: 3 })
  try {
    const stream = read(await ask({ at: strict, body: { query: FEED } }))
    const second = await ask({ at: strict, body: { query: FEED } })
    expect([second.status, ((await second.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code]).toEqual([429, 'TOO_MANY_SUBSCRIBERS'])
    await stream.until(':\n\n:\n\n')
    await stream.ended
    expect(stream.text()).not.toContain('complete')
    expect(strict.logged.filter((line) => line['transport'] === 'sse')).toHaveLength(1)
  } finally {
    await strict.stop()
  }
})

test('the stream of a revoked token ends, and so do all when the gateway stops: neither is complete, as the client is to come again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const stopping = await startPlanted()
  try {
    const doomed = await createApiToken(stopping.db, 'doomed', 'ADMIN')
    const [revoked, other] = [read(await ask({ at: stopping, body: { query: FEED }, headers: { authorization: `Bearer ${doomed}` } })), read(await ask({ at: stopping, body: { query: FEED } }))]
    await stopping.db.pool.query(`UPDATE api_tokens SET revoked_at = now() WHERE name = 'doomed'`)
    vi.advanceTimersByTime(15_000)
    await revoked.ended
    await stopping.stop()
    await other.ended
    expect(revoked.text() + other.text()).not.toContain('complete')
  } finally {
    vi.useRealTimers()
  }
})

test('a client that has gone before its stream begins leaves none open', async () => {
  const limited = await startPlanted({ socketsPerToken: 1 })
  const blocker = await limited.db.pool.connect()
  try {
    await blocker.query('BEGIN; LOCK TABLE api_tokens IN ACCESS EXCLUSIVE MODE')
    const leaving = new AbortController()
    const asked = fetch(`${limited.url}/graphql/stream?${new URLSearchParams({ query: FEED })}`, { headers: { accept: 'text/event-stream', authorization: `Bearer ${limited.token}` }, signal: leaving.signal })
    asked.catch(() => {})
    await soon(async () => expect((await blocker.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount).toBe(1))
    leaving.abort()
    await expect(asked).rejects.toThrow('abort')
    await new Promise((resolve) => setTimeout(resolve, 100)) // until the server has seen it
    await blocker.query('ROLLBACK')
    const next = await ask({ at: limited, body: { query: FEED } })
    expect([next.status, await metric(limited, 'cartage_event_streams')]).toEqual([200, 1])
    await next.body!.cancel()
  } finally {
    blocker.release()
    await limited.stop()
  }
})
