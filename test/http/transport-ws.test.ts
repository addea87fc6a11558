// The protocol graphql-transport-ws, message by message, and what a client may get wrong: with plain sockets, which keep to nothing by themselves.
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiToken } from '../../src/auth/api-tokens.ts'
import { createLog } from '../../src/observability/log.ts'
import { soon } from '../support/soon.ts'
import { feedOf, type Planted, PlantedResolver, startPlanted, unknownToken } from './planted.ts'
import { connect, open, type RawSocket } from './raw-socket.ts'

let server: Planted
beforeAll(async () => {
  server = await startPlanted()
})
afterAll(() => server.stop())

const QUIET = 'subscription { ticks(count: 0) }'
const ONE = 'subscription { ticks(count: 1) }'
const metric = async (at: Planted, name: string): Promise<number> => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await at.metrics.registry.metrics())![1])

test('4503: whose the token is cannot be told, which says nothing against it', async () => {
  const away = await startPlanted()
  await away.db.pool.query('ALTER TABLE api_tokens RENAME TO away')
  const socket = await connect(away)
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${away.token}` } })
  expect((await socket.closed)[0]).toBe(4503)
  await away.db.pool.query('ALTER TABLE away RENAME TO api_tokens')
  const again = await open(away)
  again.socket.terminate()
  await away.stop()
})

test.each<[name: string, message: unknown]>([
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', []],
  ['text', '"subscribe"'],
  ['no type', { id: '1' }],
  ['an unknown type', { type: 'start', id: '1', payload: { query: ONE } }],
  ['a message of the server', { type: 'next', id: '1', payload: 7 }],
  ['subscribe without an id', { type: 'subscribe', payload: { query: ONE } }],
  ['subscribe with an empty id', { type: 'subscribe', id: '', payload: { query: ONE } }],
  ['subscribe with a number as id', { type: 'subscribe', id: 1, payload: { query: ONE } }],
  ['subscribe without a payload', { type: 'subscribe', id: '1' }],
  ['subscribe without a query', { type: 'subscribe', id: '1', payload: {} }],
  ['subscribe with variables as text', { type: 'subscribe', id: '1', payload: { query: ONE, variables: '{}' } }],
  ['complete without an id', { type: 'complete' }],
  ['ping with text as payload', { type: 'ping', payload: 'x' }],
  ['bytes', Buffer.from([0, 159, 146, 150])],
])('4400: %s', async (_name, message) => {
  const socket = await open(server)
  socket.send(message)
  expect((await socket.closed)[0]).toBe(4400)
})

test('4401: an operation before connection_init', async () => {
  const socket = await connect(server)
  socket.subscribe('1', ONE)
  expect(await socket.closed).toEqual([4401, 'Unauthorized'])
})

test.each([['none', {}], ['an unknown one', { authorization: `Bearer ${unknownToken}` }], ['no payload', undefined]])('4403: no good token (%s)', async (_name, payload) => {
  const socket = await connect(server)
  socket.send({ type: 'connection_init', payload })
  expect(await socket.closed).toEqual([4403, 'Forbidden'])
})

test.each([['none', []], ['the deprecated one', 'graphql-ws']])('4406: another subprotocol (%s)', async (_name, protocols) => {
  // With `graphql-ws` the server agrees to no protocol, which the client takes for a failure of its own.
  const socket = await connect(server, {}, protocols).catch((error: Error) => error)
  if (socket instanceof Error) expect(socket.message).toContain('no subprotocol')
  else expect((await socket.closed)[0]).toBe(4406)
})

test('4408: no connection_init within 5 s', async () => {
  const socket = await connect(server)
  expect(await socket.closed).toEqual([4408, 'Connection initialisation timeout'])
})

test('4409: an id that is in use; it may be used again once its operation is complete', async () => {
  const socket = await open(server)
  socket.subscribe('1', '{ viewerName }')
  await socket.until({ id: '1', type: 'complete' })
  socket.subscribe('1', QUIET)
  socket.send({ type: 'complete', id: '1' })
  socket.subscribe('1', ONE)
  await socket.until({ id: '1', type: 'next', payload: { data: { ticks: 1 } } })
  socket.subscribe('1', ONE)
  expect(await socket.closed).toEqual([4409, 'Subscriber for 1 already exists'])
  const wordy = await open(server)
  for (let n = 0; n < 2; n++) wordy.subscribe('é'.repeat(200), QUIET)
  expect(await wordy.closed).toEqual([4409, `Subscriber for ${'é'.repeat(26)}`])
})

test('4429: connection_init twice', async () => {
  const socket = await open(server)
  socket.send({ type: 'connection_init', payload: {} })
  expect(await socket.closed).toEqual([4429, 'Too many initialisation requests'])
})

test('4429: more sockets than a token may have; another token has its own', async () => {
  const limited = await startPlanted({ socketsPerToken: 2 })
  try {
    const [first] = [await open(limited), await open(limited)]
    const third = await connect(limited)
    third.send({ type: 'connection_init', payload: { authorization: `Bearer ${limited.token}` } })
    expect(await third.closed).toEqual([4429, 'Too many sockets of this token'])
    const other = await createApiToken(limited.db, 'other', 'VIEWER')
    await open(limited, {}, other)
    first.socket.close()
    await first.closed
    await soon(() => open(limited))
  } finally {
    await limited.stop()
  }
})

test('1009: a message of 2 MiB closes its socket and no other', async () => {
  const [large, other] = [await open(server), await open(server)]
  large.subscribe('1', 'x'.repeat(2 * 1024 * 1024))
  expect((await large.closed)[0]).toBe(1009)
  other.send({ type: 'ping' })
  await other.until({ type: 'pong' })
})

test('ping is answered with pong and its payload, before connection_init too; an unasked pong is taken', async () => {
  const socket = await connect(server)
  socket.send({ type: 'ping', payload: { at: 1 } })
  await socket.until({ type: 'pong', payload: { at: 1 } })
  socket.send({ type: 'pong', payload: { unasked: true } })
  socket.send({ type: 'ping' })
  await soon(() => expect(socket.received.at(-1)).toEqual({ type: 'pong' }))
})

test('the server pings; who neither answers nor reads is cut off, who answers stays', async () => {
  const pinging = await startPlanted({ pingSeconds: 1 })
  try {
    const [silent, alive] = [await open(pinging, { autoPong: false }), await open(pinging)]
    await once(alive.socket, 'ping')
    expect((await silent.closed)[0]).toBe(1006)
    expect(alive.socket.readyState).toBe(alive.socket.OPEN)
  } finally {
    await pinging.stop()
  }
})

test('complete ends an operation from either side, and nothing of it follows', async () => {
  const socket = await open(server)
  socket.subscribe('finite', '{ viewerName }')
  await socket.until({ id: 'finite', type: 'complete' })
  expect(socket.of('finite').map(({ type }) => type)).toEqual(['next', 'complete'])
  const feed = feedOf(null)
  for (const id of ['mine', 'other']) socket.subscribe(id, 'subscription { feed { number } }')
  await soon(async () => expect(await metric(server, 'cartage_subscriptions')).toBe(2))
  feed.add()
  await socket.until({ id: 'mine', type: 'next' })
  socket.send({ type: 'complete', id: 'mine' })
  await soon(async () => expect(await metric(server, 'cartage_subscriptions')).toBe(1))
  feed.add(3)
  await soon(() => expect(socket.of('other')).toHaveLength(4))
  expect(socket.of('mine')).toHaveLength(1)
  socket.send({ type: 'complete', id: 'never there' })
  socket.send({ type: 'ping' })
  await socket.until({ type: 'pong' })
  socket.socket.close()
})

test.each<[name: string, query: string, variables: Record<string, unknown>, code: string]>([
  ['an unknown field', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['two root fields', 'subscription { ticks(count: 1) feed { number } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['an argument of a wrong type', 'subscription { ticks(count: "one") }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['a variable of a wrong type', 'subscription($count: Int!) { ticks(count: $count) }', { count: 'one' }, 'BAD_USER_INPUT'],
  ['a variable that is missing', 'subscription($count: Int!) { ticks(count: $count) }', {}, 'BAD_USER_INPUT'],
  ['a document of nothing', '', {}, 'BAD_REQUEST'],
])('what a document has wrong is its own error: %s', async (_name, query, variables, code) => {
  const socket = await open(server)
  socket.subscribe('1', query, variables)
  await soon(() => expect(JSON.stringify(socket.of('1'))).toContain(code))
  const [answer] = socket.of('1')
  expect(answer!.type === 'error' ? answer!.payload : (answer!.payload as { errors: unknown }).errors).toMatchObject([{ message: expect.any(String), extensions: { code, requestId: expect.any(String) } }])
  socket.subscribe('2', '{ viewerName }')
  await socket.until({ id: '2', type: 'next' })
  socket.socket.close()
})

test('a socket runs 100 operations and no more; one that ends makes room', async () => {
  const busy = await open(server)
  for (let n = 1; n <= 101; n++) busy.subscribe(String(n), QUIET)
  await busy.until({ id: '101', type: 'error', payload: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'TOO_MANY_OPERATIONS' }) })] })
  busy.send({ type: 'complete', id: '7' })
  await soon(async () => expect(await metric(server, 'cartage_subscriptions')).toBe(99))
  busy.subscribe('102', ONE)
  await busy.until({ id: '102', type: 'next' })
  busy.socket.terminate()
  await soon(async () => expect(await metric(server, 'cartage_subscriptions')).toBe(0))
})

test('a socket that has run nothing for long, or has lived for long, is told so', async () => {
  const strict = await startPlanted({ socketIdleSeconds: 1, socketLifetimeSeconds: 4 })
  try {
    const [idle, busy] = [await open(strict), await open(strict)]
    busy.subscribe('1', QUIET)
    expect(await idle.closed).toEqual([4440, 'Nothing subscribed to'])
    expect(busy.socket.readyState).toBe(busy.socket.OPEN)
    expect(await busy.closed).toEqual([4441, 'Connect again and resume'])
  } finally {
    await strict.stop()
  }
})

const FEED = 'subscription($after: String) { feed(after: $after) { number padding } }'
const numbersOf = (socket: RawSocket): number[] => socket.of('1').map(({ payload }) => (payload as { data: { feed: { number: number } } }).data.feed.number)

test('one that never reads costs the others nothing; once it reads, it gets everything, once and in order', async () => {
  const shared = await startPlanted()
  try {
    const feed = feedOf(null)
    const from = feed.count
    const [deaf, ...others] = await Promise.all(Array.from({ length: 6 }, () => open(shared)))
    for (const socket of [deaf!, ...others]) socket.subscribe('1', FEED, { after: String(from) })
    await soon(async () => expect(await metric(shared, 'cartage_subscriptions')).toBe(6))
    deaf!.socket.pause()
    const [count, executed] = [15_000, PlantedResolver.executed]
    for (let added = 0; added < count; added += 500) {
      feed.add(500)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const wanted = Array.from({ length: count }, (_, index) => from + index + 1)
    await soon(() => expect(others.every((socket) => socket.of('1').length === count)).toBe(true), { timeout: 20_000, interval: 100 })
    for (const socket of others) expect(numbersOf(socket)).toEqual(wanted)
    // It waits for its client, with its place in the feed and no more than a few answers.
    expect(await metric(shared, 'cartage_subscriptions_behind')).toBe(1)
    expect(deaf!.of('1').length).toBeLessThan(count)
    expect(PlantedResolver.executed - executed).toBe(count)
    deaf!.socket.resume()
    await soon(() => expect(deaf!.of('1')).toHaveLength(count), { timeout: 20_000, interval: 100 })
    expect(numbersOf(deaf!)).toEqual(wanted)
    expect(await metric(shared, 'cartage_subscriptions_behind')).toBe(0)
  } finally {
    await shared.stop()
  }
})

test('those who ask alike share each execution, whatever their ids and where they begin; two rights never share', async () => {
  const scoped = await startPlanted({
    scopeFor: (actor, requestId) => ({ tenant: [actor.name], actor, db: server.db, clock: () => new Date(), log: createLog('silent'), requestId }),
  })
  try {
    const query = 'subscription($after: String) { feed(private: true, after: $after) { number } }'
    const ownToken = await createApiToken(scoped.db, 'somebody else', 'ADMIN')
    const mine = await Promise.all([1, 2, 3].map(() => open(scoped)))
    const theirs = await open(scoped, {}, ownToken)
    const [myFeed, theirFeed] = [feedOf(['tester']), feedOf(['somebody else'])]
    myFeed.add(2)
    const executed = PlantedResolver.executed
    for (const [index, socket] of mine.entries()) socket.subscribe(`op ${index} "quoted"`, query, { after: String(index) })
    theirs.subscribe('1', query)
    await soon(async () => expect(await metric(scoped, 'cartage_subscriptions')).toBe(4))
    expect(await metric(scoped, 'cartage_subscription_groups')).toBe(2)
    await soon(() => expect(mine.map((socket, index) => socket.of(`op ${index} "quoted"`).length)).toEqual([2, 1, 0]))
    myFeed.add()
    theirFeed.add(5)
    await soon(() => {
      expect(mine.map((socket, index) => socket.of(`op ${index} "quoted"`).length)).toEqual([3, 2, 1])
      expect(theirs.of('1')).toHaveLength(5)
    })
    expect(PlantedResolver.executed - executed).toBe(3 + 5)
  } finally {
    await scoped.stop()
  }
})

test('who asks and does not read the answers is not listened to until they are read', async () => {
  const introspection = getIntrospectionQuery().replace('IntrospectionQuery', 'Deaf')
  const answered = (): number => server.logged.filter((line) => line['operation'] === 'Deaf').length
  const deaf = await open(server)
  deaf.socket.pause()
  const count = 1000
  for (let n = 0; n < count; n++) deaf.subscribe(String(n), introspection)
  for (let before = -1; before !== answered(); await sleep(500)) before = answered()
  expect(answered()).toBeGreaterThan(0)
  expect(answered()).toBeLessThan(count)
  deaf.socket.resume()
  await soon(() => expect(deaf.received.filter(({ type }) => type === 'complete')).toHaveLength(count), { timeout: 30_000, interval: 100 })
  deaf.socket.close()
}, 60_000)

test('one that asks for another path and is cut at once ends nothing but itself', async () => {
  const { hostname, port } = new URL(server.url)
  for (let n = 0; n < 30; n++) {
    const rude = net.connect(Number(port), hostname).on('error', () => {})
    await once(rude, 'connect')
    rude.write(`GET /other HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`)
    await sleep(n % 5)
    rude.resetAndDestroy()
  }
  const another = await open(server)
  another.socket.close()
})
