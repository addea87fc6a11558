import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { Connection } from '../connections/connection.types.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { orderingOf } from '../db/list.ts'
import { encodePosition } from '../events/read.ts'
import type { NodeSource } from '../graphql/node.ts'
import { ForwardPageArguments } from '../graphql/page.types.ts'
import { Derived, Joined, Takes } from '../graphql/reads.ts'
import { EventCursor } from '../graphql/scalars.ts'
import type { Refusal } from '../kit/errors.ts'
import { toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { removeWebhook, replayWebhook, rotateWebhookSecret } from './change-webhook.ts'
import { type DeliveryRow, webhookDeliveriesCount, webhookDeliveriesList, webhookDeliveriesPage, webhookDeliveryById } from './deliveries.store.ts'
import { redeliverWebhook } from './redeliver-webhook.ts'
import { saveWebhook, type WebhookTrust } from './save-webhook.ts'
import {
  RedeliverWebhookInput, RemoveWebhookInput, ReplayWebhookInput, RotateWebhookSecretInput, SaveWebhookInput, Webhook, WebhookDelivery, WebhookDeliveryPage, WebhookDeliveryPayload, WebhookPayload,
} from './webhook.types.ts'
import { webhookById, type WebhookRow, webhooksOfConnection } from './webhooks.store.ts'

type Changed = { webhook: WebhookRow; secret?: string | null } | { refusals: Refusal[] }

const payload = (result: Changed): WebhookPayload =>
  'refusals' in result ? { webhook: null, secret: null, userErrors: result.refusals } : { webhook: result.webhook, secret: result.secret ?? null, userErrors: [] }

@Resolver(() => Webhook)
export class WebhooksResolver {
  readonly #trust: WebhookTrust

  constructor(trust: WebhookTrust) {
    this.#trust = trust
  }

  @Mutation(() => WebhookPayload, { description: 'Which program is told of what on a connection: a new webhook, or another version of one. What happened before it was made it is not told, unless it is replayed.' })
  async saveWebhook(@Arg('input', () => SaveWebhookInput) input: SaveWebhookInput, @Ctx() scope: Scope): Promise<WebhookPayload> {
    return payload(await saveWebhook(scope, this.#trust, input))
  }

  @Mutation(() => WebhookPayload, { description: 'Ends a webhook, and its log of deliveries with it.' })
  async removeWebhook(@Arg('input', () => RemoveWebhookInput) input: RemoveWebhookInput, @Ctx() scope: Scope): Promise<WebhookPayload> {
    return payload(await removeWebhook(scope, input))
  }

  @Mutation(() => WebhookPayload, { description: 'Tells a webhook everything after a place of the event log, in order: once more what it was told, or for the first time what it was not; or leaves out what waits.' })
  async replayWebhook(@Arg('input', () => ReplayWebhookInput) input: ReplayWebhookInput, @Ctx() scope: Scope): Promise<WebhookPayload> {
    return payload(await replayWebhook(scope, input))
  }

  @Mutation(() => WebhookPayload, { description: 'Gives a webhook another signing secret; for a while messages bear signatures of both.' })
  async rotateWebhookSecret(@Arg('input', () => RotateWebhookSecretInput) input: RotateWebhookSecretInput, @Ctx() scope: Scope): Promise<WebhookPayload> {
    return payload(await rotateWebhookSecret(scope, this.#trust.sealer, input))
  }

  @Mutation(() => WebhookDeliveryPayload, { description: 'Tells one event again, at once, once, and out of turn. What waits for its next try is tried now.' })
  async redeliverWebhook(@Arg('input', () => RedeliverWebhookInput) input: RedeliverWebhookInput, @Ctx() scope: Scope): Promise<WebhookDeliveryPayload> {
    const result = await redeliverWebhook(scope, input)
    return 'refusals' in result ? { delivery: null, userErrors: result.refusals } : { delivery: result.delivery, userErrors: [] }
  }

  @Derived<WebhookRow, 'id'>(() => ID, ['id'], ({ id }) => toId('Webhook', id))
  declare id: string

  @Derived<WebhookRow, 'xid' | 'eventId'>(() => EventCursor, ['xid', 'eventId'], ({ xid, eventId }) => encodePosition({ xid, id: eventId }), { description: 'It has been told everything up to here.' })
  declare cursor: string

  @Joined<WebhookRow, ConnectionRow>(() => Connection, connectionById, 'connectionId', { description: 'Whose events it is told.' })
  declare connection: ConnectionRow

  @FieldResolver(() => WebhookDeliveryPage, { description: 'What it was told in the last 30 days, the newest first.' })
  @Takes<WebhookRow, 'id'>('id')
  async deliveries(@Root() webhook: Pick<WebhookRow, 'id'>, @Args(() => ForwardPageArguments) args: ForwardPageArguments, @Ctx() scope: Scope): Promise<Page<DeliveryRow>> {
    const ordering = orderingOf(webhookDeliveriesList, 'CREATED_DESC')
    const request = parsePage(args, ordering)
    const wanted = { webhookId: webhook.id }
    return toPage(request, ordering, await webhookDeliveriesPage(scope, request, wanted), (row) => row, () => webhookDeliveriesCount(scope, wanted))
  }
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveriesResolver {
  @Derived<DeliveryRow, 'id'>(() => ID, ['id'], ({ id }) => toId('WebhookDelivery', id))
  declare id: string

  @Joined<DeliveryRow, WebhookRow>(() => Webhook, webhookById, 'webhookId', { description: 'Which was told.' })
  declare webhook: WebhookRow
}

@Resolver(() => Connection)
export class WebhooksOfConnectionResolver {
  @Joined<ConnectionRow, WebhookRow[]>(() => [Webhook], webhooksOfConnection, 'id', { description: 'Programs that are told of what happens on it.' })
  declare webhooks: WebhookRow[]
}

export const webhookNodes: NodeSource[] = [
  { type: 'Webhook', read: (scope, id) => load(scope, webhookById, id) },
  { type: 'WebhookDelivery', read: (scope, id) => load(scope, webhookDeliveryById, id) },
]
