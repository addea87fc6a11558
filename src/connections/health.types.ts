import 'reflect-metadata'
import { Field, Float, Int, ObjectType } from 'type-graphql'

@ObjectType({ simpleResolvers: true, description: "The marketplace's call budget as last observed." })
export class Quota {
  @Field(() => String, { description: "The marketplace's name of the call." })
  operation!: string

  @Field(() => Float, { description: 'What comes back each second.' })
  ratePerSecond!: number

  @Field(() => Int, { description: "Calls that may go out at once: a few less than the marketplace's own number where they could arrive closer together than they left." })
  burst!: number

  @Field(() => Float, { description: 'Calls that could be made at once.' })
  available!: number

  @Field(() => Date, { nullable: true, description: 'Null where calls are made.' })
  throttledUntil!: Date | null
}

@ObjectType({ simpleResolvers: true, description: 'How a connection fares. `last...` runs may be under way; `next...At` is null while that cadence is turned off or paused, or the connection is not live.' })
export class ConnectionHealth {
  @Field(() => Int, { nullable: true, description: 'How far behind the marketplace the imported orders are; null before the first import.' })
  importLagSeconds!: number | null
}
