import { once } from 'node:events'
import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { soon } from '../support/soon.ts'
import { type Planted, PlantedResolver, SECRET, startPlanted } from './planted.ts'

let server: Planted
beforeAll(async () => {
  server = await startPlanted()
})
afterAll(() => server.stop())

const clientOf = (at: Planted, connectionParams: Record<string, unknown> = { authorization: `Bearer ${at.token}` }): Client =>
  createClient({ url: `${at.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 })

test('a subscription, a query and GraphiQL\'s spelling of the header', async () => {
  const client = clientOf(server, { Authorization: `Bearer ${server.token}` })
  const ticks = client.iterate<{ ticks: number }>({ query: 'subscription Ticking { ticks(count: 3) }' })
  for (const expected of [1, 2, 3]) expect((await ticks.next()).value).toEqual({ data: { ticks: expected } })
  expect((await client.iterate({ query: '{ viewerName }' }).next()).value).toEqual({ data: { viewerName: 'tester' } })
  expect(await server.metrics.registry.metrics()).toMatch(/cartage_websockets 1\ncartage_|cartage_websockets 1\n/)
  expect(await server.metrics.registry.metrics()).toMatch(/cartage_subscriptions 1\n/)
  const left = PlantedResolver.left
  await ticks.return?.()
  await soon(async () => expect(await server.metrics.registry.metrics()).toMatch(/cartage_subscriptions 0\n/))
  expect(PlantedResolver.left).toBe(left + 1)
  expect(server.logged.filter((line) => line['operation'] === 'Ticking')).toMatchObject([{ kind: 'subscription', outcome: 'ok', transport: 'websocket' }])
  await client.dispose()
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
