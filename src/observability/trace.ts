// Spans, placed by hand in the few funnels that all work goes through. They tell what was done, for how long and whether it failed: names,
// ids and counts, never a value, an address or an error's words.
import { type Attributes, context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api'

export { type Span, SpanKind }

/** Null where tracing is off: then each of these functions costs one look at it. */
let tracer: Tracer | null = null

export interface SpanOptions {
  /** INTERNAL unless told. */
  kind?: SpanKind
  attributes?: Attributes
}

/** Turns tracing on, or off again, for this process. */
export function traceBy(by: Tracer | null): void {
  tracer = by
}

export const isTracing = (): boolean => tracer !== null

/** Stands where there is no span: whatever it is told goes nowhere. */
const none = trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })

/** A span that its caller ends. It begins a trace, or goes on with that of the headers' `traceparent`. */
export function beginTrace(name: string, { kind = SpanKind.INTERNAL, attributes = {} }: SpanOptions, headers: Record<string, unknown> = {}): Span {
  return tracer === null ? none : tracer.startSpan(name, { kind, attributes }, propagation.extract(ROOT_CONTEXT, headers))
}

/** What is done in `work` is done beneath the span, if there is one. */
export function beneath<T>(span: Span | undefined, work: () => T): T {
  return span === undefined ? work() : context.with(trace.setSpan(ROOT_CONTEXT, span), work)
}

/** `work` as a trace of its own. */
export function traced<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer === null ? work(none) : during(beginTrace(name, options), work)
}

/** `work` as a part of the trace under way; of none where nothing is traced, or this is not to be. */
export function spanned<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  if (tracer === null || trace.getActiveSpan()?.isRecording() !== true) return work(none)
  return during(tracer.startSpan(name, options), work)
}

async function during<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await beneath(span, () => work(span))
  } catch (error) {
    failed(span, typeOf(error))
    throw error
  } finally {
    span.end()
  }
}

/** `type` is a code or a class of errors; where it is left out, what was told before stands. */
export function failed(span: Span, type?: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  if (type !== undefined) span.setAttribute('error.type', type)
}

/** Its code, its kind or its name: a message can quote what was worked on. */
function typeOf(error: unknown): string {
  const { code, kind, name } = (error ?? {}) as Record<string, unknown>
  return [code, kind, name].find((one): one is string => typeof one === 'string' && /^[\w.-]{1,60}$/.test(one)) ?? 'unknown'
}

/** Of the span under way, for log lines; nothing where there is none. What goes on long after its span, as the reading of the log does, is not of it. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const at = tracer === null ? undefined : trace.getActiveSpan()
  if (at?.isRecording() !== true) return {}
  const { traceId, spanId } = at.spanContext()
  return { trace_id: traceId, span_id: spanId }
}
