import { createTransport, type Transporter } from 'nodemailer'
import type { Database } from '../db/client.ts'
import { transaction, type Tx } from '../db/transaction.ts'
import { type Clock, minutes, seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { type ClaimedMail, claimMails, settleMail } from './mails.store.ts'
import { type Refused, refusalOf, retryAt, type SmtpFailure } from './sending.ts'

/** Longer than a mail can take: all timeouts below, one after the other. */
const LEASE_SECONDS = 180
const AT_A_TIME = 5
const [CONNECT_MS, GREETING_MS, SILENCE_MS] = [seconds(15), seconds(15), seconds(60)]
/** A server that cannot be asked is left alone for so long, and longer each time. */
const [REST_FIRST, REST_LONGEST] = [seconds(2), minutes(5)]

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
}

/** Sends what is queued. The row is the truth: at least once, and once unless this process dies between the server's word and its own. */
export class MailPump {
  readonly name = 'mail'
  readonly #process: MailProcess
  readonly #transport: Transporter | null
  readonly #domain: string
  #running: Promise<void> | null = null
  #stopping = false
  #restUntil = 0
  #rest = 0

  constructor(process: MailProcess) {
    this.#process = process
    this.#domain = /@([^\s<>@]+)>?\s*$/.exec(process.from)?.[1] ?? 'localhost'
    this.#transport = process.server === null || process.server === 'mailbox' ? null : createTransport({
      url: process.server, pool: true, maxConnections: AT_A_TIME, connectionTimeout: CONNECT_MS, greetingTimeout: GREETING_MS, socketTimeout: SILENCE_MS,
      disableFileAccess: true, disableUrlAccess: true,
    })
  }

  async tick(): Promise<void> {
    if (this.#stopping || this.#process.server === null || performance.now() < this.#restUntil) return
    this.#running ??= this.#work().finally(() => (this.#running = null))
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    const timer = setTimeout(() => this.#transport?.close(), graceMs)
    await this.#running?.catch(() => {})
    clearTimeout(timer)
    this.#transport?.close()
  }

  async #work(): Promise<void> {
    const { db, clock, log } = this.#process
    try {
      for (let full = true; full && !this.#stopping && performance.now() >= this.#restUntil; ) {
        const claimed = await claimMails(db.pool, AT_A_TIME, clock(), LEASE_SECONDS)
        full = claimed.length === AT_A_TIME
        const sent = await Promise.allSettled(claimed.map((mail) => this.#send(mail)))
        for (const one of sent) if (one.status === 'rejected') log.error({ causes: causes(one.reason) }, 'what became of a mail is not recorded: it is tried again after its lease')
        const answers = sent.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
        if (answers.includes('silence')) this.#restFor(Math.min(Math.max(this.#rest * 2, REST_FIRST), REST_LONGEST))
        else if (answers.length > 0) this.#rest = 0
      }
    } catch (error) {
      log.warn({ causes: causes(error) }, 'mails could not be looked for; the next tick looks again')
    }
  }

  /** Whether the server had an answer to it, good or bad. */
  async #send(mail: ClaimedMail): Promise<'answer' | 'silence'> {
    const { db, clock, log, metrics, from, bounced } = this.#process
    const refused = await this.#deliver(mail, from)
    metrics.mails.inc({ kind: mail.kind, outcome: refused?.kind ?? 'sent' })
    if (refused === null) {
      if (!(await settleMail(db.pool, mail, { sent: true }, clock()))) log.warn({ mail: mail.id }, 'a mail was sent after its lease: it may go out twice')
      return 'answer'
    }
    log.warn({ mail: mail.id, kind: mail.kind, refused: refused.kind }, `a mail was not sent: ${refused.error}`)
    const now = clock()
    if (refused.kind === 'server') {
      // It is the server's failure and not the mail's: no try of its own is counted, and it is the first in line again.
      const given = retryAt(1, mail.createdAt, now) === null
      await settleMail(db.pool, mail, { sent: false, error: refused.error, retryAt: given ? null : now, counts: false }, now)
      return 'silence'
    }
    await transaction(db.pool, async (tx) => {
      const again = refused.kind === 'recipient' ? null : retryAt(mail.attempts + 1, mail.createdAt, now)
      const settled = await settleMail(tx, mail, { sent: false, error: refused.error, retryAt: again, counts: true }, now)
      if (settled && refused.kind === 'recipient') await bounced(tx, mail)
    })
    return 'answer'
  }

  async #deliver({ id, recipient, subject, html, text, headers, createdAt }: ClaimedMail, from: string): Promise<Refused | null> {
    if (this.#transport === null) return null
    try {
      await this.#transport.sendMail({
        from, to: { name: '', address: recipient }, subject, html, text, date: createdAt,
        // The same for each try: whoever gets it twice can tell.
        messageId: `<${id}@${this.#domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...headers },
      })
      return null
    } catch (error) {
      return refusalOf(error as SmtpFailure)
    }
  }

  #restFor(milliseconds: number): void {
    this.#rest = milliseconds
    this.#restUntil = performance.now() + milliseconds
  }
}
