import type { Scope } from '../auth/scope.ts'
import { loadExisting } from '../auth/scope.ts'
import { transaction } from '../db/transaction.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { askAgain, type DeliveryRow, lockWebhookDelivery } from './deliveries.store.ts'
import { hurryWebhook, webhookById } from './webhooks.store.ts'

/** Tells an event once more, now and out of turn. One that waits for its next try, with all that comes after it, is tried now instead. */
export async function redeliverWebhook(scope: Scope, { deliveryId }: { deliveryId: string }): Promise<{ delivery: DeliveryRow } | { refusals: Refusal[] }> {
  const uuid = uuidOf('WebhookDelivery', deliveryId)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a delivery', 'deliveryId')] }
  return transaction(scope.db.pool, async (tx) => {
    const delivery = await lockWebhookDelivery(tx, scope, uuid)
    if (delivery === null) return { refusals: [refusal('NOT_FOUND', 'no such delivery', 'deliveryId')] }
    const webhook = await loadExisting(scope, webhookById, delivery.webhookId)
    if (!webhook.active) return { refusals: [refusal('NOT_ALLOWED', 'its webhook is stopped: save it as active first', 'deliveryId')] }
    if (delivery.status !== 'PENDING') return { delivery: await askAgain(tx, scope, uuid) }
    if (!delivery.again) await hurryWebhook(tx, scope, webhook.id)
    return { delivery }
  })
}
