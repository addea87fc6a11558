import dns from 'node:dns/promises'
import type { Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { withConnection } from '../connections/with-connection.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import { endOfEvents } from '../events/read.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { newUuid, uuidOf } from '../kit/ids.ts'
import { newSecret } from './message.ts'
import { sealSecret } from './secrets.ts'
import { addressOf, type Networks, refuseAddresses, refuseUrl } from './target.ts'
import { countWebhooks, insertWebhook, updateWebhook, type WebhookRow } from './webhooks.store.ts'

/** Of one connection. */
const MOST_WEBHOOKS = 20

export interface WebhookInput {
  connectionId: string
  id?: string | null
  url: URL
  topics: readonly EventType[]
  active?: boolean | null
}

/** What saving takes of the process. */
export interface WebhookTrust {
  sealer: Sealer
  networks: Networks
}

/** A new webhook of a connection, with its secret, or another one of an `id` that it has. One that was stopped goes on where it was, unless told otherwise. */
export async function saveWebhook(scope: Scope, { sealer, networks }: WebhookTrust, input: WebhookInput): Promise<{ webhook: WebhookRow; secret: string | null } | { refusals: Refusal[] }> {
  const { connectionId, url, active } = input
  const topics = eventTypes.filter((type) => input.topics.includes(type))
  const uuid = input.id == null ? null : uuidOf('Webhook', input.id)
  const refusals = [
    ...refuseUrl(url, 'url'),
    ...(topics.length === 0 ? [refusal('REQUIRED', 'name at least one type of event', 'topics')] : []),
    ...(input.id != null && uuid === null ? [refusal('INVALID', 'not an id of a webhook', 'id')] : []),
  ]
  if (refusals.length > 0) return { refusals }
  const leading = await refuseLeading(url, networks)
  if (leading.length > 0) return { refusals: leading }
  const place = await endOfEvents(scope)
  return withConnection(scope, connectionId, async (tx, connection) => {
    if (uuid !== null) {
      const webhook = await updateWebhook(tx, scope, uuid, { url: url.href, topics, active: active !== false })
      if (webhook === null || webhook.connectionId !== connection.id) throw new Refused(refusal('NOT_FOUND', 'the connection has no such webhook', 'id'))
      return { webhook, secret: null }
    }
    if ((await countWebhooks(tx, scope, connection.id)) >= MOST_WEBHOOKS) throw new Refused(refusal('TOO_MANY', `a connection has at most ${MOST_WEBHOOKS} webhooks`, 'connectionId'))
    const [id, secret] = [newUuid(), newSecret()]
    const webhook = await insertWebhook(tx, scope, connection.id, { id, url: url.href, topics, secret: await sealSecret(sealer, id, secret), place })
    return { webhook, secret }
  })
}

/** Whoever misspelt a name is told so now. One that cannot be looked up at the moment is seen to when it is told something. */
async function refuseLeading(url: URL, networks: Networks): Promise<Refusal[]> {
  const address = addressOf(url)
  if (address !== null) return refuseAddresses(url, [address], networks, 'url')
  try {
    const found = await dns.lookup(url.hostname, { all: true })
    return refuseAddresses(url, found.map((one) => one.address), networks, 'url')
  } catch (error) {
    return (error as { code?: string }).code === 'ENOTFOUND' ? [refusal('INVALID', 'there is no host of that name', 'url')] : []
  }
}
