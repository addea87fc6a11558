import { type HrTime, ValueType } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import { AggregationTemporality, type CollectionResult, type DataPoint, DataPointType, type MetricData, type MetricProducer, type MetricDescriptor } from '@opentelemetry/sdk-metrics'
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client'

interface Told extends MetricValue<string> {
  /** Of a histogram's values: its own with _bucket, _sum or _count. */
  metricName?: string
}
type Metric = Omit<MetricObjectWithValues<Told>, 'type'> & { type: string }

/** Every metric of the registry, as /metrics tells it, by the same name and with the same labels. Each time its gauges are read anew, as at a scrape. */
export class RegistryProducer implements MetricProducer {
  readonly #registry: Registry
  readonly #resource: Resource
  readonly #scope: { name: string; version: string }
  readonly #startedAt = toHrTime(performance.timeOrigin)

  constructor(registry: Registry, resource: Resource, version: string) {
    this.#registry = registry
    this.#resource = resource
    this.#scope = { name: 'cartage', version }
  }

  async collect(): Promise<CollectionResult> {
    const found = (await this.#registry.getMetricsAsJSON()) as unknown as Metric[]
    const times = { startTime: this.#startedAt, endTime: toHrTime(Date.now()) }
    const metrics = found.filter(({ values }) => values.length > 0).map((metric) => dataOf(metric, times))
    return { resourceMetrics: { resource: this.#resource, scopeMetrics: [{ scope: this.#scope, metrics }] }, errors: [] }
  }
}

type Times = Pick<DataPoint<number>, 'startTime' | 'endTime'>

function dataOf({ name, help, type, values }: Metric, times: Times): MetricData {
  const descriptor: MetricDescriptor = { name, description: help, unit: '', valueType: ValueType.DOUBLE } // the name has the unit
  const of = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE }
  const points = (): DataPoint<number>[] => values.map(({ labels, value }) => ({ ...times, attributes: { ...labels }, value }))
  if (type === 'histogram') return { ...of, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(name, values, times) }
  if (type === 'counter') return { ...of, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points() }
  if (type === 'gauge') return { ...of, dataPointType: DataPointType.GAUGE, dataPoints: points() }
  throw new Error(`${name} is a ${type}, which is not told by OTLP`)
}

interface Histogram {
  labels: Record<string, string | number>
  boundaries: number[]
  /** Up to each boundary, and at last of all: as Prometheus counts. */
  counts: number[]
  sum: number
}

function histograms(name: string, values: readonly Told[], times: Times): (MetricData & { dataPointType: DataPointType.HISTOGRAM })['dataPoints'] {
  const found = new Map<string, Histogram>()
  for (const { labels: { le, ...labels }, metricName, value } of values as readonly (Told & { labels: Record<string, string | number> })[]) {
    const key = JSON.stringify(labels)
    let one = found.get(key)
    if (one === undefined) found.set(key, (one = { labels, boundaries: [], counts: [], sum: 0 }))
    if (metricName === `${name}_sum`) one.sum = value
    if (metricName !== `${name}_bucket`) continue
    one.counts.push(value)
    if (le !== '+Inf') one.boundaries.push(Number(le))
  }
  return [...found.values()].map(({ labels, boundaries, counts, sum }) => ({
    ...times, attributes: labels,
    value: { count: counts.at(-1) ?? 0, sum, buckets: { boundaries, counts: counts.map((count, index) => count - (counts[index - 1] ?? 0)) } },
  }))
}

const toHrTime = (milliseconds: number): HrTime => [Math.floor(milliseconds / 1000), Math.round((milliseconds % 1000) * 1e6)]
