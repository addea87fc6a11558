import type { ReactElement } from 'react'
import { one, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import { renderMail } from './render.ts'

/** A mail to send once the caller's transaction commits. */
export interface NewMail {
  /** What sort of mail: for metrics and the mailbox. */
  kind: string
  /** Whose connection it is about; null for one to the warehouse itself. */
  customerId: string | null
  connectionId: string | null
  /** A second mail of the same key is not queued, ever. */
  key?: string
  /** Of a notification: whose it is, and what it is about, the weightiest first. */
  contactId?: string
  topics?: readonly string[]
  recipient: string
  subject: string
  /** A `Letter`. */
  body: ReactElement
  /** Beside those that every mail has. */
  headers?: Readonly<Record<string, string>>
}

const insert = statement(
  'queueMail',
  `INSERT INTO mails (customer_id, connection_id, kind, key, recipient, subject, html, text, headers, contact_id, topics)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text[]::notification_topic[]) ON CONFLICT (key) DO NOTHING RETURNING id`,
)

/** Stores a mail in the caller's transaction: state, its event and its mail commit together. Its id; null where its key was queued before. */
export async function queueMail(tx: Tx, mail: NewMail): Promise<string | null> {
  const { html, text } = renderMail(mail.body)
  const queued = await one<{ id: string }>(tx, insert, [
    mail.customerId, mail.connectionId, mail.kind, mail.key ?? null, mail.recipient, mail.subject, html, text, JSON.stringify(mail.headers ?? {}), mail.contactId ?? null, mail.topics ?? [],
  ])
  return queued?.id ?? null
}

const giveUp = statement(
  'giveUpMailsOfContact',
  `UPDATE mails SET status = 'FAILED', next_attempt_at = NULL, error = coalesce(error, 'the contact gets no more mail') WHERE contact_id = $1 AND status = 'PENDING' AND token IS NULL`,
)
/** What waits for a contact that is to get nothing more; what is being sent at this moment goes. */
export const giveUpMails = (tx: Tx, contactId: string): Promise<number> => run(tx, giveUp, [contactId])
