import { z } from 'zod'
import { price, sellerOf, showListing, skuInput, toProduct, withinCurrency } from './control-sellers.ts'
import { createListing, type Listing, listingKey, listingOf, type Seller } from './seller.ts'
import type { State } from './state.ts'
import { fitBody, Unfit } from './unfit.ts'

export const listListings = (state: State, sellerId: string): object => ({
  listings: [...sellerOf(state, sellerId).listings.values()].map(showListing),
})

const addInput = skuInput.extend({ marketplaceId: z.string().optional() })

/** One more SKU; on the seller's first marketplace unless told. */
export function addListing(state: State, sellerId: string, body: string | undefined): object {
  const seller = sellerOf(state, sellerId)
  const { marketplaceId: given, ...input } = fitBody(addInput, body)
  const marketplaceId = given ?? seller.marketplaceIds[0]!
  if (!seller.marketplaceIds.includes(marketplaceId)) throw new Unfit(400, `marketplaceId: ${sellerId} does not sell on ${marketplaceId}`)
  if (listingOf(seller, marketplaceId, input.sellerSku) !== undefined) throw new Unfit(409, `sellerSku: ${input.sellerSku} is listed already`)
  const product = toProduct(input, seller.listings.size)
  withinCurrency([product], marketplaceId)
  const listing = createListing(marketplaceId, product, state.clock.now())
  seller.listings.set(listingKey(marketplaceId, input.sellerSku), listing)
  return { listing: showListing(listing) }
}

const changeInput = z
  .strictObject({
    /** Only there; on all of the seller's marketplaces unless told. */
    marketplaceId: z.string().optional(),
    quantity: z.int().min(0).optional(),
    fulfilledBy: z.enum(['MERCHANT', 'AMAZON']).optional(),
    title: z.string().min(1).optional(),
    unitPrice: price.optional(),
    /** Every patch of it is INVALID for this reason from now on; null: no more. */
    refusal: z
      .strictObject({ code: z.string().min(1).default('90220'), message: z.string().min(1) })
      .nullable()
      .optional(),
  })
  .refine(({ marketplaceId: _, ...change }) => Object.keys(change).length > 0, 'there is nothing to change')

export function changeListing(state: State, sellerId: string, sku: string, body: string | undefined): object {
  const seller = sellerOf(state, sellerId)
  const { marketplaceId, quantity, fulfilledBy, title, unitPrice, refusal } = fitBody(changeInput, body)
  const listings = meant(seller, sku, marketplaceId)
  for (const listing of listings) withinCurrency([{ sellerSku: sku, unitPrice: unitPrice ?? listing.unitPrice }], listing.marketplaceId)
  const now = state.clock.now()
  for (const listing of listings) {
    listing.quantity = quantity ?? listing.quantity
    // Whoever fulfills it now has the one channel that there is.
    if (fulfilledBy !== undefined) listing.strayQuantity = null
    listing.fulfilledBy = fulfilledBy ?? listing.fulfilledBy
    listing.title = title ?? listing.title
    listing.unitPrice = unitPrice ?? listing.unitPrice
    if (refusal !== undefined) listing.refusal = refusal
    listing.updatedAt = now
  }
  return { listings: listings.map(showListing) }
}

function meant(seller: Seller, sku: string, marketplaceId: string | undefined): Listing[] {
  const found = [...seller.listings.values()].filter(
    (listing) => listing.sellerSku === sku && (marketplaceId ?? listing.marketplaceId) === listing.marketplaceId,
  )
  if (found.length === 0) throw new Unfit(404, `seller ${seller.sellerId} has no listing ${sku}${marketplaceId === undefined ? '' : ` on ${marketplaceId}`}`)
  return found
}
