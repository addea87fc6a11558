// What a client learns of an error, on every transport. What it can mend it is told; everything else is "Internal error" and the
// request's id, under which the log has the cause.
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql'
import type { Scope } from '../auth/scope.ts'
import { BadRequest, EndedEarly } from '../kit/errors.ts'
import { causes } from '../observability/causes.ts'
import type { Metrics } from '../observability/metrics.ts'
import { failed, type Span } from '../observability/trace.ts'
import { limitCodes } from './document-limits.ts'

/** Codes that Apollo and this room give to errors whose message is meant for the client. */
const told = new Set([
  'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_USER_INPUT', 'BAD_REQUEST', 'UNAUTHENTICATED', 'FORBIDDEN', 'COST_EXCEEDED', 'TOO_MANY_OPERATIONS', 'RATE_LIMITED', ...limitCodes,
  'DOCUMENT_NOT_TRUSTED', 'PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_MISMATCH',
])

/** Apollo gives these no code. */
const uncoded: Readonly<Record<string, string>> = {
  'provided sha does not match query': 'PERSISTED_QUERY_MISMATCH',
  'Unsupported persisted query version': 'PERSISTED_QUERY_NOT_SUPPORTED',
}

/** What is none of the client's doing. */
const faults = new Set(['INTERNAL_SERVER_ERROR', 'TIMEOUT'])

/** Formats errors for the answer, counts them by their code, and logs each unexpected one once. The span is the operation's, if it is traced. */
export type FormatErrors = (errors: readonly GraphQLError[], scope: Pick<Scope, 'requestId' | 'log'>, span?: Span) => GraphQLFormattedError[]

export const errorFormat = (metrics: Metrics): FormatErrors => (errors, scope, span) =>
  errors.map((error) => {
    const { message, code, ...more } = explain(error, scope)
    metrics.errors.inc({ code })
    if (span !== undefined && faults.has(code)) failed(span, code)
    else span?.setAttribute('error.type', code)
    return {
      message,
      ...(error.locations === undefined ? {} : { locations: error.locations }),
      ...(error.path === undefined || !(error instanceof GraphQLError) ? {} : { path: error.path }),
      extensions: { code, requestId: scope.requestId, ...more },
    }
  })

function explain(error: GraphQLError, scope: Pick<Scope, 'log'>): { message: string; code: string; field?: string[]; cost?: unknown } {
  const source = origin(error)
  if (source instanceof BadRequest) {
    return { message: source.message, code: source.code, ...(source.field.length === 0 ? {} : { field: source.field }) }
  }
  if (source instanceof EndedEarly) return { message: source.message, code: source.code }
  const code = (error.extensions as GraphQLError['extensions'] | undefined)?.['code'] // an error with a `path` of its own comes unwrapped
  // Not any error's code: a library's own may stand there too.
  if (typeof code === 'string' && told.has(code)) return { message: error.message, code, ...(code === 'COST_EXCEEDED' ? { cost: error.extensions['cost'] } : {}) }
  if (error.path === undefined && code === undefined && Object.hasOwn(uncoded, error.message)) return { message: error.message, code: uncoded[error.message]! }
  if (isAboutDocument(error, source)) return { message: error.message, code: 'BAD_USER_INPUT' }
  scope.log.error({ causes: causes(source), path: error.path }, 'unexpected error in an operation')
  return { message: 'Internal error', code: 'INTERNAL_SERVER_ERROR' }
}

// graphql-js wraps what a resolver throws, at times more than once.
function origin(error: Error): Error {
  let at = error
  while (at instanceof GraphQLError && at.originalError !== undefined) at = at.originalError
  return at
}

/** Whether graphql-js speaks of the client's own document or variables. An error in serializing a result bears no nodes of its own. */
function isAboutDocument(error: GraphQLError, source: Error): boolean {
  if (error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION) return true
  return source instanceof GraphQLError && (error.path === undefined || (source !== error && source.nodes !== undefined))
}
