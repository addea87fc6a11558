import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { DateTime, EmailAddress } from '../graphql/scalars.ts'
import { DeliveryStatus, enumOf, Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ContactInput } from './contact.ts'
import type { ContactRow, DeliveryRow } from './contacts.store.ts'
import type { Frequency } from './due.ts'
import type { Topic } from './topics.ts'

export const NotificationTopic = enumOf('NotificationTopic', ['ORDER_CREATED', 'IMPORT_FAILED', 'TRACKING_REJECTED', 'INVENTORY_REJECTED', 'CONNECTION_ATTENTION'], 'What a contact is told of.', {
  ORDER_CREATED: 'Orders were imported.',
  IMPORT_FAILED: 'Orders could not be imported, or an import failed.',
  TRACKING_REJECTED: 'The marketplace refused tracking.',
  INVENTORY_REJECTED: 'The marketplace refused a stock quantity.',
  CONNECTION_ATTENTION: 'Something needs a person: an authorization, a promise that is overdue, an order that changed after it was closed.',
})
export const NotificationFrequency = enumOf('NotificationFrequency', ['IMMEDIATE', 'HOURLY', 'DAILY'], 'How often a contact is told.', {
  IMMEDIATE: 'At once; the same cause again a day later at the earliest.',
  HOURLY: "At the full hour of the contact's clock, all in one mail.",
  DAILY: "At eight in the morning of the contact's clock, all in one mail.",
})

@ObjectType({ implements: Node, simpleResolvers: true, description: 'Who is told by e-mail of what happens on a connection.' })
export class NotificationContact {
  @Field(() => ID)
  id!: string

  @Field(() => EmailAddress, { description: 'Where it goes.' })
  email!: string

  @Field(() => [NotificationTopic], { description: 'What of, the weightiest first.' })
  topics!: Topic[]

  @Field(() => NotificationFrequency, { description: 'How often.' })
  frequency!: Frequency

  @Field(() => String, { description: 'An IANA name: digests come by its clock.' })
  timeZone!: string

  @Field(() => Boolean, { description: 'Whether it is told anything.' })
  active!: boolean

  @Field(() => String, { nullable: true, description: 'Why it is not, for people.' })
  disabledReason!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A mail to a contact.' })
export class NotificationDelivery {
  @Field(() => ID)
  id!: string

  @Field(() => NotificationTopic, { description: 'What it is about: of several the weightiest.' })
  topic!: Topic

  @Field(() => [NotificationTopic], { description: 'All that it is about, the weightiest first.' })
  topics!: Topic[]

  @Field(() => String, { description: "The mail's subject." })
  subject!: string

  @Field(() => DeliveryStatus, { description: 'How far it is.' })
  status!: DeliveryRow['status']

  @Field(() => Int, { description: 'Tries so far.' })
  attempts!: number

  @Field(() => DateTime, { nullable: true, description: 'When the mail server took it.' })
  sentAt!: Date | null

  @Field(() => String, { nullable: true, description: 'What the mail server said last, without addresses.' })
  error!: string | null
}
export const NotificationDeliveryPage = pageTypeOf(NotificationDelivery, 'NotificationDelivery')

@InputType({ description: 'Who is to be told, of what, how often.' })
export class NotificationContactInput implements ContactInput {
  @Field(() => EmailAddress, { description: 'Where it goes.' })
  email!: string

  @Field(() => [NotificationTopic], { description: 'At least one.' })
  topics!: Topic[]

  @Field(() => NotificationFrequency, { defaultValue: 'IMMEDIATE', description: 'How often.' })
  frequency!: Frequency

  @Field(() => String, { nullable: true, description: "An IANA name; the warehouse's if left out." })
  timeZone?: string | null

  @Field(() => Boolean, { nullable: true, description: 'False turns it off; it is on if left out.' })
  active?: boolean | null
}

@InputType()
export class SaveNotificationContactInput {
  @Field(() => ID, { description: 'Of which it is a contact.' })
  connectionId!: string

  @Field(() => ID, { nullable: true, description: 'One of its contacts, to be changed; a new one if left out.' })
  id?: string | null

  @Field(() => NotificationContactInput, { description: 'What it is from here on.' })
  contact!: NotificationContactInput
}

@InputType()
export class RemoveNotificationContactInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string
}

@ObjectType({ simpleResolvers: true })
export class NotificationContactPayload {
  @Field(() => NotificationContact, { nullable: true, description: 'As it is now, or was; null where it was refused.' })
  contact!: ContactRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
