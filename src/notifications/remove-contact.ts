import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { giveUpMails } from '../mail/queue-mail.ts'
import { type ContactRow, deleteContact } from './contacts.store.ts'

/** Ends a contact. What it was sent stays. */
export async function removeContact(scope: Scope, input: { id: string }): Promise<{ contact: ContactRow } | { refusals: Refusal[] }> {
  const uuid = uuidOf('NotificationContact', input.id)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a contact', 'id')] }
  const contact = await changing(scope, async (tx) => {
    const removed = await deleteContact(tx, scope, uuid)
    if (removed !== null) await giveUpMails(tx, uuid)
    return removed
  })
  return contact === null ? { refusals: [refusal('NOT_FOUND', 'no such contact', 'id')] } : { contact }
}
