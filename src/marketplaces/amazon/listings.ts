import type { Item } from '@sp-api-sdk/listings-items-api-2021-08-01'
import { z } from 'zod'
import { type ChannelAccount, ChannelError, type Marketplace, type OfferedListing } from '../channel.ts'
import { BY_MERCHANT } from './inventory.ts'
import { problemOf } from './order-answer.ts'
import type { SpApiClient } from './sp-api/client.ts'

/** Identifiers of one searchListingsItems, and items of one of its pages. */
const mostAtOnce = 20

const availability = z.array(z.object({ fulfillmentChannelCode: z.string(), quantity: z.int().min(0).nullish() })).nullish()
const item = z.object({ sku: z.string().min(1), fulfillmentAvailability: availability } satisfies Partial<Record<keyof Item, z.ZodType>>)
const pageShape = z.object({ items: z.array(item), pagination: z.object({ nextToken: z.string().nullish() }).nullish() })

/** The list of identifiers is split at commas, encoded or not: developer-docs.amazon.com/sp-api/docs/search-for-listings-items-by-id. */
const unlistable = /,|^\s|\s$|\p{Cc}/u

/**
 * Twenty SKUs a call; those that cannot stand in a list, by a call each. Where Amazon refuses a list for one of its SKUs, each is asked
 * alone, and one refused alone is no listing; but where Amazon answered to none at all, its refusal is thrown.
 */
export async function readListings(
  client: SpApiClient,
  account: ChannelAccount,
  marketplace: Marketplace,
  sellerSkus: readonly string[],
  signal: AbortSignal,
): Promise<OfferedListing[]> {
  const skus = [...new Set(sellerSkus)].filter((sku) => sku !== '')
  const alone = skus.filter((sku) => unlistable.test(sku))
  const listed = skus.filter((sku) => !unlistable.test(sku))
  const found = new Map<string, OfferedListing>()
  let refusal: ChannelError | null = null
  let answered = false
  for (let from = 0; from < listed.length; from += mostAtOnce) {
    const asked = listed.slice(from, from + mostAtOnce)
    try {
      for (const one of await searchListings(client, account, marketplace, asked, signal)) found.set(one.sellerSku, one)
      answered = true
      // A blank in a query may arrive as a plus sign; in a path it does not.
      alone.push(...asked.filter((sku) => /\s/.test(sku) && !found.has(sku)))
    } catch (error) {
      if (!refusedAsAsked(error)) throw error
      refusal = error
      alone.push(...asked)
    }
  }
  for (const sku of alone) {
    try {
      const one = await getListing(client, account, marketplace, sku, signal)
      answered = true
      if (one !== null) found.set(sku, one)
    } catch (error) {
      if (!refusedAsAsked(error)) throw error
      refusal = error
    }
  }
  if (refusal !== null && !answered) throw refusal
  return [...found.values()]
}

const refusedAsAsked = (error: unknown): error is ChannelError => error instanceof ChannelError && error.kind === 'rejected' && error.httpStatus === 400

/** Of `asked` only: whatever else the answer holds was not asked for. */
async function searchListings(
  client: SpApiClient,
  account: ChannelAccount,
  marketplace: Marketplace,
  asked: string[],
  signal: AbortSignal,
): Promise<OfferedListing[]> {
  const wanted = new Set(asked)
  const found: OfferedListing[] = []
  const tokens = new Set<string>()
  let pageToken: string | undefined
  do {
    const token = pageToken
    const { body } = await client.call({
      operation: 'searchListingsItems',
      account,
      region: marketplace.region,
      signal,
      send: (apis, options) =>
        apis.listings.searchListingsItems(
          {
            sellerId: account.merchantId,
            marketplaceIds: [marketplace.id],
            includedData: ['fulfillmentAvailability'],
            identifiers: asked,
            identifiersType: 'SKU',
            pageSize: mostAtOnce,
            ...(token !== undefined && { pageToken: token }),
          },
          options,
        ),
    })
    const page = pageShape.safeParse(body)
    if (!page.success) throw new ChannelError('invalid-answer', `searchListingsItems: ${problemOf(page.error)}`)
    found.push(...page.data.items.filter(({ sku }) => wanted.has(sku)).map(({ sku, fulfillmentAvailability }) => offered(sku, fulfillmentAvailability)))
    pageToken = page.data.pagination?.nextToken || undefined
    if (pageToken !== undefined && tokens.has(pageToken)) throw new ChannelError('invalid-answer', 'searchListingsItems: pagination.nextToken: the same again')
    if (pageToken !== undefined) tokens.add(pageToken)
  } while (pageToken !== undefined)
  return found
}

async function getListing(
  client: SpApiClient,
  account: ChannelAccount,
  marketplace: Marketplace,
  sku: string,
  signal: AbortSignal,
): Promise<OfferedListing | null> {
  let body: unknown
  try {
    const answer = await client.call({
      operation: 'getListingsItem',
      account,
      region: marketplace.region,
      signal,
      send: (apis, options) =>
        apis.listings.getListingsItem(
          { sellerId: account.merchantId, sku, marketplaceIds: [marketplace.id], includedData: ['fulfillmentAvailability'] },
          options,
        ),
    })
    body = answer.body
  } catch (error) {
    if (error instanceof ChannelError && error.httpStatus === 404) return null
    throw error
  }
  const parsed = item.safeParse(body)
  if (!parsed.success) throw new ChannelError('invalid-answer', `getListingsItem: ${problemOf(parsed.error)}`)
  return offered(sku, parsed.data.fulfillmentAvailability)
}

/** The channels of Amazon's own network are AMAZON_NA, AMAZON_EU and so on; one may stand beside the merchant's. */
function offered(sellerSku: string, channels: z.output<typeof availability>): OfferedListing {
  const codes = (channels ?? []).map((one) => one.fulfillmentChannelCode.toUpperCase())
  return {
    sellerSku,
    fulfilledBy: codes.some((code) => code.startsWith('AMAZON')) ? 'MARKETPLACE' : 'MERCHANT',
    quantity: channels?.find((one) => one.fulfillmentChannelCode === BY_MERCHANT)?.quantity ?? null,
  }
}
