import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { Connection, SupportedAction } from '../connections/connection.types.ts'
import { connectionById } from '../connections/connections.store.ts'
import { Marketplace } from '../connections/marketplace.types.ts'
import { Address } from '../customers/address.types.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById, type CustomerRow } from '../customers/customers.store.ts'
import { Warehouse } from '../customers/warehouse.types.ts'
import { warehouseById, type WarehouseRow } from '../customers/warehouses.store.ts'
import { asNode, type NodeSource } from '../graphql/node.ts'
import { Asked, Derived, Joined, Same, type Taken, Takes } from '../graphql/reads.ts'
import { MoneyType } from '../graphql/shared.types.ts'
import { InventoryItem } from '../inventory/inventory.types.ts'
import { inventoryItemById } from '../inventory/inventory.store.ts'
import type { ItemRow } from '../inventory/stock.store.ts'
import { requireUuid, toId } from '../kit/ids.ts'
import { type Money, money } from '../kit/money.ts'
import type { Page } from '../kit/page.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { addCharges } from './add-charges.ts'
import { cancelOrders } from './cancel-orders.ts'
import type { OrdersResult } from './change-orders.ts'
import { sumCharges } from './charges.ts'
import { holdOrders, releaseOrders } from './hold-orders.ts'
import { type OrderState, supportedActions } from './order.ts'
import { AddChargesInput, AddChargesPayload, CancelOrdersInput, HoldOrdersInput, OrderIdsInput, OrdersArguments, OrdersPayload } from './order-inputs.types.ts'
import { Charge, Gift, Order, OrderHold, OrderLine, OrderPage, Routing } from './order.types.ts'
import { findOrders } from './orders-query.ts'
import { chargeById, type ChargeRow, chargesOfOrder, holdsOfOrder, type HoldRow, type LineRow, linesOfOrder, orderById, orderByNumber, type OrderRow, recipientOfOrder, type RecipientRow } from './orders.store.ts'

export const toCharge = ({ amount, currency, ...row }: ChargeRow): Charge => asNode('Charge', { ...row, id: toId('Charge', row.id), amount: money(amount, currency) })

/** A batch verb's result as the contract has it. */
export const ordersPayload = (result: OrdersResult): OrdersPayload => ('refusals' in result ? { orders: [], userErrors: result.refusals } : { orders: result.orders, userErrors: [] })

@Resolver(() => Order)
export class OrdersResolver {
  readonly #channels: Channels

  constructor(channels: Channels) {
    this.#channels = channels
  }

  @Query(() => OrderPage, { description: 'Find Orders. `search` matches order numbers, references, SKUs, tracking numbers and recipients by prefix.' })
  orders(@Args(() => OrdersArguments) args: OrdersArguments, @Ctx() scope: Scope, @Asked() takes: Taken): Promise<Page<Order>> {
    return findOrders(scope, args, takes)
  }

  @Query(() => Order, { nullable: true, description: 'An order by its id; null where there is none.' })
  order(@Arg('id', () => ID) id: string, @Ctx() scope: Scope): Promise<Order | null> {
    return load(scope, orderById, requireUuid('Order', id, 'id'))
  }

  @Query(() => Order, { nullable: true, description: "An imported order by the marketplace's number; null where there is none. `orderTrace` also knows of those that were not imported." })
  orderByNumber(@Arg('connectionId', () => ID) connectionId: string, @Arg('number', () => String, { description: "The marketplace's order number." }) number: string, @Ctx() scope: Scope): Promise<Order | null> {
    return orderByNumber(scope, requireUuid('Connection', connectionId, 'connectionId'), number)
  }

  @Mutation(() => OrdersPayload, { description: 'Keeps open orders from being shipped until they are released.' })
  async holdOrders(@Arg('input', () => HoldOrdersInput) input: HoldOrdersInput, @Ctx() scope: Scope): Promise<OrdersPayload> {
    return ordersPayload(await holdOrders(scope, input))
  }

  @Mutation(() => OrdersPayload, { description: 'Lifts every hold.' })
  async releaseOrders(@Arg('input', () => OrderIdsInput) input: OrderIdsInput, @Ctx() scope: Scope): Promise<OrdersPayload> {
    return ordersPayload(await releaseOrders(scope, input))
  }

  @Mutation(() => OrdersPayload, { description: 'Cancels in the warehouse what is still open and gives its stock back. The marketplace is not told.' })
  async cancelOrders(@Arg('input', () => CancelOrdersInput) input: CancelOrdersInput, @Ctx() scope: Scope): Promise<OrdersPayload> {
    return ordersPayload(await cancelOrders(scope, input))
  }

  @Mutation(() => AddChargesPayload, { description: 'Charges open orders by hand, the full amount each or divided over all of them.' })
  async addCharges(@Arg('input', () => AddChargesInput) input: AddChargesInput, @Ctx() scope: Scope): Promise<AddChargesPayload> {
    const result = await addCharges(scope, { ...input, applyCharges: input.applyCharges ?? 'SEPARATELY' })
    return 'refusals' in result ? { charges: [], orders: [], userErrors: result.refusals } : { charges: result.charges.map(toCharge), orders: result.orders, userErrors: [] }
  }

  @Derived<OrderRow, 'id'>(() => ID, ['id'], ({ id }) => toId('Order', id))
  declare id: string

  @Joined<OrderRow, Connection>(() => Connection, connectionById, 'connectionId')
  declare connection: Connection

  @Joined<OrderRow, CustomerRow>(() => Customer, customerById, 'customerId')
  declare customer: Customer

  @Joined<OrderRow, WarehouseRow>(() => Warehouse, warehouseById, 'warehouseId', { description: 'The warehouse that ships it.' })
  declare warehouse: Warehouse

  @FieldResolver(() => Marketplace, { description: 'The site that it was bought on.' })
  @Takes<OrderRow, 'marketplaceId'>('marketplaceId')
  marketplace(@Root() order: Pick<OrderRow, 'marketplaceId'>): Marketplace {
    const found = this.#channels.marketplace(order.marketplaceId)
    if (found === null) throw new Error(`no channel serves marketplace ${order.marketplaceId}`)
    return found
  }

  @Joined<OrderRow, HoldRow[]>(() => [OrderHold], holdsOfOrder, 'id', { description: 'Why it waits; empty where it does not.' })
  declare holds: OrderHold[]

  @Joined<OrderRow, RecipientRow>(() => Address, recipientOfOrder, 'id', { as: (row) => ({ ...row, redacted: row.redactedAt !== null }), description: 'The recipient; redacted for whoever may not see buyers.' })
  declare shipTo: Address

  @Joined<OrderRow, LineRow[]>(() => [OrderLine], linesOfOrder, 'id', { description: 'What was bought.' })
  declare lines: OrderLine[]

  @Derived<OrderRow, 'total' | 'currency'>(() => MoneyType, ['total', 'currency'], ({ total, currency }) => (total === null || currency === null ? null : money(total, currency)), { nullable: true, description: 'What the buyer paid for the items.' })
  declare total: Money | null

  @Same(() => Routing, { description: 'How it is to travel, or its last package travelled.' })
  declare routing: Routing

  @Joined<OrderRow, ChargeRow[]>(() => [Charge], chargesOfOrder, 'id', { as: (charges) => charges.map(toCharge), description: 'All that it bears, of every kind.' })
  declare charges: Charge[]

  @Joined<OrderRow, ChargeRow[], 'currency'>(() => MoneyType, chargesOfOrder, 'id', {
    takes: ['currency'],
    as: (charges, { currency }) => sumCharges(charges.map((charge) => money(charge.amount, charge.currency)), currency),
    nullable: true, description: "Null where it bears none. Charges in another currency than the order's are not part of it.",
  })
  declare chargesTotal: Money | null

  @Derived<OrderRow, keyof OrderState>(() => [SupportedAction], ['status', 'onHold', 'cancelRequested'], (order, { actor }) => supportedActions(order, actor.role), { description: 'Every action on an order, allowed now or not.' })
  declare supportedActions: SupportedAction[]
}

@Resolver(() => OrderLine)
export class OrderLinesResolver {
  @Derived<LineRow, 'id'>(() => ID, ['id'], ({ id }) => toId('OrderLine', id))
  declare id: string

  @Joined<LineRow, ItemRow>(() => InventoryItem, inventoryItemById, 'inventoryItemId', { nullable: true, description: 'The stock that it is taken from; null where the warehouse has never had the SKU.' })
  declare inventoryItem: ItemRow | null

  @Joined<LineRow, RecipientRow, 'itemId'>(() => Gift, recipientOfOrder, 'orderId', {
    takes: ['itemId'],
    as: ({ redactedAt, gifts }, { itemId }) => (redactedAt === null ? (gifts?.[itemId] ?? null) : null),
    nullable: true, description: 'Null where it is none, and once personal data was removed.',
  })
  declare gift: Gift | null

  @Derived<LineRow, 'unitPrice' | 'currency'>(() => MoneyType, ['unitPrice', 'currency'], ({ unitPrice, currency }) => (unitPrice === null || currency === null ? null : money(unitPrice, currency)), { nullable: true, description: 'Of one item.' })
  declare unitPrice: Money | null
}

/** Connection.orders stands here, as orders know connections and not the other way round. */
@Resolver(() => Connection)
export class OrdersOfConnectionResolver {
  @FieldResolver(() => OrderPage, { description: 'Its orders.' })
  orders(@Root() connection: Connection, @Args(() => OrdersArguments) args: OrdersArguments, @Ctx() scope: Scope, @Asked() takes: Taken): Promise<Page<Order>> {
    return findOrders(scope, args, takes, { connectionId: connection.id })
  }
}

export const orderNodes: NodeSource[] = [
  { type: 'Order', read: (scope, id) => load(scope, orderById, id) },
  { type: 'Charge', read: async (scope, id) => load(scope, chargeById, id).then((row) => row && toCharge(row)) },
]
