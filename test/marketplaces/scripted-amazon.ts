import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { systemClock, type Clock } from '../../src/kit/clock.ts'
import { type AmazonChannelOptions, createAmazonChannel } from '../../src/marketplaces/amazon/index.ts'
import type { Channel, ChannelAccount } from '../../src/marketplaces/channel.ts'
import { Metrics } from '../../src/observability/metrics.ts'

export interface Asked {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
}
/** What the server does: answers, or cuts the connection. */
export type Reply = { status: number; headers?: Record<string, string>; body?: string | Buffer } | 'cut'
export type Script = (asked: Asked, number: number) => Reply | Promise<Reply>

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  ({ status, headers, body: JSON.stringify(value) })
export const grant = (token = 'Atza|access'): Reply => json({ access_token: token, token_type: 'bearer', expires_in: 3600 })

export const application: AmazonChannelOptions['application'] = {
  clientId: 'the-client',
  clientSecrets: ['the-client-secret'],
  secretExpiresAt: null,
  applicationId: 'amzn1.sp.solution.the-application',
  draft: false,
}

export interface ScriptedAmazon {
  channel: Channel
  /** Another process of the same application, with other secrets or another ledger. */
  channelWith(options: Partial<AmazonChannelOptions>): Channel
  account: ChannelAccount
  metrics: Metrics
  /** Every line of the log, as written. */
  logged: string[]
  asked: Asked[]
  tokensAsked: Asked[]
  url: string
  stop(): Promise<void>
}

/** A real HTTP server whose answers a test writes itself, for what no well-behaved Amazon would send. */
export async function scriptedAmazon(script: Script, options: { tokens?: Script; clock?: Clock } & Partial<AmazonChannelOptions> = {}): Promise<ScriptedAmazon> {
  const { tokens = () => grant(), clock = systemClock, ...more } = options
  const asked: Asked[] = []
  const tokensAsked: Asked[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const { method = '', headers } = request
      const one: Asked = { method, url: new URL(request.url ?? '', 'http://amazon'), headers, body: await text(request) }
      const isToken = one.url.pathname === '/auth/o2/token'
      const list = isToken ? tokensAsked : asked
      list.push(one)
      const reply = await (isToken ? tokens : script)(one, list.length)
      if (reply === 'cut') return request.socket.destroy()
      return response.writeHead(reply.status, { 'x-amzn-requestid': `request-${list.length}`, ...reply.headers }).end(reply.body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const metrics = new Metrics()
  const logged: string[] = []
  const channelWith = (changes: Partial<AmazonChannelOptions>): Channel =>
    createAmazonChannel({
      endpoints: { NORTH_AMERICA: url, EUROPE: url, FAR_EAST: url },
      tokenUrl: `${url}/auth/o2/token`,
      application,
      clock,
      log: pino({ level: 'trace', base: null }, { write: (line: string) => void logged.push(line) }),
      metrics,
      timeoutMs: 300,
      quotaWaitMs: 1500,
      retry: { attempts: 3, backoffMs: 5, longestBackoffMs: 20 },
      ...more,
      ...changes,
    })
  const credentials = JSON.stringify({ refreshToken: 'Atzr|the-refresh-token' })
  const account = { connectionId: 'connection', authorizationId: 'authorization', marketplaceId: 'ATVPDKIKX0DER', merchantId: 'SELLER', credentials }
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { channel: channelWith({}), channelWith, account, metrics, logged, asked, tokensAsked, url, stop }
}
