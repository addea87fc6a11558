import type { ModelError } from '@sp-api-sdk/orders-api-2026-01-01'

/** What an operation answers, before faults and headers. */
export interface Answer {
  status: number
  /** JSON; left out where the status has no body, or one that is no JSON. */
  body?: object
  /** A body that is sent as it is. */
  raw?: { type: string; content: Buffer; encoding?: 'gzip' }
}

/** The bytes of an answer's body; null where it has none. */
export const bytesOf = ({ body, raw }: Answer): Buffer | null => raw?.content ?? (body === undefined ? null : Buffer.from(JSON.stringify(body)))

/** The Selling Partner API's error shape. */
export function refused(status: number, code: string, message: string, details?: string): Answer {
  const error: ModelError = details === undefined ? { code, message } : { code, message, details }
  return { status, body: { errors: [error] } }
}

export const invalidInput = (message: string): Answer => refused(400, 'InvalidInput', message)
export const accessDenied = (details?: string): Answer => refused(403, 'Unauthorized', 'Access to requested resource is denied.', details)
export const notFound = (message: string): Answer => refused(404, 'NotFound', message)
export const throttled = (): Answer => refused(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.')

/** Login with Amazon's own error shape (RFC 6749, 5.2). */
export const loginRefused = (status: number, error: string, description: string): Answer => ({
  status,
  body: { error, error_description: description },
})

/** The error shape of the storage behind presigned URLs. */
export const storageRefused = (status: number, code: string, message: string): Answer => ({
  status,
  raw: {
    type: 'application/xml',
    content: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`),
  },
})
