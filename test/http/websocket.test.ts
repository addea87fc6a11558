import { once } from 'node:events'
import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { type Planted, PlantedResolver, SECRET, startPlanted, unknownToken } from './planted.ts'

let server: Planted
beforeAll(async () => {
  server = await startPlanted()
})
afterAll(() => server.stop())

const clientOf = (at: Planted, connectionParams: Record<string, unknown> = { authorization: `Bearer ${at.token}` }): Client =>
  createClient({ url: `${at.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 })

interface Raw {
  socket: WebSocket
  received: { type: string; payload?: unknown }[]
  send(message: unknown): void
}
async function raw(init?: unknown): Promise<Raw> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const received: Raw['received'] = []
  socket.on('message', (data) => received.push(JSON.parse(String(data))))
  socket.on('error', () => {})
  await once(socket, 'open')
  if (init !== undefined) socket.send(JSON.stringify(init))
  return { socket, received, send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)) }
}
const init = () => ({ type: 'connection_init', payload: { authorization: `Bearer ${server.token}` } })
const closing = async ({ socket }: Raw): Promise<[code: number, reason: string]> => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return [code, String(reason)]
}
const acknowledged = (socket: Raw): Promise<void> => vi.waitFor(() => expect(socket.received[0]?.type).toBe('connection_ack'))

test('a subscription, a query and GraphiQL\'s spelling of the header', async () => {
  const client = clientOf(server, { Authorization: `Bearer ${server.token}` })
  const ticks = client.iterate<{ ticks: number }>({ query: 'subscription Ticking { ticks(count: 3) }' })
  for (const expected of [1, 2, 3]) expect((await ticks.next()).value).toEqual({ data: { ticks: expected } })
  expect((await client.iterate({ query: '{ viewerName }' }).next()).value).toEqual({ data: { viewerName: 'tester' } })
  expect(await server.metrics.registry.metrics()).toMatch(/cartage_websockets 1\ncartage_|cartage_websockets 1\n/)
  expect(await server.metrics.registry.metrics()).toMatch(/cartage_subscriptions 1\n/)
  const left = PlantedResolver.left
  await ticks.return?.()
  await vi.waitFor(async () => expect(await server.metrics.registry.metrics()).toMatch(/cartage_subscriptions 0\n/))
  expect(PlantedResolver.left).toBe(left + 1)
  expect(server.logged.filter((line) => line['operation'] === 'Ticking')).toMatchObject([{ kind: 'subscription', outcome: 'ok', transport: 'websocket' }])
  await client.dispose()
})

test.each([
  ['none', undefined],
  ['an unknown one', { authorization: `Bearer ${unknownToken}` }],
  ['not text', { authorization: 7 }],
])('without a good token (%s): 4403', async (_name, payload) => {
  expect(await closing(await raw({ type: 'connection_init', payload }))).toEqual([4403, 'Forbidden'])
})

test('the protocol is kept: 4400, 4401, 4409, 4429', async () => {
  const malformed = await raw(init())
  malformed.send('{')
  expect((await closing(malformed))[0]).toBe(4400)
  const early = await raw()
  early.send({ type: 'subscribe', id: '1', payload: { query: '{ viewerName }' } })
  expect((await closing(early))[0]).toBe(4401)
  const doubled = await raw(init())
  await acknowledged(doubled)
  for (let n = 0; n < 2; n++) doubled.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { ticks(count: 1) }' } })
  expect((await closing(doubled))[0]).toBe(4409)
  const twice = await raw(init())
  await acknowledged(twice)
  twice.send(init())
  expect((await closing(twice))[0]).toBe(4429)
})

test('a message over 1 MiB closes its socket and no other', async () => {
  const [large, other] = [await raw(init()), await raw(init())]
  large.send({ type: 'subscribe', id: '1', payload: { query: 'x'.repeat(1024 * 1024) } })
  expect((await closing(large))[0]).toBe(1009)
  other.send({ type: 'ping' })
  await vi.waitFor(() => expect(other.received.at(-1)?.type).toBe('pong'))
  other.socket.close()
})

test('another path is no WebSocket', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws')
  const [error] = (await once(socket, 'error')) as [Error]
  expect(error.message).toContain('404')
})

const failing = async (query: string, variables?: Record<string, unknown>): Promise<readonly { message: string; extensions: Record<string, unknown> }[]> => {
  const client = clientOf(server)
  try {
    for await (const { errors } of client.iterate({ query, ...(variables === undefined ? {} : { variables }) })) if (errors !== undefined) return errors as never
    return []
  } catch (errors) {
    return errors as never
  } finally {
    await client.dispose()
  }
}

test.each([
  ['a syntax error', '{ viewerName', 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['too many tokens', `{ ${'viewerName '.repeat(6000)} }`, 'DOCUMENT_TOO_LARGE'],
  ['a malformed argument', '{ refuse }', 'BAD_USER_INPUT'],
  ['a wrong variable of a subscription', 'subscription($n: Int!) { ticks(count: $n) }', 'BAD_USER_INPUT'],
])('errors are those of HTTP: %s', async (_name, query, code) => {
  expect(await failing(query)).toMatchObject([{ message: expect.any(String), extensions: { code, requestId: expect.any(String) } }])
})

test.each(['{ leak }', 'subscription { ticks(count: 1, leak: true) }'])('an unexpected error tells nothing but a request id: %s', async (query) => {
  const [error] = await failing(query)
  expect(error).toMatchObject({ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } })
  expect(JSON.stringify(error)).not.toMatch(new RegExp(`${SECRET}|SELECT|stack`))
  expect(server.logged.filter((line) => line['requestId'] === error?.extensions['requestId'] && line['level'] === 50)).toHaveLength(1)
})

test('one socket runs at most 100 operations at a time', async () => {
  const busy = await raw(init())
  await acknowledged(busy)
  for (let n = 1; n <= 101; n++) busy.send({ type: 'subscribe', id: String(n), payload: { query: 'subscription { ticks(count: 0) }' } })
  await vi.waitFor(() => expect(busy.received).toContainEqual(expect.objectContaining({ id: '101', type: 'error', payload: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'TOO_MANY_OPERATIONS' }) })] })))
  busy.socket.terminate()
  await vi.waitFor(async () => expect(await server.metrics.registry.metrics()).toMatch(/cartage_subscriptions 0\n/))
})

test('the sockets of a revoked token are closed', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const watched = await startPlanted()
  try {
    const client = clientOf(watched)
    const ticks = client.iterate({ query: 'subscription { ticks(count: 1) }' })
    await ticks.next()
    const waiting = ticks.next()
    const refused = expect(waiting).rejects.toMatchObject({ code: 4403 })
    await watched.db.pool.query('UPDATE api_tokens SET revoked_at = now()')
    vi.advanceTimersByTime(15_000)
    await refused
  } finally {
    vi.useRealTimers()
    await watched.stop()
  }
})

test('stopping tells every subscriber 1001 and takes less than 2 s, also with one that never answers', async () => {
  const stopping = await startPlanted()
  const client = clientOf(stopping)
  const ticks = client.iterate({ query: 'subscription { ticks(count: 1) }' })
  await ticks.next()
  const goodbye = expect(ticks.next()).rejects.toMatchObject({ code: 1001 })
  const silent = new WebSocket(`${stopping.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(silent, 'open')
  silent.pause()
  const startedAt = performance.now()
  await stopping.stop()
  expect(performance.now() - startedAt).toBeLessThan(2000)
  await goodbye
  silent.terminate()
})
