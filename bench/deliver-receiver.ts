// The receiver of bench/deliver: takes everything, and knows by path which messages came, in which order.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const came = new Map<string, string[]>()

function idsOf(path: string): string[] {
  const ids = came.get(path) ?? []
  came.set(path, ids)
  return ids
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(request.url === '/counts' ? Object.fromEntries([...came].map(([path, ids]) => [path, ids.length])) : Object.fromEntries(came)))
    return
  }
  if (request.method === 'DELETE') came.clear()
  const path = request.url!
  request.on('data', () => {})
  request.on('end', () => {
    const id = request.headers['webhook-id'] as string | undefined
    if (id !== undefined) idsOf(path).push(id)
    response.writeHead(204).end()
  })
})
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`))
