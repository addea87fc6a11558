import 'reflect-metadata' // whichever type is imported first: its decorators need it
import { Field, ID, InputType, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import { type Refusal, refusalCodes, type RefusalCode } from '../kit/errors.ts'
import { typeNameOf } from './node.ts'
import { Decimal } from './scalars.ts'

/** An enum of the contract from a list of its values: GraphQL's names and ours are the same words. */
export function enumOf<const V extends string>(name: string, values: readonly V[], description?: string, valueDescriptions: Partial<Record<V, string>> = {}): { readonly [K in V]: K } {
  const object = Object.fromEntries(values.map((value) => [value, value])) as { readonly [K in V]: K }
  const valuesConfig = Object.fromEntries(Object.entries(valueDescriptions).map(([value, text]) => [value, { description: text as string }]))
  registerEnumType(object, { name, ...(description === undefined ? {} : { description }), valuesConfig: valuesConfig as Partial<Record<V, { description: string }>> })
  return object
}

@InterfaceType({ description: 'An object with a global id.', resolveType: (value: object) => typeNameOf(value) })
export abstract class Node {
  @Field(() => ID)
  id!: string
}

@ObjectType('Money', { simpleResolvers: true, description: 'An exact amount in its currency.' })
export class MoneyType {
  @Field(() => Decimal)
  amount!: string

  @Field(() => String, { description: 'ISO 4217.' })
  currencyCode!: string
}

@InputType()
export class MoneyInput {
  @Field(() => Decimal)
  amount!: string

  @Field(() => String, { description: 'ISO 4217.' })
  currencyCode!: string
}

export const UserErrorCode = enumOf('UserErrorCode', refusalCodes)

@ObjectType({ simpleResolvers: true, description: 'What the caller can mend. Match on `code`; `message` is for people.' })
export class UserError implements Refusal {
  @Field(() => UserErrorCode)
  code!: RefusalCode

  @Field(() => String)
  message!: string

  @Field(() => [String], { nullable: true, description: 'Path into `input`, e.g. ["orders", "2", "routing", "scac"].' })
  field?: string[]
}

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => String, { nullable: true })
  startCursor!: string | null

  @Field(() => String, { nullable: true })
  endCursor!: string | null

  @Field(() => Boolean)
  hasNextPage!: boolean

  @Field(() => Boolean)
  hasPreviousPage!: boolean
}
