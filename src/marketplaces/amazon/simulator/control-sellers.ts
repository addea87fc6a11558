import { z } from 'zod'
import { currencyDigits } from '../../../kit/money.ts'
import type { Product } from './catalogue.ts'
import { demoApplication } from './demo-sellers.ts'
import { marketplaceOf, simulatedMarketplaces } from './marketplaces.ts'
import { demoRates, type Rate, sellerOperations } from './quota.ts'
import { createSeller, type Seller } from './seller.ts'
import type { State } from './state.ts'
import { fitBody, Unfit } from './unfit.ts'

/** A decimal number or its text; kept as exact text. */
export const price = z
  .union([z.string(), z.number()], 'must be an amount such as "12.50"')
  .transform(String)
  .refine((text) => /^\d{1,12}(\.\d{1,4})?$/.test(text), 'must be an amount of 0 or more such as "12.50"')

const rate = z.strictObject({ rate: z.number().positive(), burst: z.int().min(1) })
const sellerInput = z.strictObject({
  sellerId: z
    .string()
    .regex(/^[A-Za-z0-9]{5,30}$/, 'must be 5 to 30 letters and digits')
    .optional(),
  name: z.string().min(1).max(200).optional(),
  marketplaces: z
    .array(z.string().refine((id) => simulatedMarketplaces.has(id), 'is not the id of a marketplace'))
    .min(1, 'must name at least one marketplace'),
  skus: z
    .array(
      z.strictObject({
        sellerSku: z.string().min(1).max(40),
        title: z.string().min(1).optional(),
        unitPrice: price.optional(),
        quantity: z.int().min(0).optional(),
        fulfilledBy: z.enum(['MERCHANT', 'AMAZON']).optional(),
      }),
    )
    .optional(),
  /** By operation; Amazon's own where left out. `demo`: as the demonstration's sellers; `unlimited`: none worth the name. */
  quotas: z.union([z.enum(['demo', 'unlimited']), z.partialRecord(z.enum(sellerOperations), rate)]).optional(),
  buying: z.boolean().optional(),
})

const unlimited: Rate = { rate: 1_000_000, burst: 1_000_000 }

export function createSellerOf(state: State, body: string | undefined): Seller {
  const { sellerId, name, marketplaces, skus, quotas, buying } = fitBody(sellerInput, body)
  if (sellerId !== undefined && state.sellers.has(sellerId)) throw new Unfit(409, `sellerId: ${sellerId} is a seller already`)
  const rates =
    quotas === 'demo' ? demoRates : quotas === 'unlimited' ? Object.fromEntries(sellerOperations.map((one) => [one, unlimited])) : quotas
  const products = skus?.map(({ sellerSku, title, unitPrice, quantity, fulfilledBy }, index): Product => ({
    sellerSku,
    asin: `B0${String(index).padStart(8, '0')}`,
    title: title ?? `Item ${sellerSku}`,
    unitPrice: unitPrice ?? '10',
    quantity: quantity ?? 100,
    fulfilledBy: fulfilledBy ?? 'MERCHANT',
  }))
  for (const id of marketplaces) {
    const { currency } = marketplaceOf(id)
    const fine = products?.find((one) => (one.unitPrice.split('.')[1] ?? '').length > currencyDigits(currency))
    if (fine !== undefined)
      throw new Unfit(400, `skus: the price ${fine.unitPrice} of ${fine.sellerSku} has more decimals than ${currency}`)
  }
  const seller = createSeller({ sellerId, name, marketplaceIds: [...new Set(marketplaces)], products, rates, buying }, state.clock.now())
  state.sellers.set(seller.sellerId, seller)
  return seller
}

/** With credentials: this is a simulator. */
export function showSeller(state: State, seller: Seller): object {
  const now = state.clock.now()
  return {
    sellerId: seller.sellerId,
    name: seller.name,
    marketplaces: seller.marketplaceIds,
    credentials: { clientId: demoApplication.clientId, clientSecret: demoApplication.clientSecret, refreshToken: seller.refreshToken },
    buying: seller.buying,
    listings: [...seller.listings.values()].map(({ marketplaceId, sellerSku, asin, title, unitPrice, fulfilledBy, quantity }) => ({
      marketplaceId,
      sellerSku,
      asin,
      title,
      price: { amount: unitPrice, currencyCode: marketplaceOf(marketplaceId).currency },
      fulfilledBy,
      quantity,
    })),
    quotas: Object.fromEntries(
      sellerOperations.map((operation) => {
        const bucket = seller.buckets[operation]
        return [operation, { rate: bucket.rate, burst: bucket.burst, available: Math.floor(bucket.available(now) + 1e-9) }]
      }),
    ),
  }
}
