import type { TelemetryConfig } from '../config/telemetry.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { About, Telemetry } from './otlp.ts'

/** Sends traces and metrics to where OTEL_EXPORTER_OTLP_ENDPOINT and its kin say; where they say nothing, none of OpenTelemetry's SDK is even loaded. */
export async function startTelemetry(config: TelemetryConfig | null, metrics: Metrics, about: About, log: Log): Promise<Telemetry> {
  if (config === null) return { stop: async () => {} }
  const { startOtlp } = await import('./otlp.ts')
  return startOtlp(config, metrics, about, log)
}
