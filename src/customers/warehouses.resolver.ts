import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import type { NodeSource } from '../graphql/node.ts'
import { Derived } from '../graphql/reads.ts'
import { toId } from '../kit/ids.ts'
import { Address } from './address.types.ts'
import { createWarehouse } from './create-warehouse.ts'
import { CreateWarehouseInput, CreateWarehousePayload, Warehouse } from './warehouse.types.ts'
import { warehouseById, type WarehouseRow, warehousesOf } from './warehouses.store.ts'

const located = ['recipient', 'company', 'line1', 'line2', 'line3', 'city', 'region', 'postalCode', 'countryCode', 'phone'] as const

@Resolver(() => Warehouse)
export class WarehousesResolver {
  @Query(() => [Warehouse], { description: 'By name.' })
  async warehouses(@Ctx() scope: Scope): Promise<WarehouseRow[]> {
    return warehousesOf(scope)
  }

  @Mutation(() => CreateWarehousePayload, { description: 'A new warehouse.' })
  async createWarehouse(@Arg('input', () => CreateWarehouseInput) input: CreateWarehouseInput, @Ctx() scope: Scope): Promise<CreateWarehousePayload> {
    const result = await createWarehouse(scope, input)
    return 'refusals' in result ? { warehouse: null, userErrors: result.refusals } : { warehouse: result.warehouse, userErrors: [] }
  }

  @Derived<WarehouseRow, 'id'>(() => ID, ['id'], ({ id }) => toId('Warehouse', id))
  declare id: string

  @Derived<WarehouseRow, (typeof located)[number]>(() => Address, located, ({ recipient, company, line1, line2, line3, city, region, postalCode, countryCode, phone }) => (
    { name: recipient, company, line1, line2, line3, city, region, postalCode, countryCode, phone, redacted: false }
  ))
  declare address: Address
}

export const warehouseNodes: NodeSource[] = [{ type: 'Warehouse', read: (scope, id) => load(scope, warehouseById, id) }]
