import { byKey, defineLoader, groupBy, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { PageRequest } from '../kit/page.ts'
import type { Frequency } from './due.ts'
import type { Topic } from './topics.ts'

export interface ContactRow {
  id: string
  customerId: string
  connectionId: string
  email: string
  topics: Topic[]
  frequency: Frequency
  timeZone: string
  active: boolean
  disabledReason: string | null
}

const columns = 'id, customer_id, connection_id, email, topics::text[], frequency, time_zone, active, disabled_reason'
const scoped = '($1::uuid[] IS NULL OR customer_id = ANY($1))'

const byId = statement('contactsById', `SELECT ${columns} FROM notification_contacts WHERE ${scoped} AND id = ANY($2::uuid[])`)
export const contactById = defineLoader<ContactRow>('contactById', async (scope, ids) => byKey(await rows<ContactRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id))

const ofConnection = statement('contactsOfConnections', `SELECT ${columns} FROM notification_contacts WHERE ${scoped} AND connection_id = ANY($2::uuid[]) ORDER BY created_at, id`)
export const contactsOfConnection = defineLoader<ContactRow[]>('contactsOfConnection', async (scope, ids) =>
  groupBy(await rows<ContactRow>(scope.db.pool, ofConnection, [scope.tenant, ids]), ids, (row) => row.connectionId),
)

export type NewContact = Pick<ContactRow, 'email' | 'topics' | 'frequency' | 'timeZone'>

const insert = statement(
  'insertContact',
  `INSERT INTO notification_contacts (customer_id, connection_id, email, topics, frequency, time_zone, created_at)
   SELECT customer_id, id, $3, $4::text[]::notification_topic[], $5::notification_frequency, $6, $7 FROM connections WHERE ${scoped} AND id = $2
   ON CONFLICT (connection_id, lower(email)) DO NOTHING RETURNING ${columns}`,
)
/** Null where the connection has that address already. */
export const insertContact = (tx: Tx, scope: Scope, connectionId: string, { email, topics, frequency, timeZone }: NewContact): Promise<ContactRow | null> =>
  one(tx, insert, [scope.tenant, connectionId, email, topics, frequency, timeZone, scope.clock()])

const update = statement(
  'updateContact',
  `UPDATE notification_contacts SET email = $3, topics = $4::text[]::notification_topic[], frequency = $5::notification_frequency, time_zone = $6, active = $7,
     disabled_reason = CASE WHEN $7 THEN NULL ELSE coalesce(disabled_reason, 'turned off') END
   WHERE ${scoped} AND id = $2 RETURNING ${columns}`,
)
/** @throws the database's 23505 where another contact of the connection has the address */
export const updateContact = (tx: Tx, scope: Scope, id: string, { email, topics, frequency, timeZone }: NewContact, active: boolean): Promise<ContactRow | null> =>
  one(tx, update, [scope.tenant, id, email, topics, frequency, timeZone, active])

export const isAddressTaken = (error: unknown): boolean => (error as { constraint?: unknown }).constraint === 'notification_contacts_address'

const remove = statement('removeContact', `DELETE FROM notification_contacts WHERE ${scoped} AND id = $2 RETURNING ${columns}`)
export const deleteContact = (on: Queryable, scope: Scope, id: string): Promise<ContactRow | null> => one(on, remove, [scope.tenant, id])

const count = statement('countContacts', `SELECT count(*)::int AS count FROM notification_contacts WHERE ${scoped} AND connection_id = $2`)
export const countContacts = async (tx: Tx, scope: Scope, connectionId: string): Promise<number> => (await one<{ count: number }>(tx, count, [scope.tenant, connectionId]))!.count

const stop = statement(
  'stopContact',
  `UPDATE notification_contacts AS contact SET active = false, disabled_reason = $2 FROM connections AS connection
   WHERE contact.id = $1 AND active AND connection.id = contact.connection_id RETURNING contact.id, contact.customer_id, contact.connection_id, connection.name`,
)
/** Whoever it is of: the caller holds proof of it. Null where it gets nothing already. */
export const stopContactRow = (tx: Tx, id: string, reason: string): Promise<{ id: string; customerId: string; connectionId: string; name: string } | null> => one(tx, stop, [id, reason])

// Its address may have been put right since.
const ofMail = statement('contactOfMail', 'SELECT contact_id FROM mails JOIN notification_contacts AS contact ON contact.id = contact_id WHERE mails.id = $1 AND lower(email) = lower(recipient)')
export const contactOfMail = async (tx: Tx, mailId: string): Promise<string | null> => (await one<{ contactId: string }>(tx, ofMail, [mailId]))?.contactId ?? null

const forgetPlans = statement('forgetPlansOfContact', 'DELETE FROM contact_incidents WHERE contact_id = $1')
/** What it was to be told before: one that comes back begins anew. */
export const forgetPlansOfContact = (tx: Tx, id: string): Promise<number> => run(tx, forgetPlans, [id])

export interface DeliveryRow {
  id: string
  customerId: string
  contactId: string
  topics: Topic[]
  subject: string
  status: 'PENDING' | 'SENT' | 'FAILED'
  attempts: number
  createdAt: Date
  sentAt: Date | null
  error: string | null
}
const deliveryColumns = 'id, customer_id, contact_id, topics::text[], subject, status, attempts, created_at, sent_at, error'
const deliveriesById = statement('notificationDeliveriesById', `SELECT ${deliveryColumns} FROM mails WHERE ${scoped} AND id = ANY($2::uuid[]) AND contact_id IS NOT NULL`)
export const deliveryById = defineLoader<DeliveryRow>('notificationDeliveryById', async (scope, ids) => byKey(await rows<DeliveryRow>(scope.db.pool, deliveriesById, [scope.tenant, ids]), (row) => row.id))

export interface DeliveriesWanted {
  contactId: string
}
export const deliveriesList: List<DeliveriesWanted, 'CREATED_DESC'> = {
  name: 'notificationDeliveries',
  table: 'mails',
  columns: deliveryColumns,
  tenant: 'customer_id',
  sorts: { CREATED_DESC: { key: 'created_at', kind: 'instant', descending: true } },
  conditions: { contactId: { holds: (n) => `contact_id = ${n}::uuid`, parent: true } },
}
export const deliveriesPage = (scope: Scope, page: PageRequest, wanted: DeliveriesWanted): Promise<(DeliveryRow & { keys: string[] })[]> => readPage(scope, deliveriesList, page, 'CREATED_DESC', wanted)
export const deliveriesCount = (scope: Scope, wanted: DeliveriesWanted): Promise<number> => countRows(scope, deliveriesList, 'CREATED_DESC', wanted)
