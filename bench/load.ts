// A closed loop of HTTP requests over so many connections that stay open: each asks again as soon as it was answered.
import http from 'node:http'

export interface Asking {
  url: string
  body: string
  headers: Record<string, string>
}

export interface Loaded {
  count: number
  /** Answers a second. */
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Answers that were none, or not 200. */
  failures: number
  /** Of the last answer. */
  bytes: number
}

export async function load({ url, body, headers }: Asking, { connections, seconds }: { connections: number; seconds: number }): Promise<Loaded> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  let failures = 0
  let bytes = 0
  const content = Buffer.from(body)
  const once = (): Promise<void> => new Promise((resolve) => {
    const began = performance.now()
    const request = http.request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': content.length } }, (response) => {
      let length = 0
      response.on('data', (chunk: Buffer) => (length += chunk.length))
      response.on('end', () => {
        bytes = length
        times.push(performance.now() - began)
        if (response.statusCode !== 200) failures++
        resolve()
      })
    })
    request.on('error', () => {
      failures++
      resolve()
    })
    request.end(content)
  })
  const began = performance.now()
  const until = began + seconds * 1000
  await Promise.all(Array.from({ length: connections }, async () => {
    while (performance.now() < until) await once()
  }))
  const took = (performance.now() - began) / 1000
  agent.destroy()
  times.sort((one, other) => one - other)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN
  return { count: times.length, rate: times.length / took, p50: at(0.5), p99: at(0.99), failures, bytes }
}
