import { type DestinationStream, type Logger, pino } from 'pino'
import { traceIds } from './trace.ts'

export type Log = Logger

/**
 * Structured lines on stdout. Ids and facts only: names, addresses, e-mails, tokens and bodies are never handed to it; the
 * redaction is a second wall for what a library's object might carry.
 */
export function createLog(level: string, destination: DestinationStream = pino.destination({ dest: 1, sync: true })): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceIds,
    redact: { paths: ['authorization', 'headers', '*.authorization', '*.headers', '*.password', '*.token', '*.secret', 'err.config', 'err.request', 'err.response'], censor: '[redacted]' },
  }, destination)
}
