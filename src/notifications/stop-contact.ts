import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { giveUpMails } from '../mail/queue-mail.ts'
import { contactOfMail, forgetPlansOfContact, stopContactRow } from './contacts.store.ts'

/** A contact gets nothing more, until somebody turns it on again; the event tells of it without its address. False where that was so already. */
export async function stopContact(tx: Tx, id: string, reason: string, summary: string): Promise<boolean> {
  const stopped = await stopContactRow(tx, id, reason)
  if (stopped === null) return false
  await forgetPlansOfContact(tx, id)
  await giveUpMails(tx, id)
  const { connectionId, customerId, name } = stopped
  await appendEvents(tx, [{ type: 'NOTIFICATIONS_STOPPED', connectionId, customerId, summary: `${name}: a contact ${summary}` }])
  return true
}

/** What follows where a mail server refuses a mail's recipient for good. */
export async function stopBounced(tx: Tx, mail: { id: string }): Promise<void> {
  const contactId = await contactOfMail(tx, mail.id)
  if (contactId !== null) await stopContact(tx, contactId, 'the mail server refuses the address for good', 'gets no more mail: the mail server refuses its address for good')
}
