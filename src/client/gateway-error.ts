/** An error as GraphQL answers it. */
export interface AnsweredError {
  message: string
  path?: readonly (string | number)[]
  locations?: readonly { line: number; column: number }[]
  extensions?: { code?: string; requestId?: string; field?: string[] } & Record<string, unknown>
}

interface Details {
  code: string
  message: string
  status?: number | null
  errors?: readonly AnsweredError[]
  data?: unknown
  retryAfterSeconds?: number | null
  cause?: unknown
}

/**
 * Whatever keeps an operation from its data: programs match on `code`, people read `message`. What the caller's input got wrong is no
 * error but a value: `userErrors` of the payload.
 */
export class GatewayError extends Error {
  /** Of the first error answered, such as BAD_USER_INPUT; NETWORK_ERROR, BAD_RESPONSE or SOCKET_CLOSED where there was no answer. */
  readonly code: string
  /** Of HTTP, or the code that a socket was closed with; null where neither came. */
  readonly status: number | null
  /** Under which the gateway's log has the cause; null where none was answered. */
  readonly requestId: string | null
  /** All errors answered. */
  readonly errors: readonly AnsweredError[]
  /** What was answered beside the errors. */
  readonly data: unknown
  /** When the gateway wants to be asked again, if it said so. */
  readonly retryAfterSeconds: number | null

  constructor({ code, message, status = null, errors = [], data = null, retryAfterSeconds = null, cause }: Details) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'GatewayError'
    this.code = code
    this.status = status
    this.errors = errors
    this.data = data
    this.retryAfterSeconds = retryAfterSeconds
    this.requestId = errors[0]?.extensions?.requestId ?? null
  }
}

export function answeredWith(errors: readonly AnsweredError[], rest: Partial<Details> = {}): GatewayError {
  return new GatewayError({ code: errors[0]?.extensions?.code ?? 'BAD_RESPONSE', message: errors.map((error) => error.message).join('; '), errors, ...rest })
}
