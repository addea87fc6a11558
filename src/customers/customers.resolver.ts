import { Arg, Args, ArgsType, Ctx, Field, ID, Mutation, Query, Resolver } from 'type-graphql'
import { load, type Scope } from '../auth/scope.ts'
import { orderingOf } from '../db/list.ts'
import { asNode, type NodeSource } from '../graphql/node.ts'
import { PageArguments } from '../graphql/page.types.ts'
import { Derived, Joined } from '../graphql/reads.ts'
import { toId } from '../kit/ids.ts'
import { money } from '../kit/money.ts'
import { type Page, parsePage, toPage } from '../kit/page.ts'
import { searchText } from '../kit/search.ts'
import { createCustomer } from './create-customer.ts'
import { ChargeRule, CreateCustomerInput, CreateCustomerPayload, Customer, CustomerPage } from './customer.types.ts'
import { chargeRuleById, type ChargeRuleRow, chargeRulesOfCustomer, customerById, type CustomerRow, customersCount, customersList, customersPage } from './customers.store.ts'

@ArgsType()
class CustomersArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'A prefix of the name or reference.' })
  search?: string | null
}

@Resolver(() => Customer)
export class CustomersResolver {
  @Query(() => CustomerPage, { description: 'The merchants.' })
  async customers(@Args(() => CustomersArguments) args: CustomersArguments, @Ctx() scope: Scope): Promise<Page<Customer>> {
    const ordering = orderingOf(customersList, 'NAME_ASC')
    const request = parsePage(args, ordering)
    const wanted = { search: searchText(args.search, 'search') }
    return toPage(request, ordering, await customersPage(scope, request, wanted), (row) => row, () => customersCount(scope, wanted))
  }

  @Mutation(() => CreateCustomerPayload, { description: 'A new merchant, and what their orders are charged.' })
  async createCustomer(@Arg('input', () => CreateCustomerInput) input: CreateCustomerInput, @Ctx() scope: Scope): Promise<CreateCustomerPayload> {
    const result = await createCustomer(scope, input)
    return 'refusals' in result ? { customer: null, userErrors: result.refusals } : { customer: result.customer, userErrors: [] }
  }

  @Derived<CustomerRow, 'id'>(() => ID, ['id'], ({ id }) => toId('Customer', id))
  declare id: string

  @Joined<CustomerRow, ChargeRuleRow[]>(() => [ChargeRule], chargeRulesOfCustomer, 'id', { as: (rules) => rules.map(toChargeRule), description: 'What every imported order of theirs bears.' })
  declare chargeRules: ChargeRule[]
}

const toChargeRule = (rule: ChargeRuleRow): ChargeRule => asNode('ChargeRule', { ...rule, id: toId('ChargeRule', rule.id), amount: money(rule.amount, rule.currency) })

export const customerNodes: NodeSource[] = [
  { type: 'Customer', read: (scope, id) => load(scope, customerById, id) },
  { type: 'ChargeRule', read: async (scope, id) => load(scope, chargeRuleById, id).then((row) => row && toChargeRule(row)) },
]
