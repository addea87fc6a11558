import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { Connection } from '../connections/connection.types.ts'
import { connectionById, type ConnectionRow } from '../connections/connections.store.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { ForwardPageArguments, PageArguments } from '../graphql/page.types.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { requireUuid, requireUuids, toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import type { Channels } from '../marketplaces/registry.ts'
import {
  DismissImportFailuresInput, DismissImportFailuresPayload, ImportFailure, ImportFailureFilter, ImportFailurePage, ImportOrderInput, ImportOrderPayload, OrderTrace, RetryImportsInput, RetryImportsPayload,
} from './import-failure.types.ts'
import { type FailuresWanted, importFailureById, importFailuresCount, importFailuresList, importFailuresPage } from './import-failures.store.ts'
import { Order } from './order.types.ts'
import { orderById, type OrderRow } from './orders.store.ts'
import { importOrder } from './import-order.ts'
import { dismissImportFailures, retryImports } from './retry-imports.ts'
import { traceOrder } from './trace-order.ts'

@ArgsType()
class ImportFailuresArguments extends PageArguments {
  @Field(() => ImportFailureFilter, { nullable: true })
  filter?: ImportFailureFilter | null
}

async function page(scope: Scope, args: PageArguments, wanted: FailuresWanted): Promise<Page<ImportFailure>> {
  const ordering = orderingOf(importFailuresList, 'LAST_FAILED_DESC')
  const request = parsePage(args, ordering)
  return toPage(request, ordering, await importFailuresPage(scope, request, wanted), (row) => row, () => importFailuresCount(scope, wanted))
}

@Resolver(() => ImportFailure)
export class ImportFailuresResolver {
  readonly #at: { channels: Channels; sealer: Sealer }

  constructor(at: { channels: Channels; sealer: Sealer }) {
    this.#at = at
  }

  @Query(() => ImportFailurePage, { description: 'The latest first.' })
  importFailures(@Args(() => ImportFailuresArguments) args: ImportFailuresArguments, @Ctx() scope: Scope): Promise<Page<ImportFailure>> {
    const { connectionIds, states, codes } = args.filter ?? {}
    return page(scope, args, { connectionIds: requireUuids('Connection', connectionIds, 'filter', 'connectionIds'), states: states ?? null, codes: codes ?? null })
  }

  @Query(() => OrderTrace, { description: 'Where is this marketplace order? Answers also for one that was skipped, has failed, or was never seen.' })
  orderTrace(@Arg('connectionId', () => ID) connectionId: string, @Arg('number', () => String, { description: "The marketplace's order number." }) number: string, @Ctx() scope: Scope): Promise<OrderTrace> {
    return traceOrder(scope, requireUuid('Connection', connectionId, 'connectionId'), number)
  }

  @Mutation(() => ImportOrderPayload, { description: 'Fetches one order by its marketplace number now, whatever its age.' })
  async importOrder(@Arg('input', () => ImportOrderInput) input: ImportOrderInput, @Ctx() scope: Scope): Promise<ImportOrderPayload> {
    const result = await importOrder(scope, this.#at, input)
    return 'refusals' in result ? { trace: null, userErrors: result.refusals } : { trace: await traceOrder(scope, result.connectionId, result.number), userErrors: [] }
  }

  @Mutation(() => RetryImportsPayload, { description: 'Imports failed orders from what was recorded of them, against the mappings as they stand now.' })
  async retryImports(@Arg('input', () => RetryImportsInput) input: RetryImportsInput, @Ctx() scope: Scope): Promise<RetryImportsPayload> {
    const result = await retryImports(scope, this.#at, input)
    return 'refusals' in result ? { resolved: [], stillFailing: [], userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => DismissImportFailuresPayload, { description: 'Sets open failures aside; polls leave them so.' })
  async dismissImportFailures(@Arg('input', () => DismissImportFailuresInput) input: DismissImportFailuresInput, @Ctx() scope: Scope): Promise<DismissImportFailuresPayload> {
    const result = await dismissImportFailures(scope, input)
    return 'refusals' in result ? { dismissed: [], userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Derived<ImportFailure, 'id'>(() => ID, ['id'], ({ id }) => toId('ImportFailure', id))
  declare id: string

  @Joined<ImportFailure, ConnectionRow>(() => Connection, connectionById, 'connectionId')
  declare connection: Connection

  @Joined<ImportFailure, OrderRow>(() => Order, orderById, 'orderId', { nullable: true, description: 'Once it was imported after all.' })
  declare order: Order | null
}

@Resolver(() => Connection)
export class ImportFailuresOfConnectionResolver {
  @FieldResolver(() => ImportFailurePage, { description: 'Orders that could not be imported, the latest first.' })
  importFailures(@Root() connection: Connection, @Args(() => ForwardPageArguments) args: ForwardPageArguments, @Ctx() scope: Scope): Promise<Page<ImportFailure>> {
    return page(scope, args, { connectionIds: [connection.id], states: null, codes: null })
  }
}

export const importFailureNodes: NodeSource[] = [{ type: 'ImportFailure', read: (scope, id) => load(scope, importFailureById, id) }]
