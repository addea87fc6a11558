import 'reflect-metadata'
import { Field, InputType, ObjectType } from 'type-graphql'
import type { PostalAddress } from './address.ts'

@ObjectType({ simpleResolvers: true })
export class Address {
  @Field(() => String, { nullable: true })
  name!: string | null

  @Field(() => String, { nullable: true })
  company!: string | null

  @Field(() => String, { nullable: true })
  line1!: string | null

  @Field(() => String, { nullable: true })
  line2!: string | null

  @Field(() => String, { nullable: true })
  line3!: string | null

  @Field(() => String, { nullable: true })
  city!: string | null

  @Field(() => String, { nullable: true })
  region!: string | null

  @Field(() => String, { nullable: true })
  postalCode!: string | null

  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' })
  countryCode!: string

  @Field(() => String, { nullable: true })
  phone!: string | null

  @Field(() => Boolean, { description: "True once the buyer's personal data was removed, as the marketplace's data policy demands." })
  redacted!: boolean
}

@InputType()
export class AddressInput implements PostalAddress {
  @Field(() => String, { nullable: true })
  name?: string | null

  @Field(() => String, { nullable: true })
  company?: string | null

  @Field(() => String)
  line1!: string

  @Field(() => String, { nullable: true })
  line2?: string | null

  @Field(() => String, { nullable: true })
  line3?: string | null

  @Field(() => String)
  city!: string

  @Field(() => String, { nullable: true })
  region?: string | null

  @Field(() => String, { nullable: true })
  postalCode?: string | null

  @Field(() => String, { description: 'ISO 3166-1 alpha-2, upper case.' })
  countryCode!: string

  @Field(() => String, { nullable: true })
  phone?: string | null
}
