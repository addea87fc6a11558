// A real mail server, which keeps what it was sent and refuses what it is told to.
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  to: string[]
  /** Unfolded, by their names in lower case. */
  headers: Record<string, string>
  text: string
  html: string
}

interface Answer {
  code: number
  message: string
}

export interface SmtpBehaviour {
  /** The answer to RCPT TO of an address; it may take its time. */
  refuse?: (address: string) => Answer | null | Promise<Answer | null>
  /** Answers to nothing at all. */
  hangs?: boolean
  /** The answer to the message itself; null: it is taken. */
  answer?: () => Answer | null
  /** After the message was taken, before that is said. */
  delayMs?: number
  /** Likewise: what else happens then. */
  taken?: () => Promise<void>
  credentials?: { user: string; password: string }
}

export interface TestSmtp {
  url: string
  mails: ReceivedMail[]
  connections: number
  behaviour: SmtpBehaviour
  stop(): Promise<void>
}

const failure = ({ code, message }: Answer): Error => Object.assign(new Error(message), { responseCode: code })

export async function startSmtp(behaviour: SmtpBehaviour = {}, port = 0): Promise<TestSmtp> {
  const smtp: TestSmtp = { url: '', mails: [], connections: 0, behaviour, stop: () => new Promise((resolve) => server.close(() => resolve())) }
  const server = new SMTPServer({
    disabledCommands: behaviour.credentials === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    authOptional: behaviour.credentials === undefined,
    allowInsecureAuth: true,
    closeTimeout: 100,
    onConnect(_session, callback) {
      smtp.connections++
      if (!smtp.behaviour.hangs) callback()
    },
    onAuth({ username, password }, _session, callback) {
      const good = smtp.behaviour.credentials
      if (username === good?.user && password === good?.password) callback(null, { user: username })
      else callback(failure({ code: 535, message: '5.7.8 bad credentials' }))
    },
    onRcptTo({ address }, _session, callback) {
      void (async () => {
        const refused = (await smtp.behaviour.refuse?.(address)) ?? null
        callback(refused === null ? null : failure(refused))
      })()
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => void (async () => {
        const refused = smtp.behaviour.answer?.() ?? null
        if (refused !== null) return callback(failure(refused))
        smtp.mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), ...parsed(Buffer.concat(chunks).toString('latin1')) })
        if (smtp.behaviour.delayMs !== undefined) await sleep(smtp.behaviour.delayMs)
        await smtp.behaviour.taken?.()
        callback()
      })())
    },
  })
  server.on('error', () => {}) // a client that is gone
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  smtp.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return smtp
}

function parsed(message: string): Omit<ReceivedMail, 'to'> {
  const { headers, body } = partOf(message)
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1]
  const parts = boundary === undefined ? [{ headers, body }] : body.split(`--${boundary}`).slice(1, -1).map((part) => partOf(part.replace(/^\r\n/, '')))
  const textOf = (type: string): string => parts.filter(({ headers }) => (headers['content-type'] ?? '').startsWith(type)).map(decoded)[0] ?? ''
  return { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, words(value)])), text: textOf('text/plain'), html: textOf('text/html') }
}

function partOf(message: string): { headers: Record<string, string>; body: string } {
  const end = message.indexOf('\r\n\r\n')
  const lines = message.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return { headers: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])), body: message.slice(end + 4) }
}

function decoded({ headers, body }: { headers: Record<string, string>; body: string }): string {
  const encoding = (headers['content-transfer-encoding'] ?? '7bit').toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString()
  return unquoted(body.replace(/=\r\n/g, ''))
}

const unquoted = (text: string): string => Buffer.from(text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString()

/** RFC 2047. */
const words = (value: string): string =>
  value.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString() : unquoted(text.replaceAll('_', ' ')))
