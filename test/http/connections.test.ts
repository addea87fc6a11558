// How many connections one address may have at a time.
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { soon } from '../support/soon.ts'
import { type Planted, startPlanted } from './planted.ts'
import { open } from './raw-socket.ts'

const started = async (...options: Parameters<typeof startPlanted>): Promise<Planted> => {
  const server = await startPlanted(...options)
  onTestFinished(() => server.stop())
  return server
}

/** Another address of this machine's own network; on Linux all of 127.0.0.0/8 is. */
const ELSEWHERE = '127.0.0.2'

/** A connection; whether it is served. */
async function connect({ url }: Planted, localAddress = '127.0.0.1'): Promise<{ served: boolean; leave: () => Promise<unknown> }> {
  const socket = net.connect({ host: '127.0.0.1', port: Number(new URL(url).port), localAddress })
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const answered = new Promise<true>((resolve) => socket.once('data', () => resolve(true)))
  socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  const served = await Promise.race([answered, closed.then(() => false)])
  return { served, leave: () => (socket.destroy(), closed) }
}
const refusals = async ({ metrics }: Planted): Promise<string | undefined> => /cartage_connections_refused_total (\d+)/.exec(await metrics.registry.metrics())?.[1]

test('an address has so many connections at a time, sockets among them; others have theirs', async () => {
  const server = await started({ connectionsPerAddress: 5 })
  const socket = await open(server)
  const four = await Promise.all([1, 2, 3, 4].map(() => connect(server)))
  expect(four.map(({ served }) => served)).toEqual([true, true, true, true])
  expect((await connect(server)).served).toBe(false)
  expect((await connect(server)).served).toBe(false)
  expect(await refusals(server)).toBe('2')
  const elsewhere = await connect(server, ELSEWHERE)
  expect(elsewhere.served).toBe(true)

  await four[0]!.leave()
  await soon(async () => {
    const next = await connect(server)
    expect(next.served).toBe(true)
    four[0] = next
  })
  socket.socket.terminate()
  await socket.closed
  await soon(async () => expect((await connect(server)).served).toBe(true))
})

test('those of a proxy that is trusted are its own to count', async () => {
  const server = await started({ connectionsPerAddress: 3, trustedProxies: ['127.0.0.1'] })
  const many = await Promise.all(Array.from({ length: 12 }, () => connect(server)))
  expect(many.filter(({ served }) => served)).toHaveLength(12)
  const others = await Promise.all(Array.from({ length: 4 }, () => connect(server, ELSEWHERE)))
  expect(others.filter(({ served }) => served)).toHaveLength(3)
})
