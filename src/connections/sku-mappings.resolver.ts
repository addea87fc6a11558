import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { searchText } from '../kit/search.ts'
import { Connection } from './connection.types.ts'
import { connectionById, type ConnectionRow } from './connections.store.ts'
import { mapSkus } from './map-skus.ts'
import { MapSkusInput, MapSkusPayload, SkuMapping, SkuMappingPage, SkuMappingsArguments } from './sku-mapping.types.ts'
import { skuMappingById, type SkuMappingRow, skuMappingsCount, skuMappingsList, skuMappingsPage } from './sku-mappings.store.ts'

@Resolver(() => SkuMapping)
export class SkuMappingsResolver {
  @Mutation(() => MapSkusPayload, { description: 'Says what seller SKUs are in the warehouse. Those mapped already are mapped anew.' })
  async mapSkus(@Arg('input', () => MapSkusInput) input: MapSkusInput, @Ctx() scope: Scope): Promise<MapSkusPayload> {
    const result = await mapSkus(scope, input)
    return 'refusals' in result ? { mappings: [], unblocks: 0, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Derived<SkuMappingRow, 'id'>(() => ID, ['id'], ({ id }) => toId('SkuMapping', id))
  declare id: string

  @Joined<SkuMappingRow, ConnectionRow>(() => Connection, connectionById, 'connectionId')
  declare connection: ConnectionRow
}

@Resolver(() => Connection)
export class ConnectionSkuMappingsResolver {
  @FieldResolver(() => SkuMappingPage, { description: 'By seller SKU.' })
  async skuMappings(@Root() connection: ConnectionRow, @Args(() => SkuMappingsArguments) args: SkuMappingsArguments, @Ctx() scope: Scope): Promise<Page<SkuMappingRow>> {
    const ordering = orderingOf(skuMappingsList, 'SELLER_SKU_ASC')
    const request = parsePage(args, ordering)
    const wanted = { connectionId: connection.id, search: searchText(args.search, 'search') }
    return toPage(request, ordering, await skuMappingsPage(scope, request, wanted), (row) => row, () => skuMappingsCount(scope, wanted))
  }
}

export const skuMappingNodes: NodeSource[] = [{ type: 'SkuMapping', read: (scope, id) => load(scope, skuMappingById, id) }]
