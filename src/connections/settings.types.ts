import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { enumOf } from '../graphql/shared.types.ts'
import type { Settings, SettingsChange, UnmappedPolicy as Policy } from './settings.ts'

export const UnmappedPolicy = enumOf('UnmappedPolicy', ['FAIL', 'ACCEPT'], 'What becomes of an order with something that no mapping knows.', {
  FAIL: 'It becomes an import failure.',
  ACCEPT: 'It becomes an order as it came.',
})

@ObjectType({ simpleResolvers: true, description: "What a connection's jobs do, and how often." })
export class ConnectionSettings implements Omit<Settings, 'turnaroundHours'> {
  @Field(() => Boolean, { description: 'Whether orders are imported.' })
  importOrders!: boolean

  @Field(() => Int, { description: 'Rounded up: an interval of 30 seconds, as the demonstration has, shows as 1.' })
  orderImportMinutes!: number

  @Field(() => Int, { description: 'Rounded up.' })
  trackingUpdateMinutes!: number

  @Field(() => Boolean, { description: 'Whether tracking is sent as soon as an order ships, not only at the interval.' })
  sendTrackingImmediately!: boolean

  @Field(() => Boolean, { description: 'Whether the marketplace is told what is in stock.' })
  inventorySync!: boolean

  @Field(() => Int, { description: 'Rounded up.' })
  inventorySyncMinutes!: number

  @Field(() => Date, { description: 'Orders bought before this instant are skipped.' })
  importFrom!: Date

  @Field(() => UnmappedPolicy, { description: 'For a SKU without a mapping.' })
  unknownSku!: Policy

  @Field(() => UnmappedPolicy, { description: 'For a shipping service without a mapping.' })
  unknownShippingService!: Policy

  @Field(() => Int, { description: 'Units of each SKU that the marketplace is not told of.' })
  inventoryBuffer!: number

  @Field(() => Int, { description: 'Of what is left after the buffer, 0 to 100.' })
  inventoryPercent!: number
}

@InputType({ description: 'What is left out, or null, stays as it is.' })
export class UpdateConnectionSettingsInput implements SettingsChange {
  @Field(() => ID)
  connectionId!: string

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null

  @Field(() => Boolean, { nullable: true, description: 'Whether orders are imported.' })
  importOrders?: boolean | null

  @Field(() => Int, { nullable: true, description: '5 to 1440.' })
  orderImportMinutes?: number | null

  @Field(() => Int, { nullable: true, description: '1 to 1440.' })
  trackingUpdateMinutes?: number | null

  @Field(() => Boolean, { nullable: true, description: 'Whether tracking is sent as soon as an order ships.' })
  sendTrackingImmediately?: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Whether the marketplace is told what is in stock.' })
  inventorySync?: boolean | null

  @Field(() => Int, { nullable: true, description: '5 to 1440.' })
  inventorySyncMinutes?: number | null

  @Field(() => Date, { nullable: true, description: 'Orders bought before this instant are skipped.' })
  importFrom?: Date | null

  @Field(() => UnmappedPolicy, { nullable: true, description: 'For a SKU without a mapping.' })
  unknownSku?: Policy | null

  @Field(() => UnmappedPolicy, { nullable: true, description: 'For a shipping service without a mapping.' })
  unknownShippingService?: Policy | null

  @Field(() => Int, { nullable: true, description: '0 or more.' })
  inventoryBuffer?: number | null

  @Field(() => Int, { nullable: true, description: '0 to 100.' })
  inventoryPercent?: number | null

  @Field(() => Int, { nullable: true, description: '24 to 720: hours of business days in which it is set up once everything needed is here. Shown by `Onboarding.turnaroundHours`.' })
  turnaroundHours?: number | null
}
