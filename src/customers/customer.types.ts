import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, MoneyInput, MoneyType, Node, UserError } from '../graphql/shared.types.ts'
import type { Money } from '../kit/money.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ChargeBasis as Basis } from './customers.store.ts'

export const ChargeBasis = enumOf('ChargeBasis', ['ORDER', 'LINE', 'UNIT'])

@ObjectType({ implements: Node, simpleResolvers: true, description: 'What a customer is charged without anyone asking: per order, per line or per unit.' })
export class ChargeRule {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  code!: string

  @Field(() => String, { nullable: true })
  description!: string | null

  @Field(() => MoneyType)
  amount!: Money

  @Field(() => ChargeBasis)
  basis!: Basis
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A merchant whom the warehouse serves.' })
export class Customer {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => String, { description: "The warehouse's own reference, unique." })
  reference!: string
}

export const CustomerPage = pageTypeOf(Customer, 'Customer')

@InputType()
export class ChargeRuleInput {
  @Field(() => String)
  code!: string

  @Field(() => String, { nullable: true })
  description?: string | null

  @Field(() => MoneyInput)
  amount!: MoneyInput

  @Field(() => ChargeBasis)
  basis!: Basis
}

@InputType()
export class CreateCustomerInput {
  @Field(() => String)
  name!: string

  @Field(() => String, { nullable: true, description: "The warehouse's own reference; made from the name if left out." })
  reference?: string | null

  @Field(() => [ChargeRuleInput], { nullable: true })
  chargeRules?: ChargeRuleInput[] | null
}

@ObjectType({ simpleResolvers: true })
export class CreateCustomerPayload {
  @Field(() => Customer, { nullable: true })
  customer!: Customer | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
