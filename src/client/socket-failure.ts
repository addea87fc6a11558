import { type AnsweredError, answeredWith, GatewayError } from './gateway-error.ts'

/** What graphql-ws gives for a failure: errors that were answered, a socket's close, or whatever kept it from opening. */
export function failureOf(thrown: unknown): GatewayError {
  if (Array.isArray(thrown)) return answeredWith(thrown as AnsweredError[])
  const { code, reason } = (thrown ?? {}) as { code?: unknown; reason?: unknown }
  if (typeof code !== 'number') return new GatewayError({ code: 'NETWORK_ERROR', message: 'the gateway cannot be reached', cause: thrown })
  const unauthenticated = code === 4401 || code === 4403
  return new GatewayError({ code: unauthenticated ? 'UNAUTHENTICATED' : 'SOCKET_CLOSED', status: code, message: `the socket was closed: ${code} ${String(reason ?? '')}`.trim(), cause: thrown })
}

/** Closes that another try would only meet again: of RFC 6455 and of graphql-transport-ws. */
const finalCloses = new Set([1002, 1003, 1007, 1009, 1010, 4004, 4005, 4400, 4406, 4409])
/** Answers that another try may find changed. */
const passing = new Set(['INTERNAL_SERVER_ERROR', 'RATE_LIMITED', 'TIMEOUT', 'TOO_MANY_OPERATIONS', 'NETWORK_ERROR', 'SOCKET_CLOSED', 'INTERRUPTED'])

export const isFinal = ({ code, status }: GatewayError): boolean => !passing.has(code) || (code === 'SOCKET_CLOSED' && finalCloses.has(status!))
