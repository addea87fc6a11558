// Which events tell whom of what. Pure.
import type { EventType } from '../events/catalogue.ts'
import type { EventRow } from '../events/read.ts'
import { toId } from '../kit/ids.ts'

export const topics = ['IMPORT_FAILED', 'TRACKING_REJECTED', 'INVENTORY_REJECTED', 'CONNECTION_ATTENTION', 'ORDER_CREATED'] as const
/** The weightiest first. */
export type Topic = (typeof topics)[number]

/** An event as notifications take it. */
export interface Raised {
  connectionId: string
  customerId: string
  topic: Topic
  /** What tells causes apart; the same one on many orders is one incident. */
  cause: string
  /** Told each time, and not once for as long as it lasts. */
  news: boolean
  subject: string
  /** What is opened to mend it, as the contract shows its id. */
  opens: string
  summary: string
  at: Date
}

export interface Cleared {
  connectionId: string
  topic: Topic
  /** Null: whatever the cause is. */
  cause: string | null
  /** Null: whatever it touches. */
  subject: string | null
}

/** What the rows behind an event say of its cause: an import failure's code and what it lacks, a refusal's code. */
export type Causes = ReadonlyMap<string, string>

interface Rule {
  topic: Topic
  news: boolean
  about: (event: EventRow) => { subject: string; opens: string }
  cause: (event: EventRow, causes: Causes) => string
}

const order = (event: EventRow) => ({ subject: event.orderId!, opens: toId('Order', event.orderId!) })
const connection = (event: EventRow) => ({ subject: event.connectionId, opens: toId('Connection', event.connectionId) })
const failure = (event: EventRow) => ({ subject: event.importFailureId!, opens: toId('ImportFailure', event.importFailureId!) })
const shipment = (event: EventRow) => ({ subject: event.shipmentId!, opens: toId('Shipment', event.shipmentId!) })
const item = (event: EventRow) => ({ subject: event.inventoryItemId!, opens: toId('InventoryItem', event.inventoryItemId!) })

const RUNS = 'run'
const ATTENTION = 'attention'

const raising: Partial<Record<EventType, Rule>> = {
  ORDER_IMPORTED: { topic: 'ORDER_CREATED', news: true, about: order, cause: () => 'imported' },
  ORDER_IMPORT_FAILED: { topic: 'IMPORT_FAILED', news: false, about: failure, cause: ({ importFailureId }, causes) => `failure ${causes.get(importFailureId!) ?? ''}` },
  IMPORT_FAILED: { topic: 'IMPORT_FAILED', news: false, about: connection, cause: () => RUNS },
  TRACKING_REJECTED: { topic: 'TRACKING_REJECTED', news: false, about: shipment, cause: ({ shipmentId }, causes) => `refused ${causes.get(shipmentId!) ?? ''}` },
  INVENTORY_REJECTED: { topic: 'INVENTORY_REJECTED', news: false, about: item, cause: ({ inventoryItemId }, causes) => `refused ${causes.get(inventoryItemId!) ?? ''}` },
  CONNECTION_NEEDS_ATTENTION: { topic: 'CONNECTION_ATTENTION', news: false, about: connection, cause: () => ATTENTION },
  AUTHORIZATION_EXPIRING: { topic: 'CONNECTION_ATTENTION', news: true, about: connection, cause: () => 'expiring' },
  ONBOARDING_OVERDUE: { topic: 'CONNECTION_ATTENTION', news: true, about: connection, cause: () => 'overdue' },
  NOTIFICATIONS_STOPPED: { topic: 'CONNECTION_ATTENTION', news: true, about: connection, cause: () => 'stopped' },
  ORDER_CONFLICT: { topic: 'CONNECTION_ATTENTION', news: true, about: order, cause: () => 'conflict' },
}

export function raisedBy(event: EventRow, causes: Causes): Raised | null {
  const rule = raising[event.type]
  if (rule === undefined) return null
  const { connectionId, customerId, summary, occurredAt: at } = event
  return { connectionId, customerId, topic: rule.topic, cause: rule.cause(event, causes), news: rule.news, ...rule.about(event), summary, at }
}

/** What an event says is mended. Of stock, an event of one listing says nothing of another of the same item: the listings themselves are looked at. */
export function clearedBy({ type, connectionId, importFailureId, shipmentId }: EventRow): Cleared | null {
  switch (type) {
    case 'ORDER_IMPORT_RECOVERED': return { connectionId, topic: 'IMPORT_FAILED', cause: null, subject: importFailureId }
    case 'IMPORT_FINISHED': return { connectionId, topic: 'IMPORT_FAILED', cause: RUNS, subject: null }
    case 'TRACKING_ACCEPTED': return { connectionId, topic: 'TRACKING_REJECTED', cause: null, subject: shipmentId }
    default: return null
  }
}

const mends = (one: Cleared, raised: Raised): boolean =>
  !raised.news && raised.connectionId === one.connectionId && raised.topic === one.topic && (one.cause ?? raised.cause) === raised.cause && (one.subject ?? raised.subject) === raised.subject

/** What is left of events in their order, once what was mended after it came is left out; and what is mended of all that came before them. */
export function outcomeOf(events: readonly EventRow[], causes: Causes): { raised: Raised[]; cleared: Cleared[] } {
  const cleared: Cleared[] = []
  let raised: Raised[] = []
  for (const event of events) {
    const [came, mended] = [raisedBy(event, causes), clearedBy(event)]
    if (came !== null) raised.push(came)
    if (mended === null) continue
    cleared.push(mended)
    raised = raised.filter((one) => !mends(mended, one))
  }
  return { raised, cleared }
}

/** After which events it is looked whether what was told still is so: they change it without saying what. */
export const settling: ReadonlySet<EventType> = new Set(['CONNECTION_CHANGED', 'ORDER_UPDATED', 'INVENTORY_PUSHED'])
