// A program that is told by webhook: a real HTTP server, which checks signatures with the library that receivers use.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface ReceivedMessage {
  id: string
  path: string
  type: string
  timestamp: string
  data: Record<string, string | number>
  headers: Record<string, string>
  body: string
}

export interface TestReceiver {
  url: string
  /** Those that it has answered 2xx, in the order of their coming. */
  taken: ReceivedMessage[]
  /** Every request. */
  requests: number
  /** Answers in its place; true where it did. */
  behaviour: ((message: ReceivedMessage, response: ServerResponse) => boolean | void | Promise<boolean | void>) | null
  /** Throws unless it was signed with the secret. */
  verify(message: ReceivedMessage, secret: string): void
  stop(): Promise<void>
}

/** Whenever it was signed: where a test's clock has gone on, `verify` takes a message for one of the future. */
export const isSigned = ({ id, headers, body }: ReceivedMessage, secret: string): boolean =>
  headers['webhook-signature']!.split(' ').includes(new Webhook(secret).sign(id, new Date(Number(headers['webhook-timestamp']) * 1000), body))

export async function startReceiver(): Promise<TestReceiver> {
  const server = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: TestReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: [],
    requests: 0,
    behaviour: null,
    verify: ({ headers, body }, secret) => void new Webhook(secret).verify(body, headers),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    receiver.requests += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const headers = request.headers as Record<string, string>
    const message: ReceivedMessage = { ...(JSON.parse(body) as Pick<ReceivedMessage, 'type' | 'timestamp' | 'data'>), id: headers['webhook-id']!, path: request.url!, headers, body }
    if ((await receiver.behaviour?.(message, response)) === true) return
    receiver.taken.push(message)
    response.writeHead(204).end()
  }
}
