import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { Connection, SupportedAction } from '../connections/connection.types.ts'
import { connectionById } from '../connections/connections.store.ts'
import { Marketplace } from '../connections/marketplace.types.ts'
import { Address } from '../customers/address.types.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById } from '../customers/customers.store.ts'
import { Warehouse } from '../customers/warehouse.types.ts'
import { warehouseById, type WarehouseRow } from '../customers/warehouses.store.ts'
import { asNode, type NodeSource } from '../graphql/node.ts'
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
import { supportedActions } from './order.ts'
import { AddChargesInput, AddChargesPayload, CancelOrdersInput, HoldOrdersInput, OrderIdsInput, OrdersArguments, OrdersPayload } from './order-inputs.types.ts'
import { Charge, Gift, Order, OrderHold, OrderLine, OrderPage, Routing } from './order.types.ts'
import { findOrders } from './orders-query.ts'
import { chargeById, type ChargeRow, chargesOfOrder, holdsOfOrder, linesOfOrder, orderById, orderByNumber, type OrderRow, recipientOfOrder } from './orders.store.ts'

export const toCharge = ({ amount, currency, ...row }: ChargeRow): Charge => asNode('Charge', { ...row, id: toId('Charge', row.id), amount: money(amount, currency) })

/** A batch verb's result as the contract has it. */
export const ordersPayload = (result: OrdersResult): OrdersPayload => ('refusals' in result ? { orders: [], userErrors: result.refusals } : { orders: result.orders, userErrors: [] })

@Resolver(() => Order)
export class OrdersResolver {
  readonly #channels: Channels

  constructor(channels: Channels) {
    this.#channels = channels
  }

  @Query(() => OrderPage, { description: 'Find Orders. `search` matches order numbers, SKUs, tracking numbers and recipients by prefix.' })
  orders(@Args(() => OrdersArguments) args: OrdersArguments, @Ctx() scope: Scope): Promise<Page<Order>> {
    return findOrders(scope, args)
  }

  @Query(() => Order, { nullable: true })
  order(@Arg('id', () => ID) id: string, @Ctx() scope: Scope): Promise<Order | null> {
    return load(scope, orderById, requireUuid('Order', id, 'id'))
  }

  @Query(() => Order, { nullable: true })
  orderByNumber(@Arg('connectionId', () => ID) connectionId: string, @Arg('number', () => String) number: string, @Ctx() scope: Scope): Promise<Order | null> {
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

  @FieldResolver(() => ID)
  id(@Root() order: Order): string {
    return toId('Order', order.id)
  }

  @FieldResolver(() => Connection)
  connection(@Root() order: Order, @Ctx() scope: Scope): Promise<Connection> {
    return loadExisting(scope, connectionById, order.connectionId)
  }

  @FieldResolver(() => Customer)
  customer(@Root() order: Order, @Ctx() scope: Scope): Promise<Customer> {
    return loadExisting(scope, customerById, order.customerId)
  }

  @FieldResolver(() => Warehouse)
  warehouse(@Root() order: Order, @Ctx() scope: Scope): Promise<WarehouseRow> {
    return loadExisting(scope, warehouseById, order.warehouseId)
  }

  @FieldResolver(() => Marketplace)
  marketplace(@Root() order: Order): Marketplace {
    const found = this.#channels.marketplace(order.marketplaceId)
    if (found === null) throw new Error(`no channel serves marketplace ${order.marketplaceId}`)
    return found
  }

  @FieldResolver(() => [OrderHold])
  holds(@Root() order: Order, @Ctx() scope: Scope): Promise<OrderHold[]> {
    return loadExisting(scope, holdsOfOrder, order.id)
  }

  @FieldResolver(() => Address)
  async shipTo(@Root() order: Order, @Ctx() scope: Scope): Promise<Address> {
    const row = await loadExisting(scope, recipientOfOrder, order.id)
    return { ...row, redacted: row.redactedAt !== null }
  }

  @FieldResolver(() => [OrderLine])
  lines(@Root() order: Order, @Ctx() scope: Scope): Promise<OrderLine[]> {
    return loadExisting(scope, linesOfOrder, order.id)
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'What the buyer paid for the items.' })
  total(@Root() order: OrderRow): Money | null {
    return order.total === null || order.currency === null ? null : money(order.total, order.currency)
  }

  @FieldResolver(() => Routing)
  routing(@Root() order: Order): Routing {
    return order
  }

  @FieldResolver(() => [Charge])
  async charges(@Root() order: Order, @Ctx() scope: Scope): Promise<Charge[]> {
    return (await loadExisting(scope, chargesOfOrder, order.id)).map(toCharge)
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: "Null where it bears none. Charges in another currency than the order's are not part of it." })
  async chargesTotal(@Root() order: Order, @Ctx() scope: Scope): Promise<Money | null> {
    const charges = await loadExisting(scope, chargesOfOrder, order.id)
    return sumCharges(charges.map(({ amount, currency }) => money(amount, currency)), order.currency)
  }

  @FieldResolver(() => [SupportedAction])
  supportedActions(@Root() order: Order): SupportedAction[] {
    return supportedActions(order)
  }
}

@Resolver(() => OrderLine)
export class OrderLinesResolver {
  @FieldResolver(() => ID)
  id(@Root() line: OrderLine): string {
    return toId('OrderLine', line.id)
  }

  @FieldResolver(() => InventoryItem, { nullable: true })
  inventoryItem(@Root() line: OrderLine, @Ctx() scope: Scope): Promise<ItemRow | null> {
    return load(scope, inventoryItemById, line.inventoryItemId)
  }

  @FieldResolver(() => Gift, { nullable: true, description: 'Null where it is none, and once personal data was removed.' })
  async gift(@Root() line: OrderLine, @Ctx() scope: Scope): Promise<Gift | null> {
    const recipient = await load(scope, recipientOfOrder, line.orderId)
    return recipient === null || recipient.redactedAt !== null ? null : (recipient.gifts?.[line.itemId] ?? null)
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'Of one item.' })
  unitPrice(@Root() line: { unitPrice: string | null; currency: string | null }): Money | null {
    return line.unitPrice === null || line.currency === null ? null : money(line.unitPrice, line.currency)
  }
}

/** Connection.orders stands here, as orders know connections and not the other way round. */
@Resolver(() => Connection)
export class OrdersOfConnectionResolver {
  @FieldResolver(() => OrderPage)
  orders(@Root() connection: Connection, @Args(() => OrdersArguments) args: OrdersArguments, @Ctx() scope: Scope): Promise<Page<Order>> {
    return findOrders(scope, args, { connectionId: connection.id })
  }
}

export const orderNodes: NodeSource[] = [
  { type: 'Order', read: (scope, id) => load(scope, orderById, id) },
  { type: 'Charge', read: async (scope, id) => load(scope, chargeById, id).then((row) => row && toCharge(row)) },
]
