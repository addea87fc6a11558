// What leaves for a collector: one story, told by a gateway that is watched, and then read from the other end.
import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config/env.ts'
import type { TelemetryConfig } from '../../src/config/telemetry.ts'
import { createLog } from '../../src/observability/log.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { startTelemetry } from '../../src/observability/telemetry.ts'
import { beginTrace, isTracing, spanned, traced } from '../../src/observability/trace.ts'
import type { RunFactsFragment } from '../generated/graphql.ts'
import { type CollectedSpan, type Collector, startCollector } from '../support/otlp.ts'
import { startStage } from './stage.ts'

const planted = { name: 'Wilhelmina Sampleford', addressLine1: '77 Larkspur Terrace', phone: '775-555-0101' }
const search = 'Wilhelmina Samp'
const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
const unwatched = '1af7651916cd43dd8448eb211c80319c'
const find = 'query FindOrders($search: String!) { orders(first: 2, filter: { search: $search }) { nodes { number shipTo { name } } } warehouses { id } }'

const told = (url: string, more: Record<string, string> = {}): TelemetryConfig => readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=collector%20key', ...more }).telemetry!

let collector: Collector
let story: { run: RunFactsFragment; connection: string; logged: Record<string, unknown>[]; metrics: string; secrets: string[]; took: number }
beforeAll(async () => {
  collector = await startCollector()
  const stage = await startStage({ config: { telemetry: told(collector.url, { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' }) } })
  const merchant = await stage.merchant()
  await stage.buy(merchant, { address: { ...planted, city: 'Reno', stateOrRegion: 'NV', postalCode: '89501', countryCode: 'US' } })
  const run = await stage.run(merchant, 'IMPORT_ORDERS')
  const ask = (body: object, headers: Record<string, string> = {}): Promise<unknown> =>
    fetch(stage.url, { method: 'POST', headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }).then((response) => response.json())
  expect(await ask({ query: find, variables: { search } }, { traceparent: `00-${caller.trace}-${caller.span}-01` })).toMatchObject({ data: { orders: { nodes: [{ shipTo: { name: planted.name } }] } } })
  await ask({ query: find, variables: { search } }, { traceparent: `00-${unwatched}-${caller.span}-00` })
  await ask({ query: `query Wrong { orders(first: 2, after: "${planted.name}") { totalCount } }` })
  await ask({ query: find, variables: { search } }, { authorization: 'Bearer cartage_nobodys-token' })
  const events = stage.subscribe('subscription Told { events { type } }')
  const first = events.next()
  await stage.buy(merchant)
  await stage.run(merchant, 'IMPORT_ORDERS')
  await first
  await events.return()
  const metrics = await (await fetch(new URL('/metrics', stage.url))).text()
  const { rows } = await stage.db.pool.query<{ secret: string }>(`SELECT sealed AS secret FROM authorizations UNION ALL SELECT encode(sha256, 'hex') FROM api_tokens`)
  const since = performance.now()
  await stage.stop()
  story = { run, connection: merchant.uuid, logged: stage.logged, metrics, secrets: [stage.token, ...rows.map(({ secret }) => secret)], took: performance.now() - since }
}, 60_000)
afterAll(() => collector.stop())

const namesBelow = (span: CollectedSpan): string[] => collector.below(span).map(({ name }) => name)

test('one request is one trace, from the caller over its statements', () => {
  const [request] = collector.named('query FindOrders')
  expect(collector.spans.filter(({ traceId }) => traceId === caller.trace)).toContain(request)
  expect(request).toMatchObject({
    traceId: caller.trace, parentSpanId: caller.span, kind: 2, status: 0,
    attributes: {
      'http.request.method': 'POST', 'http.route': '/graphql', 'http.response.status_code': 200, 'graphql.operation.type': 'query', 'graphql.operation.name': 'FindOrders',
      'graphql.document.hash': createHash('sha256').update(find).digest('hex'),
    },
  })
  const statements = collector.below(request!)
  expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringMatching(/^ordersPage\d+$/), 'Warehouse.findMany']))
  for (const { kind, attributes, name } of statements.filter(({ attributes }) => 'db.system.name' in attributes)) expect([kind, attributes['db.system.name'], attributes['db.query.summary']]).toEqual([3, 'postgresql', name])
})

test("a caller's word that nothing is to be traced is kept, and a refused caller is traced no further", () => {
  expect(collector.spans.filter(({ traceId }) => traceId === unwatched)).toEqual([])
  const refused = collector.named('POST /graphql').find(({ attributes }) => attributes['http.response.status_code'] === 401)!
  expect(refused.status).toBe(0)
  const [wrong] = collector.named('query Wrong')
  expect(wrong).toMatchObject({ status: 0, attributes: { 'error.type': 'BAD_USER_INPUT' } })
})

test('one run of a job is one trace, over its calls of the marketplace and its statements', () => {
  const run = collector.named('run IMPORT_ORDERS').find(({ attributes }) => `${attributes['cartage.run_id']}`.length === 36)!
  expect(run).toMatchObject({ parentSpanId: undefined, status: 0, attributes: { 'cartage.job.kind': 'IMPORT_ORDERS', 'cartage.connection_id': story.connection } })
  expect(namesBelow(run)).toEqual(expect.arrayContaining(['amazon searchOrders', 'transaction', 'connectionsById']))
  const call = collector.below(run).find(({ name }) => name === 'amazon searchOrders')!
  const exchange = collector.below(call).find(({ attributes }) => attributes['server.address'] !== undefined && attributes['http.request.method'] === 'GET')!
  expect(exchange).toMatchObject({ name: 'GET', kind: 3, attributes: { 'server.address': '127.0.0.1', 'http.response.status_code': 200, 'aws.request_id': expect.any(String) } })
  // The budget that the call was taken from stands in the database.
  expect(namesBelow(call).some((name) => /budget|quota/i.test(name))).toBe(true)
  const writing = collector.below(run).filter(({ name }) => name === 'transaction').flatMap(namesBelow)
  expect(writing).toEqual(expect.arrayContaining(['appendEvents', 'fenceCadence']))
})

test('what is rendered for subscribers is traced page by page, and the subscription itself until it has begun', () => {
  expect(collector.named('subscription Told')).toHaveLength(1)
  expect(collector.named('subscription page').length).toBeGreaterThan(0)
})

test('nothing that was kept for later is counted among what a span was for', () => {
  // Reading the log goes on for as long as somebody follows: it is none of the first subscriber's.
  const told = collector.named('subscription Told')[0]!
  expect(namesBelow(told).filter((name) => name === 'readNewEvents').length).toBeLessThan(3)
})

test('log lines bear the ids of the span that they were written in', () => {
  const ids = new Set(collector.spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`))
  const [request, run] = [story.logged.find(({ operation, trace_id: trace }) => operation === 'FindOrders' && trace !== undefined)!, story.logged.find(({ msg, kind }) => msg === 'run ended' && kind === 'IMPORT_ORDERS')!]
  expect(request['trace_id']).toBe(caller.trace)
  for (const line of [request, run]) expect(ids).toContain(`${String(line['trace_id'])} ${String(line['span_id'])}`)
})

test('every metric of /metrics leaves with the same name, labels and values', () => {
  const families = [...story.metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({ name: name!, type: type! })).filter(({ name, type }) => !name.startsWith('nodejs_active') && new RegExp(`^${name}${type === 'histogram' ? '_count' : ''}[ {]`, 'm').test(story.metrics)) // at the stop none is active any more
  expect(families.length).toBeGreaterThan(40)
  const kinds: Record<string, string> = { counter: 'sum', gauge: 'gauge', histogram: 'histogram' }
  for (const { name, type } of families) expect(collector.metrics.get(name)?.kind, name).toBe(kinds[type])
  expect(collector.metrics.get('cartage_orders_total')!.points.find(({ attributes }) => attributes['outcome'] === 'imported')).toMatchObject({ value: 2 })
  const runs = collector.metrics.get('cartage_job_run_seconds')!.points.find(({ attributes }) => attributes['kind'] === 'IMPORT_ORDERS')!
  expect(runs).toMatchObject({ attributes: { kind: 'IMPORT_ORDERS', outcome: 'SUCCEEDED' }, count: 2, bounds: [0.05, 0.2, 1, 5, 15, 60, 300] })
  expect(runs.counts).toHaveLength(8)
  expect(runs.counts!.reduce((sum, count) => sum + count)).toBe(2)
  expect(collector.metrics.get('cartage_errors_total')!.points.map(({ attributes, value }) => [attributes['code'], value])).toEqual(expect.arrayContaining([['BAD_USER_INPUT', 1], ['UNAUTHENTICATED', 1]]))
})

test('it goes where it was told to, with the key for it, and says who sends', () => {
  expect(new Set(collector.requests.map(({ path }) => path))).toEqual(new Set(['/v1/traces', '/v1/metrics']))
  for (const { headers } of collector.requests) expect(headers['x-key']).toBe('collector key')
  expect(collector.spans[0]!.resource).toMatchObject({ 'service.name': 'cartage', 'service.version': expect.any(String), 'service.instance.id': expect.any(String), 'cartage.roles': 'api,worker,simulator', 'deployment.environment.name': 'test' })
  expect(story.took).toBeLessThan(5000)
})

test('no value, no personal data and no secret leaves', () => {
  const all = collector.requests.map(({ body }) => body.toString()).join('\n')
  expect(all).toContain('ordersPage')
  for (const text of [...Object.values(planted), search, 'Reno', '89501', ...story.secrets, 'nobodys-token', 'SELECT', 'refresh_token', 'Atzr|']) expect(all).not.toContain(text)
})

test('off unless it is asked for: then nothing is traced, and what is placed for it only does its work', async () => {
  expect(isTracing()).toBe(false)
  expect(readConfig({}).telemetry).toBeNull()
  expect(await traced('nothing', {}, async (span) => spanned('inside', {}, async () => span.isRecording()))).toBe(false)
  expect(beginTrace('nothing', {}).isRecording()).toBe(false)
})

test('it speaks protobuf by default, and a collector that answers nothing holds up no stop', async ({ onTestFinished }) => {
  const requests: { type: string | undefined; body: string }[] = []
  const silent = await answering((request) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => requests.push({ type: request.headers['content-type'], body: Buffer.concat(chunks).toString('latin1') }))
  })
  onTestFinished(silent.stop)
  const { telemetry } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: `${silent.url}/` })
  const sent = await startTelemetry(telemetry, new Metrics(), { version: '0', roles: 'api' }, createLog('silent'))
  await traced('something to see', {}, async () => {})
  const since = performance.now()
  await sent.stop()
  expect(performance.now() - since).toBeLessThan(3000)
  expect(isTracing()).toBe(false)
  expect(requests.map(({ type }) => type)).toEqual(['application/x-protobuf', 'application/x-protobuf'])
  expect(requests.some(({ body }) => body.includes('something to see'))).toBe(true)
})

test('that a collector takes nothing is said once, and without its words', async ({ onTestFinished }) => {
  const { url, stop } = await answering((_request, response) => response.writeHead(400).end('what was sent is: x-key=collector key'))
  onTestFinished(stop)
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const sent = await startTelemetry(told(url), new Metrics(), { version: '0', roles: 'api' }, log)
  await traced('lost', {}, async () => {})
  await sent.stop()
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([{ level: 40, msg: 'traces or metrics cannot be sent' }])
  expect(lines.join()).not.toContain('collector key')
})

async function answering(answer: RequestListener): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
