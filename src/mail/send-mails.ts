import { setTimeout as sleep } from 'node:timers/promises'
import { createTransport, type Transporter } from 'nodemailer'
import type { Database } from '../db/client.ts'
import { transaction, type Tx } from '../db/transaction.ts'
import { type Clock, minutes, seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { failed, type Span, SpanKind, traced } from '../observability/trace.ts'
import { type ClaimedMail, claimMails, settleMail } from './mails.store.ts'
import { type Refused, refusalOf, refusedAddress, retryAt, serverUrl, type SmtpFailure } from './sending.ts'

const AT_A_TIME = 5
const [CONNECT_MS, SILENCE_MS] = [seconds(15), seconds(60)]
/** A mail that takes longer is given up for now, even where the server trickles its answers. */
const WHOLE_MS = minutes(2)
/** Longer than a mail can take; one that a killed process had is taken again after it. */
const LEASE_SECONDS = 150
/** So soon a server that is not used is left: some allow a few connections in all. */
const IDLE_MS = seconds(10)
/** A server that cannot be asked is left alone for so long, and longer each time. */
const [REST_FIRST, REST_LONGEST] = [seconds(2), minutes(2)]

export interface MailProcess {
  db: Database
  clock: Clock
  log: Log
  metrics: Metrics
  /** smtp:// or smtps://; 'mailbox': what is due counts as sent, and is read there; null: it waits. */
  server: string | 'mailbox' | null
  from: string
  /** In the transaction that records that a mail's recipient will never take it. */
  bounced: (tx: Tx, mail: { id: string }) => Promise<void>
  /** How long a server may be silent, or a mail take in all; for tests. */
  patience?: { silenceMs: number; wholeMs: number }
}

/** Sends what is queued. The row is the truth: at least once, and once unless this process dies between the server's word and its own. */
export class MailPump {
  readonly name = 'mail'
  readonly #process: MailProcess
  readonly #transport: Transporter | null
  readonly #domain: string
  readonly #wholeMs: number
  readonly #sending = new Set<Promise<void>>()
  #claiming: Promise<void> | null = null
  #stopping = false
  #answeredAt = 0
  #restUntil = 0
  #rest = 0

  constructor(process: MailProcess) {
    const { silenceMs, wholeMs } = process.patience ?? { silenceMs: SILENCE_MS, wholeMs: WHOLE_MS }
    this.#process = process
    this.#wholeMs = wholeMs
    this.#domain = /@([^\s<>@]+)>?\s*$/.exec(process.from)?.[1] ?? 'localhost'
    this.#transport = process.server === null || process.server === 'mailbox' ? null : createTransport({
      url: serverUrl(process.server), pool: true, maxConnections: AT_A_TIME, maxRequeues: 1, idleTimeout: IDLE_MS,
      connectionTimeout: Math.min(CONNECT_MS, silenceMs), greetingTimeout: silenceMs, socketTimeout: silenceMs, dnsTimeout: Math.min(CONNECT_MS, silenceMs),
      disableFileAccess: true, disableUrlAccess: true,
    })
  }

  /** Not where the server rests: others would only find it silent too. */
  get isFull(): boolean {
    return this.#sending.size >= AT_A_TIME
  }

  async tick(): Promise<void> {
    await this.#begin()
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    await this.#claiming?.catch(() => {})
    const grace = new AbortController()
    await Promise.race([Promise.all(this.#sending), sleep(graceMs, null, { signal: grace.signal }).catch(() => {})])
    grace.abort()
    // What is cut here fails, and is recorded as waiting.
    const pool = this.#transport?.transporter as { close(options: { force: boolean }): void } | undefined
    pool?.close({ force: true })
    await Promise.all(this.#sending)
  }

  /** Begins as many as there is room for. After silence one alone asks whether the server is back. */
  async #begin(): Promise<void> {
    if (this.#claiming !== null) return this.#claiming
    const room = (this.#rest > 0 ? 1 : AT_A_TIME) - this.#sending.size
    if (this.#process.server === null || this.#stopping || room <= 0 || performance.now() < this.#restUntil) return
    this.#claiming = this.#claim(room).finally(() => (this.#claiming = null))
    return this.#claiming
  }

  async #claim(room: number): Promise<void> {
    const { db, clock, log } = this.#process
    for (const mail of await claimMails(db.pool, room, clock(), LEASE_SECONDS)) {
      const sending = traced('send mail', { kind: SpanKind.CLIENT, attributes: { 'cartage.mail.kind': mail.kind, 'cartage.mail_id': mail.id } }, (span) => this.#send(mail, span))
        .catch((error: unknown) => log.error({ mail: mail.id, causes: causes(error) }, 'what became of a mail is not recorded: it is tried again after its lease'))
        .then(() => {
          this.#sending.delete(sending)
          // The next one, without waiting for a tick.
          void this.#begin().catch((error: unknown) => log.warn({ causes: causes(error) }, 'mails could not be looked for; the next tick looks again'))
        })
      this.#sending.add(sending)
    }
  }

  async #send(mail: ClaimedMail, span: Span): Promise<void> {
    const { db, clock, log, metrics, bounced } = this.#process
    const since = performance.now()
    const refused = this.#alone(await this.#deliver(mail), since)
    metrics.mails.inc({ kind: mail.kind, outcome: refused?.kind ?? 'sent' })
    if (refused !== null) failed(span, refused.kind)
    const now = clock()
    if (refused === null) {
      if (!(await settleMail(db.pool, mail, { sent: true }, now))) log.warn({ mail: mail.id }, 'a mail was sent after its lease: it may go out twice')
      return
    }
    // A server's failure is not the mail's: no try of its own is counted, and it is due again at once.
    const ofServer = refused.kind === 'server'
    const patient = retryAt(ofServer ? 1 : mail.attempts + 1, mail.createdAt, now)
    const again = refused.kind === 'recipient' || patient === null ? null : ofServer ? now : patient
    log.warn({ mail: mail.id, kind: mail.kind, refused: refused.kind, again }, `a mail was not sent: ${refused.error}`)
    await transaction(db.pool, async (tx) => {
      const settled = await settleMail(tx, mail, { sent: false, error: refused.error, retryAt: again, counts: !ofServer }, now)
      if (settled && refused.kind === 'recipient') await bounced(tx, mail)
    })
  }

  /** Silence while others were answered is of this one mail, such as one whose recipient is looked up for minutes. All others make the server rest. */
  #alone(refused: Refused | null, since: number): Refused | null {
    if (refused?.kind !== 'server') {
      this.#answeredAt = performance.now()
      this.#rest = 0
      return refused
    }
    if (this.#answeredAt > since) return { ...refused, kind: 'later' }
    if (performance.now() >= this.#restUntil) {
      this.#rest = Math.min(Math.max(this.#rest * 2, REST_FIRST), REST_LONGEST)
      this.#restUntil = performance.now() + this.#rest
    }
    return refused
  }

  async #deliver({ id, recipient, subject, html, text, headers, createdAt }: ClaimedMail): Promise<Refused | null> {
    const hopeless = refusedAddress(recipient)
    if (hopeless !== null || this.#transport === null) return hopeless
    try {
      await this.#transport.sendMail({
        from: this.#process.from, to: { name: '', address: recipient }, subject, html, text, date: createdAt,
        // The same for each try: whoever gets it twice can tell.
        messageId: `<${id}@${this.#domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...headers },
        signal: AbortSignal.timeout(this.#wholeMs),
      })
      return null
    } catch (error) {
      return refusalOf(error as SmtpFailure, recipient)
    }
  }
}
