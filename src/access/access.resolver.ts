import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { Customer } from '../customers/customer.types.ts'
import { customerById, type CustomerRow } from '../customers/customers.store.ts'
import { orderingOf } from '../db/list.ts'
import type { NodeSource } from '../graphql/node.ts'
import { ForwardPageArguments } from '../graphql/page.types.ts'
import { Derived, Takes } from '../graphql/reads.ts'
import { toId } from '../kit/ids.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { ApiToken, ApiTokenPage, CreateApiTokenInput, CreateApiTokenPayload, RevokeApiTokenInput, RevokeApiTokenPayload, Viewer } from './access.types.ts'
import { apiTokenById, apiTokensCount, apiTokensList, apiTokensPage, type TokenRow } from './api-tokens.store.ts'
import { createApiToken } from './create-api-token.ts'
import { revokeApiToken } from './revoke-api-token.ts'

/** Those who are bound, by name; null where they are not. */
async function customersOf(scope: Scope, ids: readonly string[] | null): Promise<CustomerRow[] | null> {
  if (ids === null) return null
  const found = await Promise.all(ids.map((id) => load(scope, customerById, id)))
  return found.filter((one) => one !== null).sort((one, other) => (one.name < other.name ? -1 : 1))
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Who asks, and what they may do.' })
  viewer(@Ctx() { actor }: Scope): Viewer {
    return { name: actor.name, role: actor.role }
  }

  @FieldResolver(() => [Customer], { nullable: true, description: 'Whose rows alone they see; null: every customer.' })
  customers(@Ctx() scope: Scope): Promise<CustomerRow[] | null> {
    return customersOf(scope, scope.tenant)
  }

  @FieldResolver(() => ApiTokenPage, { description: 'Every API token there is, the newest first, revoked ones too.' })
  async apiTokens(@Args(() => ForwardPageArguments) args: ForwardPageArguments, @Ctx() scope: Scope): Promise<Page<TokenRow>> {
    const ordering = orderingOf(apiTokensList, 'CREATED_DESC')
    const request = parsePage(args, ordering)
    return toPage(request, ordering, await apiTokensPage(scope, request), (row) => row, () => apiTokensCount(scope))
  }
}

@Resolver(() => ApiToken)
export class ApiTokensResolver {
  @Mutation(() => CreateApiTokenPayload, { description: 'A token for a program or a person, with a role and, where that is bound, customers.' })
  async createApiToken(@Arg('input', () => CreateApiTokenInput) input: CreateApiTokenInput, @Ctx() scope: Scope): Promise<CreateApiTokenPayload> {
    const result = await createApiToken(scope, input)
    return 'refusals' in result ? { apiToken: null, token: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Mutation(() => RevokeApiTokenPayload, { description: 'Ends a token at once: its requests are refused, its sockets and streams are closed.' })
  async revokeApiToken(@Arg('input', () => RevokeApiTokenInput) input: RevokeApiTokenInput, @Ctx() scope: Scope): Promise<RevokeApiTokenPayload> {
    const result = await revokeApiToken(scope, input)
    return 'refusals' in result ? { apiToken: null, userErrors: result.refusals } : { ...result, userErrors: [] }
  }

  @Derived<TokenRow, 'id'>(() => ID, ['id'], ({ id }) => toId('ApiToken', id))
  declare id: string

  @FieldResolver(() => [Customer], { nullable: true, description: 'Whose rows alone it shows; null: every customer.' })
  @Takes<TokenRow, 'customerIds'>('customerIds')
  customers(@Root() { customerIds }: Pick<TokenRow, 'customerIds'>, @Ctx() scope: Scope): Promise<CustomerRow[] | null> {
    return customersOf(scope, customerIds)
  }
}

export const accessNodes: NodeSource[] = [{ type: 'ApiToken', read: (scope, id) => load(scope, apiTokenById, id) }]
