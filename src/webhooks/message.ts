// What a receiver gets, as Standard Webhooks has it (standardwebhooks.com): the event, its id, and signatures over both.
import { randomBytes } from 'node:crypto'
import { Webhook as Signing } from 'standardwebhooks'
import { encodePosition, type EventRow } from '../events/read.ts'
import { type IdType, toId } from '../kit/ids.ts'

const SECRET_BYTES = 32

/** whsec_ and base 64, as the libraries of receivers take it. */
export const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`

export const messageId = ({ id }: Pick<EventRow, 'id'>): string => `evt_${id}`

const optional = (type: IdType, uuid: string | null): string | undefined => (uuid === null ? undefined : toId(type, uuid))

/** JSON. Ids and facts alone, as in the log: what they name is asked for by them. */
export function bodyOf(event: EventRow): string {
  return JSON.stringify({
    type: event.type,
    timestamp: event.occurredAt.toISOString(),
    data: {
      id: messageId(event),
      cursor: encodePosition(event),
      summary: event.summary,
      connectionId: toId('Connection', event.connectionId),
      customerId: toId('Customer', event.customerId),
      orderId: optional('Order', event.orderId),
      jobRunId: optional('JobRun', event.jobRunId),
      importFailureId: optional('ImportFailure', event.importFailureId),
      shipmentId: optional('Shipment', event.shipmentId),
      inventoryItemId: optional('InventoryItem', event.inventoryItemId),
      quantity: event.quantity ?? undefined,
    },
  })
}

/** Signs with each of the secrets: while one is replaced, receivers may know either. */
export function signer(secrets: readonly string[]): (id: string, at: Date, body: string) => Record<string, string> {
  const signing = secrets.map((secret) => new Signing(secret))
  return (id, at, body) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signing.map((one) => one.sign(id, at, body)).join(' '),
  })
}
