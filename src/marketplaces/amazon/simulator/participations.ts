// getMarketplaceParticipations of Sellers v1.
// https://developer-docs.amazon.com/sp-api/docs/sellers-api-v1-reference
import type { Answer } from './answer.ts'
import type { Call } from './call.ts'
import { marketplaceOf } from './marketplaces.ts'
import { participationOf } from './seller.ts'

/** The model's GetMarketplaceParticipationsResponse (no package with its types is installed). */
export interface MarketplaceParticipations {
  payload: {
    marketplace: {
      id: string
      name: string
      countryCode: string
      defaultCurrencyCode: string
      defaultLanguageCode: string
      domainName: string
    }
    participation: { isParticipating: boolean; hasSuspendedListings: boolean }
    storeName: string
  }[]
}

export function getMarketplaceParticipations({ seller, marketplaceIds }: Call): Answer {
  const body: MarketplaceParticipations = {
    payload: marketplaceIds.map((marketplaceId) => {
      const { id, name, country, currency, language, domain } = marketplaceOf(marketplaceId)
      return {
        marketplace: {
          id,
          name,
          countryCode: country,
          defaultCurrencyCode: currency,
          defaultLanguageCode: language,
          domainName: domain,
        },
        participation: participationOf(seller, id),
        storeName: seller.name,
      }
    }),
  }
  return { status: 200, body }
}
