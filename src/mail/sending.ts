// What a mail server's refusal means, and when to try again. Pure.
import { minutes, seconds } from '../kit/clock.ts'

export type Refused =
  /** The server could not be asked, or not now: nothing is wrong with the mail. */
  | { kind: 'server'; error: string }
  /** This mail was put off (4yz). */
  | { kind: 'later'; error: string }
  /** Its recipient will never take it (5yz of RCPT TO). */
  | { kind: 'recipient'; error: string }
  /** The server does not take what we send, whoever it is to: of our settings, or the mail itself. */
  | { kind: 'refused'; error: string }

/** Of nodemailer's errors. */
export interface SmtpFailure {
  code?: string
  command?: string
  responseCode?: number
  response?: string
}

const ofServer = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'EPROTOCOL', 'EPROXY', 'ECONNREFUSED', 'ECONNRESET', 'EAUTH', 'ENOAUTH', 'EOAUTH2', 'ENOTFOUND', 'EHOSTUNREACH'])

export function refusalOf({ code = '', command = '', responseCode, response }: SmtpFailure): Refused {
  const error = wordsOf(code, responseCode, response)
  if (ofServer.has(code) || responseCode === 421) return { kind: 'server', error }
  if (responseCode === undefined) return { kind: 'refused', error }
  if (responseCode < 500) return { kind: 'later', error }
  return { kind: command.startsWith('RCPT') ? 'recipient' : 'refused', error }
}

/** A server's words quote addresses: they are taken out. */
function wordsOf(code: string, responseCode: number | undefined, response: string | undefined): string {
  const said = (response ?? '').replace(/<?[^\s<>@]+@[^\s<>]+>?/g, '<address>').replace(/[\p{Cc}\s]+/gu, ' ').trim().slice(0, 200)
  return said || (responseCode === undefined ? code || 'the server could not be reached' : `${responseCode} ${code}`)
}

/** How long what waits is tried for. */
export const PATIENCE = minutes(3 * 24 * 60)

const steps = [seconds(30), minutes(2), minutes(10), minutes(30), minutes(60), minutes(180), minutes(360)]

/** When a mail is tried again after `attempts` tries, the last one at `now`; null once it has waited long enough. */
export function retryAt(attempts: number, createdAt: Date, now: Date): Date | null {
  const at = new Date(now.getTime() + steps[Math.min(attempts, steps.length) - 1]!)
  return at.getTime() - createdAt.getTime() > PATIENCE ? null : at
}
