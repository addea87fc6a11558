// A collector: takes traces and metrics by OTLP over HTTP, as JSON. What comes as protobuf it keeps as bytes.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

type Value = string | number | boolean

export interface CollectedSpan {
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  name: string
  /** 1 internal, 2 server, 3 client. */
  kind: number
  attributes: Record<string, Value>
  /** 2 where it failed. */
  status: number
  resource: Record<string, Value>
}

export interface CollectedMetric {
  name: string
  kind: 'gauge' | 'sum' | 'histogram'
  points: { attributes: Record<string, Value>; value?: number; count?: number; sum?: number; bounds?: number[]; counts?: number[] }[]
}

export interface Collector {
  url: string
  spans: CollectedSpan[]
  /** The latest of each name. */
  metrics: Map<string, CollectedMetric>
  requests: { path: string; headers: IncomingHttpHeaders; body: Buffer }[]
  /** Spans of a name, and their children by name. */
  named(name: string): CollectedSpan[]
  below(span: CollectedSpan): CollectedSpan[]
  stop(): Promise<void>
}

interface Attribute {
  key: string
  value: { stringValue?: string; boolValue?: boolean; intValue?: number | string; doubleValue?: number }
}
interface Point {
  attributes?: Attribute[]
  asDouble?: number
  asInt?: number | string
  count?: number | string
  sum?: number
  explicitBounds?: number[]
  bucketCounts?: (number | string)[]
}
interface Body {
  resourceSpans?: { resource: { attributes: Attribute[] }; scopeSpans: { spans: { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number; attributes: Attribute[]; status: { code?: number } }[] }[] }[]
  resourceMetrics?: { scopeMetrics: { metrics: { name: string; gauge?: { dataPoints: Point[] }; sum?: { dataPoints: Point[] }; histogram?: { dataPoints: Point[] } }[] }[] }[]
}

export async function startCollector(): Promise<Collector> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sent = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
      collector.requests.push({ path: request.url!, headers: request.headers, body })
      if (request.headers['content-type'] === 'application/json') take(JSON.parse(body.toString()) as Body)
      response.writeHead(200, { 'content-type': request.headers['content-type'] }).end(request.headers['content-type'] === 'application/json' ? '{}' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    metrics: new Map(),
    requests: [],
    named: (name) => collector.spans.filter((span) => span.name === name),
    below: ({ traceId, spanId }) => collector.spans.filter((span) => span.traceId === traceId && span.parentSpanId === spanId),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return collector

  function take({ resourceSpans = [], resourceMetrics = [] }: Body): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const { spans } of scopeSpans) {
        for (const { traceId, spanId, parentSpanId, name, kind, attributes, status } of spans) {
          collector.spans.push({ traceId, spanId, parentSpanId: parentSpanId === '' ? undefined : parentSpanId, name, kind, attributes: plain(attributes), status: status.code ?? 0, resource: plain(resource.attributes) })
        }
      }
    }
    for (const { name, gauge, sum, histogram } of resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))) {
      const [kind, points] = gauge !== undefined ? (['gauge', gauge.dataPoints] as const) : sum !== undefined ? (['sum', sum.dataPoints] as const) : (['histogram', histogram!.dataPoints] as const)
      collector.metrics.set(name, {
        name, kind,
        points: points.map(({ attributes = [], asDouble, asInt, count, sum: total, explicitBounds, bucketCounts }) => kind === 'histogram'
          ? { attributes: plain(attributes), count: Number(count), sum: total!, bounds: explicitBounds!, counts: bucketCounts!.map(Number) }
          : { attributes: plain(attributes), value: asDouble ?? Number(asInt) }),
      })
    }
  }
}

const plain = (attributes: readonly Attribute[]): Record<string, Value> => Object.fromEntries(attributes.map(({ key, value: { stringValue, boolValue, intValue, doubleValue } }) => [key, stringValue ?? boolValue ?? doubleValue ?? Number(intValue)]))
