/** What an event is about: it decides the type that the contract shows it as. */
export type EventSubject = 'JOB_RUN' | 'ORDER' | 'IMPORT_FAILURE' | 'SHIPMENT' | 'INVENTORY_ITEM' | 'CONNECTION'

/** Every event there is. A new one is one row here. */
export const eventCatalogue = {
  IMPORT_STARTED: 'JOB_RUN',
  IMPORT_FINISHED: 'JOB_RUN',
  IMPORT_FAILED: 'JOB_RUN',
  ORDER_IMPORTED: 'ORDER',
  ORDER_UPDATED: 'ORDER',
  ORDER_IMPORT_FAILED: 'IMPORT_FAILURE',
  ORDER_IMPORT_RECOVERED: 'IMPORT_FAILURE',
  ORDER_CANCEL_REQUESTED: 'ORDER',
  ORDER_CANCELLED: 'ORDER',
  ORDER_HELD: 'ORDER',
  ORDER_RELEASED: 'ORDER',
  ORDER_SHIPPED: 'SHIPMENT',
  ORDER_CLOSED: 'ORDER',
  ORDER_CONFLICT: 'ORDER',
  TRACKING_ACCEPTED: 'SHIPMENT',
  TRACKING_REJECTED: 'SHIPMENT',
  INVENTORY_PUSHED: 'INVENTORY_ITEM',
  INVENTORY_REJECTED: 'INVENTORY_ITEM',
  CONNECTION_CHANGED: 'CONNECTION',
  CONNECTION_NEEDS_ATTENTION: 'CONNECTION',
  AUTHORIZATION_EXPIRING: 'CONNECTION',
  ONBOARDING_OVERDUE: 'CONNECTION',
  NOTIFICATIONS_STOPPED: 'CONNECTION',
} as const satisfies Record<string, EventSubject>

export type EventType = keyof typeof eventCatalogue
export const eventTypes = Object.keys(eventCatalogue) as EventType[]

/** Those that importEvents streams: what an import does and finds. */
export const importEventTypes: readonly EventType[] = [
  'IMPORT_STARTED', 'IMPORT_FINISHED', 'IMPORT_FAILED',
  'ORDER_IMPORTED', 'ORDER_UPDATED', 'ORDER_IMPORT_FAILED', 'ORDER_IMPORT_RECOVERED', 'ORDER_CANCEL_REQUESTED', 'ORDER_CANCELLED', 'ORDER_CONFLICT',
]

/** An event to append: ids and facts, never a row, never personal data. Ids are UUIDs. */
export interface NewEvent {
  type: EventType
  customerId: string
  connectionId: string
  orderId?: string
  jobRunId?: string
  importFailureId?: string
  shipmentId?: string
  inventoryItemId?: string
  quantity?: number
  /** One sentence for people. */
  summary: string
}
