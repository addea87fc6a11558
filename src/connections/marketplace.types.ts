import { Field, ID, ObjectType } from 'type-graphql'
import { enumOf } from '../graphql/shared.types.ts'
import { URLScalar } from '../graphql/scalars.ts'
import type { MarketplaceRegion as Region } from '../marketplaces/channel.ts'

export const MarketplaceRegion = enumOf('MarketplaceRegion', ['NORTH_AMERICA', 'EUROPE', 'FAR_EAST'])

@ObjectType({ simpleResolvers: true, description: 'A site such as amazon.com, and what its seller must hand over.' })
export class Marketplace {
  @Field(() => ID, { description: "The marketplace's own identifier, e.g. ATVPDKIKX0DER." })
  id!: string

  @Field(() => String, { description: 'The channel that serves it, e.g. "amazon".' })
  channel!: string

  @Field(() => String)
  name!: string

  @Field(() => String)
  countryCode!: string

  @Field(() => MarketplaceRegion)
  region!: Region

  @Field(() => String)
  currencyCode!: string

  @Field(() => String)
  timeZone!: string

  @Field(() => URLScalar)
  sellerPortalUrl!: string

  @Field(() => [String], { description: 'What the seller does and hands over, in order.' })
  authorizationSteps!: string[]

  @Field(() => String)
  developerName!: string

  @Field(() => String, { nullable: true, description: 'The account that a seller of the retired MWS programme authorized; shown where a seller still holds such an authorization.' })
  legacyDeveloperAccount!: string | null
}
