import type { ListingsItemPatchRequest } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { z } from 'zod'
import { type ChannelAccount, ChannelError, type ListingQuantity, type Marketplace } from '../channel.ts'
import { problemOf } from './order-answer.ts'
import { advised, listingAdvice } from './rejections.ts'
import type { SpApiClient } from './sp-api/client.ts'
import { cleaned } from './sp-api/refusal.ts'

/** The channel code of what the merchant ships. */
export const BY_MERCHANT = 'DEFAULT'

/** `merge` leaves lead time and restock date as they are; `replace` would want them restated. */
export const quantityPatch = (quantity: number): ListingsItemPatchRequest => ({
  productType: 'PRODUCT',
  patches: [{ op: 'merge', path: '/attributes/fulfillment_availability', value: [{ fulfillment_channel_code: BY_MERCHANT, quantity }] }],
})

const issue = z.object({ code: z.string().catch(''), message: z.string().catch(''), severity: z.string().catch('') })
const submission = z.object({ status: z.string(), issues: z.array(issue).nullish() })

/**
 * Amazon answers 200 to what it refuses, too: the status in the body counts. ACCEPTED is not applied yet; readListings tells. Never to
 * be called for what Amazon ships: the quantity would stand beside Amazon's own.
 */
export async function setQuantity(
  client: SpApiClient,
  account: ChannelAccount,
  marketplace: Marketplace,
  listing: ListingQuantity,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { body, requestId, status: httpStatus } = await client.call({
      operation: 'patchListingsItem',
      account,
      region: marketplace.region,
      signal,
      send: (apis, options) =>
        apis.listings.patchListingsItem(
          { sellerId: account.merchantId, sku: listing.sellerSku, marketplaceIds: [marketplace.id], body: quantityPatch(listing.quantity) },
          options,
        ),
    })
    const parsed = submission.safeParse(body)
    if (!parsed.success) throw new ChannelError('invalid-answer', `patchListingsItem: ${problemOf(parsed.error)}`, { requestId, httpStatus })
    const { status, issues } = parsed.data
    if (status === 'ACCEPTED') return
    const errors = (issues ?? []).filter((one) => one.severity === 'ERROR')
    const reasons = errors.map((one) => cleaned(one.message, [])).filter((message) => message !== '')
    const words = reasons.join('; ').slice(0, 800) || 'no reason given'
    throw new ChannelError('rejected', `patchListingsItem: ${cleaned(status, [])}: ${words}`, {
      code: errors[0]?.code.slice(0, 60) || null,
      requestId,
      httpStatus,
    })
  } catch (error) {
    throw advised(error, listingAdvice)
  }
}
