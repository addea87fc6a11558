// A listing as getListingsItem and searchListingsItems show it: parts by includedData.
import type { FulfillmentAvailability, GetListingsItemIncludedDataEnum, Item } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { iso } from './clock.ts'
import { attribute } from './listing-patch.ts'
import { marketplaceOf } from './marketplaces.ts'
import type { Listing } from './seller.ts'

const parts = [
  'summaries',
  'attributes',
  'issues',
  'offers',
  'fulfillmentAvailability',
  'procurement',
  'relationships',
  'productTypes',
] as const satisfies readonly GetListingsItemIncludedDataEnum[]
export type ListingPart = (typeof parts)[number]

/** The parts asked for, `summaries` where none is; or what is wrong with them. */
export function readParts(names: readonly string[] = ['summaries']): Set<ListingPart> | { problem: string } {
  const known = names.filter((name): name is ListingPart => (parts as readonly string[]).includes(name))
  return known.length === names.length ? new Set(known) : { problem: `includedData must be of ${parts.join(', ')}.` }
}

/** One SKU on one or more marketplaces; stock and attributes are those of the first. */
export function viewItem(listings: readonly [Listing, ...Listing[]], included: ReadonlySet<ListingPart>): Item {
  const [first] = listings
  const stock = availabilityOf(first)
  return {
    sku: first.sellerSku,
    ...(included.has('summaries') && { summaries: listings.map(summaryOf) }),
    ...(included.has('attributes') && {
      attributes: {
        [attribute]: stock.map(({ fulfillmentChannelCode, quantity }) => ({
          fulfillment_channel_code: fulfillmentChannelCode,
          ...(quantity !== undefined && { quantity }),
          ...(fulfillmentChannelCode === 'DEFAULT' && first.terms),
        })),
      },
    }),
    ...(included.has('issues') && { issues: [] }),
    ...(included.has('offers') && {
      offers: listings.map(({ marketplaceId, unitPrice }) => ({
        marketplaceId,
        offerType: 'B2C',
        price: { amount: unitPrice, currencyCode: marketplaceOf(marketplaceId).currency },
      })),
    }),
    ...(included.has('fulfillmentAvailability') && { fulfillmentAvailability: stock }),
    ...(included.has('productTypes') && { productTypes: listings.map(({ marketplaceId }) => ({ marketplaceId, productType: 'PRODUCT' })) }),
  }
}

/** The quantity in Amazon's own warehouse is not told here. */
function availabilityOf({ fulfilledBy, marketplaceId, quantity, strayQuantity }: Listing): FulfillmentAvailability[] {
  if (fulfilledBy === 'MERCHANT') return [{ fulfillmentChannelCode: 'DEFAULT', quantity }]
  const channels: FulfillmentAvailability[] = [{ fulfillmentChannelCode: `AMAZON_${marketplaceOf(marketplaceId).region.toUpperCase()}` }]
  if (strayQuantity !== null) channels.push({ fulfillmentChannelCode: 'DEFAULT', quantity: strayQuantity })
  return channels
}

const summaryOf = (listing: Listing): NonNullable<Item['summaries']>[number] => ({
  marketplaceId: listing.marketplaceId,
  asin: listing.asin,
  productType: 'PRODUCT',
  conditionType: 'new_new',
  status: listing.quantity > 0 ? ['BUYABLE', 'DISCOVERABLE'] : ['DISCOVERABLE'],
  itemName: listing.title,
  createdDate: iso(listing.createdAt),
  lastUpdatedDate: iso(listing.updatedAt),
})
