import type { ModelError } from '@sp-api-sdk/orders-api-2026-01-01'

/** What an operation answers, before faults and headers. */
export interface Answer {
  status: number
  /** Left out where the status has no body. */
  body?: object
}

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
