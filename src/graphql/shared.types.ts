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

export const DeliveryStatus = enumOf('DeliveryStatus', ['PENDING', 'SENT', 'FAILED'], 'How far a delivery is.', {
  PENDING: 'It waits, or is tried again.',
  SENT: 'The other side has taken it.',
  FAILED: 'It is not tried any more.',
})

@InterfaceType({ description: 'An object with a global id.', resolveType: (value: object) => typeNameOf(value) })
export abstract class Node {
  @Field(() => ID)
  id!: string
}

@ObjectType('Money', { simpleResolvers: true, description: 'An exact amount in its currency.' })
export class MoneyType {
  @Field(() => Decimal, { description: 'With no more decimals than the currency has.' })
  amount!: string

  @Field(() => String, { description: 'ISO 4217.' })
  currencyCode!: string
}

@InputType({ description: 'An exact amount in its currency.' })
export class MoneyInput {
  @Field(() => Decimal, { description: 'With no more decimals than the currency has.' })
  amount!: string

  @Field(() => String, { description: 'ISO 4217.' })
  currencyCode!: string
}

export const UserErrorCode = enumOf('UserErrorCode', refusalCodes, 'What is wrong with the input. Codes may be added: show the message of one that you do not know.', {
  SIGNATURE_PROVIDER_UNAVAILABLE: 'Whoever has agreements signed does not answer, or refuses: try again later, or see to its configuration.',
  ADDRESS_NOT_PUBLIC: 'It leads into a private network, which the gateway may not reach.',
  REQUIRED: 'Something that is needed is missing or blank.',
  INVALID: 'The value makes no sense there.',
  TOO_MANY: 'More than one call takes.',
  TAKEN: 'Another one has it already.',
  NOT_FOUND: 'There is none that the viewer may see.',
  NOT_ALLOWED: 'Not for this viewer, or not in this state.',
  VERSION_CONFLICT: 'It was changed since the caller read it: read again.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with other input: take a new one.',
  CARRIER_REQUIRED: 'The marketplace needs a carrier.',
  SCAC_REQUIRED: 'The marketplace needs a SCAC.',
  SERVICE_REQUIRED: 'The marketplace needs a service.',
  TRACKING_NUMBER_REQUIRED: 'The marketplace needs a tracking number.',
  CARRIER_UNKNOWN: 'A warning: no carrier of `carriers`, so nothing of it can be checked.',
  SCAC_MISMATCH: 'The SCAC is not one of the carrier.',
  TRACKING_NUMBER_MALFORMED: 'As an error, no tracking number at all; as a warning, none that this carrier gives.',
  TRACKING_NUMBER_REPEATED: 'A warning: another package of the call has the same, and it was not given for all of them.',
  ORDER_CLOSED: 'It has been shipped.',
  ORDER_CANCELLED: 'It has been cancelled.',
  ORDER_ON_HOLD: 'It waits: release it first.',
  CANCEL_REQUESTED: 'The buyer has asked to cancel: override by name to ship all the same.',
  QUANTITY_EXCEEDS_OPEN: 'More than is still open.',
  STOCK_SHORT: 'There is not so much of it.',
  CURRENCY_MISMATCH: "Not the order's currency.",
  AMOUNT_INVALID: 'Not above 0, or with more decimals than the currency has.',
  CREDENTIALS_REJECTED: 'The marketplace does not take the credentials.',
  CONNECTION_NOT_READY: 'The connection is not in a state for that.',
  MARKETPLACE_UNAVAILABLE: 'The marketplace does not answer: try again.',
})

@ObjectType({ simpleResolvers: true, description: 'What the caller can mend. Match on `code`; `message` is for people.' })
export class UserError implements Refusal {
  @Field(() => UserErrorCode, { description: 'For programs; new ones may be added.' })
  code!: RefusalCode

  @Field(() => String, { description: 'For people: what is wrong, and what would be right.' })
  message!: string

  @Field(() => [String], { nullable: true, description: 'Path into `input`, e.g. ["orders", "2", "routing", "scac"].' })
  field?: string[]
}

@ObjectType({ simpleResolvers: true, description: 'Where a page ends, and what lies beyond.' })
export class PageInfo {
  @Field(() => String, { nullable: true, description: 'Of its first edge: `before` of the page before. Null where it is empty.' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Of its last edge: `after` of the next page. Null where it is empty.' })
  endCursor!: string | null

  @Field(() => Boolean, { description: 'Whether more follows.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether more precedes.' })
  hasPreviousPage!: boolean
}
