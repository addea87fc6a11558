// Where traces and metrics are sent: the variables that OpenTelemetry names (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables).
// What else the standard knows of exporting (timeouts, compression, certificates, batches) its SDK reads by itself.
import { z } from 'zod'

/** Null in place of it: nothing is sent. */
export interface TelemetryConfig {
  serviceName: string
  /** What else is told of this process with all that it sends. */
  attributes: Record<string, string>
  traces: (OtlpTarget & { sampler: Sampler }) | null
  metrics: (OtlpTarget & { everyMs: number }) | null
}

export interface OtlpTarget {
  url: string
  protocol: 'http/protobuf' | 'http/json'
  /** May hold a key. */
  headers: Record<string, string>
}

export interface Sampler {
  /** Whether who calls decides with its `traceparent`, where it sends one. */
  parentBased: boolean
  /** Of the others: 0 none, 1 all. */
  ratio: number
}

/** W3C Baggage: `name=value` with commas between, values percent-encoded. */
const pairs = z
  .string()
  .refine((value) => readPairs(value) !== null, 'must be name=value with commas between, and values percent-encoded')
  .transform((value) => readPairs(value)!)
const endpoint = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
const protocol = z.enum(['http/protobuf', 'http/json'])
const exporter = z.enum(['otlp', 'none'])
const ratio = z.string().refine((value) => Number(value) >= 0 && Number(value) <= 1, 'must be a number from 0 to 1').transform(Number)
const samplers = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const

export const telemetryVariables = {
  OTEL_SDK_DISABLED: z.enum(['true', 'false']).transform((value) => value === 'true').default(false),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs.default({}),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.default({}),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs.default({}),
  OTEL_EXPORTER_OTLP_METRICS_HEADERS: pairs.default({}),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol.default('http/protobuf'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol.optional(),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol.optional(),
  OTEL_TRACES_EXPORTER: exporter.default('otlp'),
  OTEL_METRICS_EXPORTER: exporter.default('otlp'),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: ratio.default(1),
  OTEL_METRIC_EXPORT_INTERVAL: z.coerce.number().int().min(1000).default(60_000),
}

type Values = z.output<z.ZodObject<typeof telemetryVariables>>

export function telemetryOf(values: Values): TelemetryConfig | null {
  if (values.OTEL_SDK_DISABLED) return null
  const target = (signal: 'TRACES' | 'METRICS'): OtlpTarget | null => {
    const url = values[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? below(values.OTEL_EXPORTER_OTLP_ENDPOINT, `v1/${signal.toLowerCase()}`)
    if (url === null || values[`OTEL_${signal}_EXPORTER`] === 'none') return null
    return {
      url,
      protocol: values[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ?? values.OTEL_EXPORTER_OTLP_PROTOCOL,
      headers: { ...values.OTEL_EXPORTER_OTLP_HEADERS, ...values[`OTEL_EXPORTER_OTLP_${signal}_HEADERS`] },
    }
  }
  const [traces, metrics] = [target('TRACES'), target('METRICS')]
  if (traces === null && metrics === null) return null
  const { 'service.name': named, ...attributes } = values.OTEL_RESOURCE_ATTRIBUTES
  return {
    serviceName: values.OTEL_SERVICE_NAME ?? named ?? 'cartage',
    attributes,
    traces: traces && { ...traces, sampler: samplerOf(values) },
    metrics: metrics && { ...metrics, everyMs: values.OTEL_METRIC_EXPORT_INTERVAL },
  }
}

const below = (base: string | undefined, path: string): string | null => (base === undefined ? null : `${base.replace(/\/+$/, '')}/${path}`)

function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: Values): Sampler {
  return { parentBased: name.startsWith('parentbased_'), ratio: name.endsWith('always_on') ? 1 : name.endsWith('always_off') ? 0 : ratio }
}

/** Null where it is malformed. */
function readPairs(value: string): Record<string, string> | null {
  const read: Record<string, string> = {}
  for (const pair of value.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const at = pair.indexOf('=')
    if (at < 1) return null
    try {
      read[pair.slice(0, at).trim()] = decodeURIComponent(pair.slice(at + 1).trim())
    } catch {
      return null
    }
  }
  return read
}
