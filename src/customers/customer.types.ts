import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { pageTypeOf } from '../graphql/page.types.ts'
import { enumOf, MoneyInput, MoneyType, Node, UserError } from '../graphql/shared.types.ts'
import type { Money } from '../kit/money.ts'
import type { Refusal } from '../kit/errors.ts'
import type { ChargeBasis as Basis } from './customers.store.ts'

export const ChargeBasis = enumOf('ChargeBasis', ['ORDER', 'LINE', 'UNIT'], 'What a charge is counted by.', {
  ORDER: 'Once an order.',
  LINE: 'Once a line of it.',
  UNIT: 'Once an item sold.',
})

@ObjectType({ implements: Node, simpleResolvers: true, description: 'What a customer is charged without anyone asking: per order, per line or per unit.' })
export class ChargeRule {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'The code that its charges bear.' })
  code!: string

  @Field(() => String, { nullable: true, description: 'What its charges are for, for people.' })
  description!: string | null

  @Field(() => MoneyType, { description: 'For each order, line or unit.' })
  amount!: Money

  @Field(() => ChargeBasis, { description: 'What it is counted by.' })
  basis!: Basis
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A merchant whom the warehouse serves.' })
export class Customer {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'What people call them.' })
  name!: string

  @Field(() => String, { description: "The warehouse's own reference, unique." })
  reference!: string
}

export const CustomerPage = pageTypeOf(Customer, 'Customer')

@InputType({ description: 'A charge that every imported order of the customer bears.' })
export class ChargeRuleInput {
  @Field(() => String, { description: 'The code that its charges bear.' })
  code!: string

  @Field(() => String, { nullable: true, description: 'What its charges are for, for people.' })
  description?: string | null

  @Field(() => MoneyInput, { description: 'For each order, line or unit.' })
  amount!: MoneyInput

  @Field(() => ChargeBasis, { description: 'What it is counted by.' })
  basis!: Basis
}

@InputType()
export class CreateCustomerInput {
  @Field(() => String, { description: 'What people call them; not blank.' })
  name!: string

  @Field(() => String, { nullable: true, description: "The warehouse's own reference; made from the name if left out." })
  reference?: string | null

  @Field(() => [ChargeRuleInput], { nullable: true, description: 'What every imported order of theirs bears.' })
  chargeRules?: ChargeRuleInput[] | null
}

@ObjectType({ simpleResolvers: true })
export class CreateCustomerPayload {
  @Field(() => Customer, { nullable: true, description: 'Null where it was refused.' })
  customer!: Customer | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
