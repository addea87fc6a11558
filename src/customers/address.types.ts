import 'reflect-metadata'
import { Field, InputType, ObjectType } from 'type-graphql'
import type { PostalAddress } from './address.ts'

@ObjectType({ simpleResolvers: true, description: 'Where to, or where from.' })
export class Address {
  @Field(() => String, { nullable: true, description: "The person's name." })
  name!: string | null

  @Field(() => String, { nullable: true, description: "A firm's name." })
  company!: string | null

  @Field(() => String, { nullable: true, description: 'Street and number.' })
  line1!: string | null

  @Field(() => String, { nullable: true, description: 'More of the street.' })
  line2!: string | null

  @Field(() => String, { nullable: true, description: 'More of the street.' })
  line3!: string | null

  @Field(() => String, { nullable: true, description: 'City or town.' })
  city!: string | null

  @Field(() => String, { nullable: true, description: 'State, province or county.' })
  region!: string | null

  @Field(() => String, { nullable: true, description: 'Postal or ZIP code.' })
  postalCode!: string | null

  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' })
  countryCode!: string

  @Field(() => String, { nullable: true, description: 'As the buyer gave it.' })
  phone!: string | null

  @Field(() => Boolean, { description: "True once the buyer's personal data was removed, as the marketplace's data policy demands." })
  redacted!: boolean
}

@InputType({ description: 'Where it is.' })
export class AddressInput implements PostalAddress {
  @Field(() => String, { nullable: true, description: "The person's name." })
  name?: string | null

  @Field(() => String, { nullable: true, description: "A firm's name." })
  company?: string | null

  @Field(() => String, { description: 'Street and number.' })
  line1!: string

  @Field(() => String, { nullable: true, description: 'More of the street.' })
  line2?: string | null

  @Field(() => String, { nullable: true, description: 'More of the street.' })
  line3?: string | null

  @Field(() => String, { description: 'City or town.' })
  city!: string

  @Field(() => String, { nullable: true, description: 'State, province or county.' })
  region?: string | null

  @Field(() => String, { nullable: true, description: 'Postal or ZIP code.' })
  postalCode?: string | null

  @Field(() => String, { description: 'ISO 3166-1 alpha-2, upper case.' })
  countryCode!: string

  @Field(() => String, { nullable: true, description: "With its country's prefix." })
  phone?: string | null
}
