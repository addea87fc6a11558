import type { Scope } from '../auth/scope.ts'
import { withConnection } from '../connections/with-connection.ts'
import type { ConnectionRow } from '../connections/connections.store.ts'
import { timeZoneOfWarehouse } from '../customers/warehouses.store.ts'
import type { Tx } from '../db/transaction.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { giveUpMails } from '../mail/queue-mail.ts'
import { type ContactInput, MOST_CONTACTS, refuseContact, sorted } from './contact.ts'
import { type ContactRow, countContacts, forgetPlansOfContact, insertContact, isAddressTaken, type NewContact, updateContact } from './contacts.store.ts'
import { dueAt } from './due.ts'
import { forgetOtherTopics, moveNotices, waitingNotices } from './incidents.store.ts'

/** A new contact of a connection, or another one of an `id` that it has. One that was turned off is turned on again unless told otherwise. */
export async function saveContact(
  scope: Scope, input: { connectionId: string; id?: string | null; contact: ContactInput & { active?: boolean | null } },
): Promise<{ contact: ContactRow } | { refusals: Refusal[] }> {
  const { id, contact } = input
  const refusals = refuseContact(contact, 'contact')
  const uuid = id == null ? null : uuidOf('NotificationContact', id)
  if (id != null && uuid === null) refusals.push(refusal('INVALID', 'not an id of a contact', 'id'))
  if (refusals.length > 0) return { refusals }
  try {
    return await withConnection(scope, input.connectionId, async (tx, connection) => {
      const wanted = await wholeOf(tx, connection, contact)
      if (uuid === null) return { contact: await addContact(tx, scope, connection, wanted) }
      const changed = await updateContact(tx, scope, uuid, wanted, contact.active !== false)
      if (changed === null || changed.connectionId !== connection.id) throw new Refused(refusal('NOT_FOUND', 'the connection has no such contact', 'id'))
      if (changed.active) await planAnew(tx, changed, scope.clock())
      else {
        await forgetPlansOfContact(tx, uuid)
        await giveUpMails(tx, uuid)
      }
      return { contact: changed }
    })
  } catch (error) {
    if (isAddressTaken(error)) return { refusals: [taken('contact', 'email')] }
    throw error
  }
}

/** The same contacts for each of these connections, in the caller's transaction. What they are was looked at before (refuseContacts). */
export async function addContacts(tx: Tx, scope: Scope, connections: readonly ConnectionRow[], contacts: readonly ContactInput[]): Promise<void> {
  for (const connection of connections) {
    for (const contact of contacts) await insertContact(tx, scope, connection.id, await wholeOf(tx, connection, contact))
  }
}

/** What waits is told by the topics, the frequency and the clock that the contact has now. */
async function planAnew(tx: Tx, { id, topics, frequency, timeZone }: ContactRow, now: Date): Promise<void> {
  await forgetOtherTopics(tx, id, topics)
  await moveNotices(tx, id, (await waitingNotices(tx, id, now)).map(({ incidentId, toldAt }) => ({ incidentId, dueAt: dueAt(frequency, timeZone, now, toldAt) })))
}

async function addContact(tx: Tx, scope: Scope, connection: ConnectionRow, wanted: NewContact): Promise<ContactRow> {
  if ((await countContacts(tx, scope, connection.id)) >= MOST_CONTACTS) throw new Refused(refusal('TOO_MANY', `a connection has at most ${MOST_CONTACTS} contacts`, 'connectionId'))
  const added = await insertContact(tx, scope, connection.id, wanted)
  if (added === null) throw new Refused(taken('contact', 'email'))
  return added
}

async function wholeOf(tx: Tx, { warehouseId }: ConnectionRow, { email, topics, frequency, timeZone }: ContactInput): Promise<NewContact> {
  const zone = timeZone?.trim() ?? (await timeZoneOfWarehouse(tx, warehouseId))
  return { email: email.trim(), topics: sorted(topics), frequency: frequency ?? 'IMMEDIATE', timeZone: zone }
}

const taken = (...field: string[]): Refusal => refusal('TAKEN', 'the connection has a contact of that address', ...field)
