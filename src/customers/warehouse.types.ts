import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { Node, UserError } from '../graphql/shared.types.ts'
import type { Refusal } from '../kit/errors.ts'
import { Address, AddressInput } from './address.types.ts'
import type { WarehouseRow } from './warehouses.store.ts'

@ObjectType({ implements: Node, simpleResolvers: true, description: 'Where stock lies and orders are shipped from.' })
export class Warehouse {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'What people call it.' })
  name!: string

  @Field(() => String, { description: 'Unique.' })
  code!: string

  @Field(() => String, { description: 'IANA name, e.g. America/Chicago.' })
  timeZone!: string

  @Field(() => Address, { description: 'Where it stands.' })
  address!: Address
}

@InputType()
export class CreateWarehouseInput {
  @Field(() => String, { description: 'What people call it.' })
  name!: string

  @Field(() => String, { description: 'Unique; up to 50 characters.' })
  code!: string

  @Field(() => String, { description: 'IANA name, e.g. America/Chicago.' })
  timeZone!: string

  @Field(() => AddressInput, { description: 'Where it stands.' })
  address!: AddressInput
}

@ObjectType({ simpleResolvers: true })
export class CreateWarehousePayload {
  @Field(() => Warehouse, { nullable: true, description: 'Null where it was refused.' })
  warehouse!: WarehouseRow | null

  @Field(() => [UserError])
  userErrors!: Refusal[]
}
