// Incidents, what they touch, and how far each contact was told. The pump's own: it works for every customer, and each row for its connection.
import { type Queryable, rows, run, statement } from '../db/sql.ts'
import type { Tx } from '../db/transaction.ts'
import type { Frequency } from './due.ts'
import type { Cleared, Raised, Topic } from './topics.ts'

/** SQL: the refused listings of an item on a connection. */
const refusedListings = (connection: string, item: string): string => `inventory_items AS item JOIN sku_mappings AS mapping ON mapping.customer_id = item.customer_id AND mapping.warehouse_sku = item.sku
     JOIN listings AS listing ON listing.connection_id = mapping.connection_id AND listing.seller_sku = mapping.seller_sku
   WHERE item.id = ${item} AND mapping.connection_id = ${connection} AND listing.status = 'REJECTED'`

const causes = statement(
  'causesOfEvents',
  `SELECT id, code || coalesce(' ' || array_to_string(ARRAY(SELECT unnest(seller_skus) ORDER BY 1), ' '), '') || coalesce(' ' || shipping_service, '') AS cause FROM import_failures WHERE id = ANY($1::uuid[])
   UNION ALL SELECT id, coalesce(tracking_code, '') FROM shipments WHERE id = ANY($2::uuid[])
   UNION ALL SELECT refused.item_id, (SELECT min(listing.message) FROM ${refusedListings('refused.connection_id', 'refused.item_id')}) FROM unnest($3::uuid[], $4::uuid[]) AS refused (connection_id, item_id)`,
)
/** What is wrong, by the id of the import failure, shipment or inventory item. */
export async function readCauses(tx: Tx, failures: readonly string[], shipments: readonly string[], items: readonly { connectionId: string; id: string }[]): Promise<Map<string, string>> {
  if (failures.length + shipments.length + items.length === 0) return new Map()
  return new Map((await rows<{ id: string; cause: string | null }>(tx, causes, [failures, shipments, items.map(({ connectionId }) => connectionId), items.map(({ id }) => id)])).map(({ id, cause }) => [id, cause ?? '']))
}

const listeners = statement(
  'connectionsListenedTo',
  `WITH contact AS MATERIALIZED (SELECT connection_id, topics FROM notification_contacts WHERE active AND connection_id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE)
   SELECT DISTINCT connection_id, unnest(topics)::text AS topic FROM contact`,
)
/**
 * Which topics of these connections anybody listens to, each as "connection topic". Nobody else tells or changes these contacts until the
 * transaction ends: what is planned while another marks them as told would be lost with the mark.
 */
export async function listenedTo(tx: Tx, connectionIds: readonly string[]): Promise<Set<string>> {
  return new Set((await rows<{ connectionId: string; topic: string }>(tx, listeners, [connectionIds])).map(({ connectionId, topic }) => `${connectionId} ${topic}`))
}

const openIncidents = statement(
  'openIncidents',
  `INSERT INTO incidents (customer_id, connection_id, topic, cause, news, opened_at)
   SELECT DISTINCT ON (connection_id, topic, cause) customer_id, connection_id, topic, cause, news, at FROM json_to_recordset($1) AS raised
     ("customerId" uuid, "connectionId" uuid, topic notification_topic, cause text, news bool, at timestamptz), LATERAL (SELECT "customerId" AS customer_id, "connectionId" AS connection_id) AS named
   ORDER BY connection_id, topic, cause, at
   ON CONFLICT (connection_id, topic, cause) WHERE cleared_at IS NULL DO NOTHING`,
)
const touch = statement(
  'touchSubjects',
  `INSERT INTO incident_subjects (incident_id, subject, summary, opens, at)
   SELECT DISTINCT ON (incident.id, raised.subject) incident.id, raised.subject, raised.summary, raised.opens, raised.at
   FROM json_to_recordset($1) AS raised ("connectionId" uuid, topic notification_topic, cause text, subject uuid, summary text, opens text, at timestamptz)
   JOIN incidents AS incident ON incident.connection_id = raised."connectionId" AND incident.topic = raised.topic AND incident.cause = raised.cause AND incident.cleared_at IS NULL
   ORDER BY incident.id, raised.subject, raised.at DESC
   ON CONFLICT (incident_id, subject) DO UPDATE SET summary = excluded.summary, at = excluded.at, cleared_at = NULL, seq = nextval('incident_subjects_seq_seq')
   RETURNING incident_id, seq::text`,
)
/** Incidents of what was raised, each cause once, and what they touch. By the ids of those that have something new: what of each came right before that. */
export async function raiseIncidents(tx: Tx, raised: readonly Raised[]): Promise<Map<string, bigint>> {
  const before = new Map<string, bigint>()
  if (raised.length === 0) return before
  const all = JSON.stringify(raised)
  await run(tx, openIncidents, [all])
  for (const { incidentId, seq } of await rows<{ incidentId: string; seq: string }>(tx, touch, [all])) {
    const [here, known] = [BigInt(seq) - 1n, before.get(incidentId)]
    if (known === undefined || here < known) before.set(incidentId, here)
  }
  return before
}

const clear = statement(
  'clearSubjects',
  `UPDATE incident_subjects AS touched SET cleared_at = $2 FROM json_to_recordset($1) AS mended ("connectionId" uuid, topic notification_topic, cause text, subject uuid), incidents AS incident
   WHERE incident.connection_id = mended."connectionId" AND incident.topic = mended.topic AND incident.cleared_at IS NULL AND NOT incident.news
     AND (mended.cause IS NULL OR incident.cause = mended.cause) AND touched.incident_id = incident.id AND (mended.subject IS NULL OR touched.subject = mended.subject) AND touched.cleared_at IS NULL`,
)
export async function clearSubjects(tx: Tx, cleared: readonly Cleared[], now: Date): Promise<void> {
  if (cleared.length > 0) await run(tx, clear, [JSON.stringify(cleared), now])
}

// What was mended without an event that says so: dismissed, corrected, resumed.
const clearByState = statement(
  'clearByState',
  `UPDATE incident_subjects AS touched SET cleared_at = $2 FROM incidents AS incident
   WHERE incident.id = touched.incident_id AND incident.connection_id = ANY($1::uuid[]) AND incident.cleared_at IS NULL AND NOT incident.news AND touched.cleared_at IS NULL AND CASE
     WHEN incident.topic = 'IMPORT_FAILED' AND incident.cause LIKE 'failure %' THEN NOT EXISTS (SELECT FROM import_failures WHERE id = touched.subject AND state = 'OPEN')
     WHEN incident.topic = 'TRACKING_REJECTED' THEN NOT EXISTS (SELECT FROM shipments WHERE id = touched.subject AND tracking_status = 'REJECTED')
     WHEN incident.topic = 'INVENTORY_REJECTED' THEN NOT EXISTS (SELECT FROM ${refusedListings('incident.connection_id', 'touched.subject')})
     WHEN incident.topic = 'CONNECTION_ATTENTION' THEN NOT EXISTS (SELECT FROM connections WHERE id = touched.subject AND status = 'NEEDS_ATTENTION')
     ELSE false END`,
)
const closeMended = statement(
  'closeMendedIncidents',
  `UPDATE incidents AS incident SET cleared_at = $2 WHERE connection_id = ANY($1::uuid[]) AND cleared_at IS NULL AND NOT news
     AND NOT EXISTS (SELECT FROM incident_subjects WHERE incident_id = incident.id AND cleared_at IS NULL) RETURNING id`,
)
const forgetUntold = statement('forgetUntold', 'UPDATE contact_incidents SET due_at = NULL WHERE incident_id = ANY($1::uuid[]) AND told_at IS NULL')
/** Looks at what these connections' open incidents touch, and ends those of which nothing is left: whoever was not told is never told. The ids of the ended ones. */
export async function settleIncidents(tx: Tx, connectionIds: readonly string[], now: Date): Promise<string[]> {
  if (connectionIds.length === 0) return []
  await run(tx, clearByState, [connectionIds, now])
  const ended = (await rows<{ id: string }>(tx, closeMended, [connectionIds, now])).map(({ id }) => id)
  if (ended.length > 0) await run(tx, forgetUntold, [ended])
  return ended
}

export interface Listening {
  contactId: string
  incidentId: string
  frequency: Frequency
  timeZone: string
  news: boolean
  /** When they were told of it last. */
  toldAt: Date | null
  dueAt: Date | null
}
const listening = statement(
  'contactsOfIncidents',
  `SELECT contact.id AS contact_id, incident.id AS incident_id, contact.frequency, contact.time_zone, incident.news, told.told_at, told.due_at
   FROM incidents AS incident JOIN notification_contacts AS contact ON contact.connection_id = incident.connection_id AND contact.active AND incident.topic = ANY(contact.topics)
   LEFT JOIN contact_incidents AS told ON told.contact_id = contact.id AND told.incident_id = incident.id
   WHERE incident.id = ANY($1::uuid[])`,
)
/** Who listens to these incidents, and how far they were told. */
export const contactsOfIncidents = (tx: Tx, incidentIds: readonly string[]): Promise<Listening[]> => rows(tx, listening, [incidentIds])

const plan = statement(
  'planNotices',
  `INSERT INTO contact_incidents (contact_id, incident_id, due_at, told_seq) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[])
   ON CONFLICT (contact_id, incident_id) DO UPDATE SET due_at = least(contact_incidents.due_at, excluded.due_at)`,
)
/** When each is told; whoever is told sooner already stays so. Who hears of an incident for the first time is told what comes `after`, not what others were told before. */
export async function planNotices(tx: Tx, notices: readonly { contactId: string; incidentId: string; dueAt: Date; after: bigint }[]): Promise<void> {
  if (notices.length === 0) return
  await run(tx, plan, [notices.map((one) => one.contactId), notices.map((one) => one.incidentId), notices.map((one) => one.dueAt), notices.map((one) => String(one.after))])
}

const forgetUnchosen = statement(
  'forgetUnchosen',
  'DELETE FROM contact_incidents USING incidents WHERE contact_id = $1 AND incidents.id = incident_id AND topic <> ALL($2::text[]::notification_topic[])',
)
/** A contact is told nothing more of other topics than these. */
export const forgetOtherTopics = (tx: Tx, contactId: string, topics: readonly Topic[]): Promise<number> => run(tx, forgetUnchosen, [contactId, topics])

const waiting = statement(
  'waitingNotices',
  `SELECT incident_id, CASE WHEN NOT news AND cleared_at IS NULL THEN told_at END AS told_at
   FROM contact_incidents JOIN incidents ON incidents.id = incident_id WHERE contact_id = $1 AND due_at > $2`,
)
/** What a contact is to be told later than now; of what goes on, when they were told of it last. */
export const waitingNotices = (tx: Tx, contactId: string, now: Date): Promise<{ incidentId: string; toldAt: Date | null }[]> => rows(tx, waiting, [contactId, now])

const move = statement(
  'moveNotices',
  'UPDATE contact_incidents AS notice SET due_at = moved.due_at FROM unnest($2::uuid[], $3::timestamptz[]) AS moved (incident_id, due_at) WHERE contact_id = $1 AND notice.incident_id = moved.incident_id',
)
export const moveNotices = (tx: Tx, contactId: string, to: readonly { incidentId: string; dueAt: Date }[]): Promise<number> => run(tx, move, [contactId, to.map((one) => one.incidentId), to.map((one) => one.dueAt)])

export interface DueContact {
  id: string
  customerId: string
  connectionId: string
  email: string
  frequency: Frequency
  timeZone: string
  connectionName: string
}
const dueContacts = statement(
  'dueContacts',
  `SELECT contact.id, contact.customer_id, contact.connection_id, contact.email, contact.frequency, contact.time_zone, connection.name AS connection_name
   FROM notification_contacts AS contact JOIN connections AS connection ON connection.id = contact.connection_id
   WHERE contact.active AND contact.id IN (SELECT contact_id FROM contact_incidents WHERE due_at <= $1 ORDER BY due_at LIMIT 500)
   ORDER BY contact.id LIMIT $2 FOR UPDATE OF contact SKIP LOCKED`,
)
/** Contacts who are to be told now; nobody else tells them until the transaction ends. */
export const lockDueContacts = (tx: Tx, now: Date, most: number): Promise<DueContact[]> => rows(tx, dueContacts, [now, most])

export interface DueIncident {
  incidentId: string
  topic: Topic
  news: boolean
  openedAt: Date
  clearedAt: Date | null
  toldAt: Date | null
  /** Of what is new since they were told, or all that is open where this is not the first time. */
  count: number
  lastSeq: string
  /** The first few. */
  shown: { summary: string; opens: string }[]
}
const dueIncidents = statement(
  'dueIncidents',
  `SELECT incident.id AS incident_id, incident.topic, incident.news, incident.opened_at, incident.cleared_at, told.told_at, touched.count, touched.last_seq, touched.shown
   FROM contact_incidents AS told JOIN incidents AS incident ON incident.id = told.incident_id
   CROSS JOIN LATERAL (
     SELECT count(*)::int AS count, coalesce(max(seq), told.told_seq)::text AS last_seq,
       coalesce((SELECT json_agg(json_build_object('summary', summary, 'opens', opens) ORDER BY seq) FROM (
         SELECT summary, opens, seq FROM incident_subjects WHERE incident_id = incident.id AND cleared_at IS NULL AND (NOT incident.news OR seq > told.told_seq) ORDER BY seq LIMIT $3) AS first), '[]') AS shown
     FROM incident_subjects WHERE incident_id = incident.id AND cleared_at IS NULL AND (NOT incident.news OR seq > told.told_seq)
   ) AS touched
   WHERE told.contact_id = $1 AND told.due_at <= $2 ORDER BY incident.opened_at`,
)
export const dueIncidentsOf = (tx: Tx, contactId: string, now: Date, show: number): Promise<DueIncident[]> => rows(tx, dueIncidents, [contactId, now, show])

const told = statement(
  'markTold',
  `UPDATE contact_incidents AS mark SET due_at = NULL, told_at = coalesce(said.at, mark.told_at), told_seq = said.seq
   FROM unnest($2::uuid[], $3::bigint[], $4::timestamptz[]) AS said (incident_id, seq, at) WHERE mark.contact_id = $1 AND mark.incident_id = said.incident_id`,
)
/** They know of these up to there; `at` null: they had nothing to be told. */
export async function markTold(tx: Tx, contactId: string, said: readonly { incidentId: string; lastSeq: string; at: Date | null }[]): Promise<void> {
  await run(tx, told, [contactId, said.map((one) => one.incidentId), said.map((one) => one.lastSeq), said.map((one) => one.at)])
}

const oldSubjects = statement('forgetSubjects', 'DELETE FROM incident_subjects USING incidents WHERE incidents.id = incident_id AND news AND at < $1')
const oldIncidents = statement('forgetIncidents', 'DELETE FROM incidents WHERE cleared_at < $1')
/** Removes news and ended incidents from before an instant. */
export async function forgetIncidents(on: Queryable, before: Date): Promise<void> {
  await run(on, oldSubjects, [before])
  await run(on, oldIncidents, [before])
}
