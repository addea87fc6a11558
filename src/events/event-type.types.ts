import { enumOf } from '../graphql/shared.types.ts'
import { eventTypes } from './catalogue.ts'

export const EventType = enumOf('EventType', eventTypes, 'What happened. Kinds may be added: pass over those that you do not know.', {
  IMPORT_STARTED: 'A run of an import began.',
  IMPORT_FINISHED: 'It ended; its receipt is whole.',
  IMPORT_FAILED: 'It ended early.',
  ORDER_IMPORTED: 'A new order is here.',
  ORDER_UPDATED: 'The marketplace changed it.',
  ORDER_IMPORT_FAILED: 'An order could not be imported.',
  ORDER_IMPORT_RECOVERED: 'One that could not be imported was, after all.',
  ORDER_CANCEL_REQUESTED: 'Its buyer has asked to cancel.',
  ORDER_CANCELLED: 'It is not to be shipped any more.',
  ORDER_HELD: 'It waits.',
  ORDER_RELEASED: 'It waits no more.',
  ORDER_SHIPPED: 'A package of it left.',
  ORDER_CLOSED: 'All of it has left.',
  ORDER_CONFLICT: 'The marketplace changed an order that is closed: nothing of it changes here, and a person must see to it.',
  TRACKING_ACCEPTED: 'The marketplace was read to have the package.',
  TRACKING_REJECTED: 'The marketplace refused it: a person must correct it.',
  INVENTORY_PUSHED: 'The marketplace took a quantity.',
  INVENTORY_REJECTED: 'The marketplace refused a quantity.',
  CONNECTION_CHANGED: 'A connection has another status or other settings.',
  CONNECTION_NEEDS_ATTENTION: 'It stopped until a person sets it right; CONNECTION_CHANGED tells of the same.',
  ONBOARDING_OVERDUE: 'The warehouse has not done its part of setting a connection up by the time that was promised.',
  NOTIFICATIONS_STOPPED: 'A contact or webhook gets nothing more, until somebody turns it on again.',
  AUTHORIZATION_EXPIRING: 'An authorization, or the application\'s secret, ends soon or has ended.',
})
