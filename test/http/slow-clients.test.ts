// Who sends drop by drop, or too much of what stands before a request, holds nothing for long.
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Planted, startPlanted } from './planted.ts'

let server: Planted
beforeAll(async () => {
  server = await startPlanted({ patience: { headersMs: 700, requestMs: 1500, checkedEveryMs: 100 } })
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

test('what is no HTTP is refused', async () => {
  const one = connect()
  one.socket.write('\u0016\u0003\u0001 hello\r\n\r\n')
  expect(await one.closed).toMatch(/^HTTP\/1\.1 400 /)
})
