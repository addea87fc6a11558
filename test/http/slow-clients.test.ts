// Who sends drop by drop, or too much of what stands before a request, holds nothing for long.
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { soon } from '../support/soon.ts'
import { type Planted, startPlanted } from './planted.ts'

let server: Planted
beforeAll(async () => {
  server = await startPlanted({ patience: { headersMs: 700, requestMs: 1500, answerMs: 600, checkedEveryMs: 100 }, localToken: () => server.token })
})
afterAll(() => server.stop())

function connect(): { socket: net.Socket; closed: Promise<string> } {
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString()))
  socket.on('error', () => {})
  return { socket, closed: once(socket, 'close').then(() => text) }
}

/** Sends piece by piece for as long as it is listened to. */
async function drip({ socket, closed }: ReturnType<typeof connect>, piece: () => string): Promise<void> {
  const timer = setInterval(() => socket.write(piece()), 50)
  await closed
  clearInterval(timer)
}

test.each([
  ['says nothing at all', '', null],
  ['sends its headers drop by drop', 'POST /graphql HTTP/1.1\r\nhost: x\r\n', () => 'x-more: 1\r\n'],
  ['begins to become a WebSocket, and never ends', 'GET /graphql HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n', () => 'x-more: 1\r\n'],
])('one that %s is cut', async (_what, beginning, more) => {
  const one = connect()
  one.socket.write(beginning)
  if (more !== null) void drip(one, more)
  expect(await Promise.race([one.closed, sleep(8000, 'still open')])).toMatch(/^(HTTP\/1\.1 408 .*)?$/s)
})

test('one that sends its body drop by drop is cut, while others are answered', async () => {
  const one = connect()
  one.socket.write(`POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n`)
  void drip(one, () => ' ')
  expect((await server.post({ query: '{ viewerName }' })).status).toBe(200)
  expect(await Promise.race([one.closed, sleep(8000, 'still open')])).not.toBe('still open')
})

test('many of them at once keep nobody out', async () => {
  const many = Array.from({ length: 300 }, connect)
  for (const { socket } of many) socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n')
  expect((await server.post({ query: '{ viewerName }' })).status).toBe(200)
  await Promise.race([Promise.all(many.map(({ closed }) => closed)), sleep(10_000).then(() => Promise.reject(new Error('still open')))])
})

test.each([
  ['one header', `x-large: ${'x'.repeat(20_000)}\r\n`],
  ['many headers', Array.from({ length: 2000 }, (_, n) => `x-${n}: ${n}\r\n`).join('')],
  ['its path', null],
])('too much of %s is refused, in a few words', async (_what, headers) => {
  const one = connect()
  one.socket.write(headers === null ? `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n` : `GET /healthz HTTP/1.1\r\nhost: x\r\n${headers}\r\n`)
  const answer = await Promise.race([one.closed, sleep(8000, 'still open')])
  expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  expect(answer.length).toBeLessThan(500)
})

// Which Node.js would leave out of the request, each beyond its 2000th: what a proxy says of where it comes from must not be among them.
test.each([
  ['a request', '/graphiql', ''],
  ['what would become a WebSocket', '/graphql', 'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n'],
])('%s with more headers than anybody has is refused, however short they are', async (_what, path, more) => {
  for (const many of [100, 2100]) {
    const one = connect()
    one.socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n${more}${'a:\r\n'.repeat(many)}x-forwarded-for: 203.0.113.9\r\n\r\n`)
    const answer = await Promise.race([one.closed, sleep(8000, 'still open')])
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(answer).not.toContain(server.token)
  }
  const usual = await fetch(`${server.url}/healthz`, { headers: Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`x-${n}`, '1'])) })
  expect(usual.status).toBe(200)
})

test('one that does not take its answer is cut, however much more it has asked for', async () => {
  const one = connect()
  let bytes = 0
  one.socket.on('data', (chunk) => (bytes += chunk.length))
  one.socket.pause()
  one.socket.write(`GET /graphiql/graphiql.min.js HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(40))
  await soon(() => expect(server.logged).toContainEqual(expect.objectContaining({ msg: 'the answer was not taken', path: '/graphiql/graphiql.min.js' })))
  one.socket.resume()
  expect(await Promise.race([one.closed, sleep(10_000, 'still open')])).not.toBe('still open')
  expect(bytes).toBeLessThan(39 * 1_000_000)
  expect((await server.post({ query: '{ slow(ms: 800) }' })).body).toMatchObject({ data: { slow: 800 } }) // to begin to answer may take longer
})

test('what is no HTTP is refused', async () => {
  const one = connect()
  one.socket.write('\u0016\u0003\u0001 hello\r\n\r\n')
  expect(await one.closed).toMatch(/^HTTP\/1\.1 400 /)
})
