import { z } from 'zod'
import { currencyDigits } from '../../../kit/money.ts'
import type { Product } from './catalogue.ts'
import { marketplaceOf, simulatedMarketplaces } from './marketplaces.ts'
import { Bucket, demoRates, operations, type Rate, type Rates, sellerOperations } from './quota.ts'
import { createSeller, type Listing, participationOf, roles, type Seller } from './seller.ts'
import type { State } from './state.ts'
import { fit, fitBody, Unfit } from './unfit.ts'

/** A decimal number or its text; kept as exact text. */
export const price = z
  .union([z.string(), z.number()], 'must be an amount such as "12.50"')
  .transform(String)
  .refine((text) => /^\d{1,12}(\.\d{1,4})?$/.test(text), 'must be an amount of 0 or more such as "12.50"')

const rate = z.strictObject({ rate: z.number().positive(), burst: z.int().min(1) })
/** By operation; Amazon's own where left out. `demo`: as the demonstration's sellers; `unlimited`: none worth the name. */
const quotasInput = z.union([z.enum(['demo', 'unlimited']), z.partialRecord(z.enum(sellerOperations), rate)])
const rolesInput = z.partialRecord(z.enum(roles), z.boolean())
const nameInput = z.string().min(1).max(200)

export const skuInput = z.strictObject({
  sellerSku: z.string().min(1).max(40),
  title: z.string().min(1).optional(),
  unitPrice: price.optional(),
  quantity: z.int().min(0).optional(),
  fulfilledBy: z.enum(['MERCHANT', 'AMAZON']).optional(),
})

const createInput = z.strictObject({
  sellerId: z
    .string()
    .regex(/^[A-Za-z0-9]{5,30}$/, 'must be 5 to 30 letters and digits')
    .optional(),
  name: nameInput.optional(),
  marketplaces: z
    .array(z.string().refine((id) => simulatedMarketplaces.has(id), 'is not the id of a marketplace'))
    .min(1, 'must name at least one marketplace'),
  skus: z.array(skuInput).optional(),
  quotas: quotasInput.optional(),
  roles: rolesInput.optional(),
  buying: z.boolean().optional(),
})

const unlimited: Rate = { rate: 1_000_000, burst: 1_000_000 }

function ratesOf(quotas: z.infer<typeof quotasInput>): Partial<Rates> {
  if (quotas === 'demo') return demoRates
  return quotas === 'unlimited' ? Object.fromEntries(sellerOperations.map((one) => [one, unlimited])) : quotas
}

/** A product as the control API is told of it; `number` makes its ASIN. */
export const toProduct = ({ sellerSku, title, unitPrice, quantity, fulfilledBy }: z.infer<typeof skuInput>, number: number): Product => ({
  sellerSku,
  asin: `B0${String(number).padStart(8, '0')}`,
  title: title ?? `Item ${sellerSku}`,
  unitPrice: unitPrice ?? '10',
  quantity: quantity ?? 100,
  fulfilledBy: fulfilledBy ?? 'MERCHANT',
})

/** @throws Unfit for a price with more decimals than the marketplace's currency has. */
export function withinCurrency(products: readonly Pick<Product, 'sellerSku' | 'unitPrice'>[], marketplaceId: string): void {
  const { currency } = marketplaceOf(marketplaceId)
  const fine = products.find((one) => (one.unitPrice.split('.')[1] ?? '').length > currencyDigits(currency))
  if (fine !== undefined) throw new Unfit(400, `skus: the price ${fine.unitPrice} of ${fine.sellerSku} has more decimals than ${currency}`)
}

/** @throws Unfit where there is none. */
export function sellerOf(state: State, sellerId: string): Seller {
  const seller = state.sellers.get(sellerId)
  if (seller === undefined) throw new Unfit(404, `there is no seller ${sellerId}`)
  return seller
}

export function createSellerOf(state: State, body: string | undefined): Seller {
  const { sellerId, name, marketplaces, skus, quotas, roles: granted, buying } = fitBody(createInput, body)
  if (sellerId !== undefined && state.sellers.has(sellerId)) throw new Unfit(409, `sellerId: ${sellerId} is a seller already`)
  const products = skus?.map(toProduct)
  for (const id of marketplaces) withinCurrency(products ?? [], id)
  const rates = quotas === undefined ? undefined : ratesOf(quotas)
  const seller = createSeller({ sellerId, name, marketplaceIds: [...new Set(marketplaces)], products, rates, buying }, state.clock.now())
  setRoles(seller, granted)
  state.addSeller(seller)
  return seller
}

const changeInput = z
  .strictObject({
    name: nameInput.optional(),
    roles: rolesInput.optional(),
    /** Every marketplace's listings are suspended, or none. */
    suspended: z.boolean().optional(),
    /** By marketplace id. */
    participations: z
      .record(z.string(), z.strictObject({ isParticipating: z.boolean().optional(), hasSuspendedListings: z.boolean().optional() }))
      .optional(),
    quotas: quotasInput.optional(),
    buying: z.boolean().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'there is nothing to change')

/** What is left out stays as it is; an operation's new quota begins full. */
export function changeSeller(state: State, sellerId: string, body: string | undefined): Seller {
  const seller = sellerOf(state, sellerId)
  const { name, roles: granted, suspended, participations, quotas, buying } = fitBody(changeInput, body)
  const stray = Object.keys(participations ?? {}).find((id) => !seller.marketplaceIds.includes(id))
  if (stray !== undefined) throw new Unfit(400, `participations: ${sellerId} does not sell on ${stray}`)
  seller.name = name ?? seller.name
  seller.buying = buying ?? seller.buying
  setRoles(seller, granted)
  for (const id of seller.marketplaceIds) {
    const before = participationOf(seller, id)
    const change = participations?.[id]
    seller.participations.set(id, {
      isParticipating: change?.isParticipating ?? before.isParticipating,
      hasSuspendedListings: change?.hasSuspendedListings ?? suspended ?? before.hasSuspendedListings,
    })
  }
  if (quotas !== undefined) {
    const rates = ratesOf(quotas)
    for (const operation of sellerOperations) {
      const wanted = rates[operation]
      if (wanted !== undefined) seller.buckets[operation] = new Bucket(wanted, state.clock.now())
    }
  }
  return seller
}

function setRoles(seller: Seller, granted: z.infer<typeof rolesInput> = {}): void {
  for (const role of roles) {
    if (granted[role] === true) seller.roles.add(role)
    if (granted[role] === false) seller.roles.delete(role)
  }
}

export const showListing = (listing: Listing): object => ({
  marketplaceId: listing.marketplaceId,
  sellerSku: listing.sellerSku,
  asin: listing.asin,
  title: listing.title,
  price: { amount: listing.unitPrice, currencyCode: marketplaceOf(listing.marketplaceId).currency },
  fulfilledBy: listing.fulfilledBy,
  quantity: listing.quantity,
  strayQuantity: listing.strayQuantity,
  refusal: listing.refusal,
})

/** With credentials: this is a simulator. */
export function showSeller(state: State, seller: Seller): object {
  const now = state.clock.now()
  const { clientId, clientSecrets } = state.login.application
  return {
    sellerId: seller.sellerId,
    name: seller.name,
    marketplaces: seller.marketplaceIds,
    participations: Object.fromEntries(seller.marketplaceIds.map((id) => [id, participationOf(seller, id)])),
    roles: Object.fromEntries(roles.map((role) => [role, seller.roles.has(role)])),
    credentials: { clientId, clientSecret: clientSecrets[0]?.secret, refreshToken: seller.refreshToken },
    buying: seller.buying,
    listings: [...seller.listings.values()].map(showListing),
    quotas: Object.fromEntries(
      sellerOperations.map((operation) => {
        const bucket = seller.buckets[operation]
        return [operation, { rate: bucket.rate, burst: bucket.burst, available: Math.floor(bucket.available(now) + 1e-9) }]
      }),
    ),
  }
}

const quotasQuery = z.strictObject({ sellerId: z.string().optional() })

/** Calls of each seller's operations since the start, and how many its own bucket refused: a well-behaved caller has none. */
export function listQuotas(state: State, query: unknown): object {
  const { sellerId } = fit(quotasQuery, query)
  const rows = [...state.sellers.values()]
    .filter((seller) => (sellerId ?? seller.sellerId) === seller.sellerId)
    .flatMap((seller) =>
      operations.flatMap((operation) => {
        const usage = seller.usage[operation]
        return usage === undefined ? [] : [{ sellerId: seller.sellerId, operation, ...usage }]
      }),
    )
  const sum = (of: 'calls' | 'overQuota') => rows.reduce((total, row) => total + row[of], 0)
  return { quotas: rows, calls: sum('calls'), overQuota: sum('overQuota') }
}
