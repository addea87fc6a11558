// What receivers do, and what it costs: on real sockets.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Poster } from '../../src/webhooks/post.ts'
import { Networks } from '../../src/webhooks/target.ts'
import { startReceiver, type TestReceiver } from '../support/receiver.ts'

let receiver: TestReceiver
let poster: Poster
beforeEach(async () => {
  receiver = await startReceiver()
  poster = new Poster(new Networks(['127.0.0.0/8']), 1000)
})
afterEach(async () => {
  await poster.close()
  await receiver.stop()
})
const post = (url = receiver.url, by = poster) => by.to(new URL(url))({ 'webhook-id': 'evt_1' }, '{"type":"TEST"}')

test('one that takes it', async () => {
  expect(await post()).toEqual({ taken: true, statusCode: 204 })
  expect(receiver.taken).toMatchObject([{ type: 'TEST', headers: { 'content-type': 'application/json', 'webhook-id': 'evt_1' } }])
})

test('one that hangs is given up at the deadline', async () => {
  receiver.behaviour = () => true
  expect(await post()).toMatchObject({ taken: false, statusCode: null, error: 'it did not answer in time' })
})

test('one that redirects into a private network is not followed', async () => {
  let reached = 0
  const inner = await startReceiver()
  inner.behaviour = () => void (reached += 1)
  receiver.behaviour = (_message, response) => {
    response.writeHead(307, { location: inner.url }).end()
    return true
  }
  expect(await post()).toMatchObject({ taken: false, statusCode: 307, error: expect.stringContaining('redirects are not followed') })
  expect(reached).toBe(0)
  await inner.stop()
})

test('one that is gone, and one that asks for time', async () => {
  receiver.behaviour = (_message, response) => {
    response.writeHead(410).end()
    return true
  }
  expect(await post()).toMatchObject({ taken: false, statusCode: 410, gone: true })
  receiver.behaviour = (_message, response) => {
    response.writeHead(429, { 'retry-after': '30' }).end()
    return true
  }
  expect(await post()).toMatchObject({ taken: false, statusCode: 429, retryAfter: 30_000, gone: false })
})

test('an answer of 1 GiB counts as it begins, and is not read to its end', async () => {
  let sent = 0
  receiver.behaviour = (_message, response) => {
    response.writeHead(200, { 'content-length': String(1024 ** 3) })
    const more = (): void => {
      while (!response.destroyed && sent < 1024 ** 3) {
        sent += 65_536
        if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
      }
    }
    more()
    return true
  }
  const before = process.memoryUsage().rss
  expect(await post()).toEqual({ taken: true, statusCode: 200 })
  await expect.poll(() => sent).toBeLessThan(64 * 1024 ** 2)
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 ** 2)
  receiver.behaviour = null
  expect(await post()).toEqual({ taken: true, statusCode: 204 })
})

test('an answer that trickles holds up no longer than the deadline', async () => {
  receiver.behaviour = (_message, response) => {
    response.writeHead(200)
    const trickle = setInterval(() => response.write('.'), 50)
    response.once('close', () => clearInterval(trickle))
    return true
  }
  const since = performance.now()
  expect(await post()).toEqual({ taken: true, statusCode: 200 })
  expect(performance.now() - since).toBeLessThan(5000)
})

test('a name that leads into a private network is not connected to', async () => {
  const { port } = new URL(receiver.url)
  const strict = new Poster(new Networks([]), 1000)
  for (const url of [`https://localhost:${port}/`, `http://localhost:${port}/`, `https://127.0.0.1:${port}/`]) {
    expect(await post(url, strict)).toMatchObject({ taken: false, statusCode: null, error: 'it leads into a private network, which is not allowed' })
  }
  await strict.close()
  expect(receiver.requests).toBe(0)
})

test('one that is not there, and a name that is none: words without an address', async () => {
  const { url } = receiver
  await receiver.stop()
  const answers = [await post(), await post('https://no-such-host.invalid/secret-path')]
  expect(answers).toMatchObject([{ taken: false, error: 'it refused the connection' }, { taken: false, error: expect.stringMatching(/^its name/) }])
  expect(JSON.stringify(answers)).not.toMatch(new RegExp(`${new URL(url).port}|no-such-host|secret-path`))
  receiver = await startReceiver()
})
