// What is sent, and the state of its sending. A mail is of no one's viewing but the mailbox' and the contacts' own pages.
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'

/** A mail that this process sends now. */
export interface ClaimedMail {
  id: string
  kind: string
  recipient: string
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  /** Attempts before this one. */
  attempts: number
  createdAt: Date
  /** Proves the claim: who has lost it writes nothing. */
  token: string
}

const claim = statement(
  'claimMails',
  `UPDATE mails SET token = gen_random_uuid(), locked_until = $2::timestamptz + make_interval(secs => $3)
   WHERE id IN (
     SELECT id FROM mails WHERE status = 'PENDING' AND next_attempt_at <= $2 AND (locked_until IS NULL OR locked_until < $2)
     ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
   ) RETURNING id, kind, recipient, subject, html, text, headers, attempts, created_at, token`,
)
/** Up to so many that are due, for `seconds`: nobody else sends them meanwhile. */
export const claimMails = (on: Queryable, most: number, now: Date, seconds: number): Promise<ClaimedMail[]> => rows(on, claim, [most, now, seconds])

/** What a try came to. `retryAt` null: no further try. `error` holds no address. */
export type MailOutcome = { sent: true } | { sent: false; error: string; retryAt: Date | null; counts: boolean }

const settle = statement(
  'settleMail',
  `UPDATE mails SET token = NULL, locked_until = NULL, attempts = attempts + $6::int, error = $4,
     status = (CASE WHEN $3::timestamptz IS NOT NULL THEN 'SENT' WHEN $5::timestamptz IS NULL THEN 'FAILED' ELSE 'PENDING' END)::delivery_status,
     sent_at = $3, next_attempt_at = $5
   WHERE id = $1 AND token = $2`,
)
/** False where another has it by now. */
export async function settleMail(on: Queryable, mail: Pick<ClaimedMail, 'id' | 'token'>, outcome: MailOutcome, now: Date): Promise<boolean> {
  const values = outcome.sent ? [now, null, null, 1] : [null, outcome.error, outcome.retryAt, outcome.counts ? 1 : 0]
  return (await run(on, settle, [mail.id, mail.token, ...values])) > 0
}

const waiting = statement('waitingMails', `SELECT count(*)::int AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds FROM mails WHERE status = 'PENDING'`)
/** How many wait, and for how many seconds the oldest has. */
export async function waitingMails(on: Queryable): Promise<{ count: number; seconds: number }> {
  return (await one<{ count: number; seconds: number }>(on, waiting))!
}

const expire = statement('expireMails', `UPDATE mails SET status = 'FAILED', next_attempt_at = NULL, token = NULL, locked_until = NULL, error = coalesce(error, 'nothing could send it in time') WHERE status = 'PENDING' AND created_at < $1 AND (locked_until IS NULL OR locked_until < now())`)
const forget = statement('forgetMailBodies', `UPDATE mails SET html = NULL, text = NULL WHERE created_at < $1 AND html IS NOT NULL AND status <> 'PENDING'`)
const remove = statement('removeMails', `DELETE FROM mails WHERE created_at < $1 AND status <> 'PENDING'`)
/** Gives up what nobody could send since an instant; removes the bodies, and then the rows, of what is older than others. How many were given up. */
export async function keepMails(tx: Tx, before: { waiting: Date; bodies: Date; rows: Date }): Promise<number> {
  const givenUp = await run(tx, expire, [before.waiting])
  await run(tx, forget, [before.bodies])
  await run(tx, remove, [before.rows])
  return givenUp
}

/** As the mailbox lists them. */
export interface MailSummary {
  id: string
  kind: string
  recipient: string
  subject: string
  status: 'PENDING' | 'SENT' | 'FAILED'
  createdAt: Date
  sentAt: Date | null
  error: string | null
}

const listed = 'id, kind, recipient, subject, status, created_at, sent_at, error'
const list = statement(
  'listMails',
  `SELECT ${listed} FROM mails WHERE ($1::text IS NULL OR position(lower($1) IN lower(recipient || ' ' || subject)) > 0) AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC LIMIT $3`,
)
/** The newest first, after one of them. */
export const listMails = (on: Queryable, search: string | null, after: string | null, most: number): Promise<MailSummary[]> => rows(on, list, [search, after, most])

const read = statement('readMail', `SELECT ${listed}, html, text, headers FROM mails WHERE id = $1`)
export const readMail = (on: Queryable, id: string): Promise<(MailSummary & { html: string | null; text: string | null; headers: Record<string, string> }) | null> => one(on, read, [id])
