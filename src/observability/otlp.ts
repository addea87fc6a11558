// OpenTelemetry's SDK, set up. Loaded only where something is to be sent.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, NodeTracerProvider, ParentBasedSampler, type Sampler, type SpanExporter, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-node'
import type { OtlpTarget, Sampler as SamplerConfig, TelemetryConfig } from '../config/telemetry.ts'
import { minutes, seconds } from '../kit/clock.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { RegistryProducer } from './registry-producer.ts'
import { traceBy } from './trace.ts'

/** Of a stop, which takes ten seconds at most in all. */
const FLUSH_MS = seconds(2)
/** While nobody takes what is sent, it is said once in so long. */
const SAID_EVERY_MS = minutes(5)

export interface Telemetry {
  /** Sends what is left, for so long at most as a stop may take; then nothing is traced any more. A second call waits for the first. */
  stop(): Promise<void>
}

/** What of this process is told with all that it sends. */
export interface About {
  version: string
  /** With commas between. */
  roles: string
}

export async function startOtlp({ serviceName, attributes, traces, metrics: sent }: TelemetryConfig, metrics: Metrics, { version, roles }: About, log: Log): Promise<Telemetry> {
  tellTroubles(log)
  const resource = resourceFromAttributes({ ...attributes, 'service.name': serviceName, 'service.version': version, 'service.instance.id': randomUUID(), 'cartage.roles': roles })
  const spans = traces === null ? null : await startTraces(traces, resource, version)
  const reader = sent === null ? null : await startMetrics(sent, metrics, resource, version)
  const flush = async (): Promise<void> => {
    const timer = new AbortController()
    const flushed = Promise.allSettled([spans?.shutdown(), reader?.shutdown()])
    await Promise.race([flushed, sleep(FLUSH_MS, null, { signal: timer.signal }).catch(() => null)])
    timer.abort()
    traceBy(null)
    for (const api of [trace, context, propagation, diag]) api.disable()
  }
  let stopped: Promise<void> | undefined
  return { stop: () => (stopped ??= flush()) }
}

async function startTraces({ sampler, ...target }: OtlpTarget & { sampler: SamplerConfig }, resource: Resource, version: string): Promise<NodeTracerProvider> {
  const provider = new NodeTracerProvider({ resource, sampler: samplerOf(sampler), spanProcessors: [new BatchSpanProcessor(await spanExporter(target))] })
  provider.register() // with W3C's trace context, and the context that follows promises
  traceBy(provider.getTracer('cartage', version))
  return provider
}

async function startMetrics({ everyMs, ...target }: OtlpTarget & { everyMs: number }, metrics: Metrics, resource: Resource, version: string): Promise<PeriodicExportingMetricReader> {
  const reader = new PeriodicExportingMetricReader({ exporter: await metricExporter(target), exportIntervalMillis: everyMs, exportTimeoutMillis: Math.min(everyMs, seconds(30)) })
  reader.setMetricProducer(new RegistryProducer(metrics.registry, resource, version))
  return reader
}

async function spanExporter({ protocol, url, headers }: OtlpTarget): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await (protocol === 'http/json' ? import('@opentelemetry/exporter-trace-otlp-http') : import('@opentelemetry/exporter-trace-otlp-proto'))
  return new OTLPTraceExporter({ url, headers })
}

async function metricExporter({ protocol, url, headers }: OtlpTarget): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } = await (protocol === 'http/json' ? import('@opentelemetry/exporter-metrics-otlp-http') : import('@opentelemetry/exporter-metrics-otlp-proto'))
  return new OTLPMetricExporter({ url, headers })
}

function samplerOf({ parentBased, ratio }: SamplerConfig): Sampler {
  const own = new TraceIdRatioBasedSampler(ratio)
  return parentBased ? new ParentBasedSampler({ root: own }) : own
}

/**
 * The SDK's own words can quote headers and answers: of an error its kind is told, of a warning only that spans were dropped.
 */
function tellTroubles(log: Log): void {
  let saidAt = Number.NEGATIVE_INFINITY
  const say = (facts: object, words: string): void => {
    if (performance.now() - saidAt < SAID_EVERY_MS) return
    saidAt = performance.now()
    log.warn(facts, words)
  }
  const ignore = (): void => {}
  diag.setLogger({
    error: (message) => say(kindOf(message), 'traces or metrics cannot be sent'),
    warn: (message) => {
      const dropped = /^Dropped (\d+) spans/.exec(message)?.[1]
      if (dropped !== undefined) say({ dropped: Number(dropped) }, 'more was traced than can be sent')
    },
    info: ignore, debug: ignore, verbose: ignore,
  }, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
}

/** The SDK tells an error as JSON of its properties. */
function kindOf(message: string): { error?: string; code?: string } {
  try {
    const { name, code } = JSON.parse(message) as { name?: string; code?: string }
    return { ...(name !== undefined && { error: name }), ...(code !== undefined && { code }) }
  } catch {
    return {}
  }
}
