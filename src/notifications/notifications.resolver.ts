import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { Connection } from '../connections/connection.types.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { ForwardPageArguments } from '../graphql/page.types.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import type { Refusal } from '../kit/errors.ts'
import { toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { contactById, type ContactRow, contactsOfConnection, deliveriesCount, deliveriesList, deliveriesPage, deliveryById, type DeliveryRow } from './contacts.store.ts'
import {
  NotificationContact, NotificationContactPayload, NotificationDelivery, NotificationDeliveryPage, NotificationTopic, RemoveNotificationContactInput, SaveNotificationContactInput,
} from './notification.types.ts'
import { removeContact } from './remove-contact.ts'
import { saveContact } from './save-contact.ts'

const payload = (result: { contact: ContactRow } | { refusals: Refusal[] }): NotificationContactPayload =>
  'refusals' in result ? { contact: null, userErrors: result.refusals } : { contact: result.contact, userErrors: [] }

@Resolver(() => NotificationContact)
export class NotificationContactsResolver {
  @Mutation(() => NotificationContactPayload, { description: 'Who is told of what on a connection: a new contact, or another version of one.' })
  async saveNotificationContact(@Arg('input', () => SaveNotificationContactInput) input: SaveNotificationContactInput, @Ctx() scope: Scope): Promise<NotificationContactPayload> {
    return payload(await saveContact(scope, input))
  }

  @Mutation(() => NotificationContactPayload, { description: 'Ends a contact.' })
  async removeNotificationContact(@Arg('input', () => RemoveNotificationContactInput) input: RemoveNotificationContactInput, @Ctx() scope: Scope): Promise<NotificationContactPayload> {
    return payload(await removeContact(scope, input))
  }

  @Derived<ContactRow, 'id'>(() => ID, ['id'], ({ id }) => toId('NotificationContact', id))
  declare id: string

  @Joined<ContactRow, ConnectionRow>(() => Connection, connectionById, 'connectionId', { description: 'Of which it is a contact.' })
  declare connection: ConnectionRow

  @FieldResolver(() => NotificationDeliveryPage, { description: 'What was sent, the newest first.' })
  async deliveries(@Root() contact: ContactRow, @Args(() => ForwardPageArguments) args: ForwardPageArguments, @Ctx() scope: Scope): Promise<Page<DeliveryRow>> {
    const ordering = orderingOf(deliveriesList, 'CREATED_DESC')
    const request = parsePage(args, ordering)
    const wanted = { contactId: contact.id }
    return toPage(request, ordering, await deliveriesPage(scope, request, wanted), (row) => row, () => deliveriesCount(scope, wanted))
  }
}

@Resolver(() => NotificationDelivery)
export class NotificationDeliveriesResolver {
  @Derived<DeliveryRow, 'id'>(() => ID, ['id'], ({ id }) => toId('NotificationDelivery', id))
  declare id: string

  @Derived<DeliveryRow, 'topics'>(() => NotificationTopic, ['topics'], ({ topics }) => topics[0], { description: 'What it is about: of several the weightiest.' })
  declare topic: string
}

@Resolver(() => Connection)
export class ContactsOfConnectionResolver {
  @Joined<ConnectionRow, ContactRow[]>(() => [NotificationContact], contactsOfConnection, 'id', { description: 'Who is told by e-mail of what happens on it.' })
  declare notificationContacts: ContactRow[]
}

export const notificationNodes: NodeSource[] = [
  { type: 'NotificationContact', read: (scope, id) => load(scope, contactById, id) },
  { type: 'NotificationDelivery', read: (scope, id) => load(scope, deliveryById, id) },
]
