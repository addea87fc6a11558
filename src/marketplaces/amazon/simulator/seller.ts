import { randomUUID } from 'node:crypto'
import { catalogueOf, type Product } from './catalogue.ts'
import type { DemoSeller } from './demo-sellers.ts'
import { marketplaceOf } from './marketplaces.ts'
import type { FulfilledBy } from './order.ts'
import { amazonRates, type Buckets, createBuckets, demoRates, type Rates, type Usages } from './quota.ts'

/** A SKU on one marketplace. */
export interface Listing {
  marketplaceId: string
  sellerSku: string
  asin: string
  title: string
  unitPrice: string
  fulfilledBy: FulfilledBy
  /** On offer: bought units leave it, cancelled ones return. Of what Amazon fulfills, what lies in its warehouse. */
  quantity: number
  /** Of what Amazon fulfills: a second channel, which a patch for the seller's own warehouse has put beside Amazon's. Null: none. */
  strayQuantity: number | null
  /** Why Amazon takes no patch of it; null: it does. */
  refusal: { code: string; message: string } | null
  /** Optional fields of the offer, which a `replace` must state again to keep. */
  terms: Record<string, unknown>
  createdAt: number
  updatedAt: number
}

export interface Participation {
  isParticipating: boolean
  hasSuspendedListings: boolean
}

/** What the application may do for a seller. Amazon's own names: Inventory and Order Tracking, Direct-to-Consumer Shipping, and so on. */
export const roles = ['orders', 'personalData', 'listings', 'insights'] as const
export type Role = (typeof roles)[number]

export interface Seller {
  sellerId: string
  name: string
  marketplaceIds: string[]
  /** Of marketplaces where it is not the usual one. */
  participations: Map<string, Participation>
  roles: Set<Role>
  /** Of the authorization that it starts with; consents add others. */
  refreshToken: string
  /** By marketplace id and SKU: see `listingKey`. */
  listings: Map<string, Listing>
  buckets: Buckets
  usage: Usages
  /** Whether the invented buyers buy here. */
  buying: boolean
}

export const listingKey = (marketplaceId: string, sellerSku: string): string => `${marketplaceId} ${sellerSku}`
export const listingOf = (seller: Seller, marketplaceId: string, sellerSku: string): Listing | undefined =>
  seller.listings.get(listingKey(marketplaceId, sellerSku))

export const participationOf = (seller: Seller, marketplaceId: string): Participation =>
  seller.participations.get(marketplaceId) ?? { isParticipating: true, hasSuspendedListings: false }

export interface SellerInput {
  sellerId?: string | undefined
  name?: string | undefined
  marketplaceIds: string[]
  refreshToken?: string | undefined
  /** On every marketplace of the seller; the demonstration's catalogue unless told. */
  products?: readonly Product[] | undefined
  rates?: Partial<Rates> | undefined
  buying?: boolean | undefined
}

export const createListing = (marketplaceId: string, product: Product, now: number): Listing => ({
  ...product,
  marketplaceId,
  strayQuantity: null,
  refusal: null,
  terms: {},
  createdAt: now,
  updatedAt: now,
})

export function createSeller(input: SellerInput, now: number): Seller {
  const sellerId = input.sellerId ?? `A${randomUUID().replaceAll('-', '').slice(0, 13).toUpperCase()}`
  const listings = new Map<string, Listing>()
  for (const marketplaceId of input.marketplaceIds) {
    for (const product of input.products ?? catalogueOf(marketplaceOf(marketplaceId).currency)) {
      listings.set(listingKey(marketplaceId, product.sellerSku), createListing(marketplaceId, product, now))
    }
  }
  return {
    sellerId,
    name: input.name ?? `Seller ${sellerId}`,
    marketplaceIds: input.marketplaceIds,
    participations: new Map(),
    roles: new Set(roles),
    refreshToken: input.refreshToken ?? `Atzr|${randomUUID()}`,
    listings,
    buckets: createBuckets({ ...amazonRates, ...input.rates }, now),
    usage: {},
    buying: input.buying ?? false,
  }
}

export const fromDemo = (demo: DemoSeller, now: number): Seller =>
  createSeller(
    {
      sellerId: demo.merchantId,
      name: demo.name,
      marketplaceIds: [demo.marketplaceId],
      refreshToken: demo.refreshToken,
      products: demo.products,
      rates: demoRates,
      buying: true,
    },
    now,
  )
