import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById, type CustomerRow } from '../customers/customers.store.ts'
import { Warehouse } from '../customers/warehouse.types.ts'
import { warehouseById, type WarehouseRow } from '../customers/warehouses.store.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { ForwardPageArguments, PageArguments } from '../graphql/page.types.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { requireUuid, requireUuids, toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { searchText } from '../kit/search.ts'
import { adjustInventory } from './adjust-inventory.ts'
import { inventoryCount, inventoryItemById, inventoryList, type InventoryOrder as Order, inventoryPage, movementById, type MovementRow, movementsCount, movementsList, movementsPage } from './inventory.store.ts'
import {
  AdjustInventoryInput, InventoryFilter, InventoryItem, InventoryItemPage, InventoryItemsPayload, InventoryMovement, InventoryMovementPage, InventoryOrder, ReceiveInventoryInput,
  SetInventoryRuleInput,
} from './inventory.types.ts'
import { available } from './level.ts'
import { receiveInventory } from './receive-inventory.ts'
import { setInventoryRule } from './set-inventory-rule.ts'
import type { ItemRow } from './stock.store.ts'

@ArgsType()
class InventoryArguments extends PageArguments {
  @Field(() => InventoryFilter, { nullable: true })
  filter?: InventoryFilter | null

  @Field(() => InventoryOrder, { nullable: true, description: 'SKU_ASC if left out.' })
  orderBy?: Order | null
}

@Resolver(() => InventoryItem)
export class InventoryResolver {
  @Query(() => InventoryItemPage, { description: 'What is in stock, by item.' })
  async inventory(@Args(() => InventoryArguments) args: InventoryArguments, @Ctx() scope: Scope): Promise<Page<ItemRow>> {
    const { customerIds, warehouseIds, search, listingStatuses, belowAvailable } = args.filter ?? {}
    const order = args.orderBy ?? 'SKU_ASC'
    const ordering = orderingOf(inventoryList, order)
    const request = parsePage(args, ordering)
    const wanted = {
      customerIds: requireUuids('Customer', customerIds, 'filter', 'customerIds'),
      warehouseIds: requireUuids('Warehouse', warehouseIds, 'filter', 'warehouseIds'),
      search: searchText(search, 'filter', 'search'),
      listingStatuses: listingStatuses ?? null,
      belowAvailable: belowAvailable ?? null,
    }
    return toPage(request, ordering, await inventoryPage(scope, request, order, wanted), (row) => row, () => inventoryCount(scope, order, wanted))
  }

  @Query(() => InventoryItem, { nullable: true, description: 'An item by its id; null where there is none.' })
  async inventoryItem(@Arg('id', () => ID) id: string, @Ctx() scope: Scope): Promise<ItemRow | null> {
    return load(scope, inventoryItemById, requireUuid('InventoryItem', id, 'id'))
  }

  @Mutation(() => InventoryItemsPayload, { description: 'Adds what came in to what is on hand; SKUs not yet known become items.' })
  async receiveInventory(@Arg('input', () => ReceiveInventoryInput) input: ReceiveInventoryInput, @Ctx() scope: Scope): Promise<InventoryItemsPayload> {
    const result = await receiveInventory(scope, input)
    return 'refusals' in result ? { items: [], userErrors: result.refusals } : { items: await readItems(scope, result.itemIds), userErrors: [] }
  }

  @Mutation(() => InventoryItemsPayload, { description: 'Sets right what is on hand, after a count or a loss.' })
  async adjustInventory(@Arg('input', () => AdjustInventoryInput) input: AdjustInventoryInput, @Ctx() scope: Scope): Promise<InventoryItemsPayload> {
    const result = await adjustInventory(scope, input)
    return 'refusals' in result ? { items: [], userErrors: result.refusals } : { items: await readItems(scope, [result.itemId]), userErrors: [] }
  }

  @Mutation(() => InventoryItemsPayload, {
    description: 'Says how one connection shares in the stock of one item, where that is not as its settings say. The next sync tells what follows.',
  })
  async setInventoryRule(@Arg('input', () => SetInventoryRuleInput) input: SetInventoryRuleInput, @Ctx() scope: Scope): Promise<InventoryItemsPayload> {
    const result = await setInventoryRule(scope, input)
    return 'refusals' in result ? { items: [], userErrors: result.refusals } : { items: await readItems(scope, [result.itemId]), userErrors: [] }
  }

  @Derived<ItemRow, 'id'>(() => ID, ['id'], ({ id }) => toId('InventoryItem', id))
  declare id: string

  @Joined<ItemRow, CustomerRow>(() => Customer, customerById, 'customerId')
  declare customer: CustomerRow

  @Joined<ItemRow, WarehouseRow>(() => Warehouse, warehouseById, 'warehouseId')
  declare warehouse: WarehouseRow

  @Derived<ItemRow, 'onHand' | 'onHold' | 'allocated'>(() => Int, ['onHand', 'onHold', 'allocated'], available, { description: 'On hand - on hold - allocated; below 0 where more was sold than there is.' })
  declare available: number

  @FieldResolver(() => InventoryMovementPage, { description: 'The newest first.' })
  async movements(@Root() item: ItemRow, @Args(() => ForwardPageArguments) args: ForwardPageArguments, @Ctx() scope: Scope): Promise<Page<MovementRow>> {
    const ordering = orderingOf(movementsList, 'AT_DESC')
    const request = parsePage(args, ordering)
    return toPage(request, ordering, await movementsPage(scope, request, item.id), (row) => row, () => movementsCount(scope, item.id))
  }
}

@Resolver(() => InventoryMovement)
export class InventoryMovementsResolver {
  @Derived<MovementRow, 'id'>(() => ID, ['id'], ({ id }) => toId('InventoryMovement', id))
  declare id: string
}

const readItems = (scope: Scope, ids: readonly string[]): Promise<ItemRow[]> => Promise.all(ids.map((id) => loadExisting(scope, inventoryItemById, id)))

export const inventoryNodes: NodeSource[] = [
  { type: 'InventoryItem', read: (scope, id) => load(scope, inventoryItemById, id) },
  { type: 'InventoryMovement', read: (scope, id) => load(scope, movementById, id) },
]
