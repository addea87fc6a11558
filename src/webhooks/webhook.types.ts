import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { EventType as Type } from '../events/catalogue.ts'
import { EventType } from '../events/event-type.types.ts'
import { pageTypeOf } from '../graphql/page.types.ts'
import { DateTime, EventCursor, URLScalar } from '../graphql/scalars.ts'
import { DeliveryStatus, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { DeliveryRow } from './deliveries.store.ts'
import type { WebhookInput } from './save-webhook.ts'
import type { WebhookRow } from './webhooks.store.ts'

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A program that is told of what happens on a connection: each event at least once, in the order of the log, signed as Standard Webhooks has it.' })
export class Webhook {
  @Field(() => ID)
  id!: string

  @Field(() => URLScalar, { description: 'Where events are posted.' })
  url!: string

  @Field(() => [EventType], { description: 'What it is told of.' })
  topics!: Type[]

  @Field(() => Boolean, { description: 'Whether it is told anything. One whose receiver answers 410, or fails for three days, is stopped; saved as active it goes on where it was.' })
  active!: boolean

  @Field(() => String, { nullable: true, description: 'Why it is not, for people.' })
  disabledReason!: string | null

  @Field(() => DateTime, { nullable: true, description: 'Since when its receiver has taken nothing; null where all is well.' })
  failingSince!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it is told next; null where it has been told everything.' })
  nextAttemptAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Until when messages are signed with the secret before, too.' })
  previousSecretUntil!: Date | null

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'An event that a webhook was told. What still waits behind one that fails is in the log, and no delivery yet.' })
export class WebhookDelivery {
  @Field(() => ID)
  id!: string

  @Field(() => DeliveryStatus, { description: 'How far it is.' })
  status!: DeliveryRow['status']

  @Field(() => Int, { description: 'Tries so far, those of redeliveries and replays included.' })
  attempts!: number

  @Field(() => Int, { nullable: true, description: 'What the receiver answered last; null where it did not.' })
  lastStatusCode!: number | null

  @Field(() => String, { nullable: true, description: 'Why the last try failed, for people.' })
  error!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it is tried next.' })
  nextAttemptAt!: Date | null

  @Field(() => DateTime, { description: 'When it was tried first.' })
  createdAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it was taken last.' })
  deliveredAt!: Date | null
}
export const WebhookDeliveryPage = pageTypeOf(WebhookDelivery, 'WebhookDelivery')

@InputType()
export class SaveWebhookInput implements WebhookInput {
  @Field(() => ID, { description: 'Whose events it is told.' })
  connectionId!: string

  @Field(() => ID, { nullable: true, description: 'One of its webhooks, to be changed; a new one if left out.' })
  id?: string | null

  @Field(() => URLScalar, { description: 'https, and no address of a private network, unless the operator allows that network.' })
  url!: URL

  @Field(() => [EventType], { description: 'At least one.' })
  topics!: Type[]

  @Field(() => Boolean, { nullable: true, description: 'False stops it; it is told what happens if left out. One that was stopped goes on where it was.' })
  active?: boolean | null
}

@InputType()
export class RemoveWebhookInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string
}

@InputType()
export class RedeliverWebhookInput {
  @Field(() => ID, { description: 'What is to be told again.' })
  deliveryId!: string
}

@InputType()
export class ReplayWebhookInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => EventCursor, { description: 'It is told everything after this place: of the past once more; `eventCursor` leaves out what waits.' })
  after!: string
}

@InputType()
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => Int, { defaultValue: 24, description: 'For so long, 0 to 168, messages are signed with the secret before, too.' })
  overlapHours!: number
}

@ObjectType({ simpleResolvers: true })
export class WebhookPayload {
  @Field(() => Webhook, { nullable: true, description: 'As it is now, or was; null where it was refused.' })
  webhook!: WebhookRow | null

  @Field(() => String, { nullable: true, description: 'The signing secret, shown this once: of a new webhook, or a new secret.' })
  secret!: string | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}

@ObjectType({ simpleResolvers: true })
export class WebhookDeliveryPayload {
  @Field(() => WebhookDelivery, { nullable: true, description: 'As it is now; null where it was refused.' })
  delivery!: DeliveryRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
