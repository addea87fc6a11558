import { Field, ID, ObjectType } from 'type-graphql'
import { enumOf } from '../graphql/shared.types.ts'
import { URLScalar } from '../graphql/scalars.ts'
import type { MarketplaceRegion as Region } from '../marketplaces/channel.ts'

export const MarketplaceRegion = enumOf('MarketplaceRegion', ['NORTH_AMERICA', 'EUROPE', 'FAR_EAST'], "Amazon's regions: an authorization is good in one.", {
  NORTH_AMERICA: 'With Brazil.',
  EUROPE: 'With the Middle East, Africa and India.',
  FAR_EAST: 'With Australia.',
})

@ObjectType({ simpleResolvers: true, description: 'A site such as amazon.com, and what its seller must hand over.' })
export class Marketplace {
  @Field(() => ID, { description: "The marketplace's own identifier, e.g. ATVPDKIKX0DER." })
  id!: string

  @Field(() => String, { description: 'The channel that serves it, e.g. "amazon".' })
  channel!: string

  @Field(() => String, { description: 'Such as amazon.com.' })
  name!: string

  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' })
  countryCode!: string

  @Field(() => MarketplaceRegion, { description: "One authorization serves a seller's marketplaces of one region." })
  region!: Region

  @Field(() => String, { description: 'ISO 4217: what its buyers pay in.' })
  currencyCode!: string

  @Field(() => String, { description: 'IANA name of the zone that its days are counted in.' })
  timeZone!: string

  @Field(() => URLScalar, { description: 'Where its sellers sign in.' })
  sellerPortalUrl!: string

  @Field(() => [String], { description: 'What the seller does and hands over, in order.' })
  authorizationSteps!: string[]

  @Field(() => String, { description: 'Whom the seller authorizes, as the marketplace shows it.' })
  developerName!: string

  @Field(() => String, { nullable: true, description: 'The account that a seller of the retired MWS programme authorized; shown where a seller still holds such an authorization.' })
  legacyDeveloperAccount!: string | null
}
