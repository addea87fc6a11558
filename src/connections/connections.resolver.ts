import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById, type CustomerRow } from '../customers/customers.store.ts'
import { Warehouse } from '../customers/warehouse.types.ts'
import { warehouseById, type WarehouseRow } from '../customers/warehouses.store.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { ForwardPageArguments, PageArguments } from '../graphql/page.types.ts'
import { Derived, Joined, Same, Takes } from '../graphql/reads.ts'
import type { JobKind } from '../jobs/cadences.ts'
import { requireUuid, requireUuids, toId } from '../kit/ids.ts'
import { type Page, type PageArgs, parsePage, toPage } from '../kit/page.ts'
import { searchText } from '../kit/search.ts'
import type { Marketplace as MarketplaceFacts } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { agreedAtOfConnection } from './agreed.store.ts'
import { authorizedAtOfConnection } from './authorizations.ts'
import { hasConsentPage } from './begin-authorization.ts'
import { toMinutes } from './cadence.ts'
import { type CadenceRow, cadencesOfConnection } from './cadences.store.ts'
import { supportedActions, type SupportedAction as Action } from './connection.ts'
import {
  Connection, ConnectionFilter, ConnectionIdInput, ConnectionOrder, ConnectionPage, ConnectionPayload, connectionPayload, PauseConnectionInput, SupportedAction,
} from './connection.types.ts'
import { connectionById, type ConnectionOrder as Order, type ConnectionRow, connectionsCount, connectionsList, connectionsPage, type ConnectionsWanted, settings } from './connections.store.ts'
import { ConnectionHealth } from './health.types.ts'
import { Marketplace } from './marketplace.types.ts'
import { pauseConnection } from './pause-connection.ts'
import { resumeConnection } from './resume-connection.ts'
import type { StoredSettings } from './settings.ts'
import { ConnectionSettings, UpdateConnectionSettingsInput } from './settings.types.ts'
import { updateConnectionSettings } from './update-connection-settings.ts'

@ArgsType()
class ConnectionsArguments extends PageArguments {
  @Field(() => ConnectionFilter, { nullable: true })
  filter?: ConnectionFilter | null

  @Field(() => ConnectionOrder, { nullable: true, description: 'NAME_ASC if left out.' })
  orderBy?: Order | null
}

@Resolver(() => Connection)
export class ConnectionsResolver {
  readonly #channels: Channels
  readonly #agreementNeeded: boolean

  constructor({ channels, agreementNeeded }: { channels: Channels; agreementNeeded: boolean }) {
    this.#channels = channels
    this.#agreementNeeded = agreementNeeded
  }

  @Query(() => ConnectionPage, { description: 'All connections.' })
  async connections(@Args(() => ConnectionsArguments) args: ConnectionsArguments, @Ctx() scope: Scope): Promise<Page<ConnectionRow>> {
    const { customerIds, marketplaceIds, statuses, search } = args.filter ?? {}
    return readPage(scope, args, args.orderBy ?? 'NAME_ASC', {
      customerIds: requireUuids('Customer', customerIds, 'filter', 'customerIds'),
      marketplaceIds: marketplaceIds ?? null,
      statuses: statuses ?? null,
      search: searchText(search, 'filter', 'search'),
    })
  }

  @Query(() => Connection, { nullable: true, description: 'A connection by its id; null where there is none.' })
  async connection(@Arg('id', () => ID) id: string, @Ctx() scope: Scope): Promise<ConnectionRow | null> {
    return load(scope, connectionById, requireUuid('Connection', id, 'id'))
  }

  @Mutation(() => ConnectionPayload, { description: 'Stops all cadences of a connection until it is resumed.' })
  async pauseConnection(@Arg('input', () => PauseConnectionInput) input: PauseConnectionInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await pauseConnection(scope, input))
  }

  @Mutation(() => ConnectionPayload, { description: 'Sets a paused connection, or one that needed attention, to work again.' })
  async resumeConnection(@Arg('input', () => ConnectionIdInput) input: ConnectionIdInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await resumeConnection(scope, input))
  }

  @Mutation(() => ConnectionPayload, { description: "Changes what a connection's jobs do, and how often." })
  async updateConnectionSettings(@Arg('input', () => UpdateConnectionSettingsInput) input: UpdateConnectionSettingsInput, @Ctx() scope: Scope): Promise<ConnectionPayload> {
    return connectionPayload(await updateConnectionSettings(scope, input))
  }

  @Derived<ConnectionRow, 'id'>(() => ID, ['id'], ({ id }) => toId('Connection', id))
  declare id: string

  @Joined<ConnectionRow, CustomerRow>(() => Customer, customerById, 'customerId')
  declare customer: CustomerRow

  @Joined<ConnectionRow, WarehouseRow>(() => Warehouse, warehouseById, 'warehouseId', { description: 'The warehouse that it feeds.' })
  declare warehouse: WarehouseRow

  @FieldResolver(() => Marketplace, { description: 'The site that it is an account on.' })
  @Takes<ConnectionRow, 'marketplaceId'>('marketplaceId')
  marketplace(@Root() connection: Pick<ConnectionRow, 'marketplaceId'>): MarketplaceFacts {
    const marketplace = this.#channels.marketplace(connection.marketplaceId)
    if (marketplace === null) throw new Error(`no channel serves marketplace ${connection.marketplaceId}`)
    return marketplace
  }

  @Joined<ConnectionRow, Record<JobKind, CadenceRow>, keyof StoredSettings>(() => ConnectionSettings, cadencesOfConnection, 'id', {
    description: 'What its jobs do, and how often.',
    takes: settings,
    as: (cadences, connection) => ({
      ...connection,
      orderImportMinutes: toMinutes(cadences.IMPORT_ORDERS.everySeconds),
      trackingUpdateMinutes: toMinutes(cadences.SEND_TRACKING.everySeconds),
      inventorySyncMinutes: toMinutes(cadences.SYNC_INVENTORY.everySeconds),
    }),
  })
  declare settings: ConnectionSettings

  @Same(() => ConnectionHealth, { description: 'How it fares: runs, lag, what waits for a person.' })
  declare health: ConnectionRow

  @FieldResolver(() => [SupportedAction], { description: 'Every action on a connection, allowed now or not.' })
  async supportedActions(@Root() connection: ConnectionRow, @Ctx() scope: Scope): Promise<Action[]> {
    const authorizedAt = connection.authorizationId === null ? null : await load(scope, authorizedAtOfConnection, connection.id)
    const agreed = !this.#agreementNeeded || (connection.agreementId !== null && (await load(scope, agreedAtOfConnection, connection.id)) !== null)
    const channel = this.#channels.get(connection.channel)
    return supportedActions({ ...connection, authorizedAt, agreed, consents: hasConsentPage(channel, connection.marketplaceId) }, scope.actor.role)
  }
}

@Resolver(() => Customer)
export class CustomerConnectionsResolver {
  @FieldResolver(() => ConnectionPage, { description: 'By name.' })
  async connections(@Root() customer: CustomerRow, @Args(() => ForwardPageArguments) args: ForwardPageArguments, @Ctx() scope: Scope): Promise<Page<ConnectionRow>> {
    return readPage(scope, args, 'NAME_ASC', { customerIds: [customer.id], marketplaceIds: null, statuses: null, search: null })
  }
}

async function readPage(scope: Scope, args: PageArgs, order: Order, wanted: ConnectionsWanted): Promise<Page<ConnectionRow>> {
  const ordering = orderingOf(connectionsList, order)
  const request = parsePage(args, ordering)
  return toPage(request, ordering, await connectionsPage(scope, request, order, wanted), (row) => row, () => connectionsCount(scope, order, wanted))
}

export const connectionNodes: NodeSource[] = [{ type: 'Connection', read: (scope, id) => load(scope, connectionById, id) }]
