import { randomUUID } from 'node:crypto'
import { catalogueOf, type Product } from './catalogue.ts'
import type { DemoSeller } from './demo-sellers.ts'
import { marketplaceOf } from './marketplaces.ts'
import type { FulfilledBy } from './order.ts'
import { amazonRates, type Buckets, createBuckets, demoRates, type Rates } from './quota.ts'

/** A SKU on one marketplace. */
export interface Listing {
  marketplaceId: string
  sellerSku: string
  asin: string
  title: string
  unitPrice: string
  fulfilledBy: FulfilledBy
  /** On offer: bought units leave it, cancelled ones return. */
  quantity: number
  /** Optional fields of the offer, which a `replace` must state again to keep. */
  terms: Record<string, unknown>
  createdAt: number
  updatedAt: number
}

export interface Seller {
  sellerId: string
  name: string
  marketplaceIds: string[]
  refreshToken: string
  /** By marketplace id and SKU: see `listingKey`. */
  listings: Map<string, Listing>
  buckets: Buckets
  /** Whether the invented buyers buy here. */
  buying: boolean
}

export const listingKey = (marketplaceId: string, sellerSku: string): string => `${marketplaceId} ${sellerSku}`
export const listingOf = (seller: Seller, marketplaceId: string, sellerSku: string): Listing | undefined =>
  seller.listings.get(listingKey(marketplaceId, sellerSku))

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

export function createSeller(input: SellerInput, now: number): Seller {
  const sellerId = input.sellerId ?? `A${randomUUID().replaceAll('-', '').slice(0, 13).toUpperCase()}`
  const listings = new Map<string, Listing>()
  for (const marketplaceId of input.marketplaceIds) {
    for (const product of input.products ?? catalogueOf(marketplaceOf(marketplaceId).currency)) {
      listings.set(listingKey(marketplaceId, product.sellerSku), { ...product, marketplaceId, terms: {}, createdAt: now, updatedAt: now })
    }
  }
  return {
    sellerId,
    name: input.name ?? `Seller ${sellerId}`,
    marketplaceIds: input.marketplaceIds,
    refreshToken: input.refreshToken ?? `Atzr|${randomUUID()}`,
    listings,
    buckets: createBuckets({ ...amazonRates, ...input.rates }, now),
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
