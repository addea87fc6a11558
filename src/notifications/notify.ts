import type { Signer } from '../auth/signer.ts'
import type { Database } from '../db/client.ts'
import { type Tx, transaction } from '../db/transaction.ts'
import { beginReader, readOn } from '../events/reader.ts'
import type { EventRow } from '../events/read.ts'
import { type Clock, shifted } from '../kit/clock.ts'
import { queueMail } from '../mail/queue-mail.ts'
import { causes } from '../observability/causes.ts'
import type { Log } from '../observability/log.ts'
import { type DueContact, type DueIncident, clearSubjects, contactsOfIncidents, dueIncidentsOf, listenedTo, lockDueContacts, markTold, planNotices, raiseIncidents, readCauses, settleIncidents } from './incidents.store.ts'
import { dueAt, GATHERED_FOR } from './due.ts'
import { notificationOf } from './letters.tsx'
import { outcomeOf, settling, topics } from './topics.ts'

const READER = 'notifications'
/** Contacts told in one transaction. */
const AT_A_TIME = 20
/** Orders and the like that a mail names, of each incident. */
const SHOWN = 5

export interface NotifyProcess {
  db: Database
  clock: Clock
  log: Log
  signer: Signer
  publicUrl: () => string
}

/** Follows the event log, gathers what contacts are told, and tells them when it is time. What it does commits with its place in the log. */
export class NotificationPump {
  readonly name = 'notifications'
  /** One worker tells whoever is due: it reads and writes the database alone, and waits for nobody. */
  readonly isFull = false
  readonly #process: NotifyProcess
  #running: Promise<void> | null = null
  #begun = false
  #stopping = false

  constructor(process: NotifyProcess) {
    this.#process = process
  }

  async tick(): Promise<void> {
    if (!this.#stopping) this.#running ??= this.#work().finally(() => (this.#running = null))
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#running
  }

  async #work(): Promise<void> {
    const { db, clock, log } = this.#process
    try {
      if (!this.#begun) await beginReader(db, READER)
      this.#begun = true
      while (!this.#stopping && (await readOn(db, READER, (tx, events) => gather(tx, events, clock())))) { /* until nothing is new */ }
      while (!this.#stopping && (await transaction(db.pool, (tx) => this.#tell(tx)))) { /* until nobody is due */ }
    } catch (error) {
      log.warn({ causes: causes(error) }, 'notifications stumbled; the next tick goes on')
    }
  }

  /** Whether there may be more who are due. */
  async #tell(tx: Tx): Promise<boolean> {
    const now = this.#process.clock()
    const due = await lockDueContacts(tx, now, AT_A_TIME)
    const connections = [...new Set(due.map(({ connectionId }) => connectionId))]
    await planMended(tx, await settleIncidents(tx, connections, now), now)
    for (const contact of due) await this.#tellOne(tx, contact, now)
    return due.length === AT_A_TIME
  }

  async #tellOne(tx: Tx, contact: DueContact, now: Date): Promise<void> {
    const found = await dueIncidentsOf(tx, contact.id, now, SHOWN)
    const worth = found.filter((one) => one.count > 0 || (one.clearedAt !== null && one.toldAt !== null))
    // At once: a mail for each cause. In digests: one for all.
    const letters = contact.frequency === 'IMMEDIATE' ? worth.map((one) => [one]) : worth.length === 0 ? [] : [worth.toSorted(byWeight)]
    for (const incidents of letters) await this.#queue(tx, contact, incidents)
    await markTold(tx, contact.id, found.map((one) => ({ incidentId: one.incidentId, lastSeq: one.lastSeq, at: worth.includes(one) ? now : null })))
  }

  async #queue(tx: Tx, { id, email, customerId, connectionId, connectionName, frequency }: DueContact, incidents: readonly DueIncident[]): Promise<void> {
    const { signer, publicUrl } = this.#process
    const unsubscribe = `${publicUrl()}/unsubscribe/${await signer.sign('unsubscribe', id, null)}`
    const { subject, body } = notificationOf({ connection: connectionName, frequency, incidents, publicUrl: publicUrl(), unsubscribe })
    await queueMail(tx, {
      kind: frequency === 'IMMEDIATE' ? 'NOTIFICATION' : 'DIGEST', customerId, connectionId, contactId: id, topics: [...new Set(incidents.toSorted(byWeight).map(({ topic }) => topic))],
      recipient: email, subject, body, headers: { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }, // RFC 8058
    })
  }
}

const byWeight = (one: DueIncident, other: DueIncident): number => topics.indexOf(one.topic) - topics.indexOf(other.topic)

/** What a batch of events says to contacts: set-wise, whatever its size. */
async function gather(tx: Tx, events: readonly EventRow[], now: Date): Promise<void> {
  const heard = await listenedTo(tx, [...new Set(events.map(({ connectionId }) => connectionId))])
  if (heard.size === 0) return
  const ids = (type: EventRow['type'], id: (event: EventRow) => string | null): string[] => events.flatMap((event) => (event.type === type ? [id(event)!] : []))
  const causesOf = await readCauses(tx, ids('ORDER_IMPORT_FAILED', (one) => one.importFailureId), ids('TRACKING_REJECTED', (one) => one.shipmentId), events.flatMap(({ type, connectionId, inventoryItemId }) => (type === 'INVENTORY_REJECTED' ? [{ connectionId, id: inventoryItemId! }] : [])))
  const { raised, cleared } = outcomeOf(events, causesOf)
  await clearSubjects(tx, cleared, now)
  const touched = await raiseIncidents(tx, raised.filter(({ connectionId, topic }) => heard.has(`${connectionId} ${topic}`)))
  const listening = touched.size === 0 ? [] : await contactsOfIncidents(tx, [...touched.keys()])
  await planNotices(tx, listening.map(({ contactId, incidentId, frequency, timeZone, news, toldAt }) => ({ contactId, incidentId, dueAt: dueAt(frequency, timeZone, now, news ? null : toldAt), after: touched.get(incidentId)! })))
  const settled = [...new Set([...cleared.map(({ connectionId }) => connectionId), ...events.flatMap(({ type, connectionId }) => (settling.has(type) ? [connectionId] : []))])]
  await planMended(tx, await settleIncidents(tx, settled.filter((id) => [...heard].some((one) => one.startsWith(id))), now), now)
}

/** Whoever was told of an incident is told of its end. */
async function planMended(tx: Tx, ended: readonly string[], now: Date): Promise<void> {
  if (ended.length === 0) return
  const listening = (await contactsOfIncidents(tx, ended)).filter(({ toldAt }) => toldAt !== null)
  await planNotices(tx, listening.map(({ contactId, incidentId, frequency, timeZone }) => ({ contactId, incidentId, dueAt: frequency === 'IMMEDIATE' ? shifted(now, GATHERED_FOR) : dueAt(frequency, timeZone, now, null), after: 0n })))
}
