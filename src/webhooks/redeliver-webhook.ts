import { changing, noteChange } from '../auth/changing.ts'
import { load, type Scope } from '../auth/scope.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { askAgain, type DeliveryRow, lockWebhookDelivery, webhookDeliveryById } from './deliveries.store.ts'
import { hurryWebhook, lockWebhook } from './webhooks.store.ts'

/** Tells an event once more, now and out of turn. One that waits for its next try, with all that comes after it, is tried now instead. */
export async function redeliverWebhook(scope: Scope, { deliveryId }: { deliveryId: string }): Promise<{ delivery: DeliveryRow } | { refusals: Refusal[] }> {
  const uuid = uuidOf('WebhookDelivery', deliveryId)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a delivery', 'deliveryId')] }
  const known = await load(scope, webhookDeliveryById, uuid)
  return changing(scope, async (tx) => {
    const webhook = known === null ? null : await lockWebhook(tx, scope, known.webhookId)
    const delivery = webhook === null ? null : await lockWebhookDelivery(tx, scope, uuid)
    if (webhook === null || delivery === null) return { refusals: [refusal('NOT_FOUND', 'no such delivery', 'deliveryId')] }
    if (!webhook.active) return { refusals: [refusal('NOT_ALLOWED', 'its webhook is stopped: save it as active first', 'deliveryId')] }
    await noteChange(tx, scope, { type: 'WebhookDelivery', id: uuid, customerId: delivery.customerId }, { status: 'PENDING' })
    if (delivery.status !== 'PENDING') return { delivery: await askAgain(tx, scope, uuid) }
    if (!delivery.again) await hurryWebhook(tx, scope, webhook.id)
    return { delivery }
  })
}
