import { setTimeout as sleep } from 'node:timers/promises'
import { ChannelError } from '../../channel.ts'

export interface RetryPolicy {
  attempts: number
  /** Milliseconds from the first failure after which no further attempt begins. */
  deadlineMs: number
  /** Before the nth retry: a random wait of up to backoffMs * 2^(n-1) ("full jitter"), but no less than the server's hint. */
  backoffMs: number
  longestBackoffMs: number
}

export const UNREADABLE = 'UnreadableBody'

/**
 * What may go better the next time: 429, 408, 5xx, no answer, half an answer. A refusal by our own budget has waited enough
 * already (it bears no HTTP status); every other refusal is final.
 */
const passing = (error: ChannelError): boolean =>
  error.kind === 'unavailable' ||
  (error.kind === 'throttled' && error.httpStatus === 429) ||
  (error.kind === 'invalid-answer' && error.code === UNREADABLE)

/**
 * Attempts until one succeeds, a final error comes, or attempts or time run out; then throws the last error. Its `notSent` speaks
 * for all attempts: one that may have taken effect makes the whole uncertain, even where the last was plainly refused.
 */
export async function withRetries<T>(attempt: () => Promise<T>, policy: RetryPolicy, signal: AbortSignal): Promise<T> {
  let failedAt: number | null = null
  let uncertain = false
  for (let number = 1; ; number += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error
      uncertain ||= !error.notSent
      const jitter = Math.random() * Math.min(policy.longestBackoffMs, policy.backoffMs * 2 ** (number - 1))
      const wait = Math.max(error.retryAfterMs ?? 0, jitter)
      failedAt ??= performance.now()
      const late = performance.now() - failedAt + wait > policy.deadlineMs
      if (!passing(error) || number >= policy.attempts || late) throw settled(error, uncertain)
      try {
        await sleep(wait, undefined, { signal })
      } catch {
        throw new ChannelError('cancelled', 'the call was cancelled between two attempts', { notSent: !uncertain })
      }
    }
  }
}

function settled(error: ChannelError, uncertain: boolean): ChannelError {
  if (!uncertain || !error.notSent) return error
  const { code, httpStatus, requestId, retryAfterMs } = error
  return new ChannelError(error.kind, error.message, { code, httpStatus, requestId, retryAfterMs, notSent: false })
}
