// The simulator as a process of its own, forked by a bench. Its clock begins at START and runs FACTOR times as fast as ours, quotas
// and all: Amazon's own rates, on Amazon's clock. A gateway counts in seconds of ours, so what it is told in seconds of Amazon's is
// translated on its way out: the rate of x-amzn-RateLimit-Limit, and how long an access token lives.
import { subscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { startSimulator } from '../src/marketplaces/amazon/simulator/server.ts'

/** A gateway uses no token in its last minute of ours: that minute is added, as Amazon's minute would be but a moment here. */
const MARGIN_SECONDS = 60
const RATE = 'x-amzn-ratelimit-limit'

const factor = Number(process.env['FACTOR'])
const startsAt = Number(process.env['START'])
const began = Date.now()

if (factor !== 1) subscribe('http.server.request.start', (message) => translate((message as { response: ServerResponse }).response))
const simulator = await startSimulator({
  host: '127.0.0.1', port: 0, seed: Number(process.env['SEED']), buying: null, sellers: [], clock: () => new Date(startsAt + (Date.now() - began) * factor),
})
process.once('disconnect', () => void simulator.stop())
process.send?.(simulator.url)

type Headers = Record<string, string | number | string[]>

function translate(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (status: number, headers?: Headers) => ServerResponse
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse
  response.writeHead = ((status: number, headers: Headers = {}) => {
    const rate = headers[RATE]
    return writeHead(status, rate === undefined ? headers : { ...headers, [RATE]: String(Number(rate) * factor) })
  }) as ServerResponse['writeHead']
  response.end = ((body?: unknown, ...rest: unknown[]) => end(typeof body === 'string' ? body.replace(/("expires_in":)(\d+)/, shorter) : body, ...rest)) as ServerResponse['end']
}

/** As long as it was, for the length is told already. */
function shorter(whole: string, name: string, seconds: string): string {
  return `${name}${Math.floor((Number(seconds) - MARGIN_SECONDS) / factor + MARGIN_SECONDS)}`.padEnd(whole.length)
}
