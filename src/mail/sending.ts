// What a mail server's refusal means, and when to try again. Pure.
import { minutes, seconds } from '../kit/clock.ts'

export type Refused =
  /** The server could not be asked, or not now: nothing is wrong with the mail. */
  | { kind: 'server'; error: string }
  /** This mail was put off. */
  | { kind: 'later'; error: string }
  /** Its recipient will never take it: it has bounced. */
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

/** One that a server can be told as it is: nothing in it ends the command that names it, or begins another. */
const address = /^[^\s@<>"(),:;\\[\]\p{Cc}]{1,64}@[^\s@<>"(),:;\\\p{Cc}]{1,255}$/u

/** Of what need not be tried. */
export const refusedAddress = (recipient: string): Refused | null => (address.test(recipient) ? null : { kind: 'recipient', error: 'the address can be none' })

/** `recipient` is kept out of the words. */
export function refusalOf({ code = '', command = '', responseCode, response = '' }: SmtpFailure, recipient: string): Refused {
  const error = wordsOf(code, responseCode, response, recipient)
  if (responseCode === undefined) return { kind: withoutAnswer(code), error }
  if (code === 'EAUTH' || responseCode === 421) return { kind: 'server', error }
  if (responseCode < 500) return { kind: 'later', error }
  return { kind: command.startsWith('RCPT') ? blameOf(responseCode, response) : 'refused', error }
}

const withoutAnswer = (code: string): Refused['kind'] =>
  code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'ESTREAM' ? 'refused' : 'server'

/** What servers say where it is us whom they refuse, and not the recipient. */
const ofUs = /\brelaying\b|\brelay (access |is )?(denied|not)|\bto relay\b|authenticat|\bblock(ed|list)|black ?list|\b(rbl|dnsbl|spf|dkim|dmarc)\b|\bspam|reputation|client host|\bsender\b/i

/**
 * Of a 5yz answer to RCPT TO. Most say that there is no such mailbox. But relays that want a name, and lists of blocked hosts, answer there too:
 * taken for bounces, one wrong setting would silence every contact at once. And a full mailbox can be emptied.
 */
function blameOf(responseCode: number, response: string): Refused['kind'] {
  const [, subject, detail] = /^\d{3}[ -]5\.(\d{1,3})\.(\d{1,3})\b/.exec(response) ?? []
  const status = `${subject}.${detail}`
  if (responseCode === 552 || status === '2.2') return 'later'
  if (status === '1.7' || status === '1.8' || status === '2.3') return 'refused' // our own address, and the size of the mail
  if (subject === '1' || subject === '2') return 'recipient'
  if (responseCode < 550 && responseCode !== 501 && responseCode !== 521) return 'refused' // of the protocol, and of names: 503, 530, 535
  if (subject === '3' || /^7\.(0|[3-9]|1[0-2]|2\d)$/.test(status)) return 'refused' // the system; proof of who we are
  return ofUs.test(response) ? 'refused' : 'recipient'
}

const words: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'the server did not answer in time',
  EABORT: 'the server did not answer in time',
  EDNS: 'the name of the server is not known',
  ETLS: 'no encrypted connection to the server came about',
}

/** A server's words quote addresses, or the names in them: both are taken out. */
function wordsOf(code: string, responseCode: number | undefined, response: string, recipient: string): string {
  const name = recipient.slice(0, recipient.lastIndexOf('@'))
  const said = without(without(response, recipient), name)
    .replace(/<?("[^"]*"|[^\s<>@]+)@[^\s<>]+>?/g, '<address>').replace(/[\p{Cc}\s]+/gu, ' ').trim().slice(0, 200)
  if (said !== '') return said
  return words[code] ?? (responseCode === undefined ? `the server could not be reached (${code || 'unknown'})` : `${responseCode} ${code}`.trim())
}

function without(text: string, part: string): string {
  if (part.length < 3) return text
  const escaped = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.replace(new RegExp(`<?(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])>?`, 'giu'), '<address>')
}

const ownSettings = /^(requireTLS|ignoreTLS|name|authMethod|tls\.(rejectUnauthorized|servername|minVersion))$/

/** A server's URL as nodemailer may read it: its query could also turn on a log of addresses, or the time limits off. */
export function serverUrl(given: string): string {
  const url = new URL(given)
  for (const key of new Set(url.searchParams.keys())) if (!ownSettings.test(key)) url.searchParams.delete(key)
  return url.href
}

/** How long what waits is tried for. */
export const PATIENCE = minutes(3 * 24 * 60)

const steps = [seconds(30), minutes(2), minutes(10), minutes(30), minutes(60), minutes(180), minutes(360)]

/** When a mail is tried again after `attempts` tries, the last one at `now`; null once it has waited long enough. */
export function retryAt(attempts: number, createdAt: Date, now: Date): Date | null {
  const at = new Date(now.getTime() + steps[Math.min(attempts, steps.length) - 1]!)
  return at.getTime() - createdAt.getTime() > PATIENCE ? null : at
}
