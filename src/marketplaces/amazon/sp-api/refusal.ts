import { z } from 'zod'
import { ChannelError } from '../../channel.ts'
import type { Answer } from './exchange.ts'

/** ErrorList of every operation. Amazon's codes are inconsistent among its APIs: the HTTP status decides, the code is only told. */
const errorList = z.object({ errors: z.array(z.object({ code: z.string().catch(''), message: z.string().catch('') })).min(1) })

/**
 * The error of an answer of status 400 or above. Its message is Amazon's own (never its `details`, which may quote the request), cut to
 * 400 characters and free of `secrets`.
 */
export function refusalOf(operation: string, answer: Answer, secrets: readonly string[]): ChannelError {
  const first = errorList.safeParse(answer.body).data?.errors[0]
  const code = first === undefined || first.code === '' ? null : cleaned(first.code, secrets).slice(0, 60)
  const words = first === undefined || first.message === '' ? 'no reason given' : cleaned(first.message, secrets)
  const { status, requestId, retryAfterMs } = answer
  const message = code === null ? `${operation}: ${status}: ${words}` : `${operation}: ${status} ${code}: ${words}`
  return new ChannelError(kindOf(status), message, { code, httpStatus: status, requestId, retryAfterMs })
}

function kindOf(status: number): ChannelError['kind'] {
  if (status === 429) return 'throttled'
  if (status === 401 || status === 403) return 'unauthorized'
  if (status >= 500 || status === 408) return 'unavailable'
  return status >= 400 ? 'rejected' : 'invalid-answer'
}

/** Login with Amazon's tokens, wherever they stand: Atza|... (access), Atzr|... (refresh). */
const tokens = /Atz[a-z](?:\||%7C)[^\s"',;&]+/gi

export function cleaned(text: string, secrets: readonly string[]): string {
  let clean = text.replace(tokens, '[redacted]')
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret)]) if (form !== '') clean = clean.replaceAll(form, '[redacted]')
  }
  return clean.replace(/\s+/g, ' ').trim().slice(0, 400)
}
