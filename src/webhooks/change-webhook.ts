// What is done with a webhook beside saving it: each by its id, in one statement.
import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import type { Tx } from '../db/transaction.ts'
import { hasExpired } from '../events/keep-events.ts'
import { decodePosition, horizon, isAfter, type Position } from '../events/read.ts'
import { minutes, shifted } from '../kit/clock.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { newSecret } from './message.ts'
import { sealSecret } from './secrets.ts'
import { deleteWebhook, lockWebhook, moveWebhook, replaceSecret, type WebhookRow } from './webhooks.store.ts'

type Changed = { webhook: WebhookRow } | { refusals: Refusal[] }

async function change(scope: Scope, id: string, work: (tx: Tx, uuid: string) => Promise<WebhookRow | null>): Promise<Changed> {
  const uuid = uuidOf('Webhook', id)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a webhook', 'id')] }
  const webhook = await changing(scope, (tx) => work(tx, uuid))
  return webhook === null ? { refusals: [refusal('NOT_FOUND', 'no such webhook', 'id')] } : { webhook }
}

/** Ends a webhook, and its log of deliveries with it: also what was being recorded, as it is locked before that is looked at. */
export const removeWebhook = (scope: Scope, { id }: { id: string }): Promise<Changed> => change(scope, id, async (tx, uuid) => ((await lockWebhook(tx, scope, uuid)) === null ? null : deleteWebhook(tx, scope, uuid)))

/** From a place of the log on, everything is told once more, or what lies before it never is. A stopped one stays so. */
export async function replayWebhook(scope: Scope, { id, after }: { id: string; after: string }): Promise<Changed> {
  const place = placeOf(after)
  // A place still to come would silence it without a word.
  if (place === null || isAfter(place, await horizon(scope))) return { refusals: [refusal('INVALID', 'not a cursor that the event log has given', 'after')] }
  if (await hasExpired(scope.db.pool, place)) return { refusals: [refusal('INVALID', 'the event log does not reach back to it any more', 'after')] }
  return change(scope, id, (tx, uuid) => moveWebhook(tx, scope, uuid, place))
}

function placeOf(cursor: string): Position | null {
  try {
    return decodePosition(cursor)
  } catch {
    return null
  }
}

/** The longest time in which two secrets sign. */
const LONGEST_OVERLAP_HOURS = 168

/** Another secret; for a while the one before signs, too. */
export async function rotateWebhookSecret(scope: Scope, sealer: Sealer, { id, overlapHours }: { id: string; overlapHours: number }): Promise<{ webhook: WebhookRow; secret: string } | { refusals: Refusal[] }> {
  if (overlapHours < 0 || overlapHours > LONGEST_OVERLAP_HOURS) return { refusals: [refusal('INVALID', `0 to ${LONGEST_OVERLAP_HOURS} hours`, 'overlapHours')] }
  const secret = newSecret()
  const changed = await change(scope, id, async (tx, uuid) => replaceSecret(tx, scope, uuid, await sealSecret(sealer, uuid, secret), shifted(scope.clock(), minutes(60 * overlapHours))))
  return 'refusals' in changed ? changed : { ...changed, secret }
}
